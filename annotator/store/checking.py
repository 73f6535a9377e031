"""Is the project whole, and if not, what of it is? What `annotator check` looks at.

The file (its size, SQLite's own checks), the schema, each article (text, seal, offsets), labels and annotators, the
history (its chain, its piles, and whether the rows are as it says), counts. Nothing is written. Memory is bounded: the
history is read as a stream, and of each row that it tells of only a number is kept.
"""

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from annotator.errors import DamagedError, InUseError, KnownError, NewerError
from annotator.store import article_check, gate, history_check, seals, side_files, soundness
from annotator.store.backups import connected
from annotator.store.fingerprint import foreign_parts, has_our_tables
from annotator.store.header import first_bytes, read_header
from annotator.store.migrations import APPLICATION_ID, MIGRATIONS
from annotator.store.project import Project
from annotator.store.renaming import left_logs
from annotator.store.verdict import UNREADABLE, Findings, Verdict
from annotator.store.watch import Progress, Watch

_LOG = 2  # in the header: with a write-ahead log
_MAGIC = b"SQLite format 3\x00"
_OPERATIONS = 20_000  # of SQLite's virtual machine between two looks at the clock, some milliseconds
# what is counted, as it is kept, as it is
_TALLIES = (
    (
        "articles by state",
        "SELECT state, n FROM article_tally",
        "SELECT state, count(*) FROM article GROUP BY state",
    ),
    (
        "spans of a label",
        "SELECT label_id, state, n FROM label_tally",
        "SELECT label_id, state, count(*) FROM span GROUP BY label_id, state",
    ),
)
_SEQUENCES = " UNION ALL ".join(
    f"SELECT '{table}', max(id) FROM {table} GROUP BY 1"
    f" HAVING max(id) > coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0)"
    for table in ("label", "span", "aside", "pattern", "import")
)


def problems(project: Project, progress: Progress | None = None) -> Iterator[str]:
    """One sentence for each thing that is wrong; nothing where all holds; `progress` as in `checked`."""
    yield from checked(project.connection, progress=progress).problems


def check_file(path: Path, progress: Progress | None = None) -> Verdict:
    """Check a project's file, also one that is too damaged to be opened; no byte of it changes.

    :param progress: called now and then with (what is done, what there is to do).
    :raises KnownError: there is no file, it is no project, or a newer version made it.
    """
    if _refuse(path) < len(MIGRATIONS):
        with closing(Project(path, read_only=True)) as project:  # a copy of it, brought up to date
            return checked(project.connection, progress=progress)
    gate.refuse_dangerous(path.resolve())
    with ExitStack() as stack:
        connection, is_all = _connected(path.resolve(), stack)
        size = path.stat().st_size if is_all else None
        return checked(connection, file_size=size, progress=progress, known=(*_of_header(path), *_elsewhere(path)))


def _of_header(path: Path) -> tuple[str, ...]:
    """What is wrong with the first hundred bytes, which SQLite may overlook."""
    try:
        read_header(path, len(MIGRATIONS))
    except DamagedError as error:
        return error.problems
    return ()


def _elsewhere(path: Path) -> Iterator[str]:
    """What is not in the file, since it was renamed after the program was killed."""
    for log in left_logs(path.resolve()):
        yield f"The last decisions lie in {log}, at the name that the project had; opening it in the window brings them"


def _refuse(path: Path) -> int:
    """The version of a file that can be checked."""
    header, _ = first_bytes(path)
    if len(header) < 100 or header[:16] != _MAGIC:
        raise KnownError(f"{path.name} is not an Annotator project.", "If it was one, go back to a copy of it.")
    version = int.from_bytes(header[60:64], "big")
    if version > len(MIGRATIONS):
        raise NewerError(f"{path.name} was made by a newer version of Annotator.", "Update this one to check it.")
    return version


def _connected(path: Path, stack: ExitStack) -> tuple[sqlite3.Connection, bool]:
    """A connection for as long as the stack, and whether the file is all of the project; beside it nothing is made.

    With a log or a journal, SQLite would have to write there: then it reads a copy of ours.

    :raises InUseError: another program keeps everybody from reading.
    """
    if not _has_log(path):
        connection = stack.enter_context(closing(connected(path, "mode=ro")))
        reason = _why_not(connection)
        if reason.startswith("SQLITE_BUSY"):
            raise InUseError(f"{path.name} is in use by another program.", "Nothing was changed. Check it later.")
        if not reason.startswith("SQLITE_READONLY"):  # in the middle of a step, which a journal takes back
            return connection, True
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="annotator-", ignore_cleanup_errors=True))
    return stack.enter_context(closing(connected(side_files.copied(path, Path(folder)), "mode=rw"))), False


def _has_log(path: Path) -> bool:
    """Was it written to with a write-ahead log, and not closed in order since?"""
    header, _ = first_bytes(path)
    return _LOG in header[18:20] or any(log.name.endswith("-wal") for log in side_files.logs(path))


def _why_not(connection: sqlite3.Connection) -> str:
    """SQLite's name for what keeps a file from being read; "" for nothing, and for damage that has no name."""
    try:
        connection.execute("PRAGMA page_count")
    except UNREADABLE as error:
        return getattr(error, "sqlite_errorname", "")
    return ""


def checked(
    connection: sqlite3.Connection,
    *,
    file_size: int | None = None,
    progress: Progress | None = None,
    known: Iterable[str] = (),
) -> Verdict:
    """Check an open project of this version.

    :param connection: is only read from; texts that are no UTF-8 and damage of every kind are no errors.
    :param file_size: bytes; None where the file is not all of the project, as beside a log.
    :param progress: called now and then with (what is done, what there is to do), also while nothing gets done.
    :param known: what is wrong already.
    """
    findings, watch = Findings(), Watch(progress)
    for problem in known:
        findings.tell(problem)
    with _reading(connection, watch):
        with findings.part("The file"):
            _file(connection, findings, watch, file_size)
        with findings.part("Its schema"):
            _schema(connection, findings)
        if not findings.unreadable and has_our_tables(connection, MIGRATIONS):
            _contents(connection, findings, watch)
    return findings.verdict()


def _contents(connection: sqlite3.Connection, findings: Findings, watch: Watch) -> None:
    with findings.part("Integrity"):
        _damage(connection, findings)
        watch.beat(done=_pragma(connection, "page_count"))
    with findings.part("Articles"):
        article_check.articles(connection, findings, watch, _size(connection))
    with findings.part("Articles whose import was taken back"):
        article_check.gone(connection, findings)
    with findings.part("Imports"):
        article_check.imports(connection, findings)
    with findings.part("Labels"):
        _labels(connection, findings)
    with findings.part("Annotators"):
        _annotators(connection, findings)
    history_check.history(connection, findings, watch)
    with findings.part("Counts"):
        _counts(connection, findings)
    if not findings.problems:  # else they would be told twice
        with findings.part("Values"):
            _values(connection, findings, watch)


def _values(connection: sqlite3.Connection, findings: Findings, watch: Watch) -> None:
    """Whatever would keep the project from being opened on another machine, and was not found so far."""
    for sentence in soundness.in_values(connection, _size(connection), watch):
        findings.tell(sentence)


@contextmanager
def _reading(connection: sqlite3.Connection, watch: Watch) -> Iterator[None]:
    """One moment of the file, with a clock beside it, and texts that are no UTF-8 taken for other texts."""
    factory, begins = connection.text_factory, not connection.in_transaction
    connection.text_factory = _lenient
    connection.set_progress_handler(watch.ask, _OPERATIONS)
    try:
        if begins:
            with suppress(*UNREADABLE):  # what is wrong shows in each part
                connection.execute("BEGIN")
        yield
    finally:
        connection.set_progress_handler(None, 0)
        connection.text_factory = factory
        if begins and connection.in_transaction:
            connection.execute("ROLLBACK")
    watch.unless_interrupted()


def _lenient(text: bytes) -> str:
    return text.decode("utf-8", "replace")


# The parts that are neither articles nor history


def _file(connection: sqlite3.Connection, findings: Findings, watch: Watch, file_size: int | None) -> None:
    pages, page_size = (_pragma(connection, name) for name in ("page_count", "page_size"))
    watch.start(pages + _rows(connection), pages * page_size)
    if file_size is not None and file_size != pages * page_size:
        findings.tell(f"The file has {file_size:,} bytes, and should have {pages * page_size:,}")
    if _pragma(connection, "application_id") != APPLICATION_ID:
        findings.tell("Schema: the file's application id is not Annotator's")


def _rows(connection: sqlite3.Connection) -> int:
    with suppress(*UNREADABLE):  # the parts will say what is wrong
        query = "SELECT (SELECT count(*) FROM article) + (SELECT coalesce(max(seq), 0) FROM step)"
        return int(connection.execute(query).fetchone()[0]) if has_our_tables(connection, MIGRATIONS) else 0
    return 0


def _size(connection: sqlite3.Connection) -> int:
    """Bytes of the file."""
    return _pragma(connection, "page_count") * _pragma(connection, "page_size")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _schema(connection: sqlite3.Connection, findings: Findings) -> None:
    """A project has the parts that a fresh one has, and no others: a foreign trigger would run at each decision."""
    for part in foreign_parts(connection, MIGRATIONS):
        findings.tell(f"Schema: {part}")
    if not has_our_tables(connection, MIGRATIONS):
        findings.tell("Schema: so what the tables hold was not looked at")


def _damage(connection: sqlite3.Connection, findings: Findings) -> None:
    for (answer,) in connection.execute("PRAGMA integrity_check"):
        if answer != "ok":
            findings.tell(f"Integrity: {answer}")
    for table, row_id, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        findings.tell(f"Row {row_id} of {table} points to a row of {parent} that is not there")


def _labels(connection: sqlite3.Connection, findings: Findings) -> None:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", [seals.LABELS]).fetchone()
    findings.labels_hold = row is not None and row[0] == seals.labels_seal(connection)
    if not findings.labels_hold:
        findings.tell("The labels are not as they were left")


def _annotators(connection: sqlite3.Connection, findings: Findings) -> None:
    for row_id, uid, name, seal in connection.execute("SELECT id, uid, name, seal FROM annotator"):
        if seals.annotator_seal(uid, name) != seal:
            findings.tell(f"Annotator {row_id} ({name}) has not the name that was written")


def _counts(connection: sqlite3.Connection, findings: Findings) -> None:
    for what, kept, counted in _TALLIES:
        tallied, found = (Counter(_by_key(connection, query)) for query in (kept, counted))
        wrong = sum(tallied[key] != found[key] for key in tallied | found)
        if wrong:
            findings.tell(f"Counts: {wrong} counts of {what} are wrong")
    for name, last in connection.execute(_SEQUENCES):
        findings.tell(f"Counts: the next row of {name} would get a number that row {last} has already")
    if connection.execute("SELECT count(*) FROM uncounted").fetchone()[0]:
        findings.tell("Counts: they are switched off, as in the middle of an import")


def _by_key(connection: sqlite3.Connection, query: str) -> dict[tuple[Any, ...], int]:
    return {tuple(key): int(n) for *key, n in connection.execute(query)}
