"""The same bytes and the same words in every locale.

    python tests/faults/locales.py               exports, imports, window and command line, in each
    python tests/faults/locales.py --suite       all other tests, in each (an hour)

The locales are made with `localedef` in a folder of our own; where there is none, those that the system has are tried.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT))  # the package of this checkout

from tests.faults import outcome  # noqa: E402
from tests.faults.folders import own_folder  # noqa: E402
from tests.faults.in_locale import GOLDEN, RESULT  # noqa: E402
from tests.faults.outcome import Fault  # noqa: E402

_ALONE = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}  # Python does not make UTF-8 of it
_FIRST = {"LC_ALL": "C.UTF-8"}
# Names, and the variables that set them; None for those that are made. What fails most easily comes first.
_LOCALES: dict[str, dict[str, str] | None] = {
    "tr_TR.UTF-8": None,
    "C, cp1252 terminal": {"LC_ALL": "C", "PYTHONIOENCODING": "cp1252", **_ALONE},
    "zh_CN.GB18030": None,
    "C": {"LC_ALL": "C", **_ALONE},
    "de_DE.UTF-8": None,
    "zh_CN.UTF-8": None,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=len(_LOCALES), help="how many of the locales")
    parser.add_argument("--suite", action="store_true", help="all other tests, instead")
    given = parser.parse_args()
    with own_folder() as folder:
        found = suites(folder, given.count) if given.suite else faults(given.count)
        sys.exit(outcome.told(found))


def faults(count: int = len(_LOCALES)) -> list[Fault]:
    """In each of so many locales, all exports, imports, the window and some commands."""
    with own_folder() as folder:
        project = _project(folder)
        expected = _made_in(_FIRST, project, folder / "first")
        return [_compared(each, variables, expected, project, folder) for each, variables in locales(folder, count)]


def locales(folder: Path, count: int) -> Iterator[tuple[str, dict[str, str] | None]]:
    """Names, and the variables that set them; None where one cannot be had here.

    :param folder: where those are made that the system has not.
    """
    made = folder / "locales"
    for name, variables in islice(_LOCALES.items(), count):
        if variables is None and _localedef(made, name):
            variables = {"LC_ALL": name, "LOCPATH": str(made), **_ALONE}
        yield name, variables


def _localedef(folder: Path, name: str) -> bool:
    folder.mkdir(exist_ok=True)
    tool = shutil.which("localedef", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if tool is None:
        return False
    language, _, charmap = name.partition(".")
    subprocess.run(
        [tool, "--no-archive", "-i", language, "-f", charmap, folder / name], capture_output=True, check=False
    )
    return (folder / name).is_dir()


def _project(folder: Path) -> Path:
    from annotator.session import Session

    path = folder / "news.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="Zoë İpek") as session:
        session.import_files(GOLDEN / "articles.jsonl", new_labels=True)
        text = "İstanbul ve IĞDIR, 1.234,5 €: 阿里巴巴 👩\u200d🚀 said “no”."
        (new,) = session.add_articles(
            [{"id": "İ-ı", "title": "阿里巴巴 İI 👩\u200d🚀", "text": text, "date": "2024-05-03"}]
        )
        session.add(new, 0, 8, "LOC")
        session.memory.set("İstanbul", "LOC", any_case=True)
        session.memory.set("阿里巴巴", "ORG")
        session.comment(new, "Ü – “why?”")
    return path


def _made_in(variables: Mapping[str, str], project: Path, folder: Path) -> Any:
    """What `in_locale.py` makes there; a text where it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONUTF8"))}
    env = kept | {"ANNOTATOR_HOME": str(folder / "home"), "QT_QPA_PLATFORM": "offscreen"} | dict(variables)
    words = [sys.executable, str(HERE.with_name("in_locale.py")), str(project), str(folder)]
    run = subprocess.run(words, env=env, capture_output=True, timeout=300, check=False)
    if run.returncode:
        return run.stderr.decode("utf-8", "replace")[-1500:]
    return json.loads((folder / RESULT).read_text("utf-8"))


def _compared(name: str, variables: dict[str, str] | None, expected: Any, project: Path, folder: Path) -> Fault:
    if variables is None:
        return Fault(f"locale {name}", 0, 0, [], skipped="needs localedef")
    began = time.perf_counter()
    found = _made_in(variables, project, folder / f"in {name}")
    lost = [f"it fails: {found}"] if isinstance(found, str) else list(_differences(expected, found))
    tried = sum(len(part) for part in expected.values()) if isinstance(expected, dict) else 1
    return Fault(f"locale {name}", tried, tried - len(lost), lost, time.perf_counter() - began)


def _differences(expected: Any, found: Any) -> Iterator[str]:
    if isinstance(expected, str):
        yield f"it fails in {_FIRST}: {expected}"
        return
    for part, values in expected.items():
        if isinstance(values, dict):
            yield from (f"the export {key} is another" for key in values if found[part][key] != values[key])
        elif found[part] != values:
            pairs = zip(values, found[part], strict=False)
            yield f"{part}: {next((pair for pair in pairs if pair[0] != pair[1]), (len(values), len(found[part])))}"


def suites(folder: Path, count: int) -> Iterator[Fault]:
    """All tests but these, in each locale."""
    for name, variables in locales(folder, count):
        if variables is None:
            yield Fault(f"suite in {name}", 0, 0, [], skipped="needs localedef")
            continue
        began, env = time.perf_counter(), {**os.environ, "QT_QPA_PLATFORM": "offscreen", **variables}
        words = [sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=line", "-p", "no:cacheprovider"]
        run = subprocess.run([*words, "--ignore=tests/faults"], cwd=ROOT, env=env, capture_output=True, check=False)
        lines = run.stdout.decode("utf-8", "replace").strip().splitlines() or ["nothing was said"]
        lost = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
        passed = int((re.findall(r"(\d+) passed", lines[-1]) or ["0"])[0])
        lost += [lines[-1]] if run.returncode and not lost else []
        yield Fault(f"suite in {name}", passed + len(lost), passed, lost, time.perf_counter() - began)


if __name__ == "__main__":
    main()
