"""From marked-up text to plain paragraphs: HTML as feeds and letters have it, and the XML of news agencies."""

import re
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, tostring

_BLOCKS = {
    *("html", "body", "main", "article", "section", "header", "footer", "nav", "aside", "address", "div", "center"),
    *("p", "pre", "blockquote", "hr", "form", "fieldset", "details", "summary", "figure", "figcaption"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr"),
    *("hl1", "hl2", "bq"),  # NITF
}
_CELLS = {"td", "th"}
_UNSEEN = {"script", "style", "head", "title", "template", "noscript", "svg", "media", "iframe", "object"}
# What was passed over once is not tried again at another length: files that only look like XML would take for ever.
_ROOT = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*+"
    rb"(?>(?:<\?[^>]{0,1000}\?>|<!--.{0,4000}?-->|<!DOCTYPE[^>\[]{0,1000}(?:\[.{0,4000}?\]\s*+)?>)\s*+){0,50}+"
    rb"<(?:[\w.-]{1,50}:)?([\w.-]{1,50})",
    re.DOTALL | re.IGNORECASE,
)


def paragraphs(markup: str) -> str:
    """The words of HTML, entities decoded, a blank line between its blocks and a tab between cells of a table.

    White space is collapsed as a browser does it; <br> is a line break; scripts and styles are left out.
    """
    reader = _Paragraphs()
    reader.feed(markup)
    reader.close()
    reader.end_block()
    return "\n\n".join(reader.found)


def words(markup: str) -> str:
    """The words of a title or a name that may hold markup, in one line."""
    return " ".join(paragraphs(markup).split()) if markup else ""


def paragraphs_of(element: Element) -> str:
    """The words of an XML element whose names are those of HTML or NITF, in any namespace."""
    for each in element.iter():
        if isinstance(each.tag, str):
            each.tag = each.tag.rpartition("}")[2]
    return paragraphs(tostring(element, encoding="unicode", method="xml"))


def root_of(head: bytes) -> str:
    """The name of an XML file's first element without its prefix, in lower case; "" where there is none."""
    found = _ROOT.match(head[:20_000])
    return found[1].decode("ascii", "ignore").lower() if found else ""


class _Paragraphs(HTMLParser):
    """Collects blocks as they end.

    :ivar found: paragraphs so far.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._parts: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag.rpartition(":")[2]
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag in _BLOCKS:
            self.end_block()
        elif tag == "br":
            self._parts.append("\n")
        elif tag in _CELLS:
            self._parts.append("\t")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag.rpartition(":")[2] not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self.end_block()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._parts.append(re.sub(r"[ \t\r\n\f]+", " ", data))

    def end_block(self) -> None:
        """What was collected is a paragraph, where there is a word in it; an empty line within ends one too."""
        text = re.sub(r" *([\n\t]) *", r"\1", re.sub(" +", " ", "".join(self._parts)))
        self._parts.clear()
        self.found += [block.strip() for block in re.split(r"\n\n+", text) if block.strip()]
