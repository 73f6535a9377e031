"""Backups of an open project: when they are made, what a look shows, and articles that become what they were."""

import errno
import os
import sqlite3
import time
from collections import namedtuple
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from annotator.errors import KnownError, MovedError
from annotator.model.article import ArticleState
from annotator.model.label import Label
from annotator.session import Session
from annotator.session import backups as backup_module
from annotator.session.backups import restore_in_place
from annotator.store import backups as kept
from annotator.store.migrations import APPLICATION_ID

Triples = set[tuple[int, int, str, str]]


def decided(session: Session, article_id: int = 1) -> Triples:
    spans = session.article(article_id).spans
    return {(s.start, s.end, s.label, str(s.state)) for s in spans if s.id is not None}


def standing(session: Session, *ids: int) -> list[tuple[Any, ...]]:
    """All that was decided of articles, with who and when."""
    articles = [session.article(each) for each in ids]
    return [(each.spans, each.state, each.flagged, each.comment, each.asides) for each in articles]


def wait(session: Session) -> None:
    until = time.monotonic() + 20
    while session.backups.is_busy and time.monotonic() < until:
        time.sleep(0.01)
    assert not session.backups.is_busy


def reasons(session: Session) -> list[str]:
    return [each.reason for each in session.backups.list()]


def test_nothing_is_copied_twice(session: Session) -> None:
    session.add(1, 0, 3, "ORG")
    first = session.backups.make()
    assert session.backups.make("close") == first
    session.undo()
    assert session.backups.make("close") != first
    assert reasons(session) == ["close", "by-hand"]


def test_a_script_keeps_nothing_unasked(session: Session) -> None:
    session.add(1, 0, 3, "ORG")
    session.set_labels(session.labels[:2])
    assert session.backups.list() == []


def test_one_is_made_before_labels_are_renamed_or_retired(session: Session) -> None:
    session.backups.automatic = True
    labels = list(session.labels)
    session.set_labels([*labels, Label("NEW")])
    session.set_labels([replace(label, colour="blue") for label in session.labels])
    assert reasons(session) == []
    session.set_labels([replace(labels[0], name="HUMAN"), *session.labels[1:]])
    session.set_labels(session.labels[:3])
    assert reasons(session) == ["before-labels", "before-labels"]
    with session.backups.look(session.backups.list()[1]) as look:
        assert "PER" in look.hues
        assert "HUMAN" not in look.hues


def test_one_is_made_before_an_import_is_undone(session: Session) -> None:
    session.backups.automatic = True
    session.add_articles([{"id": f"late-{n}", "text": "Alibaba is here."} for n in range(12)])
    session.comment(4, "kept")
    session.undo()
    assert reasons(session) == []
    session.undo()
    assert reasons(session) == ["before-undo"]
    assert session.progress().total == 3
    facts = session.backups.list()[0].facts
    assert facts is not None
    assert facts.articles == 15


def test_one_is_made_before_a_correction_reaches_many_articles(session: Session) -> None:
    session.backups.automatic = True
    ids = session.add_articles([{"id": f"a{n}", "text": f"Damo {n} is near the Damo school."} for n in range(11)])
    outcome = session.add(ids[0], 0, 4, "ORG")
    places = session.elsewhere.of(outcome)
    session.elsewhere.apply(places[:3], outcome)
    assert reasons(session) == []
    session.undo()
    session.elsewhere.apply(places, ("Damo", "ORG"))
    assert len({place.article_id for place in places}) == 10
    session.undo()
    more = session.add_articles([{"id": "b", "text": "Damo is here too."}])
    session.elsewhere.apply(session.elsewhere.of(("Damo", "PER")), ("Damo", "PER"))
    assert reasons(session) == ["before-bulk"]
    assert decided(session, more[0])


def test_one_is_made_before_near_duplicates_and_lists_of_words(session: Session, tmp_path: Path) -> None:
    session.backups.automatic = True
    text = " ".join(f"word{n}" for n in range(200))
    ids = session.add_articles([{"id": f"t{n}", "text": f"{text} {n}"} for n in range(12)])
    session.twins.skip(ids)
    (tmp_path / "list.txt").write_text("Damo\n")
    session.memory.import_list(tmp_path / "list.txt", "ORG")
    assert reasons(session) == ["before-list", "before-twins"]


def test_in_the_background_it_holds_the_moment_before_the_change(session: Session) -> None:
    session.backups.automatic = session.backups.in_background = True
    told: list[Any] = []
    session.backups.listeners.append(lambda *ended: told.append(ended))
    session.add(1, 0, 3, "ORG")
    for label in session.labels[:3]:
        session.set_labels([each for each in session.labels if each.name != label.name])
    wait(session)
    assert reasons(session) == ["before-labels"] * 3
    assert [trouble for _, trouble in told] == [None] * 3
    retired = []
    for each in reversed(session.backups.list()):
        with session.backups.look(each) as look:
            rows = look.rewinding._then.connection
            retired.append(rows.execute("SELECT sum(retired) FROM label").fetchone()[0])
    assert retired == [0, 1, 2]


def test_what_stands_in_the_way_of_a_backup_never_stands_in_the_way_of_a_decision(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: usage(1, 1, 0))
    session.backups.automatic = True
    told: list[Any] = []
    session.backups.listeners.append(lambda *ended: told.append(ended))
    session.set_labels(session.labels[:2])
    assert len(session.labels) == 2
    assert [str(trouble)[:29] for _, trouble in told] == ["The backup could not be made:"]
    session.backups.make_in_background()
    wait(session)
    assert len(told) == 2
    with pytest.raises(KnownError, match=os.strerror(errno.ENOSPC)):
        session.backups.make()


@pytest.mark.parametrize("is_replaced", [True, False])
def test_a_file_that_was_moved_or_replaced_is_not_backed_up(session: Session, path: Path, is_replaced: bool) -> None:
    """The other file would be read together with the log of this one."""
    session.add(1, 0, 3, "ORG")
    moved = path.rename(path.with_name("moved.annot"))
    if is_replaced:
        path.write_bytes(moved.read_bytes())
    with pytest.raises(MovedError, match=r"news\.annot was (moved|replaced)[a-z ]* while it was open"):
        session.backups.make()
    moved.replace(path)
    assert session.backups.make().decisions == 1


def test_a_closed_project_writes_nothing_more(path: Path) -> None:
    session = Session.open(path, annotator="ana")
    session.add(1, 0, 3, "ORG")
    assert session.backups.make_in_background()
    session.close()
    assert not session.backups.is_busy
    assert not list(path.parent.glob("*-wal"))


def test_on_closing_a_large_project_is_left_where_a_backup_is_recent(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.add(1, 0, 3, "ORG")
    assert session.backups.make_last() is not None
    assert session.backups.make_last() is None
    session.undo()
    monkeypatch.setattr(backup_module, "LARGE", 1)
    assert session.backups.make_last() is None

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime.now(UTC) + shift

    shift = timedelta(hours=3)
    monkeypatch.setattr(backup_module, "datetime", Later)
    assert session.backups.make_last() is not None
    session.redo()
    shift = timedelta(hours=-3)  # a clock that jumped back: the newest looks as if it came from the future
    assert session.backups.make_last() is not None


def test_a_look_says_what_changed_since(session: Session) -> None:
    session.add(1, 0, 3, "ORG")
    session.finish(2)
    backup = session.backups.make()
    session.relabel(1, (0, 3, "ORG"), "PER")
    session.comment(2, "why?")
    session.comment(2, "")
    session.asides.toggle(3, (0, 2))
    with session.backups.look(backup) as look:
        rows = {each.id: each for each in look.articles()}
        assert {number: row.changed for number, row in rows.items()} == {1: True, 2: False, 3: True}
        assert (rows[1].state, rows[2].state) == (ArticleState.OPEN, ArticleState.DONE)
        then = look.article(1)
        assert [(s.start, s.end, s.label) for s in then.spans] == [(0, 3, "ORG")]
        assert then.text == session.article(1).text
        with pytest.raises(KnownError, match=r"This article is not in the project any more.*99"):
            look.article(99)


def test_restored_articles_are_what_they_were_and_undo_takes_it_back(
    session: Session, digest: Callable[[Path], str]
) -> None:
    session.add(1, 0, 3, "ORG")
    session.relabel(1, (0, 3, "ORG"), "PER")
    session.comment(1, "then")
    session.asides.mark(1, (0, 2))
    session.finish(2)
    then = standing(session, 1, 2)
    backup = session.backups.make()
    session.reject(1, (0, 3, "PER"))
    session.add(1, 4, 6, "LOC")
    session.comment(1, "now")
    session.flag(1)
    session.asides.clear(1, (0, 2))
    session.decide(2, [])
    other = standing(session, 3)
    now = digest(session.project.path)
    outcome = session.backups.restore_articles(backup, [1, 2])
    assert (outcome.verb, outcome.articles) == ("restore", 2)
    assert standing(session, 1, 2) == then
    assert standing(session, 3) == other
    assert session.check() == []
    session.undo()
    assert digest(session.project.path) == now
    session.redo()
    assert standing(session, 1, 2) == then
    assert session.backups.restore_articles(backup, [1, 2]).articles == 0


def test_labels_that_are_needed_come_back(session: Session) -> None:
    labels = list(session.labels)
    session.add(1, 0, 3, "ORG")
    session.add(2, 0, 3, "LOC")
    backup = session.backups.make()
    session.decide(1, [])
    session.decide(2, [])
    renamed = [replace(label, name="PLACE") if label.name == "LOC" else label for label in labels]
    session.set_labels([label for label in renamed if label.name != "ORG"])
    session.set_labels([*session.labels, Label("NEW", key="2")])  # its key is taken meanwhile
    session.backups.restore_articles(backup, [1, 2])
    assert decided(session, 1) == {(0, 3, "ORG", "confirmed")}
    assert decided(session, 2) == {(0, 3, "PLACE", "confirmed")}  # the same label, by its name of today
    org = next(label for label in session.labels if label.name == "ORG")
    assert org.key == ""
    session.undo()
    assert "ORG" not in [label.name for label in session.labels]


def test_spans_that_traded_labels_come_back(session: Session) -> None:
    """No place has the same label twice, not even for a moment."""
    session.add(1, 0, 3, "ORG")
    backup = session.backups.make()
    session.reject(1, (0, 3, "ORG"))
    session.add(1, 0, 3, "ORG")
    session.relabel(1, (0, 3, "ORG"), "PER")
    session.backups.restore_articles(backup, [1])
    assert decided(session) == {(0, 3, "ORG", "confirmed")}


def test_an_article_whose_import_was_undone_is_not_restored_alone(session: Session) -> None:
    (late,) = session.add_articles([{"id": "late", "text": "Alibaba is here."}])
    backup = session.backups.make()
    session.undo()
    with session.backups.look(backup) as look:
        assert [each.is_there for each in look.articles()] == [True, True, True, False]
    with pytest.raises(
        KnownError, match=rf"“Alibaba is here\.” is not in the project now\. Redo its import.*article {late}"
    ):
        session.backups.restore_articles(backup, [1, late])


def test_a_look_from_another_branch_of_time_compares_all(session: Session, path: Path) -> None:
    session.add(1, 0, 3, "ORG")
    early = session.backups.make()
    session.add(2, 0, 3, "ORG")
    late = session.backups.make()
    session.close()
    restore_in_place(early, path)
    with Session.open(path, annotator="ana") as again:
        again.add(3, 0, 3, "LOC")
        with again.backups.look(late) as look:
            assert look.rewinding.touched() is None
            assert [each.changed for each in look.articles()] == [False, True, True]
        again.backups.restore_articles(late, [2])
        assert decided(again, 2) == {(0, 3, "ORG", "confirmed")}
        assert again.check() == []


def test_rows_of_another_branch_of_time_never_get_a_number_that_another_row_had(session: Session, path: Path) -> None:
    """What is in memory of one article would then be taken for the other's."""
    early = session.backups.make()
    session.add(2, 0, 3, "ORG")
    late = session.backups.make()
    session.close()
    restore_in_place(early, path)
    with Session.open(path, annotator="ana") as again:
        again.add(1, 0, 3, "PER")  # has the number that the other span had
        again.backups.restore_articles(late, [1, 2])
        assert (decided(again, 1), decided(again, 2)) == (set(), {(0, 3, "ORG", "confirmed")})
        again.undo()
        assert (decided(again, 1), decided(again, 2)) == ({(0, 3, "PER", "confirmed")}, set())
        again.redo()
        numbers = {span.id for span in again.article(2).spans if span.id is not None}
        again.undo()
        assert numbers.isdisjoint(span.id for span in again.article(1).spans)


def test_a_whole_restore_keeps_what_was_there(session: Session, path: Path, digest: Callable[[Path], str]) -> None:
    session.add(1, 0, 3, "ORG")
    then, backup = digest(path), session.backups.make()
    session.finish(1)
    now = digest(path)
    session.close()
    present = restore_in_place(backup, path)
    assert (digest(path), digest(present)) == (then, now)
    assert present.name.startswith("news.before-restore-")
    assert [each.reason for each in kept.backups_of(path)] == ["before-restore", "by-hand"]
    again = restore_in_place(kept.backups_of(path)[0], path)
    assert (digest(path), digest(again)) == (now, then)
    assert [each.reason for each in kept.backups_of(path)] == ["before-restore", "by-hand"]


def test_a_damaged_project_is_restored_and_kept_as_it_is(session: Session, path: Path) -> None:
    session.add(1, 0, 3, "ORG")
    session.backups.make()
    session.close()
    path.write_bytes(b"no project any more" * 5000)
    present = restore_in_place(kept.backups_of(path)[0], path)
    assert present.read_bytes() == b"no project any more" * 5000
    with Session.open(path) as again:
        assert decided(again) == {(0, 3, "ORG", "confirmed")}


def test_a_backup_of_an_older_version_can_be_looked_at(session: Session, tmp_path: Path) -> None:
    old = tmp_path / "old.annot"
    with sqlite3.connect(old) as connection:
        connection.execute("PRAGMA user_version = 1")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.executescript((Path(__file__).parents[1] / "data" / "projects" / "v0001.sql").read_text("utf-8"))
    connection.close()
    facts = kept.check(old)
    backup = kept.Backup(old, 1, datetime.now(UTC), "before-v2", old.stat().st_size, facts)
    assert facts.version == 1
    before = old.read_bytes()
    with session.backups.look(backup) as look:
        look.articles()
    assert old.read_bytes() == before
    with pytest.raises(KnownError, match="This backup is damaged"):
        session.backups.look(replace(backup, facts=None))


def test_a_reader_can_look_and_back_up_but_not_restore(path: Path) -> None:
    with Session.open(path, annotator="ana") as writer:
        writer.add(1, 0, 3, "ORG")
        with Session.open(path, read_only=True) as reader:
            backup = reader.backups.make()
            assert backup.facts is not None
            assert backup.facts.decisions == 1
            with reader.backups.look(backup) as look:
                assert len(look.articles()) == 3
            with pytest.raises(KnownError, match="open for reading only"):
                reader.backups.restore_articles(backup, [1])


def test_random_work_is_what_it_was(random_work: Any, session: Session) -> None:
    worker = random_work.Worker(session, Random(5))
    for _ in range(30):
        worker.work()
    then = {number: session.article(number) for number in session.article_ids()}
    shown = {number: [replace(s, label="") for s in each.spans if s.id] for number, each in then.items()}
    backup = session.backups.make()
    for _ in range(40):
        worker.work()
    session.backups.restore_articles(backup, list(then))
    for number in then:
        now = session.article(number)
        assert (now.state, now.flagged, now.comment) == (then[number].state, then[number].flagged, then[number].comment)
        spans = [replace(s, label="") for s in now.spans if s.id]
        assert [s.uid for s in spans] == [s.uid for s in shown[number]]
    with session.backups.look(backup) as look:
        assert not any(each.changed for each in look.articles())
