"""Everything that can be done in the window: one table.

To add one: append an Action. It then stands in its menu, on the shortcut sheet (F1), in the
command palette and in the keys file. `run` gets the window; what it does to a project is a verb
of the session, reached through `window.desk`.

Label keys are not here: they belong to the project's labels. RESERVED are the single keys that
labels cannot have.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.model.article import UNDECIDED
from annotator.ui import words
from annotator.ui.dialogs.memory import show_memory

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

Run = Callable[["MainWindow"], object]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do.

    :param id: in the keys file.
    :param menu: which menu it stands in.
    :param keys: Qt's portable key names; the first is shown.
    :param on_text: its keys work only while the article has the keyboard, so that typing in a
        filter stays typing.
    :param checked: for a switch: is it on?
    :param line: a separating line stands above it in the menu.
    """

    id: str
    menu: str
    title: str
    keys: tuple[str, ...]
    run: Run
    on_text: bool = False
    checked: Callable[[MainWindow], bool] | None = None
    line: bool = False


MENUS = ("File", "Edit", "Decide", "Span", "Go", "View", "Help")


def _undo(w: MainWindow) -> None:
    w.desk.replay(w.desk.session.undo, words.NOTHING_TO_UNDO)


def _redo(w: MainWindow) -> None:
    w.desk.replay(w.desk.session.redo, words.NOTHING_TO_REDO)


def _edge(edge: str, by: int, exact: bool = False) -> Run:
    return lambda w: w.desk.move_edge(edge, by, exact)


def _cursor(by: int, extend: bool = False, exact: bool = False) -> Run:
    return lambda w: w.view.move_cursor(by, extend, exact)


ACTIONS: tuple[Action, ...] = (
    Action("new", "File", "New project…", ("Ctrl+N",), lambda w: w.files.new()),
    Action("open", "File", "Open project…", ("Ctrl+O",), lambda w: w.files.open()),
    Action("save_copy", "File", "Save a copy…", (), lambda w: w.safety.save_copy()),
    Action("import", "File", "Import articles…", ("Ctrl+I",), lambda w: w.files.import_(), line=True),
    Action("import_folder", "File", "Import a folder…", ("Ctrl+Shift+I",), lambda w: w.files.import_folder()),
    Action("import_options", "File", "Import with options…", (), lambda w: w.files.import_(asks=True)),
    Action("export", "File", "Export dataset…", ("Ctrl+E",), lambda w: w.files.export()),
    Action("print", "File", "Print article…", ("Ctrl+P",), lambda w: w.files.print_article(), line=True),
    Action("backups", "File", "Backups…", ("Ctrl+Shift+B",), lambda w: w.backing_up.open(), line=True),
    Action("labels", "File", "Labels…", ("Ctrl+Shift+L",), lambda w: w.edit_labels(), line=True),
    Action("pipeline", "File", "Suggestions from…", (), lambda w: w.files.choose_pipeline()),
    Action("memory", "File", "Memory…", ("Ctrl+M",), lambda w: show_memory(w, w.desk, w.looks.theme, w.keys)),
    Action("order", "File", "Order of work…", (), lambda w: w.arranging.choose_order(), line=True),
    Action("twins", "File", "Articles nearly the same…", (), lambda w: w.arranging.offer_twins()),
    Action("train", "File", "Train a pipeline…", (), lambda w: w.training.open()),
    Action(
        *("learns", "File", "Learn from decisions", ()),
        lambda w: w.files.switch_learning(),
        checked=lambda w: w.desk.session.learning.is_on,
    ),
    Action("pipeline_before", "File", "Back to the pipeline before", (), lambda w: w.training.go_back()),
    Action("quit", "File", "Quit", ("Ctrl+Q",), lambda w: w.close(), line=True),
    Action("undo", "Edit", "Undo", ("Ctrl+Z",), _undo),
    Action("redo", "Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), _redo),
    Action("copy", "Edit", "Copy", ("Ctrl+C",), lambda w: w.copy(), on_text=True, line=True),
    Action("find", "Edit", "Find in article…", ("Ctrl+F",), lambda w: w.finder.open(), line=True),
    Action("find_next", "Edit", "Find next", ("F3",), lambda w: w.finder.step(1)),
    Action("find_previous", "Edit", "Find previous", ("Shift+F3",), lambda w: w.finder.step(-1)),
    Action("settings", "Edit", "Settings…", ("Ctrl+,",), lambda w: w.looks.edit(), line=True),
    Action("confirm", "Decide", "Confirm and go on", ("Space", "A"), lambda w: w.desk.confirm(), on_text=True),
    Action(
        *("confirm_same", "Decide", "Confirm all the same", ("Shift+Space", "Shift+A")),
        lambda w: w.desk.confirm(everywhere=True),
        on_text=True,
    ),
    Action("reject", "Decide", "Reject", ("X", "Del"), lambda w: w.desk.reject(w.desk.everywhere), on_text=True),
    Action(
        *("reject_this", "Decide", "Reject only this one", ("Shift+X", "Shift+Del")),
        lambda w: w.desk.reject(everywhere=False),
        on_text=True,
    ),
    Action("label", "Decide", "Choose label…", ("Ctrl+L",), lambda w: w.palettes.choose_label()),
    Action(
        "only_this",
        "Decide",
        "Only this one, not its copies",
        ("U",),
        lambda w: w.desk.only_this(),
        on_text=True,
    ),
    Action("elsewhere", "Decide", "Same change in other articles…", ("B",), lambda w: w.elsewhere.look(), on_text=True),
    Action(
        *("aside", "Decide", "Paragraph is not to be labelled", ("I",)),
        lambda w: w.desk.toggle_aside(),
        on_text=True,
    ),
    Action(
        "finish",
        "Decide",
        "Confirm the rest, next article",
        ("Return", "Enter"),
        lambda w: w.desk.finish(),
        True,
    ),
    Action("skip", "Decide", "Skip article", ("S",), lambda w: w.desk.skip(), on_text=True, line=True),
    Action("reopen", "Decide", "Reopen article", ("Ctrl+R",), lambda w: w.desk.reopen()),
    Action("flag", "Decide", "Flag article", ("F",), lambda w: w.desk.flag(), on_text=True),
    Action("comment", "Decide", "Comment on article…", ("C",), lambda w: w.comment(), on_text=True),
    Action("take_over", "Decide", "Take over from its twin", ("Ctrl+Shift+T",), lambda w: w.arranging.take_over()),
    Action(
        *("everywhere", "Decide", "Decide for all same occurrences", ("Ctrl+Shift+E",)),
        lambda w: w.looks.switch("everywhere"),
        checked=lambda w: w.desk.everywhere,
        line=True,
    ),
    Action("end_right", "Span", "Extend the end by a word", ("E", "Ctrl+Right"), _edge("end", 1), True),
    Action("end_left", "Span", "Shrink the end by a word", ("Shift+E", "Ctrl+Left"), _edge("end", -1), True),
    Action("start_left", "Span", "Extend the start by a word", ("D", "Ctrl+Shift+Left"), _edge("start", -1), True),
    Action(
        "start_right",
        "Span",
        "Shrink the start by a word",
        ("Shift+D", "Ctrl+Shift+Right"),
        _edge("start", 1),
        True,
    ),
    Action(
        "exact_end_right",
        "Span",
        "End one character right",
        ("Alt+E",),
        _edge("end", 1, True),
        True,
        line=True,
    ),
    Action("exact_end_left", "Span", "End one character left", ("Alt+Shift+E",), _edge("end", -1, True), True),
    Action("exact_start_left", "Span", "Start one character left", ("Alt+D",), _edge("start", -1, True), True),
    Action(
        "exact_start_right",
        "Span",
        "Start one character right",
        ("Alt+Shift+D",),
        _edge("start", 1, True),
        True,
    ),
    Action("cursor_right", "Span", "Next word", ("Right",), _cursor(1), True, line=True),
    Action("cursor_left", "Span", "Previous word", ("Left",), _cursor(-1), True),
    Action("cursor_down", "Span", "Word below", ("Down",), lambda w: w.view.move_cursor_line(1), True),
    Action("cursor_up", "Span", "Word above", ("Up",), lambda w: w.view.move_cursor_line(-1), True),
    Action("select_right", "Span", "Select one word more", ("Shift+Right",), _cursor(1, True), True),
    Action("select_left", "Span", "Select one word less", ("Shift+Left",), _cursor(-1, True), True),
    Action(
        "select_down",
        "Span",
        "Select to the word below",
        ("Shift+Down",),
        lambda w: w.view.move_cursor_line(1, True),
        True,
    ),
    Action(
        "select_up",
        "Span",
        "Select to the word above",
        ("Shift+Up",),
        lambda w: w.view.move_cursor_line(-1, True),
        True,
    ),
    Action("exact_right", "Span", "Select one character more", ("Alt+Shift+Right",), _cursor(1, True, True), True),
    Action("exact_left", "Span", "Select one character less", ("Alt+Shift+Left",), _cursor(-1, True, True), True),
    Action("unselect", "Span", "Clear selection", ("Esc",), lambda w: w.unselect(), True),
    Action("next", "Go", "Next to check", ("Tab", "J"), lambda w: w.desk.go(1, to_check=True), True),
    Action(
        "previous",
        "Go",
        "Previous to check",
        ("Shift+Tab", "K"),
        lambda w: w.desk.go(-1, to_check=True),
        True,
    ),
    Action("checking", "Go", "What to check…", ("Ctrl+T",), lambda w: w.checking.choose()),
    Action("next_span", "Go", "Next span", ("N",), lambda w: w.desk.go(1), True),
    Action("previous_span", "Go", "Previous span", ("P",), lambda w: w.desk.go(-1), True),
    Action(
        "next_article",
        "Go",
        "Next article",
        ("Ctrl+PgDown", "G"),
        lambda w: w.desk.open_neighbour(1),
        True,
        line=True,
    ),
    Action(
        "previous_article",
        "Go",
        "Previous article",
        ("Ctrl+PgUp", "Shift+G"),
        lambda w: w.desk.open_neighbour(-1),
        True,
    ),
    Action(
        "next_undecided",
        "Go",
        "Next undecided article",
        ("Ctrl+G",),
        lambda w: w.desk.open_neighbour(1, UNDECIDED),
    ),
    Action("filter", "Go", "Filter articles", ("Ctrl+Shift+F",), lambda w: w.articles.focus_filter(), line=True),
    Action("text", "Go", "Back to the text", ("F6",), lambda w: w.view.setFocus()),
    Action("notice", "Go", "Go to the notice above", ("Shift+F6",), lambda w: w.safety.go_to_notice()),
    Action("larger", "View", "Larger text", ("Ctrl++", "Ctrl+="), lambda w: w.view.zoom(1)),
    Action("smaller", "View", "Smaller text", ("Ctrl+-",), lambda w: w.view.zoom(-1)),
    Action("normal", "View", "Normal text size", ("Ctrl+0",), lambda w: w.view.reset_zoom()),
    Action(
        *("dark", "View", "Dark", ("Ctrl+D",)),
        lambda w: w.looks.toggle_dark(),
        checked=lambda w: w.looks.theme.dark,
        line=True,
    ),
    Action(
        *("badges", "View", "Badges above the line", ()),
        lambda w: w.looks.toggle_badges(),
        checked=lambda w: w.looks.theme.badge == "above",
    ),
    Action(
        *("rejected", "View", "Show rejected spans", ("Ctrl+J",)),
        lambda w: w.looks.switch("show_rejected"),
        checked=lambda w: w.view.show_rejected,
    ),
    Action(
        *("ghosts", "View", "Show places that may hide an entity", ("Ctrl+H",)),
        lambda w: w.checking.switch_ghosts(),
        checked=lambda w: w.view.show_ghosts,
    ),
    Action(
        *("left", "View", "Articles panel", ("Ctrl+1",)),
        lambda w: w.toggle_panel("articles"),
        checked=lambda w: w.is_panel_shown("articles"),
        line=True,
    ),
    Action(
        *("right", "View", "Spans and labels panels", ("Ctrl+2",)),
        lambda w: w.toggle_panel("spans"),
        checked=lambda w: w.is_panel_shown("spans"),
    ),
    Action("learning", "View", "Learning…", ("Ctrl+3",), lambda w: w.learning.open(), line=True),
    Action("keys", "Help", "Keys", ("F1",), lambda w: w.palettes.show_keys()),
    Action("commands", "Help", "All commands…", ("Ctrl+K", "Ctrl+Shift+P"), lambda w: w.palettes.choose_command()),
    Action("keys_file", "Help", "Change keys…", (), lambda w: w.files.show_keys_file(), line=True),
    Action("about", "Help", "About Annotator", (), lambda w: w.files.about()),
)

# What changes the project; there is nothing to it where the project is open to look at only.
CHANGES = frozenset(
    (
        *("import", "import_folder", "import_options", "labels", "pipeline", "order", "twins", "train", "learns"),
        *("pipeline_before", "undo", "redo", "confirm", "confirm_same", "reject", "reject_this", "label", "only_this"),
        *("elsewhere", "aside", "finish", "skip", "reopen", "flag", "comment", "take_over"),
        *(
            f"{exact}{edge}_{side}"
            for exact in ("", "exact_")
            for edge in ("end", "start")
            for side in ("left", "right")
        ),
    )
)

RESERVED = frozenset(key.lower() for action in ACTIONS for key in action.keys if len(key) == 1)
