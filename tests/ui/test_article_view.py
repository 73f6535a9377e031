"""The article view under real mouse and key events, on every kind of text that news comes in."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFontMetricsF,
    QGuiApplication,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPaintEvent,
    QPdfWriter,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from annotator.model.article import AnnotatedArticle, Article
from annotator.model.span import Decision, Span, SpanState, reading_order
from annotator.model.tokens import Tokens, rough_tokens
from annotator.ui.accessible import announce, install
from annotator.ui.article_view import ArticleView, different_spans
from annotator.ui.theme import Theme
from annotator.ui.token_cursor import graphemes_on, token_near

pytestmark = pytest.mark.usefixtures("qt_app")
HUES = {"ORG": "orange", "GPE": "green", "PERSON": "blue", "A_LABEL_OF_MANY_WORDS": "#12ab34"}
LEFT, NONE, ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier

WILD = (
    "\ufeffAlibaba invests in research\r\n\r\nOctober 11, 2017\u00a0-\u00a0\r\n\r\n"
    "A lone\rCR and\u2028a separator, a\ttab\tor two,  double  spaces and NBSP\u00a0between.\n\n"
    "Emoji 😀 𝔘nicode Corp 🇺🇸 and the 👩\u200d👩\u200d👧 Fund met 👍🏽 at Cafe\u0301 Zoe\u0308 "
    "e\u0301\u0323 in Zürich.\n\n"
    "قالت شركة علي بابا يوم الأربعاء إنها ستستثمر 15 مليار دولار في مراكز بحثية في الصين "
    "وسنغافورة وفقا لتقرير BNN News من كندا\n\n"
    "חברת עליבאבא תשקיע 15 מיליארד דולר במרכזי מחקר בסין ובסינגפור לפי BNN\n\n"
    "阿里巴巴集团控股有限公司将投资150亿美元在中国、以色列、美国、俄罗斯和新加坡建立海外研究中心。\n\n"
    "The paper اليوم السابع reported from القاهرة (Cairo) today. "
    "Broken \ud83d half and \ufffe non \ufeff mark."
)
WORD = re.compile("[\u3001-\u9fff]|[^\\s\u3001-\u9fff]+")


class Watched(ArticleView):
    """Remembers what was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[QRect] = []

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        self.painted.append(event.rect())
        super().paintEvent(event)


def annotated(text: str, spans: list[Span] | None = None, tokens: Tokens | None = None) -> AnnotatedArticle:
    ordered = tuple(sorted(spans or [], key=reading_order))
    return AnnotatedArticle(1, Article("a", text), ordered, tokens or rough_tokens(text))


def wild(with_spans: bool = True) -> AnnotatedArticle:
    tokens = Tokens(match.span() for match in WORD.finditer(WILD))
    states = list(SpanState)
    spans = [Span(*tokens[k], list(HUES)[k % 4], state=states[k % 3], confidence=0.3) for k in range(0, len(tokens), 3)]
    return annotated(WILD, spans if with_spans else [], tokens)


def news(paragraphs: int = 60, every: int = 9) -> AnnotatedArticle:
    words = [
        "The",
        "company",
        "has",
        "also",
        "pursued",
        "a",
        "bid",
        "for",
        "Acme",
        "Corp",
        "in",
        "Berlin",
        "while",
        "rivals",
        "in",
        "Paris",
        "watched",
    ]
    text = "\n\n".join(" ".join(words[(k + j) % len(words)] for j in range(70)) + "." for k in range(paragraphs))
    tokens = rough_tokens(text)
    return annotated(text, [Span(*tokens[k], "ORG") for k in range(3, len(tokens), every)], tokens)


@pytest.fixture(params=["inline", "above"])
def view(request: pytest.FixtureRequest) -> Iterator[Watched]:
    shown = Watched()
    shown.animated = False
    shown.set_theme(Theme(badge=request.param))
    shown.resize(760, 700)
    shown.show()
    QTest.qWaitForWindowExposed(shown)
    yield shown
    shown.close()


def settle() -> None:
    QApplication.processEvents()


def middle(view: ArticleView, start: int, end: int) -> QPoint:
    """A point on the first line of a range that is on the screen."""
    view.reveal(start, end)
    return view.rects_of(start, end)[0].center()


def mouse(view: ArticleView, kind: QEvent.Type, point: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else LEFT
    held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else LEFT
    away = QPointF(view.viewport().mapToGlobal(point))
    QApplication.sendEvent(view.viewport(), QMouseEvent(kind, QPointF(point), away, button, held, modifiers))


def drag(view: ArticleView, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, start, modifiers)
    mouse(view, QEvent.Type.MouseMove, (start + end) / 2, modifiers)
    mouse(view, QEvent.Type.MouseMove, end, modifiers)
    mouse(view, QEvent.Type.MouseButtonRelease, end, modifiers)


def on_screen(view: ArticleView) -> QImage:
    """What the window really shows, put together from all partial repaints."""
    settle()
    return QGuiApplication.primaryScreen().grabWindow(view.winId()).toImage()


def furthest(one: QImage, other: QImage) -> int:
    """The largest difference of a pixel's channel: antialiasing of clipped shapes may round otherwise."""
    if one == other:
        return 0
    return max(abs(a - b) for a, b in zip(bytes(one.constBits()), bytes(other.constBits()), strict=True))


def word_at(view: ArticleView, y: int) -> tuple[int, int]:
    """A token near a height of the viewport."""
    found = token_near(view.annotated.tokens, view.position_at(QPoint(view.width() // 2, y)))
    assert found
    return found


def heard(signal: object) -> list[tuple[object, ...]]:
    said: list[tuple[object, ...]] = []
    signal.connect(lambda *values: said.append(values))  # type: ignore[attr-defined]
    return said


# Offsets


@pytest.mark.parametrize("with_spans", [False, True])
def test_a_double_click_selects_exactly_the_token(view: Watched, with_spans: bool) -> None:
    article = wild(with_spans)
    view.show_article(article, HUES)
    made = heard(view.selection_made)
    for k in range(len(article.tokens)):
        start, end = article.tokens[k]
        point = middle(view, start, end)
        QTest.mouseDClick(view.viewport(), LEFT, NONE, point)
        assert view.selection == (start, end), (WILD[start:end], view.selected_text())
        assert made[-1] == (start, end)
        view.clear_selection()


def test_the_cursor_walks_over_exactly_the_tokens(view: Watched) -> None:
    article = wild()
    view.show_article(article, HUES)
    walked = []
    for _ in range(len(article.tokens)):
        view.move_cursor(1)
        walked.append(view.selection)
    every = [article.tokens[k] for k in range(len(article.tokens))]
    assert walked == every
    for token in reversed(every[:-1]):
        view.move_cursor(-1)
        assert view.selection == token
    view.move_cursor(-5)
    assert view.selection == every[0]


def test_every_character_has_its_place(view: Watched) -> None:
    """A grapheme's place on the screen leads back to its first code point."""
    view.show_article(wild(), HUES)
    at = 0
    while at < len(WILD):
        after = graphemes_on(WILD, at, 1)
        if not WILD[at].isspace() and not "\u0600" <= WILD[at] <= "\u06ff":
            point = middle(view, at, after)
            assert at <= view.position_at(point) < after, ascii(WILD[at:after])
        at = after


def test_copying_gives_the_stored_text(view: Watched) -> None:
    view.show_article(wild(), HUES)
    start, end = WILD.index("A lone"), WILD.index("between")
    view.select(start, end)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert view.selected_text() == WILD[start:end]
    assert "\r" in view.selected_text()
    assert QGuiApplication.clipboard().text() == WILD[start:end]


@pytest.mark.parametrize("forward", [True, False])
def test_exact_steps_never_cut_a_grapheme(view: Watched, forward: bool) -> None:
    text = "x 👩\u200d👩\u200d👧e\u0301🇺🇸 y"
    view.show_article(annotated(text), {})
    view.select(0, 1)
    ends = []
    for _ in range(4):
        view.move_cursor(1, exact=True)
        ends.append(view.selected_text())
    assert ends == [
        "x ",
        "x 👩\u200d👩\u200d👧",
        "x 👩\u200d👩\u200d👧e\u0301",
        "x 👩\u200d👩\u200d👧e\u0301🇺🇸",
    ]
    view.move_cursor(-1, exact=True)
    assert view.selected_text() == ends[2]


# The token cursor


def test_extending_grows_and_shrinks_at_the_far_edge(view: Watched) -> None:
    text = "one two three four five"
    view.show_article(annotated(text), {})
    view.select(8, 13)
    seen = []
    for by in (1, 1, -1, -1, -1, -1, 1):
        view.move_cursor(by, extend=True)
        seen.append(view.selected_text())
    assert seen == [
        "three four",
        "three four five",
        "three four",
        "three",
        "two three",
        "one two three",
        "two three",
    ]


def test_the_cursor_starts_at_the_focused_span(view: Watched) -> None:
    article = annotated("one two three four", [Span(4, 7, "ORG")])
    view.show_article(article, HUES)
    view.set_current(article.spans[0])
    view.move_cursor(1)
    assert (view.selected_text(), view.current) == ("three", None)
    view.set_current(article.spans[0])
    view.move_cursor(1, extend=True)
    assert view.selected_text() == "two three"


def test_lines_up_and_down(view: Watched) -> None:
    article = news(3)
    view.show_article(article, HUES)
    view.move_cursor(5)
    view.move_cursor(1)
    first = view.rects_of(*view.selection)[0]
    tops = [first.top()]
    for _ in range(12):
        view.move_cursor_line(1)
        rect = view.rects_of(*view.selection)[0]
        assert abs(rect.center().x() - first.center().x()) < 80
        tops.append(rect.top())
    assert tops == sorted(set(tops))
    view.move_cursor_line(-12)
    assert view.rects_of(*view.selection)[0] == first
    view.move_cursor_line(1, extend=True)
    assert view.selection[0] == view.annotated.tokens.starts[1]
    assert len(view.rects_of(*view.selection)) == 2


def test_the_cursor_in_an_empty_article(view: Watched) -> None:
    view.show_article(annotated(" \n\n "), {})
    view.move_cursor(1)
    view.move_cursor_line(1)
    view.move_cursor(1, extend=True)
    assert view.selection is None
    view.clear()
    view.move_cursor_line(-1)
    assert view.selected_text() == ""


# The mouse


def test_clicks_choose_the_span_under_them(view: Watched) -> None:
    article = wild()
    view.show_article(article, HUES)
    chosen = heard(view.span_chosen)
    for span in article.spans:
        view.set_current(None)
        QTest.mouseClick(view.viewport(), LEFT, NONE, middle(view, *span.range))
        assert chosen[-1][0] == span == view.current


def test_a_click_beside_spans_puts_the_cursor_there(view: Watched) -> None:
    text = "Alpha beta gamma"
    article = annotated(text, [Span(0, 5, "ORG")])
    view.show_article(article, HUES)
    view.set_current(article.spans[0])
    made, changed = heard(view.selection_made), heard(view.selection_changed)
    QTest.mouseClick(view.viewport(), LEFT, NONE, middle(view, 6, 10))
    assert (view.selected_text(), view.current) == ("beta", None)
    assert (made, len(changed)) == ([], 1)


def test_dragging_snaps_and_trims(view: Watched) -> None:
    text = "He said “Acme Corp” again"
    view.show_article(annotated(text), {})
    made = heard(view.selection_made)
    start, end = text.index("“"), text.index("”")
    drag(view, middle(view, start, start + 1), middle(view, end - 2, end - 1))
    assert view.selected_text() == "Acme Corp"
    assert made == [(start + 1, end)]
    drag(view, middle(view, end - 1, end), middle(view, start + 2, start + 3))
    assert view.selected_text() == "Acme Corp"


def test_alt_drags_exact_characters(view: Watched) -> None:
    text = "unhappiness is here"
    view.show_article(annotated(text), {})
    left, right = middle(view, 2, 3), middle(view, 6, 7)
    drag(view, QPoint(left.x() - 2, left.y()), QPoint(right.x() + 3, right.y()), ALT)
    assert view.selected_text() == "happi"


def test_dragging_beyond_the_edge_scrolls(view: Watched) -> None:
    view.show_article(news(), HUES)
    start = middle(view, 0, 3)
    below = QPoint(start.x(), view.viewport().height() + 80)
    mouse(view, QEvent.Type.MouseButtonPress, start)
    mouse(view, QEvent.Type.MouseMove, below)
    QTest.qWait(200)
    mouse(view, QEvent.Type.MouseButtonRelease, below)
    assert view.verticalScrollBar().value() > 0
    assert view.selection[0] == 0
    stopped = view.verticalScrollBar().value()
    QTest.qWait(80)
    assert view.verticalScrollBar().value() == stopped


def test_an_edge_of_the_focused_span_is_dragged(view: Watched) -> None:
    text = "the Acme Corp of Berlin"
    span = Span(4, 8, "ORG")
    view.show_article(annotated(text, [span]), HUES)
    view.set_current(span)
    resized, made = heard(view.span_resized), heard(view.selection_made)
    edge = view.rects_of(4, 8)[0]
    drag(view, QPoint(edge.right(), edge.center().y()), middle(view, 12, 13))
    assert resized == [(span, 4, 13)]
    drag(view, QPoint(edge.left(), edge.center().y()), middle(view, 0, 1))
    assert resized[1] == (span, 0, 8)
    drag(view, QPoint(edge.right(), edge.center().y()), QPoint(edge.right() - 4, edge.center().y()))
    assert (len(resized), made, view.current, view.selection) == (2, [], span, None)


def test_the_right_button_asks_for_a_menu(view: Watched) -> None:
    span = Span(4, 8, "ORG")
    view.show_article(annotated("the Acme Corp of Berlin", [span]), HUES)
    asked = heard(view.span_menu)
    for point in (middle(view, 4, 8), middle(view, 17, 23)):
        away = view.viewport().mapToGlobal(point)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, away)
        QApplication.sendEvent(view.viewport(), event)
    assert [span_or_none for span_or_none, _ in asked] == [span, None]


def test_tool_tips_are_plain_text(view: Watched) -> None:
    span = Span(0, 5, "ORG")
    view.show_article(annotated("Alpha beta", [span]), HUES)
    view.describe = lambda chosen: f"<img src='file:///x'> {chosen.label}\nsecond"
    point = middle(view, 0, 5)
    event = QHelpEvent(QEvent.Type.ToolTip, point, view.viewport().mapToGlobal(point))
    QApplication.sendEvent(view.viewport(), event)
    assert "&lt;img" in QToolTip.text()
    assert "<img" not in QToolTip.text()


def test_keys_of_the_window_are_left_alone(view: Watched) -> None:
    view.show_article(news(), HUES)
    before = view.verticalScrollBar().value()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_A, Qt.Key.Key_Tab):
        QTest.keyClick(view, key)
    assert (view.verticalScrollBar().value(), view.selection) == (before, None)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.verticalScrollBar().value() > before
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.verticalScrollBar().value() == 0


# What is painted


def changes() -> list[Callable[[Watched, AnnotatedArticle], object]]:
    def decide(index: int, **changed: object) -> Callable[[Watched, AnnotatedArticle], object]:
        def change(view: Watched, article: AnnotatedArticle) -> None:
            spans = list(view.annotated.spans)
            spans[index] = replace(spans[index], **changed)
            view.update_article(annotated(article.text, spans, article.tokens), HUES)
            view.set_current(spans[index])

        return change

    return [
        lambda view, article: view.set_current(article.spans[4]),
        decide(4, state=SpanState.CONFIRMED, decision=Decision.CONFIRM),
        decide(5, label="A_LABEL_OF_MANY_WORDS", decision=Decision.RELABEL, state=SpanState.CONFIRMED),
        decide(6, state=SpanState.REJECTED),
        lambda view, article: view.select(article.spans[8].start, article.spans[9].end),
        lambda view, article: view.move_cursor(1, extend=True),
        lambda view, article: view.verticalScrollBar().setValue(view.verticalScrollBar().value() + 61),
        lambda view, article: view.verticalScrollBar().setValue(view.verticalScrollBar().value() - 24),
        lambda view, article: view.set_current(article.spans[30]),
        decide(30, label="PERSON"),
        lambda view, article: view.set_found([(0, 3), (40, 60)], 1),
        lambda view, article: view.clear_selection(),
    ]


@pytest.mark.parametrize("make", [news, wild])
def test_partial_repaints_show_what_a_full_one_would(view: Watched, make: Callable[[], AnnotatedArticle]) -> None:
    article = make()
    view.show_article(article, HUES)
    on_screen(view)
    for number, change in enumerate(changes()):
        change(view, article)
        partial = on_screen(view)
        view.viewport().update()
        assert furthest(partial, on_screen(view)) <= 24, f"after change {number}"


def test_an_update_paints_only_what_differs(view: Watched) -> None:
    article = news()
    view.show_article(article, HUES)
    settle()
    view.painted.clear()
    view.update_article(annotated(article.text, list(article.spans), article.tokens), HUES)
    settle()
    assert view.painted == []
    spans = list(article.spans)
    spans[2] = replace(spans[2], state=SpanState.CONFIRMED)
    view.update_article(annotated(article.text, spans, article.tokens), HUES)
    settle()
    paragraph = view.rects_of(0, article.text.index("\n"))
    assert view.painted
    assert min(rect.top() for rect in view.painted) >= paragraph[0].top() - 40
    assert max(rect.bottom() for rect in view.painted) <= paragraph[-1].bottom() + 40


def test_differences_are_found() -> None:
    one, two, three = Span(0, 1, "A"), Span(2, 3, "B"), Span(4, 5, "C")
    assert different_spans((one, two, three), (one, two, three)) == []
    assert different_spans((one, three), (one, two, three)) == [two]
    assert set(different_spans((one, two), ())) == {one, two}
    assert set(different_spans((one, one), (one, two, one))) == {two}


@pytest.mark.parametrize("badge", ["inline", "above"])
def test_states_look_different_without_colour(view: Watched, badge: str) -> None:
    """Every pair of states differs by more than a few pixels of grey."""
    view.set_theme(Theme(badge=badge))
    looks = [
        Span(0, 4, "ORG", confidence=0.9),
        Span(0, 4, "ORG", confidence=0.2),
        Span(0, 4, "ORG", state=SpanState.CONFIRMED, decision=Decision.CONFIRM),
        Span(0, 4, "ORG", state=SpanState.CONFIRMED, decision=Decision.RELABEL),
        Span(0, 4, "ORG", state=SpanState.REJECTED, decision=Decision.REJECT),
    ]
    pictures = []
    for span in looks:
        view.show_article(annotated("Acme is here.", [span]), {"ORG": "slate"})
        pictures.append(on_screen(view).convertToFormat(QImage.Format.Format_Grayscale8))
    assert len({bytes(picture.constBits()) for picture in pictures}) == len(looks)


@pytest.mark.parametrize("label", ["ORG", "A_LABEL_OF_MANY_WORDS"])
def test_a_badge_stands_on_no_word(view: Watched, label: str) -> None:
    """An inline badge has its own room behind the last word, and chooses its span."""
    view.set_theme(Theme())
    span = Span(4, 8, label)
    view.show_article(annotated("the Acme Corp", [span]), HUES)
    words, after = view.rects_of(4, 8)[0], view.rects_of(9, 13)[0]
    width = QFontMetricsF(view.theme.badge_font).horizontalAdvance(label[:13])
    assert after.left() - words.right() > width
    assert after.left() - words.right() < 14 * 19
    badge = QPoint(round(words.right() + width / 2), words.center().y())
    assert view.span_at(badge) == span
    assert view.span_at(after.center()) is None


def test_nested_badges_stand_side_by_side(view: Watched) -> None:
    view.set_theme(Theme())
    outer, inner = Span(0, 9, "ORG"), Span(5, 9, "PERSON")
    view.show_article(annotated("Acme Corp said", [outer, inner]), HUES)
    y = view.rects_of(5, 9)[0].center().y()
    left, right = view.rects_of(5, 9)[0].right() + 4, view.rects_of(10, 14)[0].left()
    hits = [view.span_at(QPoint(x, y)) for x in range(left, right)]
    assert hits[6] == inner
    assert hits[-14] == outer


def test_rejected_spans_can_be_hidden(view: Watched) -> None:
    span = Span(0, 4, "ORG", state=SpanState.REJECTED)
    view.show_article(annotated("Acme is here.", [span]), HUES)
    assert view.span_at(middle(view, 0, 4)) == span
    view.show_rejected = False
    assert view.span_at(middle(view, 0, 4)) is None


def test_a_state_moves_no_word(view: Watched) -> None:
    article = news(4)
    view.show_article(article, HUES)
    before = view.rects_of(0, len(article.text))
    for state in SpanState:
        spans = [replace(span, state=state) for span in article.spans]
        view.update_article(annotated(article.text, spans, article.tokens), HUES)
        assert view.rects_of(0, len(article.text)) == before


# Scrolling


def test_scrolling_up_over_estimates_moves_nothing(view: Watched) -> None:
    article = news(200)
    view.show_article(article, HUES)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    for _ in range(80):
        word = word_at(view, 300)
        before = view.rects_of(*word)[0].top()
        bar.setValue(bar.value() - 60)
        assert abs(view.rects_of(*word)[0].top() - before - 60) <= 1


def test_a_change_above_or_in_sight_moves_nothing_above_it(view: Watched) -> None:
    article = news(30)
    view.show_article(article, HUES)
    view.verticalScrollBar().setValue(900)
    settle()
    word = word_at(view, 30)
    before = view.rects_of(*word)[0].top()
    spans = [replace(s, label="A_LABEL_OF_MANY_WORDS") if s.end < word[0] - 150 else s for s in article.spans]
    view.update_article(annotated(article.text, spans, article.tokens), HUES)
    assert abs(view.rects_of(*word)[0].top() - before) <= 1


def test_focus_scrolls_only_when_it_must(view: Watched) -> None:
    article = news()
    view.show_article(article, HUES)
    view.set_current(article.spans[5])
    assert view.verticalScrollBar().value() == 0
    far = article.spans[len(article.spans) // 2]
    view.set_current(far, reveal=False)
    assert view.verticalScrollBar().value() == 0
    view.set_current(far)
    rect = view.rects_of(*far.range)[0]
    assert 0 < rect.top() < view.viewport().height() * 0.6
    for span in (article.spans[-1], article.spans[0]):
        view.set_current(span)
        assert view.viewport().rect().contains(view.rects_of(*span.range)[0])


def test_animated_scrolling_arrives(view: Watched) -> None:
    article = news()
    view.show_article(article, HUES)
    view.animated = True
    step = next(s for s in article.spans if view.rects_of(*s.range)[0].top() > view.viewport().height())
    view.set_current(step)
    assert view.verticalScrollBar().value() == 0
    QTest.qWait(300)
    assert view.viewport().rect().contains(view.rects_of(*step.range)[0])


@pytest.mark.parametrize("change", ["zoom", "width", "theme", "badges"])
def test_the_place_is_kept(view: Watched, change: str) -> None:
    article = news(100)
    view.show_article(article, HUES)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    settle()
    at = view.position_at(QPoint(view.width() // 2, 12))
    do = {
        "zoom": lambda: view.zoom(4),
        "width": lambda: view.resize(500, 700),
        "theme": lambda: view.set_theme(Theme(dark=True)),
        "badges": lambda: setattr(view, "show_rejected", False),
    }
    do[change]()
    settle()
    assert abs(view.position_at(QPoint(view.width() // 2, 12)) - at) < 120


def test_zoom_has_bounds_and_says_its_size(view: Watched) -> None:
    view.show_article(news(2), HUES)
    sizes = heard(view.zoomed)
    view.zoom(2)
    view.zoom(100)
    view.zoom(1)
    view.reset_zoom()
    assert [size for (size,) in sizes] == [21.0, 48.0, 19.0]


# The rest


def test_the_header_stands_above_and_moves_no_offset(view: Watched) -> None:
    article = Article("a", "Text of it.\n\nMore.", {"title": "Another <i>title</i>", "source": "Wire"})
    view.show_article(AnnotatedArticle(1, article, (), rough_tokens(article.text)), {})
    with_header = view.rects_of(0, 4)[0].top()
    QTest.mouseDClick(view.viewport(), LEFT, NONE, view.rects_of(0, 4)[0].center())
    assert view.selected_text() == "Text"
    view.show_article(annotated(article.text), {})
    assert view.rects_of(0, 4)[0].top() < with_header


def test_another_article_starts_afresh(view: Watched) -> None:
    article = news()
    view.show_article(article, HUES)
    view.set_current(article.spans[-1])
    view.show_article(wild(), HUES)
    assert (view.current, view.selection, view.verticalScrollBar().value()) == (None, None, 0)
    view.clear()
    assert view.rects_of(0, 5) == []


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\ufeff", "\r"])
def test_nothing_to_point_at(view: Watched, text: str) -> None:
    view.show_article(annotated(text), {})
    asked = heard(view.span_menu)
    for point in (QPoint(5, 5), QPoint(300, 60), QPoint(300, 600)):
        drag(view, point, point + QPoint(40, 200))
        QTest.mouseClick(view.viewport(), LEFT, NONE, point)
        QTest.mouseDClick(view.viewport(), LEFT, NONE, point)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, point)
        QApplication.sendEvent(view.viewport(), event)
    for by in (1, -1):
        view.move_cursor(by, exact=True)
        view.move_cursor_line(by, extend=True)
    settle()
    assert view.selected_text() in ("", "\ufeff")
    assert [span for span, _ in asked] == [None] * 3


def test_screen_readers_find_paragraphs_and_spans(view: Watched) -> None:
    install()
    article = annotated("Acme said so.\n\nBerlin is far.", [Span(0, 4, "ORG"), Span(15, 21, "GPE")])
    shown = ArticleView()
    shown.show_article(article, HUES)
    shown.set_current(article.spans[1])
    announce(shown)
    root = QAccessible.queryAccessibleInterface(shown)
    assert (root.role(), root.childCount()) == (QAccessible.Role.Document, 2)
    paragraph = root.child(1)
    assert paragraph.text(QAccessible.Text.Name) == "Berlin is far."
    assert paragraph.child(0).text(QAccessible.Text.Name) == "Berlin, GPE, suggested"
    assert paragraph.child(0).state().selected
    assert not root.child(0).child(0).state().selected
    shown.show_article(annotated("Other."), HUES)
    assert not paragraph.isValid()
    assert root.child(0).text(QAccessible.Text.Name) == "Other."


def test_printing_fills_pages(view: Watched, tmp_path: Path) -> None:
    pages = {}
    for name, article in (("short", wild()), ("long", news(60))):
        path = tmp_path / f"{name}.pdf"
        view.show_article(article, HUES)
        writer = QPdfWriter(str(path))
        view.print_to(writer)
        del writer
        pages[name] = path.read_bytes().count(b"/Type /Page\n")
    assert pages["short"] == 1
    assert 8 <= pages["long"] <= 20
