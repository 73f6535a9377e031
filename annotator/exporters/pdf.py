"""A print of highlighted articles, laid out by Qt in a process of its own: no display is needed."""

import json
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from annotator import display, processes
from annotator.errors import KnownError
from annotator.exporters.base import Exporter, Ledger, Options, Use
from annotator.exporters.jsonl import line
from annotator.model.article import AnnotatedArticle
from annotator.model.keeping import Part

FLAG = "--print-worker"
_CANNOT_WRITE = 74  # as in `ui.pdf`
# Elsewhere Qt finds its fonts only on the system's own platform, which is always there.
_PLATFORM = {} if sys.platform in ("win32", "darwin") else {"QT_QPA_PLATFORM": "offscreen"}
# The order in which fonts are written follows the seed, the length of dates the time zone.
_SAME_EVERYWHERE = {"QT_HASH_SEED": "0", "TZ": "UTC", "QT_SCALE_FACTOR": "1", "QT_FONT_DPI": "96"}


def write(articles: Iterable[AnnotatedArticle], path: Path, options: Options) -> Ledger:
    """All articles, one after the other, on A4 pages; the legend is at the end.

    :raises KnownError: Qt cannot start here.
    """
    hues = {label.name: label.colour for label in options.labels}
    first = json.dumps({"out": str(path), "name": options.name, "hues": hues}) + "\n"
    with TemporaryFile() as complaints:
        child = processes.start(processes.command("annotator.ui.pdf", FLAG), _PLATFORM | _SAME_EVERYWHERE, complaints)
        try:
            ledger = _feed(child, first, articles, options)
        finally:
            child.bury("printer")
        complaints.seek(0)
        _judge(child.returncode, complaints.read().decode(errors="replace"))
    return ledger


def _feed(child: processes.Process, first: str, articles: Iterable[AnnotatedArticle], options: Options) -> Ledger:
    """Hand everything over and wait until it is printed; stops early where the child has ended."""
    assert child.stdin is not None
    ledger = Ledger()
    with suppress(BrokenPipeError):
        child.stdin.write(first.encode())
        for annotated in articles:
            child.stdin.write(line(annotated, with_rejected=options.with_rejected).encode())
            ledger.articles += 1
            ledger.written += len(annotated.confirmed) + options.with_rejected * len(annotated.rejected)
        child.stdin.close()
    child.wait()
    return ledger


def _judge(code: int, complaints: str) -> None:
    if code == 0:
        return
    if code == _CANNOT_WRITE:
        raise OSError(complaints.strip().splitlines()[-1])
    advice = "Export a web page, and print that."
    raise display.missing_library(RuntimeError(complaints)) or KnownError(_reason(code, complaints), advice)


def _reason(code: int, complaints: str) -> str:
    """The end of Python's traceback, else the first that Qt said."""
    said = [each for each in complaints.splitlines() if each.strip()] or [f"it ended with {code}"]
    return f"The PDF could not be made: {said[-1] if said[0].startswith('Traceback') else said[0]}"


EXPORTER = Exporter(
    name="pdf",
    title="PDF",
    suffix=".pdf",
    write=write,
    keeps=frozenset({Part.EDGES, Part.OVERLAPS, Part.REJECTED}),
    remark="Pages to print: articles highlighted as in the window, with page numbers and a legend.",
    use=Use.READ,
)
