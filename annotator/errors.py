"""Errors that are the environment's or the user's, apart from bugs."""


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
