"""What a project lies on: a disk of this machine, one that other machines reach, or a folder that is synchronized."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

from annotator.parts import give_new_name

# Where the write-ahead log's shared memory and SQLite's locks can be relied on; https://sqlite.org/wal.html.
_LOCAL = {
    *("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "jfs", "reiserfs", "nilfs2"),
    *("tmpfs", "ramfs", "overlay", "squashfs", "erofs", "iso9660", "udf", "vfat", "msdos", "exfat", "fuseblk"),
    *("ntfs", "ntfs3", "refs", "fat", "fat32", "cdfs", "apfs", "hfs", "ufs", "ffs"),
}
_NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb",
    "smb2",
    "smb3",
    "smbfs",
    "afpfs",
    "webdav",
    "davfs",
    "ceph",
    "glusterfs",
    "9p",
}
_SYNCED = ("Dropbox", "OneDrive", "Google Drive", "GoogleDrive", "My Drive", "Nextcloud", "ownCloud", "pCloudDrive")
_SYNCED_ALSO = ("Mobile Documents", "CloudStorage", "iCloudDrive", "Sync", "Syncthing", "MEGA", "Seafile")
ROOM_TO_WARN = 200_000_000  # bytes


class Disk(NamedTuple):
    """What a folder lies on.

    :param shared: other machines may write there, or nobody can tell; one program at a time then holds the file.
    :param caution: what to know about it, in plain words; "" for a disk of this machine.
    """

    shared: bool
    caution: str


def disk_of(path: Path) -> Disk:
    """What a file, or one that is to be made, lies on."""
    folder = path.resolve().parent
    kind, is_remote = _kind_of(folder)
    if is_remote or kind in _NETWORK:
        return Disk(True, f"The project is on a network drive ({kind or 'remote'}): {_SLOWER}")
    if kind not in _LOCAL:
        return Disk(True, f"The project is on a disk of an unknown kind ({kind or 'no name'}): {_SLOWER}")
    if client := _client_of(folder):
        return Disk(False, f"The project is in a folder that {client} synchronizes: {_ONE_AT_A_TIME}")
    return Disk(False, "")


_SLOWER = (
    "only one program can have it open, and each decision takes longer. A copy on a disk of this computer is safer."
)
_ONE_AT_A_TIME = (
    "close it before opening it on another computer, else one of two copies is lost. A folder outside of it is safer."
)


def _kind_of(folder: Path) -> tuple[str, bool]:
    """The file system's name in small letters, and whether the system calls it remote; ("", False) where unknown."""
    import psutil

    if sys.platform == "win32" and str(folder).startswith("\\\\"):
        return "share", True
    try:
        mounts = psutil.disk_partitions(all=True)
    except (OSError, RuntimeError):
        return "", False
    holding = [mount for mount in mounts if folder.is_relative_to(mount.mountpoint)]
    # of two mounts on one folder the later one is seen
    found = max(enumerate(holding), key=lambda each: (len(Path(each[1].mountpoint).parts), each[0]), default=None)
    return ("", False) if found is None else (found[1].fstype.lower(), "remote" in found[1].opts.split(","))


def _client_of(folder: Path) -> str:
    """The program that synchronizes a folder, by the folder's name or the file it leaves there; "" for none."""
    for part in folder.parts:
        for name in (*_SYNCED, *_SYNCED_ALSO):
            if part == name or part.startswith((f"{name} -", f"{name} (", f"{name}-")):
                return name if name in _SYNCED else "a sync program"
    if any((each / ".stfolder").exists() for each in (folder, *folder.parents)):
        return "Syncthing"
    return ""


def to_disk(path: Path) -> None:
    """Return when a file or a folder is on the disk itself; raises OSError where that fails."""
    flags = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) if path.is_dir() else os.O_RDWR
    if path.is_dir() and sys.platform == "win32":  # folders cannot be opened there, and need not be
        return
    opened = os.open(path, flags)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def put_in_place(part: Path, path: Path) -> None:
    """Give a finished file its name, so that a power cut leaves the whole file under it or the one before."""
    to_disk(part)
    part.replace(path)
    to_disk(path.absolute().parent)


def put_in_new_place(part: Path, path: Path) -> None:
    """As `put_in_place`, where nothing may be yet; raises FileExistsError."""
    to_disk(part)
    give_new_name(part, path)
    to_disk(path.absolute().parent)


def free_bytes(path: Path) -> int | None:
    """What room is left where a file lies; None where nobody can tell."""
    import shutil

    try:
        return shutil.disk_usage(os.fspath(path.absolute().parent)).free
    except OSError:
        return None


def is_short_of_room(path: Path) -> bool:
    """Is little left where a file lies, so that what is left is kept for decisions?"""
    free = free_bytes(path)
    return free is not None and free < ROOM_TO_WARN
