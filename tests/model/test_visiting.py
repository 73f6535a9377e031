"""Where the cursor stops."""

import pytest

from annotator.model.article import AnnotatedArticle, Article
from annotator.model.span import Span, SpanState
from annotator.model.tokens import rough_tokens
from annotator.model.visiting import Visit

TEXT = "Anna met Bob in Cairo on Day."
SURE, UNSURE, UNKNOWN = (
    Span(0, 4, "PER", confidence=0.9, source="x"),
    Span(9, 12, "PER", confidence=0.89, source="x"),
    Span(16, 21, "LOC", source="x"),
)
GHOST = Span(25, 28, "MISC", confidence=0.95, source="x, unmarked")
DECIDED = Span(5, 8, "MISC", SpanState.CONFIRMED, "x", 0.1, id=1)
ARTICLE = AnnotatedArticle(1, Article("a", TEXT), (SURE, DECIDED, UNSURE, UNKNOWN), rough_tokens(TEXT), ghosts=(GHOST,))


@pytest.mark.parametrize(
    ("visit", "in_full", "stops"),
    [
        (Visit(), False, (SURE, UNSURE, UNKNOWN)),
        (Visit(all=False), False, (UNSURE, UNKNOWN)),
        (Visit(all=False, sure_from=0.5), False, (UNKNOWN,)),
        (Visit(all=False), True, (SURE, UNSURE, UNKNOWN)),
        (Visit(ghosts=True), False, (SURE, UNSURE, UNKNOWN, GHOST)),
        (Visit(all=False, ghosts=True), False, (UNSURE, UNKNOWN, GHOST)),
    ],
)
def test_stops(visit: Visit, in_full: bool, stops: tuple[Span, ...]) -> None:
    assert visit.to_check(ARTICLE, in_full) == stops


def test_ghosts_are_shown_only_where_wanted() -> None:
    assert Visit().shown(ARTICLE) == ARTICLE.spans
    assert Visit(ghosts=True).shown(ARTICLE) == (SURE, DECIDED, UNSURE, UNKNOWN, GHOST)
