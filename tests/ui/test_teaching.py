"""From the desk to the learner and back: lessons, what waits, what is unlearned; once with the real process."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from annotator.model.tokens import occurrences
from annotator.session import Session
from annotator.store import disk
from annotator.suggest import Ask, Engine, Reading, load_source, worker
from annotator.suggest.wire import Message, of_ask, reading_of

Open = Callable[..., Any]
Key = Qt.Key

FIRST = "Alcorta bought ships.\n\nThen Alcorta sold them, and Alcorta paid."
SECOND = "In May Alcorta came back. Nobody liked Alcorta."
THIRD = "At last Alcorta won."


class HereWorker:
    """Does in this process, when told to, what the worker process would do."""

    def __init__(self, session: Session) -> None:
        self.engine = Engine(load_source("blank:en"), session.learning.setup())
        self.waiting: list[Message] = []
        self.jobs: list[tuple[int, int, Ask]] = []

    def teach(self, message: Message, text: str = "") -> None:
        self.waiting.append(message)

    def suggest(self, job: int, revision: int, ask: Ask, urgent: bool = False) -> None:
        self.jobs.append((job, revision, ask))

    def close(self) -> None:
        """Nothing runs."""


class Desk:
    """A session, what keeps its suggestions, and a worker that answers when told to."""

    def __init__(self, session: Session, suggesting: Any, here: HereWorker) -> None:
        self.session, self.suggesting, self.here = session, suggesting, here
        self.teaching = suggesting._teaching

    def answer_lesson(self) -> Message:
        """Answer the oldest message that teaches."""
        message = self.here.waiting.pop(0)
        answer = worker._learned(message, self.here.engine)
        self.teaching._on_answer(self.teaching._mark, answer)
        return message

    def answer_all(self) -> list[str]:
        """Answer until nothing waits; returns what the messages were."""
        kinds = []
        for _ in range(200):
            if self.here.waiting:
                kinds.append(next(iter(self.answer_lesson())))
            elif self.here.jobs:
                job, revision, ask = self.here.jobs.pop(0)
                answer = worker._learned(of_ask(ask), self.here.engine)
                self.suggesting._on_answered(job, revision, reading_of(answer, "blank:en"), "blank:en")
            else:
                QTest.qWait(1)
                if not (self.here.waiting or self.here.jobs or self.suggesting._later.isActive()):
                    return kinds
        raise AssertionError("it never comes to rest")

    def shown(self, article_id: int) -> list[tuple[int, str]]:
        """Where suggestions stand in an article, and with which label."""
        return [(span.start, span.label) for span in self.session.article(article_id).suggested]


@pytest.fixture
def desk(qt_app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    from annotator.ui.suggesting import Suggesting

    with Session.open(tmp_path / "n.annot", create=True, labels="conll", model="blank:en") as session:
        session.add_articles([{"text": FIRST}, {"text": SECOND}, {"text": THIRD}])
        here = HereWorker(session)

        def warm_up(self: Suggesting, session: Session) -> None:
            self._worker = here  # type: ignore[assignment]
            self._made_for = session.model, session.learning.setup()
            self._teaching.learner(session)
            self._teaching.attach(session, here)  # type: ignore[arg-type]

        monkeypatch.setattr(Suggesting, "warm_up", warm_up)
        suggesting = Suggesting()
        suggesting.attach(session)
        suggesting._teaching._on_ready(suggesting._teaching._mark)
        yield Desk(session, suggesting, here)
        suggesting.stop()


def test_a_project_without_decisions_teaches_nothing(desk: Desk) -> None:
    desk.suggesting.come_to(desk.session.article(1))
    assert desk.answer_all() == ["come_to"]
    assert not desk.teaching.is_busy
    assert desk.teaching.knows == "0"


def test_a_decision_is_suggested_in_the_next_article_at_once(desk: Desk) -> None:
    desk.answer_all()
    desk.session.add(1, 0, 7, "ORG", everywhere=True)
    desk.suggesting.come_to(desk.session.article(2))
    desk.answer_all()
    assert desk.shown(2) == [(7, "ORG"), (39, "ORG")]
    desk.session.undo()
    desk.suggesting.come_to(desk.session.article(2))
    desk.answer_all()
    assert desk.shown(2) == []


def test_a_finished_article_is_a_lesson_and_counts_before_it_is_learned(desk: Desk) -> None:
    desk.answer_all()
    desk.session.decide(1, [(*place, "ORG") for place in occurrences(FIRST, "Alcorta")])
    assert desk.teaching.is_busy
    desk.suggesting.come_to(desk.session.article(2))
    desk.suggesting._read_ahead()
    (ask,) = [ask for job, _, ask in desk.here.jobs if job == 2]
    assert [(known.words, known.label) for known in ask.known] == [("Alcorta", "ORG")]
    assert desk.answer_all()[:2] == ["come_to", "learn"]
    assert desk.teaching.knows.startswith("1 ")
    assert desk.session.learning.ask(2).known == ()
    assert desk.shown(2) == [(7, "ORG"), (39, "ORG")]


def test_lessons_go_one_at_a_time_and_what_is_undone_is_unlearned(desk: Desk) -> None:
    desk.answer_all()
    before = desk.teaching.knows
    desk.session.decide(1, [(0, 7, "ORG")])
    desk.session.decide(2, [(7, 14, "ORG")])
    desk.answer_lesson()
    assert [next(iter(message)) for message in desk.here.waiting] == ["come_to"], "a newer question comes first"
    desk.answer_all()
    assert [key.partition(":")[0] for key in desk.here.engine._learner.keys] == ["1", "2"]
    desk.session.undo()
    desk.session.undo()
    desk.answer_all()
    assert desk.here.engine._learner.keys == []
    assert desk.teaching.knows == before


def test_a_process_that_was_lost_is_asked_what_it_knows(desk: Desk) -> None:
    desk.answer_all()
    desk.session.decide(1, [(0, 7, "ORG")])
    desk.here.waiting.clear()
    desk.here.engine = Engine(load_source("blank:en"), desk.session.learning.setup())
    desk.teaching._on_ready(desk.teaching._mark)
    assert desk.answer_all()[:2] == ["come_to", "learn"]
    assert len(desk.here.engine._learner.keys) == 1


@pytest.mark.expects_log
def test_a_lesson_that_cannot_be_learned_does_not_stop_the_others(desk: Desk) -> None:
    desk.answer_all()
    desk.session.decide(1, [(0, 7, "ORG")])
    desk.session.decide(2, [(7, 14, "ORG")])
    desk.answer_lesson()
    desk.answer_lesson()
    desk.here.waiting.pop(0)
    desk.teaching._on_answer(desk.teaching._mark, {"error": "ValueError"})
    desk.answer_all()
    assert [key.partition(":")[0] for key in desk.here.engine._learner.keys] == ["2"]
    assert not desk.teaching.is_busy


def test_answers_of_an_older_process_are_not_heard(desk: Desk) -> None:
    desk.answer_all()
    desk.teaching._on_answer(object(), {"knows": "9 older"})
    assert desk.teaching.knows == "0"


def test_what_was_learned_is_written_down_when_it_rests(desk: Desk) -> None:
    desk.answer_all()
    desk.session.decide(1, [(0, 7, "ORG")])
    desk.answer_all()
    desk.teaching._save()
    assert desk.answer_all() == ["save"]
    assert desk.session.project.path.with_name("n.annot.learned").is_file()


def test_while_room_is_short_what_was_learned_is_not_written_down(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.session.finish(1)
    desk.answer_all()
    desk.session.learning.catch_up()
    monkeypatch.setattr(disk, "free_bytes", lambda _path: disk.ROOM_TO_WARN - 1)
    desk.teaching._save()
    desk.session.learning.save()
    assert desk.answer_all() == []
    learned = desk.session.project.path.with_name("n.annot.learned")
    assert not learned.exists()
    monkeypatch.setattr(disk, "free_bytes", lambda _path: disk.ROOM_TO_WARN)
    desk.session.learning.save()
    assert learned.is_file()


def test_a_reading_without_a_proposal_is_the_pipelines(desk: Desk) -> None:
    desk.suggesting._on_answered(1, desk.suggesting._revision, Reading([(0, 7)], []), "blank:en")
    assert desk.session.is_read(1)


@pytest.mark.expects_log
def test_in_the_window_with_the_real_process(
    qt_app: Any, tmp_path: Path, open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One decision by keyboard, the next article knows it; the process is killed, and nobody notices."""
    from annotator.ui.suggesting import Suggesting

    monkeypatch.setattr(Suggesting, "warm_up", REAL_WARM_UP)
    path = tmp_path / "real.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en") as session:
        session.add_articles([{"text": FIRST}, {"text": SECOND}, {"text": THIRD}])
    window = open_window(path)
    until(lambda: window.suggesting._teaching.knows == "0")
    window.view.select(0, 7)
    QTest.keyClick(window.view, Key.Key_2)
    assert [span.label for span in window.desk.session.article(1).confirmed] == ["ORG"] * 3
    QTest.keyClick(window.view, Key.Key_Return)
    until(lambda: [span.label for span in window.desk.article.suggested] == ["ORG"] * 2)
    os.kill(window.suggesting._worker.pid, signal.SIGKILL)
    QTest.keyClick(window.view, Key.Key_Return)
    until(lambda: window.suggesting._teaching.knows.startswith("2 "))
    until(lambda: [span.label for span in window.desk.article.suggested] == ["ORG"])
    assert window.desk.article.text == THIRD


def until(holds: Callable[[], object]) -> None:
    for _ in range(3000):
        if holds():
            return
        QTest.qWait(10)
    assert holds()


def _warm_up() -> Any:
    from annotator.ui.suggesting import Suggesting

    return Suggesting.warm_up


REAL_WARM_UP = _warm_up()
