from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from foresay.counts import collapse
from foresay.errors import UnsupportedError
from foresay.planning import minimum_detectable_effect, power, tilted


def paired(n11, n10, n01, n00):
    """Four patterns of a paired difference of single trials."""
    of = np.repeat([1, 1, 0, 0], [n11, n10, n01, n00])
    minus = np.repeat([1, 0, 1, 0], [n11, n10, n01, n00])
    return collapse({"of": of, "minus": minus, "n": np.ones_like(of)})


def difference(sums):
    return (sums["of"] - sums["minus"]) / sums["n"]


COUNTS = paired(60, 30, 20, 50)


@pytest.mark.parametrize("effect", [-0.1, 0.0, 0.0625, 0.2])
def test_tilting_reaches_the_effect_and_keeps_a_distribution(effect):
    probability = tilted(COUNTS, difference, effect)
    assert probability.sum() == pytest.approx(1)
    assert (probability > 0).all()
    assert float(difference(COUNTS.weighted(probability))) == pytest.approx(effect, abs=1e-8)


def test_tilting_to_what_is_observed_changes_nothing():
    probability = tilted(COUNTS, difference, 10 / 160)
    np.testing.assert_allclose(probability, COUNTS.multiplicity / 160, atol=1e-7)


def test_an_effect_beyond_the_patterns_is_refused():
    with pytest.raises(UnsupportedError, match=r"beyond what any mixture"):
        tilted(COUNTS, difference, 1.5)


@pytest.mark.simulation
def test_power_without_an_effect_is_the_size_of_the_test():
    row = power(COUNTS, difference, effects=[0.0], clusters=[150], runs=20_000).iloc[0]
    assert row["power"] == pytest.approx(0.05, abs=0.007)


@pytest.mark.simulation
@pytest.mark.parametrize(("effect", "n"), [(0.05, 200), (0.1, 150), (0.1, 300)])
def test_power_is_near_the_normal_theory_of_a_paired_difference(effect, n):
    probability = tilted(COUNTS, difference, effect)
    d = (COUNTS.numerators[:, 0] - COUNTS.numerators[:, 1]).astype(float)
    sd = np.sqrt(np.average(d**2, weights=probability) - effect**2)
    theory = stats.norm.sf(1.96 - effect * np.sqrt(n) / sd)
    row = power(COUNTS, difference, effects=[effect], clusters=[n], runs=10_000).iloc[0]
    assert row["power"] == pytest.approx(theory, abs=0.025)
    assert row["low"] < row["power"] < row["high"]


@pytest.mark.simulation
def test_the_minimum_detectable_effect_has_the_power_asked_for():
    table = minimum_detectable_effect(COUNTS, difference, clusters=[100, 400], runs=3_000)
    effects = table["effect"].tolist()
    assert effects[0] > effects[1] > 0
    again = power(COUNTS, difference, effects=[effects[1]], clusters=[400], runs=20_000, seed=9)
    assert again["power"][0] == pytest.approx(0.8, abs=0.02)


def test_the_same_seed_gives_the_same_table():
    tables = [power(COUNTS, difference, effects=[0.1], clusters=[50], runs=500) for _ in range(2)]
    assert tables[0].equals(tables[1])


def test_few_clusters_are_not_planned_from():
    with pytest.raises(UnsupportedError, match="too few to plan from"):
        power(paired(3, 2, 1, 1), difference, effects=[0.1], clusters=[50])
