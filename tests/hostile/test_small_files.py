"""Small files of the program and its users, broken, enormous or nested without end: defaults or a plain word."""

import io
import json
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from annotator import resources, settings
from annotator.errors import KnownError
from annotator.importers.word_list import read_list
from annotator.session import manifest
from annotator.suggest.learner.state import State
from annotator.suggest.training_state import Workshop

DEEP = b"[" * 200_000
BROKEN = {
    "deep": DEEP,
    "deep objects": b'{"a":' * 100_000,
    "bytes": bytes(range(256)),
    "nothing": b"",
    "numbers": b"1" * 100_000,
    "another": b'{"labels": {"a": 1}, "folders": 5, "projects": [[], 1, "\\u0000"], "import_folder": "\\u0000"}',
    "large": b'"' + b"a" * 12_000_000 + b'"',
}
SCHEMES = {
    "two thousand": [f"L{number}" for number in range(2_000)],
    "a hundred thousand": ["L"] * 100_000,
    "a long name": ["L" * 100_000],
    "surrogates": [{"name": "L\ud800"}],
    "NUL": [{"name": "L", "description": "\0"}],
    "lists in it": [{"name": "L", "from_model": ["\ud800"]}],
}


@pytest.fixture(params=BROKEN)
def raw(request: pytest.FixtureRequest) -> bytes:
    return BROKEN[request.param]


@pytest.mark.expects_log
def test_settings_fall_back_to_the_defaults(raw: bytes, home: Path) -> None:
    (home / "config").mkdir(parents=True)
    for name in ("settings.json", "recent.json", "pipelines.json"):
        (home / "config" / name).write_bytes(raw)
    assert settings.Settings().get("theme") == "system"
    assert settings.recent() == []
    assert settings.last_project() is None
    assert settings.import_folder() == Path.home()
    assert settings.chosen_pipelines() == []


def test_a_broken_scheme_is_a_known_error(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(raw)
    with pytest.raises(KnownError, match="is not a label scheme") as caught:
        resources.scheme(tmp_path / "a.json")
    assert len(caught.value.title) < 1_000


@pytest.mark.parametrize("name", SCHEMES)
def test_a_scheme_has_limits(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"labels": SCHEMES[name]}))
    began = time.monotonic()
    with pytest.raises(KnownError, match="is not a label scheme"):
        resources.scheme(tmp_path / "a.json")
    assert time.monotonic() - began < 3


def test_broken_keys_are_the_defaults(raw: bytes, tmp_path: Path) -> None:
    from annotator.ui import keys

    (tmp_path / "keys.json").write_bytes(raw)
    found, complaints = keys.read_keys(tmp_path / "keys.json")
    assert found == keys.defaults()
    assert complaints
    assert all(len(complaint) < 300 for complaint in complaints)


def test_a_broken_manifest_gives_nothing_away_to_be_written_over(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{}")
    (tmp_path / "m.json").write_bytes(raw)
    assert not manifest.is_ours(tmp_path / "a.jsonl", tmp_path / "m.json")
    assert not manifest.is_manifest(tmp_path / "m.json")


def test_a_broken_list_of_words_is_told_line_by_line(raw: bytes, tmp_path: Path) -> None:
    for name in ("a.json", "a.csv", "a.txt"):
        (tmp_path / name).write_bytes(raw)
        with suppress(KnownError):
            assert read_list(tmp_path / name)


def _bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("about.npy", "w") as entry:
        entry.write(bytes(3_000_000))
    return content.getvalue()


@pytest.mark.parametrize("name", [*BROKEN, "bomb"])
def test_what_was_learned_is_learned_again(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.suggest.learner.state._LARGEST", 2_000_000)
    path = tmp_path / "p.annot.learned"
    path.write_bytes(_bomb() if name == "bomb" else BROKEN[name])
    began = time.monotonic()
    learner = State(path, "m", ["PER"]).load()
    assert not learner.taught
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "state",
    [
        {"last": "../../other", "best": "best-1"},
        {"last": "/etc"},
        {"parts": 5},
        {"unknown": 1},
        {"rounds": {}, "best_f": "x"},
    ],
)
def test_a_training_goes_on_only_from_its_own_checkpoints(state: dict[str, object], tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "out")
    shop.folder.mkdir()
    (shop.folder / "state.json").write_text(json.dumps(state))
    found = shop.state()
    assert (found.last, found.parts, found.rounds) == ("", None, [])


def test_a_broken_recipe_is_none(raw: bytes, tmp_path: Path) -> None:
    shop = Workshop(tmp_path / "out")
    shop.folder.mkdir()
    for content in (raw, b'{"base": 1, "labels": {}, "passes": 1}', b'{"base": "a", "labels": [], "passes": 1}'):
        (shop.folder / "recipe.json").write_bytes(content)
        assert shop.recipe() is None
