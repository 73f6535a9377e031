"""What the memory is made of: decided spans counted by their words, and entries made by hand."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from annotator.model.pattern import Pattern
from annotator.store.asides import OUTSIDE
from annotator.store.complaints import known_errors
from annotator.store.history import Row, Step, changes_in, tracked_row
from annotator.store.identity import new_uid
from annotator.store.project import Project

# In the order of the articles, so that each text is read once and articles can be counted as they pass.
_SPANS = f"""
SELECT article_id, substr(text, start + 1, "end" - start), label.name, state = 'confirmed', at, annotator.name
FROM article_text CROSS JOIN span USING (article_id)
JOIN label ON label.id = label_id JOIN annotator ON annotator.id = annotator_id
WHERE {OUTSIDE}
"""
_ASK_EVERY = 200  # spans, about half a millisecond


class StoppedError(Exception):
    """The counting was given up."""


@dataclass(slots=True)
class Tally:
    """What was decided on the same words, in the same casing.

    :param confirmed: how often, by label.
    :param rejected: how often, by the label that was refused.
    :param articles: in how many.
    :param last: when a person last decided on them, ISO 8601 in UTC.
    :param by: who that was.
    """

    confirmed: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    articles: int = 0
    last: str = ""
    by: str = ""
    _article: int = 0

    def count(self, article_id: int, label: str, confirmed: int, at: str, by: str) -> None:
        """One more span; articles come in their order."""
        of = self.confirmed if confirmed else self.rejected
        of[label] = of.get(label, 0) + 1
        if article_id != self._article:
            self._article = article_id
            self.articles += 1
        if at >= self.last:
            self.last, self.by = at, by


Tallies = dict[str, Tally]
Mark = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All tallies by their words, as of a mark."""

    tallies: Tallies
    mark: Mark


def evidence(path: Path, stop: Callable[[], bool] = lambda: False) -> Evidence:
    """Count all decided spans of a project by their words; 200,000 take over half a second.

    On a connection of its own that only reads, so that any thread may do it while the project is
    written to.

    :param stop: asked now and then; true gives up.
    :raises StoppedError: given up.
    """
    with known_errors(path), _reader(path) as connection:
        mark = _mark(connection)
        tallies: Tallies = {}
        for number, (article_id, surface, *rest) in enumerate(connection.execute(_SPANS)):
            if number % _ASK_EVERY == 0 and stop():
                raise StoppedError
            tally = tallies.get(surface)
            if tally is None:
                tally = tallies[surface] = Tally()
            tally.count(article_id, *rest)
        return Evidence(tallies, mark)


@contextmanager
def _reader(path: Path) -> Iterator[sqlite3.Connection]:
    """One moment of the file: what is written meanwhile is not seen."""
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        connection.execute("PRAGMA mmap_size = 0")
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("BEGIN")
        yield connection


def _mark(connection: sqlite3.Connection) -> Mark:
    """The newest step, and the newest span that an import may have brought."""
    step = connection.execute("SELECT coalesce(max(seq), 0) FROM step").fetchone()[0]
    span = connection.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'span'").fetchone()[0]
    return int(step), int(span)


def still_holds(project: Project, mark: Mark) -> bool:
    """Has no span, no aside and no label been changed since the mark? Looks at the steps since alone."""
    step, span = mark
    touches = " OR ".join(f"instr(changes, '[\"{table}\",')" for table in ("span", "aside", "label", "import"))
    changed = project.connection.execute(f"SELECT 1 FROM step WHERE seq > ? AND ({touches}) LIMIT 1", [step])
    return _mark(project.connection)[1] == span and changed.fetchone() is None


# Entries made by hand


def patterns(project: Project, ids: Collection[int] | None = None) -> list[Pattern]:
    """All entries or those of these few rows, the oldest first; those of retired labels too."""
    which = "1" if ids is None else f"pattern.id IN ({','.join('?' * len(ids))})"
    rows = project.connection.execute(
        "SELECT pattern.id, surface, name, any_case, origin FROM pattern"
        f" LEFT JOIN label ON label.id = label_id WHERE {which} ORDER BY pattern.id",
        list(ids or ()),
    )
    return [Pattern(surface, name, bool(any_case), origin, row_id) for row_id, surface, name, any_case, origin in rows]


def newest_step(project: Project) -> int:
    """The number of the newest row of history; 0 for none."""
    return _mark(project.connection)[0]


def touched_patterns(project: Project, since: int) -> set[int]:
    """The rows that steps after this one added, changed or took away."""
    steps = project.connection.execute(
        "SELECT changes FROM step WHERE seq > ? AND instr(changes, '[\"pattern\",')", [since]
    )
    changes = (change for (text,) in steps for change in changes_in(text))
    return {change.row_id for change in changes if change.table == "pattern"}


def write_patterns(step: Step, wanted: Iterable[Pattern], project: Project, label_ids: dict[str, int]) -> None:
    """Add entries, or change those that have an id."""
    for pattern in wanted:
        before = _row_of(project, pattern)
        after = {
            "id": pattern.id,
            "uid": before["uid"] if before else new_uid(),
            "surface": pattern.surface,
            "label_id": None if pattern.label is None else label_ids[pattern.label],
            "any_case": int(pattern.any_case),
            "origin": pattern.origin,
        }
        if after != before:
            step.write("pattern", before, after)


def remove_patterns(step: Step, gone: Sequence[Pattern], project: Project) -> None:
    """Take entries away; each has an id."""
    for pattern in gone:
        step.write("pattern", _row_of(project, pattern), None)


def _row_of(project: Project, pattern: Pattern) -> Row | None:
    return None if pattern.id is None else tracked_row(project.connection, "pattern", pattern.id)
