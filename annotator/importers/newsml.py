"""What news agencies send: the IPTC's NewsML-G2 (namespace http://iptc.org/std/nar/2006-10-01/) and NITF."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from annotator.importers.bare import UnreadableError, bare_record, piece, whole
from annotator.importers.base import Importer, Piece, Problem, ReadOptions, Record, all_of
from annotator.importers.days import day_of
from annotator.importers.files import shown_name
from annotator.importers.markup import paragraphs, paragraphs_of, root_of

LARGEST = 50_000_000  # bytes

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_ROOTS = ("newsmessage", "newsitem", "nitf")


def pieces(path: Path, options: ReadOptions) -> Iterator[tuple[str, Piece]]:
    """Every news item of a message; a file of one item is that item."""
    file = shown_name(path)
    try:
        root = _parsed(whole(path, LARGEST))
    except UnreadableError as error:
        yield file, partial(Problem, file, str(error))
        return
    items = [each for each in root.iter() if _name(each) in ("newsItem", "nitf")]
    items = [each for each in items if not (_name(each) == "nitf" and root is not each)]
    if not items:
        yield file, partial(Problem, file, "there is no news item in the message")
    for number, item in enumerate(items, 1):
        where = f"{file}:{number}" if len(items) > 1 else file
        make = _of_nitf if _name(item) == "nitf" else _of_item
        yield where, partial(piece, partial(make, item, where, file, options), where)


def _parsed(raw: bytes) -> Element:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(raw)
    except DefusedXmlException as error:
        raise UnreadableError("its XML declares entities, which no news item does") from error
    except (ParseError, ValueError) as error:
        raise UnreadableError(f"not well-formed XML: {error}") from error
    return root


def _of_item(item: Element, where: str, file: str, options: ReadOptions) -> Record:
    content = item.find("{*}contentSet")
    texts = [_text(part) for part in content] if content is not None else []
    text = max(texts, key=len, default="")
    if not text:
        raise UnreadableError("no text in it: a picture, or only a link to the content")
    inner = item.find(".//{*}nitf")
    meta = {} if inner is None else _nitf_meta(inner)
    own = {
        "title": _words(item, "{*}contentMeta/{*}headline", "{*}itemMeta/{*}title"),
        "author": _words(item, "{*}contentMeta/{*}by") or _creators(item),
        "published": _day(item, "{*}contentMeta/{*}contentCreated", "{*}itemMeta/{*}firstCreated")
        or _day(item, "{*}itemMeta/{*}versionCreated"),
        "source": _named(item.find("{*}itemMeta/{*}provider")),
        "language": _attribute(item, "{*}contentMeta/{*}language", "tag") or item.get(_LANGUAGE, ""),
        "file": file,
    }
    meta |= {key: value for key, value in own.items() if value}
    return bare_record(where, text, meta, options, uid=item.get("guid", ""))


def _text(part: Element) -> str:
    """Of inline XML the paragraphs of its XHTML or NITF body; of inline data the text; of a link nothing."""
    if _name(part) == "inlineXML":
        body = part.find(".//{*}body.content")
        body = part.find(".//{*}body") if body is None else body
        return paragraphs_of(part if body is None else body)
    if _name(part) != "inlineData" or part.get("encoding"):
        return ""
    words = "".join(part.itertext())
    return paragraphs(words) if "html" in part.get("contenttype", "") else words.strip()


def _of_nitf(root: Element, where: str, file: str, options: ReadOptions) -> Record:
    body = root.find(".//{*}body.content")
    text = paragraphs_of(body) if body is not None else ""
    identity = root.find("{*}head/{*}docdata/{*}doc-id")
    uid = identity.get("id-string", "") if identity is not None else ""
    return bare_record(where, text, _nitf_meta(root) | {"file": file}, options, uid=uid)


def _nitf_meta(root: Element) -> dict[str, str]:
    byline = _words(root, "{*}body/{*}body.head/{*}byline")
    meta = {
        "title": _words(root, "{*}body/{*}body.head/{*}hedline/{*}hl1", "{*}head/{*}title"),
        "author": byline[3:] if byline.lower().startswith("by ") else byline,
        "published": day_of(
            _attribute(root, "{*}head/{*}docdata/{*}date.issue", "norm")
            or _attribute(root, "{*}body/{*}body.head/{*}dateline/{*}story.date", "norm")
        ),
        "source": _words(root, "{*}body/{*}body.head/{*}distributor")
        or _attribute(root, "{*}head/{*}docdata/{*}doc.copyright", "holder"),
        "dateline": _words(root, "{*}body/{*}body.head/{*}dateline"),
    }
    return {key: value for key, value in meta.items() if value}


def _words(root: Element, *paths: str) -> str:
    """The words of the first element found that has any."""
    found = (" ".join("".join(each.itertext()).split()) for path in paths for each in root.iterfind(path))
    return next(filter(None, found), "")


def _day(root: Element, *paths: str) -> str:
    return day_of(_words(root, *paths))


def _creators(item: Element) -> str:
    return ", ".join(filter(None, map(_named, item.iterfind("{*}contentMeta/{*}creator"))))


def _named(party: Element | None) -> str:
    """A party's name, else the code that stands for it."""
    if party is None:
        return ""
    return _words(party, "{*}name") or party.get("literal") or party.get("qcode", "").rpartition(":")[2]


def _attribute(root: Element, path: str, name: str) -> str:
    element = root.find(path)
    return element.get(name, "") if element is not None else ""


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _matches(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in (".newsml", ".nitf") or root_of(head) in _ROOTS


IMPORTER = Importer(
    name="newsml",
    title="NewsML-G2 or NITF",
    suffixes=(".newsml", ".nitf"),
    matches=_matches,
    read=all_of(pieces),
    keeps=None,
    remark="Each news item an article: its inline text; headline, byline, date, provider and id.",
    guarded=True,
    pieces=pieces,
)
