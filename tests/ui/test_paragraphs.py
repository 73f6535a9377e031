"""Paragraphs cover the text, and headline and dateline are found where readers see them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.article import Article
from annotator.ui.paragraphs import LONGEST, Kind, is_dateline, is_headline, paragraphs

BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


@given(st.text(st.sampled_from("ab .é漢😀" + BREAKS), max_size=80))
def test_only_line_breaks_are_left_out(text: str) -> None:
    lines = paragraphs(Article("a", text))
    assert "".join(text[line.start : line.end] for line in lines) == "".join(
        sign for sign in text if sign not in BREAKS
    )
    assert [line.start for line in lines] == sorted({line.start for line in lines})


@pytest.mark.parametrize("text", ["x" * 9001, "Word. " * 3000, "word " * 3000, "字。" * 5000])
def test_a_long_paragraph_is_cut(text: str) -> None:
    lines = paragraphs(Article("a", text))
    assert "".join(text[line.start : line.end] for line in lines) == text
    assert all(line.end - line.start <= LONGEST for line in lines)


def test_headline_and_dateline_of_a_news_text() -> None:
    text = "Alibaba invests US$15B\n\nOctober 11, 2017\u00a0-\u00a0\n\nAlibaba is investing.\n\nIt said so in 2017"
    kinds = [line.kind for line in paragraphs(Article("a", text)) if line.end > line.start]
    assert kinds == [Kind.HEADLINE, Kind.DATELINE, Kind.BODY, Kind.BODY]


@pytest.mark.parametrize("text", ["One line", "A sentence.\n\nAnother.", "Said he:\n\nYes."])
def test_no_headline(text: str) -> None:
    assert {line.kind for line in paragraphs(Article("a", text))} == {Kind.BODY}


def test_the_title_is_the_headline_even_with_a_full_stop() -> None:
    assert is_headline("Shares fell.", "Shares fell.")
    assert not is_headline("Shares fell.", "")


@pytest.mark.parametrize(
    "line",
    [
        "October 11, 2017 -",
        "BEIJING, 3 May 2020",
        "2017-10-11",
        "By Jane Doe",
        "2017年10月11日",
        "11.10.2017",
    ],
)
def test_datelines(line: str) -> None:
    assert is_dateline(line)


@pytest.mark.parametrize(
    "line",
    [
        "It grew in May 2020.",
        "The army marches on",
        "Bystanders fled",
        "They may 2 or 3 times leave for the sea in a boat",
    ],
)
def test_not_datelines(line: str) -> None:
    assert not is_dateline(line)


def test_single_breaks_are_tight_where_blank_lines_part_paragraphs() -> None:
    loose = [line.gap for line in paragraphs(Article("a", "a.\nb.\n\nc.\nd.")) if line.end > line.start]
    assert loose == [False, True, False, False]
    assert [line.gap for line in paragraphs(Article("a", "a.\nb.\nc."))] == [True, True, False]
