"""From beliefs to how often they are right."""

from random import Random

import pytest

from annotator.suggest.learner.calibration import Calibration

BELIEFS = [number / 200 for number in range(201)]


def believed(calibration: Calibration) -> list[float]:
    return [calibration(belief) for belief in BELIEFS]


def article(random: Random, exponent: float) -> list[tuple[float, bool]]:
    """Suggestions that are right less often (exponent > 1), or more often, than believed."""
    beliefs = [random.uniform(0.35, 1.0) for _ in range(12)]
    return [(belief, random.random() < belief**exponent) for belief in beliefs]


def away(calibration: Calibration, exponent: float) -> float:
    asked = [0.5, 0.6, 0.7, 0.8, 0.9]
    return sum(abs(calibration(belief) - belief**exponent) for belief in asked) / len(asked)


def test_a_surer_belief_is_never_right_less_often() -> None:
    calibration = Calibration()
    for fed in (None, [(0.9, False)] * 8, [(0.4, True)] * 8, []):
        if fed is not None:
            calibration.add(fed)
        shares = believed(calibration)
        assert shares == sorted(shares)
        assert shares[-1] > shares[0]
        assert all(0 < share < 1 for share in shares)


@pytest.mark.parametrize("exponent", [0.4, 3.0])
def test_it_moves_to_what_was_measured(exponent: float) -> None:
    calibration, random = Calibration(), Random(1)
    before = away(calibration, exponent)
    for _ in range(100):
        calibration.add(article(random, exponent))
    assert away(calibration, exponent) < 0.06 < before


def test_little_evidence_moves_it_little() -> None:
    calibration = Calibration()
    before = calibration(0.9)
    calibration.add([(0.9, False)])
    assert before - 0.2 < calibration(0.9) < before


def test_old_articles_do_not_count_for_ever() -> None:
    calibration, recent, random = Calibration(), Calibration(), Random(2)
    for _ in range(120):
        calibration.add([(0.95, False)] * 5)
    for _ in range(100):
        fed = article(random, 1.0)
        calibration.add(fed)
        recent.add(fed)
    assert believed(calibration) == believed(recent)


def test_taking_back_is_exact_also_where_old_articles_fall_out() -> None:
    calibration, random, before = Calibration(), Random(3), []
    for _ in range(230):
        before.append(believed(calibration)[::20])
        calibration.add(article(random, 2.0))
    for _ in range(30):
        calibration.take_back()
        assert believed(calibration)[::20] == before.pop()


def test_its_state_makes_the_same_again() -> None:
    calibration, again, random = Calibration(), Calibration(), Random(4)
    for _ in range(20):
        calibration.add(article(random, 2.0))
    again.restore(calibration.state())
    assert believed(again) == believed(calibration)
    again.add([(0.5, True)])
    assert believed(again) != believed(calibration), "they share nothing"
    again.take_back()
    assert believed(again) == believed(calibration)
