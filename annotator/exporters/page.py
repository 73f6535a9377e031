"""One page of highlighted articles for a browser: nothing from outside, no script, nothing that is not escaped.

Each article carries its record (as in `jsonl`, without the text), and its element of class "text" holds
the text and nothing else; badges are made by the style sheet. So `importers.own_page` reads it back whole.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from annotator.exporters.base import Exporter, Ledger, Options, Use
from annotator.exporters.json_lines import dumped
from annotator.exporters.jsonl import record
from annotator.exporters.nesting import Piece, nested
from annotator.exporters.page_style import style
from annotator.model.article import AnnotatedArticle, ArticleState
from annotator.model.heading import about, begins_with_title, title_above
from annotator.model.keeping import EVERYTHING
from annotator.model.label import Label
from annotator.model.span import Span, SpanState, reading_order

_IN_MEMORY = 1_000_000  # bytes of the list of articles; the rest of it is on the disk
# Line ends to the program's own window, but not to browsers.
_UNBROKEN = re.compile("(\r(?!\n)|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029])")
_LINK = re.compile(r"https?://[^\s\x00-\x1f]+", re.IGNORECASE)
_HEAD = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="generator" content="Annotator">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#contents">Labels and list of articles</a>
<header><h1>{name}</h1></header>
<main>
"""


@dataclass(slots=True)
class _Contents:
    """What the page's side column says, gathered on the way.

    :param items: the list of articles, written as they come: it does not grow in memory.
    """

    items: IO[str]
    labels: tuple[Label, ...]
    counts: Counter[str] = field(default_factory=Counter)
    articles: int = 0

    def number(self, label: str) -> int | None:
        """The number in the class of a label's colours; None for a label that the project does not have."""
        return next((at for at, each in enumerate(self.labels) if each.name == label), None)

    def add(self, annotated: AnnotatedArticle) -> None:
        """Take in an article."""
        self.articles += 1
        self.counts.update(span.label for span in annotated.confirmed)
        count = f' <span class="count">{len(annotated.confirmed)}</span>' if annotated.confirmed else ""
        title = _escaped_value(" ".join(annotated.article.title.split()))
        self.items.write(f'<li><a href="#n{self.articles}" dir="auto">{title}</a>{count}</li>\n')

    def legend(self) -> Iterator[str]:
        """The labels with their counts, those of the project first."""
        for name in dict.fromkeys([*(label.name for label in self.labels), *sorted(self.counts)]):
            if self.counts[name]:
                badge = f'<b class="badge{_colour(self, name)}">{_escaped_value(name)}</b>'
                yield f'<li>{badge} <span class="count">{self.counts[name]}</span></li>\n'


def write(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """The articles one below the other, then the legend and the list of articles."""
    ledger = Ledger()
    with (
        path.open("w", encoding="utf-8", newline="\n") as file,
        SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="\n") as items,
    ):
        contents = _Contents(items, options.labels)
        name, language = _escaped_value(options.name), _escaped_value(options.language)
        file.write(_HEAD.format(language=language, name=name, style=style(options.labels)))
        for annotated in articles:
            contents.add(annotated)
            file.writelines(_article(annotated, contents, with_rejected=options.with_rejected))
            ledger.articles += 1
            ledger.written += len(annotated.confirmed) + options.with_rejected * len(annotated.rejected)
        file.writelines(_end(contents))
    return ledger


def _end(contents: _Contents) -> Iterator[str]:
    yield '</main>\n<nav id="contents" aria-label="Contents">\n'
    if contents.counts:
        yield "<h2>Labels</h2>\n<ul>\n"
        yield from contents.legend()
        yield "</ul>\n"
    yield f"<h2>{contents.articles} {'article' if contents.articles == 1 else 'articles'}</h2>\n<ol>\n"
    contents.items.seek(0)
    yield from contents.items
    yield "</ol>\n</nav>\n</body>\n</html>\n"


def _article(annotated: AnnotatedArticle, contents: _Contents, *, with_rejected: bool) -> Iterator[str]:
    fields = record(annotated, with_rejected=with_rejected)
    del fields["text"]
    held = dumped(fields)
    held = escape(held, quote=False).replace("'", "&#39;")  # its many double quotes may stay in single ones
    yield f"<article id=\"n{contents.articles}\" data-record='{held}'>\n"
    if words := _about(annotated):
        yield f'<p class="about">{words}</p>\n'
    if title := title_above(annotated.article):
        yield f'<h2 dir="auto">{_escaped_value(title)}</h2>\n'
    if annotated.comment:
        yield f'<p class="comment" dir="auto">{_escaped_text(annotated.comment)}</p>\n'
    yield '<div class="text">'
    rejected = annotated.rejected if with_rejected else ()
    yield from _marked(annotated, sorted([*annotated.confirmed, *rejected], key=reading_order), contents)
    yield "</div>\n</article>\n"


def _about(annotated: AnnotatedArticle) -> str:
    """Where the article comes from, and how the work on it stands unless it is done."""
    parts = [_escaped_value(about(annotated.article))]
    if _LINK.fullmatch(url := str(annotated.article.meta.get("url") or "")):
        parts.append(f'<a href="{_escaped_value(url)}" rel="noreferrer">original</a>')
    if annotated.state is not ArticleState.DONE:
        parts.append(annotated.state.value)
    if annotated.flagged:
        parts.append("⚑ flagged")
    return "  ·  ".join(filter(None, parts))


def _marked(annotated: AnnotatedArticle, spans: Sequence[Span], contents: _Contents) -> Iterator[str]:
    """The text, escaped, with an element for each piece of a span, and one for a headline that it begins with."""
    text, headline = annotated.text, _headline(annotated)
    at, closing = 0, list[tuple[int, str]]()
    for piece in nested([headline, *(span.range for span in spans)]):
        while closing and closing[-1][0] <= piece.start:
            end, tag = closing.pop()
            yield _escaped_text(text[at:end]) + tag
            at = end
        yield _escaped_text(text[at : piece.start])
        yield _opening(piece, spans[piece.of - 1], contents) if piece.of else '<span class="headline">'
        at = piece.start
        closing.append((piece.end, "</mark>" if piece.of else "</span>"))
    for end, tag in reversed(closing):
        yield _escaped_text(text[at:end]) + tag
        at = end
    yield _escaped_text(text[at:])


def _headline(annotated: AnnotatedArticle) -> tuple[int, int]:
    if not begins_with_title(annotated.article):
        return 0, 0
    title = str(annotated.article.meta["title"]).strip()
    start = annotated.text.index(title)
    return start, start + len(title)


def _opening(piece: Piece, span: Span, contents: _Contents) -> str:
    said = {"no": span.state is SpanState.REJECTED, "more": not piece.is_first, "cut": not piece.is_last}
    classes = " ".join(name for name, holds in said.items() if holds) + _colour(contents, span.label)
    label = f' data-label="{_escaped_value(span.label)}"' if piece.is_last else ""
    looks = f' class="{classes.strip()}"' if classes else ""
    return f'<mark{looks}{label} title="{_escaped_value(_tip(span))}">'


def _colour(contents: _Contents, label: str) -> str:
    number = contents.number(label)
    return "" if number is None else f" l{number}"


def _tip(span: Span) -> str:
    """Who said so, in words."""
    sure = "" if span.confidence is None else f" ({span.confidence:.0%})"
    suggested = "" if span.source == "person" else f"suggested by {span.source}{sure}"
    decided = " ".join(filter(None, (span.state.value, span.annotator and f"by {span.annotator}", span.at)))
    return ", ".join(filter(None, (span.label, decided, suggested)))


def _escaped_text(text: str) -> str:
    """Text between tags. Parsers make one line feed of CR and CRLF, and so CR is written as a reference."""
    return _UNBROKEN.sub(r"\1<br>", escape(text, quote=False)).replace("\r", "&#13;")


def _escaped_value(text: str) -> str:
    """The value of an attribute, in either kind of quotes, or words in one line."""
    return escape(text).replace("\r", "&#13;")


EXPORTER = Exporter(
    name="html",
    title="Web page",
    suffix=".html",
    write=write,
    keeps=EVERYTHING,
    remark="One page to read and print: articles highlighted, with a legend; it can be imported again.",
    use=Use.READ,
)
