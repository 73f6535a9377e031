"""Names from strangers lead out of no folder, and their cells are calculated by no spreadsheet."""

import csv
import io
import os
import tarfile
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from annotator import importers
from annotator.exporters import EXPORTERS, Options, export
from annotator.importers import Problem
from annotator.model.article import AnnotatedArticle, Article
from annotator.model.span import Decision, Span, SpanState
from annotator.model.tokens import rough_tokens
from annotator.session import Session
from tests.cli.conftest import Run, run  # noqa: F401 (a fixture)

SLIPS = [
    *("../up.txt", "../../up.txt", "a/../../up.txt", "/abs.txt", "//host/share.txt", "..", "../", "a/../..", "./../up"),
    *("C:\\abs.txt", "C:abs.txt", "..\\up.txt", "a\\..\\..\\up.txt", "\\\\host\\share.txt", "\\abs.txt"),
    *("~/home.txt", "$HOME/x.txt", "%TEMP%\\x.txt", "a\0/../../up.txt", "\u2025/up.txt", "．．/up.txt"),
    *(
        "CON",
        "con.txt",
        "NUL",
        "COM1.txt",
        "LPT9",
        "aux",
        "x" * 300,
        "x" * 299 + "y",
        "a.",
        "a ",
        "a",
        "A",
        "ä",
        "a\u0308",
    ),
]


def _articles() -> list[AnnotatedArticle]:
    text = "Ann left."
    span = Span(0, 3, "PER", SpanState.CONFIRMED, "person", None, Decision.ADD, "ana", "2026-01-31T09:00:00Z")
    bare = AnnotatedArticle(1, Article("", text, {}), (span,), rough_tokens(text))
    return [replace(bare, id=n, article=Article(uid.replace("\0", ""), text)) for n, uid in enumerate(SLIPS, 1)]


def _all_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize("name", [each.name for each in EXPORTERS if each.is_folder])
def test_no_id_makes_a_file_elsewhere(name: str, tmp_path: Path) -> None:
    exporter = next(each for each in EXPORTERS if each.name == name)
    out = tmp_path / "deep" / "deeper" / "out"
    out.parent.mkdir(parents=True)
    ids = dict.fromkeys(each.article.uid for each in _articles())
    articles = [each for each in _articles() if ids.pop(each.article.uid, "") is None]
    export(exporter, articles, out, Options())
    assert {name for name in _all_below(tmp_path) if not name.startswith("deep/deeper/out")} == {"deep", "deep/deeper"}
    files = [path.name for path in out.rglob("*") if path.is_file()]
    assert len({file.casefold() for file in files}) == len(files)
    assert all(len(file.encode()) < 200 and file.isascii() for file in files)
    stems = {file.partition(".")[0].upper() for file in files}
    assert not stems & {"CON", "NUL", "AUX", "PRN", "COM1", "LPT9"}


def _zip() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in SLIPS:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, "Rome is old.")
    return content.getvalue()


def _tar() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for name in SLIPS:
            for kind in (tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
                info = tarfile.TarInfo(name.replace("\0", ""))
                info.type, info.linkname, info.size = kind, "/etc/passwd", 12 if kind == tarfile.REGTYPE else 0
                archive.addfile(info, io.BytesIO(b"Rome is old."))
    return content.getvalue()


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_no_archive_writes_elsewhere(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stays, nothing is written beside the folder of its own, and every name is accounted for."""
    inner = tmp_path / "a" / "b" / "temp"
    inner.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(inner))
    monkeypatch.setenv("HOME", str(tmp_path))
    path = tmp_path / f"a.{kind}"
    path.write_bytes(_zip() if kind == "zip" else _tar())
    before = _all_below(tmp_path)
    seen = set[str]()
    items = []
    for item in importers.read(path):
        seen |= _all_below(tmp_path)
        items.append(item)
    assert _all_below(tmp_path) == before
    assert all(name.startswith("a/b/temp/annotator-") for name in seen - before)
    assert sum(isinstance(item, Problem) for item in items) >= 12
    assert len(items) >= sum(not name.endswith("/") for name in SLIPS)  # which says that it is a folder
    assert not any("root:" in item.article.text for item in items if not isinstance(item, Problem))


def test_devices_of_windows_are_no_files_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.importers.archive._ON_WINDOWS", True)
    path = tmp_path / "a.zip"
    names = ["CON", "con.txt", "a/NUL.jsonl", "COM1 .txt", "lpt9.txt", "a/b.txt:stream", "a/icon.txt", "console.txt"]
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, f"Rome is {name}.")
    items = list(importers.read(path))
    assert [isinstance(item, Problem) for item in items] == [True] * 6 + [False] * 2


FORMS = ["=1+1", "+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", " =1", "\ufeff=1", "＝1", "=cmd|' /C calc'!A0", '"=1']


@pytest.mark.parametrize("form", FORMS)
def test_no_cell_of_a_ledger_is_calculated(form: str, tmp_path: Path, run: Run) -> None:  # noqa: F811
    project, ledger = tmp_path / "p.annot", tmp_path / "ledger.csv"
    with Session.open(project, create=True, labels="conll", model="blank:en") as session:
        (article,) = session.add_articles([{"id": f"{form} x", "text": "Ann Lee left."}])
        session.add(article, 0, 7, "PER")
        session.add(article, 4, 12, "ORG")
        session.finish(article)
    out = tmp_path / "out.conll"
    answer = run("export", project, out, "--format", "conll", "--ledger", ledger)
    assert answer.code == 0, answer.err
    with ledger.open(newline="", encoding="utf-8") as file:
        head, *rows = list(csv.reader(file))
    assert rows
    cells = [row[head.index("article")] for row in rows]
    assert all(cell.startswith("'") for cell in cells)
    assert cells[0].replace("'", "").strip() == f"{form} x".replace("'", "").strip()


@pytest.mark.skipif(os.name == "nt", reason="a name of two hundred characters below a long folder")
def test_long_names_are_read(tmp_path: Path) -> None:
    (tmp_path / ("x" * 250 + ".txt")).write_text("Rome is old.")
    (item,) = importers.read(tmp_path / ("x" * 250 + ".txt"))
    assert not isinstance(item, Problem)
