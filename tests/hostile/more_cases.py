"""Forty more: files that look like others, count wrongly, jump, never end, or hold what readers blow up on."""

import gzip
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.hostile.cases import GOOD, LAST, TEXT, Case, jsonl

LINE = json.dumps(GOOD).encode() + b"\n"
COUNTED = [f"😀 Grüße {n} aus Berlin 😀 und Rom" for n in range(1000)]
HTML = b"<!DOCTYPE html><html><head><title>Lab</title>%s</head><body><article><h1>Lab</h1>%s</article></body></html>"
WORDS = b"<p>Alibaba opened a laboratory in Paris on Monday, and many people came to see it.</p>"
MAIL = b"From: a@example.org\nSubject: Lab\nDate: Sat, 31 Jan 2026 09:00:00 +0000\nMIME-Version: 1.0\n"
TSV = b"#FORMAT=WebAnno TSV 3.3\n#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|value\n\n\n"
RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title><item><title>One</title><description>'


def zipped(entries: Iterable[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, raw in entries:
            archive.writestr(name, raw)
    return content.getvalue()


def _link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link.txt")
    info.external_attr = 0o120777 << 16
    return info


def _damaged(method: int) -> bytes:
    raw = bytearray(zipped([("a.jsonl", os.urandom(3000)), ("good.jsonl", LINE)], method))
    raw[80:1000] = bytes(byte ^ 0x55 for byte in raw[80:1000])
    return bytes(raw)


def _tar(*members: tuple[str, bytes, bytes]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        for name, raw, kind in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(raw), "/etc/hostname"
            archive.addfile(info, io.BytesIO(raw))
    return content.getvalue()


def _long_header() -> bytes:
    """A tar header that says its remark has three thousand megabytes."""
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 3_000_000_000
    return info.tobuf(tarfile.USTAR_FORMAT)


def _broken_tar() -> bytes:
    raw = _tar(*((f"{n}.jsonl", jsonl({"text": f"{TEXT} {n}"}), tarfile.REGTYPE) for n in range(3)))
    second = 512 + 512 * -(-len(jsonl({"text": f"{TEXT} 0"})) // 512)
    return raw[:second] + b"x" * 100 + raw[second + 100 :]


def counted(unit: Callable[[str], int], odd: Callable[[int], int] = lambda _: 0) -> bytes:
    """A thousand records whose offsets are in a unit; `odd` says by how much each one is wrong."""
    records = []
    for number, text in enumerate(COUNTED):
        start = unit(text[: text.index("Berlin")]) + odd(number)
        records.append({"text": text, "spans": [{"start": start, "end": start + 6, "label": "LOC", "text": "Berlin"}]})
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _label_studio(start: int, end: int, words: str) -> bytes:
    region = {"start": start, "end": end, "text": words, "labels": ["LOC"]}
    result = [{"type": "labels", "value": region}]
    return json.dumps([{"id": 1, "data": {"text": COUNTED[0]}, "annotations": [{"result": result}]}]).encode()


def _many_small(folder: Path) -> None:
    for number in range(1_000):
        (folder / f"{number}.txt").write_text(f"Alibaba opened laboratory {number}.", "utf-8")
    (folder / "broken.jsonl").write_bytes(b"{")


def _odd_folder(folder: Path) -> None:
    """A loop of links, a pipe, a device and links to nowhere beside one article."""
    (folder / "good.jsonl").write_bytes(LINE)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "nowhere.txt").symlink_to(folder / "gone.txt")
    (folder / "zero.txt").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.txt")


def _names(folder: Path) -> None:
    for number, name in enumerate(("CON.txt", "a\u202e.txt", "-rf.txt", "*.txt", "a\nb.txt", "x" * 200 + ".txt")):
        (folder / name).write_text(f"Alibaba opened laboratory {number}.", "utf-8")
    Path(os.fsdecode(os.path.join(os.fsencode(folder), b"Z\xfcrich.txt"))).write_text("Rome is old.", "utf-8")  # noqa: PTH118


def _wide_table(folder: Path) -> None:
    names = b",".join(b"c%d" % number for number in range(300_000))
    (folder / "a.csv").write_bytes(names + b"\n" + b"x," * 299_999 + b"x\n")


MISTAKEN = (
    Case("CSV named JSON lines", "a.jsonl", b"text,title\nBerlin is old.,One\n", 0, "a.jsonl:1: rejected: not valid"),
    Case("JSON with comments", "a.json", b"// two\n[" + LINE.strip() + b"]\n", 0, "a.json:1: rejected: not valid"),
    Case("two arrays", "a.json", b"[" + LINE.strip() + b"]\n[" + json.dumps(LAST).encode() + b"]", 2, ""),
    Case(
        "UTF-32 lines", "a.jsonl", LINE.decode().encode("utf-32"), 0, "a.jsonl: rejected: written in UTF-16 or UTF-32"
    ),
    Case("UTF-16 without a mark", "a.jsonl", LINE.decode().encode("utf-16-le"), 0, "a.jsonl:1: rejected"),
    Case("UTF-16 text without a mark", "a.txt", "Berlin is old.".encode("utf-16-le"), 0, "a.txt: rejected: not a text"),
    Case("Windows' encoding", "a.txt", "„Zürich“ is a city in Switzerland.".encode("cp1252"), 1, "windows-1252"),
    Case(
        "two tools in one file",
        "a.jsonl",
        jsonl({"text": TEXT, "label": [[0, 6, "LOC"]]}, {"text": f"{TEXT}!", "tokens": ["Berlin"], "answer": "accept"}),
        4,
        "“label” left out: it looks like spans",
        spans=2,
    ),
    Case("a record without articles", "a.json", b'[{"id": 1, "paragraphs": []}]', 0, "a.json:1: rejected: there is no"),
    Case("a table of names alone", "a.csv", b"id,text,title\n", 0, "a.csv: rejected: .*(no article|no column)"),
)
COUNTS = (
    Case(
        "one word in a thousand is wrong", "u.jsonl", counted(_utf16, lambda n: n == 500), 1000, "left out", spans=999
    ),
    Case(
        "half of a file is off by one", "u.jsonl", counted(len, lambda n: n % 2), 1000, "left out: it reads", spans=500
    ),
    Case(
        "half of a file counts otherwise",
        "u.jsonl",
        counted(len, lambda n: 1 - n % 2),
        1000,
        "left out: it reads",
        spans=500,
    ),
    Case(
        "blanks around the words",
        "a.json",
        _label_studio(13, 21, "Berlin"),
        1,
        "a.json:1: repaired: span 1: blanks around its words",
        spans=1,
    ),
    Case("brat offsets of 5,000 digits", "a.ann", b"T1\tLOC 0 " + b"9" * 5000 + b"\tBerlin\n", 0, "a.ann: rejected"),
    Case(
        "WebAnno offsets of 5,000 digits",
        "a.tsv",
        TSV + b"#Text=Berlin is\n1-1\t0-6\tBerlin\tLOC\n1-2\t7-" + b"9" * 5000 + b"\tis\t_\n",
        1,
        "line 7 left out: no token",
        spans=1,
    ),
    Case(
        "WebAnno sentences far apart",
        "a.tsv",
        TSV + b"#Text=Berlin is\n1-1\t0-6\tBerlin\tLOC\n\n#Text=Rome\n2-1\t999999999999-999999999999999\tRome\tLOC\n",
        1,
        "no text of so many letters",
        spans=1,
    ),
)
UNPACKED = (
    Case("gzip in gzip", "a.jsonl.gz", gzip.compress(gzip.compress(LINE)), 0, "archive within an archive"),
    Case("zip with damaged LZMA", "a.zip", _damaged(zipfile.ZIP_LZMA), 1, "a.zip/a.jsonl: rejected: damaged"),
    Case("zip with damaged BZIP2", "a.zip", _damaged(zipfile.ZIP_BZIP2), 1, "a.zip/a.jsonl: rejected"),
    Case("zip with a link", "a.zip", zipped([(_link(), b"/etc/hostname"), ("g.jsonl", LINE)]), 1, "link.txt: rejected"),
    Case(
        "zip of 1,500 folders in each other", "a.zip", zipped([("a/" * 1500 + "a.jsonl", LINE)]), 0, "folders in each"
    ),
    Case(
        "zip with absolute names",
        "a.zip",
        zipped([("/etc/a.txt", b"Rome"), ("C:\\a.txt", b"Rome"), ("g.jsonl", LINE)]),
        1,
        "leads out of the archive",
    ),
    Case("tar damaged in the middle", "a.tar", _broken_tar(), 3, "a.tar: rejected: cut off or damaged"),
    Case(
        "tar with devices and links",
        "a.tar",
        _tar(("d", b"", tarfile.CHRTYPE), ("s", b"", tarfile.SYMTYPE), ("g.jsonl", LINE, tarfile.REGTYPE)),
        1,
        "a.tar/d: rejected: a link or a device",
    ),
)
PARSED = (
    Case("blanks and no XML", "a.txt", b" " * 20_000 + b"Rome.", 1, ""),
    Case("comments and no XML", "a.txt", b"<!---->" * 500 + b"Rome.", 1, ""),
    Case("Word's name without end", "a.conll", b"# doc " + b"; " * 100_000 + b"x\n\nBerlin B-LOC\n", 1, "", spans=1),
    Case(
        "a page that forwards",
        "a.html",
        HTML % (b'<meta http-equiv="refresh" content="0;url=file:///etc/hosts">', WORDS),
        1,
        "",
    ),
    Case(
        "a page with facts nested 50,000 deep",
        "a.html",
        HTML % (b'<script type="application/ld+json">' + b"[" * 50_000 + b"]" * 50_000 + b"</script>", WORDS),
        1,
        "",
    ),
    Case(
        "a page of half a megabyte of NUL", "a.html", HTML % (b"", b"\0" * 500_000), 0, "a.html: rejected: not a text"
    ),
    Case("100,000 brackets in Markdown", "a.md", b"[" * 100_000, -1, ""),
    Case("100,000 quotations in Markdown", "a.md", b">" * 100_000 + b"x", -1, "a.md"),
    Case(
        "a letter in 2,000 letters",
        "a.eml",
        MAIL + b"Content-Type: message/rfc822\n\n" * 2_000 + b"Content-Type: text/plain\n\nHello",
        0,
        "a.eml: rejected",
    ),
    Case(
        "a feed that asks for a file",
        "a.rss",
        RSS.replace(b"<rss", b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss')
        + b"Before &x; after</description></item></channel></rss>",
        -1,
        "",
    ),
    Case(
        "a feed with a script",
        "a.rss",
        RSS + b"&lt;script&gt;alert()&lt;/script&gt;&lt;p&gt;Rome&lt;/p&gt;</description></item></channel></rss>",
        1,
        "",
    ),
    Case(
        "XML that says UTF-16 and is not",
        "a.nitf",
        b'<?xml version="1.0" encoding="utf-16"?><nitf/>',
        0,
        "a.nitf: rejected",
    ),
    Case("a table of 300,000 columns", "a.csv", _wide_table, 0, "a.csv: rejected: no column .* more"),
    Case("a table with one endless quotation", "a.csv", b'text,title\n"' + b"Rome, " * 300_000, -1, "a.csv"),
)
SYSTEM = (
    Case("1,000 files and a broken one", "", _many_small, 1000, "broken.jsonl:1: rejected"),
    Case("links, a pipe and a device", "", _odd_folder, 1, ""),
    Case("odd names", "", _names, 7, ""),
)
MORE: tuple[Case, ...] = (*MISTAKEN, *COUNTS, *UNPACKED, *PARSED, *SYSTEM)


def _pictures(folder: Path) -> None:
    picture = b"<img src='data:image/png;base64," + b"A" * 50_000_000 + b"'>"
    (folder / "a.html").write_bytes(HTML % (b"", picture + WORDS))


def _attributes(folder: Path) -> None:
    many = b"".join(b"a%d=1 " % number for number in range(1_000_000))
    (folder / "a.html").write_bytes(HTML % (b"", b"<p " + many + b">x</p>" + WORDS))


def _tar_remark(folder: Path) -> None:
    with gzip.open(folder / "a.tar.gz", "wb", compresslevel=1) as file:
        file.write(_long_header())
        for _ in range(400):
            file.write(bytes(1_000_000))


def _field(folder: Path) -> None:
    rows = (
        b"text,title\nBerlin is old and was older.,One\n" + b"a" * 60_000_000 + b",x\nRome is old and was older.,Two\n"
    )
    (folder / "a.csv").write_bytes(rows)


MORE_HEAVY: tuple[Case, ...] = (
    Case("a page with 50 MB of pictures", "a.html", _pictures, 1, ""),
    Case("a million attributes", "a.html", _attributes, 0, "a.html.*: rejected: too many"),
    Case("a tar remark of 3 GB", "a.tar.gz", _tar_remark, 0, "a.tar.gz: rejected: cut off or damaged"),
    Case("a field of 60 MB", "a.csv", _field, 2, "a.csv:3: rejected: .*field"),
)
