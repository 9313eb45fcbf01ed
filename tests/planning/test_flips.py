from __future__ import annotations

import numpy as np
import pytest

from foresay.comparisons.arms import Comparison
from foresay.comparisons.permutations import sign_flip
from foresay.counts import collapse
from foresay.measures import find_measure
from foresay.planning import power, tilted
from foresay.planning.flips import can_flip, smallest_p, times_flipped

PAIR = Comparison(name="c", measure=find_measure("accuracy"))


def study(clusters=60, seed=1):
    """Clusters of unequal size, with a difference of the arms."""
    rng = np.random.default_rng(seed)
    columns = {}
    for arm, share in (("of", 0.7), ("minus", 0.4)):
        trials = rng.integers(1, 4, clusters)
        match = rng.binomial(trials, share)
        columns |= {f"{arm}.match": match, f"{arm}.match_squared": match, f"{arm}.trials": trials}
    return collapse(columns)


def found_one_by_one(counts, drawn, level):
    """How many drawn studies the test of `compare` finds an effect in."""
    found = 0
    for row in drawn:
        there = row > 0
        own = collapse(
            {name: counts.numerators[there, j] for j, name in enumerate(counts.names)},
            multiplicity=row[there],
            unit={name: int(unit) for name, unit in zip(counts.names, counts.scale, strict=True)},
        )
        made = sign_flip(own, PAIR, flips=4_000, rng=np.random.default_rng(2))
        found += made.p_value <= 1 - level + 1e-9
    return found


@pytest.mark.parametrize(("clusters", "apart"), [(10, 0), (18, 3)])
def test_drawn_studies_are_tested_as_compare_tests_them(clusters, apart):
    counts = study()
    probability = counts.multiplicity / counts.n_clusters
    drawn = np.random.default_rng(5).multinomial(clusters, probability, size=150)
    asked = {"clusters": clusters, "level": 0.95, "runs": 150, "rng": np.random.default_rng(5)}
    found = times_flipped(counts, PAIR, probability, **asked)
    assert can_flip(counts, PAIR)
    assert 0 < found < 150
    assert found == pytest.approx(found_one_by_one(counts, drawn, 0.95), abs=apart)


def test_five_clusters_never_find_an_effect_and_six_do():
    # every cluster differs by 1: the smallest p-value is all there is
    columns = {"of.match": [1] * 40, "minus.match": [0] * 40}
    columns |= {f"{arm}.match_squared": columns[f"{arm}.match"] for arm in ("of", "minus")}
    columns |= {f"{arm}.trials": [1] * 40 for arm in ("of", "minus")}
    counts = collapse({name: np.array(values) for name, values in columns.items()})
    asked = {"level": 0.95, "runs": 100, "rng": np.random.default_rng(1)}
    times = [times_flipped(counts, PAIR, np.ones(1), clusters=n, **asked) for n in (5, 6)]
    assert times == [0, 100]
    assert [smallest_p(n) for n in (5, 6)] == [2 / 2**5, 2 / 2**6]


def test_few_clusters_find_less_by_flips_than_by_the_interval():
    counts = study()
    asked = {"effects": [0.3], "clusters": [10, 120], "runs": 1_000}
    interval = power(counts, PAIR.estimator, **asked)
    flips = power(counts, PAIR.estimator, flipped=PAIR, **asked)
    assert flips["test"].tolist() == ["sign_flip", "interval"]
    assert flips["power"][0] < interval["power"][0] - 0.03
    assert flips["power"][1] == interval["power"][1]


@pytest.mark.simulation
def test_flips_without_an_effect_find_one_at_most_as_often_as_the_level_allows():
    counts = study()
    table = power(
        counts, PAIR.estimator, effects=[0.0], clusters=[12, 40], runs=4_000, flipped=PAIR
    )
    assert (table["power"] <= 0.05 + 4 * np.sqrt(0.05 * 0.95 / 4_000)).all()
    assert tilted(counts, PAIR.estimator, 0.0).sum() == pytest.approx(1)
