"""A few of the flips that `bit_flips.py` makes by the thousand."""

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def test_a_flipped_bit_that_changes_something_is_noticed() -> None:
    command = [sys.executable, str(HERE / "bit_flips.py"), "--flips", "40", "--seed", "3"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    counts = re.match(r"bit flips tried 40, noticed (\d+) .*, unnoticed in used bytes (\d+), crashed 0", run.stdout)
    assert counts, run.stdout + run.stderr
    noticed, missed = map(int, counts.groups())
    assert noticed >= 20
    assert missed == 0, run.stdout
