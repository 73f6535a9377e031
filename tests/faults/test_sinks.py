"""The window with a bait in every text, offscreen; `sinks.py` tries it on a screen, too."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from canary import Bait, can_trace, followed, is_letter_by_letter, opened, tells_of_reading  # noqa: E402

GUESSING = """
import sys
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel(sys.argv[1])
label.show()
app.processEvents()
"""
posix = pytest.mark.skipif(sys.platform == "win32", reason="neither strace nor times of access")


@posix
def test_nothing_in_the_window_follows_what_a_text_names() -> None:
    command = [sys.executable, str(HERE / "sinks.py"), "--platform", "offscreen"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert "0 followed, 0 other complaints" in run.stdout, run.stdout + run.stderr
    assert run.returncode == 0


@posix
def test_strace_sees_a_label_that_guesses(tmp_path: Path) -> None:
    if not can_trace():
        pytest.skip("no strace")
    bait, trace = Bait(tmp_path, makes=False), tmp_path / "trace"
    watched = ["strace", "-f", "-qq", "-s", "4096", "-e", "trace=%file", "-o", str(trace)]
    command = [*watched, sys.executable, "-c", GUESSING, bait.short("label")]
    subprocess.run(command, timeout=60, check=True, capture_output=True)
    assert any("canary-label.png" in line for line in followed(trace.read_text("utf-8")))


@posix
def test_times_of_access_tell_of_a_label_that_guesses(tmp_path: Path) -> None:
    if not tells_of_reading(tmp_path):
        pytest.skip("this disk does not keep when a file was read")
    bait = Bait(tmp_path, makes=True)
    text = bait.short("label")
    assert opened(tmp_path) == []
    subprocess.run([sys.executable, "-c", GUESSING, text], timeout=60, check=True, capture_output=True)
    assert opened(tmp_path) == ["canary-label.png"]


@pytest.mark.parametrize(
    ("line", "follows"),
    [
        ('1 openat(AT_FDCWD, "/tmp/b/canary-title.png", O_RDONLY) = 3', True),
        ('1 openat(AT_FDCWD, "canary-title.png", O_RDONLY) = -1 ENOENT', True),
        ('1 newfstatat(AT_FDCWD, "file:///tmp/b/canary-title.css", 0x7, 0) = -1', True),
        (r'1 newfstatat(AT_FDCWD, "<img src=\"/tmp/b/canary-typed.png\">&amp;", 0x7, 0) = -1', False),
        ("1 openat(AT_FDCWD, \"/tmp/<img src='&#47;tmp&#47;canary-project.png'>&amp;.annot\", O_RDWR) = 3", False),
        ('1 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("9.9.9.9")}, 16) = 0', True),
        ('1 connect(3, {sa_family=AF_UNIX, sun_path=@"/tmp/.X11-unix/X0"}, 20) = 0', False),
    ],
)
def test_what_counts_as_followed(line: str, follows: bool) -> None:
    assert bool(followed(line)) is follows


def test_what_counts_as_letter_by_letter() -> None:
    assert is_letter_by_letter("<qt>&lt;img src=&quot;x&quot;&gt;</qt>")
    assert not is_letter_by_letter("<qt><img src='x'></qt>")
