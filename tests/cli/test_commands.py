"""Every command through `main`: what it does, what it answers, and to whom."""

import csv
import json
import os
import re
import runpy
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator import __version__, resources, suggest, terminal
from annotator.cli import COMMANDS
from annotator.exporters import EXPORTERS
from annotator.importers import IMPORTERS
from annotator.model.article import ArticleState
from annotator.model.keeping import Part, described
from annotator.model.order import ORDERS
from annotator.model.span import Suggestion
from annotator.session import Session
from annotator.session.learning import Learning
from annotator.settings import Settings
from annotator.store import watch
from annotator.suggest import Reading

NAMES = [command.name for command in COMMANDS]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids of the articles that a pretended pipeline read, without a learner; it finds the first word of each."""
    seen: list[int] = []
    monkeypatch.setattr(Learning, "is_on", False)

    def read_all(model: str, texts: Any, workers: int = 1) -> Iterator[tuple[int, Reading, str]]:
        for article_id, text in texts:
            seen.append(article_id)
            end = text.index(" ")
            yield article_id, Reading([(0, end)], [Suggestion(0, end, "ORG", 0.9, "pretended 1.0")]), "pretended 1.0"

    monkeypatch.setattr(suggest, "suggest_all", read_all)
    return seen


def jsonl(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


# What there is


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_help_tells_every_argument(run: Any, command: Any) -> None:
    answer = run(command.name, "--help")
    assert answer.code == 0
    assert answer.out.startswith(f"usage: annotator {command.name} ")
    assert answer.err == ""


def test_help_lists_every_command_and_format(run: Any) -> None:
    shown = run("--help").out
    assert all(re.search(rf"\n    {command.name}\s+\w", shown) for command in COMMANDS)
    listed = {line.partition(":")[0]: line.partition(":")[2].strip().split(", ") for line in shown.splitlines()}
    assert listed["import formats"] == [importer.name for importer in IMPORTERS]
    assert listed["export formats"] == [exporter.name for exporter in EXPORTERS]


def test_help_announces_nothing_that_does_not_work(run: Any) -> None:
    assert "later version" not in run("--help").out


def test_help_of_import_and_export_explains_every_format(run: Any) -> None:
    shown = run("import", "--help").out
    assert all(f"  {each.name}: {each.title}\n    {each.remark}\n" in shown for each in IMPORTERS)
    shown = run("export", "--help").out
    for each in EXPORTERS:
        kept = f"    keeps: {described(each.keeps)}\n    loses: {described(each.loses)}\n"
        assert f"  {each.name}: {each.title}\n    {each.remark}\n{kept}" in shown


def test_formats_are_a_table_of_what_each_keeps(run: Any) -> None:
    lines = [line.split() for line in run("formats").out.splitlines()]
    columns = [part.short for part in Part]
    assert lines.count(columns) == 2
    for each in EXPORTERS:
        marks = ["yes" if part in each.keeps else "-" for part in Part]
        assert [each.name, *each.title.split(), *marks] in lines
    assert [[each.name, *each.title.split()] in lines for each in IMPORTERS if each.keeps is None]
    assert all(any(line[:1] == [f"{part.short}:"] for line in lines) for part in Part)


def test_formats_as_json(run: Any) -> None:
    told = json.loads(run("formats", "--json").out)
    assert [each["name"] for each in told["export"]] == [each.name for each in EXPORTERS]
    assert [each["name"] for each in told["import"]] == [each.name for each in IMPORTERS]


def test_the_table_of_formats_in_the_readme_is_made_from_them() -> None:
    script = Path(__file__).parents[2] / "packaging" / "format_table.py"
    made = runpy.run_path(str(script))
    readme = made["README"].read_text("utf-8")
    assert made["BEGIN"] in readme
    assert made["with_table"](readme) == readme, f"run: python {script.parent.name}/{script.name}"


def test_the_readme_names_every_command_and_export_format() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    shown = {word for line in readme.splitlines() if line.lstrip().startswith("annotator ") for word in line.split()}
    assert set(NAMES) <= shown
    assert [each.name for each in EXPORTERS if f"`{each.name}`" not in readme] == []


def test_version(run: Any) -> None:
    assert run("--version") == run("a.annot", "--version") == (0, f"annotator {__version__}\n", "")


def test_labels_of_all_schemes_or_of_a_project(run: Any, project: Path, tmp_path: Path) -> None:
    shown = run("labels").out
    for scheme in resources.schemes():
        assert f"{scheme.name}: {scheme.title}\n" in shown
        assert all(f"\n  {label.name} " in shown for label in scheme.labels)
    (listed,) = json.loads(run("labels", project, "--json").out)
    assert [label["name"] for label in listed["labels"]] == ["PER", "ORG", "LOC", "MISC"]


def test_labels_as_json_are_a_scheme_for_a_new_project(run: Any, tmp_path: Path) -> None:
    scheme = tmp_path / "mine.json"
    ontonotes = json.loads(run("labels", "--json").out)[0]
    scheme.write_text(json.dumps(ontonotes), "utf-8")
    assert run("new", tmp_path / "a.annot", "--labels", scheme).code == 0
    (listed,) = json.loads(run("labels", tmp_path / "a.annot", "--json").out)
    assert listed["labels"] == ontonotes["labels"]


def test_models_are_those_installed(run: Any) -> None:
    installed = [model.name for model in suggest.installed_models()]
    assert [model["name"] for model in json.loads(run("models", "--json").out)] == installed
    assert [line.split()[0] for line in run("models").out.splitlines()] == installed


# Projects


def test_new_makes_a_project_with_labels_and_model(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.annot"
    answer = run("new", path, "--labels", "conll", "--model", "blank:de")
    assert (answer.code, answer.out) == (0, "")
    with Session.open(path, read_only=True) as session:
        assert [label.name for label in session.labels] == ["PER", "ORG", "LOC", "MISC"]
        assert session.model == "blank:de"


def test_new_says_when_the_model_is_not_there(run: Any, tmp_path: Path) -> None:
    answer = run("new", tmp_path / "a.annot", "--model", "no_such_model")
    assert answer.code == 0
    assert "no_such_model is not installed" in answer.err


def test_new_never_opens_what_is_there(run: Any, project: Path) -> None:
    before = project.read_bytes()
    assert run("new", project).failed_plainly()
    assert project.read_bytes() == before


def test_stats_counts_articles_and_spans(run: Any, project: Path) -> None:
    before = project.read_bytes()
    told = json.loads(run("stats", project, "--json").out)
    assert told["articles"] == {"new": 1, "open": 0, "done": 1, "skipped": 0, "total": 2}
    assert told["spans"] == {"PER": 0, "ORG": 1, "LOC": 0, "MISC": 0}
    lines = [line.split() for line in run("stats", project).out.splitlines()]
    assert ["done", "1"] in lines
    assert ["ORG", "1"] in lines
    assert project.read_bytes() == before


def test_stats_tells_what_the_finished_articles_took(run: Any, project: Path) -> None:
    told = json.loads(run("stats", project, "--json").out)["learning"]
    [block] = told["blocks"]
    assert (block["first"], block["last"], block["articles"], block["entities"]) == (1, 1, 1, 1)
    assert (block["actions_an_entity"], block["corrections_an_entity"]) == (4.0, 3.0)  # add 2, reject 1, Enter 1
    assert (block["one_key_share"], block["f1"]) == (0.0, 0.0)
    assert told["agreement"]["LOC"]["suggested"] == 1
    assert told["agreement"]["ORG"] == {"right": 0, "suggested": 0, "decided": 1} | {
        "precision": None,
        "recall": 0.0,
        "f1": 0.0,
    }
    lines = [line.split() for line in run("stats", project).out.splitlines()]
    assert ["1-1", "1", "1", "4.000", "3.000", "0%"] in [line[:6] for line in lines]
    assert ["ORG", "0", "1", "0", "-", "0%", "0%"] in lines


def test_stats_of_a_project_without_a_finished_article_has_no_learning(run: Any, tmp_path: Path) -> None:
    run("new", tmp_path / "empty.annot")
    answer = run("stats", tmp_path / "empty.annot")
    assert answer.code == 0
    assert "Learning" not in answer.out
    learning = json.loads(run("stats", tmp_path / "empty.annot", "--json").out)["learning"]
    assert learning == {"blocks": [], "agreement": {}}


def test_check_of_a_whole_project(run: Any, project: Path) -> None:
    before = project.read_bytes()
    assert run("check", project) == (0, "All holds: 2 articles, 2 decisions verified.\n", "")
    told = json.loads(run("check", project, "--json").out)
    assert (told["holds"], told["problems"], told["damaged"]) == (True, [], {"count": 0, "articles": []})
    assert project.read_bytes() == before


def test_a_project_that_was_changed_outside_is_told_of_in_one_line_and_opened(run: Any, project: Path) -> None:
    assert "outside" not in run("stats", project).err
    with closing(sqlite3.connect(project, isolation_level=None)) as connection:
        connection.execute("UPDATE annotator SET name = 'somebody' WHERE id = 1")
    answer = run("stats", project)
    assert answer.code == 0
    (line,) = answer.err.splitlines()
    assert line == (
        "annotator: Somebody or something changed this project outside the program: the annotator somebody had another"
        " name."
        f" What is as it was left says: annotator check {project}; earlier states: annotator backups {project}"
    )


# Articles in


def test_import_goes_on_where_one_file_does_not_say_how_it_counts(run: Any, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    jsonl(folder / "a.jsonl", {"text": "Ana won."})
    jsonl(folder / "b.jsonl", {"text": "\U0001f600 Oslo is wet.", "label": [[2, 6, "LOC"]]})
    answer = run("import", project, folder)
    assert answer.code == 0
    told = "b.jsonl: rejected: it does not say how it counts offsets; import it again and say which (--offsets): "
    assert answer.out.startswith(told)
    assert run("import", project, folder / "b.jsonl", "--offsets", "codepoints", "--quiet").code == 0
    assert json.loads(run("stats", project, "--json").out)["articles"]["total"] == 4


def test_import_of_what_is_in_order_says_so_in_one_line(run: Any, project: Path, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "in.jsonl", {"text": "Ana won."}, {"text": "Bo lost.", "spans": [[0, 2, "PER"]]})
    answer = run("import", project, file)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "2 of 2 articles imported, 1 span.\n"
    assert json.loads(run("stats", project, "--json").out)["articles"]["total"] == 4


def test_import_takes_folders_and_patterns(run: Any, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(f"Article {number}.", "utf-8")
    assert run("import", project, folder / "[01].txt").out == "2 of 2 articles imported.\n"
    assert run("import", project, folder).out.endswith("1 of 3 articles imported, 2 there already.\n")


def test_import_report_for_programs(run: Any, project: Path, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "in.jsonl", {"id": "a1", "text": "Not the text of a1."}, {"text": "New."})
    report = json.loads(run("import", project, file, "--json").out)
    assert (report["records"], report["accepted"], report["rejected"], len(report["ids"])) == (2, 1, 1, 1)
    assert report["lines"][0]["where"] == "in.jsonl:1"
    assert report["lines"][0]["kind"] == "rejected"


def test_import_of_what_is_there_already_is_no_failure(run: Any, project: Path, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "in.jsonl", {"text": "Ana won."})
    assert run("import", project, file).code == 0
    again = run("import", project, file)
    assert (again.code, again.err) == (0, "")
    assert again.out.startswith("in.jsonl:1: skipped: ")


def test_imported_decisions_bear_the_name_from_the_settings(run: Any, project: Path, tmp_path: Path) -> None:
    Settings().set("annotator", "bo")
    file = jsonl(tmp_path / "in.jsonl", {"id": "x", "text": "Ana won.", "spans": [[0, 3, "PER"]], "answer": "accept"})
    run("import", project, file)
    with Session.open(project, read_only=True) as session:
        (span,) = session.article(session.article_ids()[-1]).confirmed
    assert span.annotator == "bo"


def test_titles_from_outside_cannot_command_the_terminal(run: Any, project: Path, tmp_path: Path) -> None:
    file = tmp_path / "\x1b]0;owned\x07.jsonl"
    file.write_text("{broken\n", "utf-8")
    answer = run("import", project, file)
    assert "\x1b" not in answer.out + answer.err
    assert r"\x1b]0;owned\x07.jsonl:1: rejected" in answer.out


# Suggestions


def test_suggest_reads_what_nobody_decided_on(run: Any, project: Path, reads: list[int]) -> None:
    answer = run("suggest", project)
    assert (answer.code, answer.out) == (0, "")
    assert reads == [2]
    with Session.open(project, read_only=True) as session:
        (span,) = session.article(2).suggested
    assert (span.start, span.end, span.label, span.source) == (0, 7, "ORG", "pretended 1.0")


def test_suggest_knows_what_was_decided(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "learned.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en") as session:
        texts = [f"The firm Alcorta of {town} sold ships." for town in ("Bilbao", "Vigo", "Genoa", "Split")]
        ids = session.add_articles({"text": text} for text in [*texts, "Then Alcorta bought them back."])
        for article_id in ids[:4]:
            session.decide(article_id, [(9, 16, "ORG")])
    answer = run("suggest", path)
    assert (answer.code, answer.out) == (0, "")
    assert "1 article read by blank:en, knowing 4 decided ones." in answer.err
    with Session.open(path, read_only=True) as session:
        (span,) = session.article(ids[4]).suggested
    assert (span.start, span.end, span.label, span.source) == (5, 12, "ORG", "learner + memory")


def test_suggest_reads_again_only_when_asked_to(run: Any, project: Path, reads: list[int]) -> None:
    run("suggest", project)
    assert run("suggest", project).code == 0
    assert reads == [2]
    run("suggest", project, "--all")
    assert reads == [2, 2]


def test_suggest_reads_each_article_once_over_many_batches(
    run: Any, project: Path, reads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.commands.articles._BATCH", 3)
    with Session.open(project) as session:
        session.add_articles({"text": f"Article {number}."} for number in range(10))
    run("suggest", project)
    assert reads == list(range(2, 13))


def test_interrupted_suggestions_keep_what_is_done(run: Any, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_one(model: str, texts: Any, workers: int = 1) -> Iterator[tuple[int, Reading, str]]:
        article_id, _ = next(texts)
        yield article_id, Reading([(0, 7)], [Suggestion(0, 7, "ORG", 0.9, "pretended 1.0")]), "pretended 1.0"
        raise KeyboardInterrupt

    monkeypatch.setattr(Learning, "is_on", False)
    monkeypatch.setattr(suggest, "suggest_all", read_one)
    answer = run("suggest", project)
    assert answer == (130, "", "annotator: Interrupted.\n")
    with Session.open(project) as session:  # and no lock is left behind
        assert len(session.article(2).suggested) == 1


def test_suggest_by_a_real_pipeline(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.annot"
    with Session.open(path, create=True, labels="conll", model=suggest.DEFAULT_MODEL) as session:
        (article_id,) = session.add_articles([{"text": "Angela Merkel met Emmanuel Macron in Berlin on Monday."}])
    assert run("suggest", path).code == 0
    with Session.open(path, read_only=True) as session:
        article = session.article(article_id)
    assert {article.surface(span): span.label for span in article.suggested} == {
        "Angela Merkel": "PER",
        "Emmanuel Macron": "PER",
        "Berlin": "LOC",
    }


def test_suggest_without_its_pipeline_is_a_known_error(run: Any, tmp_path: Path) -> None:
    with Session.open(tmp_path / "a.annot", create=True, model="no_such_model") as session:
        session.add_articles([{"text": "Oslo."}])
    answer = run("suggest", tmp_path / "a.annot")
    assert answer.failed_plainly()
    assert "no_such_model" in answer.err


@pytest.mark.parametrize("number", ["0", "-1", "two", "1.5"])
def test_workers_are_counted_from_one(run: Any, project: Path, number: str) -> None:
    assert run("suggest", project, f"--workers={number}").failed_plainly()


# Articles out


def exported(run: Any, project: Path, out: Path, *words: str) -> list[dict[str, Any]]:
    answer = run("export", project, out, *words)
    assert (answer.code, answer.out) == (0, ""), answer.err
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_export_writes_what_is_done(run: Any, project: Path, tmp_path: Path) -> None:
    before = project.read_bytes()
    (record,) = exported(run, project, tmp_path / "out.jsonl")
    assert record["id"] == "a1"
    assert [(span["text"], span["label"]) for span in record["spans"]] == [("Alibaba", "ORG")]
    assert not record["rejected"]
    assert project.read_bytes() == before


def test_export_of_all_and_of_rejected(run: Any, project: Path, tmp_path: Path) -> None:
    first, second = exported(run, project, tmp_path / "out.jsonl", "--state", "all", "--with-rejected")
    assert [span["text"] for span in first["rejected"]] == ["Hangzhou"]
    assert second["id"] == "a2"


def content(path: Path) -> list[bytes]:
    """A file's bytes, or those of a folder's files."""
    return [file.read_bytes() for file in ([path] if path.is_file() else sorted(path.rglob("*"))) if file.is_file()]


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.name)
def test_the_ending_chooses_the_format(run: Any, project: Path, tmp_path: Path, exporter: Any) -> None:
    by_ending, named = tmp_path / f"one{exporter.suffix}", tmp_path / "one.other"
    assert run("export", project, by_ending).code == 0
    assert run("export", project, named, "--format", exporter.name).code == 0
    assert content(by_ending) == content(named)


def test_an_unknown_ending_needs_a_format(run: Any, project: Path, tmp_path: Path) -> None:
    answer = run("export", project, tmp_path / "out.txt")
    assert (answer.code, answer.out) == (2, "")
    assert "--format" in answer.err
    assert exported(run, project, tmp_path / "out") == exported(run, project, tmp_path / "out.jsonl")


@pytest.mark.parametrize("beside", ["-wal", "-shm", "-journal", ".lock"])
def test_no_export_over_what_belongs_to_the_project(run: Any, project: Path, beside: str) -> None:
    answer = run("export", project, project.with_name(project.name + beside), "--format", "jsonl")
    assert answer.code == 2
    assert "belongs to the project" in answer.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_no_export_over_a_device(run: Any, project: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    answer = run("export", project, tmp_path / "pipe.jsonl")
    assert (answer.code, (tmp_path / "pipe.jsonl").is_fifo()) == (2, True)


@pytest.mark.skipif(sys.platform == "win32", reason="no modes here")
def test_an_export_keeps_the_modes_of_the_file_it_replaces(run: Any, project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.touch()
    out.chmod(0o600)
    assert run("export", project, out).code == 0
    assert out.stat().st_mode & 0o777 == 0o600


def test_spans_of_others_come_in_as_decisions(run: Any, project: Path, tmp_path: Path) -> None:
    record = {"text": "Oslo is cold.", "spans": [{"start": 0, "end": 4, "label": "LOC"}]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(record))
    assert run("import", project, tmp_path / "gold.jsonl", "--decided").code == 0
    with Session.open(project, read_only=True) as session:
        article = session.article(session.article_ids()[-1])
    assert [(s.range, s.label) for s in article.confirmed] == [((0, 4), "LOC")]
    assert article.state == "done"


def test_few_lines_for_what_is_there_already(run: Any, project: Path, tmp_path: Path) -> None:
    lines = [json.dumps({"id": f"n{number}", "text": "Snow."}) for number in range(40)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    assert run("import", project, tmp_path / "many.jsonl").code == 0
    answer = run("import", project, tmp_path / "many.jsonl")
    assert len(answer.out.splitlines()) == 12
    assert "30 more" in answer.out


def test_export_splits_every_article_into_one_part(run: Any, project: Path, tmp_path: Path) -> None:
    with Session.open(project) as session:
        session.add_articles({"id": f"b{number}", "text": f"Article {number}."} for number in range(60))
    answer = run("export", project, tmp_path / "out.jsonl", "--state", "all", "--split", "50/30/20")
    assert answer.code == 0
    parts = [(tmp_path / f"out-{part}.jsonl").read_text("utf-8").splitlines() for part in ("train", "dev", "test")]
    ids = [json.loads(line)["id"] for part in parts for line in part]
    assert sorted(ids) == sorted(["a1", "a2", *(f"b{number}" for number in range(60))])
    assert all(parts)
    assert len(parts[0]) > len(parts[2])


def test_export_of_nothing_says_how_to_get_more(run: Any, project: Path, tmp_path: Path) -> None:
    with Session.open(project) as session:
        session.reopen(1)
    answer = run("export", project, tmp_path / "out.jsonl")
    assert answer.failed_plainly()
    assert "--state all" in answer.err
    assert not list(tmp_path.glob("*out*"))


def test_export_tells_what_a_format_could_not_hold(run: Any, project: Path, tmp_path: Path) -> None:
    with Session.open(project) as session:
        session.add(2, 20, 22, "LOC")  # "Os" of "Oslo"
        session.finish(2)
    answer = run("export", project, tmp_path / "out.conll")
    assert "1 of them adjusted" in answer.err
    assert len(answer.err.splitlines()) > 1


def lossy(project: Path) -> None:
    """A span of half a word, in an article that is done."""
    with Session.open(project) as session:
        session.add(2, 20, 22, "LOC")  # "Os" of "Oslo"
        session.finish(2)


def test_strict_writes_nothing_and_names_what_would_be_lost(run: Any, project: Path, tmp_path: Path) -> None:
    lossy(project)
    answer = run("export", project, tmp_path / "out.conll", "--strict")
    assert answer.failed_plainly()
    assert "a2: “Os” LOC (a span did not meet the token edges and was moved to them)" in answer.err
    assert "a2 20-22" in answer.err
    assert not list(tmp_path.glob("*out*"))
    assert run("export", project, tmp_path / "out.jsonl", "--strict").code == 0


def test_each_span_that_changed_can_be_listed(run: Any, project: Path, tmp_path: Path) -> None:
    lossy(project)
    ledger = tmp_path / "lost.csv"
    words = ("--with-rejected", "--ledger", ledger, "--verbose")
    answer = run("export", project, tmp_path / "out.conll", *words)
    with ledger.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["article"], row["start"], row["end"], row["outcome"]) for row in rows] == [
        ("a2", "20", "22", "adjusted"),
        ("a1", "24", "32", "dropped"),
    ]
    assert answer.out.splitlines()[0].startswith("out.conll: a2 20-22 LOC “Os”: adjusted: ")
    told = json.loads(run("export", project, tmp_path / "out.conll", "--with-rejected", "--json").out)
    account = told["files"]["out.conll"]
    assert [account[key] for key in ("articles", "written", "adjusted", "dropped")] == [2, 1, 1, 1]
    assert [line["words"] for line in account["lines"]] == ["Os", "Hangzhou"]
    assert run("export", project, tmp_path / "out.conll", "--ledger", ledger).code == 0
    (tmp_path / "table.csv").write_text("name,year\n", "utf-8")
    for other in (project, tmp_path / "table.csv"):
        assert run("export", project, tmp_path / "out.conll", "--ledger", other).failed_plainly()


def test_what_is_no_earlier_export_is_replaced_only_when_asked(run: Any, project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert run("export", project, out).code == 0
    assert run("export", project, out).code == 0
    out.write_text(out.read_text("utf-8").replace("ORG", "LOC"), "utf-8")
    changed = out.read_bytes()
    assert run("export", project, out).failed_plainly()
    assert out.read_bytes() == changed
    assert run("export", project, out, "--replace").code == 0
    assert b"ORG" in out.read_bytes()


def test_a_split_is_kept_in_the_project_unless_a_window_is_open(run: Any, project: Path, tmp_path: Path) -> None:
    words = ("export", project, tmp_path / "out.jsonl", "--state", "all", "--split", "50/0/50", "--group", "day")
    with Session.open(project) as session:
        answer = run(*words)
        assert answer.code == 0
        assert "is not kept" in answer.err
        assert session.project.meta("sides 50/0/50 day") == ""
    assert "is not kept" not in run(*words).err
    with Session.open(project, read_only=True) as session:
        assert "a1" in session.project.meta("sides 50/0/50 day")
    assert run(*words[:-3], "--group", "day").failed_plainly()


def test_the_guidelines_version(run: Any, project: Path) -> None:
    assert run("guidelines", project).out == ""
    assert run("guidelines", project, " 2.1 ").code == 0
    assert run("guidelines", project).out == "2.1\n"
    assert json.loads(run("guidelines", project, "", "--json").out) == {"version": ""}


def test_export_works_beside_an_open_window(run: Any, project: Path, tmp_path: Path) -> None:
    with Session.open(project) as session:
        session.finish(2)
        assert [record["id"] for record in exported(run, project, tmp_path / "out.jsonl")] == ["a1", "a2"]
        assert session.row(2) is not None
        assert session.progress().articles[ArticleState.DONE] == 2


def test_quiet_leaves_only_results_and_errors(run: Any, project: Path, tmp_path: Path) -> None:
    assert run("export", project, tmp_path / "out.jsonl", "--quiet") == (0, "", "")
    assert run("--quiet", "new", tmp_path / "a.annot") == (0, "", "")
    assert run("export", project, project, "--quiet").failed_plainly()


# Import, export, import


def test_an_export_comes_back_as_the_same_bytes(run: Any, project: Path, tmp_path: Path) -> None:
    words = ("--state", "all", "--with-rejected")
    run("export", project, tmp_path / "one.jsonl", *words)
    assert run("new", tmp_path / "other.annot", "--labels", "conll", "--model", "blank:en").code == 0
    assert run("import", tmp_path / "other.annot", tmp_path / "one.jsonl", "--strict").code == 0
    run("export", tmp_path / "other.annot", tmp_path / "two.jsonl", *words)
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_one_long_file_gives_a_sign_of_life_with_every_record(project: Path, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "in.jsonl", {"text": "Ana won."}, {"text": "Bo lost."})
    told: list[tuple[int, int]] = []
    with Session.open(project) as session:
        session.import_files([file, file], progress=lambda done, total: told.append((done, total)))
    assert told[:2] == [(0, 1), (0, 1)]
    assert set(told[2:]) == {(1, 1)}, "then the new articles are compared with all that are there"


# Order and near-duplicates

WIRE = "Bergen's new harbour was opened on Monday by the mayor, who had asked for it for more than 14 years. "
WIRE += "It cost 900 million crowns, twice of what had been planned, and ships from 80 countries are to call there. "


def test_the_order_is_said_chosen_and_kept(run: Any, project: Path) -> None:
    assert json.loads(run("order", project, "--json").out)["order"] == "given"
    answer = run("order", project, "--by", "topics", "--random", "0")
    assert answer.code == 0
    assert answer.out.startswith("topics, 0 % picked at random\n")
    told = json.loads(run("order", project, "--json").out)
    assert (told["order"], told["random"]) == ("topics", 0)
    assert told["articles"]["topics"] == 1, "the other one is done and keeps its reason"
    assert sum(told["articles"].values()) == 2
    assert "given" in run("order", project, "--by", "given").out


def test_an_order_or_a_share_that_is_not_there(run: Any, project: Path) -> None:
    for words in (("--by", "best"), ("--random", "101"), ("--random", "many")):
        assert run("order", project, *words).failed_plainly()
    assert json.loads(run("order", project, "--json").out)["order"] == "given"


def test_help_explains_every_order(run: Any) -> None:
    shown = " ".join(run("order", "--help").out.split())
    assert all(order.about in shown for order in ORDERS)


def test_suggesting_follows_the_order_of_work(run: Any, tmp_path: Path, reads: list[int]) -> None:
    path = tmp_path / "many.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en") as session:
        session.add_articles(
            {
                "text": f"Article {number} of many.",
                "meta": {"published": f"20{99 - number // 12}-{12 - number % 12:02}"},
            }
            for number in range(450)
        )
    run("order", path, "--by", "date", "--random", "0")
    run("suggest", path)
    assert reads == list(range(450, 0, -1))
    run("suggest", path)
    assert len(reads) == 450


def test_an_export_of_those_picked_at_random(run: Any, project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run("order", project, "--random", "100")
    with Session.open(project) as session:
        picked = [f"a{each}" for each in (1, 2) if session.row(each).picked == "random"]  # type: ignore[union-attr]
    assert "a2" in picked
    assert run("export", project, out, "--picked", "random", "--state", "all").code == 0
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == picked
    run("order", project, "--random", "0")
    left = picked[:-1]  # the one that is done keeps what gave it its place
    answer = run("export", project, out, "--picked", "random", "--state", "all")
    assert answer.code == (0 if left else 2)
    assert not left or [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == left


def test_an_export_of_none_says_what_is_missing(run: Any, tmp_path: Path) -> None:
    with Session.open(tmp_path / "a.annot", create=True, model="blank:en") as session:
        session.order.choose("given", 100)
        session.add_articles([{"text": "Oslo is cold."}])
    answer = run("export", tmp_path / "a.annot", tmp_path / "out.jsonl", "--picked", "random")
    assert "No article picked at random is done yet" in answer.err


def test_a_split_of_chosen_articles_is_noted(run: Any, project: Path, tmp_path: Path) -> None:
    split = ("export", project, tmp_path / "out.jsonl", "--state", "all", "--split", "0/0/100")
    run("order", project, "--random", "0")
    with Session.open(project, read_only=True) as session:
        strangers = sum(not session.row(each).is_random for each in (1, 2))  # type: ignore[union-attr]
    assert f"{strangers} of 2 articles in dev and test" in run(*split).err
    with Session.open(project) as session:
        session.finish(2)
    assert "at random" not in run(*split).err  # nothing is left that could have been left out by choice


@pytest.fixture
def wires(tmp_path: Path) -> Path:
    """A project with one story in two papers, the first of them done, and the same again undecided."""
    path = tmp_path / "wires.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en") as session:
        session.add_articles(
            {"id": name, "text": text} for name, text in (("a", WIRE), ("b", WIRE + "\n"), ("c", "Oslo."))
        )
        session.decide(1, [(0, 6, "LOC")])
    return path


def test_twins_are_listed(run: Any, wires: Path, project: Path) -> None:
    (group,) = json.loads(run("twins", wires, "--json").out)["groups"]
    assert [(twin["id"], twin["state"]) for twin in group] == [("a", "done"), ("b", "new")]
    assert "Group 1\n  done  a  Bergen's new" in run("twins", wires).out
    answer = run("twins", project)
    assert (answer.code, answer.out) == (0, "")
    assert "No two articles" in answer.err


def test_twins_are_skipped_or_given_the_decisions(run: Any, wires: Path) -> None:
    assert "1 decisions taken over, in 1 articles" in run("twins", wires, "--take-over").err
    with Session.open(wires) as session:
        article = session.article(2)
        assert [(article.surface(span), span.label, article.state) for span in article.confirmed] == [
            ("Bergen", "LOC", ArticleState.DONE)
        ]
        session.undo()
    assert "1 articles skipped" in run("twins", wires, "--skip").err
    assert "0 articles skipped" in run("twins", wires, "--skip").err
    assert run("twins", wires, "--skip", "--take-over").failed_plainly()


def test_twins_of_an_older_project_are_looked_for(run: Any, wires: Path) -> None:
    with Session.open(wires) as session, session.project.transaction():
        session.project.connection.execute("UPDATE article SET twin_of = NULL")
    assert "No two articles" in run("twins", wires).err
    answer = run("twins", wires, "--find")
    assert "1 more articles are nearly the same" in answer.err
    assert "Group 1" in answer.out


def test_an_import_says_how_many_are_nearly_the_same(run: Any, wires: Path, tmp_path: Path) -> None:
    (tmp_path / "late.txt").write_text(WIRE.replace(" on Monday", ""), "utf-8")
    assert "1 of 1 article imported, 1 nearly the same as another." in run("import", wires, tmp_path / "late.txt").out


@pytest.mark.parametrize("quiet", [False, True])
def test_looking_through_a_project_from_elsewhere_has_a_bar(
    run: Any, project: Path, monkeypatch: pytest.MonkeyPatch, quiet: bool
) -> None:
    made: list[tuple[str, str, bool]] = []
    told: list[int] = []

    class Bar(terminal.Bar):
        def __init__(self, title: str, unit: str, *, quiet: bool = False, after: float = 1.0) -> None:
            super().__init__(title, unit, quiet=quiet, after=after)
            made.append((title, unit, quiet))

        def __call__(self, done: int, total: int) -> None:
            told.append(total - done)

    monkeypatch.setattr(terminal, "Bar", Bar)
    monkeypatch.setattr(watch, "_TURN", 0)
    sent = Path(shutil.copy(project, project.with_name("sent\x1b[2J.annot")))
    assert run("stats", sent, *(["--quiet"] if quiet else [])).code == 0
    assert made[0] == (r"Looking through sent\x1b[2J.annot", "rows", quiet)
    assert told[-1] == 0
    assert len(told) > 1
