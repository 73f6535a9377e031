"""Decisions counted by their words, and entries made by hand as rows with a history."""

import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from annotator.errors import KnownError
from annotator.model.article import Article
from annotator.model.deciding import Edit
from annotator.model.pattern import Pattern
from annotator.model.span import Decision, Span, SpanState
from annotator.store import history, labels, memory, spans
from annotator.store.project import Project
from tests.arrived import add_article
from tests.store.conftest import NEW

ANA = 1


def decide(
    project: Project, article_id: int, start: int, end: int, state: str = "confirmed", label: str = "ORG"
) -> None:
    span = Span(start, end, label, SpanState(state), decision=Decision.ADD)
    with history.step(project, "add", ANA, article_id) as step:
        spans.write_edits(step, article_id, [Edit(None, span)], spans.names(project), "ana")


def write(project: Project, *wanted: Pattern) -> None:
    with history.step(project, "memory", ANA) as step:
        memory.write_patterns(step, wanted, project, spans.names(project).label_ids)


def test_decisions_are_counted_by_their_words(project: Project, path: Path) -> None:
    with project.transaction():
        emoji = add_article(project, Article("e", "👩\u200d🚀 Alibaba, \r\nalibaba, Alibaba"), NEW)
    for article_id, start, end, *rest in (
        (1, 0, 7),
        (2, 0, 7, "confirmed", "LOC"),
        (emoji, 4, 11, "rejected"),
        (emoji, 15, 22),
        (emoji, 24, 31),
    ):
        decide(project, article_id, start, end, *rest)
    tallies = memory.evidence(path).tallies
    assert set(tallies) == {"Alibaba", "alibaba"}
    tally = tallies["Alibaba"]
    assert (tally.confirmed, tally.rejected) == ({"ORG": 2, "LOC": 1}, {"ORG": 1})
    assert (tally.articles, tally.by) == (3, "ana")
    assert tally.last >= "2026"
    assert tallies["alibaba"].articles == 1


def test_counts_hold_until_a_span_or_a_label_changes(project: Project, path: Path) -> None:
    decide(project, 1, 0, 7)
    mark = memory.evidence(path).mark
    write(project, Pattern('["span",', "ORG"))
    assert memory.still_holds(project, mark), "words that look like a change are none"
    history.undo(project, ANA)
    assert memory.still_holds(project, mark)
    history.undo(project, ANA)
    assert not memory.still_holds(project, mark)
    mark = memory.evidence(path).mark
    with history.step(project, "labels", ANA) as step:
        labels.write_labels(step, project, labels.labels(project)[:1])
    assert not memory.still_holds(project, mark)


def test_an_import_of_decided_spans_makes_counts_old(project: Project, path: Path) -> None:
    mark = memory.evidence(path).mark
    with project.transaction():
        project.connection.execute(
            "INSERT INTO span (uid, article_id, start, end, label_id, state, decision, source, annotator_id, at)"
            " VALUES ('x', 1, 0, 7, 1, 'confirmed', 'add', 'person', 1, '')"
        )
    assert not memory.still_holds(project, mark)


def test_counting_can_be_given_up(project: Project, path: Path) -> None:
    decide(project, 1, 0, 7)
    with pytest.raises(memory.StoppedError):
        memory.evidence(path, lambda: True)


def test_counting_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(KnownError):
        memory.evidence(tmp_path / "no.annot")


def test_counting_sees_one_moment_while_the_project_is_written_to(project: Project, path: Path) -> None:
    for at in range(7):
        decide(project, 1, at, at + 1)
    asked = []

    def write_meanwhile() -> bool:
        asked.append(1)
        decide(project, 2, len(asked), 7)
        return False

    counted = memory.evidence(path, write_meanwhile)
    assert asked
    assert sum(sum(tally.confirmed.values()) for tally in counted.tallies.values()) == 7
    assert not memory.still_holds(project, counted.mark)


def test_entries_are_rows_that_undo_takes_back(project: Project) -> None:
    write(project, Pattern("Alibaba", "ORG"), Pattern("may", None, True, "words.txt"))
    first, second = memory.patterns(project)
    assert (first.surface, first.label, first.any_case, first.origin) == ("Alibaba", "ORG", False, "person")
    assert (second.label, second.any_case, second.origin) == (None, True, "words.txt")
    write(project, Pattern("Alibaba", "LOC", id=first.id), Pattern("may", None, True, "words.txt", second.id))
    assert [each.label for each in memory.patterns(project)] == ["LOC", None]
    changes = history.past_step(project, history.tops(project)[0] or 0).changes
    assert len(changes) == 1, "what stays as it is was not written"
    with history.step(project, "memory_forget", ANA) as step:
        memory.remove_patterns(step, [second], project)
    assert len(memory.patterns(project)) == 1
    for _ in range(2):
        history.undo(project, ANA)
    assert memory.patterns(project) == [first, second]
    history.undo(project, ANA)
    assert memory.patterns(project) == []
    history.redo(project, ANA)
    assert memory.patterns(project) == [first, second]


def big(project: Project, spans_wanted: int) -> None:
    """Many articles with many decided spans, written as imports write them."""
    random, names = Random(1), [f"Name{n} Surname{n % 97}" for n in range(2000)]
    rows: list[tuple[Any, ...]] = []
    with project.transaction():
        for number in range(spans_wanted // 20):
            words = random.choices(names, k=20)
            filler = " of the people who were there said on that day that "
            article_id = add_article(project, Article(f"big-{number}", filler.join(words)), NEW)
            at = 0
            for word in words:
                rows.append((f"u{len(rows)}", article_id, at, at + len(word)))
                at += len(word) + len(filler)
        project.connection.executemany(
            "INSERT INTO span (uid, article_id, start, end, label_id, state, decision, source, annotator_id, at)"
            " VALUES (?, ?, ?, ?, 1, 'confirmed', 'add', 'person', 1, '2026')",
            rows,
        )


def test_counting_is_fast(project: Project, path: Path) -> None:
    big(project, 20_000)
    began = time.process_time()
    counted = memory.evidence(path)
    assert time.process_time() - began < 1.5  # seconds; 0.07 where nothing else runs
    assert len(counted.tallies) == 2000
    assert sum(tally.confirmed["ORG"] for tally in counted.tallies.values()) == 20_000
