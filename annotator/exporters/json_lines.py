"""JSON that is the same on every machine and one record a line for every reader; articles are never gathered."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from annotator.exporters.jsonl import known_meta
from annotator.exporters.overlaps import Account
from annotator.model.article import AnnotatedArticle
from annotator.model.text import one_line

Records = Callable[[AnnotatedArticle, Account], Iterable[Any]]


def dumped(value: Any, *, in_ascii: bool = False) -> str:
    """The value as JSON in one line, without its end."""
    return one_line(json.dumps(value, ensure_ascii=in_ascii, allow_nan=False).encode()).decode()


def meta_of(annotated: AnnotatedArticle) -> dict[str, Any]:
    """The metadata that have a value; whole numbers of more than 64 bits, which many readers refuse, become words."""

    def whole(digits: str) -> int | str:
        return int(digits) if -(2**63) <= int(digits) < 2**63 else digits

    plain: dict[str, Any] = json.loads(json.dumps(known_meta(annotated.article.meta)), parse_int=whole)
    return plain


def write_lines(
    articles: Iterable[AnnotatedArticle], path: Path, records: Records, *, in_ascii: bool = False
) -> Account:
    """Every record on a line of its own.

    :param in_ascii: all else is escaped, for readers that guess the encoding.
    """
    account = Account()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for annotated in articles:
            file.writelines(f"{dumped(record, in_ascii=in_ascii)}\n" for record in records(annotated, account))
            account.ledger.articles += 1
    return account


def write_array(articles: Iterable[AnnotatedArticle], path: Path, records: Records) -> Account:
    """One array of all records, each on a line of its own."""
    account = Account()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        before = "["
        for annotated in articles:
            for record in records(annotated, account):
                file.write(f"{before}\n{dumped(record)}")
                before = ","
            account.ledger.articles += 1
        file.write("[]\n" if before == "[" else "\n]\n")
    return account
