"""Texts that name a picture, a style sheet, a file and addresses, in every form that something might follow."""

import os
import re
import shutil
import subprocess
from html import escape
from pathlib import Path

HOST = "canary.invalid"
_PICTURE = (  # one black pixel
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\n"
    b"IDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_IS_BAIT = re.compile(r"(?:file:)?(?:[^<>]*/)?canary-[\w.-]*\.(?:png|css)")
_CALLS_OUT = re.compile(r"\b(?:connect|sendto|sendmsg)\(.*AF_INET")
_OPENED_LONG_AGO = 1_000_000_000


class Bait:
    """Makes the texts; each place gets one of its own, so that what follows it is known by its name.

    :param folder: where the pictures lie; its path should be short, as titles are cut.
    :param makes: have them there; without, they are only named, and whoever watches sees that they are asked for.
    """

    def __init__(self, folder: Path, makes: bool) -> None:
        self.folder, self._makes = folder, makes
        self.places: set[str] = set()

    def _file(self, place: str, ending: str) -> str:
        self.places.add(place)
        file = self.folder / f"canary-{place}{ending}"
        if self._makes and not file.exists():
            file.write_bytes(_PICTURE if ending == ".png" else b"p { color: red }")
            os.utime(file, (_OPENED_LONG_AGO, _OPENED_LONG_AGO))
        return str(file)

    def short(self, place: str) -> str:
        """A picture, and an entity: for a name."""
        return f'<img src="{self._file(place, ".png")}">&amp;'

    def text(self, place: str) -> str:
        """All forms, the picture first."""
        picture, sheet = self._file(place, ".png"), self._file(place, ".css")
        return (
            f'{self.short(place)}<a href="http://{HOST}/{place}">x</a> <b>[*]</b> '
            f'<p style="background-image:url({picture})">p</p><table background="{picture}"><tr><td>t</table>'
            f'<link rel=stylesheet href="file://{sheet}"><style>@import url({sheet});</style>'
            f"![m](file://{picture}) [l](smb://{HOST}/s) file://{picture} smb://{HOST}/s "
            f"ms-word:ofe|u|http://{HOST}/w \\\\{HOST}\\s {{{{ {place} }}}}"
        )

    def file_name(self, place: str) -> str:
        """A name of a file, which holds no slash but in other letters."""
        return f"<img src='{self._file(place, '.png').replace('/', '&#47;')}'>&amp;"


def opened(folder: Path) -> list[str]:
    """Which of the files were read, as far as the disk tells; see `tells_of_reading`."""
    return sorted(file.name for file in folder.glob("canary-*") if file.stat().st_atime > _OPENED_LONG_AGO)


def tells_of_reading(folder: Path) -> bool:
    """Does this disk keep when a file was read?"""
    file = folder / "control"
    file.write_bytes(b"x")
    os.utime(file, (_OPENED_LONG_AGO, _OPENED_LONG_AGO))
    file.read_bytes()
    return file.stat().st_atime > _OPENED_LONG_AGO


def can_trace() -> bool:
    """Is strace here, and may it watch a process?"""
    strace = shutil.which("strace")
    return (
        strace is not None
        and subprocess.run([strace, "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0
    )


def followed(trace: str) -> list[str]:
    """The lines of strace in which a bait was touched, or an address connected to.

    A text that was taken for the name of a file holds the whole bait with its brackets: that touches nothing.
    """
    return [line for line in trace.splitlines() if _follows(line)]


def _follows(line: str) -> bool:
    return bool(_CALLS_OUT.search(line)) or any(_IS_BAIT.fullmatch(each) for each in _QUOTED.findall(line))


def is_letter_by_letter(shown: str) -> bool:
    """Does a rich text show the letters of a bait, as their escapes?"""
    return "<img" not in shown and (escape("<img") in shown or "img src" not in shown)
