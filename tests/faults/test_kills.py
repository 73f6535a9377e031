"""Ten of the kills that `kills.py` makes by the hundred."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_what_was_acknowledged_outlives_every_kill() -> None:
    command = [sys.executable, str(HERE / "kills.py"), "--kills", "10", "--seed", "20"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.stdout.startswith("kills tried 10, survived 10, lost 0;"), run.stdout + run.stderr
    assert run.returncode == 0
