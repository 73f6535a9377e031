"""Articles with decided spans for the readers: German ones, the sample, and those on which formats trip."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "benchmarks"))
from marked_articles import read_marked  # noqa: E402

_NAME = re.compile(r"[A-Z][a-zé]+ [A-Z][a-zé]+")
Record = dict[str, Any]


def records() -> Iterator[Record]:
    """All of them, as `Session.add_articles` takes them; the spans are to be decided."""
    for gold in read_marked(TESTS / "data" / "german" / "articles.txt"):
        yield _record(gold.id, gold.text, [(*place, label) for place, label in gold.marks.items()])
    for path in sorted((TESTS.parent / "resources" / "sample").glob("*.txt")):
        text = path.read_text("utf-8")
        yield _record(path.stem, text, [(*found.span(), "NAME") for found in _NAME.finditer(text)])
    for number, (text, *surfaces) in enumerate(ODD):
        yield _record(f"odd/{number} “ü” 😀", text, [_place(text, *surface) for surface in surfaces])
    long = "😀 Ann Lee met Bo in Köln. She left.\r\n"
    places = [(n * len(long) + 2, n * len(long) + 9, "PER") for n in range(300)]
    yield _record("long", long * 300, places)


def _record(uid: str, text: str, spans: list[tuple[int, int, str]]) -> Record:
    chosen = [{"start": start, "end": end, "label": label} for start, end, label in spans]
    meta = {"title": f"“{uid}” & <more>", "url": f"https://example.org/ä?b={uid}&c", "published": "2026-11-02", "n": 3}
    return {"id": uid, "text": text, "spans": chosen, "meta": meta}


def _place(text: str, surface: str, label: str) -> tuple[int, int, str]:
    start = text.index(surface)
    return start, start + len(surface), label


# A text, and (words, label) for each span, at the words' first place.
ODD: tuple[tuple[Any, ...], ...] = (
    ("😀 Alibaba hires in Tel Aviv\r\n\r\nJack\u00a0Ma said so.", ("Alibaba", "ORG"), ("Jack\u00a0Ma", "PER")),
    ("👩\u200d🚀 Zoe\u0301 Smith 🇩🇪 flew.\r\nTwice.\r\n", ("Zoe\u0301 Smith", "PER"), ("🇩🇪", "LOC")),
    ("The New York Times asked.", ("The New York Times", "ORG"), ("New York", "LOC"), ("York", "LOC")),
    ("Bank of New York City said.", ("Bank of New York", "ORG"), ("New York City", "LOC")),
    ("An Anglo-Dutch firm, un-American.", ("Anglo", "NORP"), ("Dutch", "NORP"), ("American", "NORP")),
    ("Beijing. In Beijingers' eyes.", ("Beijingers", "NORP"), ("Bei", "LOC")),
    ("阿里巴巴在北京。腾讯在深圳。", ("阿里巴巴", "ORG"), ("深圳", "LOC")),
    ("שלום ירושלים. مرحبا دبي.", ("ירושלים", "LOC"), ("دبي", "LOC")),
    ("नई दिल्ली में। กรุงเทพ", ("नई दिल्ली", "LOC"), ("กรุงเทพ", "LOC")),
    ("One\u2028Ann Lee\u2029two\u0085three\x0bfour\x0cfive", ("Ann Lee", "PER"), ("five", "MISC")),
    ("-DOCSTART- -X- O O\n\nAnn B-PER\n#Text=Ann\n1-1\t0-3\tAnn\n", ("Ann", "PER")),
    ("C:\\Users\\Ann | [1] {2} *3* ; _ Ann\\tLee \\n", ("Users", "MISC"), ("Ann", "PER")),
    ('=cmd|"/C calc"!A0, +1 said Ann; @Lee\t"x"', ("Ann", "PER"), ("@Lee", "PER")),
    ("<b>Ann</b> &amp; Lee <script>alert(1)</script> ]]>", ("Ann", "PER"), ("Lee", "PER")),
    ("Ann\nLee came. “Bo” left — Köln’s.", ("Ann\nLee", "PER"), ("“Bo”", "PER"), ("Köln", "LOC")),
    ("\ufeffAnn left.\n\n\n   \n\nBo\t\tcame.   ", ("Ann", "PER"), ("Bo", "PER")),
    ("Bo", ("Bo", "PER")),
    ("Ann Lee Bo Ray", ("Ann Lee", "PER"), ("Bo", "PER"), ("Ray", "PER")),
    ("Nobody is named here. Nor here.",),
    ("x" * 3000 + " Ann " + "y" * 3000, ("Ann", "PER")),
    ("The “War and Peace” of 1867", ("War and Peace", "WORK_OF_ART"), ("1867", "date-time")),
)
