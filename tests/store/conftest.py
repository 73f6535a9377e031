"""A project with labels, annotators and articles, made without the session."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.model.article import Article, ArticleState
from annotator.model.label import Label
from annotator.store import articles, history, labels
from annotator.store.project import Project
from tests.arrived import add_article

NEW = articles.Standing(ArticleState.NEW, False, "")


def fill(project: Project) -> None:
    """Two labels, one annotator (id 1) and two articles (ids 1 and 2)."""
    with project.transaction():
        annotator_id = labels.annotator_id(project, "ana")
        writing = history.Step(project, "labels", annotator_id, None)
        labels.write_labels(writing, project, (Label("ORG", "blue", "1"), Label("LOC", "green", "2")))
        for number in (1, 2):
            add_article(project, Article(f"article-{number}", f"Alibaba is {number}."), NEW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.annot"


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of such a project: making the schema is most of the time."""
    path: Path = tmp_path_factory.mktemp("filled") / "news.annot"
    made = Project.create(path)
    fill(made)
    made.close()
    return path.read_bytes()


@pytest.fixture
def project(path: Path, filled: bytes) -> Iterator[Project]:
    path.write_bytes(filled)
    opened = Project(path)
    yield opened
    opened.close()
