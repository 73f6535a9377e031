"""What ships beside the code: label schemes, sample articles, icons.

In a wheel they lie in `annotator/_resources`, in a checkout in `resources`.

To add a label scheme: put a file into `resources/labels` and its name into SCHEMES.
To add a sample article: put a text file into `resources/sample`.
"""

import json
import re
from collections import Counter
from itertools import cycle
from pathlib import Path
from typing import Any

from annotator import regular
from annotator.errors import KnownError
from annotator.model.label import LONGEST_NAME, Label, Scheme
from annotator.model.text import storable

MOST_LABELS = 1_000
_LARGEST = 5_000_000  # bytes of a scheme's file
_LONGEST_DESCRIPTION = 20_000  # code points

SCHEMES = ("ontonotes", "conll", "news")

# Those that stand well apart come first: a scheme without colours takes them in this order.
HUES = (
    "blue", "orange", "green", "purple", "yellow", "rose",
    "cyan", "slate", "red", "teal", "brown", "indigo",
)  # fmt: skip

_ADVICE = 'A scheme is {"title": ..., "labels": [{"name": ..., "colour": ..., "key": ...}, ...]} in JSON.'


def path(name: str) -> Path:
    """The file or folder of that name, as "icons/annotator.svg", whether it exists or not."""
    here = Path(__file__).parent
    packaged = here / "_resources"
    return (packaged if packaged.is_dir() else here.parent / "resources") / name


def sample_articles() -> list[Path]:
    """The articles that the first project opens with, in the order they are shown."""
    return sorted(path("sample").glob("*.txt"))


def schemes() -> tuple[Scheme, ...]:
    """The label schemes that ship."""
    return tuple(scheme(name) for name in SCHEMES)


def scheme(name_or_path: str | Path) -> Scheme:
    """A scheme that ships, by its name, or one of the user's, by the path of its file.

    :raises KnownError: for a name or a file that is not there, or a file that holds no scheme.
    """
    if str(name_or_path) in SCHEMES:
        return _read_scheme(path(f"labels/{name_or_path}.json"))
    file = Path(name_or_path).expanduser()
    if file.suffix != ".json":
        raise KnownError(f"There is no label scheme {str(name_or_path)!r}.", f"{_names()}, or a .json file.")
    return _read_scheme(file)


def _names() -> str:
    return f"There are {', '.join(SCHEMES)}"


def _read_scheme(file: Path) -> Scheme:
    try:
        with regular.opened(file) as opened:
            raw = opened.read(_LARGEST + 1)
        if len(raw) > _LARGEST:
            raise ValueError(f"it is larger than {_LARGEST // 1_000_000} MB")
        return parse_scheme(json.loads(raw.decode("utf-8-sig")), file.stem)
    except OSError as error:
        raise KnownError(f"{file} cannot be read: {error.strerror}.", f"{_names()}, or a .json file.") from error
    except RecursionError as error:
        raise KnownError(f"{file} is not a label scheme: it is nested too deeply.", _ADVICE) from error
    except ValueError as error:
        raise KnownError(f"{file} is not a label scheme: {error}.", _ADVICE) from error


def parse_scheme(data: Any, name: str) -> Scheme:
    """The scheme that a JSON value describes; labels may be plain names.

    Missing colours and keys are given out in order.

    :param data: {"name", "title", "labels": [{"name", "colour", "key", "description", "from_model"}]},
        of which only the labels and their names must be there.
    :param name: of a scheme that does not say its own.
    :raises ValueError: saying what is wrong with it.
    """
    if not isinstance(data, dict) or not isinstance(data.get("labels"), list) or not data["labels"]:
        raise ValueError("it has no list of labels")
    if len(data["labels"]) > MOST_LABELS:
        raise ValueError(f"it has more than {MOST_LABELS:,} labels")
    given = [{"name": label} if isinstance(label, str) else label for label in data["labels"]]
    labels = tuple(map(_label, given, cycle(HUES), _keys(given)))
    _check_unique("name", [label.name for label in labels])
    _check_unique("key", [label.key for label in labels if label.key])
    name = storable(str(data.get("name") or name))[0]
    return Scheme(name, storable(str(data.get("title") or name))[0], labels)


def _label(data: Any, colour: str, key: str) -> Label:
    if not isinstance(data, dict):
        raise ValueError(f"{data!r:.80} is not a label")
    from_model = data.get("from_model", [])
    if not isinstance(from_model, list):
        raise ValueError("from_model is not a list")
    label = Label(
        name=str(data.get("name") or "").strip(),
        colour=str(data.get("colour") or colour),
        key=str(data.get("key", key)).lower(),
        description=str(data.get("description") or ""),
        from_model=tuple(map(str, from_model)),
    )
    _check(label)
    return label


def _check(label: Label) -> None:
    if not label.name:
        raise ValueError("a label has no name")
    if storable(f"{label.name}{label.description}{''.join(label.from_model)}")[1]:
        raise ValueError("a label has characters that no file can hold")
    if len(label.name) > LONGEST_NAME or len(label.description) > _LONGEST_DESCRIPTION:
        most = f"{LONGEST_NAME} and {_LONGEST_DESCRIPTION:,} characters"
        raise ValueError(f"the label {label.name[:40]} has a name or description of more than {most}")
    if label.colour not in HUES and not re.fullmatch("#[0-9a-fA-F]{6}", label.colour):
        raise ValueError(f"{label.name} has the unknown colour {label.colour!r:.80}")
    if label.key and not re.fullmatch("[0-9a-z]", label.key):
        raise ValueError(f"{label.name} has the key {label.key!r:.80}, which is not a digit or a letter")


def _check_unique(what: str, values: list[str]) -> None:
    twice = sorted(value for value, count in Counter(values).items() if count > 1)
    if twice:
        raise ValueError(f"two labels have the {what} {twice[0]!r}")


def _keys(given: list[Any]) -> list[str]:
    """For each label the next digit that no label asks for; "" when there are none left."""
    asked = {str(label.get("key")) for label in given if isinstance(label, dict)}
    free = [digit for digit in "1234567890" if digit not in asked]
    keys = []
    for label in given:
        has_own = isinstance(label, dict) and "key" in label
        keys.append("" if has_own or not free else free.pop(0))
    return keys
