"""The formats of other tools that are records: what stands in them, and that their importers find all of it again."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.exporters import EXPORTERS, Options, by_name, export
from annotator.exporters.label_studio import interface
from annotator.importers import Record, read
from annotator.model.article import AnnotatedArticle, ArticleState
from annotator.model.keeping import Part
from annotator.model.label import Label
from annotator.model.span import Span, SpanState
from annotator.model.tokens import Tokens
from tests.exporters.conftest import Make

LABELS = tuple(Label(name) for name in ("PER", "ORG", "LOC", "MISC"))
NAMES = ("prodigy", "doccano", "label-studio", "labelbuddy", "huggingface", "huggingface-jsonl", "gliner")
TEXT = "😀 Alibaba hires Zoe\u0301 in Tel Aviv."
SURFACES = (("Alibaba", "ORG"), ("Zoe\u0301", "PER"), ("Tel Aviv", "LOC"))


def written(name: str, articles: list[AnnotatedArticle], folder: Path, **options: Any) -> Path:
    path = folder / f"out{by_name(name).suffix}"
    export(by_name(name), articles, path, Options(LABELS, **options))
    return path


def values(name: str, articles: list[AnnotatedArticle], folder: Path, **options: Any) -> list[Any]:
    raw = written(name, articles, folder, **options).read_text("utf-8")
    return json.loads(raw) if raw.startswith("[") else [json.loads(line) for line in raw.split("\n") if line]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_comes_back(name: str, articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    keeps = by_name(name).keeps
    records = list(read(written(name, articles, tmp_path, with_rejected=True)))
    assert len(records) == len(articles)
    for record, annotated in zip(records, articles, strict=True):
        assert isinstance(record, Record), record
        assert (record.article.text, record.article.uid) == (annotated.text, annotated.article.uid)
        assert record.problems == ()
        assert "file" not in record.article.meta or annotated.article.meta["file"] == record.article.meta["file"]
        if Part.STATE in keeps:
            there = (record.state, record.flagged, record.comment)
            assert there == (annotated.state, annotated.flagged, annotated.comment)
        if {Part.EDGES, Part.OVERLAPS} <= keeps:
            assert placed(record.spans, SpanState.REJECTED, False) == placed(annotated.confirmed)
        if Part.REJECTED in keeps:
            assert placed(record.spans, SpanState.REJECTED) == placed(annotated.rejected)


def placed(spans: tuple[Span, ...], state: SpanState | None = None, wanted: bool = True) -> list[tuple[int, int, str]]:
    return [(*s.range, s.label) for s in spans if state is None or (s.state is state) is wanted]


@pytest.mark.parametrize("name", NAMES)
def test_metadata_come_back_and_only_numbers_beyond_64_bits_become_words(
    name: str, articles: list[AnnotatedArticle], tmp_path: Path
) -> None:
    record = next(read(written(name, articles, tmp_path)))
    assert isinstance(record, Record)
    assert record.article.meta == {"title": "Labs", "file": "a.txt", "section": "World", "n": 0, "big": str(2**70)}


@pytest.mark.parametrize("name", [name for name in NAMES if name != "huggingface"])
def test_readers_of_every_make_see_one_record_a_line(
    name: str, articles: list[AnnotatedArticle], tmp_path: Path
) -> None:
    path = written(name, articles, tmp_path)
    lines = path.read_bytes().decode("utf-8").splitlines()
    if path.suffix == ".jsonl":
        assert len([json.loads(line) for line in lines]) == len(articles)
    else:
        assert len(json.loads("".join(lines))) == len(articles) == len(lines) - 2


def test_prodigy_s_tokens_make_up_the_text_and_spans_meet_them(make: Any, tmp_path: Path) -> None:
    annotated = make("  Ann  met\n\nBob. ", ("Ann", "PER"), ("Bob", "PER"), ("ob", "MISC"))
    (task,) = values("prodigy", [annotated], tmp_path)
    assert "".join(token["text"] + " " * token["ws"] for token in task["tokens"]) == annotated.text
    assert [token["id"] for token in task["tokens"]] == list(range(len(task["tokens"])))
    words = [
        [task["tokens"][span["token_start"]]["text"], task["tokens"][span["token_end"]]["text"]]
        for span in task["spans"]
        if "token_start" in span
    ]
    assert words == [["Ann", "Ann"], ["Bob", "Bob"]]
    assert task["_view_id"] == "spans_manual"
    assert all(-(2**31) <= task[key] < 2**31 for key in ("_input_hash", "_task_hash"))


def test_prodigy_s_hashes_tell_texts_and_answers_apart(make: Any, tmp_path: Path) -> None:
    one, other = make("Ann met Bob.", ("Ann", "PER")), make("Ann met Bob.", ("Bob", "PER"))
    first, second, third = values("prodigy", [one, other, make("Ann met Eve.", ("Ann", "PER"))], tmp_path)
    assert first["_input_hash"] == second["_input_hash"] != third["_input_hash"]
    assert first["_task_hash"] != second["_task_hash"]
    assert first["_view_id"] == "ner_manual"


@pytest.mark.parametrize(
    ("state", "answer"), [(ArticleState.DONE, "accept"), (ArticleState.SKIPPED, "ignore"), (ArticleState.OPEN, None)]
)
def test_prodigy_s_answers(make: Any, tmp_path: Path, state: ArticleState, answer: str | None) -> None:
    annotated = replace(make("Ann met Bob.", ("Ann", "PER")), state=state)
    (task,) = values("prodigy", [annotated], tmp_path)
    assert task.get("answer") == answer


def test_a_rejected_span_is_a_task_that_was_answered_no(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    tasks = values("prodigy", articles[:1], tmp_path, with_rejected=True)
    assert [(task["answer"], task["_is_binary"], len(task["spans"])) for task in tasks] == [
        ("accept", False, 7),
        ("reject", True, 1),
        ("reject", True, 1),
    ]
    assert len(values("prodigy", articles[:1], tmp_path)) == 1


def test_doccano_counts_as_its_screen_does_and_says_so(make: Any, tmp_path: Path) -> None:
    (line,) = values("doccano", [make(TEXT, *SURFACES)], tmp_path)
    screen = TEXT.encode("utf-16-le")
    assert [screen[2 * start : 2 * end].decode("utf-16-le") for start, end, _ in line["label"]] == [
        surface for surface, _ in SURFACES
    ]
    assert line["offsets"] == "utf16"
    assert (tmp_path / "out.doccano.jsonl").read_bytes().isascii()


def test_label_studio_s_regions_read_as_the_text_does(make: Any, tmp_path: Path) -> None:
    (task,) = values("label-studio", [make(TEXT, *SURFACES)], tmp_path)
    regions = [result["value"] for result in task["annotations"][0]["result"]]
    assert [(region["text"], *region["labels"]) for region in regions] == list(SURFACES)
    assert all(TEXT[region["start"] : region["end"]] == region["text"] for region in regions)
    assert '<Label value="A&amp;B"/>' in interface([Label("A&B")])


def test_labelbuddy_s_bytes_are_those_of_the_words(make: Any, tmp_path: Path) -> None:
    (document,) = values("labelbuddy", [make(TEXT, *SURFACES)], tmp_path)
    raw = TEXT.encode()
    assert [raw[each["start_byte"] : each["end_byte"]].decode() for each in document["annotations"]] == [
        surface for surface, _ in SURFACES
    ]


def test_gliner_s_last_token_is_named_and_labels_are_words(make: Any, tmp_path: Path) -> None:
    (example,) = values("gliner", [make(TEXT, *SURFACES, ("Aviv", "WORK_OF_ART"))], tmp_path)
    tokens = example["tokenized_text"]
    assert [(tokens[first : last + 1], label) for first, last, label in example["ner"]] == [
        (["Alibaba"], "organization"),
        (["Zoe\u0301"], "person"),
        (["Tel", "Aviv"], "location"),
        (["Aviv"], "work of art"),
    ]


def test_gliner_s_words_are_never_those_of_two_labels(make: Any, tmp_path: Path) -> None:
    annotated = make("Ann met Bob.", ("Ann", "PER"), ("Bob", "PERSON"))
    (example,) = values("gliner", [annotated], tmp_path)
    assert [label for _, _, label in example["ner"]] == ["person", "PERSON"]
    record = next(read(tmp_path / "out.gliner.json"))
    assert isinstance(record, Record)
    assert [span.label for span in record.spans] == ["PER", "PERSON"]


def test_a_parquet_file_names_its_tags(make: Any, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = written("huggingface", [make(TEXT, *SURFACES, ("hires", "VERB"))], tmp_path)
    table = parquet.read_table(path)
    described = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
    names = described["ner_tags"]["feature"]["names"]
    assert names[:3] == ["O", "B-PER", "I-PER"]
    (row,) = table.to_pylist()
    tags = dict(zip(row["tokens"], (names[number] for number in row["ner_tags"]), strict=True))
    assert (tags["Alibaba"], tags["Aviv"], tags["hires"], tags["."]) == ("B-ORG", "I-LOC", "B-VERB", "O")
    assert set(described) == set(table.column_names)


def test_a_dataset_folder_has_a_card(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    labels = (Label("PER", description="People | families"), *LABELS[1:])
    exporter = by_name("huggingface-folder")
    export(exporter, articles, tmp_path / "out.hf", Options(labels, name="News: “day”", language="de"))
    _, head, body = (tmp_path / "out.hf" / "README.md").read_text("utf-8").split("---\n", 2)
    assert 'pretty_name: "News: “day”"\nlanguage: ["de"]\n' in head
    assert "| PER | People \\| families |" in body
    records = list(read(tmp_path / "out.hf" / "data" / "train.parquet"))
    assert [record.article.uid for record in records if isinstance(record, Record)] == ["a1", "a2", "a3"]


def test_what_tags_cannot_hold_is_adjusted_not_dropped(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    for name in ("huggingface", "huggingface-jsonl"):
        ledger = export(by_name(name), articles, tmp_path / "out", Options(LABELS))
        assert (ledger.written, ledger.adjusted, ledger.dropped) == (4, 3, 0)
        assert "“spans” holds all" in (ledger.notes or [""])[-1]


def test_tokens_that_leave_gaps_come_back_as_they_were(make: Any, tmp_path: Path) -> None:
    annotated = replace(make("Ann met Bob.", ("Ann", "PER")), tokens=Tokens([(0, 3), (8, 11)]))
    for name in NAMES:
        if name in ("huggingface", "huggingface-jsonl", "gliner"):
            record = next(read(written(name, [annotated], tmp_path)))
            assert isinstance(record, Record)
            assert record.tokens == ((0, 3), (8, 11))


def test_every_name_here_is_in_the_table() -> None:
    assert set(NAMES) <= {exporter.name for exporter in EXPORTERS}


def test_no_two_labels_have_the_same_words_in_gliner(make: Make, tmp_path: Path) -> None:
    made = make("Ann Bo Cy", ("Ann", "PER"), ("Bo", "person"), ("Cy", "Person"))
    export(by_name("gliner"), [made], tmp_path / "out.json", Options())
    (example,) = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert example["label_names"] == {"person": "PER", "person 2": "person", "Person": "Person"}
