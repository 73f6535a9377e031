"""Virtual environments for the readers, whose requirements contradict each other and the project's own.

They lie in $ANNOTATOR_ACCEPTANCE, else in the user's cache folder; one is made when it is first asked for.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import venv
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import appdirs
from packaging.requirements import Requirement


def folder() -> Path:
    """Where they lie."""
    named = os.environ.get("ANNOTATOR_ACCEPTANCE")
    return Path(named).absolute() if named else Path(appdirs.user_cache_dir("annotator-acceptance", False))


def is_here(needs: tuple[str, ...]) -> bool:
    """Does the environment that runs this have these packages?"""
    try:
        return all(version(each.name) in each.specifier for each in map(Requirement, needs))
    except PackageNotFoundError:
        return False


def python_with(needs: tuple[str, ...]) -> Path:
    """The Python of an environment that has these packages; the one that runs this where it has them.

    :raises OSError: they cannot be installed; it says why.
    """
    if is_here(needs):
        return Path(sys.executable)
    name = f"{re.split('[^a-z]', needs[0])[0]}-{hashlib.sha256(repr((needs, sys.version)).encode()).hexdigest()[:8]}"
    place = folder() / name
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (place / "whole").exists():
        _make(place, python, needs)
    return python


def _make(place: Path, python: Path, needs: tuple[str, ...]) -> None:
    """An environment that was not finished begins anew."""
    shutil.rmtree(place, ignore_errors=True)
    venv.create(place, with_pip=True)
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", *needs]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"pip install {' '.join(needs)}: {done.stderr.strip()[-300:]}")
    (place / "whole").touch()
