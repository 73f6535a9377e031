"""Salvage: all that can be read of a damaged project, or of one with parts that are not ours, in a new project.

Nothing of the source runs, and nothing of it is changed. Every row goes through the rules of the schema that
the program ships, and through the checks of `values`; the new project has to be whole before it gets its name.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.errors import DamagedError, DiskError, KnownError
from annotator.model.article import Article, text_sha256
from annotator.model.text import without_controls
from annotator.parts import fresh_folder
from annotator.places import settled_new
from annotator.store import chain, checking, known, soundness, values
from annotator.store.debris import Debris
from annotator.store.disk import put_in_new_place
from annotator.store.fingerprint import fresh
from annotator.store.gate import UNREADABLE
from annotator.store.header import is_file
from annotator.store.identity import new_uid
from annotator.store.kept_history import KeptHistory, steps_in
from annotator.store.migrations import APPLICATION_ID, MIGRATIONS, SEALED_FROM, seal_anew
from annotator.store.packed import Unpacking
from annotator.store.project import Project
from annotator.store.watch import telling

Row = dict[str, Any]
OnProgress = Callable[[int, int], None]

_PARTS = ("meta", "annotator", "label", "article", "suggestion", "span", "aside", "pattern", "import", "gone", "step")
_TOLD = {
    "annotator": "annotators",
    "label": "labels",
    "article": "articles",
    "suggestion": "suggestions of articles",
    "span": "decided spans",
    "aside": "passages not to be labelled",
    "pattern": "entries of the memory",
    "import": "imports",
    "gone": "rows of imports that were taken back",
    "step": "steps of the history",
    "meta": "facts about the project",
}
_NAME = "new"  # of the project in the making
_EVERY = 200  # rows between two reports of progress
_UNDO = "undo"  # of steps behind the damage
_SHOWN = (_UNDO, "gone", "import")  # the history is there to be read alone, whatever became of its imports
_HISTORY = ("gone", "step", "import")
_LEAST = ("suggestion", "pattern", "aside", "meta")  # beside articles and decisions, from the least of worth on
# What is left out, attempt by attempt, until what is left is whole.
_ATTEMPTS: tuple[tuple[str, ...], ...] = (
    (),
    (_UNDO,),
    _SHOWN,
    _HISTORY,
    *((*_HISTORY, part) for part in _LEAST),
    (*_HISTORY, *_LEAST),
)


@dataclass
class Salvaged:
    """What was saved.

    :param path: the new project.
    :param kept: rows by what they are.
    :param lost: rows that were read and could not be kept, by what they are.
    :param unread: what some rows of could not be read at all; nobody knows how many.
    :param has_history: the steps are there; else the decisions are there without them.
    :param shown: steps that are there to be read, and are not taken back; None where undo goes on where it was.
    """

    path: Path
    kept: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    unread: set[str] = field(default_factory=set)
    has_history: bool = True
    shown: int | None = None

    @property
    def is_whole(self) -> bool:
        """Was nothing lost?"""
        return not self.lost.total() and not self.unread and self.has_history and self.shown is None

    def lines(self) -> list[str]:
        """What a person is told, a sentence a line."""
        lines = [f"{self.kept['article']:,} articles and {self.kept['span']:,} decided spans were saved."]
        lines += [f"Not kept: {number:,} {_TOLD[part]}." for part in _PARTS if (number := self.lost[part])]
        lines += [f"Some {_TOLD[part]} could not be read." for part in _PARTS if part in self.unread]
        if not self.has_history:
            lines.append("The history could not be kept: what was decided is there, but cannot be undone step by step.")
        elif self.shown is not None:
            lines.append(
                f"Of the history {self.kept['step']:,} steps are kept: who decided what, and when."
                f" Undo goes back {self.kept['step'] - self.shown:,} of them, as far as the damage."
            )
        return lines if not self.is_whole else [*lines, "Nothing was lost."]


def salvage(source: str | Path, target: str | Path, progress: OnProgress | None = None) -> Salvaged:
    """Copy what can be read of one project into a new one.

    :param source: it is only read.
    :param target: nothing may be there.
    :param progress: called with (parts done, parts); what it raises ends all of it and leaves nothing.
    :raises KnownError: the source is no file, nothing can be read of it, or the target cannot be made.
    """
    source, target = Path(source), Path(target)
    if not is_file(source):
        raise KnownError(f"There is no project {source}.", "Choose a project's file.")
    if os.path.lexists(target):
        raise KnownError(f"{target.name} is there already.", "Choose another name.")
    place = settled_new(target)
    try:
        with Debris(source, MIGRATIONS) as debris, fresh_folder(place) as folder:
            made = _made(debris, folder, target, progress or _nobody)
            put_in_new_place(folder / _NAME, place)
    except OSError as error:
        raise DiskError(f"{target.name} cannot be made: {error.strerror}.", "Choose another folder.") from error
    known.found_sound(target)
    return made


def _nobody(_done: int, _total: int) -> None:
    """Progress that nobody wants to see."""


def _made(debris: Debris, folder: Path, target: Path, progress: OnProgress) -> Salvaged:
    """The new project in a folder of its own: all of it where that is whole, else without what is not."""
    path = folder / _NAME
    for without in _ATTEMPTS:
        made = Salvaged(target)
        _Copying(debris, path, made, progress).run(without)
        if not made.kept["article"] and not made.kept["label"]:
            raise KnownError(
                f"Nothing of {debris.name} can be saved: nothing in it can be read.", "Go back to a backup."
            )
        if (made.has_history or without) and not (wrong := _problems(path, progress)):
            return made
        for left in folder.iterdir():
            left.unlink()
    raise DamagedError("What was saved is not whole, and was not kept.", "Go back to a backup.", tuple(wrong))


def _problems(path: Path, progress: OnProgress) -> list[str]:
    """What the gate and the check say of the new project, which becomes one of this version on the way."""

    def beat(_done: int, _total: int) -> None:
        progress(len(_PARTS), len(_PARTS))

    try:
        with closing(Project(path, progress=beat)) as project:
            return list(checking.problems(project, beat))
    except DamagedError as error:
        return list(error.problems)


class _Copying:
    """One attempt at a new project, of the version that the source has."""

    def __init__(self, debris: Debris, path: Path, made: Salvaged, progress: OnProgress) -> None:
        self._debris, self._path, self._made, self._progress = debris, path, made, progress
        self._done = self._rows = 0
        self._lengths: dict[int, int] = {}  # of the texts that are there, by article
        self._last: Counter[str] = Counter()  # highest id that the history names, by table

    def run(self, without: Sequence[str]) -> None:
        """Copy part by part, parents first; what is left out is counted as lost, but for the history."""
        migrations = MIGRATIONS[: self._debris.version]
        with closing(fresh(migrations, str(self._path))) as self._target:
            self._target.execute("PRAGMA foreign_keys = ON")
            self._target.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._target.execute("BEGIN")
            self._made.has_history = "step" not in without
            self._without = without
            for self._done, name in enumerate(_PARTS):
                if name not in without:
                    getattr(self, f"_{name}")()
                elif name not in _HISTORY:
                    self._made.lost[name] = sum(1 for _ in self._rows_of(name))
            self._name_project()
            self._set_sequences()
            if self._debris.version > 1:  # it is a step's number
                newest = "coalesce((SELECT max(seq) FROM step), 0)"
                self._target.execute(f"UPDATE article SET arrived = min(arrived, {newest})")
            if self._debris.version >= SEALED_FROM:
                with telling(self._target, lambda: self._progress(self._done, len(_PARTS))):
                    seal_anew(self._target)
            self._target.execute(f"PRAGMA user_version = {self._debris.version}")
            self._target.execute("COMMIT")
        names = {"gone" if name.startswith("gone_") else name for name in self._debris.damaged}
        self._made.unread = {"article" if name == "article_text" else name for name in names} & set(_PARTS)

    def _rows_of(self, table: str) -> Iterator[Row]:
        for row in self._debris.rows(table):
            self._rows += 1
            if self._rows % _EVERY == 0:
                self._progress(self._done, len(_PARTS))
            yield row

    def _put(self, table: str, row: Row, part: str = "") -> bool:
        """Write a row where the schema lets it; else it is lost."""
        names, marks = ",".join(f'"{name}"' for name in row), ",".join("?" * len(row))
        try:
            self._target.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(row.values()))
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, *UNREADABLE, UnicodeError):
            self._made.lost[part or table] += 1
            return False
        self._made.kept[part or table] += 1
        return True

    def _put_if(self, good: bool, table: str, row: Row, part: str = "") -> None:
        if good:
            self._put(table, row, part)
        else:
            self._made.lost[part or table] += 1

    def _meta(self) -> None:
        for row in self._rows_of("meta"):
            good = all(map(values.is_text, row.values())) and not values.meta_problem(row["key"], row["value"])
            self._target.execute("DELETE FROM meta WHERE key = ?", [row["key"] if good else None])  # what came fresh
            self._put_if(good, "meta", row)

    def _name_project(self) -> None:
        with suppress(sqlite3.IntegrityError):
            self._target.execute("INSERT INTO meta VALUES ('project_uid', ?)", [new_uid()])

    def _annotator(self) -> None:
        for row in self._rows_of("annotator"):
            self._put_if(_are_numbers(row), "annotator", row)

    def _label(self) -> None:
        for row in self._rows_of("label"):
            if values.names_problem(row["from_model"]):
                row["from_model"] = "[]"
            row["name"] = without_controls(row["name"]) if type(row["name"]) is str else row["name"]
            self._put_if(_are_numbers(row), "label", row)

    def _article(self) -> None:
        texts = ((row["article_id"], row["text"]) for row in self._rows_of("article_text"))
        self._target.execute("CREATE TEMP TABLE found (id INTEGER PRIMARY KEY, text) ")
        for row_id, text in texts:
            if values.is_text(text):
                self._target.execute("INSERT OR IGNORE INTO found VALUES (?, ?)", [row_id, text])
        twins = {}
        for row in self._rows_of("article"):
            text = self._text(row["id"])
            if text is None or not _is_article(row, text):
                self._made.lost["article"] += 1
                continue
            twins[row["id"]] = row.pop("twin_of", None)
            self._put_article({**row, "confirmed": 0, "rejected": 0}, text)
        if "article" in self._debris.damaged:
            self._put_bare_texts()
        self._put_twins(twins)

    def _text(self, article_id: int) -> str | None:
        row = self._target.execute("SELECT text FROM found WHERE id = ?", [article_id]).fetchone()
        return None if row is None else str(row[0])

    def _put_article(self, row: Row, text: str) -> None:
        if self._put("article", row):
            self._target.execute("INSERT INTO article_text VALUES (?, ?)", [row["id"], text])
            self._lengths[row["id"]] = len(text)

    def _put_bare_texts(self) -> None:
        """Texts whose article cannot be read: all that is known of it is the text."""
        for row_id, text in self._target.execute("SELECT id, text FROM found ORDER BY id").fetchall():
            if row_id not in self._lengths and 0 < row_id <= values.LAST:
                sha256 = text_sha256(text)
                title = Article(sha256, text).title
                self._put_article(
                    {"id": row_id, "uid": f"saved-{row_id}", "title": title, "sha256": sha256, "length": len(text)},
                    text,
                )

    def _put_twins(self, twins: dict[int, Any]) -> None:
        for row_id, first in twins.items():
            if first in self._lengths and first < row_id:  # an earlier one, so nobody is led in circles
                self._target.execute("UPDATE article SET twin_of = ? WHERE id = ?", [first, row_id])

    def _suggestion(self) -> None:
        unpacking = Unpacking(self._debris.size)
        for row in self._rows_of("suggestion"):
            length = self._lengths.get(row["article_id"], -1)
            self._put_if(not unpacking.problem(row["spans"], row["tokens"], length), "suggestion", row)

    def _span(self) -> None:
        for row in self._rows_of("span"):
            self._need_parent("annotator", row["annotator_id"])
            self._need_parent("label", row["label_id"])
            self._need_parent("label", row["was_label_id"])
            self._put_if(self._is_place(row), "span", row)

    def _aside(self) -> None:
        for row in self._rows_of("aside"):
            self._need_parent("annotator", row["annotator_id"])
            self._put_if(self._is_place(row), "aside", row)

    def _is_place(self, row: Row) -> bool:
        start, end, length = row["start"], row["end"], self._lengths.get(row["article_id"], -1)
        good = values.is_number(start) and values.is_number(end) and start < end <= length
        return good and _are_numbers(row) and (row["at"] is None or values.is_moment(row["at"]))

    def _need_parent(self, table: str, row_id: object) -> None:
        """A decision is worth keeping where only the name of its label or annotator is lost."""
        if table not in self._debris.damaged or not values.is_number(row_id, 1):
            return
        if self._target.execute(f"SELECT 1 FROM {table} WHERE id = ?", [row_id]).fetchone() is None:
            row: Row = {"id": row_id, "uid": new_uid(), "name": f"{table} {row_id}"}
            if table == "label":
                row |= {"position": row_id, "colour": "slate"}
            self._put(table, row)

    def _pattern(self) -> None:
        for row in self._rows_of("pattern"):
            self._put_if(_are_numbers(row), "pattern", row)

    def _import(self) -> None:
        for row in self._rows_of("import"):
            self._put_if(_are_numbers(row) and not values.names_problem(row["files"]), "import", row)

    def _gone(self) -> None:
        """Rows of imports that were taken back: in tables that take any value, so the types are asked here."""
        for table in soundness.tables(self._target):
            if table.name.startswith("gone_"):
                for row in self._rows_of(table.name):
                    good = all(values.is_of(table.columns[name], value) for name, value in row.items())
                    self._put_if(good, table.name, row, "gone")

    def _step(self) -> None:
        """The history as far as it can be read; whether it holds, the check of the new project says."""
        history = KeptHistory(
            self._rows_of("step"),
            soundness.lengths_of(self._target).get,
            self._is_signed,
            newest=newest.seq if (newest := chain.head(self._target)) else 0,
            undo=_UNDO not in self._without,
            imports="import" not in self._without,
        )
        for row in history.rows:
            self._put("step", row)
            for table, before, after in values.parsed(row["changes"]):
                self._last[table] = max(self._last[table], (after or before)["id"])
        nothing = history.lost == 0 and "step" not in self._debris.damaged
        self._made.has_history = not self._made.lost["step"] and (bool(history.rows) or nothing)
        self._made.shown = history.shown
        if history.lost:
            self._made.lost["step"] += history.lost
        self._made.kept["step"] = steps_in(history.rows)

    def _is_signed(self, row_id: int, at: str) -> bool:
        self._need_parent("annotator", row_id)
        query = "SELECT strftime('%s', ?2) FROM annotator WHERE id = ?1"
        row = self._target.execute(query, [row_id, at]).fetchone()
        return row is not None and row[0] is not None

    def _set_sequences(self) -> None:
        """No id that the history names is given again."""
        for table, last in self._last.items():
            self._target.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", [last, table])
            self._target.execute(
                "INSERT INTO sqlite_sequence SELECT ?1, ?2 WHERE ?1 NOT IN (SELECT name FROM sqlite_sequence)"
                " AND ?1 <> 'article'",
                [table, last],
            )


def _are_numbers(row: Row) -> bool:
    """Are the numbers in a row such that sums with them stay numbers?"""
    numbers = ((name, value) for name, value in row.items() if type(value) in (int, float))
    return all(abs(value) <= values.largest(name) for name, value in numbers)


def _is_article(row: Row, text: str) -> bool:
    good = _are_numbers(row) and not values.mapping_problem(row["meta"])
    return good and row["length"] == len(text) and row["sha256"] == text_sha256(text)
