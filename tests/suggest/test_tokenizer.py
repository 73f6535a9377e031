"""Tokens without a pipeline's weights are the pipeline's own tokens."""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.suggest import DEFAULT_MODEL, Source, language_of, tokenizer, trust

TEXT = "Dr. O'Neill can't pay $3bn—“not now”, e.g. in the U.S.\r\n\r\n  😀 \u05e9\u05dc\u05d5\u05dd\n"


def ranges(model: str, text: str) -> list[tuple[int, int]]:
    tokens = tokenizer(model)(text)
    return list(zip(tokens.starts, tokens.ends, strict=True))


@pytest.mark.parametrize("model", [DEFAULT_MODEL, "en_core_web_sm"])
def test_they_are_the_pipelines(model: str, source: Source) -> None:
    assert ranges(model, TEXT) == source.read(TEXT).tokens


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
def test_they_are_the_pipelines_for_any_text(source: Source, text: str) -> None:
    assert ranges(DEFAULT_MODEL, text) == source.read(text).tokens


def test_a_changed_tokenizer_counts(tmp_path: Path) -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.tokenizer.add_special_case("Sydney", [{"ORTH": "Syd"}, {"ORTH": "ney"}])  # type: ignore[attr-defined]
    nlp.add_pipe("sentencizer")
    nlp.to_disk(tmp_path)
    trust.choose(str(tmp_path))
    assert ranges(str(tmp_path), "Sydney") == [(0, 3), (3, 6)]


@pytest.mark.parametrize(
    ("model", "language"),
    [
        (DEFAULT_MODEL, "en"), ("en_core_web_sm", "en"), ("de_core_news_md", "de"), ("de", "de"), ("blank:fr", "fr"),
        ("blank:sw", "xx"), ("sw", "xx"), ("", "en"), ("/no/such/folder", "en"), ("blank:", "xx"), ("blank:util", "xx"),
    ],
)  # fmt: skip
def test_languages(model: str, language: str) -> None:
    assert language_of(model) == language
    assert ranges(model, "One, two") == [(0, 3), (3, 4), (5, 8)]


def test_what_is_longer_than_a_pipeline_takes() -> None:
    assert len(ranges(DEFAULT_MODEL, "word " * 250_000)) == 250_000


def test_it_is_made_once() -> None:
    assert tokenizer("blank:en") is tokenizer("blank:en")
    assert "spacy" in sys.modules
