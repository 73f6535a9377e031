"""An article that came with its own tokens keeps them."""

from pathlib import Path

from annotator.importers import Record
from annotator.model.article import Article
from annotator.session import Session
from annotator.session.importing import Wish

TEXT = "can not go"
OWN = ((0, 7), (8, 10))


def test_the_files_own_tokens_are_snapped_to_and_exported(tmp_path: Path) -> None:
    with Session.open(tmp_path / "p.annot", create=True, labels="conll", model="blank:en") as session:
        with session._importing(Wish()) as taking:
            article_id = taking.take(Record("x:1", Article("a", TEXT), tokens=OWN))
        assert article_id is not None
        session.suggest(article_id)
        tokens = session.article(article_id).tokens
        assert [tokens[n] for n in range(len(tokens))] == list(OWN)
        session.decide(article_id, [(0, 7, "ORG")])
        session.export(tmp_path / "out.conll", format="conll")
    lines = (tmp_path / "out.conll").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line][1:] == ["can_not -X- _ B-ORG", "go -X- _ O"]
