"""A check finds every kind of damage, says where it is and what is safe, and touches nothing."""

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.errors import KnownError
from annotator.session import Session
from annotator.store import signs, watch
from annotator.store.checking import check_file
from annotator.store.migrations import APPLICATION_ID

DUMPS = sorted((Path(__file__).parents[1] / "data" / "projects").glob("v*.sql"))
TEXT = "Alibaba opened a lab in Hangzhou. Reuters said so."
OWN = {"state": "done", "schema": "annotator/1", "offsets": "codepoint"}


def record(uid: str) -> dict[str, Any]:
    """As this program exports it: a decided span that no step tells of, an aside and a suggestion."""
    spans = [{"start": 0, "end": 7, "label": "ORG"}, {"start": 24, "end": 32, "label": "LOC", "decision": "relabel"}]
    spans[1]["was"] = {"start": 24, "end": 32, "label": "ORG"}
    asides = [{"start": 34, "end": 50, "state": "suggested"}]
    meta = {"title": f"About {uid}", "source": "Reuters", "published": "2017-10-11"}
    return {"id": uid, "text": f"{TEXT} {uid}", "spans": spans, "asides": asides, "meta": meta, **OWN}


def work(session: Session) -> None:
    """Something of every kind."""
    one, two = session.add_articles([record("a1"), record("a2")])
    session.add_articles([{"id": "a3", "text": TEXT, "spans": [{"start": 34, "end": 41, "label": "ORG"}]}])
    session.add_articles([record("gone")])
    session.undo()
    session.relabel(one, (0, 7), "MISC")
    session.add(two, 34, 41, "ORG")
    session.comment(two, "“why?”")
    session.memory.set("Damo", "ORG")
    session.set_labels([replace(label, name=f"{label.name}-2") for label in session.labels])
    session.asides.mark(two, (0, 7))
    session.reject(one, (24, 32))
    session.undo()
    session.confirm(3, (34, 41))


@pytest.fixture(scope="session")
def worked(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a project on which work was done; its steps are 1 to 12."""
    path: Path = tmp_path_factory.mktemp("worked") / "news.annot"
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        work(session)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, worked: bytes) -> Path:
    path = tmp_path / "news.annot"
    path.write_bytes(worked)
    return path


def behind(path: Path, script: str) -> None:
    """Change rows behind the program's back: without triggers, which are as before afterwards."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.executescript(script)
        for _, sql in triggers:
            connection.execute(sql)


ARTICLE_2 = "Article 2 (About a2): "
NOT_AS_LEFT = ARTICLE_2 + "what is said of it, its spans or its asides are not as they were left"
NOT_WRITTEN = "it is not what was written"
PUT_IN = "uid, verb, target, undo_top, redo_top, below, article_id, start, end, annotator_id, at, changes, spread, hash"
COPIED = PUT_IN.replace("uid", "uid || '-2'", 1)

# what somebody or something does to the file, and what the check says
DAMAGES = [
    ("UPDATE article_text SET text = replace(text, 'lab', 'lac') WHERE article_id = 2", ARTICLE_2 + "its text is not"),
    ("DELETE FROM article_text WHERE article_id = 2", ARTICLE_2 + "its text is missing"),
    ("UPDATE article SET title = 'About a3' WHERE id = 2", "Article 2 (About a3): what is said of it"),
    ("UPDATE article SET source = 'AFP' WHERE id = 2", NOT_AS_LEFT),
    ("UPDATE article SET published = '2017-10-12' WHERE id = 2", NOT_AS_LEFT),
    ("UPDATE article SET meta = '{}' WHERE id = 2", NOT_AS_LEFT),
    ("UPDATE article SET uid = 'a4' WHERE id = 2", NOT_AS_LEFT),
    ("UPDATE article SET comment = 'why?' WHERE id = 2", NOT_AS_LEFT),
    ("UPDATE article SET flagged = 1 WHERE id = 2", NOT_AS_LEFT),
    ("UPDATE article SET state = 'open' WHERE id = 2", NOT_AS_LEFT),
    ("UPDATE article SET seal = '' WHERE id = 2", NOT_AS_LEFT),
    ("UPDATE article SET confirmed = 5", "counts of spans of an article"),
    ("DELETE FROM article WHERE id = 3; DELETE FROM article_text WHERE article_id = 3", "Import 2 brought 1 articles"),
    ("UPDATE article SET id = 9 WHERE id = 3", "Article 9 (Alibaba opened a lab in Hangzhou. Reuters said so.): "),
    (
        "UPDATE article SET twin_of = CASE id WHEN 2 THEN 3 ELSE 2 END WHERE id > 1",
        "Article 2 is the twin of no earlier",
    ),
    # what came with an import
    ("UPDATE span SET start = start + 1, end = end + 1 WHERE article_id = 2 AND start = 0", NOT_AS_LEFT),
    ("UPDATE span SET label_id = 4 WHERE article_id = 2 AND start = 0", NOT_AS_LEFT),
    ("UPDATE span SET was_end = 33 WHERE article_id = 2 AND start = 24", NOT_AS_LEFT),
    ("UPDATE span SET end = 99 WHERE article_id = 2 AND start = 24", "(24-99) reaches beyond its text"),
    ("UPDATE span SET confidence = 0.5 WHERE article_id = 2 AND start = 24", NOT_AS_LEFT),
    ("DELETE FROM span WHERE article_id = 2 AND start = 0", NOT_AS_LEFT),
    ("UPDATE span SET article_id = 2 WHERE article_id = 1 AND start = 0", NOT_AS_LEFT + "|Article 1 (About a1): what"),
    (
        "UPDATE aside SET state = 'cleared', annotator_id = 1, at = 'now' WHERE article_id = 2 AND start = 34",
        NOT_AS_LEFT,
    ),
    ("UPDATE aside SET end = 999 WHERE article_id = 2 AND start = 34", "(34-999) reaches beyond its text"),
    ("UPDATE suggestion SET spans = substr(spans, 1, 9)", "it has suggestions that cannot be read (import)"),
    ("UPDATE suggestion SET spans = zeroblob(20)", "it has suggestions that cannot be read (import)"),
    # what steps tell of
    ("UPDATE span SET end = 42 WHERE article_id = 2 AND start = 34", NOT_AS_LEFT + "|is not as the history left it"),
    ("UPDATE pattern SET surface = 'Dame'", "Pattern 1 is not as the history left it"),
    ("DELETE FROM pattern", "Pattern 1 is in the history, but not there"),
    ("INSERT INTO pattern VALUES (2, 'p', 'Dame', 1, 0, '')", "Pattern 2 is not as the history left it"),
    ("UPDATE import SET files = '[1]' WHERE id = 1", "Import 1 is not as the history left it"),
    ("DELETE FROM import WHERE id = 1", "Import 1 is in the history, but not there"),
    ("UPDATE label SET name = 'LOCO' WHERE name = 'LOC-2'", "The labels are not as they were left|Label 3 is not"),
    ("DELETE FROM meta WHERE key = 'labels_seal'", "The labels are not as they were left"),
    ("UPDATE annotator SET name = 'anna'", "Annotator 1 (anna) has not the name that was written"),
    # what was taken back
    ("UPDATE gone_article_text SET text = 'Other.'", "Article 4 (About gone), whose import was taken back, is not"),
    ("UPDATE gone_span SET start = start + 1", "Article 4 (About gone), whose import was taken back, is not"),
    (
        "INSERT INTO gone_article SELECT * FROM article WHERE id = 2",
        "Import 1 stands, and 1 of its articles are put away",
    ),
    # the history
    ("UPDATE step SET verb = 'confirm' WHERE seq = 6", f"Step 6 (confirm, AT): {NOT_WRITTEN}"),
    ("UPDATE step SET at = '2001' WHERE seq = 6", f"Step 6 (add, 2001): {NOT_WRITTEN}"),
    ("UPDATE step SET article_id = 1 WHERE seq = 6", f"Step 6 (add, AT): {NOT_WRITTEN}"),
    ("UPDATE step SET spread = 1 - spread WHERE seq = 6", f"Step 6 (add, AT): {NOT_WRITTEN}"),
    ("UPDATE step SET hash = NULL WHERE seq = 6", f"Step 6 (add, AT): {NOT_WRITTEN}"),
    ("UPDATE step SET undo_top = 3 WHERE seq = 6", "Step 6 (add, AT): the next undo or redo is not the one"),
    ("UPDATE step SET changes = replace(changes, '34', '33') WHERE seq = 6", "is not as the history left it"),
    ("UPDATE step SET changes = '[' WHERE seq = 6", "Step 6 (add, AT): it cannot be read (JSONDecodeError)"),
    ("UPDATE step SET changes = '[[1]]' WHERE seq = 6", "Step 6 (add, AT): it cannot be read (TypeError)"),
    ("DELETE FROM step WHERE seq = 7", f"Step 8 (memory, AT): {NOT_WRITTEN}"),
    ("DELETE FROM step WHERE seq = (SELECT max(seq) FROM step)", "History: 1 steps are missing at its end"),
    ("DELETE FROM step WHERE seq > 6", "steps are missing at its end"),
    ("DELETE FROM step", "steps are missing at its end"),
    ("DELETE FROM meta WHERE key = 'history_head'", "History: it is not known which step is the newest"),
    (
        "DELETE FROM step; DELETE FROM meta WHERE key = 'history_head'",
        "History: it ends with step 0, and there was a step",
    ),
    ("UPDATE meta SET value = 'x' WHERE key = 'project_uid'", f"Step 1 (import, AT): {NOT_WRITTEN}"),
    (
        "UPDATE step SET seq = 99 WHERE seq = 6; UPDATE step SET seq = 6 WHERE seq = 7;"
        " UPDATE step SET seq = 7 WHERE seq = 99",
        f"Step 6 (comment, AT): {NOT_WRITTEN}",
    ),
    (f"INSERT INTO step ({PUT_IN}) SELECT {COPIED} FROM step WHERE seq = 6", f"(add, AT): {NOT_WRITTEN}"),
    # what belongs to the program
    ("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'span'", "Counts: the next row of span would get a number that"),
    ("INSERT INTO uncounted VALUES (1)", "Counts: they are switched off"),
    ("CREATE TRIGGER t AFTER INSERT ON step BEGIN SELECT 1; END", "Schema: the trigger t "),
    ("CREATE VIEW v AS SELECT 1", "Schema: the view v "),
]


# what of that is seen without a check: where it is, and what is said of it
SIGNS = [
    (
        "UPDATE step SET verb = 'confirm' WHERE seq = 6",
        "step 6",
        "step 6 of its history is not the one that was written",
    ),
    ("DELETE FROM step WHERE seq > 6", "step 7", "the history does not end where it did"),
    ("DELETE FROM meta WHERE key = 'history_head'", "step 14", "the history does not end where it did"),
    ("UPDATE label SET name = 'LOCO' WHERE name = 'LOC-2'", "labels", "the labels are not as they were left"),
    ("UPDATE annotator SET name = 'anna' WHERE id = 1", "annotator 1", "the annotator anna had another name"),
]


@pytest.mark.parametrize(("script", "where", "what"), SIGNS)
def test_what_was_changed_outside_is_seen_at_opening(path: Path, script: str, where: str, what: str) -> None:
    with Session.open(path) as session:
        assert session.checkup.at_opening() == []
    behind(path, script)
    with Session.open(path) as session:
        (sign,) = session.checkup.at_opening()
        assert sign == (where, what)


@pytest.mark.parametrize(("newest", "what"), [(100, "step 6 of"), (2, "")])
def test_of_a_long_history_only_the_newest_steps_are_looked_at_and_the_others_bit_by_bit(
    path: Path, monkeypatch: pytest.MonkeyPatch, newest: int, what: str
) -> None:
    monkeypatch.setattr(signs, "_NEWEST", newest)
    monkeypatch.setattr(signs, "_AT_ONCE", 2)
    with Session.open(path) as session:
        assert session.checkup.at_opening() == []
        assert set(session.checkup.in_history()) == {None}
    behind(path, "UPDATE step SET verb = 'confirm' WHERE seq = 6")
    with Session.open(path) as session:
        assert "".join(sign.what for sign in session.checkup.at_opening()).startswith(what)
        *held, last = session.checkup.in_history()
        assert held == [None, None]
        assert last is not None
        assert last.where == "step 6"


def test_an_article_that_was_changed_outside_is_seen_when_it_is_shown(path: Path) -> None:
    behind(path, "UPDATE article SET comment = 'x' WHERE id = 2")
    with Session.open(path) as session:
        assert session.checkup.at_opening() == []
        assert session.checkup.of_article(1) is None
        sign = session.checkup.of_article(2)
        assert sign is not None
        assert sign.where == "article 2"
        assert sign.what.startswith("the article “About a2”: what is said of it, its spans or its asides are not as")


def test_what_is_written_between_two_looks_is_no_sign(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Session.open(path) as session, Session.open(path, read_only=True) as reader:
        really, flags = signs.chain.head, [True]

        def late(connection: sqlite3.Connection) -> object:
            if flags:
                session.flag(1, flags.pop())
            return really(connection)

        monkeypatch.setattr(signs.chain, "head", late)
        assert reader.checkup.at_opening() == []
        assert session.article(1).flagged


@pytest.mark.parametrize(("script", "says"), DAMAGES, ids=lambda part: part[:60])
def test_every_kind_of_damage_is_found(path: Path, script: str, says: str) -> None:
    behind(path, script)
    problems = check_file(path).problems
    with closing(sqlite3.connect(path)) as connection:
        times = {at for (at,) in connection.execute("SELECT at FROM step")}
    for each in says.split("|"):
        meant = {each.replace("AT)", f"{at})") for at in times} if "AT)" in each else {each}
        assert any(part in problem for part in meant for problem in problems), problems


def test_a_step_of_another_project_fits_nowhere(path: Path, tmp_path: Path) -> None:
    """Though it is the same step of the same work."""
    other = tmp_path / "other.annot"
    with Session.open(other, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        work(session)
    behind(
        path,
        f"ATTACH '{other}' AS other; DELETE FROM step WHERE seq = 8;"
        " INSERT INTO step SELECT * FROM other.step WHERE seq = 8; DETACH other",
    )
    problems = check_file(path).problems
    assert any(problem.startswith("Step 8 (") and NOT_WRITTEN in problem for problem in problems)


def test_a_step_behind_a_cut_does_not_mend_the_chain(path: Path) -> None:
    behind(path, "DELETE FROM step WHERE seq = (SELECT max(seq) FROM step)")
    with Session.open(path) as session:
        session.comment(1, "and on")
        problems = session.check()
    assert any("(comment, " in problem and NOT_WRITTEN in problem for problem in problems)


# What is whole


def test_of_a_whole_project_all_is_verified(path: Path) -> None:
    verdict = check_file(path)
    assert verdict.problems == ()
    assert verdict.summary() == "All holds: 3 articles, 6 decisions verified."
    assert (verdict.steps, verdict.steps_verified) == (13, 13)


def test_what_is_safe_is_said(path: Path) -> None:
    behind(path, "UPDATE span SET end = end + 1 WHERE article_id = 2 AND start = 0; DELETE FROM step WHERE seq = 9")
    verdict = check_file(path)
    assert verdict.damaged == {2: "About a2"}
    assert verdict.summary() == (
        "Damage in 1 of 3 articles; 3 decisions verified."
        " Safe: 2 articles with 3 decisions, the labels, the history up to step 8."
    )


def test_a_history_that_was_cut_off_is_not_called_whole(path: Path) -> None:
    """And no article is called damaged because it is newer than the history that is left."""
    behind(path, "DELETE FROM step WHERE seq > 9")
    verdict = check_file(path)
    assert verdict.problems[0] == "History: 4 steps are missing at its end"
    assert verdict.summary() == (
        "Damage in 0 of 3 articles; 6 decisions verified."
        " Safe: 3 articles with 6 decisions, the labels, the history up to step 9."
    )


def test_decisions_are_safe_though_suggestions_are_not(path: Path) -> None:
    behind(path, "UPDATE suggestion SET spans = zeroblob(20)")
    verdict = check_file(path)
    assert (verdict.count_damaged, verdict.decisions) == (1, 6)


@pytest.mark.parametrize("seed", range(4))
def test_random_work_with_imports_and_restarts_is_whole(tmp_path: Path, random_work: ModuleType, seed: int) -> None:
    path, random = tmp_path / "news.annot", Random(seed)
    for start in range(3):
        with Session.open(path, create=True, labels="conll", annotator=f"ana {start}") as session:
            new = [each | {"id": f"{start}-{each['id']}"} for each in random_work.records(3, random)]
            session.add_articles([*new, record(f"r{start}")])
            worker = random_work.Worker(session, random)
            worker.read_all()
            for _ in range(25):
                worker.work()
            assert session.check() == []
            session.add_articles([record(f"again {start}"), record(f"and {start}")])
            undo_and_redo(session, random)
            assert session.check() == []
    assert check_file(path).problems == ()


def undo_and_redo(session: Session, random: Random) -> None:
    """Some steps back, over imports too, some forth again, and on from there."""
    for verb in (session.undo, session.redo):
        for _ in range(random.randint(1, 12)):
            verb()
        assert session.check() == []
    if ids := session.article_ids():
        session.comment(random.choice(ids), "on from here")


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_older_projects_are_whole_and_stay_so(tmp_path: Path, dump: Path) -> None:
    path = tmp_path / "news.annot"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(dump.read_text("utf-8"))
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        old.execute(f"PRAGMA user_version = {int(dump.stem[1:])}")
    with Session.open(path) as session:
        assert session.check() == []
        session.undo()
        session.redo()
        session.add(2, 6, 13, "ORG")
        session.add_articles([record("new")])
        while session.undo():
            assert session.check() == []
        while session.redo():
            assert session.check() == []


numbers = st.floats(0, 1) | st.sampled_from([0, 1, -0.0, 5e-324, 0.1 + 0.2, None])


@settings(deadline=None, max_examples=30)
@given(confidence=numbers, comment=st.text(max_size=20), source=st.text(max_size=20))
def test_whatever_is_stored_is_what_was_sealed(
    tmp_path_factory: pytest.TempPathFactory, worked: bytes, confidence: Any, comment: str, source: str
) -> None:
    path = tmp_path_factory.mktemp("sealed") / "news.annot"
    path.write_bytes(worked)
    span = {"start": 0, "end": 7, "label": "ORG-2", "confidence": confidence, "source": source}
    fields = {"meta": {"title": comment, "source": source}, "comment": comment, "spans": [span]}
    with Session.open(path, annotator="ana") as session:
        suggested, decided = session.add_articles(
            [{"id": "s", "text": TEXT, "spans": [span]}, {"id": "d", "text": TEXT, **OWN, **fields}]
        )
        session.confirm(suggested, session.article(suggested).spans[0])
        session.comment(decided, comment)
        assert session.check() == []
        session.undo()
        assert session.check() == []


# How it is done


def test_a_check_changes_no_byte(path: Path) -> None:
    (path.parent / "alone").mkdir()
    path = path.rename(path.parent / "alone" / path.name)
    before = path.read_bytes()
    check_file(path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_check_of_a_project_with_a_log_changes_no_byte(path: Path, tmp_path: Path) -> None:
    """As a kill leaves it: what was decided last is in the log alone."""
    killed = tmp_path / "killed.annot"
    with Session.open(path) as session:
        session.comment(1, "in the log")
        for suffix in ("", "-wal"):
            shutil.copy(f"{path}{suffix}", f"{killed}{suffix}")
    files = [killed, killed.with_name("killed.annot-wal")]
    before = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    verdict = check_file(killed)
    assert (verdict.problems, verdict.steps) == ((), 14)
    assert [hashlib.sha256(file.read_bytes()).hexdigest() for file in files] == before


def test_a_project_in_the_middle_of_a_step_is_checked_as_before_it_and_left_as_it_is(
    path: Path, tmp_path: Path
) -> None:
    """As a kill leaves it where there is no log but a journal, which to play back would be to write."""
    killed = tmp_path / "killed.annot"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA cache_size = 2; PRAGMA journal_mode = TRUNCATE; BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO meta VALUES (?, ?)", [(f"key {n}", "x" * 3000) for n in range(50)])
        for suffix in ("", "-journal"):
            shutil.copy(f"{path}{suffix}", f"{killed}{suffix}")
    files = [killed, killed.with_name("killed.annot-journal")]
    before = [file.read_bytes() for file in files]
    assert check_file(killed).holds
    assert [file.read_bytes() for file in files] == before
    with Session.open(killed) as session:
        assert session.check() == []


def test_a_project_can_be_checked_while_somebody_works_on_it(path: Path) -> None:
    with Session.open(path) as session:
        session.comment(1, "one")
        assert check_file(path).holds
        session.comment(1, "two")
        assert session.checkup.run().holds
        session.comment(1, "three")
        assert session.check() == []


def page_of(path: Path, table: str) -> int:
    """Where the root page of a table begins."""
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", [table]).fetchone()
        return int((root - 1) * connection.execute("PRAGMA page_size").fetchone()[0])


@pytest.mark.parametrize("table", ["article", "article_text", "span", "aside", "step", "label", "gone_span", "meta"])
@pytest.mark.parametrize("noise", [b"\xff", b"\x00"])
def test_damage_in_one_table_does_not_hide_the_rest(path: Path, table: str, noise: bytes) -> None:
    behind(path, "UPDATE annotator SET name = 'anna'; UPDATE article_tally SET n = n + 1 WHERE state = 'new'")
    data, at = bytearray(path.read_bytes()), page_of(path, table)
    data[at : at + 4096] = noise * 4096
    path.write_bytes(data)
    verdict = check_file(path)
    assert any(problem.startswith("Integrity: ") for problem in verdict.problems)
    assert any("(anna) has not the name" in problem for problem in verdict.problems)
    assert any("counts of articles by state" in problem or "Counts: cannot" in problem for problem in verdict.problems)
    # the third article has no asides that could be damaged
    assert verdict.decisions == {"article": 0, "article_text": 0, "span": 0, "aside": 1}.get(table, 6)


@pytest.mark.parametrize("change", [4096, 1, -1, -4096])
def test_a_file_of_another_size_than_it_says(path: Path, change: int) -> None:
    data = path.read_bytes()
    path.write_bytes(data + bytes(change) if change > 0 else data[:change])
    problems = check_file(path).problems
    assert any(
        f"The file has {len(data) + change:,} bytes" in problem or "malformed" in problem for problem in problems
    )


def test_a_schema_that_cannot_be_read_is_said_once(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data.replace(b"CREATE TABLE span", b"CREATE TABLE \xce\xce\xce\xce", 1))
    verdict = check_file(path)
    assert len(verdict.problems) <= 2
    assert verdict.summary().endswith("Nothing in it is certain to be safe.")


def test_how_far_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_TURN", -1.0)
    calls: list[tuple[int, int]] = []
    check_file(path, lambda done, total: calls.append((done, total)))
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    assert calls[-1][0] == calls[-1][1] == calls[0][1]


def test_it_can_be_interrupted_in_the_middle_of_a_query(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from annotator.store import checking

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "_OPERATIONS", 1)
    with Session.open(path) as session:
        with pytest.raises(KeyboardInterrupt):
            session.checkup.run(interrupt)
        session.comment(1, "the project is still in use")
        assert session.check() == []


def test_it_gives_up_in_the_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_PATIENCE", -100.0)
    verdict = check_file(path)
    assert "Articles: cannot be read to the end (it took too long)" in verdict.problems
    assert not verdict.decisions


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "There is no project"),
        (b"", "is not an Annotator project"),
        (b"SQLite format 3\x00" + bytes(84), "is not an Annotator project"),
        (b"SQLite format 3\x00" + b"\x00" * 44 + b"\x00\x00\x00\x63" + bytes(40), "was made by a newer version"),
    ],
)
def test_what_cannot_be_checked(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "news.annot"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KnownError, match=says):
        check_file(path)


def flipped(path: Path, whole: bytes, chance: Random) -> Iterator[Callable[[], None]]:
    """Ways to damage a file that its owner would notice sooner or later."""
    at = chance.randrange(len(whole))
    page = chance.randrange(1, len(whole) // 4096) * 4096
    for data in (
        whole[:at],
        whole[:at] + chance.randbytes(16) + whole[at + 16 :],
        whole[:page] + chance.randbytes(4096) + whole[page + 4096 :],
        whole[:page] + whole[4096:8192] + whole[page + 4096 :],
    ):
        yield lambda data=data: path.write_bytes(data)  # type: ignore[misc]


@pytest.mark.parametrize("seed", range(12))
def test_no_damage_breaks_the_check(path: Path, worked: bytes, seed: int) -> None:
    for damage in flipped(path, worked, Random(seed)):
        damage()
        try:
            check_file(path)
        except KnownError as error:
            assert "project" in error.title or "version" in error.title  # noqa: PT017
