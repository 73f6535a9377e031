"""The memory of a session: what decisions taught, entries made by hand, lists in, patterns out."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.errors import KnownError
from annotator.model.pattern import Pattern
from annotator.model.span import Suggestion
from annotator.session import NEVER, Changed, Entry, Session
from annotator.session.book import ORDERS
from annotator.suggest import Reading
from annotator.suggest.patterns import Patterns

TEXT = "Alibaba met BNN in May. Later, may Alibaba and ALIBABA stay in China?"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Three articles with the same text, nothing decided."""
    path = tmp_path / "words.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as opened:
        opened.add_articles([{"id": f"a{n}", "text": f"{TEXT} {n}"} for n in range(3)])
        yield opened


def reject(session: Session, article_id: int, surface: str, label: str) -> None:
    """Have a source propose the words, and refuse it."""
    at = TEXT.index(surface)
    proposed = [Suggestion(at, at + len(surface), label, 0.5, "made-up")]
    session.keep_reading(article_id, "blank:en", Reading([], proposed))
    session.reject(article_id, (at, at + len(surface)))


def add(session: Session, article_id: int, surface: str, label: str) -> None:
    at = TEXT.index(surface)
    session.add(article_id, at, at + len(surface), label)


def told(entry: Entry | None) -> tuple[object, ...]:
    assert entry is not None
    return entry.label, entry.confirmed, entry.rejected, entry.others, round(entry.confidence, 3)


def shown(session: Session, search: str = "", label: str | None = None, order: str = "use") -> list[str]:
    return [entry.surface for entry in session.memory.entries(search, label, order=order)]


# What it knows


def test_it_learns_from_every_decision(session: Session) -> None:
    assert session.memory.entries() == []
    add(session, 1, "Alibaba", "ORG")
    assert told(session.memory.entry("Alibaba")) == ("ORG", 1, 0, (), 0.833)
    add(session, 2, "Alibaba", "ORG")
    add(session, 3, "Alibaba", "LOC")
    assert told(session.memory.entry("Alibaba")) == ("ORG", 2, 0, (("LOC", 1),), 0.643)
    entry = session.memory.entry("Alibaba")
    assert entry is not None
    assert (entry.articles, entry.by, entry.against, entry.decisions, entry.pattern) == (3, "ana", 1, 3, None)
    session.undo()
    assert told(session.memory.entry("Alibaba")) == ("ORG", 2, 0, (), 0.9)


def test_what_is_rejected_again_and_again_is_not_believed(session: Session) -> None:
    for article_id in (1, 2, 3):
        reject(session, article_id, "May", "PER")
    assert told(session.memory.entry("May")) == ("PER", 0, 3, (), 0.071)
    assert session.memory.entry("may") is None


def test_search_label_order_and_pages(session: Session) -> None:
    for surface, label in (("China", "LOC"), ("BNN", "ORG"), ("ALIBABA", "ORG")):
        add(session, 1, surface, label)
    add(session, 2, "China", "LOC")
    reject(session, 3, "May", "PER")
    assert shown(session) == ["China", "ALIBABA", "BNN", "May"]
    assert shown(session, order="words") == ["ALIBABA", "BNN", "China", "May"]
    assert shown(session, order="unsure") == ["May", "ALIBABA", "BNN", "China"]
    assert shown(session, "alib") == ["ALIBABA"]
    assert shown(session, "a ch") == ["China"]
    assert shown(session, label="ORG") == ["ALIBABA", "BNN"]
    session.memory.suppress("BNN")
    assert shown(session, label=NEVER) == ["BNN"]
    assert session.memory.count(label="ORG") == 1
    pages = [[e.surface for e in session.memory.entries(limit=3, after=at, order="words")] for at in (0, 3, 6)]
    assert pages == [["ALIBABA", "BNN", "China"], ["May"], []]


def test_counting_in_a_thread(session: Session) -> None:
    add(session, 1, "Alibaba", "ORG")
    assert not session.memory.is_counted
    counting = session.memory.counting()
    thread = threading.Thread(target=lambda: session.memory.take(counting(lambda: False)))
    thread.start()
    thread.join()
    assert session.memory.is_counted
    assert shown(session) == ["Alibaba"]
    session.memory.set("BNN", "ORG")
    assert session.memory.is_counted, "entries made by hand need no counting"
    session.undo()
    session.undo()
    assert not session.memory.is_counted


# Made by hand


def test_what_a_person_says_beats_what_was_learned(session: Session) -> None:
    add(session, 1, "Alibaba", "ORG")
    told_of: list[Changed] = []
    session.subscribe(told_of.append)
    outcome = session.memory.set("Alibaba", "LOC")
    assert (outcome.verb, outcome.count) == ("memory", 1)
    assert told_of == [Changed(memory=True)]
    assert told(session.memory.entry("Alibaba")) == ("LOC", 0, 0, (("ORG", 1),), 0.5)
    session.memory.set("Alibaba", "ORG")
    assert told(session.memory.entry("Alibaba")) == ("ORG", 1, 0, (), 0.9)
    assert len(session.memory.patterns()) == 1
    session.memory.suppress("Alibaba")
    assert told(session.memory.entry("Alibaba")) == (None, 0, 0, (("ORG", 1),), 0.5)
    session.memory.remove("Alibaba")
    assert told(session.memory.entry("Alibaba")) == ("ORG", 1, 0, (), 0.833)


def test_saying_the_same_again_is_no_step(session: Session) -> None:
    session.memory.set(" BNN ", "ORG")
    assert session.memory.set("BNN", "ORG").count == 0
    session.undo()
    assert session.next_step("undo") == "import"


def test_each_edit_is_one_step_back(session: Session) -> None:
    session.memory.set_all([("Alibaba", False), ("BNN", True)], "ORG")
    session.memory.remove_all([("Alibaba", False), ("bnn", True), ("no", False)])
    assert session.memory.patterns() == []
    outcome = session.undo()
    assert outcome is not None
    assert (outcome.of, outcome.article_id) == ("memory_forget", None)
    assert [pattern.surface for pattern in session.memory.patterns()] == ["Alibaba", "BNN"]
    session.undo()
    assert session.memory.patterns() == []
    session.redo()
    assert len(session.memory.patterns()) == 2


def test_any_casing_counts_all_casings(session: Session) -> None:
    add(session, 1, "Alibaba", "ORG")
    add(session, 1, "ALIBABA", "ORG")
    session.memory.set("Alibaba", "ORG", any_case=True)
    entry = session.memory.entry("Alibaba")
    assert entry is not None
    assert (entry.confirmed, entry.any_case) == (2, True)
    assert shown(session) == ["Alibaba", "ALIBABA"], "one row for the words, one for what was learned of the other"
    session.memory.set("ALIBABA", "LOC", any_case=True)
    assert [(p.surface, p.label) for p in session.memory.patterns()] == [("ALIBABA", "LOC")]


def test_casing_can_be_changed(session: Session) -> None:
    session.memory.set("May", "PER")
    session.memory.recase("May", True)
    assert [p.any_case for p in session.memory.patterns()] == [True]
    session.memory.set("May", None)
    session.memory.recase("May", False)
    assert [(p.label, p.any_case) for p in session.memory.patterns()] == [("PER", False)], "in place of the other"
    session.undo()
    assert len(session.memory.patterns()) == 2
    with pytest.raises(KnownError, match="by hand"):
        session.memory.recase("BNN", True)


@pytest.mark.parametrize(
    ("surface", "label"), [(" ", "ORG"), ("", None), ("x" * 201, "ORG"), ("BNN", "FIRM"), ("B", "")]
)
def test_what_cannot_be_remembered(session: Session, surface: str, label: str | None) -> None:
    with pytest.raises(KnownError):
        session.memory.set(surface, label)
    assert session.memory.all_patterns() == []
    assert session.next_step("undo") == "import"


def test_a_renamed_label_is_followed_and_a_retired_one_not_used(session: Session) -> None:
    session.memory.set("BNN", "ORG")
    add(session, 1, "Alibaba", "ORG")
    session.set_labels([replace(each, name="FIRM") if each.name == "ORG" else each for each in session.labels])
    assert shown(session, label="FIRM") == ["Alibaba", "BNN"]
    session.set_labels([each for each in session.labels if each.name != "FIRM"])
    assert session.memory.patterns() == []
    assert len(session.memory.all_patterns()) == 1
    session.undo()
    assert len(session.memory.patterns()) == 1


def test_a_reader_looks_and_does_not_touch(session: Session) -> None:
    session.memory.set("BNN", "ORG")
    with Session.open(session.project.path, read_only=True) as reader:
        assert shown(reader) == ["BNN"]
        with pytest.raises(KnownError, match="reading only"):
            reader.memory.set("BNN", "LOC")


def test_entries_made_by_hand_are_found_in_the_next_article(session: Session) -> None:
    session.memory.set("China", "LOC")
    session.memory.set("alibaba", "ORG", any_case=True)
    session.memory.suppress("May")
    found = Patterns(session.memory.patterns()).find(TEXT)
    assert [(TEXT[a:b], label) for a, b, label in found] == [
        *(("Alibaba", "ORG"), ("May", None), ("Alibaba", "ORG"), ("ALIBABA", "ORG"), ("China", "LOC")),
    ]


# Lists in


def test_a_list_is_one_step_and_each_line_is_accounted_for(session: Session, tmp_path: Path) -> None:
    session.memory.set("May", None)
    session.memory.set("Oslo", "LOC")
    (tmp_path / "old.txt").write_text("BNN\tLOC\nReuters\tORG")
    session.memory.import_list(tmp_path / "old.txt")
    lines = ["Alibaba", "Oslo", "May\tPERSON", "BNN\tORG", "Reuters\tORG", "Acme\tFIRM", "Alibaba\tPER", "x" * 201, ""]
    (tmp_path / "new.txt").write_text("\n".join(lines))
    report = session.memory.import_list(tmp_path / "new.txt", "ORG")
    assert (report.added, report.replaced, report.skipped, report.rejected, report.records) == (1, 1, 1, 5, 8)
    assert {line.where: line.kind for line in report.lines} == {
        **dict.fromkeys(["new.txt:2", "new.txt:3", "new.txt:6", "new.txt:7", "new.txt:8"], "left out"),
        **{"new.txt:4": "replaced", "new.txt:5": "skipped"},
    }
    reasons = {line.where: line.reason for line in report.lines}
    assert reasons["new.txt:3"] == "a person made “May” never an entity"
    assert reasons["new.txt:7"] == "“Alibaba” is ORG at new.txt:1"
    assert (
        report.summary()
        == "2 of 8 entries put into the memory, 1 of them in place of another list's, 1 there already, 5 left out."
    )
    made = {p.surface: (p.label, p.origin) for p in session.memory.patterns()}
    assert made["BNN"] == ("ORG", "new.txt")
    assert made["Alibaba"] == ("ORG", "new.txt")
    session.undo()
    assert {p.surface: p.label for p in session.memory.patterns()} == {
        **{"May": None, "Oslo": "LOC", "BNN": "LOC", "Reuters": "ORG"},
    }


@pytest.mark.parametrize(("label", "expected"), [("ORG", "ORG"), (NEVER, None)])
def test_a_list_without_labels_takes_the_one_chosen(
    session: Session, tmp_path: Path, label: str, expected: str | None
) -> None:
    (tmp_path / "words.txt").write_text("may")
    session.memory.import_list(tmp_path / "words.txt", label, any_case=True)
    (pattern,) = session.memory.patterns()
    assert (pattern.label, pattern.any_case) == (expected, True)


def test_a_list_without_labels_and_none_chosen(session: Session, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("may")
    report = session.memory.import_list(tmp_path / "words.txt")
    assert [line.reason for line in report.lines] == ["no label stands there, and none was chosen"]
    assert session.next_step("undo") == "import"


def test_a_cancelled_import_changes_nothing(session: Session, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("\n".join(f"Name {n}" for n in range(50)))

    def cancel(done: int, total: int) -> None:
        assert total == 50
        if done == 30:
            raise KnownError("Cancelled.")

    with pytest.raises(KnownError, match="Cancelled"):
        session.memory.import_list(tmp_path / "words.txt", "ORG", progress=cancel)
    assert session.memory.all_patterns() == []


def test_ten_thousand_words_come_and_go_quickly(session: Session, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("\n".join(f"Name {n}" for n in range(10_000)))
    began = time.process_time()
    assert session.memory.import_list(tmp_path / "words.txt", "ORG").added == 10_000
    assert len(session.memory.entries(limit=None)) == 10_000
    session.undo()
    assert session.memory.entries() == []
    assert time.process_time() - began < 4.0  # seconds; 0.5 where nothing else runs


# Patterns out


def test_patterns_leave_by_the_bounds(session: Session, tmp_path: Path) -> None:
    for article_id in (1, 2):
        add(session, article_id, "China", "LOC")
    add(session, 1, "Alibaba", "ORG")
    reject(session, 3, "BNN", "ORG")
    session.memory.set("New York", "LOC", any_case=True)
    session.memory.suppress("May")
    out = tmp_path / "patterns.jsonl"
    report = session.memory.export_patterns(out)
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == [
        {"label": "ORG", "pattern": "Alibaba"},
        {"label": "LOC", "pattern": "China"},
        {"label": "LOC", "pattern": [{"LOWER": "new"}, {"LOWER": "york"}]},
    ]
    assert (report.written, report.below, report.never) == (3, 1, 1)
    assert (
        report.summary()
        == "3 patterns written, 1 less sure or less frequent left out, 1 that are never an entity left out."
    )
    before = out.read_bytes()
    session.memory.export_patterns(out)
    assert out.read_bytes() == before
    assert session.memory.export_patterns(out, least_count=2).written == 2
    assert session.memory.export_patterns(out, least_confidence=0.95).written == 1
    assert not list(tmp_path.glob(".export*"))


def test_what_leaves_comes_in_again(session: Session, tmp_path: Path) -> None:
    session.memory.set_all([("AT&T", False), ("Coca-Cola", True), ("McDonald’s", True), ("St. John’s", False)], "ORG")
    session.memory.export_patterns(tmp_path / "out.jsonl")
    before = {(p.key, p.label) for p in session.memory.patterns()}
    session.undo()
    report = session.memory.import_list(tmp_path / "out.jsonl")
    assert report.added == 4
    assert {(p.key, p.label) for p in session.memory.patterns()} == before


def test_spacy_finds_the_names(session: Session, tmp_path: Path) -> None:
    import spacy

    add(session, 1, "China", "LOC")
    session.memory.set("Ali Baba & Co.", "ORG")
    session.memory.set("coca-cola", "ORG", any_case=True)
    session.memory.set("line\u2028sep", "MISC")
    session.memory.export_patterns(tmp_path / "out.jsonl")
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").from_disk(tmp_path / "out.jsonl")
    doc = nlp("Ali Baba & Co. sells Coca-Cola and COCA-COLA in China, not in china.")
    assert [(ent.text, ent.label_) for ent in doc.ents] == [
        *(("Ali Baba & Co.", "ORG"), ("Coca-Cola", "ORG"), ("COCA-COLA", "ORG"), ("China", "LOC")),
    ]


def test_the_project_is_not_written_over(session: Session) -> None:
    session.memory.set("BNN", "ORG")
    with pytest.raises(KnownError, match="project"):
        session.memory.export_patterns(session.project.path)
    with pytest.raises(KnownError, match="There is no folder"):
        session.memory.export_patterns(session.project.path.parent / "no" / "out.jsonl")
    assert session.check() == []


def test_entries_are_patterns(session: Session) -> None:
    assert Pattern("May", None, True).key == Pattern("MAY", "ORG", True).key != Pattern("May", None).key


def test_edits_keep_all_orders_as_a_fresh_count_would_have_them(session: Session) -> None:
    """Entries are put into their places one by one; many at once are sorted anew."""
    add(session, 1, "Alibaba", "ORG")
    add(session, 2, "ALIBABA", "ORG")
    memory = session.memory
    many = [(f"Name {n}", n % 2 == 0) for n in range(600)]
    edits: list[Callable[[], object]] = [
        *(lambda: memory.set("Alibaba", None), lambda: memory.set("Alibaba", "ORG", any_case=True)),
        *(lambda: memory.set_all(many, "PER"), lambda: memory.recase("Name 1", True), lambda: memory.remove("Alibaba")),
        *(lambda: memory.set("ALIBABA", "LOC", any_case=True), session.undo, session.undo, session.undo, session.redo),
        *(lambda: memory.remove_all(many), session.undo, session.undo, session.undo, session.undo, session.undo),
    ]
    for edit in edits:
        memory.entries()
        edit()
        with Session.open(session.project.path, read_only=True) as fresh:
            for order in ORDERS:
                mine, theirs = memory.entries(limit=None, order=order), fresh.memory.entries(limit=None, order=order)
                assert mine == theirs
            assert memory.all_patterns() == fresh.memory.all_patterns()
