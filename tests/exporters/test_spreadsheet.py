"""The table for spreadsheets: every value is there, and none of them is a formula."""

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.exporters import Options, by_name, export
from annotator.exporters.spreadsheet import COLUMNS, defused
from annotator.model.article import AnnotatedArticle, Article
from annotator.model.span import Decision, Span, SpanState
from annotator.model.tokens import rough_tokens

ASKED = Options(with_rejected=True)


def rows(articles: list[AnnotatedArticle], path: Path, options: Options = ASKED) -> list[list[str]]:
    export(by_name("csv"), articles, path, options)
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rest = csv.reader(file, strict=True)
    assert tuple(head) == COLUMNS
    return rest


def test_a_row_says_all_of_a_span(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    found = rows(articles, tmp_path / "a.csv")
    assert found[0] == [
        *("a1", "Labs", "", "", "2", "9", "ORG", "Alibaba", "😀", "hires in Tel Aviv Jack Ma", "confirmed", "relabel"),
        *("ana", "2026-01-31T09:30:00Z", "en_core_web_sm 3.8.0", "0.93"),
    ]
    assert [row[10] for row in found].count("rejected") == 2
    assert {row[10] for row in rows(articles, tmp_path / "a.csv", Options())} == {"confirmed"}


def test_line_ends_are_seen_and_rows_are_lines(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    found = rows(articles, tmp_path / "a.csv")
    assert "⏎⏎" in [row[7] for row in found]
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n") == len(found) + 1


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (' "=1', "' \"=1"),
        ("\ufeff-2", "'\ufeff-2"),
        ("＝1", "'＝1"),
        ("\ttab", "'\ttab"),
        ("a; =1", "a;' =1"),
        ("a - b = c", "a - b = c"),
        ("5-1", "5-1"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_calculate_is_defused(cell: str, expected: str) -> None:
    assert defused(cell) == expected


def is_formula(cell: str) -> bool:
    """As strict as can be: blanks, quotes and signs that are not seen do not hide it."""
    bare = cell.lstrip(' \t\r\n"\u00a0\ufeff\u200b')
    return cell[:1] in tuple("\t\r\n") or unicodedata.normalize("NFKC", bare)[:1] in tuple("=+-@")


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
wild = words | st.text("=+-@＝＋－＠;,|\t\r\n\"' \ufeffa1", max_size=20)


@given(label=wild.filter(str.strip), title=wild, source=wild, annotator=wild, before=wild, inside=wild.filter(bool))
def test_no_cell_is_a_formula_and_all_values_are_there(
    *,
    label: str,
    title: str,
    source: str,
    annotator: str,
    before: str,
    inside: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    start, end = len(before), len(before) + len(inside)
    span = Span(start, end, label, SpanState.CONFIRMED, source, 0.5, Decision.ADD, annotator)
    text = before + inside + title
    article = AnnotatedArticle(1, Article("-1", text, {"title": title, "source": source}), (span,), rough_tokens(text))
    (row,) = rows([article], tmp_path_factory.mktemp("csv") / "a.csv")
    assert not any(map(is_formula, row))
    assert not any(is_formula(part) for cell in row for part in cell.split(";")[1:])

    def bare(value: str) -> str:
        return "".join(value.replace("⏎", "").replace("'", "").split()).translate(dict.fromkeys(range(0x1C, 0x20)))

    cells = dict(zip(COLUMNS, row, strict=True))
    assert (cells["article"], cells["start"], cells["end"]) == ("'-1", str(start), str(end))
    said = {"title": title, "source": source, "label": label, "words": inside, "annotator": annotator}
    assert {name: bare(cells[name]) for name in said} == {name: bare(value) for name, value in said.items()}
