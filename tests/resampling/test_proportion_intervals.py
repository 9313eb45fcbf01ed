from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from foresay.counts import collapse
from foresay.measures import Proportion
from foresay.resampling import design_effect
from foresay.resampling.clustered_proportions import clustered_proportion
from foresay.resampling.intervals import PROPORTION_INTERVALS
from foresay.resampling.proportion_intervals import (
    cluster_t,
    exact,
    korn_graubard,
    logit_satterthwaite,
    logit_t,
    wilson,
)

REFERENCE = Path(__file__).parent / "reference"
KIND = Proportion("match", "trials", "match")


def proportion(match, trials, stratum=None):
    match, trials = np.asarray(match), np.asarray(trials)
    counts = collapse({"match": match, "trials": trials}, stratum=stratum)
    return clustered_proportion(counts, KIND)


def singles(right, n):
    return proportion(np.repeat([1, 0], [right, n - right]), np.ones(n, np.int64))


def from_r():
    lines = (REFERENCE / "proportions.csv").read_text().splitlines()
    return list(csv.DictReader(line for line in lines if line[0] != "#"))


@pytest.fixture(scope="module")
def clusters():
    with (REFERENCE / "clusters.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {
        "match": np.array([int(r["right"]) for r in rows]),
        "trials": np.array([int(r["size"]) for r in rows]),
    }
    stratum = np.array(["abc".index(r["stratum"]) for r in rows])
    return {"plain": collapse(columns), "strata": collapse(columns, stratum=stratum)}


@pytest.mark.parametrize("row", from_r(), ids=lambda r: f"{r['design']}-{r['level']}-{r['method']}")
def test_against_r_survey(row, clusters):
    method = {"logit": logit_t, "beta": korn_graubard, "mean": cluster_t}[row["method"]]
    found = clustered_proportion(clusters[row["design"]], KIND)
    assert found.value == pytest.approx(float(row["value"]))
    assert found.standard_error == pytest.approx(float(row["error"]))
    expected = float(row["low"]), float(row["high"])
    assert method(found, float(row["level"])) == pytest.approx(expected, rel=1e-6)


def test_design_effect_against_r_survey(clusters):
    assert design_effect(clusters["plain"], KIND) == pytest.approx(float(from_r()[0]["effect"]))


@pytest.mark.parametrize(
    ("right", "n"), [(1, 12), (7, 20), (50, 60), (0, 15), (15, 15), (300, 301)]
)
@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
def test_exact_of_single_trials_against_statsmodels(right, n, level):
    expected = proportion_confint(right, n, alpha=1 - level, method="beta")
    expected = tuple(np.nan_to_num(expected, nan=float(right == n)))
    assert exact(singles(right, n), level) == pytest.approx(expected)


@pytest.mark.parametrize(("right", "n"), [(1, 12), (7, 20), (50, 60)])
def test_wilson_of_single_trials_against_statsmodels(right, n):
    # the variance of clusters divides by n - 1, so n - 1 trials are effective
    p = right / n
    expected = proportion_confint(p * (n - 1), n - 1, method="wilson")
    assert wilson(singles(right, n), 0.95) == pytest.approx(expected)


@pytest.mark.parametrize(("right", "n"), [(1, 12), (50, 60), (2, 400)])
def test_korn_graubard_of_single_trials_is_about_clopper_pearson(right, n):
    p = right / n
    expected = proportion_confint(p * (n - 1), n - 1, method="beta")
    assert korn_graubard(singles(right, n), 0.95) == pytest.approx(expected)


def test_copies_count_once():
    once, thrice = singles(7, 20), proportion(np.repeat([3, 0], [7, 13]), np.full(20, 3))
    for interval in PROPORTION_INTERVALS.values():
        if interval is not korn_graubard:  # it counts the trials for its degrees
            assert interval(thrice, 0.95) == pytest.approx(interval(once, 0.95))


def test_degrees_follow_the_kurtosis():
    rng = np.random.default_rng(1)
    trials = np.full(4_000, 400)
    normal = proportion(rng.binomial(400, 0.5, 4_000), trials)
    assert normal.satterthwaite == pytest.approx(3_999, rel=0.1)
    # one cluster of 50 holds all errors: about 2 degrees whatever the number of clusters
    rare = proportion(np.append(np.full(49, 10), 4), np.full(50, 10))
    assert rare.degrees == 49
    assert rare.satterthwaite == pytest.approx(2, abs=0.2)


def test_degrees_against_the_law_of_the_variance():
    # 2 / (variance of the variance / its mean squared), by simulation
    rng = np.random.default_rng(2)
    x = rng.gamma(0.5, size=(4_000, 40))
    v = x.var(axis=1, ddof=1)
    true = 2 * v.mean() ** 2 / v.var()
    big = (rng.gamma(0.5, size=100_000) * 1_000).astype(np.int64)
    found = proportion(np.minimum(big, 10**6), np.full(100_000, 10**6)).satterthwaite
    assert found / 100_000 * 40 == pytest.approx(true, rel=0.25)


def test_rare_errors_are_never_wider_than_copies():
    found = proportion(np.append(np.full(49, 2), 0), np.full(50, 2))
    low, high = logit_satterthwaite(found, 0.95)
    copies = proportion_confint(49, 50, method="beta")
    assert (low, high)[0] >= copies[0] - 1e-9
    assert high <= copies[1] + 1e-9


def test_wide_sample_is_the_normal_interval():
    found = singles(30_000, 100_000)
    half = 1.959964 * np.sqrt(0.21 / 100_000)
    for name, interval in PROPORTION_INTERVALS.items():
        assert interval(found, 0.95) == pytest.approx((0.3 - half, 0.3 + half), abs=2e-5), name


def test_clusters_without_trials_do_not_count():
    m, s = np.array([3, 4, 0, 2, 0, 5]), np.array([1, 4, 0, 1, 0, 3])
    found, without = proportion(s, m), proportion(s[m > 0], m[m > 0])
    assert found == without
    assert found.n_clusters == 4


def test_equal_shares_are_no_variation():
    found = proportion([1, 2, 3, 11], [3, 6, 9, 33])
    assert found.variance == 0
    low, high = exact(found, 0.95)
    assert low < 1 / 3 < high


two_sums = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=25)


@given(two_sums, st.floats(0.5, 0.99), st.floats(0.5, 0.99), st.integers(0, 99))
def test_every_interval_is_sound(pairs, one, other, seed):
    right, wrong = np.array(pairs).T
    found = proportion(right, right + wrong)
    assume(found.variance > 0)
    order = np.random.default_rng(seed).permutation(len(right))
    shuffled = proportion(right[order], (right + wrong)[order])
    flipped = proportion(wrong, right + wrong)
    smaller, larger = sorted((one, other))
    for name, interval in PROPORTION_INTERVALS.items():
        low, high = interval(found, smaller)
        assert 0 <= low <= found.value <= high <= 1, name
        assert low < high, name
        outer = interval(found, larger)
        assert outer[0] <= low + 1e-9, name
        assert outer[1] >= high - 1e-9, name
        assert interval(shuffled, smaller) == (low, high), name
        assert interval(flipped, smaller) == pytest.approx((1 - high, 1 - low), abs=1e-7), name


@given(two_sums)
def test_design_effect_is_a_ratio_of_two_variances(pairs):
    right, wrong = np.array(pairs).T
    n = int(right.sum() + wrong.sum())
    assume(0 < right.sum() < n)
    counts = collapse({"match": right, "trials": right + wrong})
    rows = singles(int(right.sum()), n)
    found = clustered_proportion(counts, KIND)
    if found.degrees < 1:
        assert np.isnan(design_effect(counts, KIND))
    else:
        assert design_effect(counts, KIND) == pytest.approx(
            found.variance / rows.variance, abs=1e-12
        )


def test_design_effect_of_single_and_of_copied_trials():
    one = collapse({"match": np.repeat([1, 0], [30, 70]), "trials": np.ones(100, np.int64)})
    assert design_effect(one, KIND) == pytest.approx(1)
    copied = collapse({"match": np.repeat([5, 0], [30, 70]), "trials": np.full(100, 5)})
    assert design_effect(copied, KIND) == pytest.approx(5 * 499 / 495)
    squared = Proportion("match", "trials", None)
    assert np.isnan(design_effect(one, squared))


def test_t_quantiles_are_students():
    found = proportion([3, 1, 4, 1], [5, 5, 5, 5])
    low, high = cluster_t(found, 0.9)
    assert high - low == pytest.approx(2 * stats.t.ppf(0.95, 3) * found.standard_error)
