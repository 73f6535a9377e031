"""What a session suggests after decisions: learned at once, unlearned by undo, there again after a restart."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from annotator.model.label import Label
from annotator.model.span import Suggestion
from annotator.session import Session
from annotator.session.learning import state_file
from annotator.suggest import DEFAULT_MODEL
from tests.decided import PEOPLE, PLACES, decided_project, record
from tests.made_up_source import MadeUpSource

DEAL = (
    "Alibaba opens lab\n\nHANGZHOU - Alibaba opened a lab in Hangzhou on Monday. The lab will work on chips, "
    "Zhang of Alibaba said.\n\nAlibaba has 86,000 people."
)
LATER = "Shares of Alibaba fell. Alibaba, led by Zhang, is based in Hangzhou."
NAMES = {"Alibaba": "GPE", "Hangzhou": "GPE", "Zhang": "PERSON", "May": "PERSON", "Monday": "DATE"}
Shown = list[tuple[str, str]]


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> MadeUpSource:
    """What every model's name means from now on."""
    made = MadeUpSource({**NAMES, **dict.fromkeys(PEOPLE[:3], "PERSON"), **dict.fromkeys(PLACES[:3], "GPE")})
    monkeypatch.setattr("annotator.session.learning.load_source", lambda model: made)
    monkeypatch.setattr("annotator.session.session.load_source", lambda model: made)
    return made


@pytest.fixture
def new(tmp_path: Path, source: MadeUpSource) -> Iterator[Callable[..., Session]]:
    """Opens a new project with these texts, or (without any) the same one again."""
    opened: list[Session] = []

    def one(*texts: str, **how: Any) -> Session:
        while opened:
            opened.pop().close()
        session = Session.open(tmp_path / "news.annot", create=True, labels="conll", annotator="ana", **how)
        opened.append(session)
        if texts:
            session.add_articles([{"id": f"a{n}", "text": text} for n, text in enumerate(texts, 1)])
        return session

    yield one
    for each in opened:
        each.close()


def shown(session: Session, article_id: int) -> Shown:
    text = session.article(article_id).text
    return [(text[s.start : s.end], s.label) for s in session.suggest(article_id)]


def labels_of(session: Session, article_id: int, words: str) -> set[str]:
    return {label for found, label in shown(session, article_id) if found == words}


def place(session: Session, article_id: int, words: str) -> tuple[int, int]:
    at = session.article(article_id).text.index(words)
    return at, at + len(words)


# One correction, and all know


def test_one_alibaba_made_an_org_makes_all_of_them_and_those_of_the_next_article(new: Callable[..., Session]) -> None:
    session = new(DEAL, LATER)
    assert labels_of(session, 1, "Alibaba") == labels_of(session, 2, "Alibaba") == {"LOC"}
    outcome = session.relabel(1, place(session, 1, "Alibaba"), "ORG", everywhere=True)
    assert outcome.count == 4
    assert labels_of(session, 1, "Alibaba") == {"ORG"}
    assert labels_of(session, 2, "Alibaba") == {"ORG"}
    session.undo()
    assert labels_of(session, 1, "Alibaba") == labels_of(session, 2, "Alibaba") == {"LOC"}
    session.redo()
    assert labels_of(session, 2, "Alibaba") == {"ORG"}
    session.finish(1)
    assert labels_of(session, 2, "Alibaba") == {"ORG"}, "it was finished and not yet learned"
    session.learn()
    assert labels_of(session, 2, "Alibaba") == {"ORG"}
    assert session.suggest(2)[0].source.split(" + ")[0] == "learner"


def test_what_is_fixed_holds_for_the_rest_of_the_article(new: Callable[..., Session]) -> None:
    session = new(DEAL)
    session.suggest(1)
    session.relabel(1, place(session, 1, "Alibaba"), "ORG")
    assert shown(session, 1).count(("Alibaba", "ORG")) == 4, "one was decided, and three are suggested"
    assert len(session.article(1).confirmed) == 1


def test_what_lies_before_the_fix_stays(new: Callable[..., Session]) -> None:
    session = new(DEAL, LATER)
    session.decide(2, [(10, 17, "ORG")])
    session.learn()
    before = session.suggest(1)
    at = DEAL.index("Zhang")
    session.relabel(1, (at, at + 5), "ORG")
    assert [s for s in session.suggest(1) if s.end <= at] == [s for s in before if s.end <= at]


def test_what_lies_before_the_fix_stays_also_after_a_restart(new: Callable[..., Session]) -> None:
    """The second Alibaba was seen as ORG and passed; it must not come back as something else."""
    session = new(DEAL)
    session.suggest(1)
    session.relabel(1, place(session, 1, "Alibaba"), "ORG")
    session.suggest(1)
    session.relabel(1, place(session, 1, "Zhang"), "PER")
    before = shown(session, 1)
    assert before.count(("Alibaba", "ORG")) == 4
    session = new()
    assert shown(session, 1) == before
    session.set_labels([*session.labels, Label("NEW")])
    assert shown(session, 1) == before


@pytest.mark.parametrize("finished", [False, True])
def test_what_is_rejected_again_and_again_is_not_suggested_any_more(
    new: Callable[..., Session], finished: bool
) -> None:
    texts = [f"In May {number} it rained." for number in range(8)]
    session = new(*texts)
    assert labels_of(session, 8, "May") == {"PER"}
    for article_id in range(1, 7):
        if labels_of(session, article_id, "May"):
            session.reject(article_id, place(session, article_id, "May"))
        if finished:
            session.finish(article_id)
            session.learn()
    assert labels_of(session, 8, "May") == set()
    while session.next_step("undo") != "import":
        session.undo()
    session.learn()
    assert labels_of(session, 8, "May") == {"PER"}


def confidence(session: Session, article_id: int, words: str) -> float:
    text = session.article(article_id).text
    (found,) = [s for s in session.suggest(article_id) if text[s.start : s.end] == words]
    assert found.confidence is not None
    return found.confidence


def test_contradictory_decisions_lower_the_confidence(new: Callable[..., Session]) -> None:
    session = new(*(f"We saw Borussia {number} win." for number in range(6)))
    for article_id in (1, 2, 3):
        session.add(article_id, *place(session, article_id, "Borussia"), "ORG")
    sure = confidence(session, 6, "Borussia")
    session.add(4, *place(session, 4, "Borussia"), "LOC")
    assert labels_of(session, 6, "Borussia") == {"ORG"}
    assert confidence(session, 6, "Borussia") < sure
    for article_id in (1, 2, 3, 4):
        session.finish(article_id)
    session.learn()
    assert labels_of(session, 6, "Borussia") == {"ORG"}
    assert confidence(session, 6, "Borussia") < sure


def test_what_a_person_put_into_the_memory_beats_what_was_learned(new: Callable[..., Session]) -> None:
    session = new(DEAL, LATER)
    session.decide(1, [(0, 7, "ORG")])
    session.learn()
    before = session.suggest(2)
    session.memory.set("Alibaba", "MISC")
    assert labels_of(session, 2, "Alibaba") == {"MISC"}
    assert {s.source for s in session.suggest(2) if s.label == "MISC"} == {"patterns"}
    session.memory.suppress("Alibaba")
    assert labels_of(session, 2, "Alibaba") == set()
    session.undo()
    session.undo()
    assert session.suggest(2) == before


def test_a_decision_here_beats_everything(new: Callable[..., Session]) -> None:
    session = new(LATER)
    session.memory.set("Alibaba", "MISC")
    session.suggest(1)
    session.relabel(1, place(session, 1, "Alibaba"), "ORG")
    assert labels_of(session, 1, "Alibaba") == {"ORG"}


def test_words_that_were_made_longer_are_not_forbidden_alone(new: Callable[..., Session]) -> None:
    session = new("Zhang Yong left. Zhang came. Zhang Yong too.")
    session.suggest(1)
    session.add(1, 0, 5, "PER")
    session.resize(1, (0, 5), 0, 10)
    assert shown(session, 1)[0] == ("Zhang Yong", "PER")
    assert ("Zhang", "PER") in shown(session, 1)


# Undo unlearns, redo learns again


class Annotator:
    """Somebody who decides at random in articles about people and places, mostly rightly."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.random = session, Random(seed)

    def undecided(self) -> list[int]:
        return self.session.article_ids(("new", "open"))  # type: ignore[arg-type]

    def everything(self) -> dict[int, list[Suggestion]]:
        """What is suggested in every undecided article, once learning has caught up."""
        self.session.learn()
        return {article_id: self.session.suggest(article_id) for article_id in self.undecided()}

    def decide(self) -> str:
        """One random step; "" where it changed nothing."""
        verb = self.random.choice(
            ("add", "add", "relabel", "reject", "finish", "finish", "decide", "reopen", "skip", "remember")
        )
        before = self.session.next_step("undo"), self._steps()
        getattr(self, f"_{verb}")(self.random.choice(self.session.article_ids()))
        return verb if (self.session.next_step("undo"), self._steps()) != before else ""

    def _steps(self) -> int:
        return int(self.session.project.connection.execute("SELECT count(*) FROM step").fetchone()[0])

    def _add(self, article_id: int) -> None:
        tokens = self.session.article(article_id).tokens
        start, end = tokens[self.random.randrange(len(tokens))]
        self.session.add(article_id, start, end, self.random.choice(["PER", "LOC"]), everywhere=self._often())

    def _relabel(self, article_id: int) -> None:
        for span in self.session.article(article_id).spans[:1]:
            self.session.relabel(article_id, span, self.random.choice(["PER", "LOC"]), everywhere=self._often())

    def _reject(self, article_id: int) -> None:
        for span in self.session.article(article_id).suggested[:1]:
            self.session.reject(article_id, span, everywhere=self._often())

    def _decide(self, article_id: int) -> None:
        gold = record(article_id)["spans"]
        self.session.decide(article_id, [(s["start"], s["end"], s["label"]) for s in gold])

    def _finish(self, article_id: int) -> None:
        self.session.finish(article_id)

    def _reopen(self, article_id: int) -> None:
        self.session.reopen(article_id)

    def _skip(self, article_id: int) -> None:
        self.session.skip(article_id)

    def _remember(self, article_id: int) -> None:
        self.session.memory.set(self.random.choice(PEOPLE), self.random.choice(["LOC", "PER", None]))

    def _often(self) -> bool:
        return self.random.random() < 0.6


def texts(count: int, sentences: int = 4) -> list[str]:
    return [record(number, sentences)["text"] for number in range(1, count + 1)]


@pytest.mark.parametrize("seed", range(4))
def test_undo_is_unlearned_and_redo_learned(new: Callable[..., Session], seed: int) -> None:
    annotator = Annotator(new(*texts(5)), seed)
    was = [annotator.everything()]
    for _ in range(14):
        if annotator.decide():
            was.append(annotator.everything())
    after = list(was)
    last = annotator.random.randint(1, len(was) - 1)
    for step in reversed(range(len(was) - last, len(was))):
        annotator.session.undo()
        assert annotator.everything() == was[step - 1], f"undo of step {step}"
    for step in range(len(was) - last, len(was)):
        annotator.session.redo()
        assert annotator.everything() == after[step], f"redo of step {step}"


@pytest.mark.parametrize("seed", range(3))
def test_a_restart_changes_no_suggestion(new: Callable[..., Session], seed: int) -> None:
    session = new(*texts(5))
    annotator = Annotator(session, seed)
    for _ in range(10):
        annotator.decide()
        annotator.everything()
    before = annotator.everything()
    annotator.session = new()
    assert annotator.everything() == before


@pytest.mark.parametrize("seed", range(3))
def test_what_was_decided_before_a_restart_is_unlearned_after_it(new: Callable[..., Session], seed: int) -> None:
    """Each article is finished once: lessons that are corrected are not learned in the order of a first time."""
    annotator = Annotator(new(*texts(5)), seed)
    was = [annotator.everything()]
    while len(annotator.undecided()) > 2:
        article_id = annotator.random.choice(annotator.undecided())
        verb = annotator.random.choice((annotator._add, annotator._reject, annotator._finish, annotator._decide))
        steps = annotator._steps()
        verb(article_id)
        if annotator._steps() != steps:
            was.append(annotator.everything())
    annotator.session = new()
    assert annotator.everything() == was[-1]
    for expected in reversed(was[:-1]):
        annotator.session.undo()
        assert annotator.everything() == expected
    for expected in was[1:]:
        annotator.session.redo()
        assert annotator.everything() == expected


def test_without_its_file_the_decisions_teach_again(new: Callable[..., Session], tmp_path: Path) -> None:
    session = new(*texts(9))
    for article_id in range(1, 8):
        gold = record(article_id)["spans"]
        session.decide(article_id, [(s["start"], s["end"], s["label"]) for s in gold])
        session.learn()
    wanted = [(s["start"], s["end"], s["label"]) for s in record(9)["spans"]]
    assert [s[:3] for s in session.suggest(9)] == wanted
    session.close()
    state_file(session.project.path).unlink()
    session = new()
    session.learn()
    assert [s[:3] for s in session.suggest(9)] == wanted
    session.close()
    state_file(session.project.path).write_bytes(b"nonsense")
    session = new()
    session.learn()
    assert [s[:3] for s in session.suggest(9)] == wanted


def test_an_article_that_came_decided_teaches_and_may_be_opened_again(tmp_path: Path, source: MadeUpSource) -> None:
    out = tmp_path / "out.jsonl"
    with Session.open(decided_project(tmp_path / "old.annot", 6)) as old:
        old.export(out)
    with Session.open(tmp_path / "new.annot", create=True, labels="conll") as session:
        session.import_files(out, decided=True)
        (waiting,) = session.add_articles([{"text": record(40)["text"]}])
        session.learn()
        before = session.suggest(waiting)
        assert [s[:3] for s in before] == [(s["start"], s["end"], s["label"]) for s in record(40)["spans"]]
        session.reopen(1)
        assert len(session.learning.keys()) == 6, "it stays learned until it is finished again"
        session.learn()
        assert session.learning.engine.revision
        session.finish(1)
        session.learn()
        assert [s[:3] for s in session.suggest(waiting)] == [s[:3] for s in before]


def test_a_done_article_that_is_corrected_is_learned_anew(new: Callable[..., Session]) -> None:
    session = new(*texts(4))
    for article_id in (1, 2, 3):
        session.decide(article_id, [])
        session.learn()
    assert session.suggest(4) == []
    keys = session.learning.keys()
    for article_id in (1, 2, 3):
        for s in record(article_id)["spans"]:
            session.add(article_id, s["start"], s["end"], s["label"])
    again = session.learning.keys()
    assert [key.partition(":")[0] for key in again] == [key.partition(":")[0] for key in keys]
    assert not set(again) & set(keys)
    session.learn()
    assert len(shown(session, 4)) >= 4


def test_undoing_asks_as_before(new: Callable[..., Session]) -> None:
    session = new(DEAL, LATER, "Alibaba and Zhang. Alibaba.")
    for article_id in (1, 2, 3):
        session.suggest(article_id)
    session.relabel(1, place(session, 1, "Alibaba"), "ORG")
    session.relabel(2, place(session, 2, "Zhang"), "ORG")
    before = session.learning.ask(3)
    session.relabel(1, place(session, 1, "Zhang"), "LOC")
    assert session.learning.ask(3) != before
    session.undo()
    assert session.learning.ask(3) == before


def test_what_was_stored_with_a_decision_elsewhere_goes_with_it(new: Callable[..., Session]) -> None:
    session = new(DEAL, LATER)
    session.suggest(1)
    before = session.suggest(2)
    session.relabel(1, place(session, 1, "Alibaba"), "ORG", everywhere=True)
    assert session.suggest(2) != before
    session = new()
    assert labels_of(session, 2, "Alibaba") == {"ORG"}
    session.undo()
    assert session.suggest(2) == before
    session = new()
    assert session.suggest(2) == before


# Whatever else happens


def test_switched_off_the_pipeline_speaks_alone(new: Callable[..., Session]) -> None:
    session = new(DEAL, LATER, learner=False)
    assert not session.learning.is_on
    before = session.suggest(2)
    session.decide(1, [(0, 7, "ORG")])
    session.learn()
    assert session.suggest(2) == before
    assert {s.source for s in before} == {"made up 1.0"}
    session.close()
    assert not state_file(session.project.path).exists()
    session = new()
    session.learning.switch(True)
    session.learn()
    assert labels_of(session, 2, "Alibaba") == {"ORG"}
    session.learning.switch(False)
    assert {s.source for s in session.suggest(2)} == {"made up 1.0"}
    assert [(s.start, s.end, s.label) for s in session.suggest(2)] == [(s.start, s.end, s.label) for s in before]


def test_a_reader_suggests_and_writes_nothing(new: Callable[..., Session]) -> None:
    session = new(*texts(5))
    session.decide(1, [(s["start"], s["end"], s["label"]) for s in record(1)["spans"]])
    path = session.project.path
    session.close()
    before = {each.name: each.read_bytes() for each in path.parent.glob("news.annot*")}
    with Session.open(path, read_only=True) as reader:
        assert reader.suggest(2)
        reader.learn()
        assert reader.suggest(2) == reader.suggest(2)
        assert reader.suggest(2)
        assert reader.suggest(1)
    assert {each.name: each.read_bytes() for each in path.parent.glob("news.annot*")} == before


def test_labels_may_be_renamed_added_retired_and_brought_back(new: Callable[..., Session]) -> None:
    session = new(*texts(6))
    for article_id in range(1, 5):
        session.decide(article_id, [(s["start"], s["end"], s["label"]) for s in record(article_id)["spans"]])
    session.learn()
    plain = [(s["start"], s["end"], s["label"]) for s in record(6)["spans"]]
    assert [s[:3] for s in session.suggest(6)] == plain

    session.set_labels([replace(label, name="WHO") if label.name == "PER" else label for label in session.labels])
    session.suggest(6)
    session.learn()
    assert {s.label for s in session.suggest(6)} == {"WHO", "LOC"}

    session.set_labels([*session.labels, Label("NEW")])
    session.learn()
    assert {s.label for s in session.suggest(6)} == {"WHO", "LOC"}

    session.set_labels([label for label in session.labels if label.name != "WHO"])
    session.suggest(6)
    session.learn()
    assert {s.label for s in session.suggest(6)} == {"LOC"}
    assert {s.label for s in session.suggest(5)} == {"LOC"}

    for _ in range(3):
        session.undo()
    session.learn()
    assert [s[:3] for s in session.suggest(6)] == plain


def test_learning_says_how_far_it_is(new: Callable[..., Session]) -> None:
    session = new(*texts(3))
    for article_id in (1, 2):
        session.decide(article_id, [])
    told: list[tuple[int, int]] = []
    session.learning.catch_up(lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2)]
    session.learning.catch_up(lambda done, total: told.append((done, total)))
    assert len(told) == 2


def test_an_empty_project_and_an_empty_article(new: Callable[..., Session]) -> None:
    session = new()
    session.learn()
    (article_id,) = session.add_articles([{"text": " \n"}])
    assert session.suggest(article_id) == []
    session.finish(article_id)
    session.learn()
    assert session.suggest(article_id) == []


def test_a_blank_pipeline_learns_a_scheme_of_ones_own(tmp_path: Path) -> None:
    """No pipeline knows these labels, and none is asked."""
    scheme = tmp_path / "own.json"
    with Session.open(tmp_path / "n.annot", create=True, labels="conll", model="blank:de") as session:
        assert not scheme.exists()
        session.set_labels([Label("TRAVELLER"), Label("STATION")])
        own = {"PER": "TRAVELLER", "LOC": "STATION"}
        session.add_articles([{"text": text} for text in texts(9)])
        for article_id in range(1, 8):
            assert article_id > 1 or session.suggest(article_id) == []
            session.decide(article_id, [(s["start"], s["end"], own[s["label"]]) for s in record(article_id)["spans"]])
            session.learn()
        assert [s[:3] for s in session.suggest(9)] == [
            (s["start"], s["end"], own[s["label"]]) for s in record(9)["spans"]
        ]


def test_the_default_pipeline_and_the_memory(tmp_path: Path) -> None:
    with Session.open(tmp_path / "n.annot", create=True, labels="conll", model=DEFAULT_MODEL) as session:
        session.add_articles([{"text": DEAL}, {"text": LATER}])
        session.suggest(1)
        session.add(1, 0, 7, "ORG", everywhere=True)
        assert labels_of(session, 1, "Alibaba") == {"ORG"}
        assert labels_of(session, 2, "Alibaba") == {"ORG"}
        session.finish(1)
        session.learn()
        assert labels_of(session, 2, "Alibaba") == {"ORG"}


# Killed

CHILD = """
import sys
from annotator.session import Session
with Session.open(sys.argv[1]) as session:
    print("ready", flush=True)
    while True:
        session.learn()
        session.learning.save()
        session.learning._engine = None
        for each in session.project.path.parent.glob("*.learned"):
            each.unlink()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_killed_while_it_learns_or_saves(tmp_path: Path) -> None:
    path, chance = decided_project(tmp_path / "news.annot", 8), Random(5)
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.3, 1.3))
            child.kill()
        with Session.open(path) as session:
            assert session.check() == []
            assert len(session.article_ids(("done",))) == 8  # type: ignore[arg-type]
            assert [s.label for s in session.article(1).confirmed] == [s["label"] for s in record(0)["spans"]]
            (waiting,) = session.add_articles([{"id": "waiting", "text": record(40)["text"]}])
            session.learn()
            assert [s[:3] for s in session.suggest(waiting)] == [
                (s["start"], s["end"], s["label"]) for s in record(40)["spans"]
            ]
