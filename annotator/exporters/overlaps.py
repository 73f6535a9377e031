"""Spans moved to whole tokens and into one layer, for formats in which a token has one label only."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from annotator.exporters.base import Ledger, ledger_line
from annotator.model.article import AnnotatedArticle
from annotator.model.span import Span, reading_order

WIDENED = "a span did not meet the token edges and was moved to them"
NO_TOKEN = "a span holds no token"
IN_ASIDE = "a span stands in a passage that is not to be labelled"
TWICE = "a span became the same as another on the token edges"
OVERLAPS = "a span overlaps a longer one"

ToTokens = Callable[[int, int], tuple[int, int] | None]
Overlapping = Callable[[str, AnnotatedArticle, Span], None]


class Layers(NamedTuple):
    """Spans on token edges, in reading order: all of them, and those of which none overlap."""

    every: list[Span]
    longest: list[Span]


@dataclass(slots=True)
class Account:
    """Fills a ledger, one outcome a span, and counts the reasons."""

    ledger: Ledger = field(default_factory=Ledger)
    reasons: Counter[str] = field(default_factory=Counter)

    def written(self) -> None:
        """A span left as it is."""
        self.ledger.written += 1

    def adjusted(self, reason: str, annotated: AnnotatedArticle, span: Span) -> None:
        """A span left in another shape."""
        self.ledger.adjusted += 1
        self._note("adjusted", reason, annotated, span)

    def dropped(self, reason: str, annotated: AnnotatedArticle, span: Span) -> None:
        """A span did not leave."""
        self.ledger.dropped += 1
        self._note("dropped", reason, annotated, span)

    def _note(self, outcome: str, reason: str, annotated: AnnotatedArticle, span: Span) -> None:
        self.reasons[reason] += 1
        self.ledger.lines.append(ledger_line(annotated, span, outcome, reason))

    def closed(self) -> Ledger:
        """The ledger with a note on every reason."""
        for reason, count in self.reasons.items():
            self.ledger.note(f"{count} × {reason}.")
        return self.ledger


def layers(
    annotated: AnnotatedArticle,
    to_tokens: ToTokens,
    account: Account,
    overlapping: Overlapping,
    *,
    exact_first: bool = True,
) -> Layers:
    """The confirmed spans outside asides on token edges; every confirmed one gets its outcome in the account.

    Of spans that come to the same edges, one that stood there before stays, else the longest before.

    :param to_tokens: the token edges around a range, None where it touches no token.
    :param overlapping: `account.adjusted` or `account.dropped`: what becomes of a span that is
        not in `longest`.
    :param exact_first: of spans with one range but several labels, one that stood there before is in `longest`;
        else the first label is, which is what a file in which all of them stand there gives, too.
    """
    moved = [(span, _moved(annotated.text, span, to_tokens)) for span in _outside_asides(annotated, account)]
    first: dict[Span, Span] = {}
    for span, target in sorted(moved, key=_how_far_moved):
        if target:
            first.setdefault(target, span)
    candidates = list(first) if exact_first else sorted(first, key=lambda span: span.label)
    longest = _disjoint(sorted(candidates, key=lambda span: (span.start - span.end, span.start)))
    for span, target in moved:
        if target is None:
            account.dropped(NO_TOKEN, annotated, span)
        elif first[target] is not span:
            account.dropped(TWICE, annotated, span)
        elif target not in longest:
            overlapping(OVERLAPS, annotated, span)
        elif target.range != span.range:
            account.adjusted(WIDENED, annotated, span)
        else:
            account.written()
    return Layers(sorted(first, key=reading_order), longest)


def _outside_asides(annotated: AnnotatedArticle, account: Account) -> list[Span]:
    outside = []
    for span in annotated.confirmed:
        if annotated.is_aside(*span.range):
            account.dropped(IN_ASIDE, annotated, span)
        else:
            outside.append(span)
    return outside


def on_tokens(annotated: AnnotatedArticle, to_tokens: ToTokens, account: Account) -> list[Span]:
    """The confirmed spans outside asides on token edges, overlapping ones too; every one gets its outcome."""
    kept: dict[Span, None] = {}
    for span in _outside_asides(annotated, account):
        target = _moved(annotated.text, span, to_tokens)
        if target is None:
            account.dropped(NO_TOKEN, annotated, span)
        elif target in kept:
            account.dropped(TWICE, annotated, span)
        else:
            kept[target] = None
            if target.range == span.range:
                account.written()
            else:
                account.adjusted(WIDENED, annotated, span)
    return sorted(kept, key=reading_order)


def _how_far_moved(pair: tuple[Span, Span | None]) -> tuple[bool, int, int, str]:
    span, target = pair
    return target is None or target.range != span.range, span.start - span.end, span.start, span.label


def one_layer(spans: Iterable[Span]) -> list[Span]:
    """Those that stay where the longest wins, then the earlier; in reading order."""
    return _disjoint(sorted(spans, key=lambda span: (span.start - span.end, span.start, span.label)))


def _disjoint(spans: Iterable[Span]) -> list[Span]:
    """Those that touch none before them, in reading order."""
    kept: list[Span] = []
    taken: set[int] = set()
    for span in spans:
        points = range(span.start, span.end)
        if taken.isdisjoint(points):
            taken.update(points)
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)


def _moved(text: str, span: Span, to_tokens: ToTokens) -> Span | None:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    end = span.start + len(words.rstrip())
    edges = to_tokens(start, end) if start < end else None
    return Span(*edges, span.label) if edges else None
