"""Fill the disk while the program works: what fails is said, nothing before it is lost, and work goes on afterwards.

    python tests/faults/full_disk.py --count 50

As root on a file system of a few megabytes in memory, filled to its last byte; otherwise SQLite is told that the file
may not grow. In the session: every verb, imports, exports, settings, what was learned, closing and opening. In the
window: keys, and what the window shows after each.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

from annotator.errors import DiskError, KnownError  # noqa: E402
from tests.faults import disks, outcome  # noqa: E402
from tests.faults.folders import own_folder  # noqa: E402
from tests.faults.forks import CAN_FORK, Victim  # noqa: E402
from tests.faults.kills import complaint  # noqa: E402
from tests.faults.outcome import Fault  # noqa: E402
from tests.faults.told import State, state_of  # noqa: E402

if TYPE_CHECKING:
    from annotator.session import Session

ARTICLES = 40
_MEGABYTES = 12
_MOST_TRIES = 40  # for each failure: some steps still find room in the log
_AFTERWARDS = 20  # things to do when there is room again


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=50, help="failing decisions")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(outcome.told(faults(given.count, given.seed)))


def faults(count: int, seed: int = 1) -> list[Fault]:
    """So many failing decisions in the session, and as many in the window."""
    with own_folder() as folder:
        real = not disks.why_not()
        with disks.memory_disk(folder / "disk", _MEGABYTES) if real else nullcontext(folder) as disk:
            filler: Filler = FullDisk(disk) if real else FullFile()
            found = [
                _tried("full disk, session", count, lambda: in_session(disk / "s.annot", filler, count, seed)),
                _tried("full disk, all else", 1, lambda: all_else(disk / "e.annot", filler)) if real else None,
                _in_window(disk / "w.annot", filler, count, seed),
            ]
    return [each for each in found if each is not None]


def _tried(name: str, count: int, trial: Callable[[], Iterator[str]]) -> Fault:
    began, lost = time.perf_counter(), list(trial())
    return Fault(name, count, max(count - len(lost), 0), lost, time.perf_counter() - began)


# Full, and room again


class Filler(Protocol):
    """Takes all room away, and gives it back."""

    def full(self, session: "Session") -> "contextmanager[None]":
        """While the block runs, nothing can be written."""


class FullDisk:
    """A file takes all that is left, to the last byte.

    :param folder: on the disk.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "filler"

    @contextmanager
    def full(self, session: "Session") -> Iterator[None]:
        with self._file.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while True:
                        file.write(b"x" * size)
        try:
            yield
        finally:
            self._file.unlink()


class FullFile:
    """Without a disk of our own: the project's file may not get larger."""

    @contextmanager
    def full(self, session: "Session") -> Iterator[None]:
        connection = session.project.connection
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (usual,) = connection.execute("PRAGMA max_page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        try:
            yield
        finally:
            connection.execute(f"PRAGMA max_page_count = {usual}")


# The session


def made(path: Path, chance: random.Random) -> "Session":
    """An open project with articles and suggestions."""
    from annotator.session import Session
    from tests.faults.random_work import Worker, records

    session = Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana")
    session.add_articles(records(ARTICLES, chance))
    Worker(session, chance).read_all()
    return session


def in_session(path: Path, filler: Filler, count: int, seed: int) -> Iterator[str]:
    """Decide until so many decisions have failed; one sentence for each promise that was broken."""
    from annotator.session import Session
    from tests.faults.random_work import Worker

    chance = random.Random(seed)
    session = made(path, chance)
    worker = Worker(session, chance)
    for _ in range(30):
        worker.work()
    told, failed = _state(session), 0
    with filler.full(session):
        for _ in range(count * _MOST_TRIES):
            error = refused(worker.work)
            now = _state(session)
            if error is not None:
                failed += 1
                yield from _of_refusal(error, told, now)
            yield from not_as_stored(session)
            told = now
            if failed == count:
                break
    if failed < count:
        yield f"only {failed} decisions failed"
    for _ in range(_AFTERWARDS):
        worker.work()
    told = _state(session)
    session.close()
    with Session.open(path, annotator="ana") as again:
        yield from again.check()
        if _state(again) != told:
            yield "what was decided is not there after a restart"


def refused(verb: Callable[[], object]) -> Exception | None:
    """What a verb raised."""
    try:
        verb()
    except Exception as error:
        return error
    return None


def _of_refusal(error: Exception, before: State, now: State) -> Iterator[str]:
    if not isinstance(error, DiskError) or not error.full:
        yield f"a full disk was told as {type(error).__name__}: {error}"
    elif "NOT saved" not in error.title or "room" not in error.advice:
        yield f"the message does not say what happened and what to do: {error}"
    if now.rows != before.rows and now.steps == before.steps:
        yield "a refused step has changed rows"


def _state(session: "Session") -> State:
    return state_of(session.project.connection, session.project.path.parent / "no datasets")


def not_as_stored(session: "Session") -> Iterator[str]:
    """Articles in memory that are not what the rows say."""
    opened = session._opened
    for article_id in opened.kept:
        shown, stored = opened.article(article_id), opened.fresh_sheet(article_id).annotated(opened.label_of)
        if (shown.spans, shown.state) != (stored.spans, stored.state):
            yield f"article {article_id} is shown otherwise than it is stored"


def all_else(path: Path, filler: Filler) -> Iterator[str]:
    """What else is written: each says what is wrong or does without, and nothing is lost."""
    from annotator import settings
    from annotator.session import Session

    os.environ["ANNOTATOR_HOME"] = str(path.parent / "home")  # on the disk that will be full
    chosen = settings.Settings()
    chosen.set("annotator", "ana")
    session = made(path, random.Random(2))
    session.finish(1)
    session.learn()
    source = Path(tempfile.gettempdir()) / f"{os.getpid()}-articles.jsonl"
    source.write_text("".join(f'{{"text": "{"Words " * 2000}{n}"}}\n' for n in range(200)), "utf-8")
    told = _state(session)
    with filler.full(session):
        for name, verb in (
            ("import", lambda: session.import_files(source)),
            ("export", lambda: session.export(path.with_name("out.jsonl"))),
            ("settings", lambda: chosen.set("annotator", "ben")),
            ("recent", lambda: settings.remember(path)),
        ):
            error = refused(verb)
            if not isinstance(error, KnownError):
                yield f"{name} on a full disk: {error!r}"
        session.learning.save()
        session.close()
        yield from _opened_when_full(path, told)
    source.unlink()
    with Session.open(path, annotator="ana") as again:
        yield from again.check()
        if _state(again) != told:
            yield "what was decided is not there after a restart"
        if refused(lambda: again.finish(2)) is not None:
            yield "with room again, a decision is refused"
    left = [each.name for each in path.parent.glob("*.part")] + [each.name for each in path.parent.glob(".export-*")]
    if left:
        yield f"halves of files are left: {left}"


def _opened_when_full(path: Path, told: State) -> Iterator[str]:
    """It opens, to look at or to write; or says why not."""
    from annotator.session import Session

    try:
        with Session.open(path, annotator="ana") as session:
            if _state(session) != told:
                yield "on a full disk, another state is opened"
    except DiskError:
        pass
    except Exception as error:
        yield f"opened on a full disk: {error!r}"
    try:
        with Session.open(path, read_only=True) as reader:
            if _state(reader) != told:
                yield "on a full disk, another state is looked at"
    except Exception as error:
        yield f"looked at on a full disk: {error!r}"


# The window


def _in_window(path: Path, filler: Filler, count: int, seed: int) -> Fault:
    name = "full disk, window"
    if not CAN_FORK:
        return Fault(name, 0, 0, [], skipped="needs fork")
    began = time.perf_counter()
    victim = Victim(lambda tell: tell({"at": "did", "lost": list(in_window(path, filler, count, seed))}))
    told = victim.next() or {}
    victim.kill()
    lost = [complaint(victim.told)] if "lost" not in told else list(told["lost"])
    return Fault(name, count, max(count - len(lost), 0), lost, time.perf_counter() - began)


def in_window(path: Path, filler: Filler, count: int, seed: int) -> Iterator[str]:
    """Press keys until so many decisions have failed; what the window shows is what the file holds, each time."""
    from annotator.ui.app import build
    from tests.faults.window_kills import press, quiet_application

    os.environ["ANNOTATOR_HOME"] = str(path.parent / "home-of-window")
    made(path, random.Random(seed)).close()
    app, chance = quiet_application(), random.Random(seed)
    window = build(path)
    window.view.animated = False
    window.show()
    refusals: list[KnownError] = []
    window.desk.failed.connect(refusals.append)
    session = window.desk.session
    for _ in range(20):
        press(window, chance)
    with filler.full(session):
        for _ in range(count * _MOST_TRIES):
            before, known = _state(session), len(refusals)
            press(window, chance)
            app.processEvents()
            yield from _shown_and_stored(window)
            if len(refusals) > known:
                yield from _of_refusal(refusals[-1], before, _state(session))
                yield from _shown_as_saved(window)
            if len(refusals) >= count:
                break
    if len(refusals) < count:
        yield f"only {len(refusals)} decisions failed"
    done, known = _state(session).steps, len(refusals)
    for _ in range(_AFTERWARDS):
        press(window, chance)
        app.processEvents()
        yield from _shown_and_stored(window)
    if len(refusals) > known or _state(session).steps == done:
        yield "with room again, the window does not go on"
    if window.safety.bar.has("refused"):
        yield "the bar stays when a decision was saved again"
    window.close()


def _shown_and_stored(window: object) -> Iterator[str]:
    """The view and the panel show what the rows say."""
    from annotator.ui.entity_panel import grouped

    desk, view = window.desk, window.view  # type: ignore[attr-defined]
    if desk.article is None:
        return
    opened = desk.session._opened
    stored = opened.fresh_sheet(desk.article.id).annotated(opened.label_of)
    decided = [span for span in stored.spans if span.id is not None]
    for where, shown in (("the desk", desk.article), ("the view", view.annotated)):
        if [span for span in shown.spans if span.id is not None] != decided or shown.state != stored.state:
            yield f"{where} shows other decisions than the file holds"
    labels = [label.name for label in desk.session.all_labels]
    if set(window.entities._groups()) != set(grouped(desk.article, labels, desk.visit.ghosts)):  # type: ignore[attr-defined]
        yield "the panel shows other entities than the desk"


def _shown_as_saved(window: object) -> Iterator[str]:
    from annotator.ui import saving_words

    saved = window.status.saved.text()  # type: ignore[attr-defined]
    if saved != saving_words.NOT_SAVED:
        yield f"a refused decision is shown as “{saved}”"
    if not window.safety.bar.has("refused"):  # type: ignore[attr-defined]
        yield "no bar says that a decision was refused"


if __name__ == "__main__":
    main()
