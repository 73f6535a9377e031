"""Asides: passages that are not to be labelled, whole paragraphs at a time."""

from dataclasses import replace

from annotator.model.article import AnnotatedArticle
from annotator.model.aside import Aside, AsideState, Range, paragraphs_at
from annotator.session.opened import Opened
from annotator.session.outcome import Outcome
from annotator.store.asides import Edit

MARK, CLEAR = "aside", "no_aside"  # verbs


class Asides:
    """What a person says of passages; each verb is one step, and an outcome counts passages.

    The text stays, and what a person decided in a passage stays as it is. Suggestions there are not shown, not
    confirmed with the rest and not learned; they are back as soon as the passage is cleared.
    """

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def of(self, article_id: int) -> tuple[Aside, ...]:
        """All asides of an article by start, also those that were cleared."""
        return self._opened.article(article_id).asides

    def toggle(self, article_id: int, place: Range) -> Outcome:
        """Mark the paragraphs at a place; where all of them are asides already, clear them.

        :param place: (start, end) in code points; every paragraph that it touches is meant.
        """
        on = self._opened.article(article_id)
        marked = [on.is_aside(*each) for each in paragraphs_at(on.text, *place)]
        return self.clear(article_id, place) if marked and all(marked) else self.mark(article_id, place)

    def mark(self, article_id: int, place: Range) -> Outcome:
        """The paragraphs at a place are not to be labelled."""
        on = self._opened.article(article_id)
        there = {aside.range: aside for aside in on.asides}
        found = [each for each in paragraphs_at(on.text, *place) if not _is_marked(on, each)]
        edits = [
            Edit(there.get(each), replace(there.get(each, Aside(*each)), state=AsideState.MARKED)) for each in found
        ]
        return self._opened.write_asides(MARK, article_id, edits, place)

    def clear(self, article_id: int, place: Range) -> Outcome:
        """The asides at a place are to be labelled all the same."""
        touched = [aside for aside in self.of(article_id) if aside.start < place[1] and place[0] < aside.end]
        edits = [Edit(each, replace(each, state=AsideState.CLEARED)) for each in touched if each.counts]
        return self._opened.write_asides(CLEAR, article_id, edits, place)


def _is_marked(on: AnnotatedArticle, paragraph: Range) -> bool:
    """Did a person say so already, of all of it?"""
    start, end = paragraph
    marked = (aside for aside in on.asides if aside.state is AsideState.MARKED)
    return any(aside.start <= start and end <= aside.end for aside in marked)
