"""Only `ui/plain.py` makes widgets that guess whether a text is HTML; only `ui/outside.py` leaves the window.

Qt looks through these texts for tags and opens what they name: labels, message boxes, tool tips, dialogs for input and
progress, text edits that are not plain, rows of forms. A menu takes an & for a mnemonic.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

UI = Path(__file__).parent.parent / "annotator" / "ui"
MODULES = sorted(UI.rglob("*.py"))

FACTORY, WAY_OUT = "plain.py", "outside.py"
GUESS = {
    *("QLabel", "QMessageBox", "QToolTip", "QErrorMessage", "QTextBrowser", "QTextEdit", "QProgressDialog"),
    *("QInputDialog", "QWhatsThis", "QWizard", "QWizardPage", "QSplashScreen", "QSystemTrayIcon", "QTextDocument"),
    *("QStaticText", "QGraphicsTextItem", "QWebEngineView"),
}
LEAVES = {"QDesktopServices", "QNetworkAccessManager", "QProcess", "QTcpSocket", "QUdpSocket", "QDnsLookup"}
# Calls whose text is looked through for tags: what is written in the program is allowed, and what is escaped.
TAKES_HTML = {"setToolTip", "setWhatsThis", "setStatusTip", "showMessage", "toolTip", "whatsThis", "statusTip"}
NEVER = {
    *("setHtml", "insertHtml", "appendHtml", "setMarkdown", "setInformativeText", "setDetailedText", "setTextFormat"),
    *("setOpenExternalLinks", "setOpenLinks", "setTextInteractionFlags", "setLabelText", "showText", "openUrl"),
}
# A progress dialog's label is one of the factory's.
ALLOWED = {("dialogs/progress.py", "setLabelText")}
MNEMONICS = {"addAction", "addMenu"}
ROLES = {"ToolTipRole", "WhatsThisRole", "StatusTipRole"}


def name_of(module: Path) -> str:
    return module.relative_to(UI).as_posix()


def called(node: ast.AST) -> str:
    """The last name of what is called, as "setText"; "" for other nodes."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_written_here(text: ast.expr) -> bool:
    """Is it a text that stands in the program, without a value from anywhere?"""
    return isinstance(text, ast.Constant) and not str(text.value).count("<")


def complaints(tree: ast.AST, name: str) -> Iterator[str]:
    """What a module does that only the factory may."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        for each in _complaints(node):
            if (name, each) not in ALLOWED:
                yield f"{name}:{line}: {each}"


def _complaints(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom):
        yield from sorted((GUESS | LEAVES).intersection(alias.name for alias in node.names))
    if isinstance(node, ast.Attribute) and node.attr in GUESS | LEAVES:  # QtWidgets.QLabel
        yield node.attr
    name = called(node)
    if isinstance(node, ast.Call):
        if name in NEVER:
            yield name
        if name in TAKES_HTML and not all(map(_is_safe_tip, node.args[-1:])):  # behind a column
            yield name
        yield from (key.arg for key in node.keywords if key.arg in TAKES_HTML and not _is_safe_tip(key.value))
        if name == "addRow" and len(node.args) > 1 and not _may_title_a_row(node.args[0]):
            yield name
        if name in MNEMONICS and not any(map(_is_safe_menu_text, node.args[:2])):
            yield name
        if name == "setWindowTitle" and called(node.args[0]) != "window_title":
            yield name
    if isinstance(node, ast.If) and any(role in ast.unparse(node.test) for role in ROLES):
        returns = (each.value for each in ast.walk(node) if isinstance(each, ast.Return) and each.value)
        yield from ("a role for tips" for value in returns if not _is_safe_tip(value))
    if isinstance(node, ast.Call) and name == "setData" and any(role in ast.unparse(node) for role in ROLES):
        yield "a role for tips"


def _is_safe_tip(text: ast.expr) -> bool:
    return is_written_here(text) or called(text) == "plain_tooltip"


def _may_title_a_row(title: ast.expr) -> bool:
    return is_written_here(title) or called(title) in {"heading", "plain_label"}


def _is_safe_menu_text(text: ast.expr) -> bool:
    """Also an action that was made before; a f-string may hold one of the program's own names only."""
    return (
        is_written_here(text)
        or called(text) in {"menu_text", "short_menu_text", "_made"}
        or ast.unparse(text) in OWN_TITLES
    )


OWN_TITLES = {"made", "f'&{name}'"}  # the main window's: actions of the table, and the names of its menus


@pytest.mark.parametrize("module", [m for m in MODULES if name_of(m) not in (FACTORY, WAY_OUT)], ids=name_of)
def test_text_from_outside_goes_through_the_factory(module: Path) -> None:
    assert list(complaints(ast.parse(module.read_text("utf-8")), name_of(module))) == []


@pytest.mark.parametrize(
    "code",
    [
        "from PySide6.QtWidgets import QLabel",
        "QtWidgets.QMessageBox.about(self, title, text)",
        "item.setToolTip(label.description)",
        "item.setToolTip(f'<b>{name}</b>')",
        "item.setToolTip('<img src=x>')",
        "QToolButton(toolTip=words)",
        "field.setHtml('x')",
        "form.addRow(setting.title, field)",
        "menu.addAction(label.name, choose)",
        "menu.addMenu(str(path))",
        "window.setWindowTitle(article.title)",
        "item.setData(Qt.ItemDataRole.ToolTipRole, title)",
        "def data(self, index, role):\n    if role == Qt.ItemDataRole.ToolTipRole:\n        return row.title",
        "from PySide6.QtGui import QDesktopServices",
        "box.setTextFormat(Qt.TextFormat.RichText)",
    ],
)
def test_what_the_rule_is_against(code: str) -> None:
    assert list(complaints(ast.parse(code), "dialogs/new.py"))


@pytest.mark.parametrize(
    "code",
    [
        "button.setToolTip('Close (Esc)')",
        "item.setToolTip(plain_tooltip(label.description))",
        "form.addRow('File', field)",
        "form.addRow(heading(group))",
        "menu.addAction(QIcon(swatch), menu_text(label.name))",
        "def data(self, index, role):\n    if role == Qt.ItemDataRole.ToolTipRole:\n        return plain_tooltip(x)",
    ],
)
def test_what_the_rule_lets_through(code: str) -> None:
    assert not list(complaints(ast.parse(code), "dialogs/new.py"))
