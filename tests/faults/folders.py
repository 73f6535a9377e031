"""A folder to work in, which also holds what the program keeps of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock


@contextmanager
def own_folder() -> Iterator[Path]:
    """A temporary folder; settings, logs and lists of projects go to `home` in it, and no person's are touched."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as name, mock.patch.dict(os.environ):
        os.environ["ANNOTATOR_HOME"] = str(Path(name) / "home")
        yield Path(name)
