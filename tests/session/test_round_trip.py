"""Every format that is both read and written: out, into an empty project, out again.

The second export has the bytes of the first, and the second project has what the format's row promises.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotator.exporters import EXPORTERS, Exporter, by_name
from annotator.exporters.jsonl import record
from annotator.importers import IMPORTERS
from annotator.model.keeping import Part
from annotator.model.text import storable
from annotator.session import Session

BOTH_WAYS = sorted({each.name for each in IMPORTERS} & {each.name for each in EXPORTERS})
LABELS = ("PER", "ORG", "LOC", "MISC")

_PIECES = (
    *(
        "Alibaba",
        "Jack Ma",
        "New York Times",
        "a",
        "in",
        "U.S.",
        "don’t",
        "“why?”",
        "$3.5bn",
        "x_y",
        "B-PER",
        "O",
        "#",
        "|",
        "\\",
    ),
    *("😀", "👩‍👩‍👧", "🇩🇪", "Zoe\u0301", "שלום", "مرحبا", "北京市", "ﬁ", "İ", "Straße", "\ufeff", "\u200d", "\u202e"),
    *(
        " ",
        " ",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\t",
        "\u00a0",
        "\u2028",
        "\u2029",
        "\u0085",
        "\x0b",
        "\x1f",
        "\x7f",
    ),
    *('"', "'", "<b>", "&amp;", "{", "]", ",", "=1+1", "T1", "-DOCSTART-", "*[1]"),
)


class Made(NamedTuple):
    """An article to put into a project."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    rejected: tuple[tuple[int, int, str], ...]
    title: str


@st.composite
def articles(draw: st.DrawFn) -> Made:
    """Texts in which everything occurs that shifts offsets, with spans anywhere in them."""
    pieces = draw(st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), min_size=1, max_size=25))
    text = storable("".join(pieces))[0] or "x"
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 12), st.sampled_from(LABELS))
    wanted = draw(st.lists(places, max_size=6))
    spans = {(start, min(start + length, len(text)), label) for start, length, label in wanted}
    kept = {span for span in spans if text[span[0] : span[1]].strip()}
    rejected = {span for span in kept if draw(st.integers(0, 5)) == 0}
    return Made(
        text, tuple(sorted(kept - rejected)), tuple(sorted(rejected)), draw(st.sampled_from(("", "Zoë’s <b>day</b>")))
    )


HUGE = Made("Jack Ma spoke in New York. 😀 " * 4000, ((0, 7, "PER"), (17, 25, "LOC")), (), "long")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder for all examples of this module, each of which empties its own."""
    path = Path(tempfile.mkdtemp(prefix="round-trip-"))
    yield path
    shutil.rmtree(path)


@pytest.mark.parametrize("name", BOTH_WAYS)
@given(made=st.lists(articles(), min_size=1, max_size=4, unique_by=lambda each: each.text))
@example(made=[HUGE])
@example(made=[Made(" \r\n\t", (), (), "")])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_second_round_changes_nothing(name: str, folder: Path, made: list[Made]) -> None:
    exporter = by_name(name)
    work = Path(tempfile.mkdtemp(dir=folder))
    first, second = work / f"first{exporter.suffix}", work / f"second{exporter.suffix}"
    with Session.open(work / "a.annot", create=True, labels="conll", model="blank:en") as session:
        for number, each in enumerate(made):
            _put(session, f"id-{number}", each)
        session.export(first, format=name, with_rejected=True)
        before = _records(session)
    with Session.open(work / "b.annot", create=True, labels="conll", model="blank:en") as session:
        report = session.import_files(first, format=name, decided=True)
        assert not report.rejected, report.lines
        session.export(second, format=name, state="all", with_rejected=True)
        after = _records(session)
    assert _bytes(second) == _bytes(first)
    _compare(exporter, before, after)
    shutil.rmtree(work)


def _put(session: Session, uid: str, made: Made) -> None:
    meta = {"title": made.title, "source": "Wire", "published": "2026-01-31"} if made.title else {}
    wanted = [{"start": s, "end": e, "label": label} for s, e, label in (*made.spans, *made.rejected)]
    (article_id,) = session.add_articles([{"id": uid, "text": made.text, "meta": meta, "spans": wanted}])
    session.decide(article_id, made.spans)


def _records(session: Session) -> list[dict[str, Any]]:
    return [record(session.article(article_id), with_rejected=True) for article_id in session.article_ids()]


def _bytes(path: Path) -> dict[str, bytes]:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {file.name if file != path else "": file.read_bytes() for file in files if file.is_file()}


def _compare(exporter: Exporter, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    if Part.TEXT not in exporter.keeps:
        return
    assert [each["text"] for each in after] == [each["text"] for each in before]
    for part, keys in ((Part.ID, ("id",)), (Part.META, ("meta",)), (Part.STATE, ("state", "flagged", "comment"))):
        if part in exporter.keeps:
            assert [[each.get(key) for key in keys] for each in after] == [
                [each.get(key) for key in keys] for each in before
            ]
    for one, other in zip(before, after, strict=True):
        _compare_spans(exporter, one, other)


def _compare_spans(exporter: Exporter, before: dict[str, Any], after: dict[str, Any]) -> None:
    if {Part.EDGES, Part.OVERLAPS} <= exporter.keeps:
        assert _places(after, "spans") == _places(before, "spans")
    elif Part.EDGES in exporter.keeps:
        assert _places(after, "spans") <= _places(before, "spans")
    if {Part.EDGES, Part.REJECTED} <= exporter.keeps:
        assert _places(after, "rejected") == _places(before, "rejected")
    if Part.WHO in exporter.keeps:
        assert [_without_tokens(span) for span in after["spans"]] == [_without_tokens(span) for span in before["spans"]]


def _places(fields: dict[str, Any], key: str) -> set[tuple[int, int, str]]:
    return {(span["start"], span["end"], span["label"]) for span in fields[key]}


def _without_tokens(span: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in span.items() if key not in ("token_start", "token_end")}
