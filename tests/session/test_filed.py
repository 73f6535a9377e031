"""JSONL leaves straight from the rows: byte for byte what a simple writer makes of the articles as they are shown."""

import json
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from annotator.model.article import AnnotatedArticle
from annotator.model.aside import Aside
from annotator.model.span import Span
from annotator.model.tokens import Tokens, unpacked, whole_graphemes
from annotator.session import Session

ESCAPED = {"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}
SIGNS = "aB1 .\n\r\u0085é\u0301\u200d\u2028\u2029“阿😀👩🇩🇪\u0e01\ufeff"
TEXTS = st.text(st.sampled_from(SIGNS), min_size=1, max_size=30)
# json and orjson write very large and very small floats differently, and both rightly
VALUES = st.one_of(st.text(max_size=4), st.integers(-(2**70), 2**70), st.sampled_from([0.1, -2.0, 1 / 3, 0.0]))


def reference(session: Session, with_rejected: bool) -> bytes:
    """The slow and simple way."""
    lines = []
    for article_id in sorted(session.article_ids()):
        article, stored = session.article(article_id), session._opened.sheet(article_id).stored.tokens
        tokens = None if stored is None else whole_graphemes(article.text, stored)
        fields = {
            "id": article.article.uid,
            "text": article.text,
            "meta": ordered(dict(article.article.meta)),
            "spans": [span_fields(article, span, tokens) for span in article.confirmed],
            "rejected": [span_fields(article, span, tokens) for span in article.rejected] if with_rejected else [],
            "asides": [aside_fields(aside) for aside in article.asides] or None,
            "answer": {"done": "accept", "skipped": "ignore"}.get(article.state.value),
            "state": article.state.value,
            "flagged": article.flagged or None,
            "comment": article.comment or None,
            "text_sha256": row_sha256(session, article_id),
            "offsets": "codepoint",
            "schema": "annotator/1",
        }
        kept = {key: value for key, value in fields.items() if value is not None}
        line = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        lines.append("".join(ESCAPED.get(sign, sign) for sign in line) + "\n")
    return "".join(lines).encode()


def row_sha256(session: Session, article_id: int) -> str:
    query = "SELECT sha256 FROM article WHERE id = ?"
    return str(session.project.connection.execute(query, [article_id]).fetchone()[0])


def ordered(meta: dict[str, Any]) -> dict[str, Any]:
    first = {key: meta.pop(key) for key in ("title", "source", "url", "published", "file") if key in meta}
    return {key: value for key, value in (first | meta).items() if value not in (None, "", [], {})}


def aside_fields(aside: Aside) -> dict[str, Any]:
    fields = {
        **{"start": aside.start, "end": aside.end, "state": aside.state.value},
        **{"id": aside.uid, "annotator": aside.annotator, "at": aside.at},
    }
    return {key: value for key, value in fields.items() if value is not None}


def span_fields(article: AnnotatedArticle, span: Span, tokens: Tokens | None) -> dict[str, Any]:
    first, last = (tokens.covering(*span.range) if tokens is not None else None) or (None, None)
    fields = {
        **{"start": span.start, "end": span.end, "label": span.label, "text": article.text[span.start : span.end]},
        **{"token_start": first, "token_end": last, "id": span.uid, "source": span.source},
        **{"confidence": span.confidence, "decision": span.decision and span.decision.value},
        **{"annotator": span.annotator, "at": span.at, "was": span.was and span.was._asdict()},
    }
    return {key: value for key, value in fields.items() if value is not None}


@pytest.mark.parametrize("with_rejected", [False, True])
def test_after_much_work_of_every_kind(tmp_path: Path, random_work: ModuleType, with_rejected: bool) -> None:
    random, out = Random(11), tmp_path / "out.jsonl"
    with Session.open(tmp_path / "n.annot", create=True, labels="conll", model="blank:en", annotator="ana") as session:
        session.add_articles(random_work.records(12, random))
        worker = random_work.Worker(session, random)
        worker.verbs = tuple(verb for verb in worker.verbs if verb != worker.labels)
        worker.read_all()
        for _ in range(300):
            worker.work()
        session.add_articles(random_work.records(14, random)[12:])  # nothing has read these
        session.add(13, 0, 3, "ORG")
        session.export(out, state="all", with_rejected=with_rejected)
        assert out.read_bytes() == reference(session, with_rejected)
        assert b'"token_start"' in out.read_bytes()
        assert b'"was"' in out.read_bytes()
        assert b'"token_start"' not in out.read_bytes().splitlines()[12]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a project without articles."""
    path = tmp_path_factory.mktemp("empty") / "n.annot"
    Session.open(path, create=True, labels="conll", model="blank:en", annotator="ana").close()
    return path.read_bytes()


@settings(max_examples=40, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(text=TEXTS, meta=st.dictionaries(st.text(min_size=1, max_size=4), VALUES, max_size=3), data=st.data())
def test_whatever_stands_in_a_record(
    empty: bytes, tmp_path_factory: pytest.TempPathFactory, text: str, meta: dict[str, Any], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("filed")
    (folder / "n.annot").write_bytes(empty)
    with Session.open(folder / "n.annot", annotator="ana") as session:
        (article_id,) = session.add_articles([{"id": "a", "text": text, "meta": meta}])
        for label in data.draw(st.lists(st.sampled_from(["PER", "ORG", "LOC"]), unique=True)):
            start = data.draw(st.integers(0, len(text) - 1))
            session.add(article_id, start, data.draw(st.integers(start + 1, len(text))), label)
        session.comment(article_id, data.draw(st.text(st.sampled_from("a\u2028\u0085"), max_size=3)))
        session.export(folder / "out.jsonl", state="all")
        assert (folder / "out.jsonl").read_bytes() == reference(session, False)


@given(text=TEXTS)
def test_signs_that_may_be_joined_are_looked_for_where_they_are(text: str) -> None:
    each = Tokens((n, n + 1) for n in range(len(text)))
    joined = whole_graphemes(text, each)
    plain = all(sign < "\u0300" for sign in text)
    assert len(joined) == len(each) if plain else len(joined) <= len(each)


def test_no_sign_that_joins_is_taken_for_a_plain_one() -> None:
    import sys
    import unicodedata

    from annotator.model.tokens import _MAY_JOIN

    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        joins = unicodedata.category(sign).startswith("M") or sign in "\u200c\u200d\ufe0e\ufe0f\u20e3"
        joins = joins or "\U0001f1e6" <= sign <= "\U0001f1ff" or "\U0001f3fb" <= sign <= "\U0001f3ff"
        assert not joins or _MAY_JOIN.search(sign), hex(code)


def test_packed_tokens_come_back() -> None:
    assert unpacked([]).starts == []
    tokens = unpacked([0, 3, 1, 2])
    assert [tokens[n] for n in range(len(tokens))] == [(0, 3), (4, 6)]
