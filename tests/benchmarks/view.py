"""From a key to the painted window: the article view beside a QTextEdit with ExtraSelections.

    python tests/benchmarks/view.py [WORDS] [SPANS] [PRESSES]

Prints milliseconds. Every press changes the article the way the session does (a new
AnnotatedArticle) and ends when the paint event is over and no event is left.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QColor, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QTextEdit

from annotator.model.article import AnnotatedArticle, Article
from annotator.model.span import Decision, Span, SpanState
from annotator.model.tokens import Tokens, rough_tokens
from annotator.ui.article_view import ArticleView
from annotator.ui.theme import Theme

HUES = {"PER": "blue", "ORG": "orange", "LOC": "green", "MISC": "purple"}
WORDS = [
    "the",
    "company",
    "and",
    "its",
    "affiliates",
    "have",
    "experienced",
    "a",
    "rapid",
    "expansion",
    "in",
    "past",
    "year",
    "putting",
    "it",
    "direct",
    "competition",
    "with",
    "heavyweight",
    "rivals",
    "as",
    "well",
    "global",
    "payments",
    "cloud",
    "logistics",
    "Acme",
    "Berlin",
    "Paris",
]


class Baseline(QTextEdit):
    """What is often built first: all spans as ExtraSelections, set anew at every change."""

    def __init__(self) -> None:
        super().__init__()
        self.paint_count = 0
        self.setReadOnly(True)
        self.setFont(Theme().font)

    def show_article(self, article: AnnotatedArticle, hues: dict[str, str]) -> None:
        self.setPlainText(article.text)
        self.update_article(article, hues)

    def update_article(self, article: AnnotatedArticle, hues: dict[str, str]) -> None:
        theme, selections = Theme(), []
        for span in article.spans:
            selection = QTextEdit.ExtraSelection()
            selection.cursor = QTextCursor(self.document())
            selection.cursor.setPosition(span.start)
            selection.cursor.setPosition(span.end, QTextCursor.MoveMode.KeepAnchor)
            look = QTextCharFormat()
            look.setBackground(theme.hue(hues[span.label]).fill if span.state != "rejected" else QColor("white"))
            selection.format = look
            selections.append(selection)
        self.setExtraSelections(selections)

    def set_current(self, span: Span) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(span.start)
        cursor.setPosition(span.end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        self.paint_count += 1


def made(words: int, spans: int, seed: int = 7) -> AnnotatedArticle:
    """A text in paragraphs of 80 words with evenly spread spans in all states."""
    rnd = random.Random(seed)
    picked = [rnd.choice(WORDS) for _ in range(words)]
    text = "\n\n".join(" ".join(picked[k : k + 80]).capitalize() + "." for k in range(0, words, 80))
    tokens = rough_tokens(text)
    every = len(tokens) / spans
    chosen = [tokens[int(k * every)] for k in range(spans)]
    return with_spans(text, [Span(*t, rnd.choice(list(HUES)), rnd.choice(list(SpanState))) for t in chosen], tokens)


def with_spans(text: str, spans: list[Span], tokens: Tokens) -> AnnotatedArticle:
    return AnnotatedArticle(1, Article("a", text), tuple(spans), tokens)


class Presses:
    """The decisions of an annotator, one after the other."""

    def __init__(self, view: ArticleView | Baseline, article: AnnotatedArticle) -> None:
        self.view, self.article, self.at = view, article, len(article.spans) // 2
        self.tokens = Tokens(article.tokens[k] for k in range(len(article.tokens)))

    def next_span(self) -> None:
        self.at = (self.at + 1) % len(self.article.spans)
        self.view.set_current(self.article.spans[self.at])

    def relabel(self) -> None:
        span = self.article.spans[self.at]
        labels = list(HUES)
        label = labels[(labels.index(span.label) + 1) % len(labels)]
        self.change(label=label, state=SpanState.CONFIRMED, decision=Decision.RELABEL)

    def extend(self) -> None:
        span = self.article.spans[self.at]
        short = self.article.tokens.covering(*span.range) in (None, (0, 0)) or span.end - span.start < 12
        self.change(end=self.article.tokens.moved_end(span.end, 1 if short else -1))

    def reject(self) -> None:
        state = self.article.spans[self.at].state
        self.change(state=SpanState.CONFIRMED if state is SpanState.REJECTED else SpanState.REJECTED)

    def change(self, **values: object) -> None:
        """All spans are new objects, as they are when they come from the project file."""
        spans = [replace(span) for span in self.article.spans]
        spans[self.at] = replace(spans[self.at], **values)
        self.article = with_spans(self.article.text, spans, self.tokens)
        self.started = time.perf_counter()
        self.view.update_article(self.article, HUES)
        self.view.set_current(spans[self.at])

    def timed(self, press: Callable[[], None]) -> float:
        """Milliseconds until the change is on the screen."""
        painted = self.view.paint_count
        self.started = time.perf_counter()
        press()
        while self.view.paint_count == painted and time.perf_counter() - self.started < 1:
            QApplication.processEvents()
        QApplication.processEvents()
        return (time.perf_counter() - self.started) * 1000


def measured(view: ArticleView | Baseline, article: AnnotatedArticle, presses: int) -> dict[str, list[float]]:
    view.resize(1000, 1000)
    view.show()
    QApplication.processEvents()
    started = time.perf_counter()
    view.show_article(article, HUES)
    QApplication.processEvents()
    took: dict[str, list[float]] = {"open": [(time.perf_counter() - started) * 1000]}
    keys = Presses(view, article)
    for _ in range(presses):
        for name in ("relabel", "extend", "reject"):
            took.setdefault(name, []).append(keys.timed(getattr(keys, name)))
        took.setdefault("next", []).append(keys.timed(keys.next_span))
    view.hide()
    return took


def main() -> None:
    words, spans, presses = (int(given) for given in (*sys.argv[1:], *("5000", "600", "150")[len(sys.argv) - 1 :]))
    app = QApplication.instance() or QApplication([])
    assert app
    article = made(words, spans)
    view = ArticleView()
    view.animated = False
    ours, base = measured(view, article, presses), measured(Baseline(), article, max(10, presses // 5))
    print(f"{words} words, {spans} spans, {presses} presses; milliseconds")
    print(f"{'':8} {'p50':>7} {'p95':>7} {'p99':>7}   QTextEdit p50   ratio")
    for name, values in ours.items():
        cuts = statistics.quantiles(values, n=100, method="inclusive") if len(values) > 1 else values * 99
        other = statistics.median(base[name])
        print(f"{name:8} {cuts[49]:7.2f} {cuts[94]:7.2f} {cuts[98]:7.2f} {other:15.2f} {other / cuts[49]:7.1f}")


if __name__ == "__main__":
    main()
