"""Two of the crashes that `crashes.py` makes by the fifty, and some of the words that `log_words.py` looks for."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def test_a_window_that_breaks_down_is_told_of_and_loses_nothing() -> None:
    command = [sys.executable, str(HERE / "crashes.py"), "--crashes", "2", "--seed", "3"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert run.stdout == "crashes tried 2, told as they should be 2, complaints 0\n", run.stdout + run.stderr
    assert run.returncode == 0


def test_no_log_quotes_what_came_from_outside() -> None:
    run = subprocess.run(
        [sys.executable, str(HERE / "log_words.py"), "--short"],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert "words found 0, complaints 0" in run.stdout, run.stdout + run.stderr
    assert run.returncode == 0
