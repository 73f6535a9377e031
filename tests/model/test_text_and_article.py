"""What is stored of a text, and what an article says about itself."""

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.article import AnnotatedArticle, Article, text_sha256
from annotator.model.label import Label, model_map
from annotator.model.span import Span, SpanState
from annotator.model.text import storable, text_uid
from annotator.model.tokens import rough_tokens

any_text = st.text(st.characters(codec=None) | st.sampled_from("\x00\ud800\udfff\ufeff\r\n\u2028"))


@settings(deadline=None)
@given(any_text)
def test_only_what_cannot_be_stored_is_replaced_one_for_one(text: str) -> None:
    stored, replaced = storable(text)
    bad = [character == "\x00" or 0xD800 <= ord(character) <= 0xDFFF for character in text]
    assert stored == "".join("\ufffd" if is_bad else c for c, is_bad in zip(text, bad, strict=True))
    assert replaced == sum(bad)
    assert storable(stored) == (stored, 0)
    assert stored.encode("utf-8").decode("utf-8") == stored


def test_a_text_has_the_same_name_everywhere_and_another_text_another() -> None:
    assert text_uid("Alibaba") == "a694df09-3d05-5cff-afa1-6e79a4259f09"
    assert text_uid("Alibaba") != text_uid("Alibaba ")


def test_the_digest_is_of_the_utf_8_bytes() -> None:
    assert text_sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert text_sha256("é") != text_sha256("e\u0301")


def test_an_article_without_a_title_is_named_by_its_first_line_with_words() -> None:
    assert Article("a", "text", {"title": "Title"}).title == "Title"
    assert Article("a", " \n\n  First line \nSecond").title == "First line"
    assert Article("a", "x" * 500).title == "x" * 120
    assert Article("a", " \n ").title == "(empty article)"


def test_spans_by_state_in_reading_order() -> None:
    states = (SpanState.SUGGESTED, SpanState.CONFIRMED, SpanState.REJECTED, SpanState.CONFIRMED)
    spans = tuple(Span(start, start + 1, "ORG", state) for start, state in enumerate(states))
    article = AnnotatedArticle(1, Article("a", "abcd"), spans, rough_tokens("abcd"))
    assert [s.start for s in article.suggested] == [0]
    assert [s.start for s in article.confirmed] == [1, 3]
    assert [s.start for s in article.rejected] == [2]
    assert article.surface(spans[2]) == "c"


def test_a_models_label_becomes_the_projects() -> None:
    labels = (
        Label("PER", from_model=("PERSON", "ORG")),
        Label("ORG", from_model=("NORP",)),
        Label("LOC", from_model=("GPE",), retired=True),
    )
    assert model_map(labels) == {"PERSON": "PER", "PER": "PER", "ORG": "ORG", "NORP": "ORG"}
