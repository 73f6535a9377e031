"""annotator [PROJECT]: the window."""

import argparse
import os
from pathlib import Path

from annotator import paths
from annotator.errors import KnownError


def run(args: argparse.Namespace) -> int:
    """Show the window until it is closed; with a plain message where that cannot be."""
    from annotator import display

    if args.rest:
        raise KnownError(f"There is no command {args.project}.", "Type: annotator --help")
    if args.project is not None and not os.path.exists(args.project):  # noqa: PTH110 (Path's raises without rights)
        raise _missing(args.project)
    display.require()
    try:
        from annotator.ui import app
    except ImportError as error:
        raise display.missing_library(error) or error from error
    return app.run(args.project, last_words=args.last_words)


def _missing(project: Path) -> KnownError:
    copy = paths.rescued_dir() / project.name
    if copy.is_file():
        return KnownError(f"There is no project {project}.", f"When it went, all of it was saved in {copy}")
    return KnownError(f"There is no command and no project {project}.", "Type: annotator --help")
