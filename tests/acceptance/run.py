"""Do those who read our formats accept what we write? Every format, each by a reader that is not ours.

    python tests/acceptance/run.py [FORMAT...] [--here] [--keep FOLDER]

Makes a project, exports it in every format, and has each dataset read by the programs that people read it with, in
environments of their own (see environments.py). One line a reader: what it is, the articles and spans that it saw of
those that were written, and the verdict. Exit code 1 where one does not accept.

To add a reader: a script beside this one that ends with `verdict.tell`, and a line in PROOFS.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))  # the package of this checkout

from corpus import records  # noqa: E402
from environments import is_here, python_with  # noqa: E402
from verdict import squeezed  # noqa: E402

from annotator.exporters import EXPORTERS, Ledger, by_name  # noqa: E402
from annotator.model.label import Label  # noqa: E402
from annotator.session import Session  # noqa: E402

COLUMNS = ("seqeval", "seqscore")
BRAT = ("pybrat",)
WEBANNO = ("web-anno-tsv",)
FRAMES = ("datasets", "pandas", "pyarrow")
PAGES = ("html5lib", "PyLD")
RECON = ("reconner==0.14.0",)
STUDIO = ("label-studio-sdk",)
DOCCANO = ("doccano==1.8.4", "marshmallow<4", "numpy<2", "setuptools<81")
SECONDS = 900  # for one reader
_LONGEST = 500  # code points of a problem


@dataclass(frozen=True, slots=True)
class Proof:
    """A format, and who reads it.

    :param needs: what the reader's environment has beside what the project's own has for tests.
    :param split: the shares of the parts that the dataset is written in.
    :param bare: articles without spans that the format has no place for.
    """

    format: str
    script: str
    needs: tuple[str, ...] = ()
    split: str = ""
    bare: int = 0


PROOFS = (
    Proof("jsonl", "records_reader.py"),
    Proof("spacy", "spacy_reader.py", split="70/20/10"),
    Proof("conll", "columns_reader.py", COLUMNS),
    Proof("conll", "spacy_reader.py"),
    Proof("bilou", "columns_reader.py", COLUMNS),
    Proof("html", "page_reader.py", PAGES),
    Proof("pdf", "print_reader.py"),
    Proof("csv", "table_reader.py", FRAMES, bare=1),
    Proof("brat", "brat_reader.py", BRAT),
    Proof("webanno", "webanno_reader.py", WEBANNO),
    Proof("xmi", "cas_reader.py"),
    Proof("webannotation", "web_annotation_reader.py", PAGES, bare=1),
    Proof("prodigy", "prodigy_reader.py", RECON),
    Proof("doccano", "doccano_reader.py", DOCCANO),
    Proof("label-studio", "label_studio_reader.py", STUDIO),
    Proof("huggingface", "huggingface_reader.py", FRAMES),
    Proof("huggingface", "huggingface_reader.py", FRAMES, split="70/20/10"),
    Proof("huggingface-jsonl", "huggingface_reader.py", FRAMES),
    Proof("huggingface-folder", "huggingface_reader.py", FRAMES),
    Proof("huggingface-folder", "huggingface_reader.py", FRAMES, split="70/20/10"),
)
UNPROVED = {
    "labelbuddy": "its reader is a program for the desktop, which pip does not install",
    "gliner": "its reader needs torch, some gigabytes",
}


def main() -> int:
    """0 where every reader accepts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help="only these (default: all)")
    parser.add_argument("--here", action="store_true", help="only readers that this environment has; install nothing")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the project and its exports there")
    given = parser.parse_args()
    for name in given.formats:
        by_name(name)
    chosen = [each for each in PROOFS if not given.formats or each.format in given.formats]
    proofs = [each for each in chosen if not given.here or is_here(each.needs)]
    with tempfile.TemporaryDirectory() as folder:
        place = given.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        accepted = [told(each, place, wanted) for wanted in [decided(place)] for each in proofs]
    for exporter in EXPORTERS:
        if exporter.name in UNPROVED and (not given.formats or exporter.name in given.formats):
            print(f"{exporter.name:20} not read: {UNPROVED[exporter.name]}")
    print(f"{sum(accepted)} of {len(accepted)} accepted")
    return int(not all(accepted))


def decided(folder: Path) -> Counter[tuple[str, str]]:
    """Make the project; returns how often each (label, words without blanks) was decided."""
    (folder / "news.annot").unlink(missing_ok=True)
    wanted: Counter[tuple[str, str]] = Counter()
    with Session.open(folder / "news.annot", create=True, labels="conll", model="blank:en", annotator="ana") as session:
        articles = list(records())
        known = {label.name for label in session.labels}
        names = {span["label"] for each in articles for span in each["spans"]} - known
        session.set_labels([*session.labels, *(Label(name) for name in sorted(names))])
        for article_id, each in zip(session.add_articles(articles), articles, strict=True):
            spans = [(span["start"], span["end"], span["label"]) for span in each["spans"]]
            session.decide(article_id, spans)
            wanted.update((label, squeezed(each["text"][start:end])) for start, end, label in spans)
        session.export(folder / "articles.jsonl", replace=True)
    return wanted


def told(proof: Proof, folder: Path, wanted: Counter[tuple[str, str]]) -> bool:
    """Export, have it read, and print the line; True where it is accepted."""
    began = time.monotonic()
    print(f"{proof.format}: {proof.script} …", file=sys.stderr, flush=True)
    ledger, out = exported(proof, folder)
    try:
        said = read_by(proof, out, folder)
    except (OSError, subprocess.SubprocessError) as error:
        said = {"reader": proof.script, "articles": 0, "spans": None, "unread": 0, "problems": [str(error)]}
    problems = [each[:_LONGEST] for each in (*said["problems"], *differences(said, ledger, wanted, proof.bare))]
    counted = "" if said["spans"] is None else f", {len(said['spans'])} of {ledger.written + ledger.adjusted} spans"
    lost = f" ({ledger.adjusted} adjusted, {ledger.dropped} left out)" if ledger.adjusted + ledger.dropped else ""
    passed = f", {said['unread']} that it does not read" if said["unread"] else ""
    name = f"{proof.format}{' in parts' if proof.split else ''}"
    seen = f"{said['articles']} of {ledger.articles} articles{counted}{lost}{passed}"
    print(f"{name:20} {said['reader']}: {seen}: {'NOT ACCEPTED: ' + '; '.join(problems) if problems else 'accepted'}")
    print(f"  {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    sys.stdout.flush()
    return not problems


def exported(proof: Proof, folder: Path) -> tuple[Ledger, Path]:
    """The account of the whole export, and where it is."""
    out = folder / f"{'parts' if proof.split else 'whole'}{by_name(proof.format).suffix}"
    with Session.open(folder / "news.annot", read_only=True) as session:
        report = session.export(out, format=proof.format, split=proof.split or None, replace=True)
    whole = Ledger()
    for ledger in report.files.values():
        for key in ("articles", "written", "adjusted", "dropped"):
            setattr(whole, key, getattr(whole, key) + getattr(ledger, key))
    return whole, out


def read_by(proof: Proof, out: Path, folder: Path) -> dict[str, Any]:
    """What the reader says.

    :raises OSError, SubprocessError: it cannot be installed, does not end, or ends without a word.
    """
    python, verdict = python_with(proof.needs), folder / "verdict.json"
    verdict.unlink(missing_ok=True)
    env = os.environ | {"ANNOTATOR_VERDICT": str(verdict), "PYTHONPATH": "", "PYTHONWARNINGS": "ignore"}
    command = [str(python), str(HERE / proof.script), str(out), str(folder / "articles.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, env=env, cwd=folder, check=False)
    if not verdict.exists():
        raise OSError(f"it ended with {done.returncode}: {' '.join(done.stderr.split())[-400:]}")
    said: dict[str, Any] = json.loads(verdict.read_text("utf-8"))
    return said


def differences(said: dict[str, Any], ledger: Ledger, wanted: Counter[tuple[str, str]], bare: int) -> Iterator[str]:
    """Where the reader saw something else than was decided and the export's account allows."""
    if ledger.written + ledger.adjusted + ledger.dropped != wanted.total():
        yield f"the account is of {ledger.written + ledger.adjusted + ledger.dropped} spans, not {wanted.total()}"
    if said["articles"] + bare != ledger.articles:
        yield "it sees another number of articles"
    if said["spans"] is None:
        return
    seen = Counter((label, words) for label, words in said["spans"])
    missing, strange = (wanted - seen).total(), (seen - wanted).total()
    if seen.total() + said["unread"] != ledger.written + ledger.adjusted:
        yield "it sees another number of spans"
    if strange > ledger.adjusted or missing > ledger.adjusted + ledger.dropped + said["unread"]:
        examples = [*(seen - wanted), *(wanted - seen)][:4]
        yield f"{strange} spans with other words, {missing} not seen, as {examples}"


if __name__ == "__main__":
    sys.exit(main())
