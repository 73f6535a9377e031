"""Files in the making are written to nothing that was there before, whatever lies where they could be expected."""

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from annotator import parts
from annotator.errors import KnownError
from annotator.parts import fresh_part, give_new_name
from annotator.session import Session
from annotator.store import restoring, side_files
from annotator.store.backups import backups_of
from annotator.store.project import Project
from annotator.suggest.training_state import Recipe, State, Workshop

WORTH = b"precious words\n" * 10
KINDS = ("link", "hard link", "dangling link", "pipe", "folder", "file")
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    victim = tmp_path / "victim"
    victim.write_bytes(WORTH)
    return victim


def plant(kind: str, at: Path, victim: Path) -> None:
    made: dict[str, Callable[[], object]] = {
        "link": lambda: at.symlink_to(victim),
        "hard link": lambda: at.hardlink_to(victim),
        "dangling link": lambda: at.symlink_to(victim.with_name("born")),
        "pipe": lambda: os.mkfifo(at),
        "folder": at.mkdir,
        "file": lambda: at.write_bytes(WORTH),
    }
    made[kind]()


def is_as_before(kind: str, at: Path, victim: Path) -> bool:
    """The planted thing is there, and what it leads to is as it was."""
    as_it_was = victim.read_bytes() == WORTH and not victim.with_name("born").exists()
    return as_it_was and os.path.lexists(at) and (kind != "file" or at.read_bytes() == WORTH)


@needs_pipes
@pytest.mark.parametrize("kind", KINDS)
def test_a_new_project_a_rescued_and_a_restored_one_touch_nothing_else(kind: str, tmp_path: Path, victim: Path) -> None:
    new, saved, back = (tmp_path / name for name in ("new.annot", "saved.annot", "back.annot"))
    planted = [at.with_name(f"{at.name}.{end}") for at in (new, saved, back) for end in ("part", "restored.part")]
    planted.append(back.with_name(f"{back.name}.{os.getpid()}.part"))
    for at in planted:
        plant(kind, at, victim)
    with Session.open(new, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        session.add_articles([{"text": "Alibaba"}])
        session.backups.make()
    with closing(Project(new)) as project:
        project.rescue(saved)
    (backup,) = backups_of(new)
    restoring.to_new_file(backup, back)
    restoring.in_place(backup, saved)
    assert all(is_as_before(kind, at, victim) for at in planted)
    assert not list(tmp_path.glob(".annotator-*"))


@needs_pipes
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_learned_is_written_to_nothing_else(kind: str, tmp_path: Path, victim: Path) -> None:
    path = tmp_path / "news.annot"
    at = tmp_path / "news.annot.learned.part"
    plant(kind, at, victim)
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        for number in range(3):
            done, *_ = session.add_articles([{"text": f"Alibaba is {number}."}])
            session.add(done, 0, 7, "ORG")
            session.finish(done)
        session.learn()
    assert (tmp_path / "news.annot.learned").is_file()
    assert is_as_before(kind, at, victim)


@needs_pipes
@pytest.mark.parametrize("kind", KINDS)
def test_a_log_is_copied_to_nothing_else(kind: str, tmp_path: Path, victim: Path) -> None:
    project, log = tmp_path / "news.annot", tmp_path / "news.annot-wal"
    log.write_bytes(b"log")
    log.with_name("other name").hardlink_to(log)
    at = log.with_name(f"{log.name}.part")
    plant(kind, at, victim)
    side_files.make_own(project)
    assert log.lstat().st_nlink == 1
    assert is_as_before(kind, at, victim)


@needs_pipes
@pytest.mark.parametrize("kind", KINDS)
def test_the_notes_of_a_training_are_written_to_nothing_else(kind: str, tmp_path: Path, victim: Path) -> None:
    shop = Workshop(tmp_path / "out")
    shop.begin(Recipe("blank:en", {"ORG": []}, 1))
    at = shop.folder / "state.tmp"
    plant(kind, at, victim)
    shop.keep(State(last="epoch-1", best="epoch-1", best_f=0.5))
    assert (shop.folder / "state.json").is_file()
    assert is_as_before(kind, at, victim)


@pytest.mark.parametrize("links", [True, False])
def test_a_new_name_is_never_taken_from_somebody(links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not links:
        monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "new"
    for number in range(2):
        with fresh_part(path) as part:
            part.write_text(str(number))
            if number:
                with pytest.raises(FileExistsError):
                    give_new_name(part, path)
            else:
                give_new_name(part, path)
    assert path.read_text() == "0"
    assert [each.name for each in tmp_path.iterdir()] == ["new"]


def test_of_two_who_make_one_project_the_second_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new.annot"
    link, both = os.link, []

    def slowly(part: Path, to: Path) -> None:
        monkeypatch.setattr(os, "link", link)
        with closing(Project.create(path)) as other, other.transaction():
            other.set_meta("whose", "the other's")
        both.append(Path(part).exists())
        link(part, to)

    monkeypatch.setattr(os, "link", slowly)
    with pytest.raises(KnownError, match=r"^new\.annot is there already\. Choose another name\.$"):
        Project.create(path)
    assert both == [True]
    with closing(Project(path)) as project:
        assert project.meta("whose") == "the other's"


def test_parts_of_killed_programs_go_and_others_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = parts.beside(tmp_path / "x", "annotator", "part")
    killed = tmp_path / ours.name.replace(f"-{os.getpid()}-", "-999999999-")
    strange = tmp_path / ".annotator-mine.part"
    for each in (ours, killed, strange):
        each.touch()
    with fresh_part(tmp_path / "x"):
        assert not killed.exists()
    assert set(tmp_path.iterdir()) == {ours, strange}
