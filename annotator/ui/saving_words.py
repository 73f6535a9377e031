"""The sentences about what is on the disk, and what stands in the way of it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from annotator.session.outcome import counted
from annotator.store.backups import Backup
from annotator.store.origins import is_other
from annotator.ui import words

_MOST = 8  # decisions that are named
NOT_SAVED = "Not saved"
REFUSED = "Nothing was changed."
SUGGESTIONS_LOST = "Suggestions cannot be kept: the disk is full or cannot be written to."
LOOK_ONLY = "This project is open to look at only: nothing can be changed here."
NO_FILE = "The project file was moved, deleted or replaced while it was open."
SAVE_BEFORE = "What was decided is in memory only. Save it in a new file before it is closed."
MAKE_ROOM = "Make room before it is full: a decision for which there is no room is refused."
FULL = "The disk is full, or nearly. Make room on it, then open the project to write."

AFTER_CHANGE = "Work can go on. Check what is as it was left; earlier states of it are among the backups."
AFTER_DAMAGE = "Nothing was changed by this check. A backup can bring back single articles, and all of the project."

WHERE_IT_MAY_BE = "If it was moved, open it where it is now."
OPEN_IT = "Open that one"
NO_NOTICE = "There is no notice above the article that waits for an answer."


def gone(path: Path) -> str:
    """The project opened last is not there."""
    return f"{path.name} is not where it was, so another project was opened: {path}"


def changed_outside(what: str) -> str:
    """A project is not as the program left it.

    :param what: half a sentence.
    """
    return f"Somebody or something changed this project outside the program: {what}."


def back_to(backup: Backup, project: Path) -> str:
    """The button that goes back to a backup."""
    decisions = backup.facts.decisions if backup.facts is not None else 0
    other = f", of {backup.origin.name}" if backup.origin is not None and is_other(backup.origin, project) else ""
    return f"Back to {words.backup_at(backup.at)} ({counted(decisions, 'decision')}{other})"


def look_only(why: str) -> str:
    """What a key says that would change something.

    :param why: it is open to look at only; "" where that is not known.
    """
    return f"Open to look at only: {why or 'nothing can be changed here.'}"


def still_looking(why: str) -> str:
    """Said where writing was asked for, and is not possible yet."""
    return f"Still open to look at only: {why or 'nothing can be changed here.'}"


def no_writing(path: Path) -> str:
    """Why a project can only be looked at."""
    return f"{path.name} or its folder cannot be written to. Copy it to a folder that you may write to."


def refused(title: str, decisions: int) -> str:
    """Several decisions were not saved, for one reason."""
    return f"{title.partition(':')[0]}: {decisions} decisions were NOT saved."


def which(advice: str, steps: Sequence[str]) -> str:
    """What to do about several decisions that were not saved, and which they are, the last first."""
    listed = [*reversed(steps)][:_MOST]
    more = f"; and {len(steps) - _MOST} more before" if len(steps) > _MOST else ""
    return f"{advice} They are, the last first: {'; '.join(listed)}{more}."


def comment_unsaved(comments: int) -> str:
    """Comments that were typed and refused."""
    if comments == 1:
        return "A comment is NOT saved yet. It is kept here until it is."
    return f"{comments} comments are NOT saved yet. They are kept here until they are."


def little_room(free: int) -> str:
    """The disk is nearly full.

    :param free: in bytes.
    """
    return f"Only {max(free, 0) // 1_000_000} MB are free on the disk of this project."


def rescued(path: Path) -> str:
    """Where all that was decided is, now that the project's own file has gone."""
    return f"Everything decided before it is safe, in {path}"


def is_back(project: Path) -> str:
    """The file was moved, and is where it was, as it was."""
    return f"{project.name} was moved meanwhile and is back: all that is decided is saved there again."


def is_rescued(of: Path) -> str:
    """Said of a project that was rescued."""
    return f"This is the rescued copy of {of.name}."


def original(of: Path, *, is_there: bool) -> str:
    """Where the file is that a rescued copy was made of."""
    if is_there:
        return f"The file itself is there again, without what was decided here since: {of}"
    return f"The file itself is not there: {of}"


def not_rescued(folder: str, reason: str) -> str:
    """Why nothing was rescued, and what to do now.

    :param reason: an error's title.
    """
    why = reason.partition(":")[0].rstrip(".")
    return (
        f"What was decided is in memory only: it could not be saved in {folder} ({why}). "
        "Save it in a folder on another disk, or make room there."
    )


def saved_now() -> str:
    """Said after every commit."""
    return f"Saved {datetime.now():%H:%M:%S}"
