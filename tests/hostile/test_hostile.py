"""Each broken file is accounted for, in seconds and bounded memory, and its sound part comes in."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import KnownError
from annotator.session import ImportReport, Session
from tests.hostile import cases, containers, more_cases
from tests.hostile.cases import Case

HEAVY = (
    *containers.ARCHIVES,
    *containers.TEXT_LIMITS,
    *containers.PAGES[:2],
    containers.DOCUMENTS[0],
    containers.DOCUMENTS[9],
    containers.TOOLS[-2],
    *more_cases.MORE_HEAVY,
)
QUICK = tuple(
    case
    for case in (
        *(*cases.SPANS, *cases.UNITS, *cases.JSON_LINES, *containers.PAGES, *containers.DOCUMENTS),
        *(*containers.TABLES, *containers.TOOLS, *more_cases.MORE),
    )
    if case not in HEAVY
)
SECONDS = 30  # on a loaded machine; some ten of them where it is idle
AGAIN = 1.5  # what took no longer is imported strictly, too
MEGABYTES = 900  # of the program and every process that it started


def test_there_are_enough_of_them() -> None:
    every = {case.name for case in (*QUICK, *HEAVY)}
    assert len(every) == len(QUICK) + len(HEAVY)
    assert len(every) >= 140


@pytest.mark.parametrize("case", QUICK, ids=lambda case: case.name)
def test_every_record_is_accounted_for(case: Case, tmp_path: Path) -> None:
    source = _made(case, tmp_path / "in")
    before = _files(tmp_path / "in")
    with Session.open(tmp_path / "p.annot", create=True, labels="conll", model="blank:en") as session:
        began = time.monotonic()
        report = session.import_files(source, **case.wants)
        took = time.monotonic() - began
        _check(case, report)
        _check_project(session, report)
        if took < AGAIN:
            _check_strictly(session, source, report, case.wants)
    assert took < SECONDS
    assert _files(tmp_path / "in") == before, "an import only reads"


def _check_project(session: Session, report: ImportReport) -> None:
    """It is whole, and as before when the import is undone."""
    assert len(session.article_ids()) == report.accepted + report.repaired
    for article_id in session.article_ids()[:100]:
        on = session.article(article_id)
        assert all(0 <= span.start < span.end <= len(on.text) for span in on.spans)
    assert session.check() == []
    if report.ids:
        session.undo()
    assert session.article_ids() == []
    assert session.check() == []


def _check_strictly(session: Session, source: Path, report: ImportReport, wants: dict[str, Any]) -> None:
    """A strict import of what is not all accepted changes nothing."""
    before = _rows(session)
    if report.rejected or report.repaired:
        with pytest.raises(KnownError, match="Nothing was imported"):
            session.import_files(source, strict=True, **wants)
        assert _rows(session) == before
    else:
        assert session.import_files(source, strict=True, **wants).accepted == report.accepted


def _rows(session: Session) -> list[str]:
    return list(session.project.connection.iterdump())


def test_all_of_them_at_once(tmp_path: Path) -> None:
    """One import of a folder with all of them: the accounts add up, and none hides another."""
    for number, case in enumerate(QUICK):
        _made(case, tmp_path / "in" / f"{number:03}")
    with Session.open(tmp_path / "p.annot", create=True, labels="conll", model="blank:en") as session:
        began = time.monotonic()
        report = session.import_files(tmp_path / "in")
        assert time.monotonic() - began < 5 * SECONDS
        assert report.accepted + report.repaired + report.skipped + report.rejected == report.records
        assert len(session.article_ids()) == report.accepted + report.repaired
        assert report.accepted > 100
        assert not [line for line in report.lines if "bug" in line.reason]
        assert session.check() == []
        session.undo()
        assert session.article_ids() == []


def _made(case: Case, folder: Path) -> Path:
    folder.mkdir(parents=True)
    if callable(case.make):
        case.make(folder)
    else:
        (folder / case.file).write_bytes(case.make)
    return folder / case.file


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def _check(case: Case, report: ImportReport) -> None:
    said = [f"{line.where}: {line.kind}: {line.reason}" for line in report.lines]
    assert report.accepted + report.repaired + report.skipped + report.rejected == report.records
    if case.imported >= 0:
        assert report.accepted + report.repaired == case.imported, said
    if case.line:
        assert any(re.search(case.line, line) for line in said), said
    if case.spans is not None:
        assert report.spans == case.spans, said
    assert all("Traceback" not in line and len(line) < 600 for line in said)


@pytest.mark.skipif(sys.platform != "linux", reason="measures memory by what Linux knows of processes")
@pytest.mark.parametrize("case", HEAVY, ids=lambda case: case.name)
def test_heavy_ones_take_neither_time_nor_memory(case: Case, tmp_path: Path) -> None:
    source = _made(case, tmp_path / "in")
    Session.open(tmp_path / "p.annot", create=True, labels="conll", model="blank:en").close()
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, str(tmp_path / "p.annot"), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert "Traceback" not in done.stderr
    assert time.monotonic() - began < SECONDS
    assert told["megabytes"] < MEGABYTES
    report = json.loads("\n".join(done.stdout.splitlines()[:-1]))
    assert told["code"] == (2 if report["rejected"] == report["records"] else 0)
    said = [f"{line['where']}: {line['kind']}: {line['reason']}" for line in report["lines"]]
    assert not case.line or any(re.search(case.line, line) for line in said), said
    if case.imported >= 0:
        assert report["accepted"] + report["repaired"] == case.imported, said


# getrusage would tell of this process what its parent had needed before it started.
_MEASURED = """
import json, re, resource, sys
from annotator.cli import main
code = main(["import", "--json", "--quiet", *sys.argv[1:]])
own = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print()
print(json.dumps({"code": code, "megabytes": max(own, children) / 1_000}))
"""
