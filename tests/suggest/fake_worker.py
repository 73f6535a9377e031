"""A worker process that does as its texts say; started by the tests instead of the real one."""

import os
import time

from annotator.errors import KnownError
from annotator.model.span import Suggestion
from annotator.suggest import worker
from annotator.suggest.base import Reading


class Obedient:
    """ "die": the process ends; "hang": no answer; "raise": an error; all else is one token and one suggestion."""

    name = "obedient 1"
    language = "en"
    labels = ("X",)

    def read(self, text: str) -> Reading:
        if text.startswith("die"):
            os._exit(9)
        if text.startswith("hang"):
            time.sleep(600)
        if text.startswith("raise"):
            raise ValueError(text)
        if text.startswith("print"):
            print("this is no answer", flush=True)  # noqa: T201
            os.system("echo neither is this")
        time.sleep(0.02)
        return Reading([(0, len(text))], [Suggestion(0, len(text), "X", 0.5, self.name)])


def load(model: str) -> Obedient:
    if model == "dies" or os.environ.get("ALWAYS_DIES"):
        os._exit(9)
    if model == "missing":
        raise KnownError("It is missing.", "Take another.")
    return Obedient()


worker.main(load)
