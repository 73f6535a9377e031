"""The JSON formats of other tools: what each of their records comes in as, and that nothing in them is fatal."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.importers import IMPORTERS, Problem, ReadOptions, Record, UnitUndecidedError, importer_of, read
from annotator.model.article import ArticleState
from annotator.model.offsets import Unit
from annotator.model.span import SpanState

TEXT = "Alibaba opened a lab in Tel Aviv."
ORG, LOC = (0, 7, "ORG"), (24, 32, "LOC")
EMOJI = "😀 Alibaba is in Köln."
IN_UTF16 = [[3, 10, "ORG"], [17, 21, "LOC"]]


def written(folder: Path, *records: Any, name: str = "news.jsonl") -> Path:
    """The records as lines, or as one array where the name ends with .json."""
    path = folder / name
    dumped = [json.dumps(record, ensure_ascii=False) for record in records]
    path.write_text("[" + ",\n".join(dumped) + "]" if name.endswith(".json") else "\n".join(dumped), "utf-8")
    return path


def found(folder: Path, *records: Any, name: str = "news.jsonl", **options: Any) -> list[Record | Problem]:
    return list(read(written(folder, *records, name=name), None, ReadOptions(**options)))


def one(folder: Path, value: Any, name: str = "news.jsonl", **options: Any) -> Record:
    (item,) = found(folder, value, name=name, **options)
    assert isinstance(item, Record), item
    return item


def places(record: Record) -> list[tuple[int, int, str]]:
    return [(*span.range, span.label) for span in record.spans]


def task(*results: Any, **beside: Any) -> dict[str, Any]:
    """A task of Label Studio."""
    return {"id": 5, "data": {"text": TEXT}, "annotations": [{"id": 1, "result": list(results)}]} | beside


def region(start: Any, end: Any, label: str, **beside: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label], "text": TEXT[int(start) : int(end)]}
    return {"id": "x", "from_name": "label", "to_name": "text", "type": "labels", "value": value} | beside


def keyed(*keys: str) -> list[dict[str, Any]]:
    """The two spans as objects with these keys."""
    return [dict(zip(keys, span, strict=True)) for span in (ORG, LOC)]


TOKENS = ["Alibaba", "opened", "a", "lab", "in", "Tel", "Aviv", "."]
SPACED = " ".join(TOKENS)
TAGS = ["B-ORG", "O", "O", "O", "O", "B-LOC", "I-LOC", "O"]
PAIR = [TEXT, {"entities": [ORG, LOC]}]
SENTENCE = {"tokens": [{"orth": token, "ner": tag} for token, tag in zip(TOKENS, TAGS, strict=True)]}

EXAMPLES = {
    "prodigy": [
        {"text": TEXT, "_input_hash": 5, "_task_hash": -7, "spans": [{"start": 0, "end": 7, "label": "ORG"}, LOC]},
        {
            "text": TEXT,
            "answer": "accept",
            "tokens": [
                {"text": "Alibaba", "start": 0, "end": 7, "id": 0},
                {"text": "Tel Aviv", "start": 24, "end": 32},
            ],
            "spans": [{"token_start": n, "token_end": n, "label": label} for n, label in enumerate(("ORG", "LOC"))],
        },
    ],
    "doccano": [
        {"id": 1, "text": TEXT, "label": [ORG, LOC]},
        {"id": 1, "text": TEXT, "labels": [ORG, LOC], "Comments": ["hm"]},
        {
            "text": TEXT,
            "entities": [
                {"id": n, "start_offset": s, "end_offset": e, "label": la} for n, (s, e, la) in enumerate((ORG, LOC))
            ],
            "relations": [],
        },
        {"data": TEXT, "annotations": [{"start_offset": s, "end_offset": e, "label": la} for s, e, la in (ORG, LOC)]},
    ],
    "label-studio": [
        task(region(*ORG), region(*LOC)),
        task(region("0", "7", "ORG"), region(*LOC)),
        {"data": {"text": TEXT}, "predictions": [{"result": [region(*ORG), region(*LOC)]}]},
        {"data": {"body_of_it": TEXT, "n": 3}, "completions": [{"result": [region(*ORG), region(*LOC)]}]},
        {"text": TEXT, "id": 3, "label": [region(*p)["value"] for p in (ORG, LOC)], "annotator": 1, "lead_time": 2.5},
    ],
    "spacy-json": [
        {"text": TEXT, "ents": keyed("start", "end", "label"), "tokens": []},
        {"text": TEXT, "ents": [], "spans": {"sc": keyed("start", "end", "label")}},
        PAIR,
        {"classes": ["ORG"], "annotations": [PAIR]},
        {"id": 1, "paragraphs": [{"raw": TEXT, "sentences": [SENTENCE]}]},
    ],
    "labelbuddy": [
        {"text": TEXT, "metadata": {}, "annotations": keyed("start_char", "end_char", "label_name")},
        {"text": TEXT, "annotations": keyed("start_byte", "end_byte", "label_name")},
    ],
    "huggingface": [
        {"id": "1", "text": TEXT, "tokens": TOKENS, "ner_tags": TAGS},
        {"words": TOKENS, "tags": ["U-ORG", *TAGS[1:5], "B-LOC", "L-LOC", "O"], "text": TEXT},
    ],
    "gliner": [{"tokenized_text": TOKENS, "ner": [[0, 0, "ORG"], [5, 6, "LOC"]], "text": TEXT}],
    "jsonl": [{"text": TEXT, "spans": [ORG, LOC]}, {"text": TEXT, "entities": [ORG, LOC]}],
}
CASES = [
    pytest.param(name, value, id=f"{name}-{n}") for name, values in EXAMPLES.items() for n, value in enumerate(values)
]


@pytest.mark.parametrize("file", ["a.jsonl", "a.json"])
@pytest.mark.parametrize(("name", "value"), CASES)
def test_each_shape_is_found_and_read(tmp_path: Path, name: str, value: Any, file: str) -> None:
    path = written(tmp_path, value, name=file)
    assert importer_of(path).name == name
    (record,) = read(path)
    assert isinstance(record, Record), record
    assert record.article.text == TEXT
    assert places(record) == [ORG, LOC]
    assert record.notes == record.problems == ()


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_long_first_record_is_recognised_all_the_same(tmp_path: Path, name: str) -> None:
    filler = {"meta": {"x": "y" * 70_000}}
    value = EXAMPLES[name][0]
    path = written(tmp_path, filler | value)
    assert importer_of(path).name == name


@pytest.mark.parametrize("name", EXAMPLES)
def test_plain_records_before_the_first_labelled_one_do_not_hide_the_kind(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, {"text": "first"}, EXAMPLES[name][0])
    assert importer_of(path).name == name


# Prodigy


def answered(answer: str, *spans: Any, **beside: Any) -> dict[str, Any]:
    return {"text": TEXT, "answer": answer, "spans": list(spans), "_task_hash": 1} | beside


@pytest.mark.parametrize(
    ("answer", "state", "span_state"),
    [
        ("accept", ArticleState.DONE, SpanState.CONFIRMED),
        ("reject", ArticleState.SKIPPED, SpanState.SUGGESTED),
        ("ignore", ArticleState.SKIPPED, SpanState.SUGGESTED),
    ],
)
def test_prodigy_s_answers(tmp_path: Path, answer: str, state: ArticleState, span_state: SpanState) -> None:
    record = one(tmp_path, answered(answer, ORG, meta={"source": "NYT"}, _session_id="s", _timestamp=17))
    assert (record.state, record.spans[0].state) == (state, span_state)
    assert record.article.meta == {"file": "news.jsonl", "source": "NYT", "_session_id": "s", "_timestamp": 17}


def test_prodigy_without_spans_is_done(tmp_path: Path) -> None:
    record = one(tmp_path, {"text": TEXT, "answer": "accept", "_view_id": "ner_manual"})
    assert (record.state, record.spans, record.problems) == (ArticleState.DONE, (), ())


def test_prodigy_s_yes_and_no_belong_to_the_article_before(tmp_path: Path) -> None:
    other = {"text": "Another.", "answer": "reject", "spans": [[0, 7, "ORG"]], "_view_id": "ner"}
    lines = [
        answered("accept", ORG),
        answered("reject", LOC, _view_id="ner"),
        answered("accept", (0, 7, "PER"), _is_binary=True),
    ]
    first, second = found(tmp_path, *lines, other)
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    decided = {(*span.range, span.label): span.state for span in first.spans}
    assert decided == {ORG: SpanState.CONFIRMED, LOC: SpanState.REJECTED, (0, 7, "PER"): SpanState.CONFIRMED}
    assert first.state is ArticleState.DONE
    assert (second.state, second.spans[0].state) == (ArticleState.OPEN, SpanState.REJECTED)


def test_prodigy_s_tokens_tell_the_unit_and_come_along(tmp_path: Path) -> None:
    tokens = [
        {"text": t, "start": s, "end": e}
        for t, s, e in (("😀", 0, 2), ("Alibaba", 3, 10), (" ", 10, 11), ("is", 11, 13))
    ]
    record = one(tmp_path, {"text": EMOJI, "_view_id": "ner_manual", "tokens": tokens, "spans": [[3, 10, "ORG"]]})
    assert places(record) == [(2, 9, "ORG")]
    assert record.tokens == ((0, 1), (2, 9), (10, 12))
    assert record.notes == ("offsets counted in UTF-16 became code points",)


def test_the_specification_s_unit_is_taken_where_nothing_tells_and_said_once(tmp_path: Path) -> None:
    lines = [{"text": f"{EMOJI} {n}", "_task_hash": n, "spans": [[2, 9, "ORG"]]} for n in range(3)]
    notes = [item.notes for item in found(tmp_path, *lines) if isinstance(item, Record)]
    assert notes == [("offsets read as the format's specification says; no words in the file tell otherwise",), (), ()]


# doccano


def test_doccano_with_emoji_has_to_be_asked_and_is_told(tmp_path: Path) -> None:
    line = {"text": EMOJI, "label": IN_UTF16}
    with pytest.raises(UnitUndecidedError) as caught:
        found(tmp_path, line)
    assert next(iter(caught.value.examples.items())) == (Unit.UTF16, ("Alibaba", "Köln"))
    record = one(tmp_path, line, unit=Unit.UTF16)
    assert places(record) == [(2, 9, "ORG"), (16, 20, "LOC")]
    assert record.notes == ("offsets counted in UTF-16 became code points",)


def test_doccano_s_comments_relations_and_metadata(tmp_path: Path) -> None:
    relations = [{"id": 0, "from_id": 0, "to_id": 1, "type": "in"}]
    comments = [{"id": 1, "comment": "one"}, {"id": 2, "comment": "two"}]
    entity = {"id": 0, "label": "ORG", "start_offset": 0, "end_offset": 7}
    record = one(
        tmp_path, {"id": 3, "text": TEXT, "entities": [entity], "relations": relations, "Comments": comments, "n": 5}
    )
    assert (record.article.uid, record.comment, record.article.meta["n"]) == ("3", "one\ntwo", 5)
    assert record.notes == ("1 relations left out",)


def test_doccano_s_bad_spans_are_said(tmp_path: Path) -> None:
    record = one(tmp_path, {"text": TEXT, "label": [ORG, [0, 99, "ORG"], [5, 2, "LOC"]]})
    assert places(record) == [ORG]
    assert [problem[:15] for problem in record.problems] == ["span 2 left out", "span 3 left out"]


# Label Studio


def test_one_of_several_annotators_comes_in(tmp_path: Path) -> None:
    made = [
        {"id": 1, "was_cancelled": True, "result": [region(0, 3, "PER")]},
        {"id": 2, "result": [region(*ORG)]},
        {"id": 3, "result": [region(*LOC)]},
    ]
    record = one(tmp_path, {"data": {"text": TEXT}, "annotations": made}, "a.json")
    assert places(record) == [ORG]
    assert record.notes == ("1 of 2 annotations left out: one of an article comes in",)
    made[2]["ground_truth"] = True
    assert places(one(tmp_path, {"data": {"text": TEXT}, "annotations": made}, "a.json")) == [LOC]


def test_a_task_that_was_only_cancelled_is_skipped(tmp_path: Path) -> None:
    record = one(tmp_path, {"data": {"text": TEXT}, "annotations": [{"was_cancelled": True, "result": []}]}, "a.json")
    assert (record.state, record.spans) == (ArticleState.SKIPPED, ())


def test_predictions_have_their_confidence(tmp_path: Path) -> None:
    predictions = [{"score": 0.25, "result": [region(*ORG), region(*LOC, score=0.5)]}, {"result": []}]
    record = one(tmp_path, {"data": {"text": TEXT}, "predictions": predictions, "annotations": []}, "a.json")
    assert [span.confidence for span in record.spans] == [0.25, 0.5]
    assert record.notes == ("1 of 2 predictions left out: the first comes in",)


def test_what_labels_no_words_is_counted(tmp_path: Path) -> None:
    choices = {"type": "choices", "value": {"choices": ["news"]}}
    record = one(tmp_path, task(region(*ORG), choices, choices, {"type": "relation"}), "a.json")
    assert record.notes == ("left out what labels no words: 2 × choices, 1 × relation",)


def test_label_studio_s_words_tell_how_old_the_file_is(tmp_path: Path) -> None:
    value = {"start": 3, "end": 10, "text": "Alibaba", "labels": ["ORG"]}
    record = one(tmp_path, {"data": {"text": EMOJI}, "annotations": [{"result": [{"value": value}]}]}, "a.json")
    assert places(record) == [(2, 9, "ORG")]
    spaced = {"start": 24, "end": 33, "text": "Tel Aviv", "labels": ["LOC"]}
    text = TEXT.replace("Tel Aviv", "Tel\r\nAviv").replace("\r", " ")
    record = one(tmp_path, {"data": {"text": text}, "annotations": [{"result": [{"value": spaced}]}]}, "a.json")
    assert (places(record), record.problems) == ([(24, 33, "LOC")], ())


def test_the_key_of_the_text_can_be_named(tmp_path: Path) -> None:
    value = {"data": {"a": "words", "b": TEXT}, "annotations": []}
    (problem,) = found(tmp_path, value, name="a.json")
    assert isinstance(problem, Problem)
    assert "the keys are" in problem.reason
    record = one(tmp_path, value, "a.json", text_column="b")
    assert (record.article.text, record.article.meta["a"]) == (TEXT, "words")


# spaCy


def test_entities_that_stand_in_a_group_too_come_in_once(tmp_path: Path) -> None:
    entity = {"start": 0, "end": 7, "label": "ORG"}
    record = one(tmp_path, {"text": TEXT, "ents": [entity], "spans": {"sc": [entity | {"kb_id": ""}]}, "tokens": []})
    assert (places(record), record.problems) == ([ORG], ())


def test_ner_annotator_counts_utf16_and_leaves_holes(tmp_path: Path) -> None:
    file = {"classes": ["ORG"], "annotations": [None, [EMOJI, {"entities": IN_UTF16}], PAIR]}
    first, second = found(tmp_path, file)
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.where, places(first)) == ("news.jsonl:1.1", [(2, 9, "ORG"), (16, 20, "LOC")])
    assert places(second) == [ORG, LOC]


def test_paragraphs_of_version_2_without_a_text_of_their_own(tmp_path: Path) -> None:
    first, second = found(tmp_path, {"id": 4, "paragraphs": [{"sentences": [SENTENCE]}] * 2})
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.article.text, first.article.uid, second.article.uid) == (SPACED, "4-0", "4-1")
    assert len(first.tokens) == len(TOKENS)


# Tokens and tags


def test_tokens_alone_have_spaces_between_them(tmp_path: Path) -> None:
    row = one(tmp_path, {"id": "7", "tokens": TOKENS, "ner_tags": TAGS, "pos": ["NNP"] * 8})
    example = one(tmp_path, {"tokenized_text": TOKENS, "ner": [[0, 0, "ORG"], [5, 6, "LOC"], [9, 9, "LOC"]]})
    assert row.article.text == example.article.text == SPACED
    assert places(row) == places(example) == [ORG, (24, 32, "LOC")]
    assert row.tokens == example.tokens
    assert len(row.tokens) == 8
    assert example.problems == ("span 3 left out: start null and end null are not both whole numbers",)


NUMBERS = [3, 0, 0, 0, 0, 5, 6, -100]
NAMES = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
FEATURES = {"ner_tags": {"feature": {"names": NAMES, "_type": "ClassLabel"}, "_type": "Sequence"}}
CARD = "---\ndataset_info:\n  features:\n  - name: ner_tags\n    sequence:\n      class_label:\n        names:\n"


@pytest.mark.parametrize(
    ("beside", "content"),
    [
        ("dataset_info.json", json.dumps({"features": FEATURES})),
        ("dataset_infos.json", json.dumps({"default": {"features": FEATURES}})),
        ("README.md", CARD + "".join(f"          '{n}': {name}\n" for n, name in enumerate(NAMES)) + "---\n# Card"),
    ],
)
def test_numbered_tags_have_their_names_beside_the_file(tmp_path: Path, beside: str, content: str) -> None:
    row = {"text": TEXT, "tokens": TOKENS, "ner_tags": NUMBERS}
    nameless = one(tmp_path, row)
    assert nameless.spans == ()
    assert "no names for these numbers" in nameless.problems[0]
    (tmp_path / beside).write_text(content, "utf-8")
    assert places(one(tmp_path, row)) == [ORG, LOC]


def test_tags_that_do_not_fit_the_tokens_are_said(tmp_path: Path) -> None:
    good, short = {"tokens": TOKENS, "ner_tags": TAGS}, {"tokens": TOKENS, "ner_tags": TAGS[:3]}
    _, record = found(tmp_path, good, short)
    assert isinstance(record, Record)
    assert record.problems == ("its tags left out: 3 tags for 8 tokens",)


def test_parquet_of_others(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    schema = {b"huggingface": json.dumps({"info": {"features": FEATURES}}).encode()}
    rows = [{"id": 1, "tokens": TOKENS, "ner_tags": NUMBERS, "text": TEXT}]
    table = pyarrow.Table.from_pylist(rows)
    parquet.write_table(table.replace_schema_metadata(schema), tmp_path / "a.bin")
    (record,) = read(tmp_path / "a.bin")
    assert isinstance(record, Record)
    assert (places(record), record.article.uid) == ([ORG, LOC], "1")
    spans = [{"start": 0, "end": 7, "entity_group": "ORG", "score": 0.5, "word": "Alibaba"}]
    parquet.write_table(pyarrow.Table.from_pylist([{"body": TEXT, "entities": spans}]), tmp_path / "b.parquet")
    (record,) = read(tmp_path / "b.parquet", None, ReadOptions(text_column="body"))
    assert isinstance(record, Record)
    assert (places(record), record.spans[0].confidence) == ([ORG], 0.5)


def test_a_broken_parquet_file_is_a_problem(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and no more")
    for name, reason in ((None, "cannot be read"), ("huggingface", "not a usable Parquet file")):
        (problem,) = read(tmp_path / "a.parquet", name)
        assert isinstance(problem, Problem)
        assert reason in problem.reason


def test_labelbuddy_s_other_text_is_noted(tmp_path: Path) -> None:
    record = one(tmp_path, {"text": TEXT, "utf8_text_md5_checksum": "0" * 32, "metadata": {"section": "x"}})
    assert record.notes == ("the text is not the one that was labelled",)
    assert record.article.meta["section"] == "x"


# Whatever stands in a file


@pytest.mark.parametrize("name", EXAMPLES)
def test_spans_under_a_key_that_nobody_knows_are_said(tmp_path: Path, name: str) -> None:
    value = EXAMPLES[name][0]
    inner = value["data"] if name == "label-studio" else value
    inner = inner | {"lables": [[0, 7, "PER"]]}
    record = one(tmp_path, value | {"data": inner} if name == "label-studio" else inner)
    assert record.problems == ("“lables” left out: it looks like spans, but stands under no key for them",)


_KNOWN_WORDS = """
text data spans entities label labels tokens ner_tags tokenized_text ner answer annotations predictions result
value start end ents paragraphs sentences orth _view_id _is_binary token_start token_end start_offset
end_offset start_char label_name meta metadata id schema state offsets Comments relations classes label_names
accept reject annotator-prodigy/1 utf16 raw was_cancelled words
"""
_WORDS = st.sampled_from([*_KNOWN_WORDS.split(), TEXT, EMOJI])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 40) | st.floats(allow_nan=False, allow_infinity=False) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=6),
    max_leaves=25,
)
_TAKEN_IN = [importer for importer in IMPORTERS if importer.name in EXAMPLES]
_KEYS_OF_OURS = {
    "schema": "annotator-x/1",
    "offsets": "utf16",
    "state": "open",
    "comment": "hm",
    "flagged": True,
    "n": 0,
}


@st.composite
def damaged(draw: st.DrawFn, value: Any) -> Any:
    """A record with something else in one place, however deep."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
    keys = [key for key, _ in inner]
    if not keys or draw(st.integers(0, 5)) == 0:
        return draw(_VALUES)
    key = draw(st.sampled_from(keys))
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[key] = draw(damaged(value[key]))
    return changed


@pytest.mark.parametrize("importer", _TAKEN_IN, ids=lambda importer: importer.name)
@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_json_breaks_a_reader(importer: Any, tmp_path: Path, data: st.DataObject) -> None:
    example = data.draw(st.sampled_from(EXAMPLES[importer.name]))
    ours = example | _KEYS_OF_OURS if isinstance(example, dict) else example
    values = [data.draw(damaged(ours)), data.draw(damaged(example)), data.draw(_VALUES)]
    path = written(tmp_path, *values)
    importer_of(path)
    try:
        items = list(importer.read(path, ReadOptions()))
    except UnitUndecidedError:
        return
    assert items
    for item in items:
        if isinstance(item, Record):
            text = item.article.text
            assert all(0 <= span.start < span.end <= len(text) for span in item.spans)
            assert all(0 <= start < end <= len(text) for start, end in item.tokens)
