"""Opening and closing the file: what is refused, who may write, what is left behind."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from annotator.errors import DamagedError, ForeignPartsError, KnownError
from annotator.model.article import Article, ArticleState
from annotator.store import articles, checking, history, migrating, migrations, watch
from annotator.store import project as project_module
from annotator.store.articles import ArticleFilter
from annotator.store.backups import backups_of
from annotator.store.project import Project
from tests.arrived import add_article

ROOT = Path(__file__).parents[2]
DUMPS = sorted((ROOT / "tests" / "data" / "projects").glob("v*.sql"))


def folder_of(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir() if each.name.startswith(path.name))


def set_header(path: Path, at: int, value: int) -> None:
    data = bytearray(path.read_bytes())
    data[at : at + 4] = value.to_bytes(4, "big")
    path.write_bytes(data)


# What is left behind


def test_a_closed_project_is_one_file_without_a_log(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    opened = Project(path)
    assert opened.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert opened.connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert opened.connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    opened.close()
    opened.close()
    assert folder_of(path) == ["news.annot"]
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_after_a_checkpoint_a_copy_of_the_file_alone_is_whole(project: Project, path: Path, tmp_path: Path) -> None:
    with project.transaction():
        project.set_meta("place", "2")
    project.checkpoint()
    shutil.copy(path, tmp_path / "copy.annot")
    with closing(Project(tmp_path / "copy.annot", read_only=True)) as copy:
        assert copy.meta("place") == "2"


def test_closing_beside_a_reader_loses_nothing(path: Path, project: Project) -> None:
    with closing(Project(path, read_only=True)) as reader:
        assert articles.count(reader, ArticleFilter()) == 2
        with project.transaction():
            project.set_meta("place", "2")
        project.close()
        assert reader.meta("place") == "2"
    with closing(Project(path)) as again:
        assert again.meta("place") == "2"


def test_nothing_is_left_when_a_project_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="no folder"):
        Project.create(tmp_path / "no-such-folder" / "news.annot")
    assert not list(tmp_path.glob("**/*.annot*"))


def test_a_project_is_never_made_over_something(path: Path) -> None:
    path.write_text("my notes", "utf-8")
    with pytest.raises(KnownError, match="is there already"):
        Project.create(path)
    assert path.read_text("utf-8") == "my notes"


# What is refused


@pytest.mark.parametrize("content", [b"", b"x", b"Alibaba is here. " * 100, b"SQLite format 3\x00", bytes(4096)])
@pytest.mark.parametrize("read_only", [False, True])
def test_what_is_no_project_is_refused_and_not_touched(path: Path, content: bytes, read_only: bool) -> None:
    path.write_bytes(content)
    with pytest.raises(KnownError, match="is not an Annotator project"):
        Project(path, read_only=read_only)
    assert path.read_bytes() == content
    assert folder_of(path) == ["news.annot"]


def test_another_programs_database_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE article (id INTEGER)")
    before = path.read_bytes()
    with pytest.raises(KnownError, match="is not an Annotator project"):
        Project(path)
    assert path.read_bytes() == before


def test_a_folder_and_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="There is no project"):
        Project(tmp_path / "nothing.annot")
    with pytest.raises(KnownError, match="cannot be opened"):
        Project(tmp_path)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_project_is_refused_and_not_touched(path: Path, filled: bytes, read_only: bool) -> None:
    path.write_bytes(filled)
    set_header(path, 60, len(migrations.MIGRATIONS) + 1)
    before = path.read_bytes()
    with pytest.raises(KnownError, match="made by a newer version"):
        Project(path, read_only=read_only)
    assert path.read_bytes() == before
    assert folder_of(path) == ["news.annot"]


@pytest.mark.parametrize("share", [0.002, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_truncated_project_is_known_to_be_damaged(path: Path, filled: bytes, share: float, read_only: bool) -> None:
    path.write_bytes(filled[: max(100, int(len(filled) * share))])
    with pytest.raises(KnownError, match="damaged"):
        Project(path, read_only=read_only)
    assert not path.with_name("news.annot.lock").exists()


def test_a_page_of_noise_is_known_to_be_damaged(path: Path, filled: bytes) -> None:
    data = bytearray(filled)
    data[3 * 4096 + 8 : 3 * 4096 + 400] = b"\xff" * 392
    path.write_bytes(data)
    with pytest.raises(DamagedError, match="damaged") as told:
        Project(path, read_only=True)
    assert told.value.problems
    assert path.read_bytes() == data


# Who may write

HOLD = """
import sys
from pathlib import Path
from annotator.store.project import Project
project = Project(Path(sys.argv[1]))
with project.transaction():
    project.set_meta("place", "2")
print("open", flush=True)
sys.stdin.read()
project.close()
"""

Holder = subprocess.Popen[str]


@pytest.fixture
def hold() -> Iterator[Callable[[Path], Holder]]:
    """Open a project for writing in another process, until its standard input ends."""
    holders: list[Holder] = []

    def start(path: Path) -> Holder:
        command = [sys.executable, "-c", HOLD, str(path)]
        holder = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        holders.append(holder)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        return holder

    yield start
    for holder in holders:
        holder.kill()
        holder.communicate()


def test_a_second_writer_of_this_process_is_refused(path: Path, project: Project) -> None:
    with pytest.raises(KnownError, match="open in this program already"):
        Project(path)
    project.close()
    Project(path).close()


def test_a_second_name_for_the_file_is_no_way_in(path: Path, project: Project) -> None:
    link = path.with_name("link.annot")
    link.symlink_to(path)
    with pytest.raises(KnownError, match="open in this program already"):
        Project(link)


def test_a_second_writer_of_another_process_is_refused(
    path: Path, filled: bytes, hold: Callable[[Path], Holder]
) -> None:
    path.write_bytes(filled)
    holder = hold(path)
    with pytest.raises(KnownError, match=rf"process {holder.pid}\)"):
        Project(path)
    with closing(Project(path, read_only=True)) as reader:
        assert reader.meta("place") == "2"
    holder.communicate("")
    Project(path).close()
    assert folder_of(path) == ["news.annot"]


def test_the_lock_of_a_killed_process_does_not_stay(path: Path, filled: bytes, hold: Callable[[Path], Holder]) -> None:
    path.write_bytes(filled)
    holder = hold(path)
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    with closing(Project(path)) as again:
        assert again.meta("place") == "2"
        assert not list(checking.problems(again))
    assert folder_of(path) == ["news.annot"]


def test_a_reader_writes_nothing(path: Path, project: Project) -> None:
    reader = Project(path, read_only=True)
    with (
        closing(reader),
        pytest.raises(KnownError, match="cannot be written to: this was NOT saved"),
        reader.transaction(),
    ):
        reader.set_meta("place", "1")


def test_a_reader_of_a_closed_project_leaves_no_trace(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    with closing(Project(path, read_only=True)) as reader:
        assert articles.count(reader, ArticleFilter()) == 2
    assert path.read_bytes() == filled
    assert folder_of(path) == ["news.annot"]


def test_a_full_disk_is_known_and_leaves_nothing(project: Project) -> None:
    pages = project.connection.execute("PRAGMA page_count").fetchone()[0]
    project.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(KnownError, match="disk is full"), project.transaction():
        project.set_meta("place", "x" * 100_000)
    assert project.meta("place") == ""
    assert not project.connection.in_transaction


# Older versions

VERSION = len(migrations.MIGRATIONS)


def schema_of(path: Path) -> set[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as plain:
        return set(plain.execute("SELECT type, name, sql FROM sqlite_schema"))


def rebuilt(dump: Path, path: Path) -> None:
    """A project as the version of a dump left it."""
    with closing(sqlite3.connect(path)) as old:
        old.executescript(dump.read_text("utf-8"))
        old.execute(f"PRAGMA application_id = {migrations.APPLICATION_ID}")
        old.execute(f"PRAGMA user_version = {int(dump.stem[1:])}")


def test_every_version_has_a_dump() -> None:
    """To make one: `sqlite3 news.annot .dump`, of a closed project with two articles and a decision on the first."""
    assert [int(dump.stem[1:]) for dump in DUMPS] == list(range(1, len(migrations.MIGRATIONS) + 1))


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_a_project_of_every_version_becomes_as_a_fresh_one(dump: Path, path: Path, filled: bytes) -> None:
    rebuilt(dump, path)
    with closing(Project(path)) as upgraded:
        assert not list(checking.problems(upgraded))
        assert [row.confirmed for row in articles.page(upgraded, ArticleFilter())] == [1, 0]
        assert history.undo(upgraded, 1) is not None
        assert [row.state for row in articles.page(upgraded, ArticleFilter())] == ["new", "new"]
    fresh = path.with_name("fresh.annot")
    fresh.write_bytes(filled)
    assert schema_of(path) == schema_of(fresh)


def next_one(db: Database) -> None:
    """A migration of a version to come."""
    for table in ("article", "gone_article"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN byline TEXT NOT NULL DEFAULT ''")


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program with one migration more."""
    longer = (*migrations.MIGRATIONS, next_one)
    for module in (migrations, migrating, project_module, checking):
        monkeypatch.setattr(module, "MIGRATIONS", longer)


def the_backup(path: Path) -> Path:
    """What was kept before the migration."""
    (backup,) = backups_of(path)
    assert backup.reason == f"before-v{VERSION + 1}"
    return backup.path


@pytest.mark.usefixtures("newer")
def test_an_older_project_is_copied_and_brought_up(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    with closing(Project(path)) as upgraded:
        assert upgraded.connection.execute("SELECT byline FROM article WHERE id = 1").fetchone() == ("",)
        assert not list(checking.problems(upgraded))
    copy = the_backup(path)
    assert copy.read_bytes()[60:64] == VERSION.to_bytes(4, "big")
    with closing(sqlite3.connect(copy)) as old:
        assert old.execute("SELECT count(*) FROM article").fetchone() == (2,)
    with closing(Project(path)) as again:
        assert again.connection.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)


@pytest.mark.usefixtures("newer")
def test_a_reader_of_an_older_project_brings_only_its_own_copy_up(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    with closing(Project(path, read_only=True)) as reader:
        assert reader.connection.execute("SELECT byline FROM article").fetchall() == [("",), ("",)]
        with pytest.raises(KnownError, match="cannot be written to"), reader.transaction():
            reader.set_meta("place", "1")
    assert path.read_bytes() == filled
    assert folder_of(path) == ["news.annot"]


def test_the_copy_holds_what_was_only_in_the_log(
    path: Path, filled: bytes, hold: Callable[[Path], Holder], request: pytest.FixtureRequest
) -> None:
    path.write_bytes(filled)
    holder = hold(path)
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    request.getfixturevalue("newer")
    Project(path).close()
    with closing(sqlite3.connect(the_backup(path))) as old:
        assert old.execute("SELECT value FROM meta WHERE key = 'place'").fetchone() == ("2",)


def test_a_version_that_is_only_in_the_log_counts(path: Path, filled: bytes) -> None:
    """A newer program was killed just after it had brought the project up."""
    path.write_bytes(filled)
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute(f"PRAGMA user_version = {VERSION + 1}")
        copy = path.with_name("copy.annot")
        for suffix in ("", "-wal"):
            shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
    assert copy.read_bytes()[60:64] == VERSION.to_bytes(4, "big")
    with pytest.raises(KnownError, match="made by a newer version"):
        Project(copy)


def test_a_migration_that_fails_leaves_the_project_as_it_was(
    path: Path, filled: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(db: Database) -> None:
        next_one(db)
        raise ZeroDivisionError

    path.write_bytes(filled)
    with monkeypatch.context() as patch:
        for module in (migrating, project_module):
            patch.setattr(module, "MIGRATIONS", (*migrations.MIGRATIONS, failing))
        with pytest.raises(ZeroDivisionError):
            Project(path)
    with closing(Project(path)) as again:
        assert not list(checking.problems(again))


# The list of articles


def test_the_list_is_filtered_by_words_of_any_casing(project: Project) -> None:
    standing = articles.Standing(ArticleState.OPEN, True, "look")
    with project.transaction():
        add_article(project, Article("x", "text", {"title": "100% ÉLYSÉE_", "source": "Die Straße"}), standing)

    def found(*words: str, **more: object) -> list[int]:
        return [row.id for row in articles.page(project, ArticleFilter(words, **more))]  # type: ignore[arg-type]

    assert found() == [1, 2, 3]
    assert found("élysée") == found("STRASSE", "100%") == found(flagged=True) == [3]
    assert found(states=(ArticleState.OPEN,)) == [3]
    assert found("%") == found("_") == [3]
    assert found("élysée", "alibaba") == []
    assert found("'; DROP TABLE article; --") == []
    assert articles.count(project, ArticleFilter(("alibaba",))) == 2
    assert articles.neighbour(project, 1, 1, (ArticleState.OPEN,)) == 3
    assert articles.neighbour(project, 1, -1) is None
    assert articles.tally(project) == {"new": 2, "open": 1, "done": 0, "skipped": 0}


def test_what_another_program_puts_into_an_open_project_is_never_run(path: Path, project: Project) -> None:
    """SQLite's own tools do not heed the lock beside the file."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TRIGGER t AFTER UPDATE ON meta BEGIN DELETE FROM article; END")
        other.commit()
    with pytest.raises(ForeignPartsError, match="has parts that a project never has"), project.transaction():
        project.set_meta("place", "1")
    assert articles.count(project, ArticleFilter()) == 2
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TRIGGER t")
        other.commit()
    with project.transaction():
        project.set_meta("place", "1")


def test_looking_through_a_file_from_elsewhere_tells_how_far_it_is(
    path: Path, filled: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_TURN", 0)
    seen: list[tuple[int, int]] = []
    path.write_bytes(filled)
    Project(path, progress=lambda *at: seen.append(at)).close()
    assert seen == sorted(seen)
    assert seen[0][0] < seen[0][1] == seen[-1][0]
    seen.clear()
    Project(path, progress=lambda *at: seen.append(at)).close()
    assert not seen  # it is as this program left it


class StopError(Exception):
    """Whoever watches wants no more of it."""


def stop(_done: int, _all: int) -> None:
    raise StopError


def test_a_look_that_is_stopped_changes_nothing(path: Path, filled: bytes) -> None:
    path.write_bytes(filled)
    with pytest.raises(StopError):
        Project(path, progress=stop)
    assert path.read_bytes() == filled
    assert folder_of(path) in (["news.annot"], ["news.annot", "news.annot.lock"])
    Project(path).close()
