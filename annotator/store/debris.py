"""Rows out of a damaged project, or out of one with parts that are not ours.

It works on a private copy whose first page is made anew: nothing of the source's schema is left that could
run, and the tables are read by their columns' places alone. Around damaged pages it reads by row number.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple

from annotator.store import side_files
from annotator.store.fingerprint import Migrations, fresh, shipped
from annotator.store.gate import UNREADABLE, identity_at_least, is_further_on, reading
from annotator.store.header import MAGIC, SIZE, refuse_newer
from annotator.store.migrations import APPLICATION_ID

PAGE = 4096  # bytes; the size that SQLite gives to new files
_LEAF, _INNER = 13, 5  # first byte of a page of a table
_TRIES = 2000  # places tried in one damaged table
_PATIENCE = 20  # times as long as a look may take
_FAR = 1000  # versions
_BROKEN = (sqlite3.Error, *UNREADABLE)


class Layout(NamedTuple):
    """A table.

    :param has_number: the first column is the row number.
    :param root: its first page; 0 where nobody knows.
    """

    columns: tuple[str, ...]
    has_number: bool
    root: int


class Debris:
    """What can be read of a damaged project; use it in a `with`.

    :param source: the file; it is only copied.
    :param migrations: all of this program.
    """

    def __init__(self, source: Path, migrations: Migrations) -> None:
        self._source, self._migrations, self.name = source, migrations, source.name
        self.damaged: set[str] = set()  # tables of which some rows could not be read

    def __enter__(self) -> "Debris":
        self._stack = ExitStack()
        try:
            folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="annotator-")))
            copy = side_files.copied(self._source, folder)
            _take_in_logs(self._source, copy)
            self._open(copy)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _open(self, copy: Path) -> None:
        header = bytes(_header(copy))
        _refuse_newer(self._source, header, len(self._migrations))
        roots = _roots(copy, header)
        self.version = _version(header, roots, self._migrations)
        self.layouts = _layouts(copy, header, roots, self._migrations[: self.version])
        _graft(copy, header, self.layouts)
        self.size = copy.stat().st_size
        self._connection = self._stack.enter_context(reading(copy, self.size, alone=True, patience=_PATIENCE))
        self._connection.text_factory = lambda raw: raw.decode("utf-8", "replace")

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Every row that can be read, by row number; what cannot puts the table into `damaged`."""
        layout = self.layouts.get(table)
        if layout is None:
            return
        if not layout.root:
            self.damaged.add(table)
            return
        self._tries = _TRIES
        for _, *values in self._between(table, 1, self._last(table)):
            yield dict(zip(layout.columns, values, strict=True))

    def _last(self, table: str) -> int:
        try:
            return int(self._connection.execute(f'SELECT max(rowid) FROM "{table}"').fetchone()[0] or 0)
        except _BROKEN:
            return self.size  # there is no row of less than a byte

    def _between(self, table: str, low: int, high: int) -> Iterator[tuple[Any, ...]]:
        """The rows from one number to another: upwards to the damage, downwards to it, and what lies between."""
        at = low - 1
        for row in self._run(table, low, high, "ASC"):
            at = row[0]
            yield row
        if not self._broke:
            return
        self.damaged.add(table)
        behind = list(self._run(table, at + 1, high, "DESC"))
        end = behind[-1][0] if behind else high + 1
        if self._broke and end - at > 2 and self._tries > 0:
            middle = (at + end) // 2
            yield from self._between(table, at + 1, middle)
            yield from self._between(table, middle + 1, end - 1)
        yield from reversed(behind)

    def _run(self, table: str, low: int, high: int, order: str) -> Iterator[tuple[Any, ...]]:
        """As many rows as come one after the other; sets whether damage ended them."""
        self._tries -= 1
        self._broke, step = False, 1 if order == "ASC" else -1
        before = low - 1 if step > 0 else high + 1
        names = ", ".join(f'"{name}"' for name in self.layouts[table].columns)
        query = f'SELECT rowid, {names} FROM "{table}" WHERE rowid BETWEEN ? AND ? ORDER BY rowid {order}'
        try:
            for row in self._connection.execute(query, [low, high]):
                if (row[0] - before) * step <= 0:  # pages that lead back to each other
                    self._broke = True
                    return
                before = row[0]
                yield row
        except _BROKEN as error:
            self._broke = True
            if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":  # it has taken too long
                self._tries = 0


def _take_in_logs(source: Path, copy: Path) -> None:
    """Replay the logs that lie beside the copy; where they are another project's or make no sense, do without."""
    if not side_files.logs(copy):
        return
    before, room = identity_at_least(copy, alone=True), side_files.room(copy)
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA writable_schema = ON")  # a schema that cannot be read is no obstacle
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        is_its_own = copy.stat().st_size <= room and is_further_on(copy, before, before_is_sound=True, alone=True)
    except _BROKEN:
        is_its_own = False
    for log in side_files.logs(copy):
        log.unlink()
    if not is_its_own:
        shutil.copyfile(source, copy)


def _header(copy: Path) -> bytearray:
    """The first bytes, with what is the same in every project set right."""
    with copy.open("rb") as file:
        header = bytearray(file.read(SIZE).ljust(SIZE, b"\0"))
    page = int.from_bytes(header[16:18], "big")
    size = page if page >= PAGE and page & (page - 1) == 0 else 1 if page == 1 else PAGE
    header[:24] = MAGIC + size.to_bytes(2, "big") + bytes((1, 1, 0, 64, 32, 32))
    header[24:28] = header[92:96] = (1).to_bytes(4, "big")
    header[28:60] = bytes(32)
    header[44:48] = (4).to_bytes(4, "big")
    header[56:60] = (1).to_bytes(4, "big")
    return header


def _page_size(header: bytes) -> int:
    size = int.from_bytes(header[16:18], "big")
    return 65536 if size == 1 else size


def _refuse_newer(source: Path, header: bytes, newest: int) -> None:
    """A project that is only too new is whole; a version far off is damage."""
    version = int.from_bytes(header[60:64], "big")
    if int.from_bytes(header[68:72], "big") == APPLICATION_ID and version < newest + _FAR:
        refuse_newer(source, version, newest)


def _version(header: bytes, roots: dict[str, int], migrations: Migrations) -> int:
    """What the header says, unless there are tables that only a later version has."""
    said = int.from_bytes(header[60:64], "big")
    if not 0 < said <= len(migrations):
        return len(migrations)
    tables = [_tables(migrations[:number]) for number in range(1, len(migrations) + 1)]
    later = [number for number, names in enumerate(tables, 1) if names > tables[said - 1] and names <= roots.keys()]
    return max(later, default=said)


def _tables(migrations: Migrations) -> set[str]:
    return {name for kind, name, _, _ in shipped(migrations) if kind == "table"}


def _layouts(copy: Path, header: bytes, roots: dict[str, int], migrations: Migrations) -> dict[str, Layout]:
    """The tables of a version, and where the copy has them; where it does not say, where a fresh project has them."""
    with closing(fresh(migrations)) as model:
        usual = dict(
            model.execute(
                "SELECT name, rootpage FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).fetchall()
        )
        columns = {name: model.execute(f'PRAGMA table_info("{name}")').fetchall() for name in usual}
    layouts = {}
    with copy.open("rb") as file:
        for name, described in columns.items():
            keys = [row for row in described if row[5]]
            is_number = len(keys) == 1 and keys[0][2] == "INTEGER"
            places = (root for root in (roots.get(name), usual[name]) if root)
            root = next((each for each in places if _is_table(file, each, _page_size(header))), 0)
            layouts[name] = Layout(tuple(row[1] for row in described), is_number, root)
    return layouts


def _roots(copy: Path, header: bytes) -> dict[str, int]:
    """The first pages of the tables, as far as the source's schema can be read; it is read and not obeyed."""
    with copy.open("r+b") as file:
        file.write(header)
    roots: dict[str, int] = {}
    try:
        with reading(copy, copy.stat().st_size, alone=True) as connection:
            connection.execute("PRAGMA writable_schema = ON")
            for name, root in connection.execute("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'"):
                if isinstance(name, str) and type(root) is int and root > 1:
                    roots.setdefault(name, root)
    except _BROKEN:
        pass
    return roots


def _is_table(file: Any, page: int, size: int) -> bool:
    file.seek((page - 1) * size)
    return file.read(1) in (bytes((_LEAF,)), bytes((_INNER,)))


def _graft(copy: Path, header: bytes, layouts: dict[str, Layout]) -> None:
    """Give the copy a first page that knows tables with these columns at these places, and nothing else."""
    size = _page_size(header)
    with tempfile.TemporaryDirectory(prefix="annotator-") as folder:
        donor = Path(folder) / "donor"
        _make_donor(donor, size, {name: layout for name, layout in layouts.items() if layout.root})
        with donor.open("rb") as file:
            page = bytearray(file.read(size))
    length = copy.stat().st_size
    pages = -(-length // size)
    page[24:28] = page[92:96] = header[24:28]
    page[28:32] = pages.to_bytes(4, "big")
    with copy.open("r+b") as file:
        file.write(page)
        file.truncate(max(pages, 1) * size)


def _make_donor(donor: Path, size: int, layouts: dict[str, Layout]) -> None:
    with closing(sqlite3.connect(donor, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {size}")
        connection.execute("BEGIN")
        for name, layout in layouts.items():
            columns = [f'"{column}"' for column in layout.columns]
            if layout.has_number:  # which is the first column in all tables
                columns[0] += " INTEGER PRIMARY KEY"
            connection.execute(f'CREATE TABLE "{name}"({",".join(columns)})')
        connection.execute("PRAGMA writable_schema = ON")
        for name, layout in layouts.items():
            connection.execute("UPDATE sqlite_schema SET rootpage = ? WHERE name = ?", [layout.root, name])
        connection.execute("COMMIT")
