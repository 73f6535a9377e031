"""Is the project whole? All that a check finds, for whoever wants more than sentences."""

from collections.abc import Iterator
from contextlib import closing

from annotator.session.opened import Opened
from annotator.store import signs
from annotator.store.backups import connected
from annotator.store.checking import checked
from annotator.store.signs import Sign
from annotator.store.verdict import Verdict
from annotator.store.watch import Progress


class Checkup:
    """Looks at an open project from end to end, which changes nothing."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def run(self, progress: Progress | None = None) -> Verdict:
        """What is wrong, which articles are damaged, and what is safe.

        :param progress: called now and then with (what is done, what there is to do); what it raises ends the check.
        """
        return checked(self._opened.project.connection, progress=progress)

    def run_beside(self, progress: Progress) -> Verdict:
        """The same through a connection of its own, so that the project can be used in `progress`.

        Where nobody else can look into the project, nobody is told how far it is.
        """
        project = self._opened.project
        if project.alone or project.read_only:
            return self.run()
        with closing(connected(project.path, "mode=ro")) as own:
            return checked(own, progress=progress)

    # What is seen in passing, without a check

    def at_opening(self) -> list[Sign]:
        """What shows at once that somebody or something changed the project outside the program."""
        return list(signs.at_opening(self._opened.project.connection))

    def of_article(self, article_id: int) -> Sign | None:
        """The same of one article; None where it is as it was left."""
        project = self._opened.project
        return signs.of_article(project.connection, article_id, project.path.stat().st_size)

    def in_history(self) -> Iterator[Sign | None]:
        """The same of the history, a millisecond's work between two answers; None for a part that holds."""
        return signs.in_history(self._opened.project.connection)
