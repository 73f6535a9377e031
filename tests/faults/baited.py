"""A project and a file to import in which every text is a bait."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from canary import Bait

from annotator.model.label import Label
from annotator.model.span import Suggestion
from annotator.model.tokens import rough_tokens
from annotator.session import Session
from annotator.suggest import Reading


def make_project(folder: Path, bait: Bait) -> Path:
    """Two articles that are nearly the same and one in which the same words stand, all decided on in part."""
    path = folder / f"{bait.file_name('project')}.annot"
    text = f"{bait.text('text')}\n\nAlibaba says: {bait.short('words')} is in Berlin. " + "More words follow here. " * 9
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator=bait.text("annotator")) as session:
        session.set_labels(_labels(bait, session))
        ids = session.add_articles(_records(bait, text))
        for article_id in ids:
            session.keep_reading(article_id, "blank:en", _reading(session.article(article_id).text, bait))
        for article_id in ids:
            session.comment(article_id, bait.text("comment"))
        session.guidelines.set(bait.text("guidelines"))
        session.memory.set(bait.short("memory"), bait.short("label"))
        session.memory.suppress(bait.short("never"))
        session.finish(ids[0])
    return path


def _labels(bait: Bait, session: Session) -> Sequence[Label]:
    own = Label(bait.short("label"), "red", "<", bait.text("description"), (bait.short("theirs"),))
    return (own, *session.labels)


def _records(bait: Bait, text: str) -> Iterator[dict[str, Any]]:
    for number in range(3):
        meta = {key: bait.text(f"{key}-{number}") for key in ("title", "source", "url", "published", "file", "section")}
        meta[bait.short("key")] = bait.text("value")
        yield {"id": bait.text(f"id-{number}"), "text": text + "Another end. " * number, "meta": meta}


def _reading(text: str, bait: Bait) -> Reading:
    tokens = rough_tokens(text)
    found = [("Alibaba", "ORG", 0.9), (bait.short("words"), "LOC", 0.4), ("Berlin", "LOC", 0.8)]
    spans = [
        Suggestion(text.index(surface), text.index(surface) + len(surface), label, sure, bait.short("pipeline"))
        for surface, label, sure in found
    ]
    return Reading([tokens[n] for n in range(len(tokens))], sorted(spans, key=lambda span: span.start))


def make_batch(folder: Path, bait: Bait) -> Path:
    """A file to import: labels that the project has not, spans that nobody can count, and a broken line."""
    path = folder / f"{bait.file_name('batch')}.jsonl"
    spans = [{"start": 0, "end": 4, "label": bait.short("unknown")}]
    record = {"id": "b", "text": "😀 <b> says Berlin", "spans": spans, "meta": {"title": bait.text("batch-title")}}
    lines = (json.dumps(record), bait.text("broken"), json.dumps({"id": bait.text("no-text")}))
    path.write_text("\n".join(lines), "utf-8")
    return path
