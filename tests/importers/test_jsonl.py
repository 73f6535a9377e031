"""JSON records: other tools' and ours, and everything that can be wrong with them."""

import io
import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from annotator.importers import Problem, Record, json_stream, jsonl, read, record_of
from annotator.importers.json_file import records
from annotator.importers.json_stream import elements
from annotator.model.article import ArticleState
from annotator.model.span import Decision, Span, SpanState, Was

TEXT = "Alibaba opened a lab in Tel Aviv."


def read_bytes(tmp_path: Path, raw: bytes, name: str = "news.jsonl") -> list[Record | Problem]:
    path = tmp_path / name
    path.write_bytes(raw)
    return list(read(path))


def one(fields: dict[str, Any]) -> Record:
    item = record_of({"text": TEXT} | fields, "here")
    assert isinstance(item, Record), item
    return item


def suggested(start: int, end: int, label: str, confidence: float | None = None) -> Span:
    return Span(start, end, label, SpanState.SUGGESTED, "import", confidence)


# Other tools


@pytest.mark.parametrize(
    "fields",
    [
        {"spans": [{"start": 0, "end": 7, "label": "ORG"}]},
        {"spans": [[0, 7, "ORG"]]},
        {"entities": [[0, 7, "ORG"]]},
        {"entities": [{"id": 0, "start_offset": 0, "end_offset": 7, "label": "ORG"}]},
        {"label": [[0, 7, "ORG"]]},
        {"labels": [[0, 7, "ORG"]]},
        {"spans": [{"start": 0, "end": 7, "label": "ORG", "text": "Alibaba"}], "entities": []},
        {"entities": [{"start": 0, "end": 7, "entity_group": "ORG", "word": "alibaba"}]},
        {"entities": [{"begin": 0, "end": 7, "entity_type": "ORG"}]},
        {"spans": [{"start_char": 0, "end_char": 7, "tag": "ORG"}]},
    ],
)
def test_spans_of_other_tools_are_suggestions(fields: dict[str, Any]) -> None:
    record = one(fields)
    assert record.spans == (suggested(0, 7, "ORG"),)
    assert record.state is ArticleState.NEW
    assert record.article.meta == {}
    assert record.notes == record.problems == ()


@pytest.mark.parametrize(
    ("answer", "state", "span_state", "decision"),
    [
        ("accept", ArticleState.DONE, SpanState.CONFIRMED, Decision.ADD),
        ("reject", ArticleState.SKIPPED, SpanState.SUGGESTED, None),
        ("ignore", ArticleState.SKIPPED, SpanState.SUGGESTED, None),
    ],
)
def test_prodigy_s_answers(answer: str, state: ArticleState, span_state: SpanState, decision: Decision | None) -> None:
    span = {"start": 0, "end": 7, "token_start": 0, "token_end": 0, "label": "ORG", "score": 0.5}
    record = one({"answer": answer, "spans": [span], "tokens": [{"text": "Alibaba", "start": 0}], "_task_hash": -5})
    assert record.state is state
    assert record.spans == (Span(0, 7, "ORG", span_state, "import", 0.5, decision),)
    assert record.article.meta == {}


def test_unknown_keys_stay_in_the_metadata() -> None:
    record = one({"id": 7, "title": "T", "section": "World", "x": None, "label": "business", "meta": {"source": "R"}})
    assert record.article.uid == "7"
    assert record.article.meta == {"title": "T", "section": "World", "label": "business", "source": "R"}
    assert one({"meta": "words"}).article.meta == {"meta": "words"}
    twice = one({"title": "outer", "meta": {"title": "inner"}})
    assert twice.article.meta == {"title": "inner"}
    assert twice.notes == ("“title” left out: the metadata has another",)


@pytest.mark.parametrize("uid", [True, 1.5, [], {}])
def test_an_id_that_is_none_is_left_out(uid: Any) -> None:
    record = one({"id": uid})
    assert record.article.uid == ""
    assert "id" in record.notes[0]


def test_a_script_counts_in_code_points() -> None:
    record = one({"text": "😀 Alibaba", "label": [[2, 9, "ORG"]]})
    assert (record.spans, record.notes) == ((suggested(2, 9, "ORG"),), ())


def test_a_file_that_counts_otherwise_is_repaired(tmp_path: Path) -> None:
    fields = {"text": "😀 Alibaba in Köln", "spans": [{"start": 3, "end": 10, "label": "ORG", "text": "Alibaba"}]}
    (record,) = read_bytes(tmp_path, json.dumps(fields).encode())
    assert isinstance(record, Record)
    assert record.spans == (suggested(2, 9, "ORG"),)
    assert record.notes == ("offsets counted in UTF-16 became code points",)


def test_the_unit_is_found_behind_records_of_ours_that_need_none(tmp_path: Path) -> None:
    ours = json.dumps({"text": TEXT, "spans": [], "schema": "annotator/1"})
    bare = json.dumps({"text": "In \U0001f600 Oslo", "spans": [[6, 10, "LOC"]]})
    telling = json.dumps(
        {"text": "In \U0001f600 Bonn", "spans": [{"start": 6, "end": 10, "label": "LOC", "text": "Bonn"}]}
    )
    records = read_bytes(tmp_path, "\n".join([ours, bare, telling]).encode())
    words = [record.article.text[slice(*span.range)] for record in records for span in record.spans]  # type: ignore[union-attr]
    assert words == ["Oslo", "Bonn"]


@pytest.mark.parametrize("escaped", [True, False])
def test_words_tell_the_unit_in_plain_text_too(tmp_path: Path, escaped: bool) -> None:
    key = "te\\u0078t" if escaped else "text"
    raw = f'{{"text": "In Bonn.", "spans": [{{"start": 3, "end": 6, "label": "LOC", "{key}": "Bonn"}}]}}'
    (record,) = read_bytes(tmp_path, raw.encode())
    assert isinstance(record, Record)
    assert [span.range for span in record.spans] == [(3, 7)]


def test_a_file_of_our_own_records_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Path] = []

    def counted(path: Path) -> Any:
        reads.append(path)
        return records(path)

    monkeypatch.setattr(jsonl, "records", counted)
    line = json.dumps({"text": TEXT, "spans": [], "schema": "annotator/1"}).encode()
    assert len(read_bytes(tmp_path, line + b"\n" + line)) == 2
    assert len(reads) == 1


def test_what_looks_like_spans_under_an_unknown_key_is_said() -> None:
    for value in ([[0, 7, "ORG"]], [{"start": 0, "end": 7, "label": "ORG"}], [{"begin": 0, "end": 7, "tag": "ORG"}]):
        record = one({"lables": value, "scores": [1, 2], "teams": [["a", "b", "c"]]})
        assert record.problems == ("“lables” left out: it looks like spans, but stands under no key for them",)
        assert record.article.meta == {"scores": [1, 2], "teams": [["a", "b", "c"]]}


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ([0, 99, "ORG"], "from 0 to 99 is outside the text of 33 code points"),
        ([-1, 7, "ORG"], "from -1 to 7 is outside the text of 33 code points"),
        ([0, 10**30, "ORG"], f"from 0 to {10**30} is outside the text of 33 code points"),
        ([7, 7, "ORG"], "from 7 to 7 is empty or reversed"),
        ([7, 0, "ORG"], "from 7 to 0 is empty or reversed"),
        ([0.0, 7.0, "ORG"], "start 0.0 and end 7.0 are not both whole numbers"),
        ([False, True, "ORG"], "start false and end true are not both whole numbers"),
        (["0", "7", "ORG"], 'start "0" and end "7" are not both whole numbers'),
        ({"label": "ORG"}, "start null and end null are not both whole numbers"),
        ([0, 7, " "], '" " is not a label'),
        ([0, 7, 3], "3 is not a label"),
        ([0, 7], "a list is neither an object nor a list of start, end, label"),
        (None, "null is neither an object nor a list of start, end, label"),
        ({"start": 0, "end": 7, "label": "ORG", "text": "Tencent"}, 'it reads "Tencent", but "Alibaba" stands at 0–7'),
    ],
)
def test_a_span_that_does_not_fit_is_left_out_with_the_reason(span: Any, reason: str) -> None:
    record = one({"spans": [span, [24, 32, "LOC"]]})
    assert record.problems == (f"span 1 left out: {reason}",)
    assert record.spans == (suggested(24, 32, "LOC"),)


def test_a_span_given_twice_stays_once() -> None:
    record = one({"spans": [[0, 7, "ORG"]], "entities": [[0, 7, "ORG"], [0, 7, "LOC"]]})
    assert record.spans == (suggested(0, 7, "LOC"), suggested(0, 7, "ORG"))
    assert record.problems == ("span 0–7 ORG left out: it stands there twice",)


@pytest.mark.parametrize("confidence", [True, 2, -0.1, "high"])
def test_a_confidence_that_is_none_is_left_out(confidence: Any) -> None:
    record = one({"spans": [{"start": 0, "end": 7, "label": "ORG", "confidence": confidence}]})
    assert record.spans == (suggested(0, 7, "ORG"),)
    assert "not a number from 0 to 1" in record.notes[0]


# Our own records


def own(**fields: Any) -> Record:
    return one({"schema": "annotator/1", "offsets": "codepoint", "state": "done"} | fields)


def test_our_record_is_read_completely() -> None:
    span = {
        **{"start": 0, "end": 7, "label": "ORG", "text": "Alibaba", "token_start": 0, "token_end": 0, "id": "u1"},
        **{"source": "en 3.8.0", "confidence": 0.93, "decision": "relabel", "annotator": "ana"},
        **{"at": "2026-01-31T09:30:00Z", "was": {"start": 0, "end": 7, "label": "GPE"}},
    }
    rejected = {"start": 24, "end": 27, "label": "LOC", "source": "en 3.8.0", "decision": "reject"}
    record = own(id="a1", meta={"title": "T"}, spans=[span], rejected=[rejected], flagged=True, comment="hm")
    at, was = "2026-01-31T09:30:00Z", Was(0, 7, "GPE")
    relabelled = (SpanState.CONFIRMED, "en 3.8.0", 0.93, Decision.RELABEL, "ana", at, was)
    assert record.spans == (
        Span(0, 7, "ORG", *relabelled, uid="u1"),
        Span(24, 27, "LOC", SpanState.REJECTED, "en 3.8.0", None, Decision.REJECT),
    )
    assert (record.article.uid, record.article.meta, record.state) == ("a1", {"title": "T"}, ArticleState.DONE)
    assert (record.flagged, record.comment, record.notes, record.problems) == (True, "hm", (), ())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("decision", "reject"),
        ("decision", []),
        ("at", "yesterday"),
        ("was", [0, 7, "ORG"]),
        ("was", {"start": 0, "end": 7.0, "label": "ORG"}),
        ("annotator", 3),
        ("id", " "),
    ],
)
def test_an_odd_value_in_our_span_is_said_and_the_span_kept(key: str, value: Any) -> None:
    record = own(spans=[{"start": 0, "end": 7, "label": "ORG", key: value}])
    assert record.spans == (Span(0, 7, "ORG", SpanState.CONFIRMED, "person", None, Decision.ADD),)
    assert len(record.notes) == 1
    assert key in record.notes[0]


def test_other_odd_values_in_our_record() -> None:
    record = own(state=["done"], answer="accept", comment=3, text_sha256="0" * 64, spans={})
    assert (record.state, record.comment) == (ArticleState.DONE, "")
    assert len(record.notes) == 3
    assert record.problems == ("“spans” left out: it is an object, not a list",)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"schema": "annotator/2"}, 'written in "annotator/2"; this version reads annotator/1'),
        ({"schema": "annotator/1", "offsets": "utf16"}, 'its offsets are "utf16", not code points'),
    ],
)
def test_a_record_of_another_version_is_refused(fields: dict[str, Any], reason: str) -> None:
    assert record_of({"text": TEXT} | fields, "here") == Problem("here", reason)


def test_asides_that_do_not_fit_are_left_out_with_a_note() -> None:
    good = {"start": 0, "end": 7, "state": "marked", "annotator": "ana", "at": "2026-01-31T09:30:00Z", "id": "u"}
    bad = [
        *(
            {"start": 0, "end": 99, "state": "marked"},
            {"start": 3, "end": 3, "state": "marked"},
            {"start": -1, "end": 2},
        ),
        *({"start": 0, "end": 2, "state": ["marked"]}, {"start": 0.0, "end": 2, "state": "marked"}, [0, 2], "x", good),
    ]
    record = one({"schema": "annotator/1", "asides": [good, *bad, {"start": 8, "end": 9, "state": "cleared", "at": 3}]})
    assert [(aside.range, aside.state.value, aside.annotator, aside.at, aside.uid) for aside in record.asides] == [
        ((0, 7), "marked", "ana", "2026-01-31T09:30:00Z", "u"),
        ((8, 9), "cleared", None, None, None),
    ]
    assert sum("no start, end and state inside the text" in note for note in record.notes) == 7
    assert "aside 9 left out: it stands there twice" in record.notes
    assert record.problems == ()


def test_asides_of_other_tools_are_left_out_and_said() -> None:
    record = one({"asides": [{"start": 0, "end": 7, "state": "marked"}]})
    assert record.asides == ()
    assert "asides" in record.problems[0]


def test_nul_and_lone_surrogates_keep_the_offsets() -> None:
    record = one({"text": "a\0b\ud800 Alibaba", "spans": [[5, 12, "ORG"]], "meta": {"t\ud800": ["x\0"]}})
    assert record.article.text == "a\ufffdb\ufffd Alibaba"
    assert record.article.meta == {"t\ufffd": ["x\ufffd"]}
    assert record.spans == (suggested(5, 12, "ORG"),)
    assert record.notes == ("2 characters that cannot be stored (NUL or a lone surrogate) became U+FFFD",)


def test_objects_that_are_no_json() -> None:
    for meta in ({"x": {1, 2}}, {"x": float("nan")}, {"x": float("inf")}):
        assert isinstance(record_of({"text": TEXT, "meta": meta}, "here"), Problem)


# Bad input

GOOD = json.dumps({"text": TEXT}).encode()
BOMB = b"[" * 2_000_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "a', "not valid JSON: Unterminated string starting at (character 10)"),
        (b"words", "not valid JSON: Expecting value (character 1)"),
        (GOOD + GOOD, "not valid JSON: Extra data (character 46)"),
        (b'{"text": "\xc3', "not valid UTF-8 (byte 11)"),
        (b'{"text": "\xff"}', "not valid UTF-8 (byte 11)"),
        (b'{"text": "a", "x": NaN}', "NaN is not JSON"),
        (b'{"text": "a", "x": -Infinity}', "-Infinity is not JSON"),
        (b'{"text": "a", "x": 1e400}', "the number 1e400 is too large"),
        (b'{"text": "a", "x": ' + b"9" * 5000 + b"}", "not usable JSON: a number is too long"),
        (b'{"text": "a", "text": "b"}', 'the key "text" stands twice in one object'),
        (b'{"text": "a", "meta": {"x": 1, "x": 1}}', 'the key "x" stands twice in one object'),
        (BOMB, "not usable JSON: nested too deeply"),
        (b'{"text": "a", "x": ' + BOMB, "not usable JSON: nested too deeply"),
        (b'{"text": "a", "x": ' + b"[" * 65 + b"]" * 65 + b"}", "nested deeper than 64 levels"),
        (b"[1, 2]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"{}", "the key “text” is missing"),
        (b'{"text": 3}', "“text” is 3, not a string"),
        (b'{"text": ["a"]}', "“text” is a list, not a string"),
        (b'{"text": ""}', "the text is empty"),
    ],
)
def test_one_bad_line_of_five_is_one_problem(tmp_path: Path, line: bytes, reason: str) -> None:
    items = read_bytes(tmp_path, b"\n".join([GOOD, GOOD, line, GOOD, GOOD]))
    assert items.pop(2) == Problem("news.jsonl:3", reason)
    assert [item.where for item in items if isinstance(item, Record)] == [f"news.jsonl:{n}" for n in (1, 2, 4, 5)]


def test_a_line_over_the_limit_is_skipped_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    with path.open("wb") as file:
        file.write(GOOD + b'\n{"text": "')
        for _ in range(60):
            file.write(b"a" * 1_000_000)
        file.write(b'"}\n' + GOOD)
    tracemalloc.start()
    items = list(read(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(item) for item in items] == [Record, Problem, Record]
    assert items[1] == Problem("news.jsonl:2", "longer than 50 MB")
    assert peak < 120_000_000


def test_lines_end_at_line_feeds_alone(tmp_path: Path) -> None:
    text = "a\u2028b\u2029c\u0085d\x0be"
    line = json.dumps({"text": text}, ensure_ascii=False).encode()
    items = read_bytes(tmp_path, b"\xef\xbb\xbf" + line + b"\r\n\n \t\n" + line)
    assert [item.where for item in items] == ["news.jsonl:1", "news.jsonl:4"]
    assert all(isinstance(item, Record) and item.article.text == text for item in items)


def test_the_file_s_name_is_kept_unless_the_record_names_one(tmp_path: Path) -> None:
    items = read_bytes(tmp_path, GOOD + b'\n{"text": "a", "meta": {"file": "b.txt"}}')
    assert [item.article.meta for item in items if isinstance(item, Record)] == [
        {"file": "news.jsonl"},
        {"file": "b.txt"},
    ]


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\xef\xbb\xbf", b"[]", b" [ ] "])
def test_a_file_without_records(tmp_path: Path, raw: bytes) -> None:
    assert read_bytes(tmp_path, raw) == [Problem("news.jsonl", "the file is empty")]


def test_utf16_is_refused_as_a_whole(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, GOOD.decode().encode("utf-16")) == [
        Problem("news.jsonl", "written in UTF-16 or UTF-32; JSON is read in UTF-8")
    ]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_an_array_of_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, indent: int | None, chunk: int) -> None:
    monkeypatch.setattr(json_stream, "_CHUNK", chunk)
    texts = ['brackets ]}, and "quotes" \\', "😀 {[", "c"]
    values = [{"text": texts[0]}, {"text": texts[1], "meta": {"x": [1, {"y": []}]}}, 5, {"x": 1}, {"text": texts[2]}]
    items = read_bytes(tmp_path, json.dumps(values, indent=indent).encode() + b"\n", "news.json")
    assert [item.article.text for item in items if isinstance(item, Record)] == texts
    assert [item for item in items if isinstance(item, Problem)] == [
        Problem("news.json:3", "not a JSON object"),
        Problem("news.json:4", "the key “text” is missing"),
    ]


def test_an_array_with_a_bad_element_and_a_missing_end(tmp_path: Path) -> None:
    items = read_bytes(tmp_path, b'[{"text": a}, {"text": "b"}, {"text": "c"', "news.json")
    assert [item.where for item in items if isinstance(item, Problem)] == ["news.json:1", "news.json:3"]
    assert [item.article.text for item in items if isinstance(item, Record)] == ["b"]


def test_an_element_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "RECORD_LIMIT", 100)
    long = json.dumps({"text": "a" * 200}).encode()
    items = read_bytes(tmp_path, b"[" + b",".join([GOOD, long, GOOD]) + b"]", "news.json")
    assert [type(item) for item in items] == [Record, Problem, Record]


def test_a_bomb_in_an_array_does_not_end_the_program(tmp_path: Path) -> None:
    (item,) = read_bytes(tmp_path, b'[{"text": ' + BOMB, "news.json")
    assert isinstance(item, Problem)


def test_one_object_over_many_lines(tmp_path: Path) -> None:
    (item,) = read_bytes(tmp_path, json.dumps({"text": TEXT}, indent=2).encode(), "news.json")
    assert isinstance(item, Record)
    assert item.article.text == TEXT


@pytest.mark.parametrize(
    "raw", [b"[1" + b"]" * 400_000, b"]" * 200_000 + b"[" * 200_000, b"[" * 400_000, b"[" + b'"' * 400_000]
)
def test_signs_without_end_are_gone_through_once(raw: bytes) -> None:
    """Twice as many may take twice as long, and not four times."""
    began = time.process_time()
    assert len(list(elements(io.BytesIO(raw)))) <= 2
    assert time.process_time() - began < 5
