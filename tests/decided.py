"""A small project of made-up articles that somebody decided on, easy enough to learn in seconds."""

from pathlib import Path
from random import Random
from typing import Any

from annotator.session import Session

PEOPLE = ("Anna", "Bjorn", "Carla", "Dmitri", "Elena", "Farid", "Greta", "Hugo")
PLACES = ("Oslo", "Paris", "Quito", "Riga", "Sofia", "Tunis", "Ulm", "Vienna")


def record(number: int, sentences: int = 4) -> dict[str, Any]:
    """One article: people visit places; its spans are people (PER) and places (LOC)."""
    random, text = Random(number), ""
    spans: list[dict[str, Any]] = []
    for _ in range(sentences):
        person, place = random.choice(PEOPLE), random.choice(PLACES)
        for words, label in ((person, "PER"), (" went to ", ""), (place, "LOC"), (" by train. ", "")):
            if label:
                spans.append({"start": len(text), "end": len(text) + len(words), "label": label})
            text += words
    return {"id": f"made-up-{number}", "text": text, "spans": spans}


def decided_project(path: Path, articles: int = 20, model: str = "blank:en") -> Path:
    """A CoNLL project in which all articles are done."""
    with Session.open(path, create=True, labels="conll", model=model, annotator="ana") as session:
        records = [record(number) for number in range(articles)]
        for article_id, each in zip(session.add_articles(records), records, strict=True):
            session.decide(article_id, [(s["start"], s["end"], s["label"]) for s in each["spans"]])
    return path
