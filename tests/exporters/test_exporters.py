"""The table of exporters, their ledgers, and the file that is replaced only as a whole."""

import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.errors import KnownError
from annotator.exporters import EXPORTERS, Exporter, Ledger, Options, by_name, by_path, export
from annotator.model.article import AnnotatedArticle
from annotator.model.keeping import EVERYTHING

GOLDEN = Path(__file__).parents[1] / "data" / "golden"


def as_file(exporter: Exporter, path: Path) -> Path:
    """The path; of a folder its zip file, which is one file as all others."""
    return path.with_suffix(".zip") if exporter.is_folder else path


each = pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.name)
each_file = pytest.mark.parametrize("exporter", [e for e in EXPORTERS if not e.is_folder], ids=lambda e: e.name)


def content(path: Path) -> bytes | dict[str, bytes]:
    """A file's bytes; of a folder those of each file."""
    if path.is_file():
        return path.read_bytes()
    files = (file for file in path.rglob("*") if file.is_file())
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}


def test_names_and_endings_are_unique() -> None:
    assert len({exporter.name for exporter in EXPORTERS}) == len(EXPORTERS) >= 3
    assert len({exporter.suffix for exporter in EXPORTERS}) == len(EXPORTERS)


@each
def test_every_entry_is_filled(exporter: Exporter) -> None:
    assert by_name(exporter.name) is exporter
    assert exporter.title
    assert exporter.suffix.startswith(".")
    assert exporter.remark.endswith(".")
    assert exporter.keeps | exporter.loses == EVERYTHING


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(KnownError, match="jsonl, spacy, conll"):
        by_name("xlsx")


@each
def test_the_ledger_adds_up(exporter: Exporter, articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    ledger = export(exporter, iter(articles), tmp_path / "out", Options())
    assert ledger.articles == 3
    assert ledger.written + ledger.adjusted + ledger.dropped == sum(len(a.confirmed) for a in articles) == 7
    assert bool(ledger.notes) == bool(ledger.adjusted + ledger.dropped)


@each
def test_the_rejected_spans_are_in_the_ledger_when_they_are_asked_for(
    exporter: Exporter, articles: list[AnnotatedArticle], tmp_path: Path
) -> None:
    ledger = export(exporter, iter(articles), tmp_path / "out", Options(with_rejected=True))
    rejected = sum(len(a.rejected) for a in articles)
    assert ledger.written + ledger.adjusted + ledger.dropped == 7 + rejected


@each
def test_every_span_that_does_not_leave_as_it_is_has_a_line(
    exporter: Exporter, articles: list[AnnotatedArticle], tmp_path: Path
) -> None:
    ledger = export(exporter, iter(articles), tmp_path / "out", Options(with_rejected=True))
    outcomes = [line.outcome for line in ledger.lines]
    assert (outcomes.count("adjusted"), outcomes.count("dropped")) == (ledger.adjusted, ledger.dropped)
    assert len(outcomes) == ledger.adjusted + ledger.dropped
    text = {annotated.article.uid: annotated.text for annotated in articles}
    assert all(line.words == text[line.article][line.start : line.end] for line in ledger.lines)
    assert all(line.reason for line in ledger.lines)


@each
def test_the_same_articles_give_the_same_bytes(
    exporter: Exporter, articles: list[AnnotatedArticle], tmp_path: Path
) -> None:
    for name in ("one", "two"):
        export(exporter, iter(articles), tmp_path / name, Options())
    assert content(tmp_path / "one") == content(tmp_path / "two")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


@pytest.mark.parametrize(
    "name",
    [
        *("jsonl", "conll", "bilou", "webannotation", "brat", "webanno", "html", "csv"),
        *("prodigy", "doccano", "label-studio", "labelbuddy", "huggingface-jsonl", "gliner"),
    ],
)
def test_golden_bytes(name: str, articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    exporter = by_name(name)
    export(exporter, articles, tmp_path / "out", Options(with_rejected=True))
    assert content(tmp_path / "out") == content(GOLDEN / f"articles{exporter.suffix}")


@each
def test_no_article_gives_a_file(exporter: Exporter, tmp_path: Path) -> None:
    assert export(exporter, [], tmp_path / "out", Options()) == Ledger()
    assert (tmp_path / "out").is_dir() is exporter.is_folder


class BrokenError(Exception):
    """Raised while articles are being read."""


def failing(articles: list[AnnotatedArticle]) -> Iterator[AnnotatedArticle]:
    yield articles[0]
    raise BrokenError


@each_file
def test_a_failure_leaves_the_old_file(exporter: Exporter, articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    target = as_file(exporter, tmp_path / "out")
    target.write_text("old", encoding="utf-8")
    with pytest.raises(BrokenError):
        export(exporter, failing(articles), target, Options())
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_is_a_known_error(tmp_path: Path, articles: list[AnnotatedArticle]) -> None:
    def write(_articles: Iterable[AnnotatedArticle], path: Path, _options: Options) -> Ledger:
        path.write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    target = tmp_path / "out"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(KnownError, match="No space left on device"):
        export(Exporter("x", "X", ".x", write, EVERYTHING, ""), articles, target, Options())
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_what_cannot_be_a_target_is_a_known_error(tmp_path: Path, articles: list[AnnotatedArticle]) -> None:
    (tmp_path / "folder").mkdir()
    for target in (tmp_path / "folder", tmp_path / "missing" / "out"):
        with pytest.raises(KnownError, match="cannot be written"):
            export(EXPORTERS[0], articles, target, Options())
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_a_link_stays_a_link(tmp_path: Path, articles: list[AnnotatedArticle]) -> None:
    (tmp_path / "real").touch()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    export(EXPORTERS[0], articles, tmp_path / "link", Options())
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").stat().st_size > 0


FOLDER = Exporter("many", "Many", ".many", lambda *_: Ledger(), EVERYTHING, "Files.", is_folder=True)


def filling(_articles: Iterable[AnnotatedArticle], path: Path, _options: Options) -> Ledger:
    (path / "b").mkdir()
    (path / "b" / "two.txt").write_text("two", encoding="utf-8")
    (path / "one.txt").write_text("one", encoding="utf-8")
    return Ledger()


def test_a_folder_appears_whole_and_never_over_another(tmp_path: Path) -> None:
    exporter = replace(FOLDER, write=filling)
    export(exporter, [], tmp_path / "out", Options())
    assert sorted(p.name for p in (tmp_path / "out").rglob("*")) == ["b", "one.txt", "two.txt"]
    with pytest.raises(KnownError, match="is there already"):
        export(exporter, [], tmp_path / "out", Options())
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_as_a_zip_file_has_the_same_bytes_every_time(tmp_path: Path) -> None:
    exporter = replace(FOLDER, write=filling)
    for name in ("one.zip", "two.zip"):
        export(exporter, [], tmp_path / name, Options())
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "one.zip").namelist() == ["b/two.txt", "one.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.zip", "two.zip"]


def test_a_folder_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def write(_articles: Iterable[AnnotatedArticle], path: Path, _options: Options) -> Ledger:
        (path / "half").touch()
        raise BrokenError

    for name in ("out", "out.zip"):
        with pytest.raises(BrokenError):
            export(replace(FOLDER, write=write), [], tmp_path / name, Options())
    assert not list(tmp_path.iterdir())


def test_rejected_spans_that_a_format_cannot_hold_are_counted(articles: list[AnnotatedArticle], tmp_path: Path) -> None:
    count = sum(len(annotated.rejected) for annotated in articles)
    ledger = export(by_name("conll"), articles, tmp_path / "out", Options(with_rejected=True))
    plain = export(by_name("conll"), articles, tmp_path / "out", Options())
    assert count
    assert ledger.dropped == plain.dropped + count


def test_the_format_is_known_by_the_longest_ending() -> None:
    assert by_path(Path("a.CONLL")) is by_name("conll")
    assert by_path(Path("a.b.jsonl")) is by_name("jsonl")
    assert by_path(Path("a.jsonl.zip")) is None
    assert by_path(Path("a.unheard")) is None
