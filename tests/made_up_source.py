"""A pipeline of a few names, loaded at once, that says what every test wants it to say."""

from collections.abc import Mapping

from annotator.model.span import Suggestion
from annotator.model.tokens import rough_tokens
from annotator.suggest import Reading


class MadeUpSource:
    """Suggests every word that it has a label for.

    :param names: label by word.
    """

    language = "en"

    def __init__(self, names: Mapping[str, str], name: str = "made up 1.0") -> None:
        self.name, self.names = name, dict(names)
        self.labels = tuple(sorted(set(names.values())))
        self.reads = 0

    def read(self, text: str) -> Reading:
        """Tokens, suggestions and hints."""
        self.reads += 1
        cut = rough_tokens(text)
        tokens = [cut[number] for number in range(len(cut))]
        labels = [self.names.get(text[start:end], "") for start, end in tokens]
        spans = [
            Suggestion(start, end, label, 0.6, self.name)
            for (start, end), label in zip(tokens, labels, strict=True)
            if label
        ]
        hints = tuple(f"B-{label}" if label else "O" for label in labels) if self.labels else ()
        return Reading(tokens, spans, hints)
