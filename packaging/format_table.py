"""Writes the table of formats in the README from the formats themselves.

    python packaging/format_table.py

It stands between two comments there; a test compares it.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from annotator.exporters import EXPORTERS
from annotator.importers import IMPORTERS
from annotator.model.keeping import EVERYTHING, Part

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- formats: packaging/format_table.py writes this -->\n", "<!-- end of formats -->\n"


def table() -> str:
    """The table's lines."""
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in _rows())


def _rows() -> Iterator[tuple[str, ...]]:
    yield "", "format", "files", "holds", "loses"
    yield ("---",) * 5
    for importer in IMPORTERS:
        lost = frozenset() if importer.keeps is None else EVERYTHING - importer.keeps
        yield "in", f"`{importer.name}`", " ".join(importer.suffixes), importer.remark, _listed(lost)
    for exporter in EXPORTERS:
        yield "out", f"`{exporter.name}`", exporter.suffix, exporter.remark, _listed(exporter.loses)


def _listed(parts: Collection[Part]) -> str:
    return "; ".join(part.value for part in Part if part in parts)


def with_table(readme: str) -> str:
    """The README with the table as it is to be."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text("utf-8")), "utf-8")
