from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.counts import Counts, collapse, ratio
from foresay.resampling import jackknife
from foresay.resampling.jackknife import delete_one, delta_errors


def share(sums):
    return ratio(sums["s"], sums["m"])


def curved(sums):
    return ratio(sums["s"] * sums["s"], sums["m"] * sums["m"]) + ratio(
        sums["m"], sums["s"] + sums["m"]
    )


def clusters(n=60, seed=1):
    rng = np.random.default_rng(seed)
    m = rng.integers(1, 6, n)
    return rng.binomial(m, 0.7), m


def by_rows(s, m, estimator):
    """The textbook jackknife over single clusters."""
    table = {"s": s, "m": m}
    values = np.array(
        [
            float(estimator(collapse({k: np.delete(v, i) for k, v in table.items()}).totals))
            for i in range(len(s))
        ]
    )
    u = values.mean() - values
    n = len(s)
    return np.sqrt((n - 1) / n * (u**2).sum()), (u**3).sum() / (6 * (u**2).sum() ** 1.5)


@pytest.mark.parametrize("estimator", [share, curved])
def test_patterns_against_deleting_each_cluster(estimator):
    s, m = clusters()
    found = jackknife(collapse({"s": s, "m": m}), estimator)
    error, acceleration = by_rows(s, m, estimator)
    assert found.standard_error == pytest.approx(error, rel=1e-12)
    assert found.acceleration == pytest.approx(acceleration, rel=1e-9)


def test_binomial_acceleration_and_error_against_theory():
    # for a proportion, a = (1 - 2p) / (6 sqrt(n p (1 - p))) and the error is that of the mean
    counts = collapse({"s": np.repeat([0, 1], [20, 80]), "m": np.ones(100, np.int64)})
    found = jackknife(counts, share)
    assert found.acceleration == pytest.approx(-0.6 / (6 * np.sqrt(16)))
    assert found.standard_error == pytest.approx(np.sqrt(0.16 / 99))


def test_strata_against_the_variance_of_a_stratified_mean():
    rng = np.random.default_rng(4)
    s = rng.binomial(1, np.repeat([0.3, 0.8, 0.5], [10, 25, 40]))
    stratum = np.repeat([0, 1, 2], [10, 25, 40])
    counts = collapse({"s": s, "m": np.ones_like(s)}, stratum=stratum)
    variance = sum(
        (n := (stratum == h).sum()) * s[stratum == h].var(ddof=1) / 75**2 for h in range(3)
    )
    assert n == 40
    assert jackknife(counts, share).standard_error == pytest.approx(np.sqrt(variance), rel=1e-12)
    assert float(delta_errors(counts, share, counts.multiplicity.astype(float))) == pytest.approx(
        np.sqrt(variance), rel=1e-6
    )


def test_strata_keep_their_shares_when_a_cluster_is_left_out():
    counts = collapse(
        {"s": np.array([1, 0, 1, 1]), "m": np.ones(4, np.int64)}, stratum=np.array([0, 0, 1, 1])
    )
    # without the 0 of stratum 0 its other cluster stands for both: (2 + 2) / 4
    assert delete_one(counts, share).tolist() == [1.0, 0.5, 0.75]


def test_single_cluster_strata_contribute_nothing():
    s, m = clusters(30)
    alone = collapse(
        {"s": np.append(s, 0), "m": np.append(m, 0)}, stratum=np.append(np.zeros(30, int), 1)
    )
    assert np.isnan(delete_one(alone, share)[-1])
    found, plain = jackknife(alone, share), jackknife(collapse({"s": s, "m": m}), share)
    assert found.standard_error == pytest.approx(plain.standard_error)
    assert found.acceleration == pytest.approx(plain.acceleration)


def test_clusters_that_do_not_matter_give_zero_and_never_nan():
    counts = collapse({"s": np.array([1, 2, 3]), "m": np.array([3, 6, 9])})
    found = jackknife(counts, share)
    assert (found.standard_error, found.acceleration) == (0.0, 0.0)
    assert (found.degrees, found.satterthwaite) == (2.0, 2.0)


def test_undefined_without_a_cluster_is_nan():
    counts = collapse({"s": np.array([0, 0, 1]), "m": np.array([0, 0, 1])})
    assert np.isnan(jackknife(counts, share).acceleration)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=30))
def test_splitting_a_pattern_changes_nothing(pairs):
    s, extra = np.array(pairs).T
    counts = collapse({"s": s, "m": s + extra + 1})
    repeated = np.repeat(np.arange(counts.n_patterns), counts.multiplicity)
    split = Counts(
        names=counts.names,
        numerators=counts.numerators[repeated],
        scale=counts.scale,
        multiplicity=np.ones(len(repeated), np.int64),
        stratum=counts.stratum[repeated],
    )
    for estimator in (share, curved):
        one, many = jackknife(counts, estimator), jackknife(split, estimator)
        assert many.standard_error == pytest.approx(one.standard_error, rel=1e-9, abs=1e-15)
        assert many.acceleration == pytest.approx(one.acceleration, rel=1e-6, abs=1e-12)


def test_delta_and_jackknife_errors_agree_with_many_clusters():
    s, m = clusters(4_000)
    counts = collapse({"s": s, "m": m})
    delta = float(delta_errors(counts, curved, counts.multiplicity.astype(float)))
    assert delta == pytest.approx(jackknife(counts, curved).standard_error, rel=2e-3)
