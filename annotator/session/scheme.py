"""What a person may make of a project's labels."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from annotator.errors import KnownError
from annotator.model.label import LONGEST_NAME, Label, is_name


def checked_labels(wanted: Sequence[Label], there: Sequence[Label]) -> tuple[Label, ...]:
    """The labels as they are to be stored.

    A new label with the name of one that is retired, before or by this, is that one again. A renamed label still takes
    what pipelines call by its old name.

    :param there: the project's labels, the retired ones too.
    :raises KnownError: two have the same name or key, or one has no name, or a new one of more than `LONGEST_NAME`.
    """
    kept = {label.id for label in wanted}
    retired = {label.name: label for label in there if label.retired or label.id not in kept}
    labels = [_again(label, retired) for label in wanted]
    _check(labels, retired)
    _refuse_long({label.name for label in labels} - {label.name for label in there})
    names = {label.name for label in labels}
    before = {label.id: label.name for label in there}
    return tuple(_still_taking(label, before.get(label.id, label.name), names) for label in labels)


def _refuse_long(names: Collection[str]) -> None:
    for name in names:
        if len(name) > LONGEST_NAME:
            raise KnownError(f"The label name {name[:40]}… has more than {LONGEST_NAME} characters.", "Shorten it.")


def _again(label: Label, retired: dict[str, Label]) -> Label:
    old = retired.get(label.name)
    return label if label.id is not None or old is None else replace(label, id=old.id, uid=old.uid)


def _still_taking(label: Label, old_name: str, names: set[str]) -> Label:
    if old_name in names or old_name in label.from_model:
        return label
    return replace(label, from_model=(*label.from_model, old_name))


def _check(labels: Sequence[Label], retired: dict[str, Label]) -> None:
    names = [label.name for label in labels]
    keys = [label.key for label in labels if label.key and not label.retired]
    if not all(name.strip() for name in names):
        raise KnownError("A label has no name.")
    if not all(map(is_name, names)):
        raise KnownError("The name of a label has control characters in it.", "Write it in letters, digits and signs.")
    for what, values in (("name", names), ("key", keys)):
        twice = {value for value in values if values.count(value) > 1}
        if twice:
            raise KnownError(f"Two labels have the {what} {min(twice)}.")
    kept = {label.id for label in labels}
    for name in names:
        if name in retired and retired[name].id not in kept:
            raise KnownError(f"A label that is retired has the name {name}.", "Choose another, or add it anew.")
