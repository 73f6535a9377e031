"""The entries that persons made, read once and kept up to date step by step: a list may have thousands."""

from annotator.model.pattern import Pattern
from annotator.store import memory as rows
from annotator.store.project import Project

_FEW = 500  # entries that are read one by one

Key = tuple[str, bool]


class ByHand:
    """Entries by their rows, as of the newest step that was looked at."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._step = rows.newest_step(project)
        self._by_id = {pattern.id: pattern for pattern in rows.patterns(project)}
        self._by_key = {pattern.key: pattern for pattern in self._by_id.values()}

    def all(self) -> list[Pattern]:
        """All, the oldest first."""
        return sorted(self._by_id.values(), key=lambda pattern: pattern.id or 0)

    def at(self, key: Key) -> Pattern | None:
        """The entry of this key, see `Pattern.key`."""
        return self._by_key.get(key)

    def by_key(self) -> dict[Key, Pattern]:
        """All by their keys."""
        return dict(self._by_key)

    def catch_up(self) -> tuple[list[Pattern], list[Pattern]]:
        """Read what steps changed since; returns the entries that are gone and those in their place."""
        touched = rows.touched_patterns(self._project, since=self._step)
        self._step = rows.newest_step(self._project)
        fresh = rows.patterns(self._project, touched if len(touched) <= _FEW else None)
        now = {pattern.id: pattern for pattern in fresh}
        gone = [self._by_id.pop(row_id) for row_id in touched if row_id in self._by_id]
        came = [now[row_id] for row_id in sorted(touched) if row_id in now]
        self._by_id |= {pattern.id: pattern for pattern in came}
        for pattern in gone:
            self._by_key.pop(pattern.key, None)
        self._by_key |= {pattern.key: pattern for pattern in came}
        return gone, came
