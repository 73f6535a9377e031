"""Uses the projects whose paths come in, one a line, as a person would; answers each with one line.

    python tests/faults/project_visitor.py HOME

"opened" and "refused" are good answers; anything else is a traceback, in one line.
"""

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout


def main() -> None:
    os.environ["ANNOTATOR_HOME"] = sys.argv[1]
    for line in sys.stdin:
        try:
            answer = visit(Path(line.rstrip("\n")))
        except BaseException:
            answer = traceback.format_exc(limit=-8)
        sys.stdout.write(answer.strip().replace("\n", "\\n") + "\n")
        sys.stdout.flush()


def visit(path: Path) -> str:
    """Everything that a person does with a project."""
    before = bytes_of(path)
    refused = known(look, path) is not None
    assert bytes_of(path) == before, "looking at it wrote to it"
    for verb in ("check", "stats"):
        command(path, verb)
    assert bytes_of(path) == before, "the command line wrote to it"
    error = known(work, path)
    if error is not None:
        assert content(path) == before.get(path.name, b""), "a refused file was written to"
    if refused or error is not None:
        known(save, path)
    return "opened" if error is None else "refused"


def bytes_of(path: Path) -> dict[str, bytes]:
    """All files in its folder that hold something; what readers share in memory is no file of worth."""
    found = {each.name: content(each) for each in path.parent.iterdir() if not each.name.endswith("-shm")}
    return {name: raw for name, raw in found.items() if raw}


def content(path: Path) -> bytes:
    return path.read_bytes()


def known(act: Callable[[Path], None], path: Path) -> Exception | None:
    """The known error that it ended with."""
    from annotator.errors import KnownError

    try:
        act(path)
    except KnownError as error:
        if not error.title:
            raise AssertionError("a refusal without a reason") from error
        return error
    return None


def look(path: Path) -> None:
    from annotator.session import Session

    with Session.open(path, read_only=True) as session:
        read(session)


def work(path: Path) -> None:
    from annotator.session import Session

    with Session.open(path, annotator="bo") as session:
        read(session)
        decide(session)
        session.export(path.with_name("out.jsonl"), state="all", replace=True, with_rejected=True)
        session.check()


def read(session: object) -> None:
    """Every article, and what the panels and the statistics show."""
    from annotator.session import Session
    from annotator.store.articles import ArticleFilter

    assert isinstance(session, Session)
    for article_id in session.article_ids():
        article = session.article(article_id)
        assert all(article.surface(span) for span in (*article.with_ghosts, *article.spans))
        session.row(article_id)
        session.is_read(article_id)
    session.rows(ArticleFilter(("a",)))
    while not session.curves.read(1):
        pass
    assert session.progress().total >= 0
    _ = session.first_to_do(), session.next_step("undo"), session.next_step("redo"), session.unread(5), session.labels
    _ = session.order.name, session.order.share, session.order.reasons(), session.guidelines.version, session.model
    session.memory.patterns()


def decide(session: object) -> None:
    """One decision of each kind that writes, and undo, redo and undo again."""
    from annotator.errors import KnownError
    from annotator.session import Session

    assert isinstance(session, Session)
    for article_id in session.article_ids()[:2]:
        article = session.article(article_id)
        if article.text and session.labels:
            session.add(article_id, 0, 1, session.labels[0].name)
        session.comment(article_id, "seen")
    with contextlib.suppress(KnownError):  # other rows than the steps left
        while session.next_step("undo") and session.undo():
            pass
        for _ in range(3):
            session.redo()
    session.add_articles([{"text": "A new one came in."}])


def command(path: Path, verb: str) -> None:
    """The command line ends with 0 or 2, and says why."""
    from annotator import cli

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main([verb, str(path)])
    said = err.getvalue()
    assert code in (0, 2), f"{verb}: exit code {code}: {said}"
    assert "Traceback" not in said, said
    assert code == 0 or out.getvalue() or said.count("\n") == 1, f"{verb}: {said}"


def save(path: Path) -> None:
    """What can be read, in a new project, which is whole."""
    from annotator.session import Session, salvage

    target = path.with_name("saved.annot")
    before = bytes_of(path)
    try:
        salvage(path, target)
        with Session.open(target, annotator="bo") as session:
            assert not (wrong := session.check()), wrong
            read(session)
            decide(session)
    finally:
        after = bytes_of(path)
        new = {name for name in after if name.startswith(target.name)}
        assert {name: raw for name, raw in after.items() if name not in new} == before, "salvage changed something else"
        for name in new:
            path.with_name(name).unlink()


if __name__ == "__main__":
    main()
