"""The two ways to count, held to Python's own UTF-16 encoder."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextLayout

from annotator.ui.offset_map import OffsetMap, display_text

ANY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "ab é漢\u202f😀𝔘🇺🇸\u200d👩اب\u0301\u00a0\t\u2028\u2029\r\n\x0b\x00\ufffc\ufeff\ufffe\ud83d\udc00"
        ),
    ),
    max_size=60,
)


@given(ANY)
def test_units_are_those_of_utf16(text: str) -> None:
    offsets = OffsetMap(text)
    for position in range(len(text) + 1):
        units = len(text[:position].encode("utf-16-le", "surrogatepass")) // 2
        assert offsets.to16(position) == units
        assert offsets.to_code_point(units) == position
        if position < len(text) and text[position] > "\uffff":
            assert offsets.to_code_point(units + 1) == position


@given(ANY)
def test_qt_holds_exactly_the_units_that_are_counted(text: str) -> None:
    shown = display_text(text)
    assert len(shown) == len(text)
    held = QTextLayout(shown).text()
    assert held == shown
    assert len(held.encode("utf-16-le")) // 2 == OffsetMap(text).to16(len(text))


def test_what_is_shown_for_what_cannot_be() -> None:
    assert display_text("\ufeffa\x00b\rc\u2028d\x1fe\td\n") == "·a\ufffdb c d e\td "
