"""An entry that a person put into the memory: these words are this kind of entity, or never one."""

from dataclasses import dataclass

PERSON = "person"
LONGEST = 200  # code points; no name is longer


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words, and what they stand for.

    :param surface: the words, without white space around them.
    :param label: the label's present name; None where they are never an entity.
    :param any_case: they are meant in every casing.
    :param origin: "person", or the name of the list that brought them.
    :param id: the project's row, None where it has none yet.
    """

    surface: str
    label: str | None
    any_case: bool = False
    origin: str = PERSON
    id: int | None = None

    @property
    def key(self) -> tuple[str, bool]:
        """What there is only one of: the words in the casings that are meant."""
        return (folded(self.surface) if self.any_case else self.surface), self.any_case


def folded(text: str) -> str:
    """The text without casing, of the same length, so that offsets hold.

    U+0130 is the one letter whose lower case is two; the final sigma is lower case like the other.
    """
    return text.replace("\u0130", "i").lower().replace("\u03c2", "\u03c3")
