"""From what the learner believes to how often it is right: measured on what it suggested before."""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

_ARTICLES = 100
_EDGE = 1e-4
_USUAL = np.array([0.8, 0.0])  # slope and offset where nothing was measured yet
_TRUST = np.array([20.0, 5.0])  # how hard it is to move them


class Calibration:
    """A logistic map (Platt 1999), fitted on the suggestions of the last hundred articles.

    `slope` and `offset` map the log-odds of a belief to those of being right.
    """

    def __init__(self) -> None:
        self._articles: list[list[tuple[float, bool]]] = []  # a few more than are used, to be taken back
        self.slope, self.offset = _USUAL.tolist()

    def __call__(self, *beliefs: float) -> float:
        """How often a suggestion with such a belief is right, 0 to 1; of several their mean in log-odds counts."""
        mean = sum(map(_log_odds, beliefs)) / len(beliefs)
        return float(expit(self.slope * mean + self.offset))

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
        """The least logarithmic loss, drawn a little to the map of an unmeasured project."""
        pairs = [pair for article in self._articles[-_ARTICLES:] for pair in article]
        beliefs = np.array([belief for belief, _ in pairs])
        right = np.array([was_right for _, was_right in pairs], float)

        def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            slope, offset = values
            odds = slope * beliefs + offset
            away = values - _USUAL
            lost = np.logaddexp(0, odds).sum() - (right * odds).sum() + (_TRUST * away * away).sum() / 2
            error = expit(odds) - right
            return float(lost), np.array([(error * beliefs).sum(), error.sum()]) + _TRUST * away

        self.slope, self.offset = minimize(loss, _USUAL, jac=True, method="L-BFGS-B").x.tolist()


def _log_odds(probability: float) -> float:
    p = min(max(probability, _EDGE), 1 - _EDGE)
    return math.log(p / (1 - p))
