"""JSON that is the same on every machine and one record a line for every reader; articles are never gathered."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from annotator.exporters.jsonl import escaped
from annotator.exporters.overlaps import Account
from annotator.model.article import AnnotatedArticle

Records = Callable[[AnnotatedArticle, Account], Iterable[Any]]


def dumped(value: Any) -> str:
    """The value as JSON in one line, without its end."""
    return escaped(json.dumps(value, ensure_ascii=False, allow_nan=False))


def write_lines(articles: Iterable[AnnotatedArticle], path: Path, records: Records) -> Account:
    """Every record on a line of its own."""
    account = Account()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for annotated in articles:
            file.writelines(f"{dumped(record)}\n" for record in records(annotated, account))
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
