"""Delete, move and replace the project's file while it is open: the next decision is refused, and nothing is lost.

    python tests/faults/moved_files.py --count 100

A rescue must hold every acknowledged decision; what was put in the file's place must stay as it is to the last byte,
also when the program closes, or is killed and started again.
"""

import argparse
import hashlib
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

from annotator.errors import DamagedError, KnownError, MovedError  # noqa: E402
from tests.faults import outcome  # noqa: E402
from tests.faults.folders import own_folder  # noqa: E402
from tests.faults.forks import CAN_FORK, Message, Tell, Victim  # noqa: E402
from tests.faults.full_disk import made, refused  # noqa: E402
from tests.faults.kills import complaint  # noqa: E402
from tests.faults.outcome import Fault  # noqa: E402
from tests.faults.told import State, state_of  # noqa: E402

if TYPE_CHECKING:
    from annotator.session import Session

_MOST_KEYS = 200  # until one of them decides something
_ENDS = ("closed", "killed", "killed before the next decision")
Harm = Callable[[Path], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(outcome.told(faults(given.count, given.seed)))


def faults(count: int, seed: int = 1) -> list[Fault]:
    """So many of each kind under the session, which is then closed or killed; a few under the window."""
    if not CAN_FORK:
        return [Fault("moved files", 0, 0, [], skipped="needs fork")]
    with own_folder() as folder:
        Ready(folder)
        harms = [_again_and_again(folder, name, harm, count, seed) for name, harm in HARMS.items()]
        return [*harms, _under_windows(folder, max(count // 5, 1), seed)]


class Ready:
    """Files that take the project's place, made once beside it.

    :param folder: they lie in `ready` below it.
    """

    def __init__(self, folder: Path) -> None:
        ready = folder / "ready"
        ready.mkdir(exist_ok=True)
        made(ready / "mine.annot", random.Random(1)).close()
        made(ready / "other.annot", random.Random(2)).close()
        (ready / "garbage").write_bytes(random.Random(3).randbytes(50_000))
        _keep_log(ready)


def _keep_log(ready: Path) -> None:
    """A project with a log of its own beside it, as a sync client may bring."""
    with made(ready / "source.annot", random.Random(4)) as session:
        session.finish(1)
        for ending in ("", "-wal"):
            source = ready / f"source.annot{ending}"
            if source.exists():
                shutil.copy(source, ready / f"logged.annot{ending}")


# What may happen to a file; each leaves its folder with what a person or a program left there


def _ready(path: Path, name: str) -> Path:
    return path.parents[1] / "ready" / name


def _deleted(path: Path) -> None:
    path.unlink()


def _deleted_with_all(path: Path) -> None:
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


def _renamed(path: Path) -> None:
    path.rename(path.with_name("elsewhere.annot"))


def _folder_renamed(path: Path) -> None:
    path.parent.rename(path.parent.with_name("work-moved"))


def _by_another(path: Path) -> None:
    _put(path, "other.annot")


def _by_older_copy(path: Path) -> None:
    _put(path, "mine.annot")


def _by_garbage(path: Path) -> None:
    _put(path, "garbage")


def _by_one_with_log(path: Path) -> None:
    _put(path, "logged.annot")
    _put(path.with_name(path.name + "-wal"), "logged.annot-wal")


def _over_by_another(path: Path) -> None:
    shutil.copyfile(_ready(path, "other.annot"), path)


def _over_by_older_copy(path: Path) -> None:
    shutil.copyfile(_ready(path, "mine.annot"), path)


def _over_by_garbage(path: Path) -> None:
    shutil.copyfile(_ready(path, "garbage"), path)


def _put(path: Path, name: str) -> None:
    shutil.copy(_ready(path, name), part := path.with_name("incoming"))
    part.replace(path)


HARMS: dict[str, Harm] = {
    "deleted": _deleted,
    "deleted with its log": _deleted_with_all,
    "renamed": _renamed,
    "its folder renamed": _folder_renamed,
    "replaced by another project": _by_another,
    "replaced by an older copy": _by_older_copy,
    "replaced by garbage": _by_garbage,
    "replaced with a log beside it": _by_one_with_log,
    "written over by another project": _over_by_another,
    "written over by an older copy": _over_by_older_copy,
    "written over by garbage": _over_by_garbage,
}


# Under a session


def _again_and_again(folder: Path, name: str, harm: Harm, count: int, seed: int) -> Fault:
    chance, began, lost = random.Random(seed), time.perf_counter(), list[str]()
    for number in range(count):
        end = _ENDS[number % len(_ENDS)]
        problems = _once(_fresh(folder), harm, chance.randrange(10**9), end)
        lost += [f"{number} ({end}): {'; '.join(problems)}"] if problems else []
    return Fault(f"file {name}", count, count - len(lost), lost, time.perf_counter() - began)


def _fresh(folder: Path) -> Path:
    """A project of its own in `work`, with nothing beside it."""
    for each in ("work", "work-moved"):
        shutil.rmtree(folder / each, ignore_errors=True)
    (folder / "work").mkdir()
    path = folder / "work" / "news.annot"
    shutil.copy(folder / "ready" / "mine.annot", path)
    return path


def _once(path: Path, harm: Harm, seed: int, end: str) -> list[str]:
    """One victim; what went wrong."""
    victim = Victim(lambda tell: _live(path, harm, seed, tell, end))
    message: Message | None = {"at": ""}
    while message is not None and message["at"] != "ready to end":
        message = victim.next()
    victim.kill()
    if problem := complaint(victim.told):
        return [problem]
    problems = [str(each) for message in victim.told for each in message.get("problems", ())]
    harmed = next(message for message in victim.told if message["at"] == "harmed")
    # with our log, an older copy of the same project may hold all that was decided; nothing else ever goes with it
    with_ours = str(harmed["rows"]) if harm in (_by_older_copy, _over_by_older_copy) else ""
    return [*problems, *_of_next_start(path, harmed["theirs"], with_ours, harm is _by_one_with_log)]


def _live(path: Path, harm: Harm, seed: int, tell: Tell, end: str) -> None:
    """The victim: decide, have the file taken away, be refused, rescue; then close, or wait for the kill."""
    from annotator.session import Session
    from tests.faults.random_work import Worker

    session = Session.open(path, annotator="ana")
    chance = random.Random(seed)
    worker = Worker(session, chance)
    idle_at = chance.choice((None, 5))
    for number in range(10):
        worker.work()
        if number == idle_at:
            session.project.checkpoint()  # the log holds no more than what follows
    told = state_of(session.project.connection, path.parent / "none")
    harm(path)
    tell({"at": "harmed", "theirs": _bytes(path), "rows": told.rows})
    if end != "killed before the next decision":
        rescued = path.parents[1] / "rescued.annot"
        tell({"at": "rescued", "problems": [*_of_decisions(session, told), *_of_rescue(session, rescued, told)]})
    if end == "closed":
        with suppress(KnownError):
            session.close()
    tell({"at": "ready to end"})
    time.sleep(60)


def _of_decisions(session: "Session", told: State) -> Iterator[str]:
    """Every verb is refused with the reason, and the screen stays as it was."""
    article_id = session.article_ids()[0]
    for verb in (
        lambda: session.finish(article_id),
        lambda: session.comment(article_id, "Is it there?"),
        session.undo,
        lambda: session.sign_as("ben"),
    ):
        error = refused(verb)
        if not isinstance(error, MovedError):
            yield f"a decision was not refused: {error!r}"
        elif "while it was open" not in error.title or "saved" not in error.title or "safe" not in error.advice:
            yield f"the message does not say what happened and what is kept: {error}"
    if state_of(session.project.connection, Path("none")).rows != told.rows:
        yield "a refused decision has changed rows"


def _of_rescue(session: "Session", to: Path, told: State) -> Iterator[str]:
    """A rescued project is whole and holds all that was acknowledged."""
    from annotator.session import Session

    to.unlink(missing_ok=True)
    try:
        session.rescue(to)
    except DamagedError as error:  # what was written over is nowhere any more, but in backups
        if "backup" not in error.advice or to.exists():
            yield f"the message does not say what is left to do: {error}"
        return
    with Session.open(to, annotator="ana") as rescued:
        yield from rescued.check()
        now = state_of(rescued.project.connection, to.parent / "none")
        if (now.steps, now.rows) != (told.steps, told.rows):
            yield f"the rescue holds {now.steps} of {told.steps} steps, or other rows"


def _bytes(path: Path) -> dict[str, str]:
    """What lies under the project's name, and what log came with it: checksums by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()} if path.exists() else {}


def _of_next_start(path: Path, theirs: dict[str, str], with_ours: str, has_log: bool) -> Iterator[str]:
    """What was put in the file's place is as it was put there, and stays so when the program opens it."""
    from annotator.session import Session

    if _bytes(path) != theirs:
        yield "what took the file's place was changed"
        return
    if not path.exists():
        return
    # a log that came with it belongs to it, unless the program does not trust it
    may_be = [_content(path), with_ours, *([_content(path, _ready(path, "logged.annot-wal"))] if has_log else [])]
    try:
        with Session.open(path, annotator="ana") as session:
            yield from session.check()
            after = state_of(session.project.connection, path.parent / "none").rows
    except KnownError:
        after = None
    if after not in may_be:
        yield "what took the file's place reads otherwise when the program opens it"


def _content(path: Path, log: Path | None = None) -> str | None:
    """The rows of a project on its own or with one log, in a folder where nothing else is; None where it is none."""
    from annotator.session import Session

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(path, folder))
        if log is not None:
            shutil.copy(log, copy.with_name(copy.name + "-wal"))
        with suppress(KnownError), Session.open(copy, annotator="ana") as session:
            return state_of(session.project.connection, copy.parent / "none").rows
    return None


# Under the window


def _under_windows(folder: Path, count: int, seed: int) -> Fault:
    chance, began, lost = random.Random(seed), time.perf_counter(), list[str]()
    for number in range(count):
        name = chance.choice(list(HARMS))
        path = _fresh(folder)
        victim = Victim(lambda tell, path=path, name=name, n=number: _window(path, HARMS[name], n, tell))
        while victim.next() is not None:
            pass
        victim.kill()
        problems = [str(each) for message in victim.told for each in message.get("problems", ())]
        if problem := complaint(victim.told) or "; ".join(problems):
            lost.append(f"{name}: {problem}")
    return Fault("file gone under the window", count, count - len(lost), lost, time.perf_counter() - began)


def _window(path: Path, harm: Harm, seed: int, tell: Tell) -> None:
    """The victim: keys, then the harm, then keys that must not seem to be saved; the window goes on with the rescue."""
    from annotator.ui.app import build
    from tests.faults.window_kills import press, quiet_application

    app, chance = quiet_application(), random.Random(seed)
    window = build(path)
    window.show()
    for _ in range(15):
        press(window, chance)
    told = state_of(window.desk.session.project.connection, path.parent / "none")
    refusals: list[KnownError] = []
    window.desk.failed.connect(refusals.append)
    harm(path)
    for _ in range(_MOST_KEYS):
        press(window, chance)
        app.processEvents()
        if refusals:
            break
    problems = list(_of_screen(window, told))
    window.close()
    tell({"at": "did", "problems": problems})


def _of_screen(window: object, told: State) -> Iterator[str]:
    from annotator.session import Session
    from annotator.ui import saving_words

    session = window.desk.session  # type: ignore[attr-defined]
    if state_of(session.project.connection, Path("none")).rows != told.rows:
        yield "a refused decision has changed rows"
    if window.status.saved.text() != saving_words.NOT_SAVED:  # type: ignore[attr-defined]
        yield f"the window says “{window.status.saved.text()}”"  # type: ignore[attr-defined]
    safety = window.safety  # type: ignore[attr-defined]
    if not safety.bar.has("moved") or safety._rescued is None:
        yield "the window does not tell that the file has gone"
        return
    with Session.open(safety._rescued, read_only=True) as rescued:
        if state_of(rescued.project.connection, Path("none")).rows != told.rows:
            yield "the rescue does not hold what was decided"


if __name__ == "__main__":
    main()
