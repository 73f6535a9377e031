"""All sources of one project at work: pipeline, learner and memory. For one process, one thread at a time."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar
from zlib import crc32

from annotator.model.aside import Range, covers
from annotator.model.span import Suggestion
from annotator.suggest.base import Ask, Decided, Proposal, Reading, Source, Triple
from annotator.suggest.merging import LEARNER, MEMORY, agreed, mapped, put_over, with_known

if TYPE_CHECKING:
    from annotator.suggest.learner.learner import Learner, Look
    from annotator.suggest.learner.passage import Passage
    from annotator.suggest.learner.spans import Chosen

Cut = tuple[str, tuple[Range, ...]]  # a text, and the asides that are cut out of it

Key = TypeVar("Key")
Value = TypeVar("Value")

_KEPT_TEXTS, _KEPT_LOOKS = 64, 16
_ENOUGH = 3  # entities of an article to propose its rest by, before anything else was learned
_UNMEASURED = 0.5
# The same words in another article may mean another thing: on re3d, words that the first ten articles agree on
# were right at four places of five or a little less.
_MOST_BY_WORDS = 0.75
_GHOST = 0.05  # the least probability of any entity at a place that is worth a look
NOTHING_LEARNED = ("0", "0 hinted")  # revisions before the first lesson
_YOUNG, _AGREED = 10, 0.8  # lessons before it is trusted more than the memory; share of the evidence
HINTED = 60  # articles whose pipeline suggestions the learner begins with


class Setup(NamedTuple):
    """What an engine works for.

    :param labels: those that may be suggested, in their order.
    :param label_of: from a pipeline's label to the project's.
    :param state: the learner's file beside the project; None to keep nothing.
    """

    labels: tuple[str, ...]
    label_of: Mapping[str, str]
    state: Path | None = None


class Engine:
    """Reads, suggests and learns.

    :param source: the pipeline.
    """

    def __init__(self, source: Source, setup: Setup) -> None:
        from annotator.suggest.learner import state

        self._source, self._setup = source, setup
        self._texts: OrderedDict[str, Reading] = OrderedDict()
        self._passages: OrderedDict[Cut, Passage] = OrderedDict()
        self._looks: OrderedDict[tuple[Cut, str], Look] = OrderedDict()
        self._kept = state.State(setup.state, source.name, setup.labels)
        self._learner: Learner = self._kept.load()
        self._hints: list[tuple[Passage, list[tuple[int, int, str]]]] = []
        self._hinting: Iterator[None] | None = None

    @property
    def revision(self) -> str:
        """What has been learned, in a few words: how many articles, and a number for which and in what order."""
        keys = self._learner.keys
        return f"{len(keys)} {crc32(' '.join(keys).encode()):08x}" if keys else NOTHING_LEARNED[self._learner.hinted]

    # Suggesting

    def suggest(self, ask: Ask) -> Reading:
        """The pipeline's reading with the proposal of all sources."""
        reading, passage = self._read(ask.text, ask.asides)
        pipeline = mapped(reading.suggestions, self._setup.label_of)
        learner = self._learner
        if not learner.taught and not (ask.upto and (learner.hinted or len(ask.checked) >= _ENOUGH)):
            suggestions, ghosts = pipeline, list[Suggestion]()
        else:
            suggestions, ghosts = self._learned(ask, passage, pipeline)
            suggestions += [s for s in pipeline if any(a <= s.start and s.end <= b for a, b in ask.asides)]
        kept = with_known(ask.text, [s for s in suggestions if s.start >= ask.upto], ask.known, ask.upto)
        seen = [g for g in ghosts if g.start >= ask.upto and not any(g.start < s.end and s.start < g.end for s in kept)]
        return reading._replace(proposal=Proposal(kept, seen, self.revision))

    def _read(self, text: str, asides: tuple[Range, ...] = ()) -> "tuple[Reading, Passage]":
        """The pipeline's reading of a text, and the words of it that the learner sees: none in asides."""
        reading = _kept(self._texts, text, lambda: self._source.read(text), _KEPT_TEXTS)
        return reading, _kept(self._passages, (text, asides), lambda: _passage(text, reading, asides), _KEPT_TEXTS)

    def _look(self, cut: Cut, passage: "Passage") -> "Look":
        return _kept(self._looks, (cut, self.revision), lambda: self._learner.look(passage), _KEPT_LOOKS)

    def _learned(
        self, ask: Ask, passage: "Passage", pipeline: Sequence[Suggestion]
    ) -> tuple[list[Suggestion], list[Suggestion]]:
        from annotator.suggest.learner.spans import cheapest, left_over

        look, table = self._look((ask.text, ask.asides), passage), None
        if ask.upto:
            checked = passage.places(_flat(ask.checked))
            table = self._learner.revise(look, checked, passage.words_before(ask.upto))
        table = look.table if table is None else table
        chosen = cheapest(table)
        others = self._others(passage, look, pipeline)
        made = [self._suggestion(passage, each, look) for each in chosen]
        if not self._learner.taught:
            made = [_as_sure_as(each, pipeline) for each in made]
        if len(self._learner.taught) < _YOUNG:
            made = self._with_memory(ask.text, made, passage, look)
        return [agreed(each, others) for each in sorted(made)], [
            self._suggestion(passage, each, look) for each in left_over(table, chosen, _GHOST)
        ]

    def _suggestion(self, passage: "Passage", chosen: "Chosen", look: "Look") -> Suggestion:
        """As sure as the learner was before anything was decided in the article, and is now, on average: what it
        concludes from a few decisions in one article was never measured.
        """
        first, last, label, probability = chosen
        before = look.table.get((first, last), {}).get(label, 0.0)
        confidence = round(self._learner.calibration(probability, before), 4)
        return Suggestion(int(passage.starts[first]), int(passage.ends[last - 1]), label, confidence, LEARNER)

    def _with_memory(self, text: str, made: list[Suggestion], passage: "Passage", look: "Look") -> list[Suggestion]:
        """Words that the decisions agree on, put over what a learner makes of them that knows little yet."""
        for first, last, label, share, _ in look.recalled[0]:
            start, end = int(passage.starts[first]), int(passage.ends[last - 1])
            if share > _AGREED:
                same = [each for each in made if each[:3] == (start, end, label)]
                sure = max([round(min(share, _MOST_BY_WORDS), 4), *(each.confidence or 0.0 for each in same)])
                source = same[0].source if same else MEMORY
                made = put_over(text, made, start, end, Suggestion(start, end, label, sure, source))
        return made

    def _others(
        self, passage: "Passage", look: "Look", pipeline: Sequence[Suggestion]
    ) -> dict[tuple[int, int, str], list[str]]:
        others: dict[tuple[int, int, str], list[str]] = {}
        for suggestion in pipeline:
            others.setdefault(suggestion[:3], []).append(suggestion.source)
        for recalled in look.recalled:
            for first, last, label, share, _ in recalled:
                if share > 0.5:
                    place = int(passage.starts[first]), int(passage.ends[last - 1]), label
                    others.setdefault(place, []).append(MEMORY)
        return others

    # Learning

    def come_to(self, wanted: Sequence[str]) -> list[str]:
        """Unlearn what is not wanted any more; returns the keys of what is still to be learned, in order.

        Lessons that were taken back lately are unlearned exactly. Where an older one is not wanted any more, all
        is learned again; where it was only corrected, the new one is learned instead of it.

        :param wanted: keys of all decided articles in the order in which they were decided; "12:*" wants
            whatever was learned of article 12.
        """
        learner = self._learner
        steps = next((n for n, keys in enumerate(learner.past_keys()) if len(_wanted(keys, wanted)) == len(keys)), None)
        if steps is not None:
            for _ in range(steps):
                learner.take_back()
        elif not {article_of(key) for key in learner.keys} <= {article_of(key) for key in wanted}:
            self._learner, self._hinting = self._kept.fresh(), None
        have = set(self._learner.keys)
        known = {article_of(key) for key in have}
        return [key for key in wanted if key not in have and not (_is_any(key) and article_of(key) in known)]

    @property
    def wants_hints(self) -> bool:
        """Is there nothing to begin with, and a pipeline that could suggest it?"""
        learner = self._learner
        return not learner.hinted and not learner.taught and any(x in self._setup.label_of for x in self._source.labels)

    def take_hint(self, text: str) -> None:
        """One of the articles to begin with, as the pipeline reads it."""
        reading, passage = self._read(text)
        self._hints.append((passage, hinted(passage, mapped(reading.suggestions, self._setup.label_of))))

    def learn_hints(self) -> None:
        """Begin with the hints that were taken."""
        while self.learn_a_hint():
            pass

    def learn_a_hint(self) -> bool:
        """The next small piece of that; False when it was the last."""
        if self._hinting is None:
            self._hinting = self._learner.hinting(self._hints if self.wants_hints else [])
        for _ in self._hinting:
            return True
        self._hinting, self._hints = None, []
        self._looks.clear()
        return False

    def learn(self, decided: Decided) -> None:
        """Learn one article."""
        _, passage = self._read(decided.text, decided.asides)
        article = article_of(decided.key)
        older = next((key for key in self._learner.keys if article_of(key) == article), None)
        look = self._look((decided.text, decided.asides), passage)
        self._learner.learn(decided.key, look, passage.places(_flat(decided.spans)), instead_of=older)
        self._looks.clear()

    def save(self) -> None:
        """Keep what was learned since the last time."""
        self._kept.save(self._learner)


def _kept(known: OrderedDict[Key, Value], key: Key, make: Callable[[], Value], most: int) -> Value:
    """The value of a key, made where it is not known; those asked for last are kept."""
    value = known.pop(key) if key in known else make()
    known[key] = value
    while len(known) > most:
        known.popitem(last=False)
    return value


def _passage(text: str, reading: Reading, asides: Sequence[Range]) -> "Passage":
    """The words of a text outside its asides."""
    from annotator.suggest.learner.passage import passage

    tokens = reading.tokens
    seen = [not covers(asides, *token) for token in tokens] if asides else [True] * len(tokens)
    hints, leanings = (tuple(compress(of, seen)) for of in (reading.hints, reading.leanings))
    return passage(text, list(compress(tokens, seen)), hints, leanings)


def _as_sure_as(suggestion: Suggestion, pipeline: Sequence[Suggestion]) -> Suggestion:
    """Before the first lesson nothing is known of how often the learner is right: the pipeline's word counts."""
    same = [each.confidence for each in pipeline if each[:3] == suggestion[:3] and each.confidence is not None]
    return suggestion._replace(confidence=same[0] if same else min(suggestion.confidence or 0.0, _UNMEASURED))


def article_of(key: str) -> str:
    """The article that a lesson is about."""
    return key.partition(":")[0]


def _is_any(key: str) -> bool:
    return key.endswith(":*")


def _wanted(keys: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Those of the lessons that are wanted."""
    exact, any_version = set(wanted), {article_of(key) for key in wanted if _is_any(key)}
    return [key for key in keys if key in exact or article_of(key) in any_version]


def hinted(passage: "Passage", suggestions: Sequence[Suggestion]) -> list[tuple[int, int, str]]:
    """Suggestions as places, without articles before names and endings behind them: annotators leave these out."""
    places = []
    for first, last, label in passage.places([s[:3] for s in suggestions]):
        first += last - first > 1 and passage.lower[first] == "the"
        last -= last - first > 1 and passage.lower[last - 1] in ("'s", "’s")
        places.append((first, last, label))
    return places


def _flat(spans: Sequence[Triple]) -> list[Triple]:
    """Without those that touch one that begins earlier, or there and is longer: a word has one tag."""
    kept: list[Triple] = []
    for start, end, label in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, label))
    return kept
