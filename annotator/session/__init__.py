"""The verbs on an open project, the same for the window, the command line and notebooks.

`Session` is the public interface; a verb is one transaction, one undo step, one history row and
one `Changed` to every listener.
"""

from annotator.importers import ReadOptions
from annotator.model.offsets import Unit
from annotator.session.entries import NEVER, Entry
from annotator.session.listing import ListReport
from annotator.session.memory import Memory
from annotator.session.outcome import Changed, ExportReport, ImportReport, Outcome, PatternsReport, Progress, ReportLine
from annotator.session.session import DEFAULT_LABELS, Session
from annotator.store.salvage import Salvaged, salvage

__all__ = [
    "DEFAULT_LABELS",
    "NEVER",
    "Changed",
    "Entry",
    "ExportReport",
    "ImportReport",
    "ListReport",
    "Memory",
    "Outcome",
    "PatternsReport",
    "Progress",
    "ReadOptions",
    "ReportLine",
    "Salvaged",
    "Session",
    "Unit",
    "salvage",
]
