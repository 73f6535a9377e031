"""Names of files for ids, and the ids back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.file_name import LONGEST, name_of, uid_of, writable


@given(uid=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40))
def test_names_are_safe_and_lead_back(uid: str) -> None:
    name = name_of(uid)
    assert len(name) <= LONGEST
    assert set(name) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_=~-")
    assert uid_of(name) in (uid, name)
    assert name_of(uid_of(name)) == name


@pytest.mark.parametrize("uid", ["../../etc/passwd", "C:\\x", "con", "NUL.txt", ".hidden", "a/b", "a.", " ", "😀"])
def test_dangerous_ids(uid: str) -> None:
    name = name_of(uid)
    assert uid_of(name) == uid
    assert not {"/", "\\", ".", " ", ":"} & set(name)
    assert name.casefold() not in {"con", "nul", "prn", "aux"}


def test_ids_that_differ_in_casing_alone_have_different_names_everywhere() -> None:
    assert name_of("Ab").casefold() != name_of("aB").casefold()


def test_a_long_id_is_cut_and_stays_cut() -> None:
    name = name_of("x" * 1000)
    assert len(name) == LONGEST
    assert name != name_of("x" * 1001)
    assert name_of(uid_of(name)) == name


@pytest.mark.parametrize("name", ["admin", "a~b", "a~", "~", "report~123456", "=FF~123456", "a=ZZ"])
def test_other_names_are_no_ids(name: str) -> None:
    assert uid_of(name) == ""


def test_a_name_is_written_as_far_as_it_is_text() -> None:
    assert writable("Zürich 阿.jsonl") == "Zürich 阿.jsonl"
    assert writable("Z\udcfcrich") == "Z\ufffdrich"
