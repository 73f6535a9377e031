"""The process that reads guarded formats: file names in, records out. Started by `guard.Guard`; see `wire`.

It asks no network, writes nothing, starts nothing and opens no file but the one it is to read and those of the program
itself: what a parser tries all the same is refused with a PermissionError, and the record is a problem.
"""

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from annotator.errors import KnownError
from annotator.importers import by_name
from annotator.importers.base import Importer, Piece, Problem, ReadOptions, Record, UnitUndecidedError
from annotator.importers.files import shown_name
from annotator.importers.wire import Message, decoded, encoded, of_item, of_undecided, options_of
from annotator.processes import behave, incoming_lines, spare_stdout

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REFUSED = (  # audit events, https://docs.python.org/3/library/audit_events.html
    *("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.startfile"),
    *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink", "os.chmod"),
)
_TELL_EVERY = 100  # pieces passed over


def main() -> None:
    """Answer until the other side closes its end; then the process ends, wherever it is."""
    answers = spare_stdout()
    behave()
    asks = map(decoded, incoming_lines())
    _limit(next(asks)["memory"])
    confinement = _Confinement()
    try:
        answers.write(encoded({"ready": True}))
        answers.flush()
        for ask in asks:
            confinement.named = _readable(Path(ask["path"]), by_name(ask["format"]).companions)
            for message in answered(ask):
                answers.write(encoded(message))
                answers.flush()
    except OSError:
        os._exit(0)  # nobody listens any more


def _readable(path: Path, companions: Iterable[str]) -> frozenset[str]:
    return frozenset(os.path.realpath(each) for each in (path, *map(path.with_name, companions)))


def answered(ask: Message) -> Iterator[Message]:
    """Everything that one file holds; see `wire`."""
    importer, path = by_name(ask["format"]), Path(ask["path"])
    try:
        yield from _read(importer, path, options_of(ask["options"]), ask["skip"])
        yield {"end": True}
    except UnitUndecidedError as error:
        yield of_undecided(error)
    except KnownError as error:
        yield {"known": [error.title, error.advice]}
    except MemoryError:
        yield {"memory": True}
    except Exception as error:  # whatever a stranger's file does to a parser, it is only this file
        yield of_item(Problem(shown_name(path), f"could not be read ({type(error).__name__})"))
        yield {"end": True}


def _read(importer: Importer, path: Path, options: ReadOptions, skip: int) -> Iterator[Message]:
    if importer.pieces is None:
        yield from map(of_item, importer.read(path, options))
        return
    for number, (where, piece) in enumerate(importer.pieces(path, options)):
        if number < skip:
            if number % _TELL_EVERY == 0:
                yield {"alive": True}
            continue
        yield {"piece": number, "where": where}
        item = _item(where, piece)
        if item is not None:
            yield of_item(item)


def _item(where: str, piece: Piece) -> Record | Problem | None:
    try:
        return piece()
    except (KnownError, MemoryError):
        raise
    except Exception as error:
        return Problem(where, f"could not be read ({type(error).__name__})")


def _limit(memory: int) -> None:
    """Where the system can: no more memory than this, nothing written, and no core dump."""
    try:
        import resource
    except ImportError:  # Windows: the other side looks at how much it has
        return
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        with suppress(OSError, ValueError):  # macOS knows no limit of address space: as above
            resource.setrlimit(kind, (most, most))


class _Confinement:
    """Refuses what the parsers have no business with, from its making to the end of the process.

    :ivar named: the file that may be read, and those that belong to it.
    """

    def __init__(self) -> None:
        self.named = frozenset[str]()
        sys.dont_write_bytecode = True
        places = {*sys.path, sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), "/usr/share/zoneinfo"}
        self._own = tuple(os.path.join(os.path.realpath(place), "") for place in places if place)  # noqa: PTH118
        sys.addaudithook(self._judge)

    def _judge(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            self._judge_opening(*args)
        elif event.startswith(_REFUSED):
            raise PermissionError(f"{event} is refused here")

    def _judge_opening(self, path: Any, _mode: Any, flags: Any) -> None:
        if isinstance(path, int) or path is None:
            return
        place = os.path.realpath(os.fsdecode(path))
        if place == os.devnull:
            return
        if isinstance(flags, int) and flags & _WRITES:
            raise PermissionError("nothing is written here")
        if place not in self.named and not place.startswith(self._own):
            raise PermissionError("only the file that was named is read here")


if __name__ == "__main__":
    main()
