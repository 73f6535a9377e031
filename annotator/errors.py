"""Errors that are the environment's or the user's, apart from bugs."""

from pathlib import Path


class KnownError(Exception):
    """Something outside the program is wrong: a full disk, a bad file, an unknown label.

    Shown as one message in the window and as one line on the command line (exit code 2);
    nothing has been changed. Any other exception is a bug.

    :param title: what happened, one sentence.
    :param advice: what to do about it, one sentence; may be empty.
    :param option: what does it on the command line, as "--strict"; told only there.
    :param detail: numbers, names in the file, another library's words; told to programmers, on the command line
        and in Python, and not to who labels.
    """

    def __init__(self, title: str, advice: str = "", option: str = "", detail: str = "") -> None:
        super().__init__(" ".join(filter(None, (title, advice, detail and f"({detail})"))))
        self.title = title
        self.advice = advice
        self.option = option
        self.detail = detail

    @property
    def plain(self) -> str:
        """What happened and what to do, as the window says it."""
        return f"{self.title} {self.advice}".strip()

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

    def __init__(self, title: str, advice: str = "", problems: tuple[str, ...] = (), detail: str = "") -> None:
        super().__init__(title, advice, detail=detail)
        self.problems = problems


class ForeignPartsError(DamagedError):
    """The file has parts that a project never has, as a trigger of somebody else's; its data can be imported."""


class MovedError(KnownError):
    """The project's file was moved, deleted or replaced while it was open; `Session.rescue` saves all that it held."""


class DiskError(KnownError):
    """The disk stood in the way: full, failing, or not to be written to. Nothing of the step was written.

    :param full: making room is enough to go on.
    :ivar verb: of the step; "" where it is not known.
    :ivar article_id: the article of the step; None where it is about several, or none.
    :ivar place: (start, end) in it that the step is about; None where it is about all of it.
    """

    def __init__(self, title: str, advice: str = "", full: bool = False, detail: str = "") -> None:
        super().__init__(title, advice, detail=detail)
        self.full = full
        self.verb = ""
        self.article_id: int | None = None
        self.place: tuple[int, int] | None = None


class MassChangeError(KnownError):
    """A step would change more decided spans at once than the person wants to be asked about; nothing was changed.

    :param spans: how many.
    :param gone: articles of an import that would be taken back.
    """

    def __init__(self, title: str, advice: str = "", spans: int = 0, gone: int = 0) -> None:
        super().__init__(title, advice)
        self.spans, self.gone = spans, gone
