"""What is written into other tools' records beside their own keys, so that nothing is lost on the way back."""

from typing import Any

from annotator.model.article import AnnotatedArticle


def schema(name: str) -> str:
    """The mark by which the importer knows that this program wrote the record."""
    return f"annotator-{name}/1"


def standing(annotated: AnnotatedArticle) -> dict[str, Any]:
    """Flag and comment, where there are any."""
    fields = {"flagged": annotated.flagged or None, "comment": annotated.comment or None}
    return {key: value for key, value in fields.items() if value is not None}
