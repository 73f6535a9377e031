"""A project that was not looked through, with values that make no sense: each command goes on or says so, plainly."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.session import Session
from annotator.store import known

VALUES = {
    "metadata that is no JSON": "UPDATE article SET meta = '['",
    "metadata of another kind": "UPDATE article SET meta = '[5]'",
    "a label that means nothing": "UPDATE label SET from_model = '{'",
    "a share in words": "INSERT OR REPLACE INTO meta VALUES ('random_share', 'many')",
    "an order that is none": "INSERT OR REPLACE INTO meta VALUES ('order', 'zz')",
    "a place far off": f"INSERT OR REPLACE INTO meta VALUES ('place', '{'9' * 5000} 1')",
    "a pipeline that is none": "INSERT OR REPLACE INTO meta VALUES ('model', char(0) || 'a')",
    "a split that is none": "INSERT OR REPLACE INTO meta VALUES ('sides 80/10/10', '[')",
    "suggestions that are not packed": "UPDATE suggestion SET spans = x'00', tokens = x'00'",
    "a history that is no JSON": "UPDATE step SET changes = '[['",
    "a history of another kind": "UPDATE step SET changes = '[[5]]'",
}
COMMANDS = (
    ("stats",),
    ("order",),
    ("order", "--by", "date"),
    ("memory",),
    ("twins",),
    ("guidelines",),
    ("labels",),
    ("export", "OUT.jsonl", "--state", "all"),
    ("export", "OUT.csv", "--state", "all", "--split", "80/10/10"),
    ("suggest",),
    ("undo", "--yes"),
    ("redo", "--yes"),
    ("import", "NEW.txt"),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("made") / "news.annot"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANNOTATOR_HOME", str(path.parent / "home"))
        with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
            texts = [f"Alibaba is number {n}. Tim met Ann." for n in range(12)]
            ids = session.add_articles([{"id": str(n), "text": text} for n, text in enumerate(texts)])
            for article_id in ids[:10]:
                session.suggest(article_id)
                session.add(article_id, 0, 7, "ORG")
                session.finish(article_id)
            session.undo()
    return path


@pytest.mark.parametrize("statement", VALUES.values(), ids=VALUES)
def test_no_command_ends_in_a_traceback(run: Any, made: Path, tmp_path: Path, statement: str) -> None:
    path = tmp_path / "news.annot"
    (tmp_path / "NEW.txt").write_text("Something new.", "utf-8")
    for command, *words in COMMANDS:
        shutil.copyfile(made, path)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            (never,) = connection.execute(
                "SELECT sql FROM sqlite_schema WHERE name = 'step_is_never_changed'"
            ).fetchone()
            connection.execute("DROP TRIGGER step_is_never_changed")
            connection.execute(statement)
            connection.execute(never)
        known.found_sound(path)
        answer = run(command, path, *(tmp_path / word if word.isupper() or "." in word else word for word in words))
        assert answer.code == 0 or all(line.startswith("annotator: ") for line in answer.err.splitlines()), answer
        assert answer.code in (0, 2), answer
