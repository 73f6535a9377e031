"""The table of importers, and the way to the right one."""

from pathlib import Path

import pytest

from annotator.errors import KnownError
from annotator.importers import IMPORTERS, Importer, by_name, importer_of, read

PAGE = "<!DOCTYPE html>\n<html><head><title>x</title></head><body><p>Text</p></body></html>"


def test_names_and_endings_are_unique() -> None:
    names = [importer.name for importer in IMPORTERS]
    endings = [suffix for importer in IMPORTERS for suffix in importer.suffixes]
    assert len(set(names)) == len(names) >= 3
    assert len(set(endings)) == len(endings)


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda importer: importer.name)
def test_every_entry_is_filled_and_found(importer: Importer, tmp_path: Path) -> None:
    assert importer.title
    assert importer.remark.endswith(".")
    assert all(suffix.startswith(".") and suffix.islower() for suffix in importer.suffixes)
    assert by_name(importer.name) is importer
    for suffix in importer.suffixes[:1]:
        empty = tmp_path / f"empty{suffix}"
        empty.touch()
        assert importer_of(empty) is importer
        assert [item.reason for item in read(empty)] == ["the file is empty"]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", "Alibaba opened a lab.", "text"),
        ("a", "Alibaba opened a lab.", "text"),
        ("a.txt", '{"text": "Alibaba opened a lab."}\n', "jsonl"),
        ("a.txt", '[\n {"text": "Alibaba opened a lab."}]', "jsonl"),
        ("a.txt", "[Reuters] Alibaba opened a lab.", "text"),
        ("a.jsonl", "broken", "jsonl"),
        ("a.txt", PAGE, "html"),
        ("a.HTM", "<p>Alibaba</p>", "html"),
        ("a.txt", "a < b, and <html> is a tag", "text"),
    ],
)
def test_the_format_is_found_by_content(tmp_path: Path, name: str, content: str, expected: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert importer_of(path).name == expected


def test_a_named_format_overrides_the_content(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x y"}', encoding="utf-8")
    assert [item.article.text for item in read(path, "text")] == ['{"text": "x y"}']


def test_an_unknown_format_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"jsonl, .*html, .*text"):
        read(tmp_path, "odt")


@pytest.mark.parametrize("name", [None, "jsonl", "annotator-page", "html", "text"])
def test_a_missing_file_is_a_known_error(tmp_path: Path, name: str | None) -> None:
    with pytest.raises(KnownError, match="cannot be read"):
        list(read(tmp_path / "missing", name))
