"""What importers of articles without spans have in common: the record that they make, and reading a file whole."""

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from annotator.errors import KnownError
from annotator.importers.base import Problem, ReadOptions, Record
from annotator.importers.cleaning import clean_value, replaced_note
from annotator.importers.decoding import NotTextError
from annotator.importers.files import opened, shown_name
from annotator.model.article import LONGEST_TITLE, Article
from annotator.model.text import storable


class UnreadableError(ValueError):
    """There is no article in it; the message says why."""


def library(name: str, extra: str) -> Any:
    """A module of a library that not every installation has; raises KnownError that says how to get it.

    :param extra: the extra of this package that brings it.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        title = f"This format needs the library {name.partition('.')[0]}, which is not installed."
        raise KnownError(title, f"Install it with: pip install 'annotator[{extra}]'") from error


def bare_record(
    where: str,
    paragraphs: str,
    meta: Mapping[str, Any],
    options: ReadOptions,
    notes: Sequence[str] = (),
    uid: str = "",
) -> Record:
    """An article without spans; raises UnreadableError where it has no words.

    :param meta: keys without a value are left out; a title comes first in the text where the options want it.
    :param notes: those that are empty are left out.
    """
    if not paragraphs.strip():
        raise UnreadableError("no text in it")
    title = str(meta.get("title") or "")[:LONGEST_TITLE]
    if options.headline and title and not begins_with(paragraphs, title):
        paragraphs = f"{title}\n\n{paragraphs}"
    text, replaced = storable(paragraphs)
    notes = tuple(filter(None, (*notes, replaced_note(replaced) if replaced else "")))
    kept = clean_value({k: v for k, v in (dict(meta) | {"title": title}).items() if v not in (None, "", [], {})})
    return Record(where, Article(storable(uid)[0], text, kept), notes=notes)


def begins_with(text: str, title: str) -> bool:
    """Does the text begin with the title, whatever the case and the white space?"""
    return folded(text[: 2 * len(title) + 20]).startswith(folded(title))


def folded(words: str) -> str:
    """Words to compare: white space collapsed, case ignored."""
    return " ".join(words.split()).casefold()


def one_article(
    most: int, make: Callable[[bytes, str, ReadOptions], Record]
) -> Callable[[Path, ReadOptions], Iterator[Record | Problem]]:
    """The `read` of a format whose files hold one article each.

    :param most: bytes of the largest file.
    :param make: from a file's bytes and name; raises UnreadableError or NotTextError where there is no article.
    """

    def read(path: Path, options: ReadOptions) -> Iterator[Record | Problem]:
        where = shown_name(path)
        try:
            yield make(whole(path, most), where, options)
        except (UnreadableError, NotTextError) as error:
            yield Problem(where, str(error))

    return read


def whole(path: Path, most: int) -> bytes:
    """All bytes of a file; raises UnreadableError for an empty one and one of more than `most`."""
    with opened(path) as file:
        raw = file.read(most + 1)
    if not raw:
        raise UnreadableError("the file is empty")
    if len(raw) > most:
        raise UnreadableError(f"larger than {most // 1_000_000} MB")
    return raw


def piece(make: Callable[[], Record | None], where: str) -> Record | Problem | None:
    """What `make` answers; a Problem where it raises UnreadableError or NotTextError."""
    try:
        return make()
    except (UnreadableError, NotTextError) as error:
        return Problem(where, str(error))
