"""Steps, undo and redo on plain rows."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.errors import KnownError
from annotator.model.article import Article, ArticleState
from annotator.model.deciding import Edit
from annotator.model.label import Label
from annotator.model.span import Decision, Span, SpanState
from annotator.store import articles, checking, history, labels, seals, spans
from annotator.store.project import Project
from tests.arrived import add_article

ANA = 1
Dump = dict[str, list[tuple[Any, ...]]]


def dump(project: Project) -> Dump:
    """All rows that history is about; articles from 3 on were imported meanwhile."""
    return {
        table: project.connection.execute(f"SELECT * FROM {table} WHERE {which} ORDER BY id").fetchall()
        for table, which in (("article", "id < 3"), ("span", "article_id < 3"), ("label", "1"))
    }


def steps(project: Project) -> int:
    return int(project.connection.execute("SELECT count(*) FROM step").fetchone()[0])


def span(start: int, end: int, state: str = "confirmed", label: str = "ORG") -> Span:
    return Span(start, end, label, SpanState(state), decision=Decision.ADD)


def write(project: Project, *edits: Edit) -> None:
    with history.step(project, "add", ANA, 1) as step:
        spans.write_edits(step, 1, edits, spans.names(project), "ana")


def stored(project: Project) -> list[Span]:
    return sorted(spans.decided_spans(project, 1, spans.names(project)), key=lambda found: found.range)


def test_a_step_is_one_row_of_history_and_comes_back_after_a_restart(project: Project, path: Path) -> None:
    before = dump(project)
    write(project, Edit(None, span(0, 7)), Edit(None, span(8, 10)))
    after = dump(project)
    assert steps(project) == 1
    project.close()
    project = Project(path)
    taken = history.undo(project, ANA)
    assert taken is not None
    assert (taken.verb, taken.article_id, len(taken.changes)) == ("add", 1, 2)
    assert dump(project) == before
    project.close()
    project = Project(path)
    assert history.redo(project, ANA) is not None
    assert dump(project) == after
    assert steps(project) == 3
    project.close()


def test_there_is_nothing_to_take_back_at_first(project: Project) -> None:
    assert history.undo(project, ANA) is None
    assert history.redo(project, ANA) is None
    assert steps(project) == 0


def test_a_new_step_clears_what_could_be_done_again(project: Project) -> None:
    write(project, Edit(None, span(0, 7)))
    history.undo(project, ANA)
    write(project, Edit(None, span(8, 10)))
    assert history.redo(project, ANA) is None
    assert [found.range for found in stored(project)] == [(8, 10)]


def test_a_step_that_changes_nothing_is_none(project: Project) -> None:
    with history.step(project, "confirm", ANA, 1):
        pass
    assert steps(project) == 0


def test_a_step_that_raises_leaves_neither_rows_nor_history(project: Project) -> None:
    write(project, Edit(None, span(0, 7)))
    before, count = dump(project), steps(project)
    with pytest.raises(ZeroDivisionError):
        fail_after_writing(project)
    assert (dump(project), steps(project)) == (before, count)
    assert not project.connection.in_transaction


def fail_after_writing(project: Project) -> None:
    with history.step(project, "add", ANA, 1) as step:
        spans.write_edits(step, 1, [Edit(None, span(8, 10))], spans.names(project), "ana")
        raise ZeroDivisionError


def test_a_row_that_breaks_a_rule_leaves_nothing(project: Project) -> None:
    before = dump(project)
    with pytest.raises(Exception, match="UNIQUE"):
        write(project, Edit(None, span(0, 7)), Edit(None, span(0, 7)))
    assert (dump(project), steps(project)) == (before, 0)


@pytest.mark.parametrize(
    "meddle", ["UPDATE span SET at = 'another time'", "DELETE FROM span", "UPDATE span SET state = 'rejected'"]
)
def test_rows_that_something_else_changed_are_not_taken_back(project: Project, meddle: str) -> None:
    write(project, Edit(None, span(0, 7)))
    project.connection.execute(meddle)
    before, count = dump(project), steps(project)
    with pytest.raises(KnownError, match="something else was changed there"):
        history.undo(project, ANA)
    assert (dump(project), steps(project)) == (before, count)


def test_rows_that_something_else_made_are_not_written_over(project: Project) -> None:
    write(project, Edit(None, span(0, 7)))
    history.undo(project, ANA)
    write_beside_history(project, replace(span(0, 7), annotator="ana"))
    before, count = dump(project), steps(project)
    with pytest.raises(KnownError, match="something else was changed there"):
        history.redo(project, ANA)
    assert (dump(project), steps(project)) == (before, count)


def write_beside_history(project: Project, found: Span, article_id: int = 1) -> None:
    """As an import does."""
    row = spans.span_row(found, article_id, spans.names(project))
    names = ",".join(f'"{column}"' for column in row)
    marks = ",".join("?" * len(row))
    project.connection.execute(f"INSERT INTO span ({names}) VALUES ({marks})", list(row.values()))


def test_the_id_of_a_row_that_went_is_not_used_again(project: Project) -> None:
    """An import between a step and its undo would otherwise take the place of the row that comes back."""
    write(project, Edit(None, span(0, 7)))
    (there,) = stored(project)
    write(project, Edit(there, None))
    write_beside_history(project, Span(8, 10, "ORG", SpanState.CONFIRMED, decision=Decision.ADD, annotator="ana"))
    history.undo(project, ANA)
    assert [found.range for found in stored(project)] == [(0, 7), (8, 10)]


def test_a_label_that_imported_spans_have_does_not_vanish(project: Project) -> None:
    before = labels.labels(project)
    with history.step(project, "labels", ANA) as step:
        labels.write_labels(step, project, (*before, Label("PER")))
    write_beside_history(project, Span(0, 7, "PER", SpanState.CONFIRMED, decision=Decision.ADD, annotator="ana"))
    with pytest.raises(KnownError, match="something else was changed"):
        history.undo(project, ANA)
    assert [label.name for label in labels.labels(project)] == ["ORG", "LOC", "PER"]


def test_an_update_leaves_the_id_alone(project: Project) -> None:
    """Else SQLite looks through every row that refers to it, which takes milliseconds in a large project."""
    said: list[str] = []
    project.connection.set_trace_callback(said.append)
    with history.step(project, "flag", 1, 1) as step:
        before = history.tracked_row(project.connection, "article", 1)
        assert before is not None
        step.write("article", before, before | {"flagged": 1})
    project.connection.set_trace_callback(None)
    updates = [statement for statement in said if statement.startswith("UPDATE article SET")]
    assert updates
    assert not any('"id"' in statement for statement in updates)


def test_labels_trade_names_and_back(project: Project) -> None:
    org, loc = labels.labels(project)
    before = dump(project)
    swapped = (Label("LOC", id=org.id, uid=org.uid), Label("ORG", id=loc.id, uid=loc.uid))
    with history.step(project, "labels", ANA) as step:
        labels.write_labels(step, project, swapped)
    assert [(label.id, label.name) for label in labels.labels(project)] == [(org.id, "LOC"), (loc.id, "ORG")]
    history.undo(project, ANA)
    assert dump(project) == before


def test_a_label_that_is_left_out_is_retired(project: Project) -> None:
    org, _ = labels.labels(project)
    with history.step(project, "labels", ANA) as step:
        labels.write_labels(step, project, (org,))
    assert [(label.name, label.retired) for label in labels.labels(project)] == [("ORG", False), ("LOC", True)]


def test_an_articles_standing_is_history_too(project: Project) -> None:
    with history.step(project, "flag", ANA, 2) as step:
        before = history.tracked_row(project.connection, "article", 2)
        assert before is not None
        step.write("article", before, before | {"state": "done", "flagged": 1, "comment": "“why?”"})
    assert articles.standing(project, 2) == ("done", True, "“why?”")
    history.undo(project, ANA)
    assert articles.standing(project, 2) == ("new", False, "")


# Any order of things

VERBS = ("add", "change", "remove", "state", "labels", "undo", "redo", "import")
actions = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 5)), max_size=25)


@settings(deadline=None, max_examples=80)
@given(actions=actions)
def test_whatever_is_done_counts_hold_and_all_of_it_comes_back(
    tmp_path_factory: pytest.TempPathFactory, filled: bytes, actions: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("any") / "news.annot"
    path.write_bytes(filled)
    with closing(Project(path)) as project:
        start = dump(project)
        for verb, number in actions:
            act(project, verb, number)
        assert not list(checking.problems(project))
        while history.redo(project, ANA):
            pass
        end = dump(project)
        while history.undo(project, ANA):
            pass
        assert dump(project) == start
        assert not list(checking.problems(project))
        while history.redo(project, ANA):
            pass
        assert dump(project) == end
        assert not list(checking.problems(project))


def act(project: Project, verb: str, number: int) -> None:
    """Do something to article 1, or import another article."""
    there = stored(project)
    chosen = there[number % len(there)] if there else None
    if verb == "add" and (number, number + 1) not in {found.range for found in there}:
        write(project, Edit(None, span(number, number + 1, label=labels.labels(project)[0].name)))
    elif verb == "change" and chosen is not None:
        other = SpanState.REJECTED if chosen.state is SpanState.CONFIRMED else SpanState.CONFIRMED
        write(project, Edit(chosen, replace(chosen, state=other)))
    elif verb == "remove" and chosen is not None:
        write(project, Edit(chosen, None))
    elif verb == "state":
        with history.step(project, "state", ANA, 1) as step:
            before = history.tracked_row(project.connection, "article", 1)
            assert before is not None
            step.write("article", before, before | {"state": list(ArticleState)[number % 4], "comment": str(number)})
    elif verb == "labels":
        with history.step(project, "labels", ANA) as step:
            first, second, *_ = all_labels = labels.labels(project)
            swapped = (replace(first, name=second.name), replace(second, name=first.name))
            labels.write_labels(step, project, (*swapped, *([Label(f"NEW{len(all_labels)}")] if number % 2 else [])))
    elif verb in ("undo", "redo"):
        (history.undo if verb == "undo" else history.redo)(project, ANA)
    elif verb == "import":
        import_article(project)


def import_article(project: Project) -> None:
    """Not a step: an article with a decided span."""
    with project.transaction():
        count = articles.count(project, articles.ArticleFilter())
        standing = articles.Standing(ArticleState.NEW, False, "")
        article_id = add_article(project, Article(f"imported-{count}", "Alibaba is back."), standing)
        found = replace(span(0, 7, label=labels.labels(project)[0].name), annotator="ana")
        write_beside_history(project, found, article_id)
        seals.reseal(project.connection)
