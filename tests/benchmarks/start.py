"""How long `annotator --help` of every command takes, as a process of its own.

    python tests/benchmarks/start.py [RUNS]

The baseline in the same run: the same Python doing nothing. Prints the median of each in
milliseconds and its ratio to the baseline; ends with 1 where a median is half a second or more.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from annotator.cli import COMMANDS

LIMIT = 500.0  # milliseconds
ROOT = Path(__file__).parents[2]


def milliseconds(*words: str, runs: int) -> float:
    """The median time of a Python process from its start to its end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run([sys.executable, *words], check=True, capture_output=True, env=environment)
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


def main(runs: int = 15) -> int:
    """Measure and print; returns the exit code."""
    baseline = milliseconds("-c", "pass", runs=runs)
    print(f"{'python -c pass':24}{baseline:8.1f} ms")
    slowest = 0.0
    for name in ("", *(command.name for command in COMMANDS)):
        took = milliseconds("-m", "annotator", *name.split(), "--help", runs=runs)
        slowest = max(slowest, took)
        print(f"{f'annotator {name} --help':24}{took:8.1f} ms{took / baseline:8.1f} x")
    return int(slowest >= LIMIT)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
