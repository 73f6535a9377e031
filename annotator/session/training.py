"""What a pipeline is trained on, and the pipeline that the project used before."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from annotator.errors import KnownError
from annotator.exporters.overlaps import one_layer
from annotator.model.label import meanings
from annotator.model.span import Span
from annotator.session.opened import Opened
from annotator.session.outcome import counted
from annotator.session.splits import part_of, place_of
from annotator.store import articles as article_rows
from annotator.suggest.pipelines import blank_language, exists
from annotator.suggest.training_corpus import Gold

_PASSES, _PASSES_FROM_BLANK = 15, 40
FEWEST_ARTICLES = 5
FEWEST_SPANS = 20
_SHARES = (80, 20, 0)
_ADVICE = "Finish more articles first; from about 25 on it begins to pay."

_MODEL_BEFORE = "model_before"  # in the project's meta


def passes_from(base: str) -> int:
    """How often all articles are gone through at most, unless one says otherwise."""
    return _PASSES if blank_language(base) is None else _PASSES_FROM_BLANK


class Split(NamedTuple):
    """Articles that are done, by id: those to train on, and those held out to score by."""

    train: list[int]
    held_out: list[int]


class Training:
    """The decided articles of an open project as something to train on."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def split(self) -> Split:
        """One article in five is held out, chosen by the hash of its uid: it stays so as the project grows.

        At least one article with spans is held out; near-duplicates are on the same side.

        :raises KnownError: there is too little to train on.
        """
        rows = article_rows.labelled(self._opened.project)
        if len(rows) < FEWEST_ARTICLES:
            done = f"{counted(len(rows), 'article')} {'is' if len(rows) == 1 else 'are'} done"
            raise KnownError(f"{done}, and training needs {FEWEST_ARTICLES}.", _ADVICE)
        with_spans = {uid for _, uid, spans in rows if spans}
        held_out = {uid for uid in with_spans if part_of(uid, _SHARES) == "dev"}
        if not held_out:
            held_out = set(sorted(with_spans, key=place_of)[-1:])
        held_out |= {uid for _, uid, spans in rows if not spans and part_of(uid, _SHARES) == "dev"}
        if (learned := sum(spans for _, uid, spans in rows if uid not in held_out)) < FEWEST_SPANS:
            spans = counted(learned, "confirmed span")
            raise KnownError(f"There would be {spans} to learn from, and training needs {FEWEST_SPANS}.", _ADVICE)
        return Split(
            [article_id for article_id, uid, _ in rows if uid not in held_out],
            [article_id for article_id, uid, _ in rows if uid in held_out],
        )

    def labels(self) -> dict[str, list[str]]:
        """For each label on offer those of pipelines that mean it."""
        return meanings(self._opened.labels)

    def both_parts(self) -> tuple[Iterator[Gold], Iterator[Gold]]:
        """The articles to train on and those held out, to be read one after the other; raises as `split`."""
        split = self.split()
        return self.articles(split.train), self.articles(split.held_out)

    def articles(self, ids: Iterable[int]) -> Iterator[Gold]:
        """Articles with their confirmed spans, one at a time; what is rejected or undecided is no entity.

        Asides say neither that there are entities nor that there are none.
        """
        offered = {label.name for label in self._opened.labels if not label.retired}
        for article_id in ids:
            annotated = self._opened.fresh_sheet(article_id).annotated(self._opened.label_of)
            labelled = [span for span in annotated.confirmed if not annotated.is_aside(*span.range)]
            known = [span for span in labelled if span.label in offered]
            kept = one_layer(each for span in known if (each := _trimmed(annotated.text, span)))
            yield Gold(
                annotated.text,
                [(span.start, span.end, span.label) for span in kept],
                overlapping=len(known) - len(kept),
                retired=len(labelled) - len(known),
                asides=annotated.left_out,
            )

    def trained(self) -> list[str]:
        """The folders of trained pipelines that lie beside the project, by name."""
        try:
            reports = sorted(self._opened.project.path.absolute().parent.glob("*/training.json"))
        except OSError:  # a folder that may not be looked into
            return []
        return [str(report.parent) for report in reports if exists(str(report.parent))]

    def model_before(self) -> str:
        """The pipeline that was used before the present one; "" for none."""
        return self._opened.project.meta(_MODEL_BEFORE)

    def remember(self, model: str) -> None:
        """This was the pipeline so far; inside a transaction."""
        self._opened.project.set_meta(_MODEL_BEFORE, model)


def summary(parts: Mapping[str, Any]) -> str:
    """What there is to train on, in one sentence.

    :param parts: as `suggest.training` tells them.
    """
    train, held_out = parts["train"], parts["held_out"]
    learned, asked = (counted(sum(part["spans"].values()), "span") for part in (train, held_out))
    return (
        f"{counted(train['articles'], 'article')} with {learned} to learn from, "
        f"{held_out['articles']} with {asked} held out for the score."
    )


def left_out(parts: Mapping[str, Any]) -> list[str]:
    """A sentence for each reason why confirmed spans are not trained on."""
    reasons = {
        "off_tokens": "met no token edges: the words there are left open, neither entity nor not",
        "overlapping": "overlapped a longer one: not learned",
        "retired": "had a label that is no longer offered: not learned",
    }
    counts = {reason: sum(part[reason] for part in parts.values()) for reason in reasons}
    return [f"{counted(count, 'span')} {reasons[reason]}." for reason, count in counts.items() if count]


def _trimmed(text: str, span: Span) -> Span | None:
    """Without outer white space, which no recogniser of tokens may have in an entity."""
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()), span.label) if words.strip() else None
