"""WebAnno TSV 3.3, as INCEpTION reads it: tokens a line, offsets in UTF-16, spans within tokens too.

The format: “WebAnno TSV” in the user guide, https://inception-project.github.io/documentation
What its reader takes for the text is told in `annotator.importers.webanno`.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.exporters.base import Exporter, Ledger, Options, note_cut
from annotator.exporters.overlaps import NO_TOKEN, TWICE, WIDENED, Account, one_layer
from annotator.exporters.sentences import sentences
from annotator.model.article import AnnotatedArticle
from annotator.model.file_name import name_of
from annotator.model.keeping import Part
from annotator.model.span import Span, reading_order
from annotator.model.tokens import Tokens

LAYER = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
_HEADER = f"#FORMAT=WebAnno TSV 3.3\n#T_SP={LAYER}|identifier|value\n\n"
_IN_TEXT = {**{n: f"\\{chr(n)}" for n in range(32)}, 8: r"\b", 9: r"\t", 10: r"\n", 12: r"\f", 13: r"\r", 92: r"\\"}
del _IN_TEXT[11]  # the only one that its reader takes as it is
_IN_VALUE = re.compile(r"->|[\\\[\]|_;*]")

Range = tuple[int, int]


def write(articles: Iterable[AnnotatedArticle], path: Path, _options: Options) -> Ledger:
    """NAME.tsv for each article; names are made from the ids."""
    account = Account()
    for annotated in articles:
        target = path / f"{name_of(annotated.article.uid)}.tsv"
        with target.open("w", encoding="utf-8", newline="") as file:
            file.write(_HEADER)
            file.writelines(_Article(annotated, account).lines())
        account.ledger.articles += 1
        note_cut(account.ledger, annotated.article.uid)
    return account.closed()


class _Article:
    """One article's lines.

    Every span is a list of units, which are tokens or parts of one; spans of several units, and those that
    share one, carry a number that tells which values belong together.
    """

    def __init__(self, annotated: AnnotatedArticle, account: Account) -> None:
        self.text, self.tokens = annotated.text, annotated.tokens
        self.astral = [match.start() for match in re.finditer("[\U00010000-\U0010ffff]", self.text)]
        spans = _on_units(annotated, account)
        self.sentences = list(sentences(annotated, one_layer(spans)))
        self.spans_of: defaultdict[Range, list[Span]] = defaultdict(list)
        for span in spans:
            for unit in _units(self.tokens, span):
                self.spans_of[unit].append(span)
        self.parts_of = self._parts_of_tokens()
        self.numbers = self._numbers(spans)

    def _parts_of_tokens(self) -> dict[int, list[Range]]:
        """The units that are parts of a token, by the token's index."""
        found: defaultdict[int, list[Range]] = defaultdict(list)
        for unit in sorted(self.spans_of, key=lambda unit: (unit[0], -unit[1])):
            index = bisect_right(self.tokens.ends, unit[0])
            if unit != self.tokens[index]:
                found[index].append(unit)
        return found

    def _numbers(self, spans: list[Span]) -> dict[Span, int]:
        units = Counter(span for spans in self.spans_of.values() for span in spans)
        shared = {span for spans in self.spans_of.values() if len(spans) > 1 for span in spans}
        numbered = [span for span in spans if units[span] > 1 or span in shared]
        return {span: number for number, span in enumerate(numbered, 1)}

    def lines(self) -> Iterator[str]:
        """All lines behind the header, with their line ends."""
        space = self.tokens.starts[0] if self.sentences else len(self.text)
        # Its reader would make blanks of white space before the first token: it becomes a token.
        lead = space if self.text[:space].strip(" ") else 0
        if not self.sentences:
            yield from self._head(0, len(self.text))
            yield self._line("1-1", (0, len(self.text)))
        for number, sentence in enumerate(self.sentences, 1):
            begin = 0 if number == 1 and lead else self.tokens.starts[sentence[0]]
            yield from self._head(begin, self._end(number))
            if number == 1 and lead:
                yield self._line("1-1", (0, lead))
            for place, index in enumerate(sentence, 2 if number == 1 and lead else 1):
                yield from self._token(f"{number}-{place}", index)

    def _end(self, number: int) -> int:
        """Where the text of a sentence ends: with its last token, unless its reader would fill in other white space.

        It fills in a line end and, where more is missing, blanks.
        """
        end = self.tokens.ends[self.sentences[number - 1][-1]]
        if number == len(self.sentences):
            return len(self.text)
        following = self.tokens.starts[self.sentences[number][0]]
        return end if re.fullmatch("\n *", self.text[end:following]) else following

    def _head(self, begin: int, end: int) -> Iterator[str]:
        yield "\n"
        for line in self.text[begin:end].split("\n"):
            yield f"#Text={line.translate(_IN_TEXT)}\n"

    def _token(self, name: str, index: int) -> Iterator[str]:
        yield self._line(name, self.tokens[index])
        for number, part in enumerate(self.parts_of.get(index, ()), 1):
            yield self._line(f"{name}.{number}", part)

    def _line(self, name: str, unit: Range) -> str:
        start, end = (place + bisect_left(self.astral, place) for place in unit)
        surface = self.text[slice(*unit)].translate(_IN_TEXT)
        spans = self.spans_of.get(unit, ())
        marks = [f"[{self.numbers[span]}]" if span in self.numbers else "" for span in spans]
        identifiers = "|".join(f"*{mark}" for mark in marks) or "_"
        values = "|".join(f"{_value(span.label)}{mark}" for span, mark in zip(spans, marks, strict=True)) or "_"
        return f"{name}\t{start}-{end}\t{surface}\t{identifiers}\t{values}\t\n"


def _value(label: str) -> str:
    escaped = _IN_VALUE.sub(lambda match: f"\\{match[0]}", label)
    return re.sub(r"[\t\n\r]", lambda match: {"\t": r"\t", "\n": r"\n"}.get(match[0], " "), escaped)


def _units(tokens: Tokens, span: Span) -> list[Range]:
    first, behind = bisect_right(tokens.ends, span.start), bisect_left(tokens.starts, span.end)
    within = (tokens[index] for index in range(first, behind))
    return [(max(start, span.start), min(end, span.end)) for start, end in within]


def _on_units(annotated: AnnotatedArticle, account: Account) -> list[Span]:
    """The confirmed spans without what no token covers at their edges, each once, in reading order."""
    found: dict[Span, None] = {}
    for span in annotated.confirmed:
        units = _units(annotated.tokens, span)
        moved = Span(units[0][0], units[-1][1], span.label) if units else None
        if moved is None:
            account.dropped(NO_TOKEN, annotated, span)
        elif moved in found:
            account.dropped(TWICE, annotated, span)
        else:
            found[moved] = None
            account.written() if moved.range == span.range else account.adjusted(WIDENED, annotated, span)
    return sorted(found, key=reading_order)


EXPORTER = Exporter(
    name="webanno",
    title="WebAnno TSV",
    suffix=".webanno",
    write=write,
    keeps=frozenset({Part.TEXT, Part.ID, Part.OVERLAPS}),
    remark="A folder with a .tsv for each article, for INCEpTION; spans within tokens stay exact.",
    is_folder=True,
)
