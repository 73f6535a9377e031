"""All faults in one table: for each, how often it was tried, survived and lost.

    python tests/faults/run.py [--short|--long] [NAMES...]

NAMES are programs of this folder, as "kills powercuts". Without a choice of length it takes some minutes; `--long`
takes hours, and half a minute is enough for `--short`, as it runs with the other tests.
"""

import argparse
import importlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

from tests.faults.outcome import Fault, row, table  # noqa: E402


class Program(NamedTuple):
    """A program of this folder whose `faults(count)` tries one kind of fault.

    :param counts: how often, in a short, a usual and a long run; 0 where a test of its own is the short run.
    """

    name: str
    counts: tuple[int, int, int]


# To add one: a module here with `faults(count: int) -> list[Fault]`, and its line.
PROGRAMS = (
    Program("kills", (31, 300, 1000)),
    Program("window_kills", (1, 20, 100)),
    Program("powercuts", (8, 80, 200)),
    Program("full_disk", (10, 50, 50)),
    Program("moved_files", (2, 15, 100)),
    Program("locks", (4, 30, 50)),
    Program("clocks", (2, 10, 50)),
    Program("locales", (1, 6, 6)),
    Program("restores", (0, 30, 100)),
    Program("mutated_projects", (0, 300, 3000)),
    Program("fuzz_importers", (0, 2000, 50_000)),
    Program("sinks", (0, 1, 1)),
    Program("crashes", (0, 10, 50)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--short", action="store_const", const=0, dest="length")
    length.add_argument("--long", action="store_const", const=2, dest="length")
    parser.add_argument("names", nargs="*", choices=[[], *(each.name for each in PROGRAMS)], metavar="NAMES")
    given = parser.parse_args()
    logging.getLogger("annotator").addHandler(logging.NullHandler())  # what it says of a full disk is judged, not shown
    chosen = [each for each in PROGRAMS if not given.names or each.name in given.names]
    found = list(tried(chosen, 1 if given.length is None else given.length))
    sys.stdout.write("\n" + table(found) + "\n")
    sys.exit(0 if all(each.holds for each in found) else 1)


def tried(programs: list[Program], length: int) -> Iterator[Fault]:
    """What comes of each, told as it comes."""
    for program in (each for each in programs if each.counts[length]):
        module = importlib.import_module(f"tests.faults.{program.name}")
        for fault in module.faults(program.counts[length]):
            sys.stdout.write(row(fault) + "\n")
            sys.stdout.flush()
            yield fault


if __name__ == "__main__":
    main()
