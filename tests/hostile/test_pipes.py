"""Pipes and devices in the place of files: nobody waits for them, and they are as if they were not there.

A reader that waits is ended by an alarm, long after any machine would be through.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator import last_words, regular, resources, settings
from annotator.errors import KnownError
from annotator.importers import huggingface
from annotator.importers.base import ReadOptions
from annotator.session import Session, manifest
from annotator.store import backups, known, origins
from annotator.suggest import pipelines, trust
from annotator.suggest.learner.state import State
from annotator.suggest.training_state import Workshop
from annotator.ui import doorbell, keys
from tests.cli.conftest import Run, project, run  # noqa: F401 (fixtures)

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
_LONG = 60  # seconds


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    """Whoever waits for a pipe fails in place of hanging."""

    def give_up(*_: object) -> None:
        raise AssertionError("it waits for a pipe")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(_LONG)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(params=["pipe", "device"])
def put(request: pytest.FixtureRequest) -> "Put":
    return Put(request.param)


class Put:
    """Puts a pipe, or a link to a device without an end, somewhere."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __call__(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        if self._kind == "pipe":
            os.mkfifo(path)
        else:
            path.symlink_to("/dev/zero")
        return path


def test_only_regular_files_are_opened(put: Put, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="it is no regular file"):
        regular.opened(put(tmp_path / "odd"))
    (tmp_path / "even").write_bytes(b"x")
    (tmp_path / "link").symlink_to("even")
    with regular.opened(tmp_path / "link") as file:
        assert file.read() == b"x"
    with pytest.raises(IsADirectoryError):
        regular.opened(tmp_path)


def test_a_pipeline_folder(put: Put, tmp_path: Path) -> None:
    folder = tmp_path / "ship"
    put(folder / "meta.json")
    put(folder / "config.cfg")
    assert pipelines.find(str(folder)) is None
    (folder / "meta.json").unlink()
    (folder / "meta.json").write_text('{"lang": "en", "name": "ship"}', "utf-8")
    with pytest.raises(KnownError, match=r"it brings programs of its own \(config\.cfg\)"):
        trust.check_folder(folder)


def test_a_pipeline_folder_leads_nowhere_else(put: Put, tmp_path: Path) -> None:
    put(tmp_path / "elsewhere" / "strings.json")
    (tmp_path / "ship").mkdir()
    (tmp_path / "ship" / "vocab").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KnownError, match=r"it brings programs of its own \(vocab\)"):
        trust.check_folder(tmp_path / "ship")


def test_a_project_that_names_a_pipe_suggests_nothing(run: Run, project: Path, put: Put, tmp_path: Path) -> None:  # noqa: F811
    put(tmp_path / "ship" / "meta.json")
    put(tmp_path / "ship" / "config.cfg")
    with Session.open(project) as session, session.project.transaction():
        session.project.set_meta("model", str(tmp_path / "ship"))
    answer = run("suggest", project)
    assert answer.failed_plainly()
    assert "is not installed" in answer.err


@pytest.mark.expects_log
def test_settings_and_keys(put: Put, home: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("settings.json", "recent.json", "pipelines.json", "keys.json"):
        put(home / "config" / name)
    assert settings.Settings().get("theme") == "system"
    assert settings.recent() == []
    assert settings.chosen_pipelines() == []
    found, complaints = keys.read_keys(keys.keys_file())
    assert (found, complaints) == (
        keys.defaults(),
        ["The keys file cannot be read: [Errno 22] it is no regular file"],
    )
    assert [record.getMessage() for record in caplog.records][:1] == [
        f"{home / 'config' / 'settings.json'} cannot be read (it is no regular file); the defaults are used."
    ]


def test_what_the_program_keeps_of_projects(run: Run, project: Path, put: Put, home: Path) -> None:  # noqa: F811
    (home / "data" / "known.json").unlink()
    put(home / "data" / "known.json")
    assert known.left_open_as(project) == []
    assert run("backups", project, "--make").code == 0
    (backup,) = backups.backups_of(project)
    for each in (origins.beside(backup.path), backup.path.parent / "paths.json"):
        each.unlink()
        put(each)
    assert run("stats", project).code == 0
    assert run("backups", project).code == 0
    assert run("restore", project, "1").code == 0


@pytest.mark.expects_log
def test_the_log(run: Run, project: Path, put: Put, home: Path) -> None:  # noqa: F811
    (home / "log").mkdir(parents=True, exist_ok=True)
    put(home / "log" / "annotator.log")
    answer = run("guidelines", project)
    assert answer.code == 0
    assert answer.err.splitlines()[0] == ("WARNING annotator: No log file is kept: [Errno 22] it is no regular file")
    assert len(answer.err.splitlines()) == 2


def test_last_words_and_the_doorbell(put: Put, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home / "data" / "crashes" / "window-1-1.txt")
    kept = last_words.LastWords(last_words.COMMAND)
    kept.close()
    monkeypatch.setattr(doorbell, "_PATIENCE", 0)
    bell = put(doorbell._bell_of(tmp_path / "news.annot"))
    assert not doorbell.ring(tmp_path / "news.annot")
    assert not bell.exists()


def test_what_is_beside_a_project(put: Put, tmp_path: Path) -> None:
    put(tmp_path / "out.part" / "recipe.json")
    assert Workshop(tmp_path / "out").recipe() is None
    assert State(put(tmp_path / "news.annot.learned"), "blank:en", ["ORG"]).load().keys == []
    odd = put(tmp_path / "out.jsonl.manifest.json")
    assert not manifest.is_manifest(odd)
    assert not manifest.is_ours(odd, odd)
    with pytest.raises(KnownError, match="it is no regular file"):
        resources.scheme(put(tmp_path / "labels.json"))


def test_a_data_set_card(put: Put, tmp_path: Path) -> None:
    for name in ("README.md", *huggingface._INFOS):
        put(tmp_path / name)
    (tmp_path / "data.jsonl").write_text('{"tokens": ["Oslo"], "ner_tags": [1]}\n', "utf-8")
    assert list(huggingface.IMPORTER.read(tmp_path / "data.jsonl", ReadOptions()))
