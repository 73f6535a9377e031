"""A short run of what `run.py` tries by the hundred; and that its programs can tell when something is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.run import PROGRAMS

HERE = Path(__file__).resolve().parent
only_posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="fork and SIGKILL")


def run(program: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """In a process of its own: what is forked must not come with the windows of other tests."""
    command = [sys.executable, str(HERE / program), *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False)


GROUPS = (
    ("kills", "locks", "clocks"),
    ("window_kills", "full_disk", "moved_files"),
    ("powercuts", "locales"),
)


def test_every_program_is_tried() -> None:
    assert sorted(name for group in GROUPS for name in group) == sorted(
        each.name for each in PROGRAMS if each.counts[0]
    )


@only_posix
@pytest.mark.parametrize("names", GROUPS, ids="-".join)
def test_every_promise_is_kept_in_a_short_run(names: tuple[str, ...]) -> None:
    done = run("run.py", "--short", *names)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("LOST") == 0


@only_posix
def test_half_a_step_is_noticed() -> None:
    """Where a step is written without a transaction, kills leave halves of it."""
    done = run("kills.py", "--kills", "10", "--only", "import_file", "--without-transactions")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "LOST" in done.stdout
