"""The beta-binomial interval, held against integration by another program and against theory."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, special, stats

from foresay.counts import collapse, ratio
from foresay.measures import Difference, Mean, Proportion
from foresay.resampling import estimate, stream
from foresay.resampling.beta_binomial import Clusters, beta_binomial, whole_clusters

PROPORTION = Proportion("match", "trials")


def share(sums):
    return ratio(sums["match"], sums["trials"])


def of(match, trials, *, stratum=None, unit=None, interval="beta_binomial"):
    columns = {"match": np.asarray(match, np.int64), "trials": np.asarray(trials, np.int64)}
    counts = collapse(
        columns,
        stratum=None if stratum is None else np.asarray(stratum, np.int64),
        unit=unit,
    )
    return counts, estimate(
        counts, share, kind=PROPORTION, interval=interval, rng=stream(1, "beta-binomial")
    )


def test_bounds_are_quantiles_of_the_posterior():
    """SciPy's beta-binomial and quadrature over both parameters, on a small table."""
    right, trials = np.array([3, 5, 2, 4, 0, 5]), np.array([4, 5, 3, 6, 2, 5])
    low, high = beta_binomial(Clusters(right, trials, np.ones(6, np.int64)), 0.9)

    def density(r, p):
        total = 1 / r - 1
        like = stats.betabinom.pmf(right, trials, p * total, (1 - p) * total).prod()
        return like / np.sqrt(p * (1 - p))

    def mass(a, b):
        return integrate.dblquad(density, a, b, 0.001, 0.97, epsabs=1e-9)[0]

    whole = mass(1e-6, 1 - 1e-6)
    assert mass(1e-6, low) / whole == pytest.approx(0.05, abs=0.004)
    assert mass(high, 1 - 1e-6) / whole == pytest.approx(0.05, abs=0.004)


def test_single_trials_are_close_to_jeffreys_interval():
    """With one trial a cluster the correlation has no say."""
    many = np.array([88, 12], np.int64)
    clusters = Clusters(np.array([1, 0]), np.array([1, 1]), many)
    found = beta_binomial(clusters, 0.95)
    assert found == pytest.approx(stats.beta(88.5, 12.5).ppf([0.025, 0.975]), abs=1e-3)


def test_a_pattern_counts_as_often_as_it_is_there():
    once = Clusters(np.array([1, 1, 2]), np.array([2, 2, 2]), np.ones(3, np.int64))
    twice = Clusters(np.array([1, 2]), np.array([2, 2]), np.array([2, 1]))
    assert beta_binomial(once, 0.95) == beta_binomial(twice, 0.95)


def test_it_is_narrower_than_auto_near_one_with_few_clusters():
    rng = np.random.default_rng(3)
    trials = rng.integers(1, 21, 20)
    match = rng.binomial(trials, rng.beta(1.96, 0.04, 20))
    _, model = of(match, trials)
    _, auto = of(match, trials, interval="auto")
    assert model.interval == "beta_binomial"
    assert model.high - model.low < 0.8 * (auto.high - auto.low)
    assert model.low < model.value < model.high


@pytest.mark.parametrize(
    ("match", "trials", "more"),
    [
        ([3, 1, 2, 2], [4, 4, 4, 4], {"stratum": [0, 0, 1, 1]}),
        ([3, 1, 2, 3], [4, 4, 4, 4], {"unit": {"match": 2}}),
        ([0, 0, 0, 60, 58], [1, 1, 1, 60, 60], {}),
    ],
    ids=["strata", "shares", "sizes go with rates"],
)
def test_where_it_has_no_place_auto_takes_it_and_says_so(match, trials, more):
    _, found = of(match, trials, **more)
    assert found.interval == "logit_satterthwaite"
    assert "beta_binomial" in found.note
    assert "logit_satterthwaite instead" in found.note


def test_all_right_is_the_exact_bound():
    _, found = of([4] * 12, [4] * 12)
    assert (found.interval, found.high) == ("exact", 1.0)
    assert found.low < 1


def test_whole_clusters_are_those_of_one_proportion():
    counts, _ = of([1, 2], [2, 2])
    assert whole_clusters(counts, PROPORTION).right.tolist() == [1, 2]
    assert whole_clusters(counts, Difference()) is None


def test_a_mean_takes_its_logit_interval_and_keeps_within_0_and_1():
    """The delta method by hand: the logit interval of the jackknife error."""
    columns = {
        "a.match": np.array([1, 1, 1, 0, 0, 0, 0]),
        "a.trials": np.array([1, 1, 1, 1, 0, 0, 0]),
        "b.match": np.array([0, 0, 0, 0, 1, 1, 0]),
        "b.trials": np.array([0, 0, 0, 0, 1, 1, 1]),
    }

    def mean(sums):
        first, second = (share(sums.arm(arm)) for arm in "ab")
        return (first + second) / 2

    counts = collapse({name: column.astype(np.int64) for name, column in columns.items()})
    made = {
        name: estimate(counts, mean, kind=Mean(), interval=name, rng=stream(1))
        for name in ("auto", "cluster_t", "logit_t", "wilson")
    }
    p, error = made["cluster_t"].value, made["cluster_t"].standard_error
    half = stats.t(6).ppf(0.975) * error / (p * (1 - p))
    expected = special.expit(special.logit(p) + np.array([-half, half]))
    assert (made["logit_t"].low, made["logit_t"].high) == pytest.approx(tuple(expected))
    assert made["auto"].interval == "logit_satterthwaite"
    assert 0 < made["auto"].low < p < made["auto"].high < 1
    assert "wilson is for one proportion: logit_satterthwaite instead" in made["wilson"].note
