"""Somebody who works on a project with every verb there is, and tells before and after each.

Used by whatever kills, stops or starves the program: `begin` is told before a verb, `did` after it, with what the
project then holds.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from annotator.model.article import ArticleState
from annotator.session import Session
from tests.faults.forks import Message, Tell
from tests.faults.old_projects import DUMPS
from tests.faults.random_work import Worker, records
from tests.faults.told import State, state_of

ARTICLES, BATCH = 12, 60  # at first, and in a file that is imported
MODEL = "blank:en"  # loads fast
MOST_STEPS = {"elsewhere": 2}  # a correction, and the same in other articles; all other verbs write one
_OLD = "old-{}.annot"
_DECIDE = ("confirm", "reject", "relabel", "resize", "add", "relabel_all", "decide", "finish", "comment", "aside")


class Hand:
    """Works on a project until killed.

    :param path: the project, made where it is not there; datasets and batches lie in its folder.
    :param prepare: is given each newly opened session, as to set another journal mode.
    """

    def __init__(
        self, path: Path, chance: Random, tell: Tell, prepare: Callable[[Session], None] | None = None
    ) -> None:
        self.path, self.folder, self.chance, self._tell = path, path.parent, chance, tell
        self._prepare = prepare
        self._session: Session | None = None
        self._state: State | None = None
        self._count = 0
        random_work = ("remember", "forget", "labels", "elsewhere", *_DECIDE)
        self.verbs: dict[str, Callable[[], object]] = {
            **{name: lambda name=name: self._at_random(name) for name in random_work},
            **{name: getattr(self, name) for name in VERBS if hasattr(self, name)},
        }

    @property
    def session(self) -> Session:
        assert self._session is not None
        return self._session

    def do(self, verb: str) -> None:
        """Do one thing, and tell of it before and after."""
        if self._session is None and verb not in ("open", "migrate"):
            self.do("open")
        self._tell({"at": "begin", "verb": verb})
        began = time.perf_counter()
        self.verbs[verb]()
        seconds = time.perf_counter() - began
        if self._session is not None:
            self._state = state_of(self._session.project.connection, self.folder)
        self._tell(_did(verb, seconds, self._state))

    def do_something(self) -> None:
        """Mostly decisions, now and then anything."""
        self.do(self.chance.choice(_DECIDE) if self.chance.random() < 0.7 else self.chance.choice(VERBS))

    # Verbs

    def open(self) -> None:
        """Also makes the project where it is not there yet."""
        if self._session is not None:
            return
        self._session = session = Session.open(self.path, create=True, labels="conll", model=MODEL, annotator="ana")
        if self._prepare is not None:
            self._prepare(session)
        if not session.article_ids():
            session.add_articles(records(ARTICLES, self.chance))
        self.worker = Worker(session, self.chance)
        for article_id in session.article_ids()[:ARTICLES]:
            if not session.article(article_id).spans:
                self.worker.read_again(article_id)

    def close(self) -> None:
        session, self._session = self.session, None
        session.close()

    def import_file(self) -> None:
        """Articles that were never there, some of them twins."""
        self._count += 1
        name = f"batch-{self.chance.randrange(10**9)}"
        source = self.folder / "batch.jsonl"
        batch = [{**each, "id": f"{name}-{n}"} for n, each in enumerate(records(BATCH, self.chance))]
        batch[1]["text"] = batch[0]["text"] + " "
        source.write_text("".join(json.dumps(each) + "\n" for each in batch), "utf-8")
        self.session.import_files(source)

    def take_import_back(self) -> None:
        """Or import, where the newest step is none."""
        if self.session.progress().total > ARTICLES and self.session.next_step("undo") == "import":
            self.session.undo()
        else:
            self.import_file()

    def undo(self) -> None:
        if not (self.session.next_step("undo") == "import" and self.session.progress().total <= ARTICLES):
            self.session.undo()

    def redo(self) -> None:
        self.session.redo()

    def export_file(self) -> None:
        self.session.export(self.folder / "out.jsonl", state="all", replace=True)

    def export_folder(self) -> None:
        self.session.export(self.folder / "out-brat", format="brat", state="all", replace=True)

    def export_split(self) -> None:
        self.session.export(self.folder / "out-parts.jsonl", state="all", split="60/20/20", replace=True)

    def learn(self) -> None:
        """What was decided is learned and kept; then one more article is suggested in."""
        self.session.learn()
        self.session.learning.save()
        self.session.suggest(self.chance.choice(self.session.article_ids()))

    def sign_as(self) -> None:
        self.session.sign_as(self.chance.choice(("ana", "ben", f"guest {self.chance.randrange(100)}")))

    def place(self) -> None:
        self.session.remember_place(self.chance.choice(self.session.article_ids()), 1)

    def guideline(self) -> None:
        self.session.guidelines.set(f"version {self.chance.randrange(1000)}")

    def memory_list(self) -> None:
        listed = self.folder / "words.txt"
        listed.write_text("".join(f"Word {self.chance.randrange(500)}\n" for _ in range(30)), "utf-8")
        self.session.memory.import_list(listed, self.session.labels[0].name)

    def twins(self) -> None:
        """Each one step: leave copies out, or give them what was decided on the other."""
        twins = self.session.twins
        done = [row for row in twins.groups() if any(twin.state is ArticleState.DONE for twin in row)]
        if done:
            twins.take_over(twins.to_take_over())
        else:
            twins.skip(twins.to_skip())

    def order(self) -> None:
        self.session.order.choose(self.chance.choice(("given", "date", "topics")), 20)

    def backup(self) -> None:
        self.session.backups.make()

    def migrate(self) -> None:
        """Open a project of an earlier version, which lies there ready."""
        old = self.folder / _OLD.format(self.chance.choice(DUMPS).stem)
        if old.exists():
            Session.open(old, annotator="ana").close()

    def _at_random(self, name: str) -> None:
        ids = self.session.article_ids()[: ARTICLES + BATCH]
        getattr(self.worker, name)(self.chance.choice(ids))


VERBS = (
    *_DECIDE,
    *("undo", "redo", "remember", "forget", "memory_list", "elsewhere", "twins", "labels"),
    *("import_file", "take_import_back", "export_file", "export_folder", "export_split", "learn"),
    *("sign_as", "place", "guideline", "order", "backup", "close", "open", "migrate"),
)


def old_project(folder: Path, version: str) -> Path:
    """Where `migrate` looks for a project of an earlier version."""
    return folder / _OLD.format(version)


def _did(verb: str, seconds: float, state: State | None) -> Message:
    return {"at": "did", "verb": verb, "seconds": seconds, "state": state}
