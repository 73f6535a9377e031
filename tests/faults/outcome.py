"""What came of a fault that was tried again and again, as every program of this folder tells it."""

import sys
from collections.abc import Iterable
from typing import NamedTuple


class Fault(NamedTuple):
    """What came of one fault.

    :param name: of the fault, as "kill during decide".
    :param tried: how often.
    :param survived: how often the promise was kept; equals `tried` where nothing was lost.
    :param lost: one sentence for each that broke it.
    :param seconds: all of them took.
    :param skipped: why it could not be tried here, as "needs root"; "" where it was.
    """

    name: str
    tried: int
    survived: int
    lost: list[str]
    seconds: float = 0.0
    skipped: str = ""

    @property
    def holds(self) -> bool:
        """Nothing was lost, and something was tried, unless it cannot be here."""
        return bool(self.skipped) or (not self.lost and self.survived == self.tried > 0)


def table(faults: Iterable[Fault]) -> str:
    """One line each, and under it a line for each loss."""
    lines = [f"{'fault':<44}{'tried':>8}{'survived':>10}{'lost':>6}{'seconds':>9}"]
    for each in faults:
        lines.append(row(each))
        lines += [f"    LOST {loss}" for loss in each.lost]
    return "\n".join(lines)


def row(fault: Fault) -> str:
    """One line of the table."""
    if fault.skipped:
        return f"{fault.name:<44}  skipped: {fault.skipped}"
    return f"{fault.name:<44}{fault.tried:>8}{fault.survived:>10}{len(fault.lost):>6}{fault.seconds:>9.1f}"


def told(faults: Iterable[Fault]) -> int:
    """Print the table; returns the exit code: 0 where all promises were kept, else 1."""
    faults = list(faults)
    sys.stdout.write(table(faults) + "\n")
    sys.stdout.flush()
    return 0 if all(each.holds for each in faults) else 1
