"""Column and standoff formats through a project: out, into an empty one, and out again."""

from pathlib import Path

import pytest

from annotator.exporters import by_name, export
from annotator.exporters.base import Options
from annotator.model.article import AnnotatedArticle, Article, ArticleState
from annotator.model.keeping import Part
from annotator.model.span import Decision, Span, SpanState
from annotator.model.tokens import rough_tokens
from annotator.session import Session

NAMES = ["conll", "bilou", "brat", "webanno", "xmi", "spacy"]
TEXTS = {
    "a1": "😀 Ann Lee met Bo Özil.\r\n\r\nThe U.N. said so — “Zoe\u0301 Kay left!”\u2028 Next: Ann\u00a0Lee.\n",
    "b/2": "قالت آن لي إن جنيف جميلة.\nהוא נסע לתל אביב.",
    "no spans": "\n\t Nothing here 3.5\x0b\x01\x1c and \\n [x] a_b | * ; -> done",
    "ünïcode id": "東京で田中さんが話した。北京。",
    "long": "Ann Lee saw 👨‍👩‍👧 Bo Özil in Köln 🇩🇪. She left.\r\n" * 200,
}
MARKED = (("Ann Lee", "PER"), ("Lee", "ORG"), ("Özil", "PER"), ("جنيف", "LOC"), ("תל אביב", "LOC"), ("田中", "PER"))


def _article(uid: str, text: str) -> AnnotatedArticle:
    spans = tuple(
        Span(text.index(words), text.index(words) + len(words), label, SpanState.CONFIRMED, decision=Decision.ADD)
        for words, label in MARKED
        if words in text
    )
    article = Article(uid, text, {"title": f"On {uid}", "section": ["x", 1]})
    return AnnotatedArticle(1, article, spans, rough_tokens(text), ArticleState.DONE)


def _project(path: Path, source: Path) -> Session:
    session = Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana")
    report = session.import_files(source, decided=True)
    assert not report.rejected, report.lines
    return session


def _files(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {"": path.read_bytes()}
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*")}


def _held(session: Session) -> dict[str, tuple[str, list[tuple[int, int, str]]]]:
    articles = [session.article(article_id) for article_id in session.article_ids()]
    return {a.article.uid: (a.text, [(*s.range, s.label) for s in a.confirmed]) for a in articles}


@pytest.mark.parametrize("name", NAMES)
def test_a_project_comes_back(name: str, tmp_path: Path) -> None:
    exporter = by_name(name)
    export(by_name("jsonl"), (_article(*each) for each in TEXTS.items()), tmp_path / "in.jsonl", Options())
    one, two = tmp_path / f"one{exporter.suffix}", tmp_path / f"two{exporter.suffix}"
    with _project(tmp_path / "a.annot", tmp_path / "in.jsonl") as session:
        report = session.export(one, format=name, state="all")
        held = _held(session)
    assert sum(ledger.articles for ledger in report.files.values()) == len(TEXTS)
    with _project(tmp_path / "b.annot", one) as session:
        session.export(two, format=name, state="all")
        back = _held(session)
    assert _files(two) == _files(one)
    if Part.ID in exporter.keeps and Part.TEXT in exporter.keeps:
        assert {uid: text for uid, (text, _) in back.items()} == {uid: text for uid, (text, _) in held.items()}
    if {Part.EDGES, Part.OVERLAPS} <= exporter.keeps:
        assert back == held
