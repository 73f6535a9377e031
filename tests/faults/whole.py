"""What is wrong with a project after its program came to a sudden end."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from annotator import paths
from annotator.errors import KnownError
from annotator.session import Session
from tests.faults.at_work import MOST_STEPS
from tests.faults.told import State, digests, state_of

_EXPORTS = {"export_file": "out.jsonl", "export_folder": "out-brat", "export_split": "out-parts"}
_FACTS = ("sign_as", "place", "guideline", "order", "open")  # verbs that write more than a step does
_LEFT_OVER = (".export-*", "*.part", "*.tmp", "*.tmp.folder")
_MOST_LEFT_OVER = 6  # of one kill


def problem_of(path: Path, state: State | None, doing: str = "", full: bool = False) -> str:
    """What is wrong with a project; "" where it is whole and holds all that was acknowledged.

    :param state: what was acknowledged last; None where nothing was.
    :param doing: the verb that was begun and not acknowledged; its step may be there or not.
    :param full: also undo and redo everything, on a copy.
    """
    if not path.exists():
        return "" if state is None else "the project is gone"
    try:
        with Session.open(path, annotator="ana") as session:
            problems = [*session.check(), *_of_backups(session)]
            if state is not None:
                now = state_of(session.project.connection, path.parent)
                problems += [*_differences(state, now, doing), *_of_datasets(session, state, now, doing)]
    except KnownError as error:
        problems = [f"not opened again: {error}"]
    return "; ".join([*problems, *_left_over(path.parent), *(_all_the_way(path) if full else ())])


def _differences(told: State, now: State, doing: str) -> Iterator[str]:
    if now.steps < told.steps:
        yield f"{told.steps - now.steps} acknowledged steps are gone"
    elif now.steps > told.steps + (MOST_STEPS.get(doing, 1) if doing else 0):
        yield f"{now.steps - told.steps} steps more than were acknowledged, during {doing or 'nothing'}"
    elif now.steps == told.steps and now.rows != told.rows:
        yield f"the rows are not those that were acknowledged, during {doing or 'nothing'}"
    if now.facts != told.facts and doing not in _FACTS:
        yield f"who decided, or the place, is not what was acknowledged, during {doing or 'nothing'}"


def _of_datasets(session: Session, told: State, now: State, doing: str) -> Iterator[str]:
    """Each is the old one, or what the project now makes of itself."""
    changed = {
        name for name in told.datasets.keys() | now.datasets.keys() if told.datasets.get(name) != now.datasets.get(name)
    }
    if not changed:
        return
    if strangers := [name for name in changed if not name.startswith(_EXPORTS.get(doing, "-"))]:
        yield f"{', '.join(strangers)} changed during {doing or 'nothing'}"
        return
    made = _made_again(session, doing)
    for name in sorted(changed):
        if now.datasets.get(name) != made.get(name):
            what = "is gone" if name not in now.datasets else "is neither the old nor the new one"
            yield f"the dataset {name} {what}"


def _made_again(session: Session, verb: str) -> dict[str, str]:
    """What an export would write now."""
    folder = session.project.path.parent / "again"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    options: dict[str, dict[str, str]] = {
        "export_file": {},
        "export_folder": {"format": "brat"},
        "export_split": {"split": "60/20/20"},
    }
    name = _EXPORTS[verb] + (".jsonl" if verb == "export_split" else "")
    session.export(folder / name, state="all", **options[verb])  # type: ignore[arg-type]
    return digests(folder)


def _of_backups(session: Session) -> Iterator[str]:
    """Each that is listed is whole; one that was being made is there or not."""
    if broken := [backup.path.name for backup in session.backups.list() if backup.facts is None]:
        yield f"half a backup is listed: {broken[0]}"


def _left_over(folder: Path) -> Iterator[str]:
    """Halves of files that pile up."""
    own = paths.data_dir().glob("*.json.*")
    found = sorted({each.name for pattern in _LEFT_OVER for each in folder.glob(pattern)} | {each.name for each in own})
    if len(found) > _MOST_LEFT_OVER:
        yield f"{len(found)} halves of files pile up: {', '.join(found[:3])}"


def _all_the_way(path: Path) -> Iterator[str]:
    """Undo everything, redo everything: the rows are the same again."""
    copy, nothing = path.with_name("copy.annot"), path.with_name("none")
    shutil.copy(path, copy)
    with Session.open(copy, annotator="ana") as session:
        before, count = state_of(session.project.connection, nothing), 0
        while session.undo() is not None:
            count += 1
        for _ in range(count):
            session.redo()
        after = state_of(session.project.connection, nothing)
        yield from session.check()
    copy.unlink()
    if after.rows != before.rows:
        yield f"{count} steps undone and done again leave other rows"
