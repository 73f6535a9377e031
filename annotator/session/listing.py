"""A list of words on its way into the memory, each line accounted for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from annotator.importers.base import Problem
from annotator.importers.files import shown_name
from annotator.importers.word_list import Listed, read_list
from annotator.model.pattern import LONGEST, PERSON, Pattern
from annotator.session.outcome import ReportLine, counted

OnProgress = Callable[[int, int], None]
Key = tuple[str, bool]


@dataclass(slots=True)
class ListReport:
    """What became of each entry of a list: added + replaced + skipped + rejected = records."""

    added: int = 0
    replaced: int = 0
    skipped: int = 0
    rejected: int = 0
    lines: list[ReportLine] = field(default_factory=list)

    @property
    def records(self) -> int:
        """All that were met."""
        return self.added + self.replaced + self.skipped + self.rejected

    def summary(self) -> str:
        """One sentence."""
        parts = [f"{self.added + self.replaced} of {counted(self.records, 'entry', 'entries')} put into the memory"]
        counts = (
            (self.replaced, f"{self.replaced} of them in place of another list's"),
            (self.skipped, f"{self.skipped} there already"),
            (self.rejected, f"{self.rejected} left out"),
        )
        return ", ".join(parts + [words for number, words in counts if number]) + "."


class Listing:
    """One list.

    :param label: of words for which the list names none; "" where they are never an entity.
    :param label_of: the project's label for each name that stands for it.
    :param there: the entries that the memory has.
    """

    def __init__(
        self,
        path: Path,
        label: str | None,
        any_case: bool,
        label_of: Mapping[str, str],
        there: Mapping[Key, Pattern],
    ) -> None:
        self._label, self._any_case, self._label_of = label, any_case, label_of
        self._known = dict(there)
        self._fresh: dict[Key, str] = {}  # where in this list an entry came from
        self._origin = shown_name(path)
        self._items = read_list(path)
        self.report = ListReport()

    def wanted(self, progress: OnProgress | None) -> Iterator[Pattern]:
        """The entries to write, one after the other."""
        for number, item in enumerate(self._items):
            if progress is not None:
                progress(number, len(self._items))
            pattern = self._pattern(item)
            if pattern is not None and (chosen := self._chosen(item.where, pattern)):
                yield chosen

    def _pattern(self, item: Listed | Problem) -> Pattern | None:
        reason = item.reason if isinstance(item, Problem) else self._complaint(item)
        if isinstance(item, Problem) or reason:
            self._reject(item.where, reason)
            return None
        label = self._label_of[item.label] if item.label else self._label
        return Pattern(item.surface, label or None, item.any_case or self._any_case, self._origin)

    def _complaint(self, item: Listed) -> str:
        if len(item.surface) > LONGEST:
            return f"longer than {LONGEST} characters"
        if item.label and item.label not in self._label_of:
            return f"the project has no label {item.label}"
        return "no label stands there, and none was chosen" if not item.label and self._label is None else ""

    def _chosen(self, where: str, pattern: Pattern) -> Pattern | None:
        """The entry as it is to be stored; None where the memory keeps what it has."""
        there = self._known.get(pattern.key)
        if there is not None and not self._yields(where, there, pattern):
            return None
        self.report.added += there is None
        self._known[pattern.key] = pattern
        self._fresh[pattern.key] = where
        return pattern if there is None else replace(pattern, id=there.id)

    def _yields(self, where: str, there: Pattern, pattern: Pattern) -> bool:
        """Does an entry that is there make room for that of the list?"""
        words, was = f"“{pattern.surface}”", there.label or "never an entity"
        if there.label == pattern.label:
            self.report.skipped += 1
            self._remark(where, "skipped", f"{words} is in the memory already")
        elif pattern.key in self._fresh:
            self._reject(where, f"{words} is {was} at {self._fresh[pattern.key]}")
        elif there.origin == PERSON:
            self._reject(where, f"a person made {words} {was}")
        else:
            self.report.replaced += 1
            self._remark(where, "replaced", f"{words} was {was}, from {there.origin}")
            return True
        return False

    def _reject(self, where: str, reason: str) -> None:
        self.report.rejected += 1
        self._remark(where, "left out", reason)

    def _remark(self, where: str, kind: str, reason: str) -> None:
        self.report.lines.append(ReportLine(where, kind, reason))
