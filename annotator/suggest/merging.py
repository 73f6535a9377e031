"""One list of suggestions from all sources. The rule, from the strongest:

1. What a person decided in the article stands; that is the session's part, nothing here touches it.
2. Words that a person fixed stand for the same words behind them in the article, then entries that
   a person put into the memory, then decisions in other articles that the learner has not learned
   yet. These are `known`; a longer suggestion around the words stays.
3. The learner, which has weighed the pipeline, the memory of all finished articles and the words
   themselves. While it has learned but a few articles, words on which the decisions in these agree
   are what the decisions say; while it knows nothing, the pipeline's suggestions stand as they are.

A suggestion's source names all that agree on its range and label.
"""

from collections.abc import Iterable, Mapping, Sequence

from annotator.model.pattern import Pattern
from annotator.model.span import Suggestion
from annotator.suggest.base import Known
from annotator.suggest.patterns import Patterns

LEARNER, MEMORY = "learner", "memory"
_JOINED = " + "


def mapped(suggestions: Iterable[Suggestion], label_of: Mapping[str, str]) -> list[Suggestion]:
    """A source's suggestions under the project's labels; those without one are left out."""
    return [s._replace(label=label_of[s.label]) for s in suggestions if s.label in label_of]


def agreed(suggestion: Suggestion, others: Mapping[tuple[int, int, str], Sequence[str]]) -> Suggestion:
    """The suggestion with the names of the other sources that say the same.

    :param others: by start, end and label, the sources that suggest this.
    """
    names = dict.fromkeys([*suggestion.source.split(_JOINED), *others.get(suggestion[:3], ())])
    return suggestion._replace(source=_JOINED.join(names))


def with_known(text: str, suggestions: Sequence[Suggestion], known: Sequence[Known], upto: int) -> list[Suggestion]:
    """What is known of words put over what is suggested; see rule 2.

    :param upto: matches that begin before it count for nothing.
    """
    if not known:
        return sorted(suggestions)
    by_words = {each.words: each for each in known}
    kept = list(suggestions)
    for start, end, label in Patterns(Pattern(each.words, each.label) for each in known).find(text):
        if start >= upto:
            _, _, confidence, source = by_words[text[start:end]]
            better = None if label is None else Suggestion(start, end, label, confidence, source)
            kept = put_over(text, kept, start, end, better)
    return sorted(kept)


def put_over(
    text: str, suggestions: list[Suggestion], start: int, end: int, better: Suggestion | None
) -> list[Suggestion]:
    """What is suggested once one place is known better, or (None) known to be no entity; in no order.

    A longer suggestion around the place stays as it is; but where the place is no entity, "the" before it
    makes it none either.
    """
    around = [s for s in suggestions if s.start <= start and end <= s.end and s[:2] != (start, end)]
    if any(better is not None or _has_more_names(text, s, start, end) for s in around):
        return suggestions
    kept = [s for s in suggestions if s.end <= start or end <= s.start]
    return kept if better is None else [*kept, better]


def _has_more_names(text: str, around: Suggestion, start: int, end: int) -> bool:
    """Has the longer suggestion another word with a capital or a number?"""
    return any(sign.isupper() or sign.isdigit() for sign in text[around.start : start] + text[end : around.end])
