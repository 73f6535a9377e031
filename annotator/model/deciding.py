"""What each decision does to an article's spans. Pure: an article goes in, edits of rows come out.

Same occurrences: where a decision reaches `everywhere`, it reaches every place in the article
where the same words stand, whole and in the same casing, unless a person decided that place
otherwise, it lies inside a longer span or in an aside. What was decided there as it was here, the same label or the
same rejection, was the same mistake and goes along. With `everywhere="later"` it reaches only the places that
begin behind the decided one: whoever reads from the top has checked what stands before it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from annotator.model.article import AnnotatedArticle
from annotator.model.span import Decision, Span, SpanState, Was, reading_order
from annotator.model.tokens import occurrences

PERSON = "person"

# The decided place alone, all same occurrences, or only those behind it.
Reach = bool | Literal["later"]


class Edit(NamedTuple):
    """One decided span before and after; None where there was or is no row."""

    before: Span | None
    after: Span | None


def confirm(on: AnnotatedArticle, span: Span, everywhere: Reach = False) -> list[Edit]:
    """The span is right as it stands."""
    alike = [s for s in _alike(on, span, everywhere) if s.state is SpanState.SUGGESTED]
    return _settled(on, [_edit(s, _confirmed(s, *s.range, s.label)) for s in [span, *alike]])


def reject(on: AnnotatedArticle, span: Span, everywhere: Reach = False) -> list[Edit]:
    """The span is no entity. One that a person added goes; a proposed one stays, as rejected.

    Everywhere: a suggestion that is rejected takes no confirmed span with it, a confirmed one does.
    """
    was_confirmed = span.state is SpanState.CONFIRMED
    alike = [s for s in _alike(on, span, everywhere) if was_confirmed or s.state is SpanState.SUGGESTED]
    return _settled(on, [_rejection(s) for s in [span, *alike]])


def relabel(on: AnnotatedArticle, span: Span, label: str, everywhere: Reach = False) -> list[Edit]:
    """The span is an entity of another kind."""
    edits = [_edit(span, _confirmed(span, *span.range, label))]
    edits += _copies(on, *span.range, label, instead_of=span, everywhere=everywhere)
    return _settled(on, edits)


def relabel_all(on: AnnotatedArticle, spans: Iterable[Span], label: str) -> list[Edit]:
    """Several spans are entities of another kind."""
    return _settled(on, [_edit(span, _confirmed(span, *span.range, label)) for span in spans])


def add(on: AnnotatedArticle, start: int, end: int, label: str, everywhere: Reach = False) -> list[Edit]:
    """[start, end) is an entity; where a span has exactly that range, it is relabelled."""
    at_range = [span for span in on.spans if span.range == (start, end)]
    there = min(at_range, key=lambda span: (span.state is SpanState.REJECTED, span.label != label), default=None)
    edits = [_labelled(there, start, end, label)]
    edits += _copies(on, start, end, label, instead_of=there, everywhere=everywhere)
    return _settled(on, edits)


def resize(on: AnnotatedArticle, span: Span, start: int, end: int, everywhere: Reach = False) -> list[Edit]:
    """The span reaches from start to end."""
    edits = [_edit(span, _confirmed(span, start, end, span.label))]
    left, right, surface = start - span.start, end - span.end, on.text[start:end]
    for other in _alike(on, span, everywhere):
        a, b = other.start + left, other.end + right
        if a >= 0 and on.text[a:b] == surface and _reaches(everywhere, min(a, other.start), end):
            edits.append(_edit(other, _confirmed(other, a, b, other.label)))
    return _settled(on, edits)


def confirm_rest(on: AnnotatedArticle) -> list[Edit]:
    """Every suggestion that is left is right."""
    return _settled(on, [_edit(s, _confirmed(s, *s.range, s.label)) for s in on.suggested])


def accept_ghost(on: AnnotatedArticle, ghost: Span, label: str, everywhere: Reach = False) -> list[Edit]:
    """An entity stands where the source left the place unmarked: an addition, which keeps source and confidence."""
    return add(_with_ghosts_like(on, ghost), *ghost.range, label, everywhere)


def dismiss_ghost(on: AnnotatedArticle, ghost: Span, everywhere: Reach = False) -> list[Edit]:
    """No entity stands there; other ghosts of the same words go along, suggestions do not."""
    alike = _with_ghosts_like(on, ghost)
    return reject(replace(alike, spans=tuple(span for span in alike.spans if span.is_ghost)), ghost, everywhere)


def take_over(on: AnnotatedArticle, spans: Iterable[tuple[Span, tuple[int, int]]], source: str) -> list[Edit]:
    """Decisions on another article hold here too, but in asides; where a person decided here already, that stays.

    :param spans: decided spans of the other article, each with its place in this one.
    :param source: names the other article.
    """
    decided = [span for span in on.spans if span.state is not SpanState.SUGGESTED]
    edits = []
    for span, (start, end) in spans:
        if span.state is SpanState.SUGGESTED or any(other.overlaps(start, end) for other in decided):
            continue
        if on.is_aside(start, end):
            continue
        decision = Decision.CONFIRM if span.state is SpanState.CONFIRMED else Decision.REJECT
        edits.append(Edit(None, Span(start, end, span.label, span.state, source, decision=decision)))
    return _settled(on, edits)


def decide(on: AnnotatedArticle, wanted: Iterable[tuple[int, int, str]]) -> list[Edit]:
    """These are the article's spans: confirms, relabels, resizes, adds; rejects all others."""
    left = sorted(set(wanted))
    free = [span for span in on.spans if span.state is not SpanState.REJECTED]
    rejected = list(on.rejected)
    edits: list[Edit] = []
    stages = [(free, fits) for fits in (_same, _same_range, _touching_alike, _touching)]
    for spans, fits in [*stages, (rejected, _same), (rejected, _same_range)]:
        for want in list(left):
            found = next((span for span in spans if fits(span, *want)), None)
            if found is not None:
                edits.append(_edit(found, _confirmed(found, *want)))
                spans.remove(found)
                left.remove(want)
    edits += [_labelled(None, *want) for want in left]
    return _settled(on, edits + [_rejection(span) for span in free])


def _same(span: Span, start: int, end: int, label: str) -> bool:
    return (span.start, span.end, span.label) == (start, end, label)


def _same_range(span: Span, start: int, end: int, _label: str) -> bool:
    return span.range == (start, end)


def _touching_alike(span: Span, start: int, end: int, label: str) -> bool:
    return span.label == label and span.overlaps(start, end)


def _touching(span: Span, start: int, end: int, _label: str) -> bool:
    return span.overlaps(start, end)


def _confirmed(span: Span, start: int, end: int, label: str) -> Span:
    """The span after a person made it [start, end) with this label."""
    was: Was | None = None
    if span.source == PERSON or span.was_unmarked:
        decision = Decision.ADD
    else:
        proposed = span.was or Was(*span.range, span.label)
        was = None if proposed == (start, end, label) else proposed
        decision = _what_changed(was, start, end)
    state = SpanState.CONFIRMED
    return replace(span, start=start, end=end, label=label, state=state, decision=decision, was=was)


def _what_changed(was: Was | None, start: int, end: int) -> Decision:
    if was is None:
        return Decision.CONFIRM
    return Decision.RELABEL if (was.start, was.end) == (start, end) else Decision.RESIZE


def _with_ghosts_like(on: AnnotatedArticle, ghost: Span) -> AnnotatedArticle:
    """The article as if its ghosts of the same words were suggestions."""
    words = on.surface(ghost)
    alike = [other for other in on.ghosts if on.surface(other) == words]
    return replace(on, spans=tuple(sorted([*on.spans, *alike], key=reading_order)))


def _labelled(there: Span | None, start: int, end: int, label: str) -> Edit:
    if there is not None:
        return _edit(there, _confirmed(there, start, end, label))
    return Edit(None, _confirmed(Span(start, end, label), start, end, label))


def _edit(span: Span, after: Span) -> Edit:
    return Edit(span if span.id is not None else None, after)


def _rejection(span: Span) -> Edit:
    """What the source proposed is what was wrong; a person's own span just goes."""
    if span.source == PERSON:
        return Edit(span, None)
    start, end, label = span.was or (*span.range, span.label)
    after = replace(
        span, start=start, end=end, label=label, state=SpanState.REJECTED, decision=Decision.REJECT, was=None
    )
    return _edit(span, after)


def _reaches(everywhere: Reach, place: int, end: int) -> bool:
    """Does a decision on a span that ends at `end` reach a place that begins at `place`?"""
    return place >= end if everywhere == "later" else everywhere


def _alike(on: AnnotatedArticle, span: Span, everywhere: Reach) -> list[Span]:
    """The other spans in reach with the same words and the same label that are not rejected."""
    if not everywhere:
        return []
    surface = on.surface(span)
    return [
        other
        for other in on.spans
        if other.label == span.label
        and other.range != span.range
        and other.state is not SpanState.REJECTED
        and on.surface(other) == surface
        and not on.is_aside(*other.range)
        and _reaches(everywhere, other.start, span.end)
    ]


def _copies(
    on: AnnotatedArticle, start: int, end: int, label: str, instead_of: Span | None, everywhere: Reach
) -> Iterator[Edit]:
    """The same label for every other place in reach with the same words."""
    if not everywhere:
        return
    shown = _ByStart(on.spans)
    for a, b in _places(on, start, end):
        if not _reaches(everywhere, a, end):
            continue
        exact = [s for s in shown.touching(a, b) if s.range == (a, b)]
        if exact:
            yield from (_edit(s, _confirmed(s, a, b, label)) for s in exact if _may_change(s, instead_of))
        elif not (a < end and start < b) and not any(_in_the_way(s, a, b) for s in shown.touching(a, b)):
            yield _labelled(None, a, b, label)


def _places(on: AnnotatedArticle, start: int, end: int) -> list[tuple[int, int]]:
    surface = on.text[start:end]
    places = set(occurrences(on.text, surface))
    places |= {span.range for span in on.spans if on.surface(span) == surface}
    return sorted(place for place in places - {(start, end)} if not on.is_aside(*place))


def _may_change(span: Span, instead_of: Span | None) -> bool:
    """A suggestion may; of what a person decided only what was the same mistake."""
    if span.state is SpanState.SUGGESTED:
        return True
    if instead_of is None or span.label != instead_of.label:
        return False
    return span.state is SpanState.CONFIRMED or instead_of.state is SpanState.REJECTED


def _in_the_way(span: Span, start: int, end: int) -> bool:
    """A longer or a crossing span keeps the place; a shorter suggestion inside it gives way."""
    inside = start <= span.start and span.end <= end
    return span.state is SpanState.CONFIRMED or (span.state is SpanState.SUGGESTED and not inside)


class _ByStart:
    """The spans that touch a range, found by bisection."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans  # sorted by start, as in every AnnotatedArticle
        self._starts = [span.start for span in spans]
        self._longest = max((span.end - span.start for span in spans), default=0)

    def touching(self, start: int, end: int) -> list[Span]:
        first = bisect_right(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [span for span in self._spans[first:last] if span.end > start]


def _settled(on: AnnotatedArticle, edits: list[Edit]) -> list[Edit]:
    """No edit that changes nothing, and no two rows of the same range and label: the confirmed one stays."""
    edits = [e for e in edits if e.before is None or e.after is None or not _equal(e.before, e.after)]
    touched = {e.before.id for e in edits if e.before is not None}
    rows = {(*s.range, s.label): Edit(s, s) for s in on.spans if s.id is not None and s.id not in touched}
    settled = [e for e in edits if e.after is None]
    for edit in sorted((e for e in edits if e.after is not None), key=_confirmed_first):
        assert edit.after is not None
        key = (*edit.after.range, edit.after.label)
        other = rows.get(key)
        if other is not None and _outranks(other, edit):
            settled += [Edit(edit.before, None)] if edit.before is not None else []
            continue
        if other is not None:
            settled.append(Edit(other.before, None))
        rows[key] = edit
        settled.append(edit)
    return _in_turn(settled)


def _in_turn(edits: list[Edit]) -> list[Edit]:
    """What goes, goes first, and a row whose place another takes goes and comes again: no two are ever equal."""
    coming = {(*edit.after.range, edit.after.label): edit for edit in edits if edit.after}
    turns: list[Edit] = []
    for edit in edits:
        before, after = edit
        if before and after and coming.get((*before.range, before.label), edit) is not edit:
            turns += [Edit(before, None), Edit(None, after)]
        else:
            turns.append(edit)
    return sorted(turns, key=lambda turn: turn.after is not None)


def _equal(before: Span, after: Span) -> bool:
    return (before.range, before.label, before.state) == (after.range, after.label, after.state)


def _confirmed_first(edit: Edit) -> bool:
    return edit.after is not None and edit.after.state is not SpanState.CONFIRMED


def _outranks(other: Edit, edit: Edit) -> bool:
    """Two rows would be the same span: does the other one stay?"""
    assert other.after is not None
    assert edit.after is not None
    return other.after.state is SpanState.CONFIRMED or edit.after.state is SpanState.REJECTED
