"""Lists of names: what each line becomes, and why some do not come in."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import KnownError
from annotator.importers.base import Problem
from annotator.importers.word_list import Listed, joined, read_list


def read(tmp_path: Path, name: str, content: str | bytes) -> list[tuple[str, ...] | str]:
    """(words, label, "any" or "") of each entry; the reason where there is none."""
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = read_list(path)
    assert all(item.where.startswith(name) for item in found)
    return [i.reason if isinstance(i, Problem) else (i.surface, i.label, "any" * i.any_case) for i in found]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", "Alibaba\n\n  BNN \r\n#MeToo", [("Alibaba", "", ""), ("BNN", "", ""), ("#MeToo", "", "")]),
        ("a.txt", "Smith, John\nJohn; Paul", [("Smith, John", "", ""), ("John; Paul", "", "")]),
        ("a.txt", "Alibaba\tORG\nOslo\t LOC \nBNN\t", [("Alibaba", "ORG", ""), ("Oslo", "LOC", ""), ("BNN", "", "")]),
        ("a.txt", "a\tb\tc\n\tORG", ["more than two columns", "there are no words"]),
        ("a.txt", b"\xef\xbb\xbfAlibaba", [("Alibaba", "", "")]),
        ("a.txt", "Zürich\nGenève".encode("cp1252"), [("Zürich", "", ""), ("Genève", "", "")]),
        ("a.txt", "日本銀行".encode("utf-16"), [("日本銀行", "", "")]),
        ("a.txt", "", ["the file is empty"]),
        ("a.txt", " \n\t\n", ["the file is empty"]),
        (
            "a.csv",
            'Alibaba,ORG\n"Smith, John",PER\nOslo',
            [("Alibaba", "ORG", ""), ("Smith, John", "PER", ""), ("Oslo", "", "")],
        ),
        ("a.csv", "Alibaba;ORG\nOslo;LOC", [("Alibaba", "ORG", ""), ("Oslo", "LOC", "")]),
        ("a.csv", "a,b,c", ["more than two columns"]),
        ("a.jsonl", '{"label": "ORG", "pattern": "Apple", "id": "apple"}', [("Apple", "ORG", "")]),
        ("a.txt", '{"label": "ORG", "pattern": "Apple"}', [("Apple", "ORG", "")]),
        (
            "a.json",
            '[{"label": "ORG", "pattern": "Apple"}, {"pattern": "Oslo"}]',
            [("Apple", "ORG", ""), ("Oslo", "", "")],
        ),
        ("a.json", '["Apple", " "]', [("Apple", "", ""), "there are no words"]),
        ("a.jsonl", '{"pattern": [{"LOWER": "apple"}, {"lower": "inc."}]}', [("apple inc.", "", "any")]),
        ("a.jsonl", '{"pattern": [{"ORTH": "Apple"}, {"TEXT": "Inc."}]}', [("Apple Inc.", "", "")]),
        ("a.jsonl", '{"pattern": [{"ORTH": "24"}, {"LOWER": "hours"}]}', [("24 hours", "", "any")]),
        ("a.jsonl", '{"pattern": []}', ["there are no words"]),
        ("a.jsonl", '{"label": "ORG"}\n[1]\n7', ["no object with a pattern"] * 3),
        ("a.jsonl", '{"label": 7, "pattern": "x"}', ["the label is 7"]),
        ("a.jsonl", '{"pattern": 7}', ["the pattern is neither words nor a list of tokens"]),
        (
            *("a.jsonl", '{"pattern": [{"LOWER": "us"}, {"IS_PUNCT": true}]}'),
            ['token 2 asks for more than its words ("IS_PUNCT")'],
        ),
        ("a.jsonl", '{"pattern": [{"LOWER": "a", "OP": "?"}]}', ["token 1 asks for more than its words"]),
        ("a.jsonl", '{"pattern": [{"LOWER": {"IN": ["a"]}}]}', ['token 1 asks for more than its words ("LOWER")']),
        (
            *("a.jsonl", '{"pattern": [{"LOWER": "apple"}, {"TEXT": "Inc"}]}'),
            ["some tokens are meant in any casing and some are not"],
        ),
    ],
)
def test_what_comes_in(tmp_path: Path, name: str, content: str | bytes, expected: list[object]) -> None:
    assert read(tmp_path, name, content) == expected


def test_a_broken_line_hides_no_other(tmp_path: Path) -> None:
    found = read(tmp_path, "a.jsonl", '{"pattern": "a"}\n{broken\n\n{"pattern": "b"}')
    assert [found[0], found[2]] == [("a", "", ""), ("b", "", "")]
    assert str(found[1]).startswith("not valid JSON")


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"\x89PNG\r\n", b"\x00" * 50])
def test_what_is_no_list(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(KnownError, match="not a text file"):
        read_list(tmp_path / "a")


def test_a_list_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be read"):
        read_list(tmp_path / "no.txt")


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        ("new york", "new york"),
        ("u.s. - china", "u.s.-china"),
        ("smith , john", "smith, john"),
        ("mcdonald 's", "mcdonald's"),
        ("world ( cup )", "world (cup)"),
        ("$ 5", "$5"),
        ("at&t", "at&t"),
        ("do n't", "don't"),
        ("yahoo !", "yahoo!"),
        ("ac / dc", "ac/dc"),
    ],
)
def test_tokens_are_joined_as_they_are_written(tokens: str, words: str) -> None:
    assert joined(tokens.split(" ")) == words


@given(st.lists(st.text(max_size=8), max_size=6))
def test_joining_loses_no_sign(tokens: list[str]) -> None:
    assert "".join(joined(tokens).split()) == "".join("".join(tokens).split())


@given(st.binary(max_size=60), st.sampled_from(["a.txt", "a.csv", "a.jsonl", "a.json"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, raw: bytes, name: str) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(raw)
    try:
        found = read_list(path)
    except KnownError:
        return
    assert found
    assert all(item.surface == item.surface.strip() != "" for item in found if isinstance(item, Listed))


def test_every_line_is_accounted_for(tmp_path: Path) -> None:
    lines = [json.dumps({"pattern": f"Name {n}"} if n % 3 else {"pattern": n}) for n in range(300)]
    assert len(read(tmp_path, "a.jsonl", "\n".join(lines))) == 300
