"""What was learned, kept in a file: whole, or not at all."""

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.suggest.learner import state
from annotator.suggest.learner.learner import Learner
from annotator.suggest.learner.passage import Passage, Place
from annotator.suggest.learner.state import State

LABELS = ("PER", "LOC")
Article = tuple[Passage, list[Place]]
Teach = Callable[..., None]


@pytest.fixture(scope="module")
def learner(articles: list[Article], teach: Teach) -> Learner:
    """It has learned four articles and a correction. Not to be changed."""
    made = Learner(LABELS)
    for number in range(4):
        teach(made, f"{number}:a", articles[number])
    teach(made, "1:b", (articles[1][0], articles[1][1][:3]), "1:a")
    return made


@pytest.fixture(scope="module")
def saved(learner: Learner, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("state") / "news.learned"
    State(path, "made up", LABELS).save(learner)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, saved: bytes) -> Path:
    path = tmp_path / "news.learned"
    path.write_bytes(saved)
    return path


def told(learner: Learner, articles: list[Article]) -> list[Any]:
    return [(look.table, [learner.calibration(p) for p in (0.3, 0.9)]) for look in _looks(learner, articles)]


def _looks(learner: Learner, articles: list[Article]) -> list[Any]:
    return [learner.look(words) for words, _ in articles]


def test_what_was_saved_suggests_and_learns_the_same(
    learner: Learner, path: Path, articles: list[Article], teach: Teach
) -> None:
    loaded = State(path, "made up", LABELS).load()
    assert loaded.keys == learner.keys == ["0:a", "2:a", "3:a", "1:b"]
    assert told(loaded, articles) == told(learner, articles)
    taught = [loaded, learner]
    for each in taught:
        teach(each, "5:a", articles[5])
    after = [told(each, articles) for each in taught]
    kept = [np.array_equal(a.table, b.table) for a, b in zip(loaded.passes, learner.passes, strict=True)]
    for each in taught:
        assert each.take_back()
    assert after[0] == after[1]
    assert all(kept)


def test_hints_alone_are_kept_too(tmp_path: Path, articles: list[Article]) -> None:
    hinted = Learner(LABELS)
    hinted.hint(articles[:3])
    kept = State(tmp_path / "h", "made up", LABELS)
    kept.load()
    kept.save(hinted)
    loaded = State(tmp_path / "h", "made up", LABELS).load()
    assert loaded.hinted
    assert told(loaded, articles[5:7]) == told(hinted, articles[5:7])


def test_hints_are_kept_where_another_labels_file_was(path: Path, articles: list[Article]) -> None:
    kept = State(path, "made up", ("ORG", "PER", "LOC"))
    learner = kept.load()
    assert not learner.knows_something
    learner.hint(articles[:3])
    kept.save(learner)
    assert State(path, "made up", ("ORG", "PER", "LOC")).load().hinted


def fresh(path: Path, model: str = "made up", labels: tuple[str, ...] = LABELS) -> bool:
    loaded = State(path, model, labels).load()
    return not loaded.knows_something and loaded.labels == labels


@pytest.mark.parametrize(
    ("model", "labels"), [("other 1.0", LABELS), ("made up", ("LOC", "PER")), ("made up", ("PER",))]
)
def test_what_was_learned_for_something_else_is_not_used(path: Path, model: str, labels: tuple[str, ...]) -> None:
    assert fresh(path, model, labels)


def test_another_version_is_not_used(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "_VERSION", 10_000)
    assert fresh(path)


def test_what_was_learned_with_other_features_is_not_used(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "fingerprint", lambda: 1)
    assert fresh(path)


def test_no_file_and_nothing_to_keep(tmp_path: Path, learner: Learner) -> None:
    assert fresh(tmp_path / "none")
    nowhere = State(None, "made up", LABELS)
    nowhere.save(learner)
    assert not nowhere.load().knows_something
    (tmp_path / "folder").mkdir()
    assert fresh(tmp_path / "folder")


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.9, 0.999])
def test_half_a_file_is_not_used(path: Path, saved: bytes, share: float) -> None:
    path.write_bytes(saved[: int(len(saved) * share)])
    assert fresh(path)


@pytest.mark.parametrize(
    "content", [b"\0" * 5000, b"PK\x03\x04" + b"\xff" * 300, b"SQLite format 3\0", b"{}", b"\x93NUMPY"]
)
def test_a_foreign_file_is_not_used(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert fresh(path)


def test_a_file_with_a_changed_byte_is_not_used(path: Path, saved: bytes) -> None:
    for share in (0.2, 0.4, 0.6, 0.8):
        at = int(len(saved) * share)
        path.write_bytes(saved[:at] + bytes([saved[at] ^ 0xFF]) + saved[at + 1 :])
        assert fresh(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda arrays, about: arrays.pop("used0"),
        lambda arrays, about: arrays.update(used0=arrays["used0"] + (1 << 22)),
        lambda arrays, about: arrays.update(table1=arrays["table1"][:, :2]),
        lambda arrays, about: arrays.update(chain0=arrays["chain0"][:, :-1]),
        lambda arrays, about: arrays.update(chain1=arrays["chain1"][:1]),
        lambda arrays, about: about.pop("taught"),
        lambda arrays, about: about["taught"][0].pop("words"),
        lambda arrays, about: about["taught"][0].update(lengths=[1]),
        lambda arrays, about: about.update(calibration=[["?"]]),
    ],
)  # fmt: skip
def test_a_whole_file_of_nonsense_is_not_used(path: Path, articles: list[Article], change: Any) -> None:
    with np.load(path) as file:
        arrays = dict(file)
    about = json.loads(arrays["about"].tobytes())
    change(arrays, about)
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), np.uint8)
    with path.open("wb") as out:
        np.savez(out, **arrays)
    assert fresh(path)


@pytest.mark.expects_log
@pytest.mark.parametrize("when", ["writing", "renaming"])
def test_a_full_disk_leaves_the_old_file(
    path: Path, saved: bytes, articles: list[Article], teach: Teach, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    kept = State(path, "made up", LABELS)
    learner = kept.load()
    teach(learner, "5:a", articles[5])
    with monkeypatch.context() as disk:
        disk.setattr(*((state.np, "savez") if when == "writing" else (state.os, "replace")), full)
        kept.save(learner)
    assert path.read_bytes() == saved
    assert [each.name for each in path.parent.iterdir() if each.is_file()] == [path.name]
    kept.save(learner)
    assert State(path, "made up", LABELS).load().keys == learner.keys, "and it is written when there is room again"


def test_nothing_is_written_where_nothing_was_learned(path: Path, articles: list[Article], teach: Teach) -> None:
    kept = State(path, "made up", LABELS)
    learner, written = kept.load(), path.stat().st_mtime_ns
    kept.save(learner)
    teach(learner, "5:a", articles[5])
    learner.take_back()
    kept.save(learner)
    assert path.stat().st_mtime_ns == written
    empty = State(path.with_name("empty"), "made up", LABELS)
    empty.save(empty.load())
    assert not path.with_name("empty").exists()
