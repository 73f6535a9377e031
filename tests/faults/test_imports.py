"""An import that is killed leaves all of its articles or none."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotator.session import Session

ARTICLES = 3000
IMPORT = """
import sys
from annotator.session import Session
with Session.open(sys.argv[1], annotator="ana") as session:
    print("ready", flush=True)
    session.import_files(sys.argv[2])
    print("done", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_all_or_nothing(tmp_path: Path) -> None:
    source, path, chance = tmp_path / "in.jsonl", tmp_path / "news.annot", random.Random(3)
    span = {"start": 0, "end": 4, "label": "ORG", "text": "Text", "source": "person", "decision": "add"}
    records = ({"id": f"a{n}", "text": f"Text {n} " * 40, "spans": [span], "state": "done"} for n in range(ARTICLES))
    source.write_text("".join(json.dumps(each | {"schema": "annotator/1"}) + "\n" for each in records), "utf-8")
    with Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana") as session:
        session.add_articles([{"id": "before", "text": "Before."}])
    for _ in range(4):
        with subprocess.Popen([sys.executable, "-c", IMPORT, path, source], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.05, 0.6))
            child.kill()
            said = child.stdout.read()
        with Session.open(path, annotator="ana") as session:
            assert session.check() == []
            count = session.progress().total
            assert count == 1 + ARTICLES or (count == 1 and "done" not in said)
            while session.next_step("undo") == "import" and session.progress().total > 1:
                session.undo()
            assert session.progress().total == 1
