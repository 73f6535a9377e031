"""A training in a process of its own: started, listened to, ended. Killing it costs what came after its last round.

To the process goes one message, what is wanted; from it come those of `suggest.training`, or {"title", "advice"}
where it cannot be done. It ends with the program that started it.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from annotator.errors import KnownError
from annotator.processes import behave, spare_stdout
from annotator.session.session import Session
from annotator.session.training import passes_from
from annotator.store.complaints import known_errors as damage
from annotator.store.lock import WriteLock
from annotator.suggest import child
from annotator.suggest.training_state import Recipe, Workshop, known_errors
from annotator.suggest.wire import Message, encoded
from annotator.suggest.worker import incoming

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What to train.

    :param project: the project's file.
    :param out: the folder that the pipeline will be in.
    :param base: the pipeline to begin from; "" for the project's own.
    :param passes: how often at most all articles are gone through; 0 for `passes_from`, or as it was begun.
    :param resume: go on with the training that was begun there; then base does not count.
    """

    project: str
    out: str
    base: str = ""
    passes: int = 0
    resume: bool = False


class TrainingProcess:
    """One running training; raises KnownError where it cannot be started."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        words = child.command("annotator.session.training_process", "--training-worker")
        try:
            self._child = child.Child(asdict(wish), words, "training")
        except OSError as error:
            raise KnownError(f"The training cannot be started: {error.strerror}.") from error

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._child.pid

    def messages(self) -> Iterator[Message]:
        """What it tells, to the end.

        :raises KnownError: it cannot go on, or has ended before it was through.
        """
        finished = False
        try:
            with suppress(ValueError):  # its last words, cut off
                for message in self._child.messages():
                    if "title" in message:
                        raise KnownError(message["title"], message["advice"])
                    finished = finished or "finished" in message
                    yield message
        finally:
            self._child.bury()
        if not finished:
            raise KnownError("The training has stopped.", "It can go on from its last round.")

    def kill(self) -> None:
        """End it at once; may be called again and from any thread."""
        self._child.kill()


def begun(out: Path) -> Recipe | None:
    """The training to that folder that can be gone on with; None where there is none."""
    return None if out.exists() else Workshop(out).recipe()


def discard(out: Path) -> None:
    """Give up a training that was begun.

    :raises KnownError: it is running.
    """
    shop = Workshop(out)
    lock = WriteLock(shop.folder)
    try:
        shop.discard()
    finally:
        lock.release()


def main() -> None:
    """In the process: train what the first message wants."""
    answers = spare_stdout()
    behave()
    wish = Wish(**next(incoming()))

    def tell(message: Message) -> None:
        try:
            answers.write(encoded(message))
            answers.flush()
        except OSError:
            os._exit(0)  # nobody listens any more

    try:
        train(wish, tell)
    except KnownError as error:
        tell({"title": error.title, "advice": error.advice})
    except Exception as error:
        tell({"title": f"The training failed: {type(error).__name__}.", "advice": "This is a bug in Annotator."})
        raise


def train(wish: Wish, tell: Any) -> None:
    """Train here, in this process; see `suggest.training` for what is told."""
    from annotator.suggest.training import Training

    shop = Workshop(Path(wish.out))
    shop.check_free()
    lock = WriteLock(shop.folder)
    try:
        with known_errors(shop.folder):
            with damage(Path(wish.project)), Session.open(wish.project, read_only=True) as session:
                _begin(shop, wish, session)
                training = Training(shop, tell)
                training.prepare(session.training.both_parts)
            training.run()  # with the project closed, so that whoever works on it can leave one whole file
    except KnownError:
        if shop.state().parts is None:  # there is nothing to go on with
            shop.discard()
        raise
    finally:
        lock.release()


def _begin(shop: Workshop, wish: Wish, session: Session) -> None:
    before = shop.recipe()
    if wish.resume and before is None:
        raise KnownError(f"No training to {shop.out.name} was begun.", "Begin one.")
    if before is not None and not wish.resume:
        raise KnownError(
            f"A training to {shop.out.name} was begun before.", f"Go on with it, or delete {shop.folder.name}."
        )
    if before is None:
        session.training.split()  # before anything is written
        base = wish.base or session.model
        before = Recipe(base, session.training.labels(), passes_from(base))
    shop.begin(replace(before, passes=wish.passes or before.passes))


if __name__ == "__main__":
    main()
