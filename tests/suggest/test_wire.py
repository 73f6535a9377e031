"""Messages between the program and its worker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.span import Suggestion
from annotator.suggest import Ask, Decided, Known, Reading
from annotator.suggest.wire import (
    ask_of,
    decided_of,
    decoded,
    encoded,
    of_ask,
    of_decided,
    of_reading,
    reading_of,
)


@given(st.text())
def test_any_text_is_one_line(text: str) -> None:
    line = encoded({"text": text})
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert decoded(line) == {"text": text}


def test_a_reading_comes_back() -> None:
    reading = Reading(
        [(0, 3), (4, 9), (9, 10)], [Suggestion(0, 3, "X", None, "me 1"), Suggestion(4, 9, "Y", 0.25, "me 1")]
    )
    assert reading_of(decoded(encoded(of_reading(reading))), "me 1") == reading


def test_an_ask_and_a_lesson_come_back() -> None:
    ask = Ask("Ana came.", ((0, 3, "PER"),), 3, (Known("Bo", None, 0.5, "memory"),), ((4, 8),))
    assert ask_of(decoded(encoded(of_ask(ask)))) == ask
    lesson = Decided("1:a", "Ana came.", ((0, 3, "PER"),), ((4, 8),))
    assert decided_of(decoded(encoded(of_decided(lesson)))) == lesson


@pytest.mark.parametrize("line", [b"", b'{"tok', b"[1]\n", b"\xff\n"])
def test_half_a_message_is_none(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        decoded(line)
