"""The memory, to look at and to edit: what decisions taught, and what was put in by hand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from annotator import exporters, suggest
from annotator.errors import KnownError
from annotator.exporters import patterns as pattern_file
from annotator.model.pattern import LONGEST, Pattern, folded
from annotator.model.text import storable
from annotator.places import settled
from annotator.session.book import Book
from annotator.session.by_hand import ByHand
from annotator.session.entries import NEVER, Entry
from annotator.session.listing import Listing, ListReport
from annotator.session.opened import Opened
from annotator.session.outcome import Changed, Outcome, PatternsReport
from annotator.session.replacing import refuse_projects
from annotator.store import memory as rows

Stop = Callable[[], bool]
OnProgress = Callable[[int, int], None]


class _Asked(NamedTuple):
    search: str
    label: str | None
    order: str


class Memory:
    """Entries by their words. Hung on the session as `session.memory`.

    Decisions are counted when they are first asked for, and again when there are new ones; where
    `is_counted` is false this takes up to a second in a large project, so a window does it with
    `counting` in a thread and hands the result to `take`.
    """

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._book: Book | None = None
        self._by_hand: ByHand | None = None
        self._found: dict[_Asked, list[Entry]] = {}
        opened.listeners.append(self._on_changed)

    def _on_changed(self, changed: Changed) -> None:
        if changed.labels:
            self._by_hand = None  # they hold names
        elif changed.memory and self._by_hand is not None:
            gone, came = self._by_hand.catch_up()
            if self._book is not None:
                self._book.replace(gone, came)
        if changed.labels or changed.memory:
            self._found.clear()

    def _hand(self) -> ByHand:
        if self._by_hand is None:
            self._by_hand = ByHand(self._opened.project)
        return self._by_hand

    # Counting

    @property
    def is_counted(self) -> bool:
        """Are the counts those of this moment?"""
        return self._book is not None and rows.still_holds(self._opened.project, self._book.mark)

    def counting(self) -> Callable[[Stop], Book]:
        """What counts all decisions, in any thread; raises StoppedError where it is told to stop."""
        return partial(_counted, self._opened.project.path, self._hand().all())

    def take(self, counted: Book) -> None:
        """Use these counts."""
        counted.keep_up(self._hand().all())
        self._book = counted
        self._found.clear()

    def _counted_book(self) -> Book:
        if self._book is None or not self.is_counted:
            self.take(self.counting()(lambda: False))
        assert self._book is not None
        return self._book

    # What it knows

    def entries(
        self, search: str = "", label: str | None = None, limit: int | None = 200, after: int = 0, order: str = "use"
    ) -> list[Entry]:
        """A page of entries.

        :param search: each of these words must stand in the entry's, in any casing.
        :param label: only entries of this label; NEVER ("") for words that are never an entity.
        :param limit: how many at most; None for all.
        :param after: how many entries come before this page.
        :param order: "use" (the most decisions first), "words" or "unsure" (the least confidence first).
        """
        return self._all(_Asked(folded(search), label, order))[after : None if limit is None else after + limit]

    def count(self, search: str = "", label: str | None = None) -> int:
        """How many entries there are for a search."""
        return len(self._all(_Asked(folded(search), label, "use")))

    def _all(self, asked: _Asked) -> list[Entry]:
        book = self._counted_book()
        if asked not in self._found:
            self._found[asked] = _matching(book.in_order(asked.order), asked)
        return self._found[asked]

    def entry(self, surface: str) -> Entry | None:
        """What is known of these very words; None for nothing. An entry in exact casing comes first."""
        return next(iter(self._counted_book().of(surface)), None)

    def all_patterns(self) -> list[Pattern]:
        """All entries made by hand, the oldest first."""
        return self._hand().all()

    def patterns(self) -> list[Pattern]:
        """The entries made by hand that count: those of retired labels do not."""
        active = self._active()
        return [pattern for pattern in self.all_patterns() if pattern.label is None or pattern.label in active]

    # Changing it: each is one step

    def set(self, surface: str, label: str | None, any_case: bool = False) -> Outcome:
        """These words have this label, or (None) are never an entity.

        :raises KnownError: no words, or no such label.
        """
        return self.set_all([(surface, any_case)], label)

    def suppress(self, surface: str) -> Outcome:
        """These words are never an entity."""
        return self.set(surface, None)

    def set_all(self, keys: Sequence[tuple[str, bool]], label: str | None) -> Outcome:
        """All these words, each with whether any casing is meant, have this label; None: are never an entity."""
        self._known_label(label)
        wanted = [Pattern(_words(surface), label, any_case) for surface, any_case in keys]
        there = {each.key: self._hand().at(each.key) for each in wanted}
        ids = {key: None if pattern is None else pattern.id for key, pattern in there.items()}
        return self._write("memory", {each.key: replace(each, id=ids[each.key]) for each in wanted}.values())

    def remove(self, surface: str, any_case: bool = False) -> Outcome:
        """Forget what was said of these words by hand; what decisions taught stays."""
        return self.remove_all([(surface, any_case)])

    def remove_all(self, keys: Iterable[tuple[str, bool]]) -> Outcome:
        """Forget what was said by hand of all these words, each with whether any casing was meant."""
        wanted = dict.fromkeys(Pattern(surface, None, any_case).key for surface, any_case in keys)
        found = [self._hand().at(key) for key in wanted]
        return self._write("memory_forget", gone=[pattern for pattern in found if pattern is not None])

    def recase(self, surface: str, any_case: bool) -> Outcome:
        """An entry made by hand is meant in any casing from now on, or in this one alone."""
        entry = self._hand().at(Pattern(surface, None, not any_case).key)
        if entry is None:
            raise KnownError(f"Nothing was said of “{surface}” by hand.")
        changed = replace(entry, surface=surface, any_case=any_case)
        in_its_place = self._hand().at(changed.key)
        return self._write("memory", [changed], [in_its_place] if in_its_place else [])

    def _write(self, verb: str, wanted: Iterable[Pattern] = (), gone: Sequence[Pattern] = ()) -> Outcome:
        return Outcome(verb, count=self._opened.write_memory(verb, wanted, gone))

    def _active(self) -> frozenset[str]:
        return frozenset(label.name for label in self._opened.labels if not label.retired)

    def _known_label(self, label: str | None) -> None:
        if label is not None and label not in self._active():
            raise KnownError(f"The project has no label {label}.", f"It has {', '.join(sorted(self._active()))}.")

    # Lists in and patterns out

    def import_list(
        self,
        path: str | Path,
        label: str | None = None,
        *,
        any_case: bool = False,
        progress: OnProgress | None = None,
    ) -> ListReport:
        """Put a list of words, or spaCy's patterns, into the memory: one step.

        Words that a person put in by hand stay as they are; those of other lists are replaced.

        :param label: of words for which the list names none; NEVER ("") where they are never an entity.
        :param any_case: plain words are meant in every casing.
        :param progress: called with (entries taken, entries in all).
        :raises KnownError: the file cannot be read; no such label.
        """
        self._known_label(label or None)
        listing = Listing(Path(path), label, any_case, self._opened.label_of, self._hand().by_key())
        self._opened.secure("before-list")
        self._opened.write_memory("memory_import", listing.wanted(progress))
        return listing.report

    def export_patterns(
        self, path: str | Path, *, least_confidence: float = 0.5, least_count: int = 1
    ) -> PatternsReport:
        """Write patterns for spaCy's EntityRuler, the same bytes for the same memory.

        Entries made by hand leave whatever their counts. Words that are never an entity cannot be
        said in such a file; they are counted in the report.

        :param least_confidence: 0 to 1; less sure entries stay.
        :param least_count: entries with fewer confirmations stay.
        :raises KnownError: the file cannot be written; an old one of that name is then untouched.
        """
        path = settled(Path(path))
        refuse_projects(self._opened.project.path, path)
        leaving, report = self.exportable(least_confidence, least_count)
        tokens = suggest.tokenizer(self._opened.project.meta("model", suggest.DEFAULT_MODEL))
        with exporters.whole_file(path) as part:
            pattern_file.write(leaving, part, tokens)
        return report

    def exportable(self, least_confidence: float, least_count: int) -> tuple[list[Pattern], PatternsReport]:
        """What `export_patterns` would write, in its order."""
        leaving, below, never = [], 0, 0
        for entry in self._all(_Asked("", None, "words")):
            if entry.label is None:
                never += 1
            elif entry.pattern or (entry.confidence >= least_confidence and entry.confirmed >= max(least_count, 1)):
                leaving.append(entry.pattern or Pattern(entry.surface, entry.label))
            else:
                below += 1
        return leaving, PatternsReport(len(leaving), below, never)


def _counted(path: Path, patterns: list[Pattern], stop: Stop) -> Book:
    return Book(rows.evidence(path, stop), patterns)


def _matching(found: list[Entry], asked: _Asked) -> list[Entry]:
    for word in asked.search.split():
        found = [entry for entry in found if word in entry.folded]
    if asked.label is not None:
        found = [entry for entry in found if (entry.label or NEVER) == asked.label]
    return found


def _words(text: str) -> str:
    words = storable(text)[0].strip()
    if not words:
        raise KnownError("There are no words.", "Type what is to be remembered.")
    if len(words) > LONGEST:
        raise KnownError(f"These are more than {LONGEST} characters.", "Give the name alone.")
    return words
