"""Between the desk and the worker: what is asked, with a worker that answers when told to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.model.span import Suggestion
from annotator.session import Session
from annotator.suggest import Reading

LONG = "Oslo is cold.\n\n" * 1000


Ahead = tuple[Any, "Worker", Session]


class Worker:
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int, str, bool]] = []

    def ask(self, job: int, revision: int, text: str, urgent: bool = False) -> None:
        self.asked.append((job, revision, text, urgent))

    def close(self) -> None:
        """Nothing runs."""


@pytest.fixture
def reading_ahead(qt_app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ahead]:
    """A project with a long and a short article, both unread, and a worker of straw."""
    from annotator.ui.suggesting import Suggesting

    worker = Worker()

    def warm_up(self: Suggesting, session: Session) -> None:
        self._worker, self._made_for = worker, (session.model, None)  # type: ignore[assignment]

    monkeypatch.setattr(Suggesting, "warm_up", warm_up)
    with Session.open(tmp_path / "n.annot", create=True, labels="conll", model="blank:en", learner=False) as session:
        session.add_articles([{"text": LONG}, {"text": "Bergen is wet."}])
        suggesting = Suggesting()
        suggesting.attach(session)
        yield suggesting, worker, session
        suggesting.stop()


def reading(text: str) -> Reading:
    return Reading([(0, 4)], [Suggestion(0, 4, "LOC", 0.9, "made-up")]) if text else Reading([], [])


def answer(suggesting: Any, worker: Worker, at: int) -> None:
    """Answer one of the questions, as the worker's thread does."""
    job, revision, text, _ = worker.asked[at]
    suggesting._on_answered(job, revision, reading(text), "made-up 1.0")


def test_a_long_article_is_read_whole_also_when_it_was_left(reading_ahead: Ahead) -> None:
    suggesting, worker, session = reading_ahead
    suggesting.come_to(session.article(1))
    suggesting._read_ahead()
    assert [(job, len(text) < len(LONG)) for job, _, text, _ in worker.asked] == [(-1, True), (2, True)]
    suggesting.come_to(session.article(2))
    answer(suggesting, worker, 0)
    assert len(session.article(1).suggested) == 1, "the beginning is shown"
    assert session.unread(9)[0][0] == 1, "but it is not taken for the whole"
    assert worker.asked[-1][:3:2] == (1, LONG)
    answer(suggesting, worker, len(worker.asked) - 1)
    assert [article_id for article_id, _ in session.unread(9)] == [2]


def test_answers_of_an_older_question_are_dropped(reading_ahead: Ahead) -> None:
    suggesting, worker, session = reading_ahead
    suggesting._read_ahead()
    suggesting.start_again()
    answer(suggesting, worker, 1)
    assert session.article(2).suggested == ()


def test_answers_wait_while_an_import_runs(reading_ahead: Ahead, qt_app: Any) -> None:
    suggesting, worker, session = reading_ahead
    suggesting._read_ahead()
    short = next(n for n, asked in enumerate(worker.asked) if asked[0] == 2)
    with suggesting.held():
        answer(suggesting, worker, short)
        assert session.article(2).suggested == ()
    qt_app.processEvents()
    assert len(session.article(2).suggested) == 1


def test_an_answer_that_is_under_way_finds_no_closed_project(reading_ahead: Ahead, qt_app: Any) -> None:
    suggesting, worker, session = reading_ahead
    suggesting._read_ahead()
    job, revision, text, _ = worker.asked[-1]
    suggesting._answered.emit(job, revision, reading(text), "made-up 1.0")
    suggesting.stop()
    session.close()
    qt_app.processEvents()  # an error in a slot would fail this test
