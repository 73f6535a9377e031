"""Which of a project's labels another tool's label may mean: a guess that a person looks at."""

import re
from collections.abc import Mapping, Sequence

from annotator.model.label import Label, meanings

# Words that name the same kind of entity in the schemes of other tools; to add a kind, add a line.
_KINDS: dict[str, tuple[str, ...]] = {
    "person": ("per", "pers", "person", "people", "human", "firstname", "lastname"),
    "organisation": ("org", "organisation", "organization", "company", "corporation", "institution", "agency"),
    "country": ("gpe", "country", "city", "state", "town", "geopolitical"),
    "place": ("loc", "location", "place", "geo", "region"),
    "building": ("fac", "facility", "building"),
    "group": ("norp", "group", "nationality", "religion"),
    "product": ("product", "prod", "brand"),
    "event": ("event", "evt"),
    "work": ("work", "workofart", "art", "title"),
    "money": ("money", "monetary", "currency", "price"),
    "time": ("date", "time", "year", "period", "duration"),
    "number": ("number", "num", "cardinal", "ordinal", "percent", "quantity"),
    "other": ("misc", "miscellaneous", "other"),
}
_WIDER = {"country": "place", "building": "place"}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
_POSITION = re.compile(r"^[BILESUM][-_]")  # of a token in its entity, as in B-PER
_WORD = re.compile(r"[^\W_]+")


def guessed_label(theirs: str, labels: Sequence[Label]) -> str:
    """The name of the label that `theirs` may mean, "" where nothing speaks for any.

    By the same words in other writing (also of the pipelines' labels that a label takes), else by the kind of entity.

    :param labels: the project's; retired ones are never guessed.
    """
    words = _words(theirs)
    written = {_squeezed(name): label for label, names in meanings(tuple(labels)).items() for name in (*names, label)}
    same = written.get("".join(words))
    return same or _of_same_kind(words, _by_kind(written))


def _of_same_kind(words: Sequence[str], by_kind: Mapping[str, str]) -> str:
    kinds = (_KIND_OF.get(word, "") for word in ("".join(words), *words))
    kind = next(filter(None, kinds), "")
    return by_kind.get(kind) or by_kind.get(_WIDER.get(kind, ""), "")


def _by_kind(written: Mapping[str, str]) -> dict[str, str]:
    """The label of each kind; one whose own name says the kind goes before one that only takes such a label."""
    own = [(squeezed, label) for squeezed, label in written.items() if squeezed == _squeezed(label)]
    taken = [(squeezed, label) for squeezed, label in written.items() if squeezed != _squeezed(label)]
    return {_KIND_OF[squeezed]: label for squeezed, label in (*taken, *own) if squeezed in _KIND_OF}


def _words(label: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(_POSITION.sub("", label))]


def _squeezed(label: str) -> str:
    return "".join(_words(label))
