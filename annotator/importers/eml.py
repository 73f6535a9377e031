"""A letter as mail programs save it (RFC 5322): a newsletter or an agency's mail; attachments are not read."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from annotator.importers.bare import UnreadableError, bare_record, one_article
from annotator.importers.base import Importer, ReadOptions, Record
from annotator.importers.days import day_of
from annotator.importers.decoding import NotTextError
from annotator.importers.files import shown_name
from annotator.importers.markup import paragraphs
from annotator.importers.web_page import record_of_page

LARGEST = 100_000_000  # bytes, attachments and all
_MOST_NAMED = 5  # attachments

_FIELD = re.compile(rb"^(received|return-path|message-id|mime-version|from|date|subject|delivered-to):", re.I | re.M)
_FEWEST_FIELDS = 4  # of those above; a news text may begin with "From:" and "Date:"


def _record(raw: bytes, where: str, options: ReadOptions) -> Record:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    sender = message["from"]
    name = sender.addresses[0].display_name if sender is not None and sender.addresses else ""
    meta = {
        "title": " ".join(str(message["subject"] or "").split()),
        "author": name or str(sender or ""),
        "published": day_of(message["date"]),
        "file": where,
    }
    text, note = _text(message, where)
    return bare_record(where, text, meta, options, [note, _attached(message)])


def _text(message: EmailMessage, where: str) -> tuple[str, str]:
    """The plain part, else the words of the HTML part; and a sentence where something was wrong with it."""
    plain = message.get_body(("plain",))
    if isinstance(plain, EmailMessage) and (text := _content(plain).strip("\r\n")).strip():
        return text, ""
    html = message.get_body(("html",))
    if not isinstance(html, EmailMessage):
        raise UnreadableError("no text in it")
    markup = _content(html)
    try:
        page = record_of_page(f"<html><body>{markup}</body></html>".encode(), where, ReadOptions(), {}, "utf-8")
    except (UnreadableError, NotTextError):  # a letter of a few lines
        return paragraphs(markup), ""
    return page.article.text, ""


def _content(part: EmailMessage) -> str:
    try:
        return str(part.get_content())
    except (LookupError, ValueError):  # an encoding that nobody knows
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _attached(message: EmailMessage) -> str:
    """A sentence on what was left out."""
    names = [shown_name(Path(part.get_filename() or part.get_content_type())) for part in message.iter_attachments()]
    if not names:
        return ""
    shown = ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")
    return f"{len(names)} attachment{'s' if len(names) > 1 else ''} not read: {shown}"


def _matches(path: Path, head: bytes) -> bool:
    fields = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    begins = re.match(rb"[\w-]+:[^\n]*\n", fields)
    return path.suffix.lower() == ".eml" or (
        begins is not None and len({found.lower() for found in _FIELD.findall(fields)}) >= _FEWEST_FIELDS
    )


IMPORTER = Importer(
    name="eml",
    title="E-mail",
    suffixes=(".eml",),
    matches=_matches,
    read=one_article(LARGEST, _record),
    keeps=None,
    remark="One article a letter: its plain text, else its HTML; subject, sender and date. No attachments.",
    guarded=True,
)
