"""Cut the power while the program works: what it said was done must be on the disk.

    python tests/faults/powercuts.py --count 200 [--journal wal truncate] [--synchronous normal]

The program works in an ext4 file system in a loop device. At a random moment it is stopped, the image is copied as the
disk would hold it then (what only the kernel's memory holds is not in it), and the copy is mounted, which replays its
journal. That needs root. With `--synchronous normal`, as is often advised, much is lost: so the test can fail.
"""

import argparse
import random
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

from tests.faults import disks, outcome  # noqa: E402
from tests.faults.at_work import Hand, old_project  # noqa: E402
from tests.faults.folders import own_folder  # noqa: E402
from tests.faults.forks import CAN_FORK, Tell, Victim  # noqa: E402
from tests.faults.kills import complaint, load_all  # noqa: E402
from tests.faults.old_projects import DUMPS, build_old  # noqa: E402
from tests.faults.outcome import Fault  # noqa: E402
from tests.faults.told import State  # noqa: E402
from tests.faults.whole import problem_of  # noqa: E402

if TYPE_CHECKING:
    from annotator.session import Session

JOURNALS = ("wal", "truncate")  # for a disk of this machine, and for one in a network
_MEGABYTES = 64
_CUTS_A_LIFE = 8
_LONGEST = 0.4  # seconds from one cut to the next


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--journal", nargs="*", default=list(JOURNALS))
    parser.add_argument("--synchronous", default="", help="another one than the program's")
    given = parser.parse_args()
    sys.exit(outcome.told(faults(given.count, given.seed, given.journal, given.synchronous)))


def faults(
    count: int, seed: int = 1, journals: list[str] | tuple[str, ...] = JOURNALS, synchronous: str = ""
) -> list[Fault]:
    """So many cuts, shared out over the journal modes.

    :param synchronous: how surely each commit is written, as SQLite names it; "" as the program wants it.
    """
    reason = disks.why_not() if CAN_FORK else "needs fork"
    if reason:
        return [Fault("power cut", 0, 0, [], skipped=reason)]
    load_all()
    each = max(count // len(journals), 1)
    with own_folder() as folder:
        return [_cut_again_and_again(folder, each, seed, journal, synchronous) for journal in journals]


def _cut_again_and_again(folder: Path, count: int, seed: int, journal: str, synchronous: str) -> Fault:
    chance, began, lost, tried = random.Random(seed), time.perf_counter(), list[str](), 0
    while tried < count:
        cuts = min(_CUTS_A_LIFE, count - tried)
        lost += _life(folder, chance, cuts, journal, synchronous)
        tried += cuts
    name = f"power cut, journal {journal}" + (f", synchronous {synchronous}" if synchronous else "")
    return Fault(name, count, count - len(lost), lost, time.perf_counter() - began)


def _life(folder: Path, chance: random.Random, cuts: int, journal: str, synchronous: str) -> list[str]:
    """One file system, one victim, some cuts; what was lost in each."""
    image, seed, lost = folder / "disk.img", chance.randrange(10**9), []
    disks.make_image(image, _MEGABYTES)
    with disks.mounted(image, folder / "disk") as disk:
        for dump in DUMPS:
            build_old(dump, old_project(disk, dump.stem), 100)
        victim = Victim(lambda tell: _live(disk / "news.annot", seed, tell, journal, synchronous))
        for number in range(cuts):
            until = time.monotonic() + chance.uniform(0.01, _LONGEST)
            while time.monotonic() < until and victim.next(until) is not None:
                pass
            victim.stop()
            victim.hear()
            disks.copied(image, folder / "cut.img")
            if problem := complaint(victim.told) or _problem(folder, *_acknowledged(victim)):
                lost.append(f"seed {seed}, cut {number}: {problem}")
            victim.go_on()
        victim.kill()
    return lost


def _acknowledged(victim: Victim) -> tuple[State | None, str]:
    """What it told, and the verb that was begun and not acknowledged."""
    told = victim.told
    states = [message["state"] for message in told if message["at"] == "did" and message["state"]]
    doing = told[-1]["verb"] if told and told[-1]["at"] == "begin" else ""
    return (State(*states[-1]) if states else None), doing


def _problem(folder: Path, state: State | None, doing: str) -> str:
    with disks.mounted(folder / "cut.img", folder / "cut") as disk:
        work = folder / "looked-at"  # a disk of ours: the cut one may be full of what the kernel was about to write
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(disk, work, ignore=shutil.ignore_patterns("lost+found"))
    return problem_of(work / "news.annot", state, doing)


def _live(path: Path, seed: int, tell: Tell, journal: str, synchronous: str) -> None:
    hand = Hand(path, random.Random(seed), tell, lambda session: _set(session, journal, synchronous))
    while True:
        hand.do_something()


def _set(session: "Session", journal: str, synchronous: str) -> None:
    connection = session.project.connection
    if connection.execute("PRAGMA journal_mode").fetchone() != (journal,):
        connection.execute(f"PRAGMA journal_mode = {journal}")
    if synchronous:
        connection.execute(f"PRAGMA synchronous = {synchronous}")


if __name__ == "__main__":
    main()
