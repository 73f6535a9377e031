"""An article in a project, as an import would bring it, without a step."""

from annotator.model.article import Article, text_sha256
from annotator.store.articles import Standing
from annotator.store.history import Step
from annotator.store.incoming import Arrival, Incoming
from annotator.store.project import Project


def add_article(project: Project, article: Article, standing: Standing) -> int:
    """Behind all others; inside a transaction. Returns its id."""
    incoming = Incoming(project, Step(project, "import", 1, None))
    article_id = incoming.add(Arrival(article, text_sha256(article.text), standing))
    incoming.close(())
    return article_id
