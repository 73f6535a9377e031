"""The features of each word: a row of numbers of weights."""

import re
from collections import Counter
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from annotator.suggest.learner.codes import Codes, code, codes, crossed, mixed_rows
from annotator.suggest.learner.memory import Recalled
from annotator.suggest.learner.passage import Passage, Place, passage
from annotator.suggest.learner.words import Words

BITS = 20
Rows = NDArray[np.int32]

_SECOND = 1000  # a salt that no column of the first pass has
_OUTSIDE = np.uint64(0x1234567)  # beyond a sentence's ends
_NOTHING, _NOT_INSIDE, _NO_ROW = np.uint64(3), np.uint64(4), np.uint64(5)


def features(passage: Passage, words: Words, recalled: Sequence[list[Recalled]]) -> Rows:
    """Numbers of weights, one row a word, the same count in each row.

    :param recalled: of each memory.
    """
    columns = _Columns(passage)
    _add_words(columns, passage, words)
    if passage.hints:
        _add_hints(columns, passage)
    _add_line(columns, passage)
    _add_document(columns, passage)
    _add_recalled(columns, passage, recalled)
    return columns.rows()


def more_features(passed: Sequence[Codes]) -> Rows:
    """More for each word, for the codes of `second_pass`."""
    return _numbers(mixed_rows(np.stack(passed), [_SECOND + number for number in range(len(passed))]))


def fingerprint() -> int:
    """Another number as soon as a feature is another: weights that were learned before mean nothing then."""
    text = "BONN WINS\nAnna Roth of Bonn met Anna in Bonn . It won\nBonn 3 Rhein 1\nRoth 2 Anna 0"
    tokens = [match.span() for match in re.finditer(r"\S+", text)]
    size = len(tokens)
    there = passage(text, tokens, ["B-ORG", "I-ORG", *["O"] * (size - 2)], ["ORG3", *["O0"] * (size - 1)])
    rows = features(there, Words(), [[Recalled(2, 4, "PER", 0.9, 3)], [Recalled(5, 6, "LOC", 0.3, 20)]])
    more = more_features(second_pass(there, [(2, 4, "PER"), (5, 6, "LOC"), (14, 15, "ORG")]))
    return crc32(np.hstack([rows, more]).tobytes())


def _numbers(columns: Codes) -> Rows:
    return np.ascontiguousarray((columns & np.uint64((1 << BITS) - 1)).astype(np.int32).T)


class _Columns:
    """Codes by column; every column gets a salt of its own, so that equal codes in two are two features."""

    def __init__(self, passage: Passage) -> None:
        self._sentence = passage.sentence
        self._columns: dict[int, list[tuple[int, tuple[Codes, ...]]]] = {}  # by the number of their parts
        self._salt = 0
        self.named: dict[str, Codes] = {}
        self.add(np.full(len(passage), 99, np.uint64))

    def add(self, *parts: Codes) -> None:
        """A feature of one code, or of several together."""
        self._salt += 1
        self._columns.setdefault(len(parts), []).append((self._salt, parts))

    def add_alike(self, *columns: Codes) -> None:
        """Several features in which equal codes mean the same."""
        self._salt += 1
        self._columns.setdefault(1, []).extend((self._salt, (column,)) for column in columns)

    def near(self, column: Codes, by: int) -> Codes:
        """The code of the word so many places further in the same sentence."""
        near = np.full_like(column, _OUTSIDE)
        size = len(column)
        if by > 0 and size > by:
            same = self._sentence[by:] == self._sentence[:-by]
            near[:-by][same] = column[by:][same]
        elif by < 0 and size > -by:
            same = self._sentence[:by] == self._sentence[-by:]
            near[-by:][same] = column[:by][same]
        return column if by == 0 else near

    def rows(self) -> Rows:
        """All features as numbers of weights; those of equally many parts are computed together."""
        found = []
        for size, columns in self._columns.items():
            parts = [np.stack([of[place] for _, of in columns]) for place in range(size)]
            combined = parts[0] if size == 1 else crossed(*parts)
            found.append(mixed_rows(combined, [salt for salt, _ in columns]))
        return _numbers(np.concatenate(found))


def _add_words(columns: _Columns, passage: Passage, words: Words) -> None:
    forms = words.forms(passage.words)
    lower, outline = forms["lower"], forms["outline"]
    near = {by: columns.near(lower, by) for by in (-2, -1, 0, 1, 2)}
    drawn = {by: columns.near(outline, by) for by in (-2, -1, 0, 1, 2)}
    for each in forms.values():
        columns.add(each)
    for by in (-2, -1, 1, 2):
        columns.add(near[by])
        columns.add(drawn[by])
    for by in (-1, 1):
        for form in ("suffix3", "prefix3", "shape"):
            columns.add(columns.near(forms[form], by))
    for left in (-2, -1, 0, 1):
        columns.add(near[left], near[left + 1])
    columns.add(drawn[-1], outline)
    columns.add(outline, drawn[1])
    columns.add(drawn[-1], outline, drawn[1])
    columns.add(near[-1], outline)
    columns.add(outline, near[1])
    columns.add(near[-1], outline, near[1])
    columns.add(*drawn.values())
    columns.named |= {"lower": lower, "outline": outline, "suffix3": forms["suffix3"]}
    columns.named |= {"before": near[-1], "after": near[1]}


def _add_hints(columns: _Columns, passage: Passage) -> None:
    """What the pipeline says. No map from its labels to the project's is needed: the weights learn it."""
    hint = codes(["S" + hint for hint in passage.hints])
    near = {by: columns.near(hint, by) for by in (-2, -1, 0, 1, 2)}
    for each in near.values():
        columns.add(each)
    for name in ("lower", "outline", "before", "after", "suffix3"):
        columns.add(hint, columns.named[name])
    columns.add(near[-1], hint, near[1])
    columns.add(near[-1], hint)
    columns.add(hint, near[1])
    columns.named["hint"] = hint
    if passage.leanings:
        leaning = codes(["N" + leaning for leaning in passage.leanings])
        columns.add(leaning)
        columns.add(leaning, columns.named["outline"])
        columns.add(leaning, columns.near(leaning, -1))
        columns.add(leaning, columns.near(leaning, 1))
        columns.add(leaning, hint)


def _add_line(columns: _Columns, passage: Passage) -> None:
    """Where the word stands: headlines, datelines and tables have their own ways."""
    outline = columns.named["outline"]
    number = np.minimum(passage.sentence, 4).astype(np.uint64)
    shouted = passage.shouted.astype(np.uint64)
    line, caps = shouted * np.uint64(8) + number, shouted + np.uint64(1000)
    position = np.minimum(passage.position, 3).astype(np.uint64)
    length = np.minimum(np.repeat(passage.lengths, passage.lengths), 6).astype(np.uint64)
    columns.add(line)
    columns.add(line, outline)
    columns.add(position, outline)
    columns.add(position, caps)
    columns.add(caps, columns.named["lower"])
    columns.add(line, position, outline)
    columns.add(length, position, line)
    columns.add(codes([f"row{pattern}|{slot}" for pattern, slot in passage.slots]), position)
    if "hint" in columns.named:
        columns.add(caps, columns.named["hint"])
    columns.named["caps"] = caps


def _add_document(columns: _Columns, passage: Passage) -> None:
    """The same word elsewhere in the article: how it is written there, and between which words."""
    where = passage.where
    ways = _ways(passage, where)
    columns.add(ways)
    columns.add(ways, columns.named["outline"])
    columns.add(ways, columns.named["caps"])
    _add_neighbours(columns, passage, where)
    if "hint" in columns.named:
        usual = _usual_hints(passage, where)
        columns.add(usual)
        columns.add(usual, columns.named["hint"])
        columns.add(usual, columns.named["outline"])


def _ways(passage: Passage, where: dict[str, list[int]]) -> Codes:
    """How the word is written in the article."""
    shouted, position = passage.shouted.tolist(), passage.position.tolist()
    ways = np.zeros(len(passage), np.uint64)
    for places in where.values():
        small = capital = capitals = 0
        for at in places:
            word = passage.words[at]
            small += word[0].islower()
            if not shouted[at]:
                capital += position[at] > 0 and not word[0].islower()
                capitals += word.isupper() and len(word) > 1
        ways[places] = code(f"doc{min(len(places), 3)}|{min(small, 1)}|{min(capital, 2)}|{min(capitals, 1)}")
    return ways


def _add_neighbours(columns: _Columns, passage: Passage, where: dict[str, list[int]]) -> None:
    """The words beside up to three other places with the same capitalised word."""
    lower, sentence, shouted = passage.lower, passage.sentence.tolist(), passage.shouted.tolist()
    around = np.zeros((6, len(passage)), np.uint64)
    for word, places in where.items():
        if len(places) < 2 or len(word) < 2:
            continue
        for at in places:
            if passage.words[at][0].isupper():
                others = [other for other in places if other != at and not shouted[other]][:3]
                for slot, other in enumerate(others):
                    left = other > 0 and sentence[other - 1] == sentence[other]
                    right = other + 1 < len(lower) and sentence[other + 1] == sentence[other]
                    around[2 * slot, at] = code("dl" + (lower[other - 1] if left else "^"))
                    around[2 * slot + 1, at] = code("dr" + (lower[other + 1] if right else "$"))
    columns.add_alike(*around)


def _usual_hints(passage: Passage, where: dict[str, list[int]]) -> Codes:
    """What the pipeline mostly says of the word in this article."""
    usual = np.zeros(len(passage), np.uint64)
    for places in where.values():
        if len(places) > 1:
            kinds = Counter(passage.hints[at][2:] for at in places if passage.hints[at] != "O")
            mostly = kinds.most_common(1)[0][0] if kinds else "O"
            usual[places] = code(f"maj{mostly}{'=' if len(kinds) < 2 else '+'}")
    return usual


def _add_recalled(columns: _Columns, passage: Passage, recalled: Sequence[list[Recalled]]) -> None:
    outline = columns.named["outline"]
    pairs = [_recalled_codes(len(passage), each) for each in recalled]
    for pair in pairs:
        for column in pair:
            columns.add(column)
            columns.add(column, outline)
        columns.add(*pair)
    if pairs and "hint" in columns.named:
        columns.add(pairs[0][0], columns.named["hint"])


def _recalled_codes(size: int, recalled: list[Recalled]) -> tuple[Codes, Codes]:
    kind, strength = np.full(size, 7, np.uint64), np.full(size, 8, np.uint64)
    for first, last, label, share, seen in recalled:
        sure = sum(share >= edge for edge in (0.2, 0.5, 0.8, 0.95))
        often = min(seen, 2) if seen < 4 else 4 if seen < 16 else 16
        for at in range(first, last):
            part = ("B" if at == first else "I") + ("E" if at == last - 1 else "")
            kind[at] = code(f"m{part}|{min(last - first, 3)}|{label}|{sure}")
            strength[at] = code(f"n{part}|{label}|{sure}|{often}")
    return kind, strength


def second_pass(passage: Passage, places: Sequence[Place]) -> tuple[Codes, ...]:
    """Three codes a word of what was made of the article: the label that the same word mostly has at its
    other places, the part that it mostly is of longer entities, and the label that mostly stands at its
    place in other sentences of the same pattern.

    :param places: not overlapping.
    """
    label_at = [""] * len(passage)
    parts: dict[str, Counter[str]] = {}
    for first, last, label in places:
        for at in range(first, last):
            label_at[at] = label
            if last - first > 1:
                part = "last" if at == last - 1 else "first" if at == first else "middle"
                parts.setdefault(passage.lower[at], Counter())[f"2e{label}{part}"] += 1
    elsewhere = np.full(len(passage), _NOTHING, np.uint64)
    inside = np.full(len(passage), _NOT_INSIDE, np.uint64)
    for where in passage.where.values():
        if len(where) > 1:
            elsewhere[where] = _elsewhere([label_at[at] for at in where])
    for word, counted in parts.items():
        inside[passage.where[word]] = code(counted.most_common(1)[0][0])
    return elsewhere, inside, _in_other_rows(passage, label_at)


def _in_other_rows(passage: Passage, label_at: Sequence[str]) -> Codes:
    other = np.full(len(passage), _NO_ROW, np.uint64)
    rows: dict[tuple[str, int], dict[int, str]] = {}  # by pattern and slot, the label in each sentence
    sentences = passage.sentence.tolist()
    for at, slot in enumerate(passage.slots):
        if slot[0]:
            known = rows.setdefault(slot, {})
            known[sentences[at]] = known.get(sentences[at]) or label_at[at]
    for at, slot in enumerate(passage.slots):
        if len(rows.get(slot, ())) > 1:
            others = Counter(rows[slot].values())
            others[rows[slot][sentences[at]]] -= 1
            label, times = others.most_common(1)[0]
            other[at] = code(f"2r{label or 'O'}|{times > 0.7 * (len(rows[slot]) - 1)}")
    return other


def _elsewhere(labels: Sequence[str]) -> list[int]:
    """For each place of a word, the label that its other places mostly have, and whether nearly all do."""
    found: dict[str, int] = {}
    for own in set(labels):
        others = Counter(labels)
        others[own] -= 1
        label, times = others.most_common(1)[0]
        found[own] = code(f"2p{label or 'O'}|{times > 0.7 * (len(labels) - 1)}")
    return [found[own] for own in labels]
