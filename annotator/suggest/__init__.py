"""Sources of suggestions, and the worker process that runs them.

To add a source, see `sources`: one file, one line. `load_source` runs one here; `Worker` runs it in a
process of its own, so that the window never waits; `suggest_all` reads many texts for the command line.
`Engine` makes one list of a pipeline, the learner and the memory (the rule stands in `merging`), and learns.
"""

from annotator.suggest.base import Ask, Decided, Known, Proposal, Reading, Source
from annotator.suggest.bulk import suggest_all
from annotator.suggest.client import Learner, Worker
from annotator.suggest.engine import HINTED, NOTHING_LEARNED, Engine, Setup
from annotator.suggest.pipelines import DEFAULT_MODEL, ModelInfo, exists, installed_models
from annotator.suggest.sources import SOURCES, load_source
from annotator.suggest.tokenizer import language_of, tokenizer

__all__ = [
    "DEFAULT_MODEL",
    "HINTED",
    "NOTHING_LEARNED",
    "SOURCES",
    "Ask",
    "Decided",
    "Engine",
    "Known",
    "Learner",
    "ModelInfo",
    "Proposal",
    "Reading",
    "Setup",
    "Source",
    "Worker",
    "exists",
    "installed_models",
    "language_of",
    "load_source",
    "suggest_all",
    "tokenizer",
]
