"""The program's own page: what was changed or cut off is said. Round trips are in tests/exporters/test_page.py."""

from pathlib import Path

import pytest

from annotator.importers import Problem, Record, importer_of, read

RECORD = (
    '{"id": "a1", "spans": [{"start": 0, "end": 7, "label": "ORG", "text": "Alibaba"}], "state": "done", '
    '"text_sha256": "3f5ca1d1e4b30de11dbb6b0a2a3fb3eb36a0e1a8d9ae6d2a1f3a6b1c8b6f5a0d", "schema": "annotator/1"}'
)
HEAD = '<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<meta name="generator" content="Annotator">\n'
ARTICLE = f'<article id="n1" data-record=\'{RECORD}\'>\n<h2>Out</h2>\n<div class="text">Alibaba <b>hires</b></div>\n'


def items(tmp_path: Path, content: str | bytes) -> list[Record | Problem]:
    path = tmp_path / "a.html"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    assert importer_of(path).name == "annotator-page"
    return list(read(path))


def test_only_the_text_is_text(tmp_path: Path) -> None:
    (record,) = items(tmp_path, HEAD + ARTICLE + "</article>")
    assert isinstance(record, Record)
    assert record.article.text == "Alibaba hires"
    assert [(span.start, span.end, span.label) for span in record.spans] == [(0, 7, "ORG")]
    assert record.where == "a.html:1"
    assert record.notes == ("the text is not the one that was exported",)


@pytest.mark.parametrize(
    ("content", "where", "reason"),
    [
        (HEAD, "a.html", "no article is on the page"),
        (HEAD + ARTICLE, "a.html:1", "the page ends within an article"),
        (HEAD + "<article data-record='{'></article>", "a.html:1", "JSON"),
        (
            HEAD + '<article data-record=\'{"text": "x"}\'></article>',
            "a.html:1",
            "its record is not one of this program",
        ),
        (HEAD.encode() + b"\xff", "a.html:1", "not in UTF-8"),
    ],
)
def test_what_is_broken_is_said(tmp_path: Path, content: str | bytes, where: str, reason: str) -> None:
    (problem,) = items(tmp_path, content)
    assert isinstance(problem, Problem)
    assert problem.where == where
    assert reason in problem.reason


def test_a_broken_article_does_not_hide_the_next(tmp_path: Path) -> None:
    found = items(tmp_path, HEAD + "<article data-record='{'></article>" + ARTICLE + "</article>")
    assert [type(item) for item in found] == [Problem, Record]
    assert [item.where for item in found] == ["a.html:1", "a.html:2"]


def test_other_pages_are_left_to_others(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(HEAD.replace("Annotator", "Other") + "<p>Alibaba</p>", encoding="utf-8")
    assert importer_of(path).name == "html"


def test_it_is_known_also_where_somebody_says_that_it_is_a_web_page(tmp_path: Path) -> None:
    page = tmp_path / "out.html"
    page.write_text(HEAD + ARTICLE + "</article>", "utf-8")
    assert list(read(page, "html")) == list(read(page)) != []
