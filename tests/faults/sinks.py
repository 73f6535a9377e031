"""Put a bait into every text of the window, and see whether anything follows it: a file opened, an address looked up.

    python tests/faults/sinks.py                       on every platform there is: offscreen, and xcb under Xvfb
    python tests/faults/sinks.py --platform offscreen --pictures FOLDER

The window runs under strace, which sees each file that is touched and each connection. Without strace, the pictures'
times of access tell which were read.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from canary import Bait, can_trace, followed, opened, tells_of_reading

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

from tests.faults.outcome import Fault  # noqa: E402

_TRACE = ("strace", "-f", "--seccomp-bpf", "-qq", "-s", "4096", "-e", "trace=%file,connect,sendto,sendmsg", "-o")
_MOST = 900  # seconds


class Result(NamedTuple):
    """What came of one platform.

    :param places: how many texts were baits.
    :param followed: what was opened or connected to.
    :param complaints: what else was wrong; the end of stderr where the window broke down.
    """

    platform: str
    seen_by: str
    places: int
    followed: list[str]
    complaints: list[str]

    @property
    def holds(self) -> bool:
        """Was nothing followed, and nothing wrong?"""
        return not self.followed and not self.complaints

    def lines(self) -> Iterator[str]:
        """For people."""
        yield (
            f"{self.platform}, seen by {self.seen_by}: {self.places} texts tried, {len(self.followed)} followed, "
            f"{len(self.complaints)} other complaints"
        )
        yield from (f"  {line[:300]}" for line in [*self.followed[:20], *self.complaints[:20]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--platform", choices=("offscreen", "xcb"))
    parser.add_argument("--pictures", type=Path, help="a folder for what was seen")
    parser.add_argument("--walk", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--makes", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.walk is not None:
        walk(given.walk, given.makes, given.pictures)
        return
    results = [tried(platform, given.pictures) for platform in ([given.platform] if given.platform else platforms())]
    sys.stdout.write("\n".join(line for result in results for line in result.lines()) + "\n")
    sys.exit(0 if all(result.holds for result in results) else 1)


def platforms() -> list[str]:
    """Those that there are here."""
    return ["offscreen", *(["xcb"] if shutil.which("xvfb-run") else [])]


def faults(_count: int) -> list[Fault]:
    """Every text of the window once, on every platform there is."""
    return [_fault(platform) for platform in platforms()]


def _fault(platform: str) -> Fault:
    began, result = time.monotonic(), tried(platform)
    lost = [*result.followed, *result.complaints]
    survived = result.places if not lost else 0
    return Fault(f"texts that bait, {platform}", result.places, survived, lost, time.monotonic() - began)


def tried(platform: str, pictures: Path | None = None) -> Result:
    """Start the window with its baits, and judge what was seen of it."""
    with tempfile.TemporaryDirectory(prefix="b") as folder:
        place = Path(folder).resolve()
        by_strace = can_trace()
        trace = place / "trace"
        own = [sys.executable, str(HERE), "--walk", str(place), *([] if by_strace else ["--makes"])]
        if pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
            own += ["--pictures", str(pictures.resolve())]
        words = [
            *(("xvfb-run", "-a") if platform == "xcb" else ()),
            *((*_TRACE, str(trace)) if by_strace else ()),
            *own,
        ]
        (place / "b").mkdir()
        can_tell = by_strace or tells_of_reading(place / "b")
        run = _run(words, platform, place)
        said = run.stdout.splitlines()
        places = next((int(line.split()[1]) for line in said if line.startswith("places ")), 0)
        complaints = [line for line in said if not line.startswith("places ")]
        if run.returncode or not places:
            complaints.append(f"it ended with {run.returncode}: {run.stderr[-2000:]}")
        if not can_tell:
            complaints.append("there is no strace, and the disk does not keep when a file was read")
        seen = followed(trace.read_text("utf-8", errors="replace")) if by_strace else opened(place / "b")
        return Result(platform, "strace" if by_strace else "times of access", places, seen, complaints)


def _run(words: Sequence[str], platform: str, place: Path) -> "subprocess.CompletedProcess[str]":
    variables = {"QT_QPA_PLATFORM": platform, "ANNOTATOR_HOME": str(place / "home"), "PYTHONUTF8": "1"}
    variables["CUPS_SERVER"] = str(place / "no-printers")  # a socket: the print dialog asks for printers on localhost
    return subprocess.run(
        list(words),
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_MOST,
        check=False,
        cwd=place / "b",
        env={**os.environ, **variables},
    )


def walk(place: Path, makes: bool, pictures: Path | None) -> None:
    """In the process that is watched: go through the window, and say what is wrong."""
    import faulthandler

    import baited
    import window_walk

    from annotator import log, paths

    faulthandler.enable()
    log.set_up(debug=True)
    bait = Bait(place / "b", makes)
    folder = place / bait.file_name("of-all")
    folder.mkdir()
    project = baited.make_project(folder, bait)
    made = window_walk.Walk(bait, pictures)
    try:
        window_walk.walk_through(project, baited.make_batch(folder, bait), made)
    except Exception:
        made.wrong.append(traceback.format_exc()[-900:])
    missed = sorted(each.__name__ for each in window_walk.widget_classes() - made.seen)
    lines = [f"places {len(bait.places)}", *dict.fromkeys(made.wrong)]
    lines += [f"never seen: {name}; make it in window_walk.alone" for name in missed]
    logged = (paths.log_dir() / "annotator.log").read_text("utf-8").splitlines()
    lines += [f"a word from outside in the log: {line}" for line in logged if "canary" in line or "Alibaba" in line]
    lines += [f"handed to the system: {url}" for url in made.opened if not url.startswith("file://")]
    sys.stdout.write("\n".join(line.replace("\n", " ") for line in lines) + "\n")
    sys.stdout.flush()
    os._exit(0)  # after a bug, widgets that are left would take the process with them


if __name__ == "__main__":
    main()
