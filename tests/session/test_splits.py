"""Where articles fall: together, balanced, and for good."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import KnownError
from annotator.session import Session
from annotator.session.splits import PARTS, Bundle, groups, part_of, share_out, sides
from annotator.store.splits import Kin

SHARES = (80, 10, 10)


def kin(number: int, first: int = 0, source: str = "", day: str = "", *, is_random: bool = True) -> Kin:
    return Kin(number, f"a{number}", first or number, source, day, is_random)


def ids(grouped: Iterable[Sequence[Kin]]) -> list[list[int]]:
    return [[each.id for each in group] for group in grouped]


# What belongs together


def test_twins_are_together_always_and_others_when_it_is_wished() -> None:
    articles = [
        kin(1, source="Post", day="2026-01-01"),
        kin(2, source="Times", day="2026-01-02"),
        kin(3, first=1, source="Sun", day="2026-01-03"),
        kin(4, source=" post ", day="2026-01-02"),
        kin(5),
        kin(6),
    ]
    assert ids(groups(articles, ())) == [[1, 3], [2], [4], [5], [6]]
    assert ids(groups(articles, ("source",))) == [[1, 3, 4], [2], [5], [6]]
    assert ids(groups(articles, ("day",))) == [[1, 3], [2, 4], [5], [6]]
    assert ids(groups(articles, ("source", "day"))) == [[1, 2, 3, 4], [5], [6]]


# Where it falls


def bundles_of(number: int, seed: int = 1) -> list[Bundle]:
    """Made-up articles as news has them: a few frequent labels, a rare one, some without any."""
    random = Random(seed)
    made = []
    for at in range(number):
        labels = Counter({label: int(random.expovariate(rate)) for label, rate in ((1, 0.2), (2, 0.3), (3, 0.5))})
        labels[4] = random.random() < 0.2
        made.append(Bundle([f"a{seed}-{at}"], +labels))
    return made


def worst(bundles: Iterable[Bundle]) -> float:
    """By how many points the share of a label, or of the articles, is off in some part, at most."""
    bundles = list(bundles)
    have = {part: Counter[int]() for part in PARTS}
    for bundle in bundles:
        have[str(bundle.side)].update(bundle.amounts)
    totals = sum(have.values(), Counter[int]())
    wished = dict(zip(PARTS, SHARES, strict=True))
    return max(abs(100 * have[part][what] / totals[what] - wished[part]) for part in PARTS for what in totals)


def by_hash(bundles: Iterable[Bundle]) -> list[Bundle]:
    return [Bundle(each.uids, each.labels, side=part_of(each.uids[0], SHARES)) for each in bundles]


@pytest.mark.parametrize(("number", "most"), [(30, 0.75), (60, 0.5), (145, 0.25)])
def test_labels_are_shared_out_better_than_by_the_hash_alone(number: int, most: float) -> None:
    balanced, hashed = [], []
    for seed in range(10):
        bundles = bundles_of(number, seed)
        hashed.append(worst(by_hash(bundles)))
        share_out(bundles, SHARES)
        balanced.append(worst(bundles))
    assert sum(balanced) < most * sum(hashed)  # a part of 3 articles can hardly hold half a span of a rare label


def test_articles_that_come_a_few_at_a_time_are_shared_out_as_well() -> None:
    grown, hashed = [], []
    for seed in range(10):
        bundles = bundles_of(145, seed)
        for at in range(10, 146, 5):
            share_out(bundles[:at], SHARES)
        grown.append(worst(bundles))
        hashed.append(worst(by_hash(bundles)))
    assert sum(grown) < sum(hashed)


def test_what_was_picked_at_random_is_evaluated_on_first() -> None:
    bundles = bundles_of(100)
    for at, bundle in enumerate(bundles):
        bundle.is_random = at % 3 == 0
    share_out(bundles, SHARES)
    assert all(bundle.is_random for bundle in bundles if bundle.side != "train")
    assert any(bundle.is_random for bundle in bundles if bundle.side == "train")


def test_where_too_few_were_picked_at_random_others_fill_up() -> None:
    bundles = bundles_of(100)
    for at, bundle in enumerate(bundles):
        bundle.is_random = at < 7
    share_out(bundles, SHARES)
    assert all(bundle.side != "train" for bundle in bundles[:7])
    assert 15 <= sum(bundle.side != "train" for bundle in bundles) <= 25


def test_no_part_is_empty_while_there_are_enough_groups() -> None:
    for number in (3, 4, 5):
        bundles = bundles_of(number)
        share_out(bundles, SHARES)
        assert {bundle.side for bundle in bundles} == set(PARTS)
    with pytest.raises(KnownError, match="too few for 3 parts"):
        share_out(bundles_of(2), SHARES)


def test_the_same_articles_fall_alike_in_any_order() -> None:
    one, other = bundles_of(40), bundles_of(40)[::-1]
    share_out(one, SHARES)
    share_out(other, SHARES)
    assert {tuple(each.uids): each.side for each in one} == {tuple(each.uids): each.side for each in other}


def test_the_side_of_the_oldest_wins_where_groups_come_together() -> None:
    before = {"a1": "test", "a2": "train", "a3": "train"}
    fallen = sides([[kin(1), kin(2), kin(4)], [kin(3)], [kin(5)]], {"a1", "a2", "a3", "a4", "a5"}, {}, before, SHARES)
    assert [fallen.parts[f"a{number}"] for number in (1, 2, 4, 3)] == ["test", "test", "test", "train"]
    assert fallen.moved == ("a2",)


@st.composite
def growing(draw: st.DrawFn) -> list[list[Kin]]:
    """Articles with ties, and how many there are at each export."""
    number = draw(st.integers(3, 25))
    articles = []
    for at in range(1, number + 1):
        first = draw(st.sampled_from([at, at, at, *range(1, at)]))
        first = articles[first - 1].first if first < at else at
        source, day = draw(st.sampled_from(["", "", "x", "y", "z"])), draw(st.sampled_from(["", "", "1", "2", "3"]))
        articles.append(kin(at, first, source, day, is_random=draw(st.booleans())))
    ends = sorted(draw(st.lists(st.integers(3, number), min_size=1, max_size=4)))
    return [articles[:end] for end in ends]


@given(exports=growing(), ties=st.sampled_from([(), ("source",), ("day",), ("source", "day")]))
def test_nothing_that_belongs_together_is_apart_and_nothing_moves_untold(
    exports: list[list[Kin]], ties: tuple[str, ...]
) -> None:
    before: dict[str, str] = {}
    for articles in exports:
        grouped = groups(articles, ties)
        if len(grouped) < 3:
            continue
        fallen = sides(grouped, {each.uid for each in articles}, {}, before, SHARES)
        for group in grouped:
            assert len({fallen.parts[each.uid] for each in group}) == 1
        moved = {uid for uid in before if fallen.parts[uid] != before[uid]}
        assert moved == set(fallen.moved)
        assert ties or not moved
        before = fallen.parts


# In a project

WIRE = (
    "Oslo was hit by heavy snow on Monday, and trains to Bergen were late by hours. "
    "The ministry of transport said that buses would run instead until the lines are free again. "
    "Passengers waited in the cold hall for news while the staff handed out tea and blankets to the old. "
)


def words(number: int) -> str:
    random = Random(number)
    return " ".join("".join(random.choices("abcdefghij", k=5)) for _ in range(60))


def parts_in(folder: Path) -> dict[str, set[str]]:
    return {
        path.stem.removeprefix("out-"): {json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()}
        for path in folder.glob("out-*.jsonl")
    }


@pytest.fixture
def record() -> Any:
    """A record of an article, of one of three papers."""
    return lambda number: {
        "id": f"a{number}",
        "text": words(number),
        "meta": {"source": f"paper {number % 12}", "published": f"2026-01-{number % 9 + 1:02}"},
    }


def test_twins_and_outlets_never_fall_on_two_sides(tmp_path: Path, record: Any) -> None:
    twins = [{"id": f"w{at}", "text": WIRE + words(100 + at)[:40]} for at in range(12)]
    with Session.open(tmp_path / "news.annot", create=True, labels="conll", model="blank:en") as session:
        session.add_articles([*twins, *map(record, range(60))])
        assert len(session.twins.groups()) == 1
        session.export(tmp_path / "out.jsonl", state="all", split="60/20/20", group=["source"])
    parts = parts_in(tmp_path)
    assert sorted(map(len, parts.values()))[0] > 5
    assert sum({f"w{at}" for at in range(12)} <= part for part in parts.values()) == 1
    for paper in range(12):
        assert sum(any(f"a{number}" in part for number in range(paper, 60, 12)) for part in parts.values()) == 1


def test_sides_stay_through_growth_corrections_undo_and_reopening(tmp_path: Path, record: Any) -> None:
    path, out = tmp_path / "news.annot", tmp_path / "out.jsonl"
    with Session.open(path, create=True, labels="conll", model="blank:en") as session:
        first = session.add_articles(map(record, range(40)))
        for article_id in first:
            session.decide(article_id, [(0, 5, "ORG" if article_id % 2 else "PER")])
        session.export(out, split="60/20/20")
        before = parts_in(tmp_path)
        for article_id in first[:20]:
            session.relabel(article_id, (0, 5), "LOC")
        session.reopen(first[0])
        session.export(out, split="60/20/20")
        session.undo()
        for article_id in session.add_articles(map(record, range(40, 90))):
            session.finish(article_id)
    with Session.open(path) as session:
        session.export(out, split="60/20/20")
    after = parts_in(tmp_path)
    assert all(part <= after[name] for name, part in before.items())
    assert sum(map(len, after.values())) == 90
    assert 12 <= len(after["test"]) <= 24


def test_that_nearly_all_hang_together_is_said(tmp_path: Path, record: Any) -> None:
    with Session.open(tmp_path / "news.annot", create=True, labels="conll", model="blank:en") as session:
        session.order.choose("given", 100)
        for article_id in session.add_articles({**record(n), "meta": {"source": f"{max(n, 7)}"}} for n in range(12)):
            session.finish(article_id)
        assert session.export(tmp_path / "out.jsonl", split="80/10/10").notes == ()
        (note,) = session.export(tmp_path / "out.jsonl", split="80/10/10", group=["source"]).notes
    assert note == "8 of 12 articles belong together and are in one part."


def test_what_a_split_cannot_be(tmp_path: Path, record: Any) -> None:
    with Session.open(tmp_path / "news.annot", create=True, labels="conll", model="blank:en") as session:
        session.add_articles(map(record, range(2)))
        for choice in ({"split": "80/10/10"}, {"group": "day"}, {"split": "50/50/0", "group": ["paper"]}):
            with pytest.raises(KnownError):
                session.export(tmp_path / "out.jsonl", state="all", **choice)  # type: ignore[arg-type]
    assert {each.name for each in tmp_path.iterdir()} == {"home", "news.annot"}
