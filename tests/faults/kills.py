"""Kill the program while it works, again and again: what it said was done must be there afterwards.

    python tests/faults/kills.py --kills 1000

A victim works on one project with every verb there is, and tells before and after each; it is killed (SIGKILL) during
each verb in turn, at a random part of the time that the verb takes, and the next one goes on with the same file.
"""

import argparse
import random
import shutil
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

from tests.faults import outcome  # noqa: E402
from tests.faults.at_work import MODEL, VERBS, Hand, old_project  # noqa: E402
from tests.faults.folders import own_folder  # noqa: E402
from tests.faults.forks import CAN_FORK, Message, Tell, Victim  # noqa: E402
from tests.faults.old_projects import DUMPS, articles_in, build_old  # noqa: E402
from tests.faults.outcome import Fault  # noqa: E402
from tests.faults.told import State  # noqa: E402
from tests.faults.whole import problem_of  # noqa: E402

_PROJECT_LASTS = 150  # kills; then a new one is begun, which is small
_FULL_LOOK = 25  # at each so manieth kill, all is undone and redone
_OLD_ARTICLES = 400
_FIRST_GUESS = 0.02  # seconds that a verb takes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", "--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=VERBS, help="verbs")
    parser.add_argument("--without-transactions", action="store_true", help="something must be lost")
    given = parser.parse_args()
    harm = _without_transactions if given.without_transactions else None
    sys.exit(outcome.told(faults(given.kills, given.seed, given.only, harm)))


def faults(
    count: int, seed: int = 1, verbs: Sequence[str] = VERBS, harm: Callable[[], object] | None = None
) -> list[Fault]:
    """So many kills over all verbs; one line for each verb.

    :param verbs: during which to kill.
    :param harm: done in each victim first, as to show that a loss is noticed.
    """
    if not CAN_FORK:
        return [Fault("kills", 0, 0, [], skipped="needs fork")]
    load_all()
    with own_folder() as folder:
        killer = Killer(folder, random.Random(seed), verbs, harm)
        for number in range(count):
            killer.kill(number)
    return killer.faults()


def load_all() -> None:
    """Import in the parent what a victim would import; its threads, where it has any, would not live in a fork."""
    from annotator import exporters
    from annotator.suggest import load_source

    load_source(MODEL).read("One two.")
    for exporter in exporters.EXPORTERS:
        exporters.by_name(exporter.name)


class Killer:
    """Kills victims in one folder, and looks at what they left.

    :param verbs: during which to kill, one after the other.
    """

    def __init__(
        self, folder: Path, chance: random.Random, verbs: Sequence[str], harm: Callable[[], object] | None = None
    ) -> None:
        self._folder, self._chance, self._verbs, self._harm = folder, chance, verbs, harm
        self._usual = defaultdict(lambda: _FIRST_GUESS)  # seconds that a verb takes
        self._state: State | None = None
        self.tried, self.survived = Counter[str](), Counter[str]()
        self.seconds = defaultdict[str, float](float)
        self.lost: dict[str, list[str]] = defaultdict(list)

    def kill(self, number: int) -> None:
        """One victim lives and dies."""
        if number % _PROJECT_LASTS == 0:
            self._begin_anew(number)
        verb, began = self._verbs[number % len(self._verbs)], time.perf_counter()
        seed = self._chance.randrange(10**9)
        told = self._killed_during(verb, seed)
        doing = self._take(told)
        problem = complaint(told) or problem_of(self._project, self._state, doing, number % _FULL_LOOK == 0)
        problem = problem or self._problem_of_old()
        self._count(verb, f"kill {number} (seed {seed}): {problem}" if problem else "")
        if problem:
            self._begin_anew(number)
        self.seconds[verb] += time.perf_counter() - began

    def _count(self, verb: str, loss: str) -> None:
        self.tried[verb] += 1
        self.survived[verb] += not loss
        if loss:
            self.lost[verb].append(loss)

    def _begin_anew(self, number: int) -> None:
        shutil.rmtree(self._folder / "work", ignore_errors=True)
        self._project = self._folder / "work" / "news.annot"
        self._project.parent.mkdir()
        self._state = None
        for dump in DUMPS:
            ready = self._folder / dump.stem
            if not ready.exists():
                build_old(dump, ready, _OLD_ARTICLES)

    def _killed_during(self, verb: str, seed: int) -> list[Message]:
        """All that a victim told until it was killed, a random part of the verb's time after it began it."""
        for dump in DUMPS if verb == "migrate" else ():
            old = old_project(self._project.parent, dump.stem)
            shutil.copy(self._folder / dump.stem, old)
        victim = Victim(lambda tell: _live(self._project, verb, seed, tell, self._harm))
        ready = 0
        while (message := victim.next()) is not None:
            ready += message["at"] == "ready"
            if ready and message["at"] == "begin" and message["verb"] == verb:
                break
        time.sleep(self._chance.uniform(0, 1.2) * self._usual[verb])
        victim.kill()
        return victim.told

    def _take(self, told: list[Message]) -> str:
        """Remember what was acknowledged; returns the verb that was begun and not acknowledged."""
        doing = ""
        for message in told:
            if message["at"] == "begin":
                doing = message["verb"]
            elif message["at"] == "did":
                doing = ""
                self._usual[message["verb"]] += (message["seconds"] - self._usual[message["verb"]]) / 4
                if message["state"] is not None:
                    self._state = State(*message["state"])
        return doing

    def _problem_of_old(self) -> str:
        """Projects of earlier versions are as they were, or as they become."""
        for dump in DUMPS:
            old = old_project(self._project.parent, dump.stem)
            if old.exists() and (problem := _problem_of_migrated(old, articles_in(self._folder / dump.stem))):
                return problem
            for each in self._project.parent.glob(f"{old.name}*"):
                each.unlink()
        return ""

    def faults(self) -> list[Fault]:
        """What came of all kills, by verb."""
        return [
            Fault(f"kill during {verb}", self.tried[verb], self.survived[verb], self.lost[verb], self.seconds[verb])
            for verb in self._verbs
            if self.tried[verb]
        ]


def _live(path: Path, verb: str, seed: int, tell: Tell, harm: Callable[[], object] | None) -> None:
    """The victim: some work first, then the verb that it is to be killed in; then anything."""
    if harm is not None:
        harm()
    chance = random.Random(seed)
    hand = Hand(path, chance, tell)
    if verb != "open":
        hand.do("open")
        for _ in range(chance.randint(0, 3)):
            hand.do_something()
    if verb == "take_import_back":
        hand.do("import_file")
    tell({"at": "ready"})
    hand.do(verb)
    while True:
        hand.do_something()


def _without_transactions() -> None:
    """Each row of a step is committed on its own."""
    from annotator.store.project import Project

    Project.transaction = lambda _project: nullcontext()  # type: ignore[method-assign]


def complaint(told: list[Message]) -> str:
    """What a victim had to complain about, which is nothing."""
    return next((str(message["why"]) for message in told if message["at"] == "failed"), "")


def _problem_of_migrated(old: Path, articles: int) -> str:
    from annotator.session import Session

    with Session.open(old, annotator="ana") as session:
        problems = session.check()
        if session.progress().total != articles:
            problems.append(f"{session.progress().total} of {articles} articles are there")
        undone = 0
        while session.undo() is not None:
            undone += 1
        if not undone:
            problems.append("its history is gone")
    return "; ".join(f"{old.name}: {problem}" for problem in problems)


if __name__ == "__main__":
    main()
