"""Near-duplicates: found at import, skipped or given each other's decisions, each in one step."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from annotator.errors import KnownError
from annotator.model.article import ArticleState
from annotator.model.span import Decision, SpanState, Suggestion
from annotator.session import Changed, Session
from annotator.suggest import Reading

BODY = (
    "HANGZHOU (Wire) - Alibaba opened a lab in Hangzhou on Monday, its seventh outside of the head office.\n\n"
    "The lab will work on chips and on networks, Jeff Zhang said in an interview with the Morning Post.\n\n"
    "Alibaba has 86,000 people in 14 countries. It was founded by Jack Ma in his flat in the year 1999.\n\n"
    "Tencent and Baidu have labs of their own, in Shenzhen and in Beijing, with some 900 people in each."
)
FIRST = "Alibaba opens lab\n\n" + BODY
OTHER = "Seventh research centre for Chinese retailer\n\nBy Ann Post\n\n" + BODY.replace("interview with", "talk to")
CUT = "In short\n\n" + BODY.replace("Alibaba has 86,000 people in 14 countries. It was founded by Jack Ma in ", "In ")
SPACED = FIRST.replace("\n\n", "\r\n \r\n").replace(" on Monday", "\non Monday")
FAR = "Quite another story. " + " ".join(f"word{number}" for number in range(80))


def opened(path: Path) -> Session:
    return Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Articles 1 to 5: a story, another one, and the first again in three papers."""
    with opened(tmp_path / "a.annot") as made:
        made.add_articles(
            {"id": name, "text": text}
            for name, text in (("first", FIRST), ("far", FAR), ("other", OTHER), ("cut", CUT), ("spaced", SPACED))
        )
        yield made


def decide_first(session: Session) -> None:
    """The first article: Alibaba and Jeff Zhang confirmed everywhere, Monday rejected; done."""
    at = FIRST.index("Monday")
    session.keep_reading(1, "blank:en", Reading([(0, 7)], [Suggestion(at, at + 6, "MISC", 0.4, "made-up 1.0")]))
    session.add(1, 0, 7, "ORG", everywhere=True)
    session.add(1, FIRST.index("Jeff"), FIRST.index(" said"), "PER")
    session.add(1, FIRST.index("Jack"), FIRST.index("Jack") + 7, "PER")
    session.reject(1, (at, at + 6))
    session.finish(1)


def spans(session: Session, article_id: int) -> list[tuple[str, str, str]]:
    article = session.article(article_id)
    return [(article.surface(span), span.label, str(span.state)) for span in article.spans]


def states(session: Session) -> list[ArticleState]:
    return [session.article(each).state for each in range(1, 6)]


def test_an_import_finds_them(session: Session) -> None:
    assert [[twin.id for twin in group] for group in session.twins.groups()] == [[1, 3, 4, 5]]
    assert [twin.uid for twin in session.twins.group_of(4)] == ["first", "other", "cut", "spaced"]
    assert session.twins.group_of(2) == ()


def test_a_report_says_how_many(tmp_path: Path) -> None:
    for name, text in (("a", FIRST), ("b", OTHER), ("c", FAR)):
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    beats: list[tuple[int, int]] = []
    with opened(tmp_path / "n.annot") as session:
        report = session.import_files([tmp_path / "a.txt"])
        assert report.twins == 0
        report = session.import_files(
            [tmp_path / "b.txt", tmp_path / "c.txt"], progress=lambda *step: beats.append(step)
        )
        assert (report.twins, report.accepted) == (1, 2)
        assert "1 nearly the same as another" in report.summary()
        assert beats[-1] == (2, 2)
        assert session.import_files([tmp_path / "b.txt"]).twins == 0, "the same article is skipped as before"


def test_a_later_session_compares_with_all_that_is_there(session: Session) -> None:
    path = session.project.path
    session.close()
    with opened(path) as again:
        (new,) = again.add_articles([{"id": "late", "text": "Late\n\n" + BODY}])
        assert [twin.id for twin in again.twins.group_of(new)] == [1, 3, 4, 5, 6]


def test_an_import_that_was_given_up_leaves_nothing_behind(session: Session, tmp_path: Path) -> None:
    story = [{"id": f"x{n}", "text": " ".join(Random(n).choices(FAR.split(), k=60))} for n in range(3)]
    with pytest.raises(KnownError):
        session.add_articles(
            [*story, {"id": "broken", "text": "Far.", "spans": [{"start": 0, "end": 99, "label": "ORG"}]}]
        )

    def cancelled(_done: int, _total: int) -> None:
        if len(session.article_ids()) > 5:  # the search has begun, all else is through
            raise KnownError("Cancelled.")

    (tmp_path / "late.txt").write_text("Late\n\n" + BODY, "utf-8")
    with pytest.raises(KnownError, match="Cancelled"):
        session.import_files([tmp_path / "late.txt"], progress=cancelled)
    assert session.article_ids() == [1, 2, 3, 4, 5]
    first, second = session.add_articles(
        [{"id": "new", "text": story[0]["text"]}, {"id": "late", "text": "Late " + BODY}]
    )
    assert session.twins.group_of(first) == ()
    assert session.twins.group_of(second)[0].id == 1


def test_a_project_made_before_is_looked_through(session: Session) -> None:
    with session.project.transaction():
        session.project.connection.execute("UPDATE article SET twin_of = NULL")
    path = session.project.path
    session.close()
    with opened(path) as again:
        assert again.twins.groups() == []
        seen: list[tuple[int, int]] = []
        assert again.twins.look_again(lambda *step: seen.append(step)) == 3
        assert seen == [(number, 5) for number in range(1, 6)]
        assert [[twin.id for twin in group] for group in again.twins.groups()] == [[1, 3, 4, 5]]
        assert again.twins.look_again() == 0


def test_of_each_group_one_is_kept(session: Session) -> None:
    assert session.twins.to_skip() == [3, 4, 5]
    assert session.twins.to_skip(among=[4, 2]) == [4]
    session.finish(4)
    assert session.twins.to_skip() == [1, 3, 5], "the one that is done stands for all"
    session.reopen(4)
    session.skip(1)
    assert session.twins.to_skip() == [4, 5], "what is skipped stands for nothing"


def test_skipping_is_one_step(session: Session) -> None:
    told: list[Changed] = []
    session.subscribe(told.append)
    for article_id in (3, 4, 5):
        session.article(article_id)
    outcome = session.twins.skip(session.twins.to_skip())
    assert (outcome.verb, outcome.articles) == ("skip_twins", 3)
    assert states(session) == ["new", "new", "skipped", "skipped", "skipped"]
    session.undo()
    assert states(session) == ["new"] * 5
    session.redo()
    assert states(session)[2:] == ["skipped"] * 3
    assert [changed.articles for changed in told] == [frozenset({3, 4, 5})] * 3
    assert session.check() == []


def test_a_done_article_is_never_skipped(session: Session) -> None:
    session.finish(3)
    assert session.twins.skip([1, 3]).articles == 1
    assert states(session)[:3] == ["skipped", "new", "done"]


def test_decisions_are_taken_over_in_one_step(session: Session) -> None:
    decide_first(session)
    assert session.twins.to_take_over() == [3, 4, 5]
    told: list[Changed] = []
    session.subscribe(told.append)
    before = {each: spans(session, each) for each in range(1, 6)}
    outcome = session.twins.take_over(session.twins.to_take_over())
    named, monday = ("Alibaba", "ORG", "confirmed"), ("Monday", "MISC", "rejected")
    jeff, jack = ("Jeff Zhang", "PER", "confirmed"), ("Jack Ma", "PER", "confirmed")
    assert spans(session, 3) == [named, monday, jeff, named, jack]
    assert spans(session, 4) == [named, monday, jeff], "the other ones were cut"
    assert spans(session, 5) == spans(session, 1)
    assert states(session) == ["done", "new", "open", "open", "done"]
    assert (outcome.count, outcome.articles) == (5 + 3 + 6, 3)
    (span, *_) = session.article(3).confirmed
    assert (span.source, span.decision, span.annotator) == ("twin first", Decision.CONFIRM, "ana")
    assert session.article(3).rejected[0].decision is Decision.REJECT
    after = {each: spans(session, each) for each in range(1, 6)}
    session.undo()
    assert {each: spans(session, each) for each in range(1, 6)} == before
    assert states(session) == ["done", "new", "new", "new", "new"]
    session.redo()
    assert {each: spans(session, each) for each in range(1, 6)} == after
    assert [changed.articles for changed in told] == [frozenset({3, 4, 5})] * 3
    assert session.check() == []


def test_what_a_person_decided_stays(session: Session) -> None:
    decide_first(session)
    at = SPACED.index("Jeff Zhang")
    session.add(5, at, at + 10, "MISC")
    session.add(5, 0, SPACED.index(" lab"), "ORG")
    session.twins.take_over([5])
    kept = spans(session, 5)
    assert ("Jeff Zhang", "MISC", "confirmed") in kept
    assert ("Jeff Zhang", "PER", "confirmed") not in kept
    assert ("Jack Ma", "PER", "confirmed") in kept
    assert kept[0] == ("Alibaba opens", "ORG", "confirmed")
    assert session.article(5).state is ArticleState.OPEN, "two minds: somebody should look"


def test_suggestions_that_are_in_the_way_give_way(session: Session) -> None:
    decide_first(session)
    at = OTHER.index("Zhang")
    found = [Suggestion(at, at + 10, "LOC", 0.8, "made-up 1.0"), Suggestion(0, 7, "MISC", 0.8, "made-up 1.0")]
    session.keep_reading(3, "blank:en", Reading([(0, 7)], found))
    session.twins.take_over([3])
    article = session.article(3)
    assert [article.surface(span) for span in article.of_state(SpanState.SUGGESTED)] == ["Seventh"]


def test_nothing_is_taken_over_where_no_twin_is_done(session: Session) -> None:
    assert session.twins.to_take_over() == []
    assert session.twins.take_over([1, 2, 3]).count == 0
    assert session.next_step("undo") == "import"
    decide_first(session)
    assert session.twins.take_over([1, 2]).articles == 0
    twin = session.twins.decided_twin(3)
    assert twin is not None
    assert twin.id == 1
    assert session.twins.decided_twin(1) is None


def test_taking_over_can_be_stopped_and_then_nothing_changed(session: Session) -> None:
    decide_first(session)

    def cancelled(done: int, total: int) -> None:
        if (done, total) == (3, 3):
            raise KnownError("Cancelled.")

    with pytest.raises(KnownError, match="Cancelled"):
        session.twins.take_over([3, 4, 5], cancelled)
    assert states(session)[2:] == ["new"] * 3
    assert spans(session, 3) == []


def test_arrived_says_what_had_been_done_when_an_article_came(session: Session) -> None:
    session.finish(1)
    session.finish(2)
    (new,) = session.add_articles([{"id": "late", "text": "Something happened in Oslo."}])
    rows = session.project.connection.execute("SELECT id, arrived FROM article WHERE id IN (1, ?)", [new]).fetchall()
    newest = session.project.connection.execute("SELECT max(seq) FROM step").fetchone()[0]
    assert rows == [(1, 0), (new, newest - 1)]
    assert newest == 4, "the imports are steps, too"
