"""Any verbs in any order on a real project file: what must hold after each of them."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from annotator.model.article import AnnotatedArticle
from annotator.model.span import Span, SpanState
from annotator.session import Changed, Session

article_ids = st.integers(1, 3)
seeds = st.integers(0, 2**16)
VERBS = (
    *("confirm", "reject", "relabel", "resize", "add", "relabel_all", "decide"),
    *("finish", "reopen", "skip", "flag", "comment", "labels", "remember", "forget", "undo", "redo"),
)


def machine(made: bytes, random_work: ModuleType, digest: Callable[[Path], str]) -> type[RuleBasedStateMachine]:
    """The machine over copies of a prepared project."""

    class Deciding(RuleBasedStateMachine):
        session: Session

        @initialize()
        def open(self) -> None:
            self.folder = tempfile.TemporaryDirectory()
            self.path = Path(self.folder.name) / "news.annot"
            self.path.write_bytes(made)
            self.start = digest(self.path)
            self.worker = random_work.Worker(None, Random(0))
            self.told: list[Changed] = []
            self.reopen_file("ana")

        def reopen_file(self, annotator: str) -> None:
            self.session = self.worker.session = Session.open(self.path, annotator=annotator)
            self.session.subscribe(self.told.append)

        @rule(verb=st.sampled_from(VERBS), article_id=article_ids, seed=seeds)
        def step(self, verb: str, article_id: int, seed: int) -> None:
            self.worker.random.seed(seed)
            steps, before = self.steps(), digest(self.path)
            self.told.clear()
            getattr(self.worker, verb)(article_id)
            written = self.steps() - steps
            assert written in (0, 1)
            assert len(self.told) == written, "a step is told of once"
            assert written or digest(self.path) == before

        @rule(article_id=article_ids, seed=seeds)
        def suggestions_are_computed_again(self, article_id: int, seed: int) -> None:
            self.worker.random.seed(seed)
            before, steps = decided(self.session.article(article_id).spans), self.steps()
            self.told.clear()
            self.worker.read_again(article_id)
            assert decided(self.session.article(article_id).spans) == before
            assert (self.steps(), self.told) == (steps, [Changed(frozenset([article_id]))])

        @rule(annotator=st.sampled_from(["ana", "bo"]))
        def close_and_open(self, annotator: str) -> None:
            before = digest(self.path)
            self.session.close()
            assert digest(self.path) == before
            self.reopen_file(annotator)

        @rule(article_id=article_ids, seed=seeds)
        def wanted_is_what_is_there(self, article_id: int, seed: int) -> None:
            self.worker.random.seed(seed)
            kept = [span for span in self.worker._spans(article_id, 3) if span[2] in self.worker._labels()]
            self.session.decide(article_id, kept)
            article = self.session.article(article_id)
            assert {(*span.range, span.label) for span in article.confirmed} == set(kept)
            assert not article.suggested
            assert article.state == "done"

        @rule(article_id=article_ids)
        def finished_leaves_nothing_to_decide(self, article_id: int) -> None:
            before = {(*span.range, span.label) for span in self.session.article(article_id).spans}
            self.session.finish(article_id)
            article = self.session.article(article_id)
            assert {(*span.range, span.label) for span in article.spans} == before
            assert not article.suggested

        @rule()
        def undo_takes_back_the_last_step_and_redo_does_it_again(self) -> None:
            before = digest(self.path)
            if self.session.undo() is not None:
                assert digest(self.path) != before
                assert self.session.redo() is not None
            assert digest(self.path) == before

        @invariant()
        def what_is_shown_is_what_is_in_the_file(self) -> None:
            with Session.open(self.path, read_only=True) as fresh:
                assert fresh.all_labels == self.session.all_labels
                for article_id in (1, 2, 3):
                    assert values(fresh.article(article_id)) == values(self.session.article(article_id))
                assert fresh.memory.entries(limit=None) == self.session.memory.entries(limit=None)

        @invariant()
        def spans_are_in_order_and_inside_the_text(self) -> None:
            for article_id in (1, 2, 3):
                article = self.session.article(article_id)
                order = [(span.start, -span.end, span.label) for span in article.spans]
                assert order == sorted(order)
                assert len({(*span.range, span.label) for span in article.spans}) == len(article.spans)
                assert all(0 <= span.start < span.end <= len(article.text) for span in article.spans)

        @invariant()
        def nothing_decided_is_suggested_again(self) -> None:
            for article_id in (1, 2, 3):
                article = self.session.article(article_id)
                settled = {span.range for span in article.rejected}
                settled |= {span.was[:2] for span in article.spans if span.was}
                assert settled.isdisjoint(span.range for span in article.suggested)
                for span in article.suggested:
                    assert not any(span.overlaps(*other.range) for other in article.confirmed)

        def steps(self) -> int:
            return int(self.session.project.connection.execute("SELECT count(*) FROM step").fetchone()[0])

        def teardown(self) -> None:
            if not hasattr(self, "session"):
                return
            try:
                self.take_everything_back()
            finally:
                self.session.close()
                self.folder.cleanup()

        def take_everything_back(self) -> None:
            assert self.session.check() == []
            while self.session.redo() is not None:
                pass
            end = digest(self.path)
            while self.session.next_step("undo") != "import":
                self.session.undo()
            assert digest(self.path) == self.start
            while self.session.redo() is not None:
                pass
            assert digest(self.path) == end
            assert self.session.check() == []

    return Deciding


def values(article: AnnotatedArticle) -> tuple[Any, ...]:
    return replace(article, tokens=None), list(article.tokens)  # type: ignore[arg-type]


def decided(spans: tuple[Span, ...]) -> list[Span]:
    return [span for span in spans if span.state is not SpanState.SUGGESTED]


@pytest.mark.parametrize("steps", [12, 50])
def test_any_verbs_in_any_order(
    steps: int, made: bytes, random_work: ModuleType, digest: Callable[[Path], str]
) -> None:
    examples = settings(deadline=None, max_examples=600 // steps, stateful_step_count=steps)
    run_state_machine_as_test(machine(made, random_work, digest), settings=examples)
