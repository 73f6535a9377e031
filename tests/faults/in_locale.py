"""What the program makes of one project and some files, as JSON in a file: the same in whatever locale it runs.

    python tests/faults/in_locale.py PROJECT FOLDER

`locales.py` runs it once in each.
"""

import contextlib
import hashlib
import json
import locale
import os
import shutil
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))  # the package of this checkout

GOLDEN = HERE.parents[1] / "data" / "golden"
RESULT = "result.json"
_MONTHS = ("January", "March", "May", "October", "December")
_MAIL = (
    "From: Zoe\u0301 <a@b.c>\nSubject: I\u0307stanbul {n}\n"
    "Date: Tue, 0{n} {short} 2024 10:00:00 +0100\n\nSnow {n} fell."
)
_ITEM = (
    "<item><title>I {n}</title><link>https://a.b/{n}</link>"
    "<description>Snow fell on day {n} of {month}, {n}.5 cm.</description>"
    "<pubDate>Tue, 0{n} {short} 2024 10:00:00 GMT</pubDate></item>"
)


def main() -> None:
    with contextlib.suppress(locale.Error):  # as Qt does when a window starts; where there is none, Python falls to C
        locale.setlocale(locale.LC_ALL, "")
    project, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True)
    made = {
        "exports": exports(Path(shutil.copy(project, folder / "news.annot")), folder),
        "imports": imports(folder),
        "window": on_screen(folder / "news.annot"),
        "terminal": on_terminal(folder / "news.annot"),
    }
    (folder / RESULT).write_text(json.dumps(made), "utf-8")


def exports(project: Path, folder: Path) -> dict[str, str]:
    """The checksum of each format's dataset."""
    from annotator import exporters
    from annotator.session import Session

    made = {}
    with Session.open(project, annotator="ana") as session:
        for exporter in exporters.EXPORTERS:
            name = (
                f"\u0130\u963f {exporter.name}{exporter.suffix}".encode()
            )  # no text where names are in another encoding
            out = folder / os.fsdecode(name)
            session.export(out, format=exporter.name, state="all", with_rejected=True)
            made[exporter.name] = _digest(out)
            made[f"{exporter.name}, manifest"] = _digest(out.with_name(f"{out.name}.manifest.json"))
    return made


def _digest(path: Path) -> str:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    sha = hashlib.sha256()
    for each in files:
        sha.update(os.fsencode(each.name) + (each.read_bytes() if each.is_file() else b""))
    return sha.hexdigest()


def imports(folder: Path) -> list[list[Any]]:
    """What becomes of files with dates, decimal points, capital letters in their endings and odd names."""
    from annotator.session import Session

    news = folder / "in"
    shutil.copytree(GOLDEN, news)
    (news / "GOLDEN.JSONL").write_bytes((GOLDEN / "articles.jsonl").read_bytes())
    numbered = [{"n": n, "month": month, "short": month[:3]} for n, month in enumerate(_MONTHS, 1)]
    for each in numbered:
        name = f"mail {each['n']} \u0130\u0131.EML".encode()  # as another machine may have named it
        (news / os.fsdecode(name)).write_bytes(_MAIL.format(**each).encode())
    items = "".join(_ITEM.format(**each) for each in numbered)
    (news / "FEED.RSS").write_text(f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>", "utf-8")
    (news / "table.CSV").write_text("text;title;date\n\u201cIt is 1.5\u201d, he said;TITLE I;3 May 2024\n", "utf-8")
    with Session.open(folder / "in.annot", create=True, labels="conll", model="blank:en", annotator="ana") as session:
        session.import_files(news, new_labels=True)
        rows = [session.article(each) for each in session.article_ids()]
        found = [_told(row) for row in rows]
    return sorted(found, key=str)


def _told(row: Any) -> list[Any]:
    """An article without the name of its file, which is read otherwise where names are in another encoding."""
    meta = {key: value for key, value in row.article.meta.items() if key != "file"}
    return [row.article.uid, row.article.title, meta, row.text, [[*span.range, span.label] for span in row.spans]]


def on_screen(project: Path) -> list[str]:
    """What stands in the window, times aside."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QLabel

    from annotator.ui.app import application, build

    app = application()
    window = build(project)
    window.show()
    app.processEvents()
    texts = sorted(each.text() for each in window.findChildren(QLabel) if each is not window.status.saved)
    window.close()
    return [text for text in texts if text]


def on_terminal(project: Path) -> list[Any]:
    """Each command's exit code; the words themselves depend on what the terminal can show."""
    from annotator import cli

    out = str(project.with_name("cli.jsonl"))
    commands = (["stats"], ["check"], ["memory"], ["twins"], ["export", out, "--state", "all"], ["undo"])
    return [[words[0], cli.main([words[0], str(project), *words[1:]])] for words in commands]


if __name__ == "__main__":
    main()
