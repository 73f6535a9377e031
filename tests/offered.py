"""A project whose articles have suggestions of several sources, and ghosts, as the learner leaves them."""

from collections.abc import Iterable

from annotator.model.span import Suggestion
from annotator.session import Changed, Session
from annotator.store import suggestions as suggestion_rows

TEXT = (
    "Alibaba invests in research hubs\n\nAlibaba Group is investing in China and Israel, according to BNN. "
    "Jeff Zhang said so in May. The City Council of Hangzhou, near the City Council hall, met Alibaba Group."
)
ALL = "learner + en_core_web_sm 3.8.0 + memory"
SUGGESTED = (
    ("Alibaba Group", 0, "ORG", 0.97, ALL),
    ("China", 0, "LOC", 0.99, ALL),
    ("Israel", 0, "LOC", 0.62, "learner"),
    ("BNN", 0, "ORG", 0.95, "learner + memory"),
    ("Jeff Zhang", 0, "PER", 0.4, "learner"),
    ("Hangzhou", 0, "LOC", 0.93, "learner"),
)
GHOSTS = (
    ("May", 0, "PER", 0.12, "learner"),
    ("City Council", 0, "ORG", 0.31, "learner"),
    ("City Council", 1, "ORG", 0.22, "learner"),
)

Offered = Iterable[tuple[str, int, str, float, str]]


def place(words: str, nth: int = 0) -> tuple[int, int]:
    """The nth occurrence of words in the text."""
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(words, at + 1)
    return at, at + len(words)


def as_suggestions(offered: Offered) -> list[Suggestion]:
    """What is offered, in reading order."""
    return sorted(Suggestion(*place(words, nth), label, sure, source) for words, nth, label, sure, source in offered)


def offer(session: Session, article_id: int, suggested: Offered = SUGGESTED, ghosts: Offered = GHOSTS) -> None:
    """Store this as the learner's reading of an article, and show it."""
    project = session.project
    with project.transaction():
        suggestion_rows.save_reading(project, article_id, "pipeline", session.model, [])
        for kind, offered in (("learner", suggested), ("ghost", ghosts)):
            found = as_suggestions(offered)
            suggestion_rows.save_reading(project, article_id, kind, session.model, found, revision="1 made-up")
    session._opened.forget(article_id)
    session._opened.tell(Changed(frozenset([article_id])))


def add_articles(session: Session, count: int) -> list[int]:
    """So many articles of that text with these suggestions and ghosts."""
    ids = session.add_articles({"id": f"a{n}", "text": f"{TEXT}\n\nNumber {n}."} for n in range(count))
    for article_id in ids:
        offer(session, article_id)
    return ids
