"""Set the clock back, forth and to 2001 while the program works: order never comes from a clock.

    python tests/faults/clocks.py --count 20

Everything that was done is undone in the order in which it was done, also after a restart in another year, and articles
stand in the order of their import.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from unittest import mock

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

from tests.faults import outcome  # noqa: E402
from tests.faults.folders import own_folder  # noqa: E402
from tests.faults.outcome import Fault  # noqa: E402
from tests.faults.told import state_of  # noqa: E402

_YEAR = 365 * 24 * 3600
_MOMENTS = (1, 31 * _YEAR + 8, 54 * _YEAR, 68 * _YEAR + 1, 120 * _YEAR)  # seconds since 1970: also 2001, and past 2038
_STEPS = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(outcome.told(faults(given.count, given.seed)))


def faults(count: int, seed: int = 1) -> list[Fault]:
    """So many projects whose clocks jump."""
    began, lost = time.perf_counter(), list[str]()
    for number in range(count):
        with own_folder() as folder:
            problems = list(worked(folder / "news.annot", random.Random(seed + number)))
        lost += [f"seed {seed + number}: {'; '.join(problems)}"] if problems else []
    return [Fault("clock jumps", count, count - len(lost), lost, time.perf_counter() - began)]


class Clock:
    """One that jumps at each look.

    :param moments: where to, in seconds since 1970; each look is a little later or earlier than one of them.
    """

    def __init__(self, chance: random.Random, moments: tuple[int, ...] = _MOMENTS) -> None:
        self._chance, self._moments = chance, moments

    def seconds(self) -> float:
        """What it shows."""
        return max(self._chance.choice(self._moments) + self._chance.uniform(-1000, 1000), 0.0)

    def nanoseconds(self) -> int:
        """The same, as `time.time_ns` says it."""
        return int(self.seconds() * 1e9)


@contextmanager
def told_by(clock: Clock) -> Iterator[None]:
    """The program, all of it, looks at this clock."""

    class Told(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Told":
            return cls.fromtimestamp(clock.seconds(), tz)

    ours = [module for name, module in sys.modules.items() if name.split(".")[0] == "annotator"]
    patches = [
        mock.patch.object(each, "datetime", Told) for each in ours if getattr(each, "datetime", None) is datetime
    ]
    patches.append(mock.patch("time.time", clock.seconds))
    patches.append(mock.patch("time.time_ns", clock.nanoseconds))
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()


def worked(path: Path, chance: random.Random) -> Iterator[str]:
    """Work under a clock that jumps, then undo all of it in another year; one sentence for each broken promise."""
    from annotator.session import Session
    from tests.faults.random_work import Worker, records

    with told_by(Clock(chance)), Session.open(path, create=True, labels="conll", model="blank:en") as session:
        uids = []
        for part in range(3):
            batch = [{**each, "id": f"{part}-{n}"} for n, each in enumerate(records(4, chance))]
            session.add_articles(batch)
            uids += [each["id"] for each in batch]
        worker = Worker(session, chance)
        worker.read_all()
        steps, states = _seq(session), [_rows(session)]
        for _ in range(_STEPS):
            getattr(worker, chance.choice(("add", "finish", "comment", "flag", "decide", "labels", "remember")))(
                chance.choice(session.article_ids())
            )
            if _seq(session) > steps:
                steps = _seq(session)
                states.append(_rows(session))
        yield from session.check()
        yield from _of_backups(session)
    with told_by(Clock(chance, (31 * _YEAR,))), Session.open(path) as session:
        yield from _undone(session, states)
        if [session.article(each).article.uid for each in session.article_ids()] != uids:
            yield "articles do not stand in the order of their import"
        yield from session.check()


def _of_backups(session: object) -> Iterator[str]:
    """The newest stays, whatever the clock says of it, and is the first of the list."""
    made = [session.backups.make() for _ in range(4)]  # type: ignore[attr-defined]
    listed = [backup.path for backup in session.backups.list()]  # type: ignore[attr-defined]
    if listed[:1] != [made[-1].path] or not made[-1].path.exists():
        yield "the newest backup is not there, or not the first"


def _undone(session: object, states: list[str]) -> Iterator[str]:
    for number, state in enumerate(reversed(states)):
        if _rows(session) != state:
            yield f"{number} steps were undone in another order than they were done"
            return
        if number < len(states) - 1:
            session.undo()  # type: ignore[attr-defined]


def _seq(session: object) -> int:
    return state_of(session.project.connection, Path("none")).steps  # type: ignore[attr-defined]


def _rows(session: object) -> str:
    return state_of(session.project.connection, Path("none")).rows  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
