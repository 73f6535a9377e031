"""Every format that is both read and written: out, into an empty project, out again.

The second export has the bytes of the first, and the second project has what the format's row promises.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotator.exporters import EXPORTERS, Exporter, by_name
from annotator.exporters.jsonl import record
from annotator.model.file_name import name_of, uid_of
from annotator.model.keeping import Part
from annotator.model.label import Label
from annotator.model.text import storable
from annotator.session import Session

ONE_WAY = {"pdf", "csv", "webannotation"}  # what is read of these is not what was written
BOTH_WAYS = [each.name for each in EXPORTERS if each.name not in ONE_WAY]
ROUNDS = int(os.environ.get("ROUNDS", "15"))
LABELS = ("PER", "ORG", "LOC", "MISC")
ODD_LABELS = ("B-PER", "New label", "a|b*c", 'd"e', "Örtchen", "人", "x_y", "[1]", "É;,", "I", "O", "r\\s", "person")
UIDS = ("a/b", "..", "CON", "con", "x" * 300, "Zoë 人 😀", "-1", "a~b", " a ", "#", "{}", "1.0", "a\tb", "\u2028")
METAS: tuple[dict[str, Any], ...] = (
    {},
    {"title": "Zoë’s <b>day</b>", "source": "Wire", "published": "2026-01-31"},
    {"title": "a\tb\nc", "url": "https://a.b/ü?x=1#y", "tags": ["x", {"y": [1, 2.5, True]}]},
    {"text": "t", "id": 7, "label": "l", "spans": [1], "meta": {"meta": {}}, "tokens": "k", "file": "f.txt"},
    {"n": 2**63 - 1, "zero": 0, "no": False, "small": 1e-9, "": "empty key", "state": "new", "schema": "x/1"},
)

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
    """An article to put into a project.

    :param then: what becomes of it: "" for done, else "skip", "reopen" or "new" (all of its spans only suggested).
    """

    text: str
    spans: tuple[tuple[int, int, str], ...]
    rejected: tuple[tuple[int, int, str], ...] = ()
    meta: Mapping[str, Any] = METAS[0]
    uid: str = "id-0"
    then: str = ""
    comment: str = ""
    aside: bool = False


@st.composite
def articles(draw: st.DrawFn) -> Made:
    """Texts in which everything occurs that shifts offsets, with spans anywhere in them."""
    pieces = draw(st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), min_size=1, max_size=25))
    text = storable("".join(pieces))[0] or "x"
    labels = st.sampled_from(LABELS) | st.sampled_from(ODD_LABELS)
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 12), labels)
    wanted = draw(st.lists(places, max_size=6))
    spans = {(start, min(start + length, len(text)), label) for start, length, label in wanted}
    kept = {span for span in spans if text[span[0] : span[1]].strip()}
    rejected = {span for span in kept if draw(st.integers(0, 5)) == 0}
    return Made(
        text,
        tuple(sorted(kept - rejected)),
        tuple(sorted(rejected)),
        draw(st.sampled_from(METAS)),
        draw(st.sampled_from(UIDS) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=9)),
        draw(st.sampled_from(("", "", "", "skip", "reopen", "new"))),
        draw(st.sampled_from(("", "", "look\nagain “x” 😀"))),
        draw(st.integers(0, 5)) == 0,
    )


_SENTENCE = "Jack Ma spoke in New York. 😀 "
_STARTS = range(0, len(_SENTENCE) * 2000, len(_SENTENCE))
HUGE = Made(_SENTENCE * 6900, tuple((at + s, at + e, "PER") for at in _STARTS for s, e in [(0, 7)]))
NESTED = Made("abc " * 20, (*((n, 60 - n, LABELS[n % 4]) for n in range(30)), (3, 70, "ORG"), (0, 60, "ORG")))


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder for all examples of this module, each of which empties its own."""
    path = Path(tempfile.mkdtemp(prefix="round-trip-"))
    yield path
    shutil.rmtree(path)


@pytest.mark.parametrize("name", BOTH_WAYS)
@given(made=st.lists(articles(), min_size=1, max_size=4, unique_by=(lambda each: each.text, lambda each: each.uid)))
@example(made=[HUGE])
@example(made=[NESTED])
@example(made=[Made(" \r\n\t", ())])
@settings(
    max_examples=ROUNDS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_second_round_changes_nothing(name: str, folder: Path, made: list[Made]) -> None:
    exporter = by_name(name)
    work = Path(tempfile.mkdtemp(dir=folder))
    if Part.TEXT not in exporter.keeps:
        made = [each for each in made if each.text.split()] or [HUGE]  # no word, no line: nothing can come back
    first, second = (work / each / f"out{exporter.suffix}" for each in ("a", "b"))
    first.parent.mkdir()
    second.parent.mkdir()
    if Part.ASIDES not in exporter.keeps:  # they shape what leaves, and are not there the second time
        made = [each._replace(aside=False) for each in made]
    with Session.open(work / "a.annot", create=True, labels="conll", model="blank:en") as session:
        _with_labels(session)
        for each in made:
            _put(session, each)
        wanted = sum(len(record["spans"]) + len(record["rejected"]) for record in _records(session))
        (ledger,) = session.export(first, format=name, state="all", with_rejected=True).files.values()
        assert ledger.written + ledger.adjusted + ledger.dropped == wanted
        assert len(ledger.lines) == ledger.adjusted + ledger.dropped
        before = _records(session)
    with Session.open(work / "b.annot", create=True, labels="conll", model="blank:en") as session:
        _with_labels(session)
        report = session.import_files(first, decided=True, new_labels=True)
        assert not report.rejected, report.lines
        assert len(report.ids) == len(made), report.lines
        session.export(second, format=name, state="all", with_rejected=True)
        after = _records(session)
    assert _bytes(second) == _bytes(first)
    _compare(exporter, before, after)
    shutil.rmtree(work)


def _with_labels(session: Session) -> None:
    session.set_labels([*session.labels, *(Label(name) for name in ODD_LABELS)])


def _put(session: Session, made: Made) -> None:
    wanted = [{"start": s, "end": e, "label": label} for s, e, label in (*made.spans, *made.rejected)]
    record = {"id": made.uid, "text": made.text, "meta": dict(made.meta), "spans": wanted}
    (article_id,) = session.add_articles([record])
    if made.then != "new":
        session.decide(article_id, made.spans)
    if made.then in ("skip", "reopen"):
        getattr(session, made.then)(article_id)
    if made.comment:
        session.comment(article_id, made.comment)
        session.flag(article_id)
    if made.aside and made.text.strip():
        session.asides.mark(article_id, (0, len(made.text) // 2 or 1))


def _records(session: Session) -> list[dict[str, Any]]:
    return [record(session.article(article_id), with_rejected=True) for article_id in session.article_ids()]


def _bytes(path: Path) -> dict[str, bytes]:
    """Of all files but brat's settings, which list the project's labels, also those without a span."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    names = {file.relative_to(path).as_posix(): file for file in files if file.is_file()}
    return {name: file.read_bytes() for name, file in names.items() if name != "annotation.conf"}


def _compare(exporter: Exporter, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    if Part.TEXT not in exporter.keeps:
        return
    if Part.ID in exporter.keeps:  # a folder's files come in the order of their names
        before, after = (sorted(each, key=lambda record: str(record["id"])) for each in (before, after))
    assert [each["text"] for each in after] == [each["text"] for each in before]
    if Part.META not in exporter.keeps:  # the id is a file's name, which has an end
        before = [{**each, "id": uid_of(name_of(str(each["id"])))} for each in before]
    for part, keys in ((Part.ID, ("id",)), (Part.META, ("meta",)), (Part.STATE, ("state", "flagged", "comment"))):
        if part in exporter.keeps:
            assert [[each.get(key) for key in keys] for each in after] == [
                [each.get(key) for key in keys] for each in before
            ]
    for one, other in zip(before, after, strict=True):
        _compare_spans(exporter, one, other)


def _compare_spans(exporter: Exporter, before: dict[str, Any], after: dict[str, Any]) -> None:
    if {Part.EDGES, Part.OVERLAPS} <= exporter.keeps:
        renamed = {odd: re.sub(r"[^\w-]", "_", odd) for odd in ODD_LABELS} if exporter.name == "brat" else {}
        assert _places(after, "spans") == {(s, e, renamed.get(x, x)) for s, e, x in _places(before, "spans")}
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
