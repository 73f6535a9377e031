"""A thousand random decisions over twenty articles, with restarts, taken back and done again."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from types import ModuleType

from annotator.session import Session


def test_a_thousand_decisions_are_taken_back_and_done_again(
    tmp_path: Path, random_work: ModuleType, digest: Callable[[Path], str]
) -> None:
    path, random = tmp_path / "news.annot", Random(20_171_011)
    session = Session.open(path, create=True, labels="conll", annotator="ana")
    session.add_articles(random_work.records(20, random))
    worker = random_work.Worker(session, random)
    worker.read_all()
    start, done = digest(path), []
    for number in range(1000):
        if number in (333, 666):
            session.close()
            worker.session = session = Session.open(path, annotator=f"colleague {number}")
        done.append(worker.work())
    assert set(done) == {verb.__name__ for verb in worker.verbs}
    while session.redo():
        pass
    end = digest(path)
    assert end != start
    assert session.check() == []
    session.close()
    session = Session.open(path, annotator="ana")
    undone = taken(lambda: session.undo() if session.next_step("undo") != "import" else None)
    assert undone > 500
    assert digest(path) == start
    session.close()
    session = Session.open(path, annotator="ana")
    assert taken(session.redo) == undone
    assert digest(path) == end
    assert session.check() == []
    session.close()


def taken(step: Callable[[], object]) -> int:
    """How many steps there were to undo or redo."""
    count = 0
    while step() is not None:
        count += 1
    return count
