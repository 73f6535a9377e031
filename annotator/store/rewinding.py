"""Articles of a project as another state of it has them: what differs, and the rows that bring them back.

The other state is a copy of the same project, mostly an earlier one; articles, spans and labels are recognised by
their uids, which both have.
"""

from functools import cached_property
from typing import Any

from annotator.store import labels as label_rows
from annotator.store.history import TRACKED, Row, Step, tracked_row
from annotator.store.project import Project
from annotator.store.values import LAST

Known = tuple[Any, ...]
_SAID = ("state", "flagged", "comment")  # of an article as a whole


class Rewinding:
    """Two states of one project.

    :param now: what may be written.
    :param then: what is only read; of the same version.
    """

    def __init__(self, now: Project, then: Project) -> None:
        self._now, self._then = now, then

    @cached_property
    def ids(self) -> dict[int, int]:
        """From an article's number then to its number now; without articles that are not there now."""
        query = "SELECT uid, id FROM article"
        now = dict(self._now.connection.execute(query).fetchall())
        return {number: now[uid] for uid, number in self._then.connection.execute(query) if uid in now}

    @cached_property
    def _since(self) -> int | None:
        """The newest step then; None where the present state did not come from that one.

        That is so after an older copy took the project's place.
        """
        last = self._then.connection.execute("SELECT seq, uid FROM step ORDER BY seq DESC LIMIT 1").fetchone()
        if last is None:
            return 0
        row = self._now.connection.execute("SELECT uid FROM step WHERE seq = ?", [last[0]]).fetchone()
        return int(last[0]) if row is not None and row[0] == last[1] else None

    def touched(self) -> frozenset[int] | None:
        """Articles (by their numbers now) that a step changed since then; None where nobody can tell."""
        if self._since is None:
            return None
        return frozenset(number for (number,) in self._now.connection.execute(_TOUCHED, [self._since]))

    def differs(self, then_id: int) -> bool:
        """Is another thing decided now in an article that is there in both?"""
        return self._decided(self._then, then_id) != self._decided(self._now, self.ids[then_id])

    @staticmethod
    def _decided(project: Project, article_id: int) -> tuple[list[Known], ...]:
        return tuple(project.connection.execute(query, [article_id]).fetchall() for query in _DECIDED)

    # Bringing it back

    def write(self, step: Step, then_ids: list[int]) -> None:
        """Make articles what they were then: spans, asides, state, flag and comment, with who decided and when.

        Labels that their spans need are added again, or brought back from the retired ones.
        """
        labels = self._labels(step, self._needed(then_ids))
        annotators = self._annotators()
        for then_id in then_ids:
            now_id = self.ids[then_id]
            self._write_rows(step, "span", then_id, now_id, labels, annotators)
            self._write_rows(step, "aside", then_id, now_id, labels, annotators)
            before = tracked_row(self._now.connection, "article", now_id)
            said = tracked_row(self._then.connection, "article", then_id)
            assert before is not None
            assert said is not None
            after = before | {key: said[key] for key in _SAID}
            if after != before:
                step.write("article", before, after)

    def _write_rows(
        self, step: Step, table: str, then_id: int, now_id: int, labels: dict[int, int], annotators: dict[int, int]
    ) -> None:
        """Takes away first what is not as it was: two rows may have traded places."""
        there = {row["uid"]: row for row in _rows(self._now, table, now_id)}
        wanted = {}
        for row in _rows(self._then, table, then_id):
            number = there[row["uid"]]["id"] if row["uid"] in there else self._free(table, row["id"])
            moved = {"id": number, "article_id": now_id, "annotator_id": annotators.get(row["annotator_id"])}
            if table == "span":
                moved |= {key: labels.get(row[key]) for key in ("label_id", "was_label_id")}
            wanted[row["uid"]] = row | moved
        for uid, row in there.items():
            if wanted.get(uid) != row:
                step.write(table, row, None)
        for uid, row in wanted.items():
            if there.get(uid) != row:
                step.write(table, None, row)

    def _free(self, table: str, row_id: int) -> int | None:
        """The number that it had; a new one where the present state may have given that to another row meanwhile."""
        if self._since is None:
            return None
        taken = self._now.connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", [row_id]).fetchone()
        return None if taken else row_id

    def _annotators(self) -> dict[int, int]:
        rows = self._then.connection.execute("SELECT id, name FROM annotator").fetchall()
        return {number: label_rows.annotator_id(self._now, name) for number, name in rows}

    def _needed(self, then_ids: list[int]) -> set[int]:
        """The labels, by their numbers then, that spans of these articles have."""
        return {row["label_id"] for each in then_ids for row in _rows(self._then, "span", each)}

    def _labels(self, step: Step, needed: set[int]) -> dict[int, int]:
        """From a label's number then to its number now."""
        now = _all(self._now, "label")
        by_uid, by_name = ({row[key]: row for row in now} for key in ("uid", "name"))
        numbers = {}
        for row in _all(self._then, "label"):
            there = by_uid.get(row["uid"]) or by_name.get(row["name"])
            key = "" if any(row["key"] == other["key"] for other in now if not other["retired"]) else row["key"]
            if there is None:
                last = min(max((other["position"] for other in now), default=-1), LAST)
                added = row | {"id": None, "position": last + 1, "key": key, "retired": int(row["id"] not in needed)}
                numbers[row["id"]] = step.write("label", None, added)
                now.append(added)
                continue
            if there["retired"] and row["id"] in needed:
                step.write("label", there, there | {"retired": 0, "key": key})
            numbers[row["id"]] = there["id"]
        return numbers


def _rows(project: Project, table: str, article_id: int) -> list[Row]:
    return _all(project, table, "WHERE article_id = ?", article_id)


def _all(project: Project, table: str, where: str = "", *values: int) -> list[Row]:
    columns = TRACKED[table]
    names = ",".join(f'"{column}"' for column in columns)
    rows = project.connection.execute(f"SELECT {names} FROM {table} {where} ORDER BY id", values)
    return [dict(zip(columns, row, strict=True)) for row in rows]


_DECIDED = (
    "SELECT state, flagged, comment FROM article WHERE id = ?",
    'SELECT start, "end", label.uid, state FROM span JOIN label ON label.id = label_id'
    " WHERE article_id = ? ORDER BY 1, 2, 3, 4",
    "SELECT start, \"end\", state FROM aside WHERE article_id = ? AND state <> 'suggested' ORDER BY 1, 2, 3",
)
# A change is [table, before, after]; a row of an article says which, or is the article itself.
_TOUCHED = """
SELECT DISTINCT coalesce(
    json_extract(value, '$[1].article_id'), json_extract(value, '$[2].article_id'),
    CASE json_extract(value, '$[0]')
        WHEN 'article' THEN coalesce(json_extract(value, '$[1].id'), json_extract(value, '$[2].id')) END
) AS article FROM step, json_each(changes) WHERE seq > ? AND article IS NOT NULL
"""
