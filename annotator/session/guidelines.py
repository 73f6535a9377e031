"""Which version of the annotation guidelines the project is labelled by."""

from annotator.model.text import storable
from annotator.session.opened import Opened

_KEY = "guideline_version"


class Guidelines:
    """A name for the guidelines in force, as "2.1" or "2026-03"; it leaves with every dataset."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    @property
    def version(self) -> str:
        """The name; "" where nobody gave one."""
        return self._opened.project.meta(_KEY)

    def set(self, version: str) -> None:
        """Another version is in force from now on; "" for none. It is a fact about the project and no step.

        :raises KnownError: the project is open for reading only.
        """
        self._opened.may_write()
        with self._opened.project.transaction():
            self._opened.project.set_meta(_KEY, storable(version.strip())[0])
