"""Made-up articles, made-up suggestions and random decisions of every kind; the seed decides all of it."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from annotator.model.label import Label
from annotator.model.span import Suggestion
from annotator.model.tokens import rough_tokens
from annotator.session import Outcome, Session
from annotator.suggest import Reading

WORDS = (
    *("Alibaba", "Reuters", "Reuters-owned", "New", "York", "said", "the", "in"),
    *("Jose\u0301", "阿里巴巴", "👩\u200d🚀"),
)
MODEL_LABELS = ("ORG", "PERSON", "GPE", "NORP", "CARDINAL")  # the last means nothing to the scheme


def records(count: int, random: Random) -> list[dict[str, Any]]:
    """Articles of twenty to sixty words, few of them different."""
    return [
        {"id": f"article-{n}", "text": " ".join(random.choices(WORDS, k=random.randint(20, 60))) + f".\r\n{n}"}
        for n in range(count)
    ]


def reading(text: str, random: Random) -> Reading:
    """What a model might say of a text: a span of one to three tokens here and there."""
    tokens = rough_tokens(text)
    edges = [tokens[index] for index in range(len(tokens))]
    suggestions: list[Suggestion] = []
    at = random.randrange(3)
    while at < len(edges):
        last = min(at + random.randrange(3), len(edges) - 1)
        confidence = random.choice([None, round(random.random(), 3)])
        suggestions.append(Suggestion(edges[at][0], edges[last][1], random.choice(MODEL_LABELS), confidence, "made up"))
        at = last + 1 + random.randrange(6)
    return Reading(edges, suggestions)


class Worker:
    """Somebody who decides at random.

    :param session: where; replace it after a restart.
    """

    def __init__(self, session: Session, random: Random) -> None:
        self.session, self.random = session, random
        self.verbs: tuple[Callable[[int], object], ...] = (
            *(self.confirm, self.reject, self.relabel, self.resize, self.add) * 4,
            *(self.relabel_all, self.decide, self.finish, self.reopen, self.skip, self.flag, self.comment),
            *(self.labels, self.undo, self.undo, self.redo, self.read_again, self.remember, self.forget),
            *(self.elsewhere, self.aside) * 2,
        )

    def work(self) -> str:
        """Do one thing; returns the verb's name."""
        verb = self.random.choice(self.verbs)
        verb(self.random.choice(self.session.article_ids()))
        return verb.__name__

    def read_all(self) -> None:
        """Suggestions for every article."""
        for article_id in self.session.article_ids():
            self.read_again(article_id)

    def read_again(self, article_id: int) -> None:
        text = self.session.article(article_id).text
        self.session.keep_reading(article_id, self.session.model, reading(text, self.random))

    def confirm(self, article_id: int) -> None:
        for span in self._spans(article_id, 1):
            self.session.confirm(article_id, span, everywhere=self._often())

    def reject(self, article_id: int) -> None:
        for span in self._spans(article_id, 1):
            self.session.reject(article_id, span, everywhere=self._often())

    def relabel(self, article_id: int) -> None:
        for span in self._spans(article_id, 1):
            self.session.relabel(article_id, span, self._label(), everywhere=self._often())

    def resize(self, article_id: int) -> None:
        tokens = self.session.article(article_id).tokens
        for span in self._spans(article_id, 1):
            start = tokens.moved_start(span[0], self.random.choice((-1, 0, 1)))
            end = tokens.moved_end(span[1], self.random.choice((-1, 0, 1)))
            if start < end:
                self.session.resize(article_id, span, start, end, everywhere=self._often())

    def add(self, article_id: int) -> None:
        self.session.add(article_id, *self._range(article_id), self._label(), everywhere=self._often())

    def relabel_all(self, article_id: int) -> None:
        self.session.relabel_all(article_id, self._spans(article_id, 4), self._label())

    def elsewhere(self, article_id: int) -> None:
        """A correction, and the same one at some places of other articles."""
        for span in self._spans(article_id, 1):
            correction = self.session.elsewhere.correction(self._corrected(article_id, span))
            if correction is not None and correction.label in [None, *self._labels()]:
                places = self.session.elsewhere.of(correction)
                chosen = self.random.sample(places, self.random.randint(0, len(places)))
                self.session.elsewhere.apply(chosen, correction)

    def _corrected(self, article_id: int, span: tuple[int, int, str]) -> Outcome:
        start, end = self._range(article_id)
        match self.random.randrange(4):
            case 0:
                return self.session.relabel(article_id, span, self._label())
            case 1:
                return self.session.reject(article_id, span)
            case 2:
                return self.session.resize(article_id, span, min(start, span[0]), max(end, span[1]))
            case _:
                return self.session.add(article_id, start, end, self._label())

    def decide(self, article_id: int) -> None:
        kept = [span for span in self._spans(article_id, 5) if span[2] in self._labels()]
        self.session.decide(article_id, [*kept, (*self._range(article_id), self._label())])

    def finish(self, article_id: int) -> None:
        self.session.finish(article_id)

    def reopen(self, article_id: int) -> None:
        self.session.reopen(article_id)

    def skip(self, article_id: int) -> None:
        self.session.skip(article_id)

    def flag(self, article_id: int) -> None:
        self.session.flag(article_id, self._often())

    def comment(self, article_id: int) -> None:
        self.session.comment(article_id, self.random.choice(["", "“why?”", "👩\u200d🚀"]))

    def labels(self, article_id: int) -> None:
        """Rename, trade names, reorder, retire, bring back or add."""
        labels = list(self.session.labels)
        first, second = self.random.sample(range(len(labels)), 2)
        one, other = labels[first], labels[second]
        match self.random.randrange(4):
            case 0:
                labels[first] = replace(one, name=f"{one.name[:6]}-{self.random.randrange(1000)}")
            case 1:
                labels[first], labels[second] = replace(one, name=other.name), replace(other, name=one.name)
            case 2:
                labels[first], labels[second] = other, one
            case 3 if len(labels) > 3:
                del labels[first]
            case _:
                gone = [label for label in self.session.all_labels if label.retired]
                back = Label(gone[0].name) if gone else Label(f"NEW-{self.random.randrange(1000)}")
                labels.append(back)
        if len({label.name for label in labels}) == len(labels):
            self.session.set_labels(labels)

    def remember(self, article_id: int) -> None:
        """Put words of the article into the memory, now and then as no entity."""
        start, end = self._range(article_id)
        words = self.session.article(article_id).text[start:end]
        self.session.memory.set(words, self._label() if self._often() else None, any_case=not self._often())

    def forget(self, article_id: int) -> None:
        """Take an entry out of the memory, or mean it in other casings."""
        patterns = self.session.memory.all_patterns()
        for pattern in self.random.sample(patterns, min(1, len(patterns))):
            if self._often():
                self.session.memory.remove(pattern.surface, pattern.any_case)
            else:
                self.session.memory.recase(pattern.surface, not pattern.any_case)

    def aside(self, article_id: int) -> None:
        """The paragraph at some words is not, or again, to be labelled."""
        self.session.asides.toggle(article_id, self._range(article_id))

    def undo(self, article_id: int) -> None:
        if self.session.next_step("undo") != "import":  # of the articles that are worked on
            self.session.undo()

    def redo(self, article_id: int) -> None:
        self.session.redo()

    def _often(self) -> bool:
        return self.random.random() < 0.7

    def _labels(self) -> list[str]:
        return [label.name for label in self.session.labels]

    def _label(self) -> str:
        return self.random.choice(self._labels())

    def _spans(self, article_id: int, most: int) -> list[tuple[int, int, str]]:
        spans = self.session.article(article_id).spans
        chosen = self.random.sample(spans, min(most, len(spans)))
        return [(*span.range, span.label) for span in chosen]

    def _range(self, article_id: int) -> tuple[int, int]:
        tokens = self.session.article(article_id).tokens
        first = self.random.randrange(len(tokens))
        return tokens[first][0], tokens[min(first + self.random.randrange(3), len(tokens) - 1)][1]
