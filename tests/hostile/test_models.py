"""Pipelines from strangers: nothing in their folders runs, and a project's word is not enough to load one."""

import json
import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator import settings
from annotator.errors import KnownError
from annotator.session import Session
from annotator.suggest import DEFAULT_MODEL, language_of, load_source, tokenizer, trust
from tests.cli.conftest import Run, run  # noqa: F401 (a fixture)

TEXT = "Ever Given moved."


class Bomb:
    """What unpickling it does can be seen."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> Any:
        return Path.touch, (self.canary,)


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """Is there once a program of the folder has run."""
    return tmp_path / "canary"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound pipeline."""
    import spacy

    nlp = spacy.blank("en", meta={"name": "ship", "version": "1.0"})
    ruler: Any = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "SHIP", "pattern": "Ever Given"}])
    nlp.to_disk(tmp_path / "ship")
    return tmp_path / "ship"


def _program(name: str) -> Callable[[Path, Path], None]:
    def add(folder: Path, canary: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"import pathlib; pathlib.Path({str(canary)!r}).touch()")

    return add


def _pickle(name: str) -> Callable[[Path, Path], None]:
    def add(folder: Path, canary: Path) -> None:
        (folder / name).write_bytes(pickle.dumps(Bomb(canary)))

    return add


def _device(folder: Path, _canary: Path) -> None:
    os.mkfifo(folder / "pipe")


def _large_config(folder: Path, _canary: Path) -> None:
    with (folder / "config.cfg").open("a") as file:
        file.write("# \n" * 1_000_000)


BROUGHT = {
    "__init__.py": _program("__init__.py"),
    "code.py": _program("code.py"),
    "sitecustomize.py": _program("sitecustomize.py"),
    "inner/deep.py": _program("inner/deep.py"),
    "code.pyc": _program("code.pyc"),
    "evil.pth": _program("evil.pth"),
    "lib.so": _program("lib.so"),
    "a.pkl": _pickle("a.pkl"),
    "a.pt": _pickle("a.pt"),
    "entity_ruler/patterns.jsonl": _pickle("entity_ruler/patterns.jsonl"),
    "vocab/vectors": _pickle("vocab/vectors"),
    "tokenizer": _pickle("tokenizer"),
}
if hasattr(os, "mkfifo"):
    BROUGHT |= {"pipe": _device}


@pytest.mark.parametrize("name", BROUGHT)
def test_a_folder_with_programs_is_refused(name: str, folder: Path, canary: Path) -> None:
    BROUGHT[name](folder, canary)
    trust.choose(str(folder))
    with pytest.raises(KnownError) as caught:
        load_source(str(folder))
    assert f"brings programs of its own ({name})" in caught.value.title
    assert "not run" in caught.value.advice
    tokenizer(str(folder))(TEXT)
    assert not canary.exists()


def test_an_unpacked_package_is_read_by_its_data(folder: Path, canary: Path, tmp_path: Path) -> None:
    outer = tmp_path / "en_ship"
    outer.mkdir()
    folder.rename(outer / "en_ship-1.0")
    _program("__init__.py")(outer, canary)
    trust.choose(str(outer))
    assert [s.label for s in load_source(str(outer)).read(TEXT).suggestions] == ["SHIP"]
    assert not canary.exists()


ASKED = {
    "another pipeline": ('factory = "entity_ruler"', 'source = "antigravity"', "parts of another pipeline"),
    "a function nobody has": ("spacy.entity_ruler_scorer.v1", "evil.v1", "a program that is not here, 'evil.v1'"),
    "a file": (
        'scorer = {"@scorers":"spacy.entity_ruler_scorer.v1"}',
        'scorer = {"@readers":"srsly.read_json.v1","path":"/etc/passwd"}',
        "of the readers, which no pipeline needs",
    ),
    "a language elsewhere": ('lang = "en"', 'lang = "..evil"', "for the language '..evil'"),
}


@pytest.mark.parametrize("what", ASKED)
def test_a_configuration_that_asks_for_more_is_refused(what: str, folder: Path) -> None:
    old, new, said = ASKED[what]
    config = folder / "config.cfg"
    words = config.read_text().replace(
        '[components.entity_ruler.scorer]\n@scorers = "spacy.entity_ruler_scorer.v1"',
        'scorer = {"@scorers":"spacy.entity_ruler_scorer.v1"}',
    )
    assert old in words
    config.write_text(words.replace(old, new))
    trust.choose(str(folder))
    with pytest.raises(KnownError, match="is not loaded: its config") as caught:
        load_source(str(folder))
    assert said in caught.value.title


def test_a_large_configuration_is_refused(folder: Path) -> None:
    trust.choose(str(folder))
    _large_config(folder, folder)
    with pytest.raises(KnownError, match="programs of its own"):
        load_source(str(folder))


@pytest.mark.parametrize("meta", ["[" * 100_000, "[]", '{"lang": {"a": 1}}', '{"lang": "en", "labels": 5}', "\0", ""])
def test_a_broken_description_is_no_pipeline_or_a_known_error(meta: str, folder: Path) -> None:
    (folder / "meta.json").write_text(meta)
    trust.choose(str(folder))
    with pytest.raises(KnownError):
        load_source(str(folder))


# A project's word


def test_a_folder_that_a_project_names_is_loaded_once_somebody_chose_it(folder: Path, tmp_path: Path) -> None:
    project = tmp_path / "p.annot"
    with Session.open(project, create=True, labels="conll", model="blank:en", learner=False) as session:
        (article,) = session.add_articles([{"text": TEXT}])
        with session.project.transaction():  # as a stranger's project would have it
            session.project.set_meta("model", str(folder))
        with pytest.raises(KnownError) as caught:
            session.suggest(article)
        assert caught.value.title.endswith("is not loaded: nobody has chosen it on this computer.")
        assert caught.value.advice.endswith("choose it: File > Suggestions from…")
        assert not trust.is_chosen(str(folder))
        session.set_model(str(folder), chosen=False)
        assert settings.chosen_pipelines() == []
        session.set_model(str(folder))
        assert settings.chosen_pipelines() == [os.path.realpath(folder)]
        session.suggest(article)
        assert trust.is_chosen(str(folder))


def test_back_to_the_pipeline_before_is_no_choice(folder: Path, tmp_path: Path, run: Run) -> None:  # noqa: F811
    project = tmp_path / "p.annot"
    with Session.open(project, create=True, labels="conll", model="blank:en") as session:
        session.add_articles([{"text": TEXT}])
        with session.project.transaction():
            session.project.set_meta("model_before", str(folder))
    assert run("train", project, "--back").code == 0
    answer = run("suggest", project)
    assert answer.failed_plainly()
    assert "nobody has chosen it on this computer" in answer.err


def test_a_new_project_chooses_its_pipeline(folder: Path, tmp_path: Path) -> None:
    with Session.open(tmp_path / "p.annot", create=True, labels="conll", model=str(folder)):
        assert trust.is_chosen(str(folder))


@pytest.mark.parametrize("name", ["os", "antigravity", "this", "canary_module", "canary_module.inner", "..canary"])
def test_a_module_is_no_pipeline(name: str, tmp_path: Path, canary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that lies in the current folder and looks like a pipeline's package."""
    module = tmp_path / "canary_module"
    module.mkdir()
    _program("__init__.py")(module, canary)
    (module / "meta.json").write_text(json.dumps({"lang": "en", "name": "x", "version": "1"}))
    (module / "config.cfg").write_text('[nlp]\nlang = "en"\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KnownError):
        load_source(name)
    language_of(name)
    assert not canary.exists()
    assert "canary_module" not in sys.modules
    assert "antigravity" not in sys.modules


def test_installed_pipelines_need_no_choice() -> None:
    assert trust.is_chosen(DEFAULT_MODEL)
    assert trust.is_chosen("blank:en")
    assert settings.chosen_pipelines() == []
