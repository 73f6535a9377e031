"""Can a window open here? Asked before Qt is: where it cannot, Qt ends the program with an abort."""

import ctypes
import importlib.util
import os
import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from annotator.errors import KnownError

_MISSING = re.compile(r"([\w.+-]+\.so[\w.]*): cannot open shared object file")


class _Way(NamedTuple):
    """A way to a screen on Linux and BSD.

    :param platform: Qt's name for it.
    :param variable: the environment variable that points to it.
    :param answers: is somebody there?
    :param plugin: a pattern of the file that Qt loads for it.
    """

    platform: str
    variable: str
    answers: Callable[[], bool]
    plugin: str


def require() -> None:
    """Return where Qt can open a window.

    :raises KnownError: there is no display, it does not answer, or a system library is missing.
    """
    if sys.platform in ("win32", "darwin") or _is_drawn_elsewhere():
        return
    ways = [way for way in _WAYS if os.environ.get(way.variable) and _may_use(way)]
    if not ways:
        raise KnownError("There is no display to open the window on.", "The commands work without: annotator --help")
    there = [way for way in ways if way.answers()]
    if not there:
        names = " and ".join(f"{way.variable}={os.environ[way.variable]}" for way in ways)
        raise KnownError(f"The display cannot be reached ({names}).", "The commands work without: annotator --help")
    failures = [_failure_to_load(way.plugin) for way in there]
    if failures[0] is not None and all(failures):
        raise failures[0]


def missing_library(error: BaseException) -> KnownError | None:
    """What to say where the loader did not find a system library; None where it complains of something else."""
    found = _MISSING.search(str(error))
    if found is None:
        return None
    return KnownError(f"The system library {found[1]} is missing.", "Install what Qt needs with: bash packaging/run.sh")


def _platforms() -> list[str]:
    """The platforms that the environment asks Qt for, "xcb:option" without the option."""
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    return [name.partition(":")[0] for name in wanted.split(";") if name]


def _is_drawn_elsewhere() -> bool:
    """Offscreen, VNC, a frame buffer: no display is needed."""
    return any(not name.startswith(tuple(way.platform for way in _WAYS)) for name in _platforms())


def _may_use(way: _Way) -> bool:
    platforms = _platforms()
    return not platforms or any(name.startswith(way.platform) for name in platforms)


def _x_answers() -> bool:
    """The library that Qt asks knows all about sockets, hosts and cookies; without it, ask Qt's plugin."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not failed


def _wayland_answers() -> bool:
    path = Path(os.environ.get("XDG_RUNTIME_DIR", ""), os.environ["WAYLAND_DISPLAY"])
    with socket.socket(socket.AF_UNIX) as asking:
        try:
            asking.connect(str(path))
        except OSError:
            return False
    return True


def _failure_to_load(plugin: str) -> KnownError | None:
    """Load Qt's plugin as Qt will; None where that works, or where this Qt keeps it elsewhere."""
    found = importlib.util.find_spec("PySide6")
    folders = found.submodule_search_locations if found is not None else None
    files = sorted(Path(folders[0], "Qt", "plugins", "platforms").glob(plugin)) if folders else []
    failures = []
    for file in files:
        try:
            ctypes.CDLL(str(file))
        except OSError as error:
            failures.append(missing_library(error))
    return failures[0] if failures and len(failures) == len(files) else None


# In the order in which Qt prefers them.
_WAYS = (
    _Way("wayland", "WAYLAND_DISPLAY", _wayland_answers, "libqwayland*.so"),
    _Way("xcb", "DISPLAY", _x_answers, "libqxcb.so"),
)
