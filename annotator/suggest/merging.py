"""One list of suggestions from all sources. The rule, from the strongest:

1. What a person decided in the article stands; that is the session's part, nothing here touches it.
2. Words that a person fixed stand for the same words behind them in the article, then entries that
   a person put into the memory, then decisions in other articles that the learner has not learned
   yet. These are `known`; a longer suggestion around the words stays.
3. The learner, which has weighed the pipeline, the memory of all finished articles and the words
   themselves. While it knows nothing, the pipeline's suggestions stand as they are.

A suggestion's source names all that agree on its range and label.
"""

from collections.abc import Iterable, Mapping, Sequence

from annotator.model.pattern import Pattern
from annotator.model.span import Suggestion
from annotator.suggest.base import Known
from annotator.suggest.patterns import Patterns

LEARNER, MEMORY, KNOWN = "learner", "memory", "decided before"
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
    patterns = Patterns(Pattern(words, label, any_case) for words, label, any_case, _, _ in known)
    about = {(words, any_case): each for each in known for words, _, any_case, *_ in [each]}
    kept = list(suggestions)
    for start, end, label in patterns.find(text) if known else ():
        around = [s for s in kept if s.start <= start and end <= s.end and (s.start, s.end) != (start, end)]
        if start < upto or around:
            continue
        kept = [s for s in kept if s.end <= start or end <= s.start]
        if label is not None:
            *_, confidence, source = about.get((text[start:end], False)) or _folded(about, text[start:end])
            kept.append(Suggestion(start, end, label, confidence, source))
    return sorted(kept)


def _folded(about: Mapping[tuple[str, bool], Known], words: str) -> Known:
    return next(each for (known, any_case), each in about.items() if any_case and known.lower() == words.lower())
