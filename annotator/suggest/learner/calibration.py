"""From what the learner believes to how often it is right: measured on what it suggested before."""

import math
from collections.abc import Iterable

_ARTICLES = 100
_EDGE = 1e-4
_SLOPE, _OFFSET, _TRUST = (
    0.8,
    0.0,
    20.0,
)  # of a project where nothing was measured yet; and how many places that is worth
_ROUNDS = 12


class Calibration:
    """A logistic map (Platt 1999), fitted on the suggestions of the last hundred articles.

    `slope` and `offset` map the log-odds of a belief to those of being right.
    """

    def __init__(self) -> None:
        self._articles: list[list[tuple[float, bool]]] = []  # a few more than are used, to be taken back
        self.slope, self.offset = _SLOPE, _OFFSET

    def __call__(self, belief: float) -> float:
        """How often a suggestion with such a belief is right, 0 to 1."""
        return _share(self.slope * _log_odds(belief) + self.offset)

    def add(self, suggested: Iterable[tuple[float, bool]]) -> None:
        """One article's suggestions: belief, and was it right?"""
        self._articles.append([(_log_odds(belief), right) for belief, right in suggested])
        del self._articles[: -2 * _ARTICLES]
        self._fit()

    def take_back(self) -> None:
        """Forget the article that was added last."""
        del self._articles[-1:]
        self._fit()

    def state(self) -> list[list[tuple[float, bool]]]:
        """What it was fitted on."""
        return list(self._articles)

    def restore(self, state: Iterable[list[tuple[float, bool]]]) -> None:
        """Fit it on what `state` gave."""
        self._articles = [[(float(x), bool(right)) for x, right in each] for each in state]
        self._fit()

    def _fit(self) -> None:
        """Newton's method on the logarithmic loss, drawn a little to the map of an unmeasured project."""
        pairs = [pair for article in self._articles[-_ARTICLES:] for pair in article]
        slope, offset = _SLOPE, _OFFSET
        for _ in range(_ROUNDS):
            by_slope, by_offset = _TRUST * (slope - _SLOPE), _TRUST / 4 * (offset - _OFFSET)
            aa, ab, bb = _TRUST, 0.0, _TRUST / 4
            for x, right in pairs:
                p = _share(slope * x + offset)
                error, spread = p - right, p * (1 - p)
                by_slope, by_offset = by_slope + error * x, by_offset + error
                aa, ab, bb = aa + spread * x * x, ab + spread * x, bb + spread
            determinant = aa * bb - ab * ab
            slope -= (bb * by_slope - ab * by_offset) / determinant
            offset -= (aa * by_offset - ab * by_slope) / determinant
        self.slope, self.offset = slope, offset


def _log_odds(probability: float) -> float:
    p = min(max(probability, _EDGE), 1 - _EDGE)
    return math.log(p / (1 - p))


def _share(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(min(log_odds, 30.0), -30.0)))
