"""What a dataset is made of, in a file beside it: the same project gives the same bytes.

No times and no places of the machine are in it. By its checksums an export knows what may be written over.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from annotator import __version__, regular
from annotator.model.article import AnnotatedArticle
from annotator.model.file_name import writable
from annotator.model.filed import Filed
from annotator.model.label import Label
from annotator.model.span import Span

SUFFIX = ".manifest.json"
SCHEMA = "annotator-manifest/1"
_BLOCK = 1 << 20  # bytes
_LARGEST = 50_000_000  # bytes of a manifest


def beside(out: Path, *, in_parts: bool = False) -> Path:
    """Where the manifest of a dataset lies: OUT.manifest.json.

    :param in_parts: it is split into several files, beside which one of all articles may lie: OUT.split.manifest.json.
    """
    return out.with_name(f"{out.name}{'.split' if in_parts else ''}{SUFFIX}")


@dataclass(slots=True)
class Tally:
    """What went through to one part of a dataset.

    :param labels: confirmed spans by label.
    :param sources: all spans that leave, by what suggested them.
    :param annotators: all spans that leave, by who decided.
    """

    with_rejected: bool
    articles: int = 0
    rejected: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    annotators: Counter[str] = field(default_factory=Counter)

    def counting(self, articles: Iterable[AnnotatedArticle]) -> Iterator[AnnotatedArticle]:
        """The articles, counted on the way."""
        for annotated in articles:
            self.articles += 1
            self.labels.update(span.label for span in annotated.confirmed)
            self._count(annotated.confirmed)
            if self.with_rejected:
                self.rejected += len(annotated.rejected)
                self._count(annotated.rejected)
            yield annotated

    def counting_filed(self, articles: Iterable[Filed]) -> Iterator[Filed]:
        """The same for articles as they are filed."""
        for filed in articles:
            self.articles += 1
            self.labels.update([span[2] for span in filed.confirmed])
            spans = filed.confirmed
            if self.with_rejected:
                self.rejected += len(filed.rejected)
                spans = spans + filed.rejected
            self.sources.update([span[4] for span in spans])
            self.annotators.update([span[7] or "" for span in spans])
            yield filed

    def _count(self, spans: Iterable[Span]) -> None:
        for span in spans:
            self.sources[span.source] += 1
            self.annotators[span.annotator or ""] += 1

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.with_rejected,
            self.articles + other.articles,
            self.rejected + other.rejected,
            self.labels + other.labels,
            self.sources + other.sources,
            self.annotators + other.annotators,
        )

    def as_json(self) -> dict[str, Any]:
        """Articles, and spans by label."""
        counts: dict[str, Any] = {"articles": self.articles, "spans": by_name(self.labels)}
        return counts | ({"rejected": self.rejected} if self.with_rejected else {})


def by_name(counts: Mapping[str, int]) -> dict[str, int]:
    """In alphabetical order, so that the same counts give the same bytes."""
    return {name: counts[name] for name in sorted(counts)}


class FileFacts(NamedTuple):
    """One file of a dataset; the size in bytes."""

    sha256: str
    size: int


def facts_of(name: str, path: Path) -> dict[str, FileFacts]:
    """Checksum and size of a file, or of all files in a folder, by their names with slashes.

    :raises OSError: it cannot be read.
    """
    name = writable(name)
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if file.is_file()]
        return {f"{name}/{writable(file.relative_to(path).as_posix())}": _facts(file) for file in files}
    return {name: _facts(path)}


def _facts(path: Path) -> FileFacts:
    digest, size = sha256(), 0
    with regular.opened(path) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return FileFacts(digest.hexdigest(), size)


def is_ours(target: Path, manifest: Path) -> bool:
    """Is what stands at `target` just what the export that wrote the manifest left there?

    Only a manifest can tell: the first line of a JSONL file looks the same in somebody's only copy.
    """
    try:
        stored = _read(manifest)
        files = {name: (of["sha256"], of["bytes"]) for name, of in stored["files"].items()}
        here, inside = facts_of(target.name, target), f"{writable(target.name)}/"
        meant = {name: each for name, each in files.items() if name in here or name.startswith(inside)}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False
    return bool(here) and meant == {name: tuple(each) for name, each in here.items()}


def is_manifest(path: Path) -> bool:
    """Does a file say that it is a manifest?"""
    try:
        stored = _read(path)
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(stored, dict) and stored.get("schema") == SCHEMA


def _read(path: Path) -> Any:
    with regular.opened(path) as file:
        return json.loads(file.read(_LARGEST))


def labels_as_json(labels: Iterable[Label]) -> dict[str, Any]:
    """The scheme with a checksum of its names and descriptions, which is what annotators went by."""
    keys = ("name", "description", "colour", "retired")
    listed = [{key: getattr(label, key) for key in keys} for label in labels]
    meant = json.dumps([[each["name"], each["description"], each["retired"]] for each in listed])
    return {"sha256": sha256(meant.encode()).hexdigest(), "list": listed}


def written(fields: Mapping[str, Any], files: Mapping[str, FileFacts]) -> str:
    """The manifest's text.

    :param fields: what else is to be known, behind the program's version.
    """
    listed = {name: {"sha256": each.sha256, "bytes": each.size} for name, each in files.items()}
    content = {"schema": SCHEMA, "program": f"annotator {__version__}", **fields, "files": listed}
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
