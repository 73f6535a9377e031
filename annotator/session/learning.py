"""Between the project and the learner: what to suggest in, what to teach, and what to do with the answer.

The window asks a worker process and passes its answers on to `keep`; scripts and the command line call
`suggest` and `catch_up`, which do the same work here.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zlib import crc32

from annotator.model.article import AnnotatedArticle, ArticleState
from annotator.model.pattern import Pattern
from annotator.model.span import SpanState
from annotator.session.opened import Opened
from annotator.session.outcome import Changed
from annotator.store import disk, lessons
from annotator.store import suggestions as suggestion_rows
from annotator.suggest import (
    DEFAULT_MODEL,
    HINTED,
    NOTHING_LEARNED,
    Ask,
    Decided,
    Engine,
    Known,
    Reading,
    Setup,
    load_source,
)
from annotator.suggest.patterns import CONFIDENCE, SOURCE, Patterns

_SAVED_AFTER = 10  # lessons in this process
_WAITING = 8  # lessons; with more of them, as when all is learned anew, the older ones just wait
_REJECTED_OFTEN = 2  # in other articles, before words stop being suggested
_HINT = 8000  # code points
_MEMORY = "memory"
_HERE = 0.97  # how sure is a suggestion that comes from the same words decided in this article
_SURE_ELSEWHERE = 0.9  # at most, of what was decided in other articles: it may be another one of that name
_CORRECTIONS = ("relabel", "relabel_all", "resize", "add", "reject")
_SAYS_WORDS = ("confirm", "relabel", "resize", "add", "reject")

OnProgress = Callable[[int, int], None]


class Learning:
    """What the learner is asked and taught.

    :param patterns: gives the entries that a person put into the memory.
    """

    def __init__(self, opened: Opened, patterns: Callable[[], list[Pattern]]) -> None:
        self._opened, self._patterns = opened, patterns
        self._engine: tuple[str, Setup, Engine] | None = None
        self._decisions: dict[int, list[tuple[str, str, bool]]] | None = None
        self._touched: set[int] = set()  # articles of which they are to be read again: not while a key is answered
        self._waiting: frozenset[int] = frozenset()
        self._learned = 0  # lessons since it was saved
        self._matcher: Patterns | None = None
        self._found: dict[int, tuple[Known, ...]] = {}  # by article, the words put in by hand that stand in it
        opened.listeners.insert(0, self._on_changed)

    def _on_changed(self, changed: Changed) -> None:
        if changed.memory or changed.labels:
            self._matcher = None
            self._found.clear()
        if changed.labels or changed.listing:
            self._decisions = None
        self._touched |= changed.articles

    @property
    def is_on(self) -> bool:
        """Does the project want more than the pipeline's suggestions?"""
        return self._opened.project.meta("learner", "on") == "on"

    def switch(self, on: bool) -> None:
        """Have it learn and suggest, or leave that to the pipeline alone."""
        self._opened.may_write()
        with self._opened.project.transaction():
            self._opened.project.set_meta("learner", "on" if on else "off")
            suggestion_rows.forget_learned(self._opened.project)
        kept = self._opened.kept
        self._opened.forget()
        self._opened.tell(Changed(kept, listing=True))

    # What to ask and to teach

    @property
    def model(self) -> str:
        """The pipeline that the project names."""
        return self._opened.project.meta("model", DEFAULT_MODEL)

    def setup(self) -> Setup:
        """What the engine works for: the labels on offer, and where what it learns is kept."""
        labels = tuple(label.name for label in self._opened.labels if not label.retired)
        path = self._opened.project.path
        return Setup(labels, self._opened.label_of, None if self._opened.project.read_only else state_file(path))

    @property
    def version(self) -> int:
        """Another number as soon as there may be something else to learn."""
        return self._opened.curriculum.version

    def keys(self) -> list[str]:
        """Names of all lessons, in order."""
        return self._opened.curriculum.keys()

    def wait_for(self, keys: Sequence[str]) -> None:
        """Lessons that the learner has not learned yet: until then, what was decided in the latest of them
        is suggested elsewhere as what is decided in open articles.
        """
        waiting = frozenset(int(key.partition(":")[0]) for key in keys[-_WAITING:])
        if waiting != self._waiting:
            self._waiting, self._decisions = waiting, None

    def lesson(self, key: str) -> Decided:
        """What an article teaches as it stands."""
        article_id = int(key.partition(":")[0])
        spans = lessons.entities(self._opened.project, [article_id]).get(article_id, [])
        on = self._opened.article(article_id)
        return Decided(key, on.text, tuple(spans), on.left_out)

    def hints(self) -> list[str]:
        """Texts whose pipeline suggestions the learner may begin with."""
        return [_head(text) for text in lessons.first_texts(self._opened.project, HINTED)]

    def ask(self, article_id: int) -> Ask:
        """What to suggest in an article as it stands; undoing a decision asks as before the decision."""
        on = self._opened.article(article_id)
        fixes = [fix for fix in self._opened.sheet(article_id).fixes if not on.is_aside(fix.start, fix.end)]
        # a place that was right says little of the rest, and suggestions that stand still are easier to read
        upto = max((fix.end for fix in fixes if fix.verb in _CORRECTIONS), default=0)
        checked = tuple(
            (s.start, s.end, s.label)
            for s in on.spans
            if s.end <= upto and s.state is not SpanState.REJECTED and not on.is_aside(*s.range)
        )
        known = (*self._elsewhere(article_id), *self._by_hand(on), *_said_here(on, fixes))
        return Ask(on.text, checked, upto, known, on.left_out)

    def _elsewhere(self, article_id: int) -> Iterator[Known]:
        """Decisions in other articles that the learner has not learned yet."""
        decisions = self._decisions_but_in(article_id)
        counted: dict[str, dict[str | None, int]] = {}
        for other in sorted(decisions.keys() - {article_id}):
            for words, label, confirmed in decisions[other]:
                votes = counted.setdefault(words, {})
                vote = label if confirmed else None
                votes[vote] = votes.get(vote, 0) + 1
        for words, votes in counted.items():
            mostly = max(votes, key=lambda vote: (votes[vote], vote is not None, vote or ""))
            if mostly is not None or votes[None] >= _REJECTED_OFTEN:
                share = (votes[mostly] + 0.25) / (sum(votes.values()) + 0.5)
                yield Known(words, mostly, round(min(share, _SURE_ELSEWHERE), 4), _MEMORY)

    def _decisions_but_in(self, article_id: int) -> dict[int, list[tuple[str, str, bool]]]:
        """What was decided in each article, as it now stands in all but this one."""
        if self._decisions is None:
            self._decisions = lessons.decisions(self._opened.project, self._waiting)
            self._touched.clear()
        for other in self._touched - {article_id}:
            self._decisions.pop(other, None)
            self._decisions |= lessons.decisions(self._opened.project, self._waiting, other)
        self._touched &= {article_id}
        return self._decisions

    def _by_hand(self, on: AnnotatedArticle) -> tuple[Known, ...]:
        """Entries of the memory whose words stand in the article; there may be thousands that do not."""
        if on.id not in self._found:
            self._matcher = self._matcher or Patterns(self._patterns())
            matches = {on.text[start:end]: label for start, end, label in self._matcher.find(on.text)}
            self._found[on.id] = tuple(
                Known(words, label, CONFIDENCE, SOURCE) for words, label in sorted(matches.items())
            )
        return self._found[on.id]

    # What came of it

    def keep(self, article_id: int, model: str, ask: Ask, reading: Reading) -> None:
        """Take in what the engine made of an article, unless it was asked of another state; what a person
        decided stays as it is.

        :param ask: what was asked; an answer to something that does not hold any more is left.
        """
        project, proposal = self._opened.project, reading.proposal
        if model != self.model or proposal is None:
            return
        if self._opened.sheet(article_id).stored.model != model and not project.read_only:
            self._store_reading(article_id, model, reading)
        if ask == self.ask(article_id):
            made_with = _made_with(proposal.revision, ask)
            is_new = self._opened.sheet(article_id).stored.revision != made_with
            self._opened.sheet(article_id).propose(ask, proposal, made_with)
            if is_new and not project.read_only:
                self._store_proposal(article_id, model)
        self._opened.tell(Changed(frozenset([article_id])))

    def _store_reading(self, article_id: int, model: str, reading: Reading) -> None:
        project = self._opened.project
        with project.transaction():
            suggestion_rows.save_reading(project, article_id, "pipeline", model, reading.suggestions, reading.tokens)
        self._opened.forget(article_id)

    def _store_proposal(self, article_id: int, model: str) -> None:
        """Also of an article that is half decided: what was seen and passed must not change at the next start."""
        project, stored = self._opened.project, self._opened.sheet(article_id).stored
        with project.transaction():
            for kind, spans in (("learner", stored.proposed), ("ghost", stored.ghosts)):
                suggestion_rows.save_reading(project, article_id, kind, model, spans, revision=stored.revision)
            self._opened.count_suggestions(article_id)

    def wants(self, article_id: int, revision: str) -> Ask | None:
        """What to ask about an article; None where it is done or its suggestions are up to date.

        :param revision: what the learner knows.
        """
        sheet = self._opened.sheet(article_id)
        if sheet.standing.state is ArticleState.DONE:
            return None
        ask = self.ask(article_id)
        answered = sheet.answered == (revision, ask) or (sheet.answered is None and _holds(sheet.stored, ask, revision))
        return None if answered and sheet.stored.model == self.model else ask

    # The same work in this process

    @property
    def engine(self) -> Engine:
        """The engine in this process, as learned as the project is; loading it takes about a second."""
        setup = self.setup()
        if self._engine is None or self._engine[:2] != (self.model, setup):
            self.save()
            self._engine = self.model, setup, Engine(load_source(self.model), setup)
        return self._engine[2]

    def catch_up(self, progress: OnProgress | None = None) -> None:
        """Learn everything that was decided so far."""
        if not self.is_on:
            return
        engine = self.engine
        missing = engine.come_to(self.keys())
        if engine.wants_hints:
            for text in self.hints():
                engine.take_hint(text)
            engine.learn_hints()
        for number, key in enumerate(missing):
            if progress is not None:
                progress(number, len(missing))
            engine.learn(self.lesson(key))
        self._learned += len(missing)
        if self._learned >= _SAVED_AFTER:
            self.save()
        self.wait_for([])

    def suggest(self, article_id: int) -> None:
        """Bring an article's suggestions up to what has been learned and decided."""
        engine = self.engine
        if engine.wants_hints:
            self.catch_up()
        self.wait_for(engine.come_to(self.keys()))  # unlearns what was taken back; what is new waits for `catch_up`
        if ask := self.wants(article_id, engine.revision):
            self.keep(article_id, self.model, ask, engine.suggest(ask))

    def may_save(self) -> bool:
        """False where room is short: what was learned can be learned again, and decisions need the room."""
        return not disk.is_short_of_room(self._opened.project.path)

    def save(self) -> None:
        """Keep what the engine in this process has learned."""
        self._learned = 0
        if self._engine is not None and self.may_save():
            self._engine[2].save()


def state_file(project: Path) -> Path:
    """Where what was learned is kept, beside the project."""
    return project.with_name(project.name + ".learned")


def _holds(stored: suggestion_rows.Stored, ask: Ask, revision: str) -> bool:
    """Would the answer be what is stored? While nothing was learned, the pipeline's own suggestions are."""
    if not stored.revision:
        return revision in NOTHING_LEARNED and not ask.upto and not ask.known
    return stored.revision == _made_with(revision, ask)


def _made_with(revision: str, ask: Ask) -> str:
    """What a proposal depends on beside the text: what was learned and, where there is more, a number for that."""
    more = ask.upto or ask.known or ask.asides
    return f"{revision}{suggestion_rows.AND_MORE}{crc32(repr(ask[1:]).encode()):08x}" if more else revision


def _head(text: str) -> str:
    """The beginning of a text, up to a white space: a long one would say no more than a short one."""
    return text if len(text) <= _HINT else text[:_HINT].rpartition(" ")[0] or text[:_HINT]


def _said_here(on: AnnotatedArticle, fixes: list[lessons.Fix]) -> Iterator[Known]:
    """What a person said in this article holds for the same words behind it."""
    for fix in fixes:
        if fix.spread and fix.verb in _SAYS_WORDS:
            there = [span for span in on.confirmed if span.overlaps(fix.start, fix.end)]
            labels = [span.label for span in there if span.range == (fix.start, fix.end)]
            if labels or not there:  # a part of other words by now says nothing of itself
                label = labels[0] if labels else None
                yield Known(on.text[fix.start : fix.end], label, _HERE, _MEMORY)
