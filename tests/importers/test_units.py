"""How files count: every unit into code points, and which one a file means."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.importers import UnitUndecidedError
from annotator.importers.units import Claim, Decided, Ruler, decide, repaired_note
from annotator.model.offsets import Unit

FAMILY = "👩\u200d👩\u200d👧"
TEXT = f"Zoe\u0301 of 😀 Köln\r\nmet {FAMILY} Ann."
ODD = st.text(alphabet="ab é😀\r\n\u0301\u200d👩", max_size=12)


def counted(text: str, unit: Unit) -> int:
    """How much a text counts in a unit, by other means than the ruler's."""
    if unit.endswith("-crlf"):
        return counted(text.replace("\r\n", "\n"), Unit(unit.removesuffix("-crlf")))
    if unit is Unit.UTF8:
        return len(text.encode())
    return len(text.encode("utf-16-le")) // 2 if unit is Unit.UTF16 else len(text)


def claim(text: str, surface: str, unit: Unit, *, stated: bool = True) -> Claim:
    """Where a surface stands, counted in a unit."""
    at = text.index(surface)
    base = Unit(unit.removesuffix("-inclusive"))
    end = counted(text[: at + len(surface)], base) - unit.endswith("-inclusive")
    return Claim(counted(text[:at], base), end, surface if stated else None)


COUNTED = [unit for unit in Unit if unit is not Unit.GRAPHEMES]


@pytest.mark.parametrize("unit", COUNTED)
@given(text=ODD, data=st.data())
def test_every_edge_of_a_unit_is_found(unit: Unit, text: str, data: st.DataObject) -> None:
    first, last = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    splits_crlf = unit.endswith("-crlf") and any(text[at - 1 : at + 1] == "\r\n" for at in (first, last) if at)
    if first == last or splits_crlf:
        return
    base = Unit(unit.removesuffix("-inclusive"))
    start, end = counted(text[:first], base), counted(text[:last], base)
    assert Ruler(text, unit).range(start, end - unit.endswith("-inclusive")) == (first, last)


def test_signs_on_the_screen() -> None:
    ruler = Ruler(f"a\r\n{FAMILY}e\u0301x", Unit.GRAPHEMES)
    assert ruler.range(2, 3) == (3, 8)
    assert ruler.range(3, 5) == (8, 11)


@pytest.mark.parametrize(
    ("unit", "start", "end"),
    [
        (Unit.UTF16, 0, 1),
        (Unit.UTF8, 2, 4),
        (Unit.CODEPOINTS, 0, 4),
        (Unit.CODEPOINTS, -1, 2),
        (Unit.UTF16, 0, 5),
        (Unit.CODEPOINTS_INCLUSIVE, 0, 3),
        (Unit.UTF16_INCLUSIVE, 0, 0),
    ],
)
def test_inside_a_character_and_outside_is_refused(unit: Unit, start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"inside a character|outside the text"):
        Ruler("😀ab", unit).range(start, end)


WITNESSES = ("Zoe\u0301", "Köln", "Ann")


@pytest.mark.parametrize("unit", COUNTED)
def test_the_unit_is_found_from_the_surfaces(unit: Unit) -> None:
    claims = [claim(TEXT, surface, unit) for surface in WITNESSES]
    assert decide("a.json", [("Ann", []), (TEXT, claims)]) == Decided(unit)


def test_graphemes_are_found_from_the_surfaces() -> None:
    claims = [Claim(0, 3, "Zoe\u0301"), Claim(9, 13, "Köln"), Claim(20, 23, "Ann")]
    assert decide("a.json", [(TEXT, claims)]) == Decided(Unit.GRAPHEMES)


def test_a_span_that_fits_nowhere_does_not_hide_the_unit() -> None:
    claims = [claim(TEXT, surface, Unit.UTF16) for surface in WITNESSES]
    assert decide("a.json", [(TEXT, [Claim(0, 3, "Bob"), *claims, Claim("x", 2), Claim(5, 5)])]).unit is Unit.UTF16


def test_surfaces_beat_what_the_specification_says() -> None:
    claims = [claim(TEXT, surface, Unit.UTF16) for surface in WITNESSES]
    assert decide("a.json", [(TEXT, claims)], default=Unit.CODEPOINTS) == Decided(Unit.UTF16)


@pytest.mark.parametrize("text", ["Ann met Bob.", "Köln", "a\rb\nc"])
def test_nothing_is_asked_where_the_ways_to_count_agree(text: str) -> None:
    assert decide("a.json", [(text, [Claim(0, 3), Claim(2, 4)])]) == Decided(Unit.CODEPOINTS)
    assert decide("a.json", []) == Decided(Unit.CODEPOINTS)


def test_an_end_that_is_named_needs_a_witness() -> None:
    assert decide("a.json", [("Ann met Bob.", [Claim(0, 2, "Ann")])]) == Decided(Unit.CODEPOINTS_INCLUSIVE)
    assert decide("a.json", [("Ann met Bob.", [Claim(0, 2)])]) == Decided(Unit.CODEPOINTS)


def test_places_outside_the_text_rule_a_unit_out() -> None:
    text = "😀 in Köln"
    assert decide("a.json", [(text, [claim(text, "Köln", Unit.UTF16, stated=False)])]) == Decided(Unit.UTF16)


def emoji(*units: Unit) -> Sequence[tuple[str, list[Claim]]]:
    text = "😀 Alibaba hires in Köln now."
    return [(text, [claim(text, "Alibaba", unit, stated=False)]) for unit in units]


def test_what_cannot_be_decided_is_asked_with_the_likeliest_first() -> None:
    for unit, words in ((Unit.CODEPOINTS, "Alibaba"), (Unit.UTF16, "Alibaba")):
        with pytest.raises(UnitUndecidedError) as caught:
            decide("a.json", emoji(unit))
        assert next(iter(caught.value.examples.items())) == (unit, (words,))
        assert set(caught.value.examples) == {Unit.CODEPOINTS, Unit.UTF16}


def test_the_specification_decides_only_where_it_fixes_the_unit() -> None:
    assert decide("a.json", emoji(Unit.CODEPOINTS), Unit.CODEPOINTS) == Decided(Unit.CODEPOINTS, is_assumed=True)
    assert decide("a.json", emoji(Unit.UTF16), Unit.UTF16) == Decided(Unit.UTF16, is_assumed=True)


def test_only_the_ways_that_are_plausible_are_asked() -> None:
    units = (Unit.CODEPOINTS, Unit.UTF8)
    with pytest.raises(UnitUndecidedError) as caught:
        decide("a.json", [("Köln: Ann and Bob.", [Claim(7, 10)])], plausible=units)
    assert list(caught.value.examples.items()) == [(Unit.UTF8, ("Ann",)), (Unit.CODEPOINTS, ("nn ",))]


def test_the_specification_s_unit_is_always_plausible() -> None:
    assert decide("a.json", [("Köln: Ann", [Claim(7, 10)])], Unit.UTF8).unit is Unit.UTF8


def test_surfaces_with_other_spaces_agree() -> None:
    text = "😀 Tel\n Aviv"
    assert decide("a.json", [(text, [Claim(3, 12, "Tel Aviv")])]) == Decided(Unit.UTF16)


def test_the_note_says_what_was_repaired() -> None:
    assert repaired_note(Unit.UTF16) == "offsets counted in UTF-16 became code points"
    assert len({repaired_note(unit) for unit in Unit}) == len(Unit)
