"""Does doccano take the file? Its own importer reads it into a database of its own; needs doccano 1.8.4.

    pip install doccano==1.8.4 'marshmallow<4' 'numpy<2' 'setuptools<81'
    python tests/acceptance/doccano_reader.py FILE.doccano.jsonl

The importer leaves spans out without an error, so they are counted, and their words compared as doccano's screen
counts them: in UTF-16.
"""

import json
import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from verdict import given, tell


def main(path: Path) -> int:
    """0 where every span of the file is in doccano's database, on the same words."""
    lines = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    with tempfile.TemporaryDirectory() as folder:
        examples, spans, errors = imported(path, Path(folder))
    wanted = [(line["text"], *span) for line in lines for span in line["label"]]
    problems = [f"{examples} of {len(lines)} examples"] if examples != len(lines) else []
    problems += ["other spans than in the file"] if sorted(map(tuple, wanted)) != sorted(spans) else []
    words = [(label, on_screen(text, start, end)) for text, start, end, label in spans]
    return tell(["doccano"], examples, words, problems + errors)


def on_screen(text: str, start: int, end: int) -> str:
    """What JavaScript finds between two offsets."""
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "replace")


def imported(path: Path, folder: Path) -> tuple[int, list[tuple[str, int, int, str]], list[str]]:
    """How many examples doccano made of the file, the spans that it stored, and what it complained of."""
    os.environ.update(DATABASE_URL=f"sqlite:///{folder}/doccano.db", DJANGO_SETTINGS_MODULE="config.settings.base")
    sys.path.insert(0, str(find_spec("backend").submodule_search_locations[0]))  # type: ignore[union-attr,index]
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from data_import.datasets import load_dataset
    from data_import.pipeline.catalog import create_file_format
    from data_import.pipeline.readers import FileName
    from labels.models import Span
    from projects.models import Project, ProjectType, SequenceLabelingProject

    user = get_user_model().objects.create(username="reader")
    kind = ProjectType.SEQUENCE_LABELING
    project: Project = SequenceLabelingProject.objects.create(
        name="p", project_type=kind, created_by=user, allow_overlapping=True
    )
    files = [FileName(full_path=str(path), generated_name="in.jsonl", upload_name="in.jsonl")]
    dataset = load_dataset(kind, create_file_format("JSONL"), files, project)
    dataset.save(user)
    found = Span.objects.select_related("example", "label")
    spans = [(span.example.text, span.start_offset, span.end_offset, span.label.text) for span in found]
    return project.examples.count(), spans, [str(error.dict()) for error in dataset.errors]


if __name__ == "__main__":
    sys.exit(main(given()))
