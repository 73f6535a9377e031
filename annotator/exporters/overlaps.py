"""Spans moved to whole tokens and into one layer, for formats in which a token has one label only."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from annotator.exporters.base import Ledger
from annotator.model.article import AnnotatedArticle
from annotator.model.span import Span, reading_order

WIDENED = "a span did not meet the token edges and was moved to them"
NO_TOKEN = "a span holds no token"
IN_ASIDE = "a span stands in a passage that is not to be labelled"
TWICE = "a span became the same as another on the token edges"

ToTokens = Callable[[int, int], tuple[int, int] | None]


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

    def adjusted(self, reason: str) -> None:
        """A span left in another shape."""
        self.ledger.adjusted += 1
        self.reasons[reason] += 1

    def dropped(self, reason: str) -> None:
        """A span did not leave."""
        self.ledger.dropped += 1
        self.reasons[reason] += 1

    def closed(self) -> Ledger:
        """The ledger with a note on every reason."""
        for reason, count in self.reasons.items():
            self.ledger.note(f"{count} × {reason}.")
        return self.ledger


def layers(
    annotated: AnnotatedArticle, to_tokens: ToTokens, account: Account, overlapping: Callable[[str], None]
) -> Layers:
    """The confirmed spans outside asides on token edges; every confirmed one gets its outcome in the account.

    :param to_tokens: the token edges around a range, None where it touches no token.
    :param overlapping: `account.adjusted` or `account.dropped`: what becomes of a span that is
        not in `longest`.
    """
    labelled = [span for span in annotated.confirmed if not annotated.is_aside(*span.range)]
    for _ in range(len(annotated.confirmed) - len(labelled)):
        account.dropped(IN_ASIDE)
    moved = [(span, _moved(annotated.text, span, to_tokens)) for span in labelled]
    first = {target: span for span, target in reversed(moved) if target}
    longest = one_layer(first)
    for span, target in moved:
        if target is None:
            account.dropped(NO_TOKEN)
        elif first[target] is not span:
            account.dropped(TWICE)
        elif target not in longest:
            overlapping("a span overlaps a longer one")
        elif target.range != span.range:
            account.adjusted(WIDENED)
        else:
            account.written()
    return Layers(sorted(first, key=reading_order), longest)


def on_tokens(annotated: AnnotatedArticle, to_tokens: ToTokens, account: Account) -> list[Span]:
    """The confirmed spans on token edges, overlapping ones too; every one gets its outcome in the account."""
    kept: dict[Span, None] = {}
    for span in annotated.confirmed:
        target = _moved(annotated.text, span, to_tokens)
        if target is None:
            account.dropped(NO_TOKEN)
        elif target in kept:
            account.dropped(TWICE)
        else:
            kept[target] = None
            account.written() if target.range == span.range else account.adjusted(WIDENED)
    return sorted(kept, key=reading_order)


def one_layer(spans: Iterable[Span]) -> list[Span]:
    """Those that stay where the longest wins, then the earlier; in reading order."""
    kept: list[Span] = []
    taken: set[int] = set()
    for span in sorted(spans, key=lambda span: (span.start - span.end, span.start, span.label)):
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
