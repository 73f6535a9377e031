"""Training with spaCy: what it is trained on, what it takes over, and what stands there in the end."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import KnownError
from annotator.suggest import DEFAULT_MODEL, load_source, trust
from annotator.suggest.pipelines import find
from annotator.suggest.taking_over import make_independent, take_over
from annotator.suggest.training import Training
from annotator.suggest.training_corpus import Gold, Part, read_corpus, score, write_corpus
from annotator.suggest.training_state import Recipe, Workshop
from tests.decided import record

LABELS = {"PER": ["PER", "PERSON"], "LOC": ["LOC", "GPE"]}


def gold(number: int) -> Gold:
    """A made-up article as a training takes it."""
    made = record(number)
    return Gold(made["text"], [(s["start"], s["end"], s["label"]) for s in made["spans"]])


def trained(out: Path, base: str, passes: int = 4, labels: dict[str, list[str]] = LABELS) -> list[dict[str, Any]]:
    """Train on made-up articles; what was told."""
    told: list[dict[str, Any]] = []
    shop = Workshop(out)
    trust.choose(base)
    shop.begin(Recipe(base, labels, passes))
    training = Training(shop, told.append)
    training.prepare(lambda: (map(gold, range(16)), map(gold, range(16, 22))))
    training.run()
    return told


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A pipeline that was trained from nothing, and what the training told."""
    out = tmp_path_factory.mktemp("trained") / "small-1"
    return out, trained(out, "blank:en")


@pytest.fixture
def blank() -> Any:
    import spacy

    return spacy.blank("en")


# The corpus


def test_tokens_in_asides_are_left_open(blank: Any, tmp_path: Path) -> None:
    gold_of = Gold("Anna came.\nShare Bo\nCarla came.", [(0, 4, "PER"), (20, 25, "PER")], asides=((11, 19),))
    write_corpus(blank, [gold_of], tmp_path / "a.spacy")
    (example,) = read_corpus(blank, tmp_path / "a.spacy")
    told = {token.text: token.ent_iob_ for token in example.reference if not token.is_space}
    assert told == {"Anna": "B", "came": "O", ".": "O", "Share": "", "Bo": "", "Carla": "B"}


def test_asides_are_left_open_in_every_piece_of_a_long_text(blank: Any, tmp_path: Path) -> None:
    blank.max_length = 30
    lines = ["Anna came to Oslo.", "Share this with Bo Baker.", "Carla left."]
    text = "\n\n".join(lines)
    start = text.index("Share")
    write_corpus(blank, [Gold(text, [(0, 4, "PER")], asides=((start, start + len(lines[1])),))], tmp_path / "a.spacy")
    told = [(t.text, t.ent_iob_) for each in read_corpus(blank, tmp_path / "a.spacy") for t in each.reference]
    assert {word for word, tag in told if not tag and word.strip()} == {"Share", "this", "with", "Bo", "Baker", "."}
    assert dict(told)["Carla"] == "O"


def test_every_span_is_in_the_corpus_or_counted(blank: Any, tmp_path: Path) -> None:
    text = "Anna met pro-Oslo Bjornson."
    spans = [(0, 4, "PER"), (text.index("son"), text.index("."), "PER")]
    part = write_corpus(blank, [Gold(text, spans, overlapping=2, retired=1)], tmp_path / "a.spacy")
    assert part == Part(articles=1, words=7, spans={"PER": 1}, off_tokens=1, overlapping=2, retired=1)  # type: ignore[arg-type]
    (example,) = read_corpus(blank, tmp_path / "a.spacy")
    doc = example.reference
    assert [(e.text, e.label_) for e in doc.ents] == [("Anna", "PER")]
    assert {token.text: token.ent_iob_ for token in doc} | {"Bjornson": "", "Anna": "B"} == {
        **dict.fromkeys(("met", "pro", "-", "Oslo", "."), "O"),
        **{"Bjornson": "", "Anna": "B"},
    }


def test_a_guess_where_the_truth_is_open_is_neither_right_nor_wrong(blank: Any, tmp_path: Path) -> None:
    write_corpus(blank, [Gold("Anna met Bjornson.", [(0, 4, "PER"), (14, 17, "PER")])], tmp_path / "a.spacy")
    blank.add_pipe("entity_ruler").add_patterns([{"label": "PER", "pattern": name} for name in ("Anna", "Bjornson")])
    reached = score(blank, read_corpus(blank, tmp_path / "a.spacy"))
    assert (reached["p"], reached["r"]) == (1.0, 1.0)


def test_an_article_longer_than_spacy_takes_is_cut(blank: Any, tmp_path: Path) -> None:
    blank.max_length = 12
    text = "Anna sat.\nBjorn ran far.\nCarla Diaz"
    spans = [(0, 4, "PER"), (10, 15, "PER"), (25, 35, "PER")]
    part = write_corpus(blank, [Gold(text, spans)], tmp_path / "a.spacy")
    assert (part.articles, part.spans["PER"], part.off_tokens) == (1, 3, 0)
    assert "".join(e.reference.text_with_ws for e in read_corpus(blank, tmp_path / "a.spacy")) == text.replace(
        "\n", "\n"
    )


def test_a_score_counts_exact_spans_and_labels(blank: Any, tmp_path: Path) -> None:
    write_corpus(
        blank, [Gold("Anna met Bjorn in Oslo.", [(0, 4, "PER"), (9, 14, "PER"), (18, 22, "LOC")])], tmp_path / "a.spacy"
    )
    ruler = blank.add_pipe("entity_ruler")
    ruler.add_patterns(
        [{"label": "PERSON", "pattern": "Anna"}, {"label": "X", "pattern": "Bjorn"}, {"label": "GPE", "pattern": "in"}]
    )
    reached = score(blank, read_corpus(blank, tmp_path / "a.spacy"), {"PERSON": "PER", "GPE": "LOC"}.get)
    assert (reached["p"], reached["r"], reached["f"]) == (0.5, 0.3333, 0.4)
    assert reached["labels"]["PER"] == {"p": 1.0, "r": 0.5, "f": 0.6667, "spans": 2}
    assert reached["labels"]["LOC"] == {"p": 0.0, "r": 0.0, "f": 0.0, "spans": 1}


# What is taken over


def test_the_bases_knowledge_serves_other_labels_before_any_training() -> None:
    import spacy

    info = find(DEFAULT_MODEL)
    assert info is not None
    base = spacy.load(info.path)
    new = spacy.load(info.path, exclude=["ner"])
    recogniser: Any = new.add_pipe("ner", config={"model": base.config["components"]["ner"]["model"]})
    for label in ("PER", "ORG", "LOC"):
        recogniser.add_label(label)
    recogniser.initialize(lambda: [spacy.training.Example.from_dict(new.make_doc("Oslo"), {})], nlp=new)
    take_over(recogniser, base.get_pipe("ner"), {"PER": ["PERSON"], "ORG": ["ORG"], "LOC": ["GPE"]})
    text = "Angela Merkel spoke to Microsoft in Berlin."
    assert [(e.text, e.label_) for e in new(text).ents] == [
        ("Angela Merkel", "PER"),
        ("Microsoft", "ORG"),
        ("Berlin", "LOC"),
    ]


def test_training_harms_no_other_component(tmp_path: Path) -> None:
    import spacy
    from spacy.training import Example

    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec")
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "*"}
    tagger: Any = nlp.add_pipe("tagger", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}})
    ner: Any = nlp.add_pipe(
        "ner",
        config={
            "model": {
                "@architectures": "spacy.TransitionBasedParser.v2",
                "state_type": "ner",
                "extra_state_tokens": False,
                "hidden_width": 64,
                "maxout_pieces": 2,
                "tok2vec": listener,
            }
        },
    )
    nlp.add_pipe("sentencizer")
    ner.add_label("PERSON")
    tagger.add_label("N")
    nlp.initialize(
        lambda: [Example.from_dict(nlp.make_doc("Anna ran"), {"tags": ["N", "N"], "entities": [(0, 4, "PERSON")]})]
    )
    nlp.to_disk(tmp_path / "base")
    trained(tmp_path / "out", str(tmp_path / "base"), passes=2)
    after = spacy.load(tmp_path / "out")
    assert after.pipe_names == ["tok2vec", "tagger", "ner", "sentencizer"]
    for name in ("tok2vec", "tagger"):
        assert after.get_pipe(name).model.to_bytes() == nlp.get_pipe(name).model.to_bytes()  # type: ignore[attr-defined]
    assert after.get_pipe("ner").labels == ("LOC", "PER")  # type: ignore[attr-defined]
    make_independent(nlp, "ner")
    assert "Listener" not in repr(after.config["components"]["ner"])


# What stands there in the end


def test_a_pipeline_from_nothing(small: tuple[Path, list[dict[str, Any]]]) -> None:
    out, told = small
    trust.choose(str(out))
    source = load_source(str(out))
    assert re.fullmatch(r"en_small_1 \d{4}\.\d\d\.\d\d", source.name)
    found = [(s.start, s.end, s.label) for s in source.read("Anna went to Riga by train.").suggestions]
    assert found == [(0, 4, "PER"), (13, 17, "LOC")]
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    assert told[-1]["finished"]["score"]["f"] > 0.9


def test_the_report_beside_it_says_what_was_measured(small: tuple[Path, list[dict[str, Any]]]) -> None:
    out, told = small
    report = json.loads((out / "training.json").read_text("utf-8"))
    assert report == told[-1]["finished"]
    assert (report["from"], report["before"]) == ("blank:en", None)
    assert (report["train"]["articles"], report["held_out"]["articles"]) == (16, 6)
    assert report["held_out"]["spans"] == {"PER": 24, "LOC": 24}
    assert report["score"]["labels"]["PER"]["spans"] == 24
    assert report["rounds"] == [each["round"] for each in told if "round" in each]
    assert report["rounds"][-1]["pass"] == pytest.approx(4, abs=0.3)
    assert report["score"]["f"] == max(each["f"] for each in report["rounds"])
    shares = [each["done"] for each in told if "done" in each]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_no_place_of_this_machine_is_in_it(small: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> None:
    trained(tmp_path / "second", str(small[0]), passes=1)
    for out in (small[0], tmp_path / "second"):
        for name in ("config.cfg", "meta.json", "training.json"):
            words = (out / name).read_text("utf-8")
            assert str(out.parent) not in words
            assert str(small[0].parent) not in words
            assert "annotator" not in words


def test_going_on_from_a_pipeline_begins_near_its_score(
    small: tuple[Path, list[dict[str, Any]]], tmp_path: Path
) -> None:
    told = trained(tmp_path / "out", str(small[0]), passes=1, labels={"PER": ["LOC"], "LOC": ["PER"]})
    before = next(each["before"] for each in told if "before" in each)
    assert before["f"] == 0  # people are asked for as places
    straight = trained(tmp_path / "straight", str(small[0]), passes=1)
    assert next(each["before"] for each in straight if "before" in each)["f"] > 0.9
    assert next(each["round"] for each in straight if "round" in each)["f"] > 0.9


def test_nothing_that_is_there_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").touch()
    with pytest.raises(KnownError, match="out is there already"):
        trained(tmp_path / "out", "blank:en")
    (tmp_path / "other.part").mkdir()
    (tmp_path / "other.part" / "mine").touch()
    with pytest.raises(KnownError, match="in the way"):
        trained(tmp_path / "other", "blank:en")
    Workshop(tmp_path / "other").discard()
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("mine")) == ["other.part/mine", "out/mine"]


def test_what_comes_there_meanwhile_stays_too(tmp_path: Path) -> None:
    out = tmp_path / "out"
    shop = Workshop(out)
    shop.begin(Recipe("blank:en", LABELS, 1))

    def read() -> Any:
        out.mkdir()
        (out / "mine").touch()
        return map(gold, range(6)), map(gold, range(6, 8))

    training = Training(shop, lambda _: None)
    training.prepare(read)
    with pytest.raises(KnownError, match="out is there already"):
        training.run()
    assert [path.name for path in out.iterdir()] == ["mine"]
    assert shop.state().best


def test_a_pipeline_without_a_recogniser_gets_one(tmp_path: Path) -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.meta["spacy_version"] = ">=3.7.2,<3.8.0"
    nlp.meta["performance"] = {"sents_f": 0.5, "ents_f": 0.7, "ents_per_type": {"X": 1}}
    nlp.to_disk(tmp_path / "base")
    told = trained(tmp_path / "out", str(tmp_path / "base"), passes=3)
    after = spacy.load(tmp_path / "out")
    assert after.pipe_names == ["sentencizer", "ner"]
    assert after.meta["spacy_version"] == spacy.blank("en").meta["spacy_version"]
    score = told[-1]["finished"]["score"]
    measured = {"sents_f": 0.5, "ents_p": score["p"], "ents_r": score["r"], "ents_f": score["f"]}
    assert after.meta["performance"] == measured
    assert told[-1]["finished"]["before"] is None


def test_a_base_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="de_core_news_none is not installed"):
        trained(tmp_path / "out", "de_core_news_none")


def test_a_checkpoint_counts_once_the_state_names_it(tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "out")
    shop.begin(Recipe("blank:en", LABELS, 1))
    state = shop.state()
    for number in (1, 2):
        (shop.spacy / "model-last").mkdir(parents=True)
        (shop.spacy / "model-last" / "weights").write_text(str(number))
        state.last = shop.checkpoint("last", number)
        if number == 1:
            shop.keep(state)
    # killed before the second one was named
    assert shop.state().last == "last-1"
    assert (shop.folder / "last-1" / "weights").read_text() == "1"
    shop.keep(state)
    assert sorted(path.name for path in shop.folder.glob("last-*")) == ["last-2"]
    assert json.loads((shop.folder / "state.json").read_text("utf-8"))["last"] == "last-2"
