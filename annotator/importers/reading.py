"""From a file to its records: archives opened, guarded formats read where they do no harm, records named."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from annotator.errors import KnownError
from annotator.importers.archive import Member, kind_of, unpack
from annotator.importers.base import AS_FOUND, Importer, Problem, ReadOptions, Record, UnitUndecidedError
from annotator.importers.companions import is_manifest, without_companions
from annotator.importers.files import head_of, shown_name
from annotator.importers.guard import Guard

Items = Iterator[Record | Problem]

_NESTED = "an archive within an archive is not opened"


class Reader:
    """Reads files one after the other; a context manager, since one process for guarded formats serves them all.

    :param by_name: the importer of a name.
    :param importer_of: the importer that fits a file's content.
    :param beat: called again and again while a guarded format keeps us waiting; what it raises ends the reading.
    """

    def __init__(
        self,
        by_name: Callable[[str], Importer],
        importer_of: Callable[[Path], Importer],
        beat: Callable[[], object] = lambda: None,
    ) -> None:
        self._by_name, self._importer_of = by_name, importer_of
        self._guard = Guard(beat=beat)

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._guard.close()

    def read(
        self, path: str | Path, format: str | None = None, options: ReadOptions = AS_FOUND, name: str = ""
    ) -> Iterator[Record | Problem]:
        """Every record or problem of one file, in order.

        :param name: what its records are called by; "" for the file's name.
        :raises KnownError: at once for an unknown format and a file that cannot be read.
        """
        path = Path(path)
        shown = shown_name(path)
        if format is not None:
            self._by_name(format)
        if kind := kind_of(path, head_of(path)):
            return self._of_archive(path, kind, format, options, name or shown)
        items = self._of_file(path, format, options)
        return items if name in ("", shown) else (_renamed(item, shown, name) for item in items)

    def _of_file(self, path: Path, format: str | None, options: ReadOptions) -> Iterator[Record | Problem]:
        importer = self._by_name(format) if format else self._importer_of(path)
        read = partial(self._guard.read, importer) if importer.guarded else importer.read
        return _said(_decided(partial(read, path), options), shown_name(path))

    def _of_archive(
        self, path: Path, kind: str, format: str | None, options: ReadOptions, name: str
    ) -> Iterator[Record | Problem]:
        """Unpacked whole before the first is read: some formats keep an article in two files."""
        with TemporaryDirectory(prefix="annotator-", ignore_cleanup_errors=True) as folder:
            found = list(unpack(path, kind, Path(folder)))
            if kind == "gzip":
                yield from self._of_gzip(found, format, options, name)
                return
            for each in _without_companions(found):
                inner = f"{name}/{each.name}" if isinstance(each, Member) else f"{name}/{each.where}".rstrip("/")
                if isinstance(each, Problem):
                    yield Problem(inner, each.reason)
                else:
                    yield from self._of_member(each.path, format, options, inner)
            if not found:
                yield Problem(name, "there is no file in the archive")

    def _of_gzip(
        self, found: list[Member | Problem], format: str | None, options: ReadOptions, name: str
    ) -> Iterator[Record | Problem]:
        """Of a file that is cut off, the last record is not known to be whole: it is the problem."""
        member = next((each for each in found if isinstance(each, Member)), None)
        broken = [Problem(name, each.reason) for each in found if isinstance(each, Problem)]
        if member is None:
            yield from broken or [Problem(name, "the file is empty")]
            return
        last: Record | Problem | None = None
        for item in self._of_member(member.path, format, options, name):
            if last is not None:
                yield last
            last = item
        if last is not None:
            yield Problem(last.where, broken[0].reason) if broken else last

    def _of_member(self, path: Path, format: str | None, options: ReadOptions, name: str) -> Iterator[Record | Problem]:
        """The records of an unpacked file; what cannot be read is a Problem and stops no other."""
        try:
            if kind_of(path, head_of(path)):
                yield Problem(name, _NESTED)
                return
            for item in self._of_file(path, format, options):
                yield _renamed(item, shown_name(path), name)
        except UnitUndecidedError as error:
            yield Problem(name, error.reason)
        except KnownError as error:
            yield Problem(name, str(error))


def _decided(read: Callable[[ReadOptions], Items], options: ReadOptions) -> Items:
    """The items of a file; one that does not say how it counts offsets is read in the unit that is wanted then."""
    seen = 0
    try:
        for item in read(options):
            seen += 1
            yield item
        return
    except UnitUndecidedError:
        if options.otherwise is None:
            raise
    yield from islice(read(replace(options, unit=options.otherwise)), seen, None)


def _said(items: Iterator[Record | Problem], name: str) -> Iterator[Record | Problem]:
    """The items of a file; where there is none, that is said."""
    item = None
    for item in items:
        yield item
    if item is None:
        yield Problem(name, "there is no article in it")


def _without_companions(found: list[Member | Problem]) -> list[Member | Problem]:
    """In their order, without files that others bring along and manifests, as a folder is read."""
    members = [each.path for each in found if isinstance(each, Member) and not is_manifest(each.name)]
    kept = set(without_companions(members))
    return [each for each in found if isinstance(each, Problem) or each.path in kept]


def _renamed(item: Record | Problem, old: str, new: str) -> Record | Problem:
    """The same, of a file that is called something else."""
    where = new + item.where[len(old) :] if item.where == old or item.where.startswith(f"{old}:") else item.where
    if isinstance(item, Problem):
        return Problem(where, item.reason)
    article = item.article
    if article.meta.get("file") == old:
        article = replace(article, meta={**article.meta, "file": new})
    return replace(item, where=where, article=article)
