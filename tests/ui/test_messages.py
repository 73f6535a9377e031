"""What the window says of an error: words for who labels, no places in numbers, no rows, nobody else's complaints."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMessageBox

from annotator.errors import KnownError
from annotator.model.span import Span, SpanState
from annotator.session import Session
from annotator.ui import opening

GHOST = Span(3, 9, "ORG", SpanState.SUGGESTED)


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of message boxes, which are closed at once."""
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    return told


@pytest.mark.parametrize(
    ("verb", "title", "detail"),
    [
        (lambda session: session.confirm(1, (3, 9)), "This highlight is gone: ", "There is no span 3-9 in article 1"),
        (lambda session: session.add(1, 3, 9999, "ORG"), "These words are not in the text", "3-9999 is not inside"),
        (
            lambda session: session.ghosts.accept(1, GHOST),
            "This place is not offered any more: ",
            "offered at 3-9 in article 1",
        ),
        (lambda session: session.flag(77), "This article is not in the project any more.", "no article 77"),
    ],
)
def test_a_refused_decision_names_no_numbers(
    open_window: Any, project: Path, boxes: list[str], verb: Callable[[Session], Any], title: str, detail: str
) -> None:
    window = open_window(project)
    window.desk.attempt(lambda: verb(window.desk.session))
    assert boxes[0].startswith(title)
    assert not any(sign.isdecimal() for sign in boxes[0])
    with pytest.raises(KnownError) as error:
        verb(window.desk.session)
    assert detail in str(error.value)
    assert detail in error.value.as_line()


def test_a_damaged_project_is_told_of_without_the_database_s_words(
    open_window: Any, project: Path, tmp_path: Path, boxes: list[str]
) -> None:
    content = bytearray(project.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    (tmp_path / "torn.annot").write_bytes(content)
    assert opening.open_project(tmp_path / "torn.annot", "ana", open_window(project)) is None
    assert boxes[0].startswith("torn.annot is damaged.\n\nThe file was not changed.")
    with pytest.raises(KnownError, match=r"is damaged\. Go back to a backup.* \(.+\)$"):
        Session.open(tmp_path / "torn.annot")
