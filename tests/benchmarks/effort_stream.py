"""A stream of gold articles through the product's own session: suggest, count, decide, learn.

The annotator in reading order works with the session's verbs, so that what is counted is what the
program does after each of them, not what it might do.
"""

import inspect
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from action_model import Fix, Marks, Text, Work, ahead_of, flat, next_fix, reading_order_work, static_work, touching
from action_model import work_of as counted
from tqdm import tqdm

from annotator import importers, resources
from annotator.importers.base import Problem
from annotator.model.article import ArticleState
from annotator.model.span import SpanState, Suggestion
from annotator.session.session import Session

CHECKPOINTS = (1, 10, 25, 50, 100, 200, 400)

# What the labels of gold files stand for in the pipelines' schemes; their own names go without saying.
_FROM_MODEL = {
    ("per", "person"): ("PERSON", "PER"),
    ("org", "organisation", "organization"): ("ORG",),
    ("loc", "location", "place"): ("LOC", "GPE", "FAC"),
    ("misc", "nationality"): ("NORP",),
    ("temporal", "date"): ("DATE", "TIME"),
    ("quantity", "number"): ("QUANTITY", "CARDINAL", "PERCENT"),
    ("money",): ("MONEY",),
}


class Gold(NamedTuple):
    """An article with the marks that are right, flat."""

    id: str
    text: str
    meta: dict[str, Any]
    marks: Marks


@dataclass(frozen=True)
class Row:
    """The work that one article took.

    :param single: suggestions as they stand, every action reaches one place.
    :param everywhere: an action may reach all same occurrences.
    :param copies: in reading order, every correction copied to the later same occurrences.
    :param verbs: in reading order with the session's verbs and what it suggests after each; None if not asked for.
    """

    single: Work
    everywhere: Work
    copies: Work
    verbs: Work | None = None


class Sure(NamedTuple):
    """A suggestion that was shown: after how many articles, how sure, and was it right?"""

    after: int
    confidence: float
    is_right: bool


@dataclass
class Run:
    """What a stream gave.

    :param rows: one an article.
    :param held_out: rows of the held-out articles, by articles learned.
    :param seconds: of each first suggestion, suggestion after a correction, and learned article.
    :param tried: held-out articles that were corrected with verbs, all undone.
    :param not_forgotten: those of them that were suggested otherwise after that.
    """

    rows: list[Row] = field(default_factory=list)
    held_out: dict[int, list[Row]] = field(default_factory=dict)
    sure: list[Sure] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"suggest": [], "again": [], "learn": []})
    tried: int = 0
    not_forgotten: int = 0


def read_gold(path: Path, labels: Iterable[str] = (), limit: int | None = None) -> list[Gold]:
    """The articles of a file that the product can import.

    :param labels: the marks with other labels are left out; empty keeps all.
    """
    wanted = set(labels)
    articles = []
    for item in importers.read(path):
        if isinstance(item, Problem):
            print(f"{item.where}: {item.reason}", file=sys.stderr)
            continue
        spans = [span for span in item.spans if span.state is not SpanState.REJECTED]
        marks = flat({span.range: span.label for span in spans if not wanted or span.label in wanted})
        articles.append(Gold(item.article.uid, item.article.text, dict(item.article.meta), marks))
    return articles[:limit]


def write_scheme(labels: Iterable[str], path: Path) -> None:
    """A scheme file of these labels: those of "conll" as they ship, others with what pipelines call them."""
    names = set(labels)
    shipped = [label for label in resources.scheme("conll").labels if label.name in names]
    if names == {label.name for label in shipped}:
        chosen = [{"name": label.name, "from_model": label.from_model} for label in shipped]
    else:
        chosen = [{"name": name, "from_model": _from_model(name)} for name in sorted(names)]
    path.write_text(json.dumps({"labels": chosen}), "utf-8")


def _from_model(name: str) -> list[str]:
    return [label for names, theirs in _FROM_MODEL.items() if name.casefold() in names for label in theirs]


def can_learn() -> bool:
    """Has the session a learner that can be switched?"""
    return "learner" in inspect.signature(Session.open).parameters


def open_session(path: Path, scheme: Path, model: str, learner: bool) -> Session:
    """A new project."""
    switch: dict[str, Any] = {"learner": learner} if can_learn() else {}
    return Session.open(path, create=True, labels=str(scheme), model=model, **switch)


class Stream:
    """An annotator who works through gold articles in a session."""

    def __init__(self, session: Session, every_held_out: int) -> None:
        self._session, self._every = session, every_held_out
        self.run = Run()

    def work(self, stream: Sequence[Gold], held_out: Sequence[Gold], checkpoints: Iterable[int], name: str) -> Run:
        """Suggest, count, decide and learn one article after the other.

        :param checkpoints: after how many articles the held-out ones are suggested.
        :param name: for the progress bar.
        """
        ids = self._session.add_articles(_records([*stream, *held_out]))
        own, other = ids[: len(stream)], ids[len(stream) :]
        if len(set(ids)) < len(ids):
            print(f"{len(ids) - len(set(ids))} articles are there twice; the first of each counts.", file=sys.stderr)
        todo = [(at, gold) for n, (at, gold) in enumerate(zip(own, stream, strict=True)) if at not in own[:n]]
        unseen = [(at, gold) for at, gold in zip(other, held_out, strict=True) if at not in own]
        stops = set(checkpoints)
        for after, (article_id, gold) in enumerate(tqdm(todo, desc=name, unit="article"), 1):
            self.run.rows.append(self._learned(article_id, gold, after - 1))
            if unseen and after in stops | {len(todo)}:
                self.run.held_out[after] = self._suggested(unseen, f"{name}: held out after {after}")
        return self.run

    def _learned(self, article_id: int, gold: Gold, after: int) -> Row:
        suggestions = self._timed("suggest", article_id)
        self.run.sure += [
            Sure(after, s.confidence, gold.marks.get((s.start, s.end)) == s.label)
            for s in suggestions
            if s.confidence is not None
        ]
        row = self._row(article_id, gold, suggestions, by_verbs=True)
        began = time.perf_counter()
        self._session.decide(article_id, [(*place, label) for place, label in gold.marks.items()])
        self._session.learn()
        self.run.seconds["learn"].append(time.perf_counter() - began)
        return row

    def _suggested(self, unseen: Sequence[tuple[int, Gold]], name: str) -> list[Row]:
        """The rows of articles that stay undecided; what the annotator tries is undone."""
        rows = []
        for n, (article_id, gold) in enumerate(tqdm(unseen, desc=name, unit="article", leave=False)):
            suggestions, by_verbs = self._session.suggest(article_id), n % self._every == 0
            rows.append(self._row(article_id, gold, suggestions, by_verbs))
            if by_verbs:
                self._undo(article_id, marks_of(suggestions))
        return rows

    def _undo(self, article_id: int, before: Marks) -> None:
        while not self._is_untouched(article_id):
            outcome = self._session.undo()
            assert outcome is not None
            assert outcome.article_id == article_id
        self._session.learn()
        self.run.tried += 1
        self.run.not_forgotten += marks_of(self._session.suggest(article_id)) != before

    def _is_untouched(self, article_id: int) -> bool:
        on = self._session.article(article_id)
        return on.state is ArticleState.NEW and not on.confirmed and not on.rejected

    def _row(self, article_id: int, gold: Gold, suggestions: Sequence[Suggestion], by_verbs: bool) -> Row:
        text, marks = Text(gold.text), marks_of(suggestions)
        return Row(
            static_work(text, marks, gold.marks, everywhere=False),
            static_work(text, marks, gold.marks, everywhere=True),
            reading_order_work(text, marks, gold.marks, copies=True),
            self._by_verbs(article_id, text, marks, gold.marks) if by_verbs else None,
        )

    def _by_verbs(self, article_id: int, text: Text, marks: Marks, gold: Marks) -> Work:
        """Correct from the top to the end; the article stays open."""
        first = flat(marks)
        shown, cursor, edits = first, 0, 0
        kinds: Counter[str] = Counter()
        while fix := next_fix(text, shown, gold, cursor):
            self._correct(article_id, fix, shown)
            cursor = fix.checked
            edits += fix.cost
            kinds[fix.kind] += 1
            shown = ahead_of(marks_of(self._timed("again", article_id)), cursor)
        return counted(text, first, gold, edits, kinds)

    def _correct(self, article_id: int, fix: Fix, shown: Marks) -> None:
        session, place = self._session, fix.shown or (0, 0)
        span = (*place, shown.get(place, ""))
        if fix.to is None:
            session.reject(article_id, span, everywhere="later")
        elif fix.kind == "relabel":
            session.relabel(article_id, span, fix.label, everywhere="later")
        elif fix.kind == "edge":
            session.resize(article_id, span, *fix.to, everywhere="later")
        else:
            session.add(article_id, *fix.to, fix.label, everywhere="later")
        if fix.to is not None:
            self._clear(article_id, fix.to)

    def _clear(self, article_id: int, place: tuple[int, int]) -> None:
        """Copies that touch a corrected mark go with it, as the action model has it."""
        confirmed = [span.range for span in self._session.article(article_id).confirmed]
        for mark in touching(confirmed, place):
            if mark != place:
                self._session.reject(article_id, mark)

    def _timed(self, what: str, article_id: int) -> list[Suggestion]:
        began = time.perf_counter()
        suggestions = self._session.suggest(article_id)
        self.run.seconds[what].append(time.perf_counter() - began)
        return suggestions


def marks_of(suggestions: Iterable[Suggestion]) -> Marks:
    """What a session answers, as marks."""
    return {(s.start, s.end): s.label for s in suggestions}


def _records(articles: Iterable[Gold]) -> list[dict[str, Any]]:
    return [{"id": gold.id, "text": gold.text, "meta": gold.meta} for gold in articles]


def figures(rows: Sequence[Row]) -> dict[str, float | None]:
    """The table's figures of some articles: F1 (exact range and label), actions an entity, and the
    share of articles that needed only the confirming key. In reading order of those that were tried with verbs."""
    single = [row.single for row in rows]
    in_order = [row for row in rows if row.verbs is not None]
    shown, gold, right = (sum(getattr(work, name) for work in single) for name in ("shown", "gold", "right"))
    return {
        "articles": len(rows),
        "entities": gold,
        "f1": 2 * right / (shown + gold) if shown + gold else None,
        "single": _actions(single),
        "everywhere": _actions([row.everywhere for row in rows]),
        "copies": _actions([row.copies for row in in_order]),
        "verbs": _actions([row.verbs for row in in_order if row.verbs is not None]),
        "one_key": sum(work.is_clean for work in single) / len(rows) if rows else None,
    }


def _actions(works: Sequence[Work]) -> float | None:
    """Actions an entity."""
    gold = sum(work.gold for work in works)
    return sum(work.actions for work in works) / gold if gold else None


def as_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Every article's work."""
    return [asdict(row) for row in rows]
