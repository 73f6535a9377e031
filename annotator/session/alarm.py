"""The alarm: how many decided spans one step may change before somebody has to say that it is meant."""

from collections.abc import Iterator
from contextlib import contextmanager

from annotator.session.opened import Opened


class Alarm:
    """Of an open project; without a limit, as it is at first, every step is let through."""

    def __init__(self, opened: Opened) -> None:
        self._project = opened.project

    @property
    def limit(self) -> int | None:
        """A step that would change or remove more decided spans raises MassChangeError; None for any number."""
        return self._project.alarm

    @limit.setter
    def limit(self, spans: int | None) -> None:
        self._project.alarm = spans

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Inside, every step is let through: somebody was asked."""
        limit, self.limit = self.limit, None
        try:
            yield
        finally:
            self.limit = limit
