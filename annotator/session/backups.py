"""Backups: made when it is time and before much changes, looked at, and restored article by article or whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from annotator.errors import KnownError
from annotator.model.article import AnnotatedArticle, ArticleState
from annotator.session.copying import Copying
from annotator.session.opened import Opened
from annotator.session.outcome import Outcome
from annotator.session.sheet import Sheet
from annotator.store import articles as article_rows
from annotator.store import backups, restoring
from annotator.store import labels as label_rows
from annotator.store import spans as span_rows
from annotator.store.backups import Backup
from annotator.store.project import Project
from annotator.store.rewinding import Rewinding
from annotator.store.snapshots import OnProgress, Snapshot

BY_HAND, SCHEDULE, CLOSE, BEFORE_RESTORE = "by-hand", "schedule", "close", "before-restore"
RESTORE = "restore"  # the verb
LARGE = 500_000_000  # bytes; such a project is not copied when it is closed, where a copy is recent
_RECENT = timedelta(hours=2)

OnEnded = Callable[[Backup | None, KnownError | None], None]


@dataclass(frozen=True, slots=True)
class Then:
    """An article as a backup has it.

    :param is_there: the project has it now, too; else the import that it came with was taken back.
    :param changed: another thing is decided in it now.
    """

    id: int
    title: str
    state: ArticleState
    confirmed: int
    rejected: int
    is_there: bool
    changed: bool


class Look:
    """What is in a backup, beside what is in the project now. Close it, or use it in a `with`.

    :raises KnownError: it is damaged, or a newer version made it.
    """

    def __init__(self, opened: Opened, backup: Backup, progress: OnProgress | None = None) -> None:
        self.backup = backup
        if backup.facts is None:
            raise KnownError("This backup is damaged.", "Take another one.")
        self._project = Project(backup.path, read_only=True, progress=progress)
        self.rewinding = Rewinding(opened.project, self._project)
        self._known = span_rows.names(self._project)
        self.hues = {label.name: label.colour for label in label_rows.labels(self._project)}

    def articles(self) -> list[Then]:
        """All articles of the backup, in its order of work."""
        touched, ids = self.rewinding.touched(), self.rewinding.ids
        found = []
        for row_id, title, state, confirmed, rejected in article_rows.outlines(self._project):
            now = ids.get(row_id)
            may_differ = now is not None and (touched is None or now in touched)
            changed = may_differ and self.rewinding.differs(row_id)
            found.append(Then(row_id, title, state, confirmed, rejected, now is not None, changed))
        return found

    def article(self, article_id: int) -> AnnotatedArticle:
        """An article with its decided spans and asides as they were; suggestions are left out.

        :raises KnownError: the backup has no such article.
        """
        return Sheet(self._project, article_id, self._known).annotated({})

    def close(self) -> None:
        """Let go of the file. May be repeated."""
        self._project.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        self.close()


class Backups:
    """The backups of an open project.

    `automatic`: one is made before much changes at once (off at first: scripts say it). `in_background`: such a one
    holds the state of its moment, and is written in a thread of its own, while the change goes on. `listeners` are
    told of each that was made so, or why it could not be: that never stands in the way of a decision.
    """

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self.automatic = self.in_background = False
        self.listeners: list[OnEnded] = []
        self._copying = Copying(self._tell)
        opened.secure = self.before

    def _tell(self, backup: Backup | None, trouble: KnownError | None) -> None:
        for listener in self.listeners:
            listener(backup, trouble)

    @property
    def folder(self) -> Path:
        """Where they are; it may not be there yet."""
        return backups.folder_for(backups.uid_of(self._opened.project.connection))

    def list(self) -> list[Backup]:
        """All of them, the newest first."""
        return backups.in_folder(self.folder) or backups.backups_of(self._opened.project.path)

    # Making them

    def make(self, reason: str = BY_HAND, progress: OnProgress | None = None) -> Backup:
        """Copy the project as it is now; where nothing changed since the last backup, that one is the answer.

        :param reason: small letters, digits and "-".
        :param progress: called with (bytes written, bytes in all); what it raises ends it, and there is none then.
        :raises KnownError: there is no room, or the folder cannot be written to; the project is untouched.
        """
        snapshot = self._snapshot(reason)
        newest = snapshot.newest
        if newest is not None and newest.facts == snapshot.facts:
            snapshot.close()
            return newest
        return snapshot.copy(progress)

    def make_in_background(self, reason: str = SCHEDULE) -> bool:
        """Begin one, where something changed since the last; the listeners are told when it is there.

        :returns: whether there was something to copy.
        """
        try:
            snapshot = self._changed_since_last(reason)
        except KnownError as error:
            self._tell(None, error)
            return False
        if snapshot is not None:
            self._copying.add(snapshot)
        return snapshot is not None

    def before(self, reason: str) -> None:
        """Much is about to change: keep what is there, where that is wanted; the listeners hear of it."""
        if not self.automatic:
            return
        try:
            snapshot = self._changed_since_last(reason)
            if snapshot is None:
                return
            if self.in_background and snapshot.is_frozen:
                self._copying.add(snapshot)
            else:
                self._tell(snapshot.copy(), None)
        except KnownError as error:
            self._tell(None, error)

    def _snapshot(self, reason: str) -> Snapshot:
        project = self._opened.project
        project.check_identity()  # else it would be another file, read together with this one's log
        return Snapshot(project.path, reason, None if project.read_only else project.connection)

    def _changed_since_last(self, reason: str) -> Snapshot | None:
        snapshot = self._snapshot(reason)
        newest, waiting = snapshot.newest, self._copying.last
        if snapshot.facts in (waiting, newest.facts if newest else None) or not snapshot.facts.seq:
            snapshot.close()
            return None
        return snapshot

    # The end

    @property
    def is_busy(self) -> bool:
        """Is one being written in the background?"""
        return self._copying.is_busy

    @property
    def done(self) -> tuple[int, int]:
        """(bytes written, bytes in all) of the one in the background."""
        return self._copying.done

    def hurry(self) -> None:
        """Nobody decides any more: write what is being written as fast as the disk does."""
        self._copying.hurry()

    def stop(self) -> None:
        """Give up what is being written in the background."""
        self._copying.stop()

    def make_last(self, progress: OnProgress | None = None) -> Backup | None:
        """The one on closing; None where nothing changed since the last.

        A project of more than 500 MB is left as it is where a backup is younger than two hours: copying it would
        hold up the window for seconds, and its decisions are in the project all the same.

        :raises KnownError: it could not be made.
        """
        snapshot = self._changed_since_last(CLOSE)
        if snapshot is None:
            return None
        newest = snapshot.newest
        age = datetime.now(UTC) - newest.at if newest is not None else None
        if snapshot.size > LARGE and age is not None and timedelta(0) <= age < _RECENT:
            snapshot.close()
            return None
        return snapshot.copy(progress)

    # Looking and restoring

    def look(self, backup: Backup, progress: OnProgress | None = None) -> Look:
        """What is in a backup; close it in the end.

        :param progress: called with (rows looked at, rows in all) where it was never looked at before.
        :raises KnownError: it is damaged, or a newer version made it.
        """
        return Look(self._opened, backup, progress)

    def restore_articles(self, backup: Backup, ids: Sequence[int]) -> Outcome:
        """Make articles what they were: spans, asides, state, flag and comment, as one step, which undo takes back.

        Labels that their spans need are added again, or brought back from the retired ones.

        :param ids: as `Look.articles` has them.
        :raises KnownError: one is not in the project now, or not in the backup; nothing is changed then.
        """
        self._opened.may_write()
        with self.look(backup) as then:
            for article_id in ids:
                if article_id not in then.rewinding.ids:
                    raise KnownError(
                        f"“{then.article(article_id).article.title}” is not in the project now.",
                        "Redo its import first, or restore the whole backup to a new file.",
                        detail=f"It is article {article_id} of the backup.",
                    )
            self.before(BEFORE_RESTORE)
            wanted = list(dict.fromkeys(ids))
            return self._opened.write_rewound(RESTORE, lambda step: then.rewinding.write(step, wanted))

    def restore(self, backup: Backup, to: str | Path) -> Path:
        """Make a new project of a whole backup; the present one stays as it is.

        :raises KnownError: there is something already, or it cannot be written.
        """
        path = Path(to)
        restoring.to_new_file(backup, path)
        return path


def restore_in_place(backup: Backup, project: Path) -> Path:
    """Put a whole backup in the place of a project that nobody has open.

    The present file is backed up, where it can be read, and kept beside it in any case.

    :returns: where it is kept.
    :raises KnownError: it is in use, or the disk stands in the way; the present file is untouched then.
    """
    keep_present(project)
    return restoring.in_place(backup, project)


def keep_present(project: Path) -> None:
    """Back up a project that nobody has open, where it can be read and is in no backup yet."""
    try:
        snapshot = Snapshot(project, BEFORE_RESTORE)
        if any(each.facts == snapshot.facts for each in backups.backups_of(project)):
            snapshot.close()
        else:
            snapshot.copy()
    except KnownError:
        pass  # too damaged, or no room: whoever replaces it keeps it as it is
