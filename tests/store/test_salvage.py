"""What is saved of a damaged project, row by row around the damage, and what is said to be lost."""

import sqlite3
import zlib
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from annotator.errors import DamagedError, KnownError, NewerError
from annotator.session import Session, salvage
from annotator.store import watch
from annotator.store.migrations import MIGRATIONS, seal_anew
from annotator.store.project import Project

PAGE = 4096
EMPTY = f"x'{zlib.compress(b'[]').hex()}'"
ARTICLES, SPANS = 60, 3


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A project whose tables take several pages each."""
    path: Path = tmp_path_factory.mktemp("made") / "news.annot"
    words = "Alibaba and Reuters met Oslo. "
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANNOTATOR_HOME", str(path.parent / "home"))
        with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
            ids = session.add_articles([{"id": f"a{n}", "text": f"{words * 9}{n}"} for n in range(ARTICLES)])
            for article_id in ids:
                session.decide(article_id, [(0, 7, "ORG"), (12, 19, "ORG"), (24, 28, "LOC")])
            session.flag(ids[3])
            session.comment(ids[3], "look")
    return path.read_bytes()


def pages_of(path: Path, table: str) -> list[int]:
    """The first bytes of the pages that hold a table's rows."""
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", [table]).fetchone()
    raw = path.read_bytes()
    at = (root - 1) * PAGE
    if raw[at] == 13:
        return [at]
    assert raw[at] == 5
    cells = int.from_bytes(raw[at + 3 : at + 5], "big")
    places = [int.from_bytes(raw[at + 12 + 2 * n : at + 14 + 2 * n], "big") for n in range(cells)]
    children = [int.from_bytes(raw[at + place : at + place + 4], "big") for place in places]
    return [(child - 1) * PAGE for child in (*children, int.from_bytes(raw[at + 8 : at + 12], "big"))]


def behind(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def spoil(path: Path, at: int, length: int = PAGE) -> None:
    raw = bytearray(path.read_bytes())
    raw[at : at + length] = b"\xa5" * length
    path.write_bytes(raw)


@pytest.fixture
def path(tmp_path: Path, made: bytes) -> Path:
    path = tmp_path / "news.annot"
    path.write_bytes(made)
    return path


def content(session: Session) -> list[object]:
    articles = map(session.article, session.article_ids())
    return [(each.article, each.spans, each.state, each.flagged, each.comment) for each in articles]


def refused(path: Path) -> None:
    with pytest.raises(DamagedError):
        Session.open(path)


def test_of_a_sound_project_nothing_is_lost(path: Path, made: bytes, tmp_path: Path) -> None:
    saved = salvage(path, tmp_path / "new.annot")
    assert saved.is_whole
    assert saved.lines() == ["60 articles and 180 decided spans were saved.", "Nothing was lost."]
    assert path.read_bytes() == made
    with Session.open(path, read_only=True) as old, Session.open(tmp_path / "new.annot") as new:
        assert content(old) == content(new)
        while new.undo():
            pass
        assert new.progress().total == 0
        while new.redo():
            pass
        assert content(old) == content(new)
        assert not new.check()


@pytest.mark.parametrize("place", [0, 1, -1])
def test_rows_before_and_behind_a_lost_page_are_saved(path: Path, tmp_path: Path, place: int) -> None:
    pages = pages_of(path, "span")
    assert len(pages) > 4
    spoil(path, pages[place])
    refused(path)
    saved = salvage(path, tmp_path / "new.annot")
    with Session.open(tmp_path / "new.annot") as session:
        spans = sum(len(session.article(each).confirmed) for each in session.article_ids())
        assert len(session.article_ids()) == ARTICLES
        assert not session.check()
    assert ARTICLES * SPANS * (1 - 1.5 / len(pages)) < spans == saved.kept["span"] < ARTICLES * SPANS
    assert "Some decided spans could not be read." in saved.lines()


def test_articles_whose_rows_are_lost_live_on_with_their_text(path: Path, tmp_path: Path) -> None:
    spoil(path, pages_of(path, "article")[0])
    refused(path)
    saved = salvage(path, tmp_path / "new.annot")
    with Session.open(tmp_path / "new.annot") as session:
        assert len(session.article_ids()) == ARTICLES
        assert sum(len(session.article(each).confirmed) for each in session.article_ids()) == ARTICLES * SPANS
    assert "Some articles could not be read." in saved.lines()


def test_a_text_that_changed_is_not_passed_off_as_the_one_that_was_read(path: Path, tmp_path: Path) -> None:
    raw = path.read_bytes()
    at = raw.index(b"Oslo. 17")
    path.write_bytes(raw[:at] + b"Osla" + raw[at + 4 :])
    refused(path)
    saved = salvage(path, tmp_path / "new.annot")
    assert (saved.kept["article"], saved.lost["article"], saved.lost["span"]) == (ARTICLES - 1, 1, SPANS)
    assert "Not kept: 1 articles." in saved.lines()


@pytest.mark.parametrize("table", ["label", "annotator"])
def test_decisions_outlive_the_names_in_them(path: Path, tmp_path: Path, table: str) -> None:
    spoil(path, pages_of(path, table)[0])
    refused(path)
    salvage(path, tmp_path / "new.annot")
    with Session.open(tmp_path / "new.annot") as session:
        spans = [span for each in session.article_ids() for span in session.article(each).confirmed]
        assert len(spans) == ARTICLES * SPANS
        assert not session.check()


def test_without_its_history_what_was_decided_is_there(path: Path, tmp_path: Path) -> None:
    for page in pages_of(path, "step"):
        spoil(path, page)
    refused(path)
    saved = salvage(path, tmp_path / "new.annot")
    assert not saved.has_history
    assert "The history could not be kept" in saved.lines()[-1]
    with Session.open(tmp_path / "new.annot") as session:
        assert sum(len(session.article(each).confirmed) for each in session.article_ids()) == ARTICLES * SPANS
        assert session.undo() is None
        session.comment(1, "again")
        assert session.undo() is not None
        assert not session.check()


@pytest.mark.parametrize(
    "damage", ["DELETE FROM step WHERE seq = 5", "UPDATE step SET changes = 'x' WHERE seq = 5"], ids=["lost", "spoilt"]
)
def test_the_memory_does_not_need_the_history(path: Path, tmp_path: Path, damage: str) -> None:
    with Session.open(path) as session:
        session.memory.set("Alibaba", "ORG")
    never = ("step_is_never_changed", "step_is_never_deleted")
    behind(path, *(f"DROP TRIGGER {name}" for name in never), damage)
    saved = salvage(path, tmp_path / "new.annot")
    assert (saved.kept["article"], saved.kept["span"], saved.kept["pattern"]) == (ARTICLES, ARTICLES * SPANS, 1)
    with Session.open(tmp_path / "new.annot") as session:
        session.memory.set("Reuters", "ORG")
        assert not session.check()


@pytest.mark.parametrize("part", ["suggestion", "pattern"])
def test_what_is_not_whole_is_left_out_and_the_rest_saved(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Whatever it is that no check of a single row sees."""
    with Session.open(path) as session:
        session.memory.set("Alibaba", "ORG")

    def problems(project: Project, _progress: object) -> list[str]:
        return ["wrong"] if project.connection.execute(f"SELECT 1 FROM {part}").fetchone() else []

    monkeypatch.setattr("annotator.store.salvage.checking.problems", problems)
    behind(path, f"INSERT INTO suggestion SELECT id, 'import', 'm', '', 's', {EMPTY}, {EMPTY} FROM article")
    saved = salvage(path, tmp_path / "new.annot")
    assert (saved.kept["article"], saved.kept["span"]) == (ARTICLES, ARTICLES * SPANS)
    assert saved.lost == {part: 1 if part == "pattern" else ARTICLES}


@pytest.mark.parametrize("length", [100, PAGE])
def test_a_lost_beginning_is_made_anew(path: Path, tmp_path: Path, length: int) -> None:
    spoil(path, 0, length)
    with pytest.raises(KnownError):
        Session.open(path)
    saved = salvage(path, tmp_path / "new.annot")
    assert (saved.kept["article"], saved.kept["span"]) == (ARTICLES, ARTICLES * SPANS)


def test_half_a_file_gives_what_is_in_it(path: Path, made: bytes, tmp_path: Path) -> None:
    path.write_bytes(made[: len(made) * 2 // 3])
    refused(path)
    saved = salvage(path, tmp_path / "new.annot")
    assert saved.kept["article"]
    with Session.open(tmp_path / "new.annot") as session:
        assert not session.check()


def test_of_noise_nothing_is_saved_and_nothing_left(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"noise" * 10_000)
    with pytest.raises(KnownError, match="nothing in it can be read"):
        salvage(path, tmp_path / "new.annot")
    assert sorted(each.name for each in tmp_path.iterdir() if each.name != "home") == ["news.annot"]


def test_a_newer_project_is_none_to_be_saved(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(NewerError, match="Update this one"):
        salvage(path, tmp_path / "new.annot")


def test_nothing_is_written_over(path: Path, made: bytes) -> None:
    with pytest.raises(KnownError, match="is there already"):
        salvage(path, path)
    assert path.read_bytes() == made
    with pytest.raises(KnownError, match="There is no project"):
        salvage(path.with_name("none.annot"), path.with_name("new.annot"))


def test_progress_can_stop_it_and_nothing_is_left(path: Path, tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise KnownError("Cancelled.")

    with pytest.raises(KnownError, match="Cancelled"):
        salvage(path, tmp_path / "new.annot", stop)
    assert sorted(each.name for each in tmp_path.iterdir() if each.name != "home") == ["news.annot"]


def test_sealing_tells_how_far_it_is_and_can_be_stopped(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []
    is_sealing = False

    def seal(connection: sqlite3.Connection) -> None:
        nonlocal is_sealing
        is_sealing = True
        seal_anew(connection)
        is_sealing = False

    def stop(_done: int, _total: int) -> None:
        told.append(is_sealing)
        if is_sealing:
            raise KnownError("Cancelled.")

    monkeypatch.setattr(watch, "_OPERATIONS", 1)
    monkeypatch.setattr("annotator.store.salvage.seal_anew", seal)
    with pytest.raises(KnownError, match="Cancelled"):
        salvage(path, tmp_path / "new.annot", stop)
    assert told.count(True) == 1
    assert not (tmp_path / "new.annot").exists()


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("DELETE FROM meta WHERE key = 'project_uid'", "It does not say which project it is"),
        ("UPDATE meta SET value = '../x' WHERE key = 'project_uid'", "The project's project_uid is none that this"),
        ("UPDATE meta SET value = upper(value) WHERE key = 'project_uid'", "The project's project_uid is none that"),
    ],
)
def test_a_project_that_does_not_say_who_it_is_is_refused_and_gets_a_new_name(
    path: Path, tmp_path: Path, script: str, says: str
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    with pytest.raises(DamagedError, match=says):
        Session.open(path)
    saved = salvage(path, tmp_path / "new.annot")
    assert saved.kept["article"] == ARTICLES
    with Session.open(tmp_path / "new.annot") as session:
        assert session.check() == []
        assert UUID(session.project.meta("project_uid")).version == 7


def test_articles_that_are_each_others_twins_are_saved_as_the_twins_of_earlier_ones(path: Path, tmp_path: Path) -> None:
    behind(path, "UPDATE article SET twin_of = 3 WHERE id = 2", "UPDATE article SET twin_of = 2 WHERE id = 3")
    with pytest.raises(DamagedError, match="Article 2 is the twin of no earlier one"):
        Session.open(path)
    assert salvage(path, tmp_path / "new.annot").kept["article"] == ARTICLES
    with Session.open(tmp_path / "new.annot") as session:
        assert [twin.id for twin in session.twins.group_of(3)] == [2, 3]
        assert not session.check()
