"""CSV, TSV and Parquet: which column is the text, and what becomes of each row."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from annotator.importers import Problem, ReadOptions, Record, importer_of, table
from tests.importers.news_files import FIRST

Items = list[Record | Problem]
Take = Callable[..., Items]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    def read(content: str | bytes, name: str = "a.csv", column: str = "") -> Items:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(importer_of(path).read(path, ReadOptions(text_column=column)))

    return read


def said(items: Items) -> list[str]:
    return [f"{item.where}: {item.reason}" if isinstance(item, Problem) else item.article.text for item in items]


def test_each_row_is_an_article_and_the_other_columns_its_metadata(take: Take) -> None:
    rows = f'id,Headline,Body,Publish Date,Outlet,Link,Authors,words\nn-7,Labs,"{FIRST}\r\n""So, yes.""",'
    rows += "2017-10-11T08:00:00,The Daily,https://x.example.org/1,Ana Lima,12\n\n8,,Oslo.,11 Oct 2017,,,,\n"
    first, second = take(rows)
    assert isinstance(first, Record)
    assert (first.where, first.article.uid, first.article.text) == ("a.csv:2", "n-7", f'{FIRST}\r\n"So, yes."')
    assert first.article.meta == {
        "file": "a.csv",
        "title": "Labs",
        "published": "2017-10-11",
        "source": "The Daily",
        "url": "https://x.example.org/1",
        "author": "Ana Lima",
        "words": "12",
    }
    assert isinstance(second, Record)
    assert (second.where, second.article.uid, second.article.text) == ("a.csv:5", "", "Oslo.")
    assert second.article.meta == {"file": "a.csv", "published": "2017-10-11", "id": "8"}


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_delimiter_is_found(take: Take, mark: str, end: str) -> None:
    text = 'Snow; fell, in | the\tnight, he said: "cold".'
    quoted = '"' + text.replace('"', '""') + '"'
    content = end.join([f"title{mark}text", *(f"a{mark}{quoted}" for _ in range(3)), f"b{mark}Oslo"])
    assert said(take(content)) == [text] * 3 + ["Oslo"]


def test_quotes_that_quote_nothing_stay_in_tab_separated_files(take: Take) -> None:
    content = 'headline\tstory\nA\t"Cold" it was\nB\tno " end\nC\tit\'s "over"\n'
    assert said(take(content, "a.tsv")) == ['"Cold" it was', 'no " end', 'it\'s "over"']


def test_one_column_of_lines(take: Take) -> None:
    assert said(take("text\nOslo, Bergen and Rome\nRome, too\n")) == ["Oslo, Bergen and Rome", "Rome, too"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(take: Take, codec: str) -> None:
    (record,) = take("title,text\nA,Le préfet a déclaré que l’été serait chaud à Orléans.\n".encode(codec))
    assert isinstance(record, Record)
    assert record.article.text == "Le préfet a déclaré que l’été serait chaud à Orléans."
    assert record.article.meta["title"] == "A"
    assert record.notes == (("encoding guessed: windows-1252",) if codec == "cp1252" else ())


def test_a_large_file_is_read_as_utf_8_without_holding_it(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "GUESSED_UP_TO", 100)
    good, bad = take("\ufefftitle,text\n".encode() + f'A,"Été {FIRST}"\n'.encode() + b"B,\xc9t\xe9\n")
    assert isinstance(good, Record)
    assert isinstance(bad, Record)
    assert good.article.meta["title"] == "A"
    assert bad.article.text == "\ufffdt\ufffd"
    assert len(bad.notes) == 1


def test_the_column_of_text(take: Take) -> None:
    assert said(take(f'a,notes,b\nx,"{FIRST}",y\n')) == [FIRST]
    assert said(take("Text,Summary\nlong,short\n", column="summary")) == ["short"]
    assert said(take("text,b\nx,y\n", column="body")) == ["a.csv: it has no column “body”; it has text, b"]
    assert said(take("x,y\n1,2\n")) == ["a.csv: no column holds articles; it has x, y"]


def test_our_own_table_of_spans_is_refused(take: Take) -> None:
    (problem,) = said(take("article,start,end,label,text\na1,0,4,LOC,Oslo\n"))
    assert problem.startswith("a.csv: a table of spans")


def test_rows_that_are_no_articles(take: Take) -> None:
    content = "title,text\nA,Oslo\nB,\nC\nD,x,y\nE,Rome,,\n"
    nothing = "nothing in the column “text”"
    assert said(take(content)) == [
        "Oslo",
        f"a.csv:3: {nothing}",
        f"a.csv:4: {nothing}",
        "a.csv:5: 3 fields where there are 2 columns",
        "Rome",
    ]
    assert said(take("\n\n")) == ["a.csv: the file is empty"]
    assert said(take("Only this line.")) == ["a.csv: one row alone; a table has a row of names and rows of articles"]
    assert said(take(b"\x89PNG\r\n\x1a\n")) == ["a.csv: not a text file (PNG)"]


def test_a_row_out_of_order_hides_no_other(take: Take) -> None:
    rows = "".join(f'A,"Oslo {number}"\n' for number in range(60))
    items = said(take(f'title,text\n{rows}B,"Cold" it was\nC,"Rome"\nD,"never closed\nlast line\n'))
    assert items[:60] == [f"Oslo {number}" for number in range(60)]
    assert items[60].startswith("a.csv:62: not as tables are written: ")
    assert items[61] == "Rome"
    assert items[62] == "a.csv:64: not as tables are written: unexpected end of data"
    assert len(items) == 63


def test_quotes_that_are_out_of_order_from_the_start_are_taken_as_they_come(take: Take) -> None:
    assert said(take('title,text\nA,"Cold" it was\nB,"Rome, too"\n')) == ["Cold it was", "Rome, too"]


def test_long_rows_do_not_spoil_the_sample(take: Take) -> None:
    text = f'{FIRST}, "so"\n' * 400
    quoted = text.replace('"', '""')
    content = "title;text\n" + "".join(f'A;"{quoted}"\n' for _ in range(9)) + 'B;"cut off'
    *kept, last = said(take(content))
    assert kept == [text] * 9
    assert "unexpected end of data" in last


def test_a_field_that_is_too_long(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "LARGEST_FIELD", 1_000)
    rows = "A,Oslo\n" * 60
    items = said(take(f"title,text\n{rows}B,{'x' * 2_000}\nC,Rome\n"))
    assert items[60].startswith("a.csv:62: not as tables are written: field larger")
    assert items[61] == "Rome"


# Parquet

pa = pytest.importorskip("pyarrow")


def parquet(tmp_path: Path, columns: dict[str, object]) -> bytes:
    from pyarrow.parquet import write_table

    write_table(pa.table(columns), tmp_path / "made.parquet")
    return (tmp_path / "made.parquet").read_bytes()


def test_each_row_of_a_parquet_file_is_an_article(take: Take, tmp_path: Path) -> None:
    columns = {
        "id": [1, 2],
        "body": [FIRST, None],
        "date": [date(2017, 10, 11)] * 2,
        "tags": [["a"], []],
        "n": [float("nan"), 1.5],
    }
    first, second = take(parquet(tmp_path, columns), "a.parquet")
    assert isinstance(first, Record)
    assert (first.where, first.article.uid, first.article.text) == ("a.parquet:1", "", FIRST)
    assert first.article.meta == {"file": "a.parquet", "id": 1, "published": "2017-10-11", "tags": ["a"]}
    assert second == Problem("a.parquet:2", "nothing in the column “body”")


def test_parquet_files_that_hold_no_articles(take: Take, tmp_path: Path) -> None:
    numbers = parquet(tmp_path, {"n": [1, 2]})
    assert said(take(numbers, "a.parquet")) == ["a.parquet: cannot be read: no column holds articles; it has n"]
    assert said(take(parquet(tmp_path, {"text": []}), "a.parquet")) == [
        "a.parquet: cannot be read: the table has no rows"
    ]
    assert "cannot be read" in said(take(numbers[:-20], "a.parquet"))[0]
    assert said(take(numbers, "a.parquet", column="text")) == [
        "a.parquet: cannot be read: it has no column “text”; it has n"
    ]


def test_tokens_with_tags_are_left_to_their_own_format(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet(tmp_path, {"tokens": [["Oslo"]], "ner_tags": [[5]]}))
    assert importer_of(path).name != "parquet"
