"""Projects from elsewhere: what is refused and how, what is never touched, and what is used all the same."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from annotator.errors import DamagedError, ForeignPartsError, KnownError, NewerError
from annotator.session import Session, salvage
from annotator.session.backups import keep_present
from annotator.store import known
from annotator.store.backups import backups_of
from annotator.store.checking import check_file
from annotator.store.migrations import MIGRATIONS
from annotator.store.project import Project
from tests.faults.crafted_projects import (
    DAMAGED,
    FOREIGN,
    HARMLESS,
    HISTORIES,
    Case,
    journal_of,
    journal_that_names,
    log_of,
)

CANARY = b"I am still here. " * 40


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A closed project with articles, an import that was taken back, decisions and a history."""
    path: Path = tmp_path_factory.mktemp("made") / "news.annot"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANNOTATOR_HOME", str(path.parent / "home"))
        fill(path, "Alibaba")
    return path.read_bytes()


def fill(path: Path, name: str) -> None:
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        ids = session.add_articles([{"id": f"{name}-{n}", "text": f"{name} is number {n}."} for n in range(4)])
        for article_id in ids:
            session.add(article_id, 0, len(name), "ORG")
        session.finish(ids[0])
        session.add_articles([{"id": "gone", "text": "Nobody stays."}])
        session.undo()


@pytest.fixture
def path(tmp_path: Path, made: bytes) -> Path:
    folder = tmp_path / "from elsewhere"
    folder.mkdir()
    path = folder / "news.annot"
    path.write_bytes(made)
    return path


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Path]:
    """A file that is nobody's business."""
    file = tmp_path / "canary" / "letter.txt"
    file.parent.mkdir()
    file.write_bytes(CANARY)
    yield file
    assert [each.name for each in file.parent.iterdir()] == [file.name]
    assert file.read_bytes() == CANARY


def everything(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def decisions(path: Path) -> int:
    with Session.open(path, read_only=True) as session:
        return sum(len(session.article(each).confirmed) for each in session.article_ids())


# Crafted files


@pytest.mark.parametrize("case", FOREIGN, ids=lambda case: case.name)
def test_foreign_parts_are_refused_and_their_data_imported(case: Case, path: Path, tmp_path: Path) -> None:
    case.make(path)
    before = everything(path.parent)
    for read_only in (True, False):
        with pytest.raises(ForeignPartsError, match=r"parts that a project never has.*annotator salvage") as told:
            Session.open(path, read_only=read_only)
        assert told.value.problems
    assert everything(path.parent) == before
    salvage(path, tmp_path / "new.annot")
    assert everything(path.parent) == before
    with Session.open(tmp_path / "new.annot") as session:
        assert not session.check()
        assert len(session.article_ids()) == 4
        assert session.undo() is not None or not case.name.endswith("gone")


@pytest.mark.parametrize("case", DAMAGED, ids=lambda case: case.name)
def test_what_cannot_be_worked_with_is_refused(case: Case, path: Path, tmp_path: Path) -> None:
    case.make(path)
    before = everything(path.parent)
    for read_only in (True, False):
        with pytest.raises((DamagedError, NewerError)):
            Session.open(path, read_only=read_only)
    assert everything(path.parent) == before
    saved = salvage(path, tmp_path / "new.annot")
    assert everything(path.parent) == before
    with Session.open(tmp_path / "new.annot") as session:
        assert not session.check()
        assert session.article_ids() or not saved.is_whole


@pytest.mark.parametrize("case", DAMAGED, ids=lambda case: case.name)
def test_a_check_does_not_say_that_all_holds(case: Case, path: Path) -> None:
    case.make(path)
    with contextlib.suppress(KnownError):  # of some, the header says it all
        assert check_file(path).problems


@pytest.mark.parametrize("case", HISTORIES, ids=lambda case: case.name)
def test_nothing_is_done_that_a_history_should_not_say(case: Case, path: Path) -> None:
    """Also where nobody looked the file through: it was left like this, as far as anybody knows."""
    case.make(path)
    known.found_sound(path)
    with Session.open(path) as session:
        before = list(session.project.connection.iterdump())
        with pytest.raises(DamagedError, match=r"makes no sense\. Nothing was changed\."):
            session.undo()
        assert list(session.project.connection.iterdump()) == before
        session.comment(1, "going on")
        assert session.undo() is not None


def test_an_import_into_rows_that_do_not_go_together_says_so(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("INSERT INTO import VALUES (9, 6, 6, '[]', '2026-11-26T10:00:00Z')")
        connection.execute("UPDATE sqlite_sequence SET seq = 9 WHERE name = 'import'")
    known.found_sound(path)
    with Session.open(path) as session:
        with pytest.raises(DamagedError, match="does not fit together any more, and nothing was changed"):
            session.add_articles([{"text": "A new one came in."}])
        assert len(session.article_ids()) == 4


def numbered(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_no_number_is_given_that_would_keep_the_project_shut(path: Path) -> None:
    """The last numbers that are let in: the work ends before the next look would find fault with it."""
    numbered(path, f"UPDATE sqlite_sequence SET seq = {2**52 - 1} WHERE name = 'span'")
    with Session.open(path, annotator="ana") as session:
        session.add(1, 11, 13, "MISC")
        with pytest.raises(DamagedError, match="used up, and nothing was changed"):
            session.add(2, 11, 13, "MISC")
        assert session.check() == []
    known.forget(path)
    with Session.open(path) as session:
        assert session.undo() is not None


def test_articles_come_behind_the_last_place_there_is(path: Path) -> None:
    numbered(path, f"UPDATE article SET rank = {2**53} WHERE id = 1")
    with Session.open(path) as session:
        session.order.choose("date")
        session.add_articles([{"id": "new", "text": "A new one came in."}])
        session.order.choose("topics")
    known.forget(path)
    with Session.open(path) as session:
        assert len(session.article_ids()) == 5


@pytest.mark.parametrize("case", HARMLESS, ids=lambda case: case.name)
def test_harmless_oddities_are_opened(case: Case, path: Path) -> None:
    case.make(path)
    with Session.open(path) as session:
        assert len(session.article_ids()) == 4
        session.add(session.article_ids()[0], 11, 13, session.labels[-1].name)
    assert decisions(path) == 5


@pytest.mark.parametrize("more", [1, 2, 50])
def test_a_newer_project_is_left_as_it_is(path: Path, more: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + more}")
    before = everything(path.parent)
    with pytest.raises(NewerError, match=r"newer version of Annotator .*Update this one to open it\. The file was not"):
        Session.open(path)
    assert everything(path.parent) == before


def test_a_project_that_ends_too_early_says_so(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])
    with pytest.raises(DamagedError, match=r"its end is missing\. .*save what can be read \(annotator salvage\)"):
        Session.open(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "news.annot")
    with pytest.raises(KnownError, match="it is no file"):
        Session.open(tmp_path / "news.annot")


def test_a_link_to_a_project_is_one(path: Path) -> None:
    link = path.with_name("link.annot")
    link.symlink_to(path)
    assert decisions(link) == 4


# Logs beside a project


@pytest.mark.parametrize("is_known", [False, True])
def test_a_journal_that_names_another_file_is_never_used(path: Path, canary: Path, is_known: bool) -> None:
    if is_known:
        Project(path).close()
    journal = path.with_name("news.annot-journal")
    journal.write_bytes(journal_that_names(canary))
    with pytest.raises(DamagedError, match=r"news\.annot-journal lies beside news\.annot and does not belong to it"):
        Session.open(path, read_only=True)
    with Session.open(path) as session:
        (notice,) = session.project.notices
        assert "kept as news.annot-journal.not-used" in notice
    assert decisions(path) == 4
    assert path.with_name("news.annot-journal.not-used").read_bytes() == journal_that_names(canary)


def other_project(tmp_path: Path) -> Path:
    other = tmp_path / "other.annot"
    fill(other, "Reuters")
    return other


@pytest.mark.parametrize("suffix", ["-journal", "-wal"])
def test_the_log_of_another_project_is_set_aside(path: Path, tmp_path: Path, suffix: str) -> None:
    other = other_project(tmp_path)
    harm = "CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM span; END"
    vacuum = ("VACUUM",)  # writes every page
    logs = [journal_of(other.read_bytes())] if suffix == "-journal" else [log_of(other, harm), log_of(other, *vacuum)]
    for number, log in enumerate(logs):
        path.with_name(path.name + suffix).write_bytes(log)
        with Session.open(path) as session:
            assert session.project.notices
            assert session.article(session.article_ids()[0]).text.startswith("Alibaba")
        kept = sorted(path.parent.glob(f"*{suffix}.not-used*"))
        assert len(kept) == number + 1
        assert log in [each.read_bytes() for each in kept]
    assert decisions(path) == 4


def test_a_log_with_a_trigger_in_it_is_set_aside(path: Path) -> None:
    log = log_of(path, "CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM span; END")
    path.with_name("news.annot-wal").write_bytes(log)
    with pytest.raises(DamagedError, match=r"news\.annot-wal lies beside"):
        Session.open(path, read_only=True)
    with Session.open(path) as session:
        assert session.project.notices
        session.comment(session.article_ids()[0], "seen")
    assert decisions(path) == 4


def test_an_old_log_of_the_same_project_is_set_aside(path: Path) -> None:
    """As a program that copies files between machines may leave it."""
    with Session.open(path) as session:
        session.comment(1, "first")
        old = path.with_name("news.annot-wal").read_bytes()
    with Session.open(path) as session:
        session.comment(2, "second")
    path.with_name("news.annot-wal").write_bytes(old)
    with Session.open(path) as session:
        assert session.project.notices
        assert session.article(2).comment == "second"


def test_a_log_that_an_older_copy_lacks_the_ground_for_is_set_aside(path: Path) -> None:
    """The two make a file that SQLite finds no fault with: what was decided between them would be gone unseen."""
    with Session.open(path) as session:
        older = path.read_bytes()
        long = "It rained. " * 2000
        first, second = session.add_articles([{"id": "long", "text": long}, {"id": "more", "text": long[::-1]}])
        for at in range(0, 2200, 11):
            session.add(first, at, at + 9, "MISC")
        session.project.checkpoint()
        session.add(second, 0, 9, "MISC")
        log = path.with_name("news.annot-wal").read_bytes()
    path.write_bytes(older)
    path.with_name("news.annot-wal").write_bytes(log)
    with Session.open(path) as session:
        assert session.project.notices
        assert session.check() == []
        assert len(session.article_ids()) == 4


@pytest.mark.parametrize("forgotten", [False, True])
def test_the_log_of_a_killed_program_is_used(path: Path, tmp_path: Path, home: Path, forgotten: bool) -> None:
    """Also on another machine, or where the list of known projects is lost: the decisions in it were acknowledged."""
    copy = tmp_path / "copy" / "news.annot"
    copy.parent.mkdir()
    with Session.open(path) as session:
        session.project.checkpoint()
        session.add(1, 11, 17, "MISC")
        for each in path.parent.glob("news.annot*"):
            if not each.name.endswith((".lock", "-shm")):
                shutil.copy(each, copy.parent)
    if forgotten:
        (home / "data" / "known.json").write_text("not a list")
    assert decisions(copy) == 5
    with Session.open(copy) as session:
        assert not session.project.notices
        assert len(session.article(1).confirmed) == 2


@pytest.mark.parametrize("suffix", ["-wal", "-journal", "-shm"])
def test_a_link_in_place_of_a_log_is_not_followed(path: Path, canary: Path, suffix: str) -> None:
    path.with_name(path.name + suffix).symlink_to(canary)
    with Session.open(path) as session:
        assert session.project.notices
        session.comment(session.article_ids()[0], "seen")
    assert path.with_name(f"news.annot{suffix}.not-used").is_symlink()


@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
def test_a_second_name_in_place_of_a_log_is_not_written_to(path: Path, canary: Path, suffix: str) -> None:
    path.with_name(path.name + suffix).hardlink_to(canary)
    with Session.open(path) as session:
        session.comment(session.article_ids()[0], "seen")
    assert decisions(path) == 4


@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_a_folder_in_place_of_a_log_is_set_aside(path: Path, suffix: str) -> None:
    path.with_name(path.name + suffix).mkdir()
    with Session.open(path) as session:
        assert session.project.notices
    assert decisions(path) == 4


# Known projects


def test_a_project_as_it_was_left_is_not_looked_through_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Project(path).close()
    assert known.as_left(path)
    monkeypatch.setattr("annotator.store.gate.problems", lambda *_: pytest.fail("it was looked through"))
    Project(path).close()
    with closing(Project(path, read_only=True)):
        pass


def test_a_backup_of_a_project_that_was_looked_through_is_not_looked_through_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session.open(path) as session:
        backup = session.backups.make()
        monkeypatch.setattr("annotator.store.gate.problems", lambda *_: pytest.fail("it was looked through"))
        with session.backups.look(backup) as then:
            assert len(then.articles()) == 4
        session.comment(1, "later")
        session.backups.restore_articles(backup, [1])
        assert session.article(1).comment == ""


def test_a_backup_of_a_file_that_nobody_looked_through_is_looked_through(path: Path) -> None:
    keep_present(path)
    (backup,) = backups_of(path)
    assert not known.as_left(backup.path)


def test_looking_through_says_how_far_it_is_and_can_be_ended(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.store.watch._TURN", 0)
    told: list[tuple[int, int]] = []
    Session.open(path, progress=lambda done, total: told.append((done, total))).close()
    assert told == sorted(told)
    assert 0 < told[0][0] < told[-1][0] <= told[-1][1]
    path.touch()

    def stop(_done: int, _total: int) -> None:
        raise KnownError("Enough.")

    with pytest.raises(KnownError, match="Enough"):
        Session.open(path, progress=stop)
    Session.open(path).close()


def test_a_known_project_that_changed_is_looked_through(path: Path) -> None:
    Project(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON step BEGIN SELECT 1; END")
    assert not known.as_left(path)
    with pytest.raises(ForeignPartsError):
        Project(path)
    assert not known.as_left(path)


def test_the_schema_of_a_known_project_is_asked_all_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FOREIGN[0].make(path)
    known.found_sound(path)
    with pytest.raises(ForeignPartsError):
        Project(path)


def test_without_a_folder_for_the_list_all_works(path: Path, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "data").write_text("in the way")
    with Session.open(path) as session:
        session.comment(session.article_ids()[0], "seen")
    assert decisions(path) == 4
