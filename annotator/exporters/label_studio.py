"""Label Studio's tasks with one annotation each: https://labelstud.io/guide/task_format.

They fit the labeling interface that `interface` writes. Offsets are code points, as its present editor counts.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from annotator.exporters.base import Exporter, Ledger, Options
from annotator.exporters.json_lines import meta_of, write_array
from annotator.exporters.overlaps import Account
from annotator.exporters.own_words import schema
from annotator.model.article import AnnotatedArticle
from annotator.model.keeping import Part
from annotator.model.label import Label
from annotator.model.span import Span

FROM_NAME, TO_NAME = "label", "text"


def interface(labels: Iterable[Label]) -> str:
    """The labeling interface of a project into which the tasks are imported."""
    listed = "".join(f"<Label value={quoteattr(label.name)}/>" for label in labels)
    choose = f'<Labels name="{FROM_NAME}" toName="{TO_NAME}">{listed}</Labels>'
    return f'<View>{choose}<Text name="{TO_NAME}" value="$text"/></View>'


def write(articles: Iterable[AnnotatedArticle], path: Path, _options: Options) -> Ledger:
    """One array of tasks, numbered from 1."""
    return write_array(articles, path, _tasks).closed()


def _tasks(annotated: AnnotatedArticle, account: Account) -> Iterator[dict[str, Any]]:
    for _ in annotated.confirmed:
        account.written()
    number = account.ledger.articles + 1
    meta = meta_of(annotated)
    results = [_result(annotated, span, index) for index, span in enumerate(annotated.confirmed, 1)]
    data = {"text": annotated.text, "id": annotated.article.uid, **({"meta": meta} if meta else {})}
    data["schema"] = schema("label-studio")
    annotation = {"id": number, "was_cancelled": False, "ground_truth": False, "result": results}
    yield {
        "id": number,
        "data": data,
        "annotations": [annotation],
        "predictions": [],
    }


def _result(annotated: AnnotatedArticle, span: Span, number: int) -> dict[str, Any]:
    return {
        "id": f"span-{number}",
        "from_name": FROM_NAME,
        "to_name": TO_NAME,
        "type": "labels",
        "origin": "manual",
        "value": {"start": span.start, "end": span.end, "text": annotated.surface(span), "labels": [span.label]},
    }


EXPORTER = Exporter(
    name="label-studio",
    title="Label Studio",
    suffix=".label-studio.json",
    write=write,
    keeps=frozenset({Part.TEXT, Part.ID, Part.META, Part.EDGES, Part.OVERLAPS}),
    remark="Tasks with one annotation each, for Labels named “label” on a Text named “text”.",
)
