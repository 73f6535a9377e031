"""Nothing that a terminal obeys gets out, and bars keep to themselves."""

import io
import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import terminal
from annotator.errors import KnownError

NOT_SHOWN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@given(st.text(st.characters(exclude_categories=[])))
def test_plain_text_moves_nothing_but_the_cursor(text: str) -> None:
    assert not {unicodedata.category(c) for c in terminal.plain(text)} & NOT_SHOWN


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"])))
def test_visible_text_stays_as_it_is(text: str) -> None:
    assert terminal.plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
        ("two\nlines\t", r"two\nlines\t"),
        ("\u202etxt.exe", r"\u202etxt.exe"),
        ("a\u2028b\u2029c", r"a\u2028b\u2029c"),
        ("caf\udce9.txt", r"caf\udce9.txt"),
        ("\U000e0041", r"\U000e0041"),
        ("Zürich\u00a0– 東京 😀", "Zürich\u00a0– 東京 😀"),
    ],
)
def test_escapes_are_those_of_python(text: str, shown: str) -> None:
    assert terminal.plain(text) == shown


def test_results_go_to_stdout_and_messages_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.tell("one", "two\n\x1b[31m")
    terminal.say("bell\a")
    assert capsys.readouterr() == ("one\ntwo\\n\\x1b[31m\n", "annotator: bell\\x07\n")


@given(st.dictionaries(st.text(), st.text(st.characters(exclude_categories=["Cs"]))))
def test_json_survives_and_is_plain_ascii(value: dict[str, str]) -> None:
    taken, sys.stdout = sys.stdout, io.StringIO()
    try:
        terminal.tell_json(value)
        written = sys.stdout.getvalue()
    finally:
        sys.stdout = taken
    assert json.loads(written) == value
    assert all(" " <= character <= "~" or character == "\n" for character in written)


def test_an_output_that_cannot_be_written_is_a_known_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    monkeypatch.setattr(terminal, "give_up_stdout", lambda: None)
    with pytest.raises(KnownError, match="No space left"):
        terminal.tell("words")


def test_table_columns_are_aligned_by_what_the_screen_shows() -> None:
    lines = terminal.table([("東京", 5, "x"), ("Rio", 12345, ""), ("e\u0301", 0, "y")])
    assert lines == ["  東京       5  x", "  Rio   12,345", "  e\u0301          0  y"]


def test_a_bar_that_need_not_wait_draws_and_cleans_up(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with terminal.Bar("Reading", "articles", after=0) as bar:
        bar(0, 4)
        bar(4, 4)
    assert "Reading" in screen.getvalue()
    assert screen.getvalue().endswith("\r")


def test_a_bar_makes_room_for_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with terminal.Bar("Reading", "articles", after=0) as bar:
        bar.clear()
        bar(1, 4)
        bar.clear()
        terminal.say("half")
        assert screen.getvalue().endswith("\rannotator: half\n")


def test_a_bar_of_less_than_a_second_is_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with terminal.Bar("Reading", "articles") as bar:
        for done in range(5):
            bar(done, 4)
    assert screen.getvalue() == ""


@pytest.mark.parametrize(("stream", "quiet"), [(io.StringIO, False), (Screen, True)])
def test_no_bar_where_nobody_looks(monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO], quiet: bool) -> None:
    screen = stream()
    monkeypatch.setattr(sys, "stderr", screen)
    with terminal.Bar("Reading", "articles", quiet=quiet, after=0) as bar:
        bar(0, 4)
        bar(4, 4)
    assert screen.getvalue() == ""
