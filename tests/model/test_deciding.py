"""What each decision does, held to definitions that are written down here once more, by brute force.

Random articles of few words and few labels, so that spans meet, nest, repeat and collide.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model import deciding
from annotator.model.article import AnnotatedArticle, Article
from annotator.model.deciding import Edit, Reach
from annotator.model.span import Decision, Span, SpanState, Was, shown_spans
from annotator.model.tokens import occurrences, rough_tokens

often = settings(deadline=None, max_examples=200)

LABELS = ("LOC", "ORG", "PER")
WORDS = ("New", "York", "Reuters", "Reuters-owned", "Times,", "阿里巴巴", "Jose\u0301", "🚀")
CONFIRMED = (Decision.CONFIRM, Decision.RELABEL, Decision.RESIZE)

texts = st.lists(st.sampled_from(WORDS), min_size=2, max_size=12).map(" ".join)
labels = st.sampled_from(LABELS)
reaches: st.SearchStrategy[Reach] = st.sampled_from([False, True, "later"])


@dataclass(frozen=True)
class Drawn:
    """An article, and the suggestions that its spans were made from."""

    on: AnnotatedArticle
    suggested: tuple[Span, ...]

    @property
    def rows(self) -> dict[int, Span]:
        """The decided spans by id."""
        return {span.id: span for span in self.on.spans if span.id is not None}


@st.composite
def ranges(draw: st.DrawFn, text: str) -> tuple[int, int]:
    """Mostly a run of one to three tokens; now and then any characters."""
    tokens = rough_tokens(text)
    if draw(st.integers(0, 9)) == 0:
        start = draw(st.integers(0, len(text) - 1))
        return start, draw(st.integers(start + 1, min(start + 9, len(text))))
    first = draw(st.integers(0, len(tokens) - 1))
    last = draw(st.integers(first, min(first + 2, len(tokens) - 1)))
    return tokens[first][0], tokens[last][1]


@st.composite
def decided(draw: st.DrawFn, text: str, number: int) -> Span:
    start, end = draw(ranges(text))
    uid = f"span-{number}"
    own = Span(start, end, draw(labels), SpanState.CONFIRMED, decision=Decision.ADD, id=number, uid=uid)
    proposed = replace(own, source="model", confidence=0.5)
    if draw(st.booleans()):
        return own
    if draw(st.booleans()):
        return replace(proposed, state=SpanState.REJECTED, decision=Decision.REJECT)
    was = Was(*draw(ranges(text)), draw(labels)) if draw(st.booleans()) else None
    was = None if was == (*own.range, own.label) else was
    return replace(proposed, decision=draw(st.sampled_from(CONFIRMED)), was=was)


@st.composite
def articles(draw: st.DrawFn) -> Drawn:
    text = draw(texts)
    rows: dict[tuple[int, int, str], Span] = {}
    for number in range(1, draw(st.integers(0, 6)) + 1):
        span = draw(decided(text, number))
        rows.setdefault((*span.range, span.label), span)
    places = draw(st.lists(st.tuples(ranges(text), labels), max_size=8))
    suggested = tuple(Span(*place, label, source="model", confidence=0.5) for place, label in places)
    shown = shown_spans(rows.values(), suggested)
    return Drawn(AnnotatedArticle(1, Article("a", text), shown, rough_tokens(text)), suggested)


Key = tuple[int, int, str]
States = dict[Key, SpanState]
Rows = dict[int, Span]


def key_of(span: Span) -> Key:
    return span.start, span.end, span.label


def applied(rows: Rows, edits: Iterable[Edit]) -> Rows:
    """The rows after the edits, one by one; no two may be the same span at any moment."""
    rows = dict(rows)
    for before, after in edits:
        if before is not None:
            assert before.id is not None
            assert rows.pop(before.id) == before
        if after is not None:
            row_id = after.id if after.id is not None else max([100, *rows]) + 1
            assert row_id not in rows
            assert key_of(after) not in {key_of(row) for row in rows.values()}
            rows[row_id] = after
    return rows


def with_ids(edits: list[Edit]) -> list[Edit]:
    """New rows get an id, as the store gives them one."""
    return [
        Edit(before, replace(after, id=1000 + n) if after is not None and after.id is None else after)
        for n, (before, after) in enumerate(edits)
    ]


def states(rows: Iterable[Span]) -> States:
    return {key_of(row): row.state for row in rows}


def proposed(span: Span) -> Key:
    return tuple(span.was) if span.was else key_of(span)


def expected(drawn: Drawn, confirmed: dict[Key, Key], rejected: Iterable[Span] = ()) -> States:
    """The decided spans when shown spans become others.

    :param confirmed: from the place of a span, or of nothing, to what it becomes.
    """
    rejected = list(rejected)
    moved = {*confirmed, *map(key_of, rejected)}
    after = {key: state for key, state in states(drawn.rows.values()).items() if key not in moved}
    for span in rejected:
        if span.source != "person":
            after.setdefault(proposed(span), SpanState.REJECTED)
    return after | dict.fromkeys(confirmed.values(), SpanState.CONFIRMED)


def alike(on: AnnotatedArticle, span: Span, everywhere: Reach) -> list[Span]:
    """The other spans of the same words and label that nobody rejected, as far as a decision reaches."""
    return [
        other
        for other in on.spans
        if other.range != span.range
        and (other.label, on.surface(other)) == (span.label, on.surface(span))
        and other.state is not SpanState.REJECTED
        and in_reach(everywhere, other.start, span.end)
    ]


def in_reach(everywhere: Reach, place: int, end: int) -> bool:
    return {False: False, True: True, "later": place >= end}[everywhere]


def copies(on: AnnotatedArticle, start: int, end: int, instead_of: Span | None, everywhere: Reach) -> set[Key]:
    """Where a label goes when it is given everywhere, or later: the places with the same words that nobody decided
    otherwise, and the ranges with nothing in the way."""
    words = on.text[start:end]
    places = set(occurrences(on.text, words)) | {s.range for s in on.spans if on.surface(s) == words}
    found: set[Key] = set()
    for a, b in {place for place in places - {(start, end)} if in_reach(everywhere, place[0], end)}:
        there = [span for span in on.spans if span.range == (a, b)]
        found |= {
            key_of(span) for span in there if span.state is SpanState.SUGGESTED or is_same_mistake(span, instead_of)
        }
        if not there and not (a < end and start < b) and not any(keeps_away(s, a, b) for s in on.spans):
            found.add((a, b, ""))
    return found


def is_same_mistake(span: Span, other: Span | None) -> bool:
    """A rejected span only goes along with a rejected one."""
    if other is None or span.label != other.label:
        return False
    return not (span.state is SpanState.REJECTED and other.state is not SpanState.REJECTED)


def keeps_away(span: Span, start: int, end: int) -> bool:
    """A confirmed span that touches the place, or a suggestion that reaches out of it."""
    if span.state is SpanState.REJECTED or span.end <= start or end <= span.start:
        return False
    return span.state is SpanState.CONFIRMED or span.start < start or span.end > end


def one_of(data: st.DataObject, drawn: Drawn) -> Span:
    return data.draw(st.sampled_from(drawn.on.spans), label="span")


with_spans = articles().filter(lambda drawn: bool(drawn.on.spans))


def held(drawn: Drawn, edits: list[Edit], wanted: States) -> None:
    """What must be true of the edits of every verb."""
    edits = with_ids(edits)
    rows = applied(drawn.rows, edits)
    assert states(rows.values()) == wanted
    assert applied(rows, [Edit(after, before) for before, after in reversed(edits)]) == drawn.rows
    for before, after in edits:
        assert before != after
    for row in rows.values():
        assert row.decision is not None
        assert (row.decision is Decision.REJECT) == (row.state is SpanState.REJECTED)
        assert row.was != key_of(row)
    touched = {edit.before.id for edit in edits if edit.before is not None}
    assert all(rows[row_id] is row for row_id, row in drawn.rows.items() if row_id not in touched)


@often
@given(with_spans, reaches, st.data())
def test_confirm(drawn: Drawn, everywhere: Reach, data: st.DataObject) -> None:
    span = one_of(data, drawn)
    reached = [s for s in alike(drawn.on, span, everywhere) if s.state is SpanState.SUGGESTED]
    wanted = expected(drawn, {key_of(s): key_of(s) for s in [span, *reached]})
    held(drawn, deciding.confirm(drawn.on, span, everywhere), wanted)


@often
@given(with_spans, reaches, st.data())
def test_reject(drawn: Drawn, everywhere: Reach, data: st.DataObject) -> None:
    span = one_of(data, drawn)
    confirmed_too = span.state is SpanState.CONFIRMED
    reached = [s for s in alike(drawn.on, span, everywhere) if confirmed_too or s.state is SpanState.SUGGESTED]
    wanted = expected(drawn, {}, [span, *reached])
    held(drawn, deciding.reject(drawn.on, span, everywhere), wanted)


@often
@given(with_spans, labels, reaches, st.data())
def test_relabel(drawn: Drawn, label: str, everywhere: Reach, data: st.DataObject) -> None:
    span = one_of(data, drawn)
    reached = copies(drawn.on, *span.range, span, everywhere)
    wanted = expected(drawn, {key: (*key[:2], label) for key in [key_of(span), *reached]})
    held(drawn, deciding.relabel(drawn.on, span, label, everywhere), wanted)


@often
@given(with_spans, labels, st.data())
def test_relabel_all(drawn: Drawn, label: str, data: st.DataObject) -> None:
    spans = data.draw(st.lists(st.sampled_from(drawn.on.spans), unique=True))
    wanted = expected(drawn, {key_of(span): (*span.range, label) for span in spans})
    held(drawn, deciding.relabel_all(drawn.on, spans, label), wanted)


@often
@given(articles(), labels, reaches, st.data())
def test_add(drawn: Drawn, label: str, everywhere: Reach, data: st.DataObject) -> None:
    start, end = data.draw(ranges(drawn.on.text))
    there = [span for span in drawn.on.spans if span.range == (start, end)]
    kept = [span for span in there if span.state is not SpanState.REJECTED]
    chosen = [span for span in kept or there if span.label == label] or kept or there
    reached = copies(drawn.on, start, end, chosen[0] if chosen else None, everywhere)
    here = (start, end, chosen[0].label if chosen else label)
    wanted = expected(drawn, {key: (*key[:2], label) for key in [here, *reached]})
    held(drawn, deciding.add(drawn.on, start, end, label, everywhere), wanted)


@often
@given(with_spans, reaches, st.data())
def test_resize(drawn: Drawn, everywhere: Reach, data: st.DataObject) -> None:
    span = one_of(data, drawn)
    start, end = data.draw(ranges(drawn.on.text), label="to")
    words, moved = drawn.on.text[start:end], {key_of(span): (start, end, span.label)}
    for other in alike(drawn.on, span, everywhere):
        a, b = other.start + start - span.start, other.end + end - span.end
        if not (in_reach(everywhere, a, end) and in_reach(everywhere, other.start, end)):
            continue
        if a >= 0 and b <= len(drawn.on.text) and drawn.on.text[a:b] == words:
            moved[key_of(other)] = (a, b, other.label)
    held(drawn, deciding.resize(drawn.on, span, start, end, everywhere), expected(drawn, moved))


@often
@given(articles())
def test_confirm_rest(drawn: Drawn) -> None:
    wanted = expected(drawn, {key_of(span): key_of(span) for span in drawn.on.suggested})
    held(drawn, deciding.confirm_rest(drawn.on), wanted)


@often
@given(articles(), st.data())
def test_decide_leaves_just_what_was_wanted(drawn: Drawn, data: st.DataObject) -> None:
    places = data.draw(st.lists(st.tuples(ranges(drawn.on.text), labels), max_size=5))
    wanted = [(*place, label) for place, label in places]
    edits = with_ids(deciding.decide(drawn.on, wanted))
    rows = applied(drawn.rows, edits)
    assert {key_of(row) for row in rows.values() if row.state is SpanState.CONFIRMED} == set(wanted)
    assert not [s for s in shown_spans(rows.values(), drawn.on.suggested) if s.state is SpanState.SUGGESTED]
    held(drawn, edits, states(rows.values()))
    kept = {key_of(row) for row in rows.values()}
    assert {key_of(row) for row in drawn.on.rejected} <= kept | set(wanted) | {row.was for row in rows.values()}


@often
@given(articles(), st.data())
def test_decide_keeps_the_source_of_what_was_right(drawn: Drawn, data: st.DataObject) -> None:
    right = data.draw(st.lists(st.sampled_from(drawn.on.suggested), unique=True) if drawn.on.suggested else st.just([]))
    rows = applied(drawn.rows, with_ids(deciding.decide(drawn.on, [key_of(span) for span in right])))
    confirmed = {key_of(row): row for row in rows.values() if row.state is SpanState.CONFIRMED}
    assert all(confirmed[key_of(s)].source == "model" and confirmed[key_of(s)].decision == "confirm" for s in right)


# What is written on the row


def article(text: str, *spans: Span) -> AnnotatedArticle:
    return AnnotatedArticle(1, Article("a", text), spans, rough_tokens(text))


def suggestion(start: int, end: int, label: str) -> Span:
    return Span(start, end, label, source="model", confidence=0.7)


def changed_from(was: Was, span: Span, decision: Decision) -> Span:
    return replace(span, state=SpanState.CONFIRMED, decision=decision, was=was, id=1)


Verb = Callable[[AnnotatedArticle, Span], list[Edit]]


@pytest.mark.parametrize(
    ("verb", "place", "decision", "was"),
    [
        (deciding.confirm, (0, 7, "GPE"), Decision.CONFIRM, None),
        (lambda on, span: deciding.relabel(on, span, "ORG"), (0, 7, "ORG"), Decision.RELABEL, (0, 7, "GPE")),
        (lambda on, span: deciding.resize(on, span, 0, 13), (0, 13, "GPE"), Decision.RESIZE, (0, 7, "GPE")),
        (lambda on, span: deciding.add(on, 0, 7, "ORG"), (0, 7, "ORG"), Decision.RELABEL, (0, 7, "GPE")),
        (deciding.reject, (0, 7, "GPE"), Decision.REJECT, None),
    ],
)
def test_a_row_tells_what_was_done(verb: Verb, place: Key, decision: Decision, was: Key | None) -> None:
    span = suggestion(0, 7, "GPE")
    ((before, after),) = verb(article("Alibaba Group", span), span)
    assert before is None
    assert after is not None
    assert (key_of(after), after.decision, after.was) == (place, decision, was)
    assert (after.source, after.confidence) == ("model", 0.7)


def test_a_span_changed_back_is_confirmed() -> None:
    changed = changed_from(Was(0, 7, "GPE"), suggestion(0, 7, "ORG"), Decision.RELABEL)
    ((_, after),) = deciding.relabel(article("Alibaba Group", changed), changed, "GPE")
    assert after is not None
    assert (after.decision, after.was) == (Decision.CONFIRM, None)


def test_rejecting_a_changed_span_rejects_what_was_proposed() -> None:
    changed = changed_from(Was(0, 7, "GPE"), suggestion(0, 13, "ORG"), Decision.RESIZE)
    ((before, after),) = deciding.reject(article("Alibaba Group", changed), changed)
    assert before == changed
    assert after is not None
    assert (key_of(after), after.was, after.state) == ((0, 7, "GPE"), None, SpanState.REJECTED)


def test_rejecting_a_persons_own_span_removes_it() -> None:
    own = Span(0, 7, "ORG", SpanState.CONFIRMED, decision=Decision.ADD, id=1)
    assert deciding.reject(article("Alibaba", own), own) == [Edit(own, None)]


def test_a_copy_never_crosses_the_span_it_is_a_copy_of() -> None:
    text = "New York New York New York"
    edits = deciding.add(article(text), 9, 26, "LOC", everywhere=True)
    assert [edit.after.range for edit in edits if edit.after] == [(9, 26)]


@often
@given(with_spans, labels, st.data())
def test_what_reaches_later_leaves_all_before_the_place_as_it_is(drawn: Drawn, label: str, data: st.DataObject) -> None:
    span = one_of(data, drawn)
    verbs: list[Verb] = [
        lambda on, s: deciding.confirm(on, s, "later"),
        lambda on, s: deciding.relabel(on, s, label, "later"),
        lambda on, s: deciding.add(on, *s.range, label, "later"),
    ]
    for verb in verbs:
        others = [edit for edit in verb(drawn.on, span) for row in edit if row and row.start < span.end]
        assert all(row.range == span.range for edit in others for row in edit if row)


def test_a_label_that_reaches_later_goes_only_behind_the_place() -> None:
    on = article("Celtic, Celtic, Celtic", suggestion(0, 6, "LOC"), suggestion(8, 14, "LOC"))
    edits = deciding.relabel(on, on.spans[1], "ORG", everywhere="later")
    assert [key_of(edit.after) for edit in edits if edit.after] == [(8, 14, "ORG"), (16, 22, "ORG")]


def test_a_label_for_what_was_rejected_goes_to_all_that_was_rejected_with_it() -> None:
    spans = [suggestion(0, 6, "LOC"), suggestion(8, 14, "LOC"), suggestion(16, 22, "PER")]
    rejected = [
        replace(span, state=SpanState.REJECTED, decision=Decision.REJECT, id=n) for n, span in enumerate(spans, 1)
    ]
    edits = deciding.add(article("Celtic, Celtic, Celtic", *rejected), 0, 6, "ORG", everywhere=True)
    assert [key_of(edit.after) for edit in edits if edit.after] == [(0, 6, "ORG"), (8, 14, "ORG")]


def test_rows_that_trade_places_never_meet() -> None:
    first = Span(0, 2, "ORG", SpanState.CONFIRMED, decision=Decision.ADD, id=1)
    second = Span(2, 4, "ORG", SpanState.CONFIRMED, decision=Decision.ADD, id=2)
    edits = deciding.resize(article("abababab", first, second), first, 2, 4, everywhere=True)
    after = applied({1: first, 2: second}, edits)
    assert {row_id: row.range for row_id, row in after.items()} == {1: (2, 4), 2: (4, 6)}


def test_one_rejected_row_does_not_become_two_wanted_spans() -> None:
    rejected = replace(suggestion(0, 7, "LOC"), state=SpanState.REJECTED, decision=Decision.REJECT, id=1)
    edits = with_ids(deciding.decide(article("Alibaba", rejected), [(0, 7, "ORG"), (0, 7, "PER")]))
    assert {key_of(row) for row in applied({1: rejected}, edits).values()} == {(0, 7, "ORG"), (0, 7, "PER")}


# What the window shows


@often
@given(articles())
def test_shown_spans_are_the_decided_and_what_they_leave_room_for(drawn: Drawn) -> None:
    decided_spans = list(drawn.rows.values())
    settled = {row.range for row in decided_spans if row.state is SpanState.REJECTED}
    settled |= {(row.was.start, row.was.end) for row in decided_spans if row.was}
    kept: list[Span] = []
    for span in drawn.suggested:
        others = kept + [row for row in decided_spans if row.state is SpanState.CONFIRMED]
        if span.range not in settled and not any(set(range(*span.range)) & set(range(*o.range)) for o in others):
            kept.append(span)
    assert sorted(drawn.on.suggested, key=key_of) == sorted(kept, key=key_of)
    order = [(span.start, -span.end, span.label) for span in drawn.on.spans]
    assert order == sorted(order)
    assert len(drawn.on.spans) == len(decided_spans) + len(kept)


def test_a_rejected_suggestion_takes_no_confirmed_span_with_it() -> None:
    confirmed = replace(suggestion(8, 14, "ORG"), state=SpanState.CONFIRMED, decision=Decision.CONFIRM, id=1)
    on = article("Celtic, Celtic", suggestion(0, 6, "ORG"), confirmed)
    assert len(deciding.reject(on, on.suggested[0], everywhere=True)) == 1
    assert len(deciding.reject(on, confirmed, everywhere=True)) == 2
