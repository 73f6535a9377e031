"""ZIP, TAR and gzip: every file accounted for, nothing beyond the folder, nothing without end."""

import gzip
import tempfile
import zipfile
from pathlib import Path

import pytest

from annotator.importers import Problem, Record, archive, read
from tests.importers import news_files as made
from tests.importers.news_files import BODY


@pytest.fixture(autouse=True)
def unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where archives are unpacked in this test."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def said(path: Path, content: bytes | None = None, format: str | None = None) -> list[str]:
    """Where and the text of each record, where and the reason of each problem."""
    if content is not None:
        path.write_bytes(content)
    items = read(path, format)
    return [f"{i.where}: {i.reason if isinstance(i, Problem) else i.article.text}" for i in items]


def test_each_file_of_a_zip_archive_is_read(tmp_path: Path, unpacked: Path) -> None:
    files = {
        "2017/a.html": made.page().encode(),
        "2017/b.jsonl": b'{"text": "Oslo."}\nbroken\n',
        "c.txt": b"Rome.",
        "picture.png": b"\x89PNG\r\n",
        ".hidden": b"x",
        "__MACOSX/c.txt": b"x",
    }
    path = made.zipped(tmp_path, "news.zip", files)
    assert said(path) == [
        f"news.zip/2017/a.html: {BODY}",
        "news.zip/2017/b.jsonl:1: Oslo.",
        "news.zip/2017/b.jsonl:2: not valid JSON: Expecting value (character 1)",
        "news.zip/c.txt: Rome.",
        "news.zip/picture.png: not a text file (PNG)",
    ]
    first, *_ = read(path)
    assert isinstance(first, Record)
    assert first.article.meta["file"] == "news.zip/2017/a.html"
    assert list(unpacked.iterdir()) == []


def test_a_format_that_is_named_holds_for_every_file(tmp_path: Path) -> None:
    path = made.zipped(tmp_path, "a.zip", {"a.html": b"<p>Oslo"})
    assert said(path, format="text") == ["a.zip/a.html: <p>Oslo"]


EVIL = ["../evil.txt", "/evil.txt", "a/../../evil.txt", "C:evil.txt", "..\\evil.txt"]


@pytest.mark.parametrize("name", EVIL)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    for path in (made.zipped(tmp_path, "a.zip", {name: b"x"}), tmp_path / "a.tar.gz"):
        answer = said(path, made.tarred({name: b"x"}) if path.suffix == ".gz" else None)
        assert len(answer) == 1
        assert answer[0].endswith(": its name leads out of the archive")
    assert not list(tmp_path.rglob("evil.txt"))


def test_tar_archives(tmp_path: Path) -> None:
    content = made.tarred({"d/a.txt": b"Oslo.", "b.html": made.page().encode()}, link="passwd")
    expected = ["d/a.txt: Oslo.", f"b.html: {BODY}", "passwd: a link or a device, not a file"]
    for name, raw in (("a.tar.gz", content), ("a.tgz", content), ("a.tar", gzip.decompress(content))):
        assert said(tmp_path / name, raw) == [f"{name}/{line}" for line in expected]


def test_of_a_tar_archive_that_is_cut_off_the_whole_files_are_read(tmp_path: Path) -> None:
    content = made.tarred({"a.txt": b"Oslo.", "b.txt": bytes(range(65, 91)) * 2000}, cut=40)
    *kept, last = said(tmp_path / "a.tar.gz", content)
    assert kept == ["a.tar.gz/a.txt: Oslo."]
    assert last.startswith("a.tar.gz: cut off or damaged")


def test_a_compressed_file_is_called_by_its_own_name(tmp_path: Path) -> None:
    assert said(tmp_path / "a.txt.gz", gzip.compress(b"Oslo.")) == ["a.txt.gz: Oslo."]
    lines = gzip.compress(b'{"text": "Oslo."}\n{"text": "Rome."}\n')
    assert said(tmp_path / "a.jsonl.gz", lines) == ["a.jsonl.gz:1: Oslo.", "a.jsonl.gz:2: Rome."]
    assert said(tmp_path / "a.html.gz", gzip.compress(made.page().encode())) == [f"a.html.gz: {BODY}"]
    assert said(tmp_path / "a.txt.gz", gzip.compress(b"")) == ["a.txt.gz: the file is empty"]


def test_of_a_compressed_file_that_is_cut_off_whole_records_are_read(tmp_path: Path) -> None:
    lines = b"".join(b'{"text": "number %d"}\n' % (number * number * 7919) for number in range(500))
    *kept, last = said(tmp_path / "a.jsonl.gz", gzip.compress(lines)[:2000])
    assert len(kept) > 10
    assert all(line.split(": ", 1)[1] == f"number {n * n * 7919}" for n, line in enumerate(kept))
    assert last == f"a.jsonl.gz:{len(kept) + 1}: cut off or damaged (EOFError)"
    assert said(tmp_path / "a.txt.gz", gzip.compress(BODY.encode())[:-20]) == [
        "a.txt.gz: cut off or damaged (EOFError)"
    ]
    damaged = gzip.compress(BODY.encode())
    assert "cut off or damaged" in said(tmp_path / "b.txt.gz", damaged[:20] + b"\xff" * 20 + damaged[40:])[0]


def test_archives_that_cannot_be_read(tmp_path: Path) -> None:
    whole = made.zipped(tmp_path, "a.zip", {"a.txt": b"Oslo.", "b.txt": b"Rome."}).read_bytes()
    assert said(tmp_path / "a.zip", whole[:-30]) == ["a.zip: cut off or damaged (BadZipFile)"]
    assert said(made.zipped(tmp_path, "b.zip", {})) == ["b.zip: there is no file in the archive"]
    stored = tmp_path / "c.zip"
    with zipfile.ZipFile(stored, "w") as package:
        package.writestr("a.txt", "Oslo.")
        package.writestr("b.txt", "Rome.")
    spoilt = stored.read_bytes().replace(b"Oslo.", b"Osl0.")
    assert said(stored, spoilt) == ["c.zip/a.txt: damaged (BadZipFile)", "c.zip/b.txt: Rome."]
    locked = bytearray(stored.read_bytes())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert said(stored, bytes(locked))[0] == "c.zip/a.txt: locked with a password"


def test_an_archive_within_an_archive_stays_closed(tmp_path: Path) -> None:
    inner = made.zipped(tmp_path, "inner.zip", {"a.txt": b"x"}).read_bytes()
    path = made.zipped(tmp_path, "a.zip", {"inner.zip": inner, "b.txt.gz": gzip.compress(b"x"), "c.txt": b"Oslo."})
    nested = "an archive within an archive is not opened"
    assert said(path) == [f"a.zip/inner.zip: {nested}", f"a.zip/b.txt.gz: {nested}", "a.zip/c.txt: Oslo."]


def test_names_that_stand_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    path.write_bytes(made.tarred({"a.txt": b"one", "./a.txt": b"two"}))
    assert said(path) == ["a.tar.gz/a.txt: one", "a.tar.gz/a.txt: there are two files of this name"]


def test_archives_do_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unpacked: Path) -> None:
    monkeypatch.setattr(archive, "FREE_BYTES", 1_000_000)
    monkeypatch.setattr(archive, "MOST_BYTES_A_BYTE", 2)
    zeros = b"0" * 3_000_000
    most = "unpacks to more than 1 MB"
    path = made.zipped(tmp_path, "a.zip", {"a.txt": zeros})
    assert said(path) == [f"a.zip: {most}"]
    # the size that the list declares is a lie
    lied = path.read_bytes().replace(len(zeros).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    assert len(said(tmp_path / "b.zip", lied)) == 1
    assert said(tmp_path / "a.tar.gz", made.tarred({"a.txt": zeros})) == [f"a.tar.gz: {most}"]
    assert said(tmp_path / "a.txt.gz", gzip.compress(zeros)) == [f"a.txt.gz: {most}"]
    assert list(unpacked.iterdir()) == []


def test_archives_of_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    files = {f"{number}.txt": b"x" for number in range(3)}
    assert said(made.zipped(tmp_path, "a.zip", files)) == ["a.zip: more than 2 files in one archive"]
    assert said(tmp_path / "a.tar.gz", made.tarred(files))[-1] == "a.tar.gz: more than 2 files in one archive"


def test_office_documents_are_no_archives(tmp_path: Path) -> None:
    sheet = made.zipped(tmp_path, "a.xlsx", {"[Content_Types].xml": b"<x/>", "xl/a.xml": b"<x/>"})
    assert said(sheet) == ["a.xlsx: not a text file (ZIP or office document)"]
    assert said(tmp_path / "a", made.docx(made.words("Oslo."))) == ["a: Oslo."]


def test_words_at_the_place_of_a_mark_make_no_archive(tmp_path: Path) -> None:
    """A TAR archive says "ustar" at byte 257; so may an article."""
    lines = b'{"text": "' + b"a" * 247 + b'ustar."}\n{"text": "Oslo."}\n'
    assert lines[257:262] == b"ustar"
    assert len(said(tmp_path / "a.jsonl", lines)) == 2
