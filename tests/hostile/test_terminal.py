"""Nothing that comes from outside moves more on a terminal than the cursor, whichever command shows it."""

import json
import logging
import os
import sys
import unicodedata
from pathlib import Path

import pytest

from annotator import log, terminal
from annotator.model.label import Label
from annotator.model.text import has_controls
from annotator.session import Session
from tests.cli.conftest import Run, run  # noqa: F401 (a fixture)

OBEYED = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# Sets the window's title, clears the screen, rings, goes back, turns the writing round, C1's CSI, a line's end.
EVIL = "\x1b]0;owned\x07\x1b[2J\x08\u202e\u2066\x9b31m\r\u2028\ue000"


def test_no_code_point_that_a_terminal_obeys_gets_through() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert len(every) == 1_114_112
    shown = terminal.plain(every)
    assert not {unicodedata.category(character) for character in shown} & OBEYED
    kept = [c for c in every if unicodedata.category(c) not in OBEYED]
    assert len(shown) > len(kept)


def obeyed(text: str) -> list[str]:
    """What of a command's output a terminal would obey, beside the ends of its lines."""
    return sorted({c for c in text.replace("\n", "") if unicodedata.category(c) in OBEYED})


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A project whose every word comes from a stranger, its own name included."""
    folder = tmp_path / f"f{EVIL[:12]}\u202e"
    folder.mkdir()
    path = folder / f"p{EVIL[:9]}\u2066.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator=f"ana{EVIL}") as session:
        label = "PER" + "".join(sign for sign in EVIL if not has_controls(sign))  # no label has any
        session.set_labels([*session.labels, Label(label, "blue", "", f"of {EVIL}", (f"P{EVIL}",))])
        meta = {"title": f"Title {EVIL}", "source": EVIL, "author": EVIL, "file": EVIL}
        records = [{"id": f"id{number}{EVIL}", "text": f"Ann {EVIL} left {number}.", "meta": meta} for number in (1, 2)]
        first, _ = session.add_articles(records)
        session.add(first, 0, 3, label)
        session.comment(first, f"comment {EVIL}")
        session.finish(first)
        session.guidelines.set(f"2{EVIL}")
        with session.project.transaction():
            session.project.set_meta("model", f"no{EVIL}")
    return path


def _said(folder: Path) -> dict[str, tuple[object, ...]]:
    (folder / f"a{EVIL[:9]}.jsonl").write_text(
        json.dumps({"text": "Rome.", "spans": [{"start": 0, "end": 4, "label": f"X{EVIL}"}]})
        + "\n"
        + json.dumps({"text": "Oslo.", f"answer{EVIL}": EVIL, "answer": EVIL, "id": [EVIL]})
        + f'\n{{"\\u001b[2J": 1}}\n{{"\x1b[2J{EVIL}\n'
    )
    (folder / "words.txt").write_text(f"Ann\tPER{EVIL}\n{'x' * 300}{EVIL}\n\tY\n")
    return {
        "stats": (),
        "labels": (),
        "check": (),
        "guidelines": (),
        "import": (folder,),
        "suggest": (),
        "memory": ("--import", folder / "words.txt"),
        "order": (EVIL,),
        "twins": (),
        "train": (folder / f"out{EVIL[:5]}",),
        "export": (folder / f"o{EVIL[:9]}.jsonl",),
        "undo": (),
        "redo": (),
    }


COMMANDS = [
    *("stats", "labels", "check", "guidelines", "import", "suggest", "memory", "order", "twins", "train"),
    *("export", "undo", "redo"),
]


@pytest.mark.parametrize("json_wanted", [False, True], ids=["words", "json"])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_says_what_a_terminal_obeys(
    command: str,
    json_wanted: bool,
    hostile: Path,
    tmp_path: Path,
    run: Run,  # noqa: F811
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    words = [command, hostile, *_said(folder)[command], *(["--json"] if json_wanted else [])]
    answer = run(*words)
    assert answer.code in (0, 2)
    assert obeyed(answer.out) == []
    assert obeyed(answer.err) == []
    if json_wanted and answer.code == 0:
        json.loads(answer.out)


@pytest.mark.parametrize(
    "words",
    [
        (f"none{EVIL}.annot",),
        ("import", f"none{EVIL}.annot", "x"),
        ("export", "p.annot", "x", "--format", EVIL),
        (f"--{EVIL}",),
        ("stats", f"--{EVIL}", "p.annot"),
        ("new", f"{EVIL[:5]}/x.annot", "--labels", EVIL),
        ("labels", EVIL),
        ("memory", "p.annot", EVIL, EVIL),
    ],
    ids=lambda words: words[0] if words[0].isalpha() else "window",
)
def test_wrong_usage_is_said_plainly(words: tuple[str, ...], run: Run) -> None:  # noqa: F811
    answer = run(*words)
    assert answer.code == 2
    assert obeyed(answer.out + answer.err) == []


def test_not_even_a_bug_s_traceback_is_obeyed(
    run: Run,  # noqa: F811
    hostile: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(f"quoting {EVIL}")

    monkeypatch.setattr("annotator.session.Session.progress", broken)
    logging.getLogger("annotator").propagate = False
    try:
        answer = run("stats", hostile)
    finally:
        logging.getLogger("annotator").propagate = True
    assert answer.code == 1
    assert "RuntimeError: quoting \\x1b]0;owned" in answer.err
    assert "Traceback" in answer.err
    assert obeyed(answer.out + answer.err) == []


def test_a_warning_is_said_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    handler = log._to_stderr(debug=False, is_discreet=False)
    handler.emit(logging.LogRecord("annotator", logging.WARNING, "", 1, "a %s", (EVIL,), None))
    assert obeyed(capsys.readouterr().err) == []


@pytest.mark.skipif(os.name == "nt", reason="no such names on Windows")
def test_names_that_are_no_text_are_shown(run: Run, tmp_path: Path) -> None:  # noqa: F811
    name = os.fsdecode(b"a\xff\x1b[2J.annot")
    answer = run("stats", tmp_path / name)
    assert answer.failed_plainly()
    assert "\\udcff\\x1b[2J" in answer.err
