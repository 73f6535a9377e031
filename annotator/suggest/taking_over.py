"""A trained entity recogniser's knowledge for a new one with other labels.

spaCy can resume a recogniser with its own labels, or begin a new one from nothing. Between the two: the
new one gets all layers of the old one, and for each of its labels the decisions that the old one learned
for the labels that mean the same. It so begins near the old one's score instead of at zero.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language

RECOGNISERS = ("ner", "beam_ner")


def recogniser_of(nlp: "Language") -> str | None:
    """The name of the pipeline's first entity recogniser, None where it has none."""
    return next((name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory in RECOGNISERS), None)


def make_independent(nlp: "Language", name: str) -> None:
    """Give a component that listens to a shared layer a copy of its own: training it then harms no other."""
    for upstream, component in list(nlp.pipeline):
        if name in getattr(component, "listening_components", ()):
            nlp.replace_listeners(upstream, name, ["model.tok2vec"])


def take_over(new: Any, old: Any, meaning: Mapping[str, Sequence[str]]) -> None:
    """Copy what an entity recogniser knows into another of the same architecture.

    :param new: initialised, with its labels.
    :param old: its hidden layers may not listen to a shared one.
    :param meaning: for each label of the new one the labels of the old one that mean it.
    """
    new.model.get_ref("tok2vec").from_bytes(old.model.get_ref("tok2vec").to_bytes())
    if not (new.model.attrs["has_upper"] and old.model.attrs["has_upper"]):
        return  # then the hidden layer is the last one, with a part for each decision
    new.model.get_ref("lower").from_bytes(old.model.get_ref("lower").to_bytes())
    ours, theirs = new.model.get_ref("upper"), old.model.get_ref("upper")
    number = {name: at for at, name in enumerate(_decisions(old))}
    weights, biases = ours.get_param("W"), ours.get_param("b")
    for at, decision in enumerate(_decisions(new)):
        kind, _, label = decision.partition("-")
        same = [number[f"{kind}-{each}"] for each in meaning.get(label, ()) if f"{kind}-{each}" in number]
        rows = same if label else [number[decision]] if decision in number else []
        if rows:
            weights[at] = theirs.get_param("W")[rows].mean(axis=0)
            biases[at] = theirs.get_param("b")[rows].mean()
    ours.set_param("W", weights)
    ours.set_param("b", biases)


def _decisions(recogniser: Any) -> list[str]:
    """What it decides between at each token, as "B-ORG", "L-ORG" and "O"."""
    return [recogniser.moves.get_class_name(at) for at in range(recogniser.moves.n_moves)]
