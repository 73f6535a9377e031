"""The print: made without a display, its words can be searched, and what goes wrong in its process is said."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from annotator.errors import KnownError
from annotator.exporters import Options, by_name, export, pdf
from annotator.model.article import AnnotatedArticle, Article
from annotator.model.label import Label
from annotator.model.span import Span, SpanState
from annotator.model.tokens import rough_tokens

LABELS = (Label("ORG", "orange"), Label("PER", "blue"))
SENTENCE = "The first officer of Alibaba found five offices in Shanghai. "
WILD = "<b>bold</b> & 😀 Zoe\u0301\r\nשלום עולם\nقال محمد\n习近平 in 北京\u2028end"


def article(text: str, *spans: Span, title: str = "A title") -> AnnotatedArticle:
    return AnnotatedArticle(
        1, Article("a", text, {"title": title, "published": "2026-05-03"}), spans, rough_tokens(text)
    )


def printed(articles: list[AnnotatedArticle], path: Path, *, with_rejected: bool = False) -> list[str]:
    """The text of each page, with single blanks."""
    options = Options(LABELS, with_rejected=with_rejected, name="My <b>news</b>")
    export(by_name("pdf"), articles, path, options)
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


def test_words_can_be_searched_and_pages_are_numbered(tmp_path: Path) -> None:
    org = Span(21, 28, "ORG", SpanState.CONFIRMED)
    pages = printed([article(SENTENCE * 60, org), article("Short.", title="Another")], tmp_path / "a.pdf")
    assert len(pages) > 1
    assert "My <b>news</b>" in pages[0]
    assert "3 May 2026 A title The first officer of Alibaba found five offices in Shanghai. The" in pages[0]
    assert "ORG" in pages[0]
    everything = " ".join(pages)
    assert everything.count("Shanghai") == 60
    assert "Another Short." in everything
    assert "2 articles, 1 entity" in pages[-1]
    assert all(str(number) in page.split() for number, page in enumerate(pages, 1))


def test_each_word_is_printed_once_wherever_pages_end(tmp_path: Path) -> None:
    lines = [f"w{number} " + "and so on " * (number % 40) for number in range(150)]
    spans = [Span(at, at + 3, "ORG", SpanState.CONFIRMED) for at in range(0, 3000, 50)]
    pages = printed([article("\n".join(lines), *spans)], tmp_path / "a.pdf")
    words = " ".join(pages).split()
    assert [word for word in words if word.startswith("w")] == [f"w{number}" for number in range(150)]
    assert words.count("so") == sum(number % 40 for number in range(150))
    assert words.count("ORG") == len(spans) + 1


def test_every_script_is_shown(tmp_path: Path) -> None:
    (page,) = printed([article(WILD, Span(19, 21, "PER", SpanState.CONFIRMED))], tmp_path / "a.pdf")
    assert "<b>bold</b>" in page
    assert set("שלוםעולם习近平北京") <= set(page)


def test_rejected_spans_are_printed_only_when_asked_for(tmp_path: Path) -> None:
    one = article("Alibaba hires.", Span(0, 7, "PER", SpanState.REJECTED))
    assert "PER" not in printed([one], tmp_path / "a.pdf")[0]
    assert "PER" in printed([one], tmp_path / "a.pdf", with_rejected=True)[0]


def test_the_file_does_not_say_when_it_was_made(tmp_path: Path) -> None:
    printed([article("Alibaba hires.")], tmp_path / "a.pdf")
    assert set(PdfReader(tmp_path / "a.pdf").metadata or ()) == {
        "/Title",
        "/Creator",
        "/Author",
        "/Producer",
        "/Trapped",
    }


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="has a platform of its own")
def test_where_qt_cannot_start_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_PLATFORM", {"QT_QPA_PLATFORM": "unheard"})
    with pytest.raises(KnownError, match=r"The PDF could not be made: .*unheard"):
        printed([article(SENTENCE * 10_000)] * 3, tmp_path / "a.pdf")
    assert not list(tmp_path.glob("*.pdf"))


def test_a_missing_system_library_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory"
    words = [sys.executable, "-c", f"import sys; sys.exit({said!r})"]
    monkeypatch.setattr("annotator.processes.command", lambda *_: words)
    with pytest.raises(KnownError, match=r"libEGL\.so\.1 is missing"):
        printed([], tmp_path / "a.pdf")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_said() -> None:
    with pytest.raises(OSError, match="space"):
        pdf.write([article(SENTENCE * 2000)], Path("/dev/full"), Options())


def test_nothing_goes_on_when_reading_fails(tmp_path: Path) -> None:
    def failing() -> Iterator[AnnotatedArticle]:
        yield article("Alibaba hires.")
        raise KeyError("gone")

    with pytest.raises(KeyError):
        export(by_name("pdf"), failing(), tmp_path / "a.pdf", Options())
    assert not list(tmp_path.glob("*pdf*"))
