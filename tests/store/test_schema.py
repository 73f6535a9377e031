"""Every rule of the schema has somebody who breaks it here."""

import re
import sqlite3
from typing import Any

import pytest

from annotator.store import articles, checking, seals
from annotator.store.project import Project

ARTICLE = {"uid": "a", "title": "t", "sha256": "0" * 64, "length": 1}
SPAN = {
    "uid": "s",
    "article_id": 1,
    "start": 0,
    "end": 7,
    "label_id": 1,
    "state": "confirmed",
    "decision": "add",
    "source": "person",
    "annotator_id": 1,
    "at": "2026-01-31T09:30:00Z",
}
STEP = {"uid": "u", "verb": "confirm", "annotator_id": 1, "at": "2026-01-31T09:30:00Z", "changes": "[]"}
SUGGESTION = {"article_id": 1, "kind": "pipeline", "model": "m", "source": "m", "spans": b"", "tokens": b""}
LABEL = {"uid": "l", "name": "PER", "position": 9, "colour": "rose"}
ASIDE = {"uid": "a", "article_id": 1, "start": 0, "end": 7, "state": "suggested"}
PATTERN = {"uid": "p", "surface": "Damo", "label_id": 1}
ANNOTATOR = {"uid": "n", "name": "bo"}
BASE: dict[str, dict[str, Any]] = {
    "article": ARTICLE,
    "span": SPAN,
    "step": STEP,
    "suggestion": SUGGESTION,
    "label": LABEL,
    "annotator": ANNOTATOR,
    "pattern": PATTERN,
    "aside": ASIDE,
    "article_text": {"article_id": 99, "text": "x"},
    "article_tally": {"state": "lost", "n": 0},
    "label_tally": {"label_id": 9, "state": "confirmed", "n": 0},
    "meta": {"key": "k", "value": "v"},
    "import": {"first": 8, "last": 9, "files": "[]", "at": "2026-01-31T09:30:00Z"},
    "uncounted": {"id": 1},
}

# table, what is changed in a good row, and what SQLite then says
VIOLATIONS: list[tuple[str, dict[str, Any], str]] = [
    ("annotator", {"name": ""}, "name <> ''"),
    ("annotator", {"name": "ana"}, "UNIQUE constraint failed: annotator.name"),
    ("annotator", {"name": None}, "NOT NULL"),
    ("annotator", {"seal": "0" * 63}, "length(seal) IN (0, 64)"),
    ("label", {"name": ""}, "name <> ''"),
    ("label", {"name": "ORG"}, "UNIQUE constraint failed: label.name"),
    ("label", {"colour": ""}, "colour <> ''"),
    ("label", {"key": "12"}, "length(key) <= 1"),
    ("label", {"retired": 2}, "retired IN (0, 1)"),
    ("label", {"position": "first"}, "cannot store TEXT value in INTEGER column"),
    ("article", {"uid": ""}, "uid <> ''"),
    ("article", {"uid": "article-1"}, "UNIQUE constraint failed: article.uid"),
    ("article", {"sha256": "0" * 63}, "length(sha256) = 64"),
    ("article", {"length": -1}, "length >= 0"),
    ("article", {"state": "read"}, "state IN ('new', 'open', 'done', 'skipped')"),
    ("article", {"flagged": 2}, "flagged IN (0, 1)"),
    ("article", {"picked": "chance"}, "picked IN"),
    ("article", {"arrived": -1}, "arrived >= 0"),
    ("article", {"id": 9, "twin_of": 9}, "twin_of <> id"),
    ("article", {"twin_of": 99}, "FOREIGN KEY"),
    ("article", {"seal": "0" * 63}, "length(seal) IN (0, 64)"),
    ("step", {"spread": 2}, "spread IN (0, 1)"),
    ("step", {"hash": "0" * 63}, "length(hash) = 64"),
    ("pattern", {"uid": ""}, "uid <> ''"),
    ("pattern", {"surface": ""}, "surface <> ''"),
    ("pattern", {"any_case": 2}, "any_case IN (0, 1)"),
    ("pattern", {"label_id": 99}, "FOREIGN KEY"),
    ("article", {"suggested": -1}, "suggested >= 0"),
    ("article", {"confirmed": -1}, "confirmed >= 0"),
    ("article", {"rejected": -1}, "rejected >= 0"),
    ("article", {"title": b"\xff"}, "cannot store BLOB value in TEXT column"),
    ("article_text", {"article_id": 98}, "FOREIGN KEY"),
    ("article_text", {"article_id": 1}, "UNIQUE constraint failed: article_text.article_id"),
    ("suggestion", {"kind": "guess"}, "kind IN ('pipeline', 'learner', 'ghost', 'import')"),
    ("suggestion", {"article_id": 99}, "FOREIGN KEY"),
    ("suggestion", {"spans": "[]"}, "cannot store TEXT value in BLOB column"),
    ("span", {"uid": ""}, "uid <> ''"),
    ("span", {"article_id": 99}, "FOREIGN KEY"),
    ("span", {"label_id": 99}, "FOREIGN KEY"),
    ("span", {"annotator_id": 99}, "FOREIGN KEY"),
    ("span", {"was_start": 0, "was_end": 1, "was_label_id": 99}, "FOREIGN KEY"),
    ("span", {"start": -1}, "start >= 0"),
    ("span", {"start": 7}, "end > start"),
    ("span", {"state": "suggested"}, "state IN ('confirmed', 'rejected')"),
    ("span", {"decision": "guess"}, "decision IN ('confirm', 'reject', 'relabel', 'resize', 'add')"),
    ("span", {"confidence": 1.01}, "confidence BETWEEN 0 AND 1"),
    ("span", {"was_start": 0}, "(was_start IS NULL) = (was_end IS NULL)"),
    ("span", {"was_start": 0, "was_end": 1}, "(was_start IS NULL) = (was_end IS NULL)"),
    ("aside", {"uid": ""}, "uid <> ''"),
    ("aside", {"article_id": 99}, "FOREIGN KEY"),
    ("aside", {"start": -1}, "start >= 0"),
    ("aside", {"start": 7}, "end > start"),
    ("aside", {"state": "confirmed"}, "state IN ('suggested', 'marked', 'cleared')"),
    ("aside", {"state": "marked", "annotator_id": 99, "at": "2026-01-31T09:30:00Z"}, "FOREIGN KEY"),
    ("aside", {"state": "marked"}, "(state = 'suggested') = (annotator_id IS NULL)"),
    ("aside", {"annotator_id": 1, "at": "2026-01-31T09:30:00Z"}, "(state = 'suggested') = (annotator_id IS NULL)"),
    ("aside", {"state": "cleared", "annotator_id": 1}, "(state = 'suggested') = (annotator_id IS NULL)"),
    ("step", {"verb": ""}, "verb <> ''"),
    ("step", {"target": 99}, "FOREIGN KEY"),
    ("step", {"undo_top": 99}, "FOREIGN KEY"),
    ("step", {"redo_top": 99}, "FOREIGN KEY"),
    ("step", {"below": 99}, "FOREIGN KEY"),
    ("step", {"annotator_id": 99}, "FOREIGN KEY"),
    ("article_tally", {"n": -1}, "n >= 0"),
    ("article_tally", {"state": "new"}, "UNIQUE constraint failed: article_tally.state"),
    ("label_tally", {"n": -1}, "n >= 0"),
    ("meta", {"value": None}, "NOT NULL"),
    ("import", {"first": 0}, "first > 0"),
    ("import", {"last": 7}, "last >= first"),
    ("import", {"files": None}, "NOT NULL"),
    ("uncounted", {"id": 2}, "id = 1"),
]


def insert(project: Project, table: str, row: dict[str, Any]) -> None:
    names, marks = ",".join(f'"{name}"' for name in row), ",".join("?" * len(row))
    project.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))


def test_the_rows_that_are_broken_below_are_good_ones(project: Project) -> None:
    for table in BASE.keys() - {"article_text"}:
        insert(project, table, BASE[table])


@pytest.mark.parametrize(("table", "change", "says"), VIOLATIONS, ids=lambda part: str(part)[:40])
def test_a_bad_row_is_refused(project: Project, table: str, change: dict[str, Any], says: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=re.escape(says)):
        insert(project, table, BASE[table] | change)


def test_no_rule_of_the_schema_goes_untested(project: Project) -> None:
    for table, sql in project.connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"):
        tried = [(change, says) for name, change, says in VIOLATIONS if name == table]
        for rule in re.findall(r"CHECK \(((?:[^()]|\([^()]*\))*)\)", sql):
            assert any(rule.startswith(says) for _, says in tried), f"{table}: CHECK ({rule})"
        pointing = set(re.findall(r"(\w+) INTEGER[^,]*? REFERENCES", sql))
        assert pointing <= {column for change, says in tried if says == "FOREIGN KEY" for column in change}, table


@pytest.mark.parametrize("table", [table for table in BASE if "uid" in BASE[table]])
def test_a_uid_is_there_once(project: Project, table: str) -> None:
    other = {
        "article": {"sha256": "1" * 64},
        "span": {"start": 1},
        "label": {"name": "X"},
        "annotator": {"name": "X"},
        "pattern": {"surface": "X"},
        "aside": {"start": 1},
    }
    insert(project, table, BASE[table])
    with pytest.raises(sqlite3.IntegrityError, match=f"UNIQUE constraint failed: {table}.uid"):
        insert(project, table, BASE[table] | other.get(table, {}))


def test_two_decided_spans_of_one_label_never_have_the_same_range(project: Project) -> None:
    insert(project, "span", SPAN)
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE constraint failed: span.article_id"):
        insert(project, "span", SPAN | {"uid": "other", "state": "rejected"})
    insert(project, "span", SPAN | {"uid": "other", "label_id": 2})


def test_two_asides_never_have_the_same_range(project: Project) -> None:
    insert(project, "aside", ASIDE)
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE constraint failed: aside.article_id"):
        insert(project, "aside", ASIDE | {"uid": "other"})


def test_a_kind_of_source_has_one_row_an_article(project: Project) -> None:
    insert(project, "suggestion", SUGGESTION)
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE constraint failed: suggestion"):
        insert(project, "suggestion", SUGGESTION)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE article_text SET text = 'other'", "an article's text never changes"),
        ("UPDATE step SET verb = 'other'", "history is only appended to"),
        ("DELETE FROM step", "history is only appended to"),
    ],
)
def test_what_never_changes(project: Project, statement: str, says: str) -> None:
    insert(project, "step", STEP)
    with pytest.raises(sqlite3.IntegrityError, match=says):
        project.connection.execute(statement)


def test_a_label_with_spans_cannot_be_deleted(project: Project) -> None:
    insert(project, "span", SPAN)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        project.connection.execute("DELETE FROM label WHERE id = 1")


def test_with_an_article_goes_all_that_hangs_on_it(project: Project) -> None:
    insert(project, "span", SPAN)
    insert(project, "suggestion", SUGGESTION)
    insert(project, "aside", ASIDE)
    project.connection.execute("DELETE FROM article WHERE id = 1")
    assert articles.article(project, 1) is None
    for table in ("span", "suggestion", "aside"):
        assert project.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert list(checking.problems(project)) == ["Import 1 brought 1 articles, and 0 are there"]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE article_tally SET n = n + 1 WHERE state = 'new'", "articles by state"),
        ("UPDATE article SET confirmed = 5", "spans of an article"),
        ("UPDATE label_tally SET n = n + 1", "spans of a label"),
        ("UPDATE article SET sha256 = printf('%064d', 0) WHERE id = 1", "not the one that was imported"),
        ("UPDATE article SET length = length + 1 WHERE id = 1", "not the one that was imported"),
        ("DELETE FROM article_text WHERE article_id = 1", "its text is missing"),
        ("UPDATE span SET end = 999", "span 1 (0-999) reaches beyond its text"),
        ("UPDATE aside SET end = 999", "aside 1 (0-999) reaches beyond its text"),
        ("CREATE TRIGGER foreign_one AFTER INSERT ON step BEGIN SELECT 1; END", "trigger foreign_one"),
        ("DROP INDEX article_by_state", "index article_by_state"),
        ("PRAGMA application_id = 1", "application id"),
        ("PRAGMA foreign_keys = OFF; UPDATE span SET label_id = 99", "points to a row of label"),
    ],
)
def test_check_finds_what_is_wrong(project: Project, statement: str, says: str) -> None:
    insert(project, "span", SPAN)
    insert(project, "aside", ASIDE)
    seals.reseal(project.connection)
    assert not list(checking.problems(project))
    for part in [statement] if "TRIGGER" in statement else statement.split(";"):
        project.connection.execute(part)
    assert any(says in problem for problem in checking.problems(project))
