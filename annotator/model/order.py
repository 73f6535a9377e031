"""The orders that articles can be worked in.

To add one: append it here, how it is done to `annotator/session/ordering.py`, and its name to what
`article.picked` may be (a migration).
"""

from typing import NamedTuple


class Order(NamedTuple):
    """A way to put articles in order.

    :param name: as the project stores it and the command line takes it.
    :param about: one sentence for whoever chooses.
    """

    name: str
    title: str
    about: str


ORDERS: tuple[Order, ...] = (
    Order("given", "As given", "In the order of import."),
    Order("date", "By date", "The oldest first; articles without a date come last."),
    Order(
        "topics",
        "Shuffled over topics",
        "Mixed so that each topic is spread evenly: the best for the effort spent, wherever you stop.",
    ),
    Order(
        "teaches",
        "What teaches most",
        "The most doubtful suggestions for each word read first, no two alike: for a small training set, "
        "at more corrections an article. Articles that nothing has read yet come behind, by topics.",
    ),
)
