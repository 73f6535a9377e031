"""Kill whoever has a project open, and open it from many sides at once: one writer, and no refusal without reason.

python tests/faults/locks.py --count 50
"""

import argparse
import random
import shutil
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

from annotator.errors import KnownError  # noqa: E402
from tests.faults import outcome  # noqa: E402
from tests.faults.folders import own_folder  # noqa: E402
from tests.faults.forks import CAN_FORK, Tell, Victim  # noqa: E402
from tests.faults.outcome import Fault  # noqa: E402

_AT_ONCE = 4
_OTHERS = 5  # that try while one has it open


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(outcome.told(faults(given.count, given.seed)))


def faults(count: int, seed: int = 1) -> list[Fault]:
    """So many kills of the holder, and so many races for a project."""
    if not CAN_FORK:
        return [Fault("locks", 0, 0, [], skipped="needs fork")]
    from tests.faults.full_disk import made

    with own_folder() as folder:
        path = folder / "news.annot"
        made(path, random.Random(seed)).close()
        chance = random.Random(seed)
        return [
            _each("kill the holder", count, lambda: _killed(path, chance)),
            _each("second openers", max(count // 10, 1), lambda: _refused(path)),
            _each("race for a project", count, lambda: _raced(path, chance)),
        ]


def _each(name: str, count: int, trial: "object") -> Fault:
    began = time.perf_counter()
    problems = [trial() for _ in range(count)]  # type: ignore[operator]
    lost = [problem for problem in problems if problem]
    return Fault(name, count, count - len(lost), lost, time.perf_counter() - began)


def _hold(path: Path, tell: Tell) -> None:
    """Open, say so, and keep it open until killed."""
    from annotator.session import Session

    try:
        with Session.open(path, annotator="ana") as session:
            session.comment(session.article_ids()[0], str(time.time_ns()))
            tell({"at": "open"})
            time.sleep(60)
    except KnownError as error:
        tell({"at": "refused", "why": str(error)})


def _open_again(path: Path) -> str:
    from annotator.session import Session

    try:
        with Session.open(path, annotator="ana") as session:
            return "; ".join(session.check())
    except KnownError as error:
        return f"refused though nobody has it open: {error}"


def _killed(path: Path, chance: random.Random) -> str:
    """The holder is killed, at times while it is opening."""
    victim = Victim(lambda tell: _hold(path, tell))
    if chance.random() < 0.5:
        victim.next()
    else:
        time.sleep(chance.uniform(0, 0.02))
    victim.kill()
    return _open_again(path)


def _refused(path: Path) -> str:
    """Others try while one has it open; each hears who it is, and can look at it."""
    from annotator.session import Session

    holder = Victim(lambda tell: _hold(path, tell))
    holder.next()
    others = [Victim(lambda tell: _hold(path, tell)) for _ in range(_OTHERS)]
    answers = [other.next() or {} for other in others]
    with Session.open(path, read_only=True) as reader:
        seen = reader.progress().total
    for each in (*others, holder):
        each.kill()
    let_in = [answer for answer in answers if answer.get("at") != "refused"]
    if let_in:
        return f"{len(let_in)} of {_OTHERS} were let in beside the one who has it open: {let_in[0]}"
    if unclear := [str(answer["why"]) for answer in answers if str(holder.pid) not in str(answer["why"])]:
        return f"the refusal does not say which process has it open: {unclear[0]}"
    return "" if seen else "a reader beside the writer sees nothing"


def _raced(path: Path, chance: random.Random) -> str:
    """Several begin at the same time: never two get it."""
    copy = path.with_name("raced.annot")
    shutil.copy(path, copy)
    racers = [Victim(lambda tell: _hold(copy, tell)) for _ in range(_AT_ONCE)]
    answers = [racer.next() or {} for racer in racers]
    for each in racers:
        each.kill()
    winners = [answer for answer in answers if answer.get("at") == "open"]
    failed = [answer for answer in answers if answer.get("at") not in ("open", "refused")]
    if failed or len(winners) != 1:
        return f"{len(winners)} of {_AT_ONCE} got it: {answers}"
    return _open_again(copy)


if __name__ == "__main__":
    main()
