"""spaCy reads its corpus back with the same entities."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.exporters import Ledger, Options, by_name, export
from annotator.model.article import AnnotatedArticle
from annotator.model.aside import Aside
from annotator.model.span import Decision, SpanState

Make = Callable[..., AnnotatedArticle]

MOVED = "1 × a span did not meet the token edges and was moved to them."


def read_back(path: Path, articles: list[AnnotatedArticle], **options: Any) -> tuple[Ledger, list[Any]]:
    import spacy
    from spacy.tokens import DocBin

    ledger = export(by_name("spacy"), articles, path / "out.spacy", Options(**options))
    return ledger, list(DocBin().from_disk(path / "out.spacy").get_docs(spacy.blank("en").vocab))


def found(spans: Any) -> list[tuple[str, str, int]]:
    return [(span.text, span.label_, span.start_char) for span in spans]


def test_entities_read_back_at_the_same_offsets(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    ledger, docs = read_back(tmp_path, articles, with_rejected=True)
    assert [doc.text for doc in docs] == [annotated.text for annotated in articles]
    assert found(docs[0].ents) == [
        ("Alibaba", "ORG", 2),
        ("Tel Aviv", "LOC", 19),
        ("Jack\u00a0Ma", "PER", 31),
        ("The New York Times", "ORG", 49),
        ("Zoe\u0301 Smith", "PER", 81),
    ]
    assert ("New York", "LOC", 53) in found(docs[0].spans["sc"])
    assert found(docs[0].spans["incorrect_spans"]) == [("why", "MISC", 75)]
    assert (ledger.written, ledger.adjusted, ledger.dropped) == (5, 2, 2)  # one rejected span of two is on the edges
    assert set(ledger.notes or ()) == {
        MOVED,
        "1 × a span overlaps a longer one.",
        "1 × a span holds no token.",
        "1 × a rejected span does not meet the token edges.",
    }


def test_asides_are_missing_values(make: Make, tmp_path: Path) -> None:
    made = make("Jack left.\nShare Ana\nBo came.", ("Jack", "PER"), ("Ana", "PER"), ("Bo", "PER"))
    rejected = replace(made.confirmed[1], label="ORG", state=SpanState.REJECTED, decision=Decision.REJECT)
    made = replace(made, spans=(*made.spans, rejected), asides=(Aside(11, 20),))
    ledger, (doc,) = read_back(tmp_path, [made], with_rejected=True)
    told = {token.text: token.ent_iob_ for token in doc if not token.is_space}
    assert told == {"Jack": "B", "left": "O", ".": "O", "Share": "", "Ana": "", "Bo": "B", "came": "O"}
    assert [span.text for span in doc.spans["sc"]] == ["Jack", "Bo"]
    assert list(doc.spans["incorrect_spans"]) == []
    assert (ledger.written, ledger.dropped) == (2, 2), "the rejected span, too"
    assert ledger.notes == ["2 × a span stands in a passage that is not to be labelled."]


def test_a_token_half_in_an_aside_stays_an_entity(make: Make, tmp_path: Path) -> None:
    made = replace(make("Jack left.", ("Jack", "PER")), asides=(Aside(3, 4),))
    _, (doc,) = read_back(tmp_path, [made])
    assert [token.ent_iob_ for token in doc] == ["", "O", "O"], "its span touches the aside, so it is dropped"
    made = replace(make("Jack left.", ("Ja", "PER")), asides=(Aside(3, 4),))
    _, (doc,) = read_back(tmp_path, [made])
    assert [token.ent_iob_ for token in doc] == ["B", "O", "O"]


def test_metadata_travels_in_user_data(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    _, docs = read_back(tmp_path, articles)
    data = docs[0].user_data
    assert (data["id"], data["state"]) == ("a1", "done")
    assert data["meta"]["title"] == "Labs"
    assert (data["meta"]["n"], data["meta"]["big"]) == (0, str(2**70))
    assert "incorrect_spans" not in docs[0].spans


@pytest.mark.parametrize(
    ("surface", "entity", "adjusted"),
    [("Tel Aviv ", "Tel Aviv", 1), ("el Avi", "Tel Aviv", 1), ("Tel Aviv", "Tel Aviv", 0)],
)
def test_spans_are_trimmed_and_widened(make: Make, tmp_path: Path, surface: str, entity: str, adjusted: int) -> None:
    ledger, (doc,) = read_back(tmp_path, [make("A lab in Tel Aviv now", (surface, "LOC"))])
    assert found(doc.ents) == [(entity, "LOC", 9)]
    assert (ledger.written, ledger.adjusted, ledger.notes) == (1 - adjusted, adjusted, [MOVED] if adjusted else None)


def test_two_spans_that_become_one(make: Make, tmp_path: Path) -> None:
    ledger, (doc,) = read_back(tmp_path, [make("A lab in Beijing", ("Beijing", "LOC"), ("Beij", "LOC"))])
    assert found(doc.spans["sc"]) == found(doc.ents) == [("Beijing", "LOC", 9)]
    assert (ledger.written, ledger.adjusted, ledger.dropped) == (1, 0, 1)


def test_an_article_longer_than_spacy_s_limit(make: Make, tmp_path: Path) -> None:
    text = "word " * 200_001 + "Alibaba"
    _, (doc,) = read_back(tmp_path, [make(text, ("Alibaba", "ORG"))])
    assert found(doc.ents) == [("Alibaba", "ORG", 1_000_005)]


@pytest.mark.parametrize("language", ["qq", "ja"])
def test_a_language_without_a_tokenizer(make: Make, tmp_path: Path, language: str) -> None:
    ledger, (doc,) = read_back(tmp_path, [make("Alibaba", ("Alibaba", "ORG"))], language=language)
    assert found(doc.ents) == [("Alibaba", "ORG", 0)]
    assert ledger.notes == [f"spaCy has no tokenizer for “{language}” here; its multi-language one was used."]


def test_an_empty_text(make: Make, tmp_path: Path) -> None:
    empty = make("x")
    _, (doc,) = read_back(tmp_path, [replace(empty, article=replace(empty.article, text=""))])
    assert len(doc) == 0


PROGRAM = """
from pathlib import Path
from annotator.exporters import Options, by_name, export
from annotator.model.article import AnnotatedArticle, Article
from annotator.model.span import Span, SpanState
from annotator.model.tokens import rough_tokens
spans = tuple(Span(i, i + 5, f"L{i}", SpanState.CONFIRMED) for i in range(0, 60, 6))
text = "words " * 10
article = AnnotatedArticle(1, Article("a", text, {"x": 1, "y": 2}), spans, rough_tokens(text))
export(by_name("spacy"), [article], Path("out.spacy"), Options())
"""


def test_the_bytes_do_not_hang_on_the_hash_seed(tmp_path: Path) -> None:
    digests = set()
    for seed in ("1", "2"):
        root = str(Path(__file__).parents[2])
        env = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": root}
        subprocess.run([sys.executable, "-c", PROGRAM], check=True, cwd=tmp_path, env=env)
        digests.add(hashlib.sha256((tmp_path / "out.spacy").read_bytes()).hexdigest())
    assert len(digests) == 1
