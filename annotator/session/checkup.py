"""Is the project whole? All that a check finds, for whoever wants more than sentences."""

from annotator.session.opened import Opened
from annotator.store.checking import checked
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
