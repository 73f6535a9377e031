"""A project's file at a name where there is none yet: all of it appears at once, or nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotator.errors import KnownError
from annotator.parts import fresh_part
from annotator.store.complaints import known_errors
from annotator.store.disk import put_in_new_place


@contextmanager
def new_file(path: Path, failure: str) -> Iterator[Path]:
    """A file to write into, which gets the name that is wanted at the end of the `with`.

    :param failure: half a sentence for where that cannot be, as "cannot be written".
    :raises KnownError: something is there already, or it cannot be written.
    """
    try:
        if os.path.lexists(path):
            raise FileExistsError
        with fresh_part(path) as part:
            with known_errors(path):
                yield part
            put_in_new_place(part, path)
    except FileExistsError:
        raise KnownError(f"{path.name} is there already.", "Choose another name.") from None
    except OSError as error:
        raise KnownError(f"{path.name} {failure}: {error.strerror}.", "Choose another folder.") from error
