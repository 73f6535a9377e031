"""Small file systems of our own to fill, to cut the power of, and to take away; root alone can mount them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TOOLS = ("mount", "umount", "mkfs.ext4")


def why_not() -> str:
    """Why no file system can be mounted here; "" where it can."""
    if not hasattr(os, "geteuid") or os.geteuid():
        return "needs root"
    missing = [tool for tool in _TOOLS if _tool(tool) is None]
    return f"needs {', '.join(missing)}" if missing else ""


def _tool(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def _run(*words: str | Path) -> None:
    tool, *rest = words
    subprocess.run([_tool(str(tool)) or tool, *rest], check=True, capture_output=True)


def make_image(image: Path, megabytes: int) -> None:
    """An ext4 file system in a file."""
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    _run("mkfs.ext4", "-q", "-F", image)


@contextmanager
def mounted(image: Path, at: Path) -> Iterator[Path]:
    """The file system of an image, its journal replayed where it was not unmounted."""
    at.mkdir(exist_ok=True)
    _run("mount", "-o", "loop", image, at)
    try:
        yield at
    finally:
        _run("umount", "-l", at)


@contextmanager
def memory_disk(at: Path, megabytes: int) -> Iterator[Path]:
    """A file system in memory, which is soon full."""
    at.mkdir(exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", at)
    try:
        yield at
    finally:
        _run("umount", "-l", at)


def copied(image: Path, to: Path) -> None:
    """The image as it is at one moment: again, where the kernel wrote to it meanwhile."""
    while True:
        before = image.stat().st_mtime_ns
        to.unlink(missing_ok=True)
        subprocess.run(["cp", "--sparse=always", image, to], check=True)
        if image.stat().st_mtime_ns == before:
            return
