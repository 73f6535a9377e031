"""Errors that are the environment's or the user's, apart from bugs."""

from pathlib import Path


class KnownError(Exception):
    """Something outside the program is wrong: a full disk, a bad file, an unknown label.

    Shown as one message in the window and as one line on the command line (exit code 2);
    nothing has been changed. Any other exception is a bug.

    :param title: what happened, one sentence.
    :param advice: what to do about it, one sentence; may be empty.
    :param option: what does it on the command line, as "--strict"; told only there.
    """

    def __init__(self, title: str, advice: str = "", option: str = "") -> None:
        super().__init__(f"{title} {advice}".strip())
        self.title = title
        self.advice = advice
        self.option = option

    def as_line(self) -> str:
        """All of it, as the command line says it."""
        return f"{self} (Option: {self.option})" if self.option else str(self)


class InUseError(KnownError):
    """Somebody else writes to the project.

    :param process: the number of the process that does; None where nobody can tell.
    :param host: the machine that it runs on; "" for this one.
    :param name: the name under which it is open, where that is another one than was asked for.
    """

    def __init__(
        self, title: str, advice: str = "", process: int | None = None, host: str = "", name: Path | None = None
    ) -> None:
        super().__init__(title, advice)
        self.process, self.host, self.name = process, host, name


class NewerError(KnownError):
    """A newer version of the program made the project; it was not touched."""


class DamagedError(KnownError):
    """The project's file is damaged.

    :param problems: one sentence for each thing that is wrong.
    """

    def __init__(self, title: str, advice: str = "", problems: tuple[str, ...] = ()) -> None:
        super().__init__(title, advice)
        self.problems = problems


class ForeignPartsError(DamagedError):
    """The file has parts that a project never has, as a trigger of somebody else's; its data can be imported."""


class MovedError(KnownError):
    """The project's file was moved, deleted or replaced while it was open; `Session.rescue` saves all that it held."""


class DiskError(KnownError):
    """The disk stood in the way: full, failing, or not to be written to. Nothing of the step was written.

    :param full: making room is enough to go on.
    """

    def __init__(self, title: str, advice: str = "", full: bool = False) -> None:
        super().__init__(title, advice)
        self.full = full


class MassChangeError(KnownError):
    """A step would change more decided spans at once than the person wants to be asked about; nothing was changed.

    :param spans: how many.
    """

    def __init__(self, title: str, advice: str = "", spans: int = 0) -> None:
        super().__init__(title, advice)
        self.spans = spans
