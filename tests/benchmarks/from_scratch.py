"""From nothing to useful: suggestions learned from decisions alone, article by article.

    python tests/benchmarks/from_scratch.py [FILE] [--model blank:LANG] [--block 10] [--limit N]

FILE holds gold articles, marked in the text (.txt, see marked_articles.py) or in any format that can be
imported; without one it is a German newspaper with labels that no pipeline knows. The stream runs as in
effort.py: each article is suggested and counted before it is decided and learned. Each block of articles
stands beside the same articles on an empty page, where all is added by hand. The columns:

    known     share of entities that an earlier article had, in the same spelling and with the same label
    F1        exact range and label
    with all  actions an entity, static, where an action may reach all same occurrences
    verbs     the same in reading order with the session's verbs, and what it suggests anew after each
    one key   share of articles that needed only the confirming key

The plots show the same after each article, over the last block; then how often suggestions were right by confidence.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from effort import measured, print_confidence, reliability
from effort_stream import Gold, Row, Run, figures, read_gold, write_scheme
from marked_articles import read_marked

GERMAN = Path(__file__).parents[1] / "data" / "german" / "articles.txt"
WIDEST, HIGHEST = 80, 12  # columns and lines of a plot

Curve = Sequence[float | None]


def known_names(stream: Sequence[Gold]) -> list[list[bool]]:
    """For each article, of each entity: had an earlier article the same words with the same label?"""
    seen: set[tuple[str, str]] = set()
    known = []
    for gold in stream:
        here = [(gold.text[slice(*place)], label) for place, label in gold.marks.items()]
        known.append([name in seen for name in here])
        seen.update(here)
    return known


def print_blocks(runs: dict[str, Run], known: Sequence[Sequence[bool]], block: int) -> None:
    """A line for each block of articles: what was learned beside the empty page."""
    empty, learned = runs["pipeline"].rows, runs["whole"].rows
    print(f"\n{'':12}{'':10}{'':10}{'learned':>10}{'':30}{'empty page':>10}")
    heads = ("entities", "known", "F1", "with all", "verbs", "one key", "with all", "verbs")
    print(f"{'articles':12}" + "".join(f"{head:>10}" for head in heads))
    for start in range(0, len(learned), block):
        part = slice(start, start + block)
        name = f"{start + 1}-{start + len(learned[part])}"
        print(f"{name:12}" + _line(learned[part], empty[part], known[part]))
    print(f"{'all':12}" + _line(learned, empty, known))


def _line(rows: Sequence[Row], empty: Sequence[Row], known: Sequence[Sequence[bool]]) -> str:
    flags = [each for article in known for each in article]
    share = sum(flags) / len(flags) if flags else None
    ours, theirs = figures(rows), figures(empty)
    efforts = [_cells([each["everywhere"], each["verbs"]], ".2f") for each in (ours, theirs)]
    shares = _cells([share, ours["f1"]], ".1%"), _cells([ours["one_key"]], ".0%")
    return f"{ours['entities']:>10}{shares[0]}{efforts[0]}{shares[1]}{efforts[1]}"


def _cells(values: Curve, form: str) -> str:
    return "".join(f"{'-':>10}" if value is None else f"{value:>10{form}}" for value in values)


def curve(rows: Sequence[Row], column: str, block: int) -> Curve:
    """A figure after each article, of as many articles before it as a block has."""
    return [figures(rows[max(0, end - block) : end])[column] for end in range(1, len(rows) + 1)]


def plot(title: str, curves: dict[str, Curve], top: float, form: str) -> str:
    """Curves in characters, article by article from left to right.

    :param curves: by the sign that draws them; where they meet, the later one is seen.
    :param top: the value at the upper edge; the lower edge is 0.
    :param form: how values are written at the axis.
    """
    count = max(len(each) for each in curves.values())
    columns = min(count, WIDEST)
    lines = [[" "] * columns for _ in range(HIGHEST + 1)]
    for sign, values in curves.items():
        for column in range(columns):
            value = values[(column + 1) * count // columns - 1]
            if value is not None:
                lines[HIGHEST - round(min(value / top, 1) * HIGHEST)][column] = sign
    marked = [f"{format((HIGHEST - n) / HIGHEST * top, form) if n % 4 == 0 else '':>8} |" for n in range(HIGHEST + 1)]
    drawn = [f"{axis}{''.join(line)}".rstrip() for axis, line in zip(marked, lines, strict=True)]
    return "\n".join([title, *drawn, f"{'':9}+{'-' * columns}", f"{'':10}1{count:>{columns - 1}} articles"])


def print_plots(runs: dict[str, Run], block: int) -> None:
    """How good the suggestions were, and what they left to do."""
    empty, learned = runs["pipeline"].rows, runs["whole"].rows
    f1, one_key = curve(learned, "f1", block), curve(learned, "one_key", block)
    title = f"Over the last {block} articles: F1 (o), share of articles that needed only the confirming key (k)"
    print("\n" + plot(title, {"k": one_key, "o": f1}, 1.0, ".0%"))
    by_hand, ours = curve(empty, "verbs", block), curve(learned, "verbs", block)
    top = max(value for value in (*by_hand, *ours) if value is not None)
    title = f"Actions an entity in reading order, over the last {block} articles: learned (o), on an empty page (.)"
    print("\n" + plot(title, {".": by_hand, "o": ours}, top, ".2f"))


def gold_of(path: Path) -> list[Gold]:
    """The articles of a marked text or of any other file."""
    return read_marked(path) if path.suffix == ".txt" else read_gold(path)


def run_stream(stream: list[Gold], model: str, folder: Path) -> dict[str, Run]:
    """The empty page ("pipeline") and what was learned ("whole"); the projects are made in the folder."""
    scheme = folder / "scheme.json"
    write_scheme(sorted({label for gold in stream for label in gold.marks.values()}), scheme)
    return measured(stream, [], scheme, model, every=1)


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("file", type=Path, nargs="?", default=GERMAN, help="gold articles")
    parser.add_argument("--model", default="blank:de", help="blank:LANGUAGE")
    parser.add_argument("--block", type=int, default=10, help="articles a line")
    parser.add_argument("--limit", type=int, help="stop after so many articles")
    return parser.parse_args(given)


def main() -> int:
    """Measure and print; returns the exit code."""
    wanted = arguments()
    stream = gold_of(wanted.file)[: wanted.limit]
    with tempfile.TemporaryDirectory() as folder:
        runs = run_stream(stream, wanted.model, Path(folder))
    print_blocks(runs, known_names(stream), wanted.block)
    print_plots(runs, wanted.block)
    print_confidence("learned", {"all": reliability(runs["whole"].sure)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
