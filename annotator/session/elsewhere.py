"""The same correction in other articles that nobody is through with: found, shown, made in one step."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from annotator.errors import KnownError
from annotator.model import elsewhere
from annotator.model.article import AnnotatedArticle, ArticleState
from annotator.model.elsewhere import Correction, Spot
from annotator.model.span import Span
from annotator.session.opened import MANY, Opened, Work
from annotator.session.outcome import Outcome
from annotator.store import articles as article_rows
from annotator.store import history
from annotator.store.history import Change, Row

VERB = "elsewhere"
CORRECTING = ("relabel", "reject", "add", "resize")
UNDECIDED = (ArticleState.NEW, ArticleState.OPEN)

_AT_A_TIME = 64  # articles looked through at once, in about a millisecond
_CONTEXT = 80  # code points on either side
_LONGEST = 200  # code points of words that are looked for

Wanted = Correction | Outcome | tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a correction would change another article.

    :param start: with end, the range that the correction is about, in code points.
    :param before: some words before it, on one line; `after` likewise.
    :param shown: the span that stands there now, suggested or confirmed; None for none.
    :param doubtful: something speaks for what stands there now.
    """

    article_id: int
    title: str
    start: int
    end: int
    before: str
    words: str
    after: str
    shown: Span | None
    doubtful: bool


class Elsewhere:
    """Corrections that reach other undecided articles."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def correction(self, outcome: Outcome) -> Correction | None:
        """What the newest step changed, as a change of words; None where it was no correction, or in an aside."""
        top, _ = history.tops(self._opened.project)
        if outcome.verb not in CORRECTING or outcome.place is None or outcome.article_id is None or top is None:
            return None
        past = history.past_step(self._opened.project, top)
        if (past.verb, past.article_id) != (outcome.verb, outcome.article_id):
            return None
        on = self._opened.article(outcome.article_id)
        if on.is_aside(*outcome.place):
            return None
        made = self._rejection if outcome.verb == "reject" else self._change
        correction = next(filter(None, (made(change, outcome.place, on.text) for change in past.changes)), None)
        return correction if correction is not None and 0 < len(correction.surface) <= _LONGEST else None

    def of(self, wanted: Wanted) -> list[Place]:
        """All places in other undecided articles that a correction would change, in the order of import.

        :param wanted: a correction, the outcome of one just made, or (words, label or None for no entity).
        """
        return [place for found in self.look(wanted) for place in found]

    def look(self, wanted: Wanted, seen: Iterable[int] = ()) -> Iterator[list[Place]]:
        """As `of`, in stretches of about a millisecond, for whoever must not wait for all of it.

        :param seen: articles to leave out, beside that of the outcome.
        """
        correction, leave_out = self._asked(wanted), set(seen)
        if isinstance(wanted, Outcome) and wanted.article_id is not None:
            leave_out.add(wanted.article_id)
        after = 0
        while correction is not None:
            batch = article_rows.undecided_holding(self._opened.project, correction.surface, after, _AT_A_TIME)
            yield []
            for article_id, holds in batch:
                if holds and article_id not in leave_out:
                    yield self._places(article_id, correction)
            if len(batch) < _AT_A_TIME:
                return
            after = batch[-1][0]

    def apply(
        self,
        places: Sequence[Place],
        wanted: Wanted,
        progress: Callable[[int, int], None] | None = None,
    ) -> Outcome:
        """Make the correction at these places: one step. What is no such place any more is left alone.

        :param progress: called before each article with (articles looked at, articles in all).
        :raises KnownError: the project is open for reading only, the correction is none, or its label is not known.
        """
        self._opened.may_write()
        correction = self._asked(wanted)
        if correction is None:
            raise KnownError("That is no correction that other articles could take over.")
        if correction.label not in [None, *(label.name for label in self._opened.labels if not label.retired)]:
            raise KnownError(f"The project has no label {correction.label}.")
        chosen: dict[int, set[tuple[int, int]]] = {}
        for place in places:
            chosen.setdefault(place.article_id, set()).add((place.start, place.end))
        works: list[Work] = []
        for number, (article_id, ranges) in enumerate(chosen.items()):
            if progress is not None:
                progress(number, len(chosen))
            on = self._article(article_id)
            if on.state in UNDECIDED and (edits := elsewhere.edits(on, correction, ranges)):
                works.append((article_id, edits, {"state": str(ArticleState.OPEN)}))
        if len(works) > MANY:
            self._opened.secure("before-bulk")
        return self._opened.write_many(VERB, works)

    def _asked(self, wanted: Wanted) -> Correction | None:
        if isinstance(wanted, Outcome):
            return self.correction(wanted)
        return wanted if isinstance(wanted, Correction) else Correction(*wanted)

    def _article(self, article_id: int) -> AnnotatedArticle:
        """Not kept in memory: there may be thousands."""
        return self._opened.fresh_sheet(article_id).annotated(self._opened.label_of)

    def _places(self, article_id: int, correction: Correction) -> list[Place]:
        on = self._article(article_id)
        return [_place(on, spot) for spot in elsewhere.spots(on, correction)]

    # From a row's change to a change of words

    def _rejection(self, change: Change, place: tuple[int, int], text: str) -> Correction | None:
        rows = [row for row in (change.after, change.before) if row is not None]
        if change.table != "span" or place not in [(row["start"], row["end"]) for row in rows]:
            return None
        proposed = rows[0]
        return Correction(text[proposed["start"] : proposed["end"]], None, self._name(proposed["label_id"]))

    def _change(self, change: Change, place: tuple[int, int], text: str) -> Correction | None:
        row = change.after
        if change.table != "span" or row is None or (row["start"], row["end"]) != place:
            return None
        label, before = self._name(row["label_id"]), change.before or {"label_id": None}
        instead_of = row["was_label_id"] or before["label_id"]
        if instead_of == row["label_id"] and row["was_start"] is not None:
            return _moved(row, text, label)
        return Correction(text[slice(*place)], label, None if instead_of is None else self._name(instead_of))

    def _name(self, label_id: int) -> str:
        return self._opened.known.labels[label_id]


def _moved(row: Row, text: str, label: str) -> Correction:
    """Old and new range as parts of the words that both are in."""
    start, end = min(row["start"], row["was_start"]), max(row["end"], row["was_end"])
    before, after = ((row[f"{was}start"] - start, row[f"{was}end"] - start) for was in ("was_", ""))
    whole = 0, end - start
    return Correction(
        text[start:end], label, label, before if before != whole else None, after if after != whole else None
    )


def _place(on: AnnotatedArticle, spot: Spot) -> Place:
    start, end = spot.start, spot.end
    around = (max(0, start - _CONTEXT), start), (start, end), (end, end + _CONTEXT)
    before, words, after = (_one_line(on.text[a:b]) for a, b in around)
    return Place(on.id, on.article.title, start, end, before, words, after, spot.shown, spot.doubtful)


def _one_line(text: str) -> str:
    """Every kind of white space as a space: a place is shown on one line."""
    return "".join(" " if character.isspace() else character for character in text)
