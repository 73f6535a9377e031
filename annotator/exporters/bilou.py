"""The columns of CoNLL-2003 with BILOU tags, which also say where a span ends.

The scheme: Ratinov and Roth 2009, https://aclanthology.org/W09-1119.
"""

from functools import partial

from annotator.exporters import conll
from annotator.exporters.base import Exporter, Use


def bilou(first: bool, last: bool) -> str:
    """U for a span of one token, else B for its first, L for its last, I for those between."""
    if first:
        return "U" if last else "B"
    return "L" if last else "I"


EXPORTER = Exporter(
    name="bilou",
    title="CoNLL-2003 with BILOU tags",
    suffix=".bilou",
    write=partial(conll.write, spell=bilou),
    keeps=conll.EXPORTER.keeps,
    remark="Tokens and BILOU tags; sentences and articles apart.",
    use=Use.TRAIN,
)
