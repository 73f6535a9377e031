"""Rows and labels; annotators."""

import json
from typing import Any

from annotator.model.label import Label
from annotator.store.history import Row, Step, tracked_row
from annotator.store.identity import new_uid
from annotator.store.project import Project
from annotator.store.seals import annotator_seal
from annotator.store.values import stored

_COLUMNS = "id, uid, name, colour, key, description, from_model, retired"


def labels(project: Project) -> tuple[Label, ...]:
    """All labels in their order, the retired ones too."""
    rows = project.connection.execute(f"SELECT {_COLUMNS} FROM label ORDER BY position, id")
    return tuple(
        Label(name, colour, key, description, tuple(stored(theirs, list)), bool(retired), row_id, uid)
        for row_id, uid, name, colour, key, description, theirs, retired in rows
    )


def label_row(label: Label, position: int) -> Row:
    """A label as the row it is stored in."""
    return {
        "id": label.id,
        "uid": label.uid or new_uid(),
        "name": label.name,
        "position": position,
        "colour": label.colour,
        "key": label.key,
        "description": label.description,
        "from_model": json.dumps(label.from_model, ensure_ascii=False),
        "retired": int(label.retired),
    }


def write_labels(step: Step, project: Project, wanted: tuple[Label, ...]) -> None:
    """Make these the labels, in this order; one that is missing here is retired, never deleted."""
    kept = {label.id for label in wanted}
    gone = [label for label in labels(project) if label.id not in kept]
    rows = [label_row(label, position) for position, label in enumerate(wanted)]
    rows += [{**label_row(label, len(rows) + n), "retired": 1} for n, label in enumerate(gone)]
    _make_room(step, project, rows)
    for row in rows:
        before = None if row["id"] is None else tracked_row(project.connection, "label", row["id"])
        if before != row:
            step.write("label", before, row)


def _make_room(step: Step, project: Project, rows: list[Row]) -> None:
    """Names are unique at every moment: where two labels trade names, one goes by its uid meanwhile."""
    names = {row["name"]: row["id"] for row in rows}
    for label in labels(project):
        if label.id is not None and names.get(label.name, label.id) != label.id:
            before = tracked_row(project.connection, "label", label.id)
            assert before is not None
            step.write("label", before, {**before, "name": str(label.uid)})


def tally(project: Project) -> dict[str, int]:
    """Confirmed spans by label name."""
    rows: list[Any] = project.connection.execute(
        "SELECT name, coalesce(n, 0) FROM label LEFT JOIN label_tally"
        " ON label_id = label.id AND state = 'confirmed' ORDER BY position"
    ).fetchall()
    return {name: int(n) for name, n in rows}


def annotator_id(project: Project, name: str) -> int:
    """The row of an annotator, made where there is none; inside a transaction when it may be new."""
    connection = project.connection
    row = connection.execute("SELECT id FROM annotator WHERE name = ?", [name]).fetchone()
    if row is None:
        uid = new_uid()
        cursor = connection.execute(
            "INSERT INTO annotator (uid, name, seal) VALUES (?, ?, ?)", [uid, name, annotator_seal(uid, name)]
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid
    return int(row[0])
