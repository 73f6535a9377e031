"""What files hold, told from their beginnings."""

from pathlib import Path

import pytest

from annotator.importers import jsonl, looking, plain_text
from annotator.importers.looking import look

TEXT, DATASET = plain_text.IMPORTER, jsonl.IMPORTER


def made(folder: Path, *names: str) -> list[Path]:
    """Files of that name, each with content that fits its ending."""
    for name in names:
        (folder / name).write_text('{"text": "a"}\n' if name.endswith(".jsonl") else "Oslo is cold.", "utf-8")
    return [folder / name for name in names]


def test_the_formats_are_counted(tmp_path: Path) -> None:
    found = look(made(tmp_path, "a.txt", "b.jsonl", "c.txt"))
    assert (found.files, found.looked_at, list(found.formats.items())) == (3, 3, [(TEXT, 2), (DATASET, 1)])
    assert found.may_hold_spans


def test_bare_articles_hold_no_spans(tmp_path: Path) -> None:
    assert not look(made(tmp_path, "a.txt")).may_hold_spans
    assert not look([]).may_hold_spans


def test_a_dataset_among_many_texts_is_looked_at_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "_MOST", 3)
    found = look(made(tmp_path, *(f"{n}.txt" for n in range(9)), "z.JSONL".lower()))
    assert (found.files, found.looked_at, found.formats[DATASET]) == (10, 3, 1)


def test_a_slow_disk_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "_SECONDS", 0)
    assert look(made(tmp_path, "a.txt", "b.txt")).looked_at == 1


def test_a_file_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    found = look([tmp_path / "gone.jsonl", *made(tmp_path, "a.txt")])
    assert (found.files, found.looked_at) == (2, 1)
