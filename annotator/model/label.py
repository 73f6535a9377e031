"""Labels and the schemes that projects start from."""

from dataclasses import dataclass

from annotator.model.text import has_controls

LONGEST_NAME = 100  # code points of one that is given anew; what a project has already stays


@dataclass(frozen=True, slots=True)
class Label:
    """A kind of entity.

    :param name: as it stands in exports.
    :param colour: a hue's name from the window's palette ("blue") or "#rrggbb".
    :param key: one keyboard key, "1" to "9" or a letter; "" for none.
    :param description: what belongs to it, for the annotator.
    :param from_model: labels of other schemes that mean this one, as "PERSON" for PER; the
        label's own name always does.
    :param retired: no longer offered; its spans stay.
    :param id: the project's row, None in a scheme.
    :param uid: recognises the label on every workstation.
    """

    name: str
    colour: str = "slate"
    key: str = ""
    description: str = ""
    from_model: tuple[str, ...] = ()
    retired: bool = False
    id: int | None = None
    uid: str | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A named list of labels, in the order they are shown."""

    name: str
    title: str
    labels: tuple[Label, ...]


def is_name(value: object) -> bool:
    """Can it be a label's name? Exports write it into XML, tables and lines of text."""
    return type(value) is str and value != "" and not has_controls(value)


def model_map(labels: tuple[Label, ...]) -> dict[str, str]:
    """From a pipeline's label to the project's label name; a label it lacks is not suggested."""
    active = [label for label in labels if not label.retired]
    mapped = {theirs: label.name for label in active for theirs in label.from_model}
    return mapped | {label.name: label.name for label in active}


def meanings(labels: tuple[Label, ...]) -> dict[str, list[str]]:
    """For each label that is offered, the labels of pipelines that mean it; `model_map` from the other side."""
    active = [label.name for label in labels if not label.retired]
    mapped = model_map(labels)
    return {name: [theirs for theirs, ours in mapped.items() if ours == name] for name in active}
