"""Nine of the restores that `restores.py` makes by the hundred."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def test_what_is_restored_is_what_was_there_at_that_moment() -> None:
    command = [sys.executable, str(HERE / "restores.py"), "--restores", "9", "--seed", "3"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.stdout.startswith("restores tried 9, survived 9, lost 0;"), run.stdout + run.stderr
    assert run.returncode == 0
