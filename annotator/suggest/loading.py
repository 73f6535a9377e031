"""spaCy's own loading, for pipelines that may be loaded; by their folder, which imports nothing of them."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.errors import KnownError
from annotator.suggest import pipelines, trust
from annotator.suggest.quiet import quiet

if TYPE_CHECKING:
    from spacy.language import Language

_log = logging.getLogger(__name__)

LeaveOut = Callable[[Mapping[str, Any]], Sequence[str]]


def load(info: pipelines.ModelInfo, leave_out: LeaveOut = lambda _: ()) -> "Language":
    """A pipeline that is installed, or whose folder was chosen.

    :param leave_out: which components are not loaded, given the table of them in its configuration.
    :raises KnownError: it may not be loaded, see `trust`, or spaCy cannot.
    """
    trust.check(info)
    return load_folder(info.path, info.name, leave_out)


def load_folder(folder: Path, name: str, leave_out: LeaveOut = lambda _: ()) -> "Language":
    """A pipeline in a folder of which is known where it comes from.

    :param name: what messages call it.
    :raises KnownError: as `load`.
    """
    import spacy

    try:
        with quiet():
            config = spacy.util.load_config(folder / "config.cfg")
            trust.check_config(config, name)
            return spacy.load(folder, exclude=list(leave_out(config["components"])))
    except KnownError:
        raise
    except Exception as error:  # whatever a damaged folder makes of it
        _log.debug("loading a pipeline failed", exc_info=True)
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise KnownError(f"The pipeline {name} cannot be loaded.", f"spaCy says: {reason[:300]}") from error
