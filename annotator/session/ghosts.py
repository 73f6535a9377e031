"""Ghosts: places that the learner left unmarked and that may hide an entity all the same."""

from annotator.errors import KnownError
from annotator.model import deciding
from annotator.model.deciding import Reach
from annotator.model.span import Span
from annotator.session.opened import Opened
from annotator.session.outcome import Outcome


class Ghosts:
    """Decisions on ghosts. Each leaves a row that names the learner and how sure it was; undo takes it back."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def of(self, article_id: int) -> tuple[Span, ...]:
        """The ghosts of an article in reading order; a finished one has none."""
        return self._opened.article(article_id).ghosts

    def accept(self, article_id: int, ghost: Span, label: str = "", *, everywhere: Reach = False) -> Outcome:
        """An entity stands there.

        :param label: another label than the one it was offered with.
        :raises KnownError: the project has no such label, or the ghost is there no more.
        """
        label = label or ghost.label
        if not any(known.name == label and not known.retired for known in self._opened.labels):
            raise KnownError(f"The project has no label {label}.")
        edits = deciding.accept_ghost(
            self._opened.article(article_id), self._found(article_id, ghost), label, everywhere
        )
        return self._opened.write("add", article_id, edits, place=ghost.range)

    def dismiss(self, article_id: int, ghost: Span, *, everywhere: Reach = False) -> Outcome:
        """No entity stands there; it is not offered again.

        :raises KnownError: the ghost is there no more.
        """
        edits = deciding.dismiss_ghost(self._opened.article(article_id), self._found(article_id, ghost), everywhere)
        # a doubtful place that is none says nothing against suggestions of the same words
        return self._opened.write("reject", article_id, edits, place=ghost.range, spread=False)

    def _found(self, article_id: int, ghost: Span) -> Span:
        found = next((other for other in self.of(article_id) if other.range == ghost.range), None)
        if found is None:
            raise KnownError(
                "This place is not offered any more: what was learned meanwhile speaks against it.",
                "Go to another one, or choose the words and a label.",
                detail=f"Nothing is offered at {ghost.start}-{ghost.end} in article {article_id}.",
            )
        return found
