from __future__ import annotations

from dataclasses import FrozenInstanceError
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from foresay.counts import collapse, ratio
from foresay.errors import ChoiceError
from foresay.measures import Difference, Proportion, Ratio, find_measure
from foresay.resampling import INTERVALS, estimate, estimate_many, stream

ACCURACY = find_measure("accuracy")
BOOTSTRAP = ["percentile", "basic", "bca", "studentized"]
CLOSED = [n for n in INTERVALS if n not in {*BOOTSTRAP, "auto"}]


def paired(both, first, second, neither):
    repeats = [both, first, second, neither]
    return collapse(
        {
            "a.match": np.repeat([1, 1, 0, 0], repeats),
            "b.match": np.repeat([1, 0, 1, 0], repeats),
            "a.trials": np.ones(sum(repeats), np.int64),
            "b.trials": np.ones(sum(repeats), np.int64),
        }
    )


def gain(sums):
    return ratio(sums["a.match"], sums["a.trials"]) - ratio(sums["b.match"], sums["b.trials"])


def of(counts, interval="auto", measure=ACCURACY, **options):
    options = {"rng": stream(1, "test"), "resamples": 2_000, **options}
    return estimate(counts, measure.estimator, kind=measure.kind, interval=interval, **options)


def mixed(n=80, seed=1):
    rng = np.random.default_rng(seed)
    m = rng.integers(1, 8, n)
    return rng.binomial(m, rng.beta(3, 1, n)), m


@pytest.mark.parametrize("interval", INTERVALS)
def test_value_is_that_of_the_observed_counts(interval, counts_of):
    s, m = mixed()
    found = of(counts_of(s, m), interval)
    assert found.value == s.sum() / m.sum()
    assert 0 < found.low < found.value < found.high < 1
    assert found.standard_error > 0
    assert found.n_clusters == 80
    assert found.note == ""
    assert found.interval == ("logit_satterthwaite" if interval == "auto" else interval)


def test_replicates_are_kept_read_only_and_only_where_drawn(counts_of):
    counts = counts_of(*mixed())
    drawn, closed = of(counts, "bca"), of(counts, "wilson")
    assert drawn.replicates.shape == (2_000,)
    assert drawn.path == "clusters"
    assert closed.replicates.shape == (0,)
    assert closed.path == "closed form"
    with pytest.raises(ValueError, match="read-only"):
        drawn.replicates[0] = 1
    with pytest.raises(FrozenInstanceError):
        drawn.value = 1


def test_standard_error_of_a_proportion_against_theory(counts_of):
    right = np.repeat([1, 0], [60, 40])
    counts = counts_of(right, np.ones(100, np.int64))
    assert of(counts, "wilson").standard_error == pytest.approx(np.sqrt(0.24 / 99))
    assert of(counts, "bca", resamples=20_000).standard_error == pytest.approx(
        np.sqrt(0.24 / 100), rel=0.02
    )


@pytest.mark.parametrize("interval", ["percentile", "basic", "bca"])
def test_paired_difference_against_scipy(interval):
    counts = paired(60, 30, 12, 48)
    found = estimate(
        counts, gain, kind=Difference(), interval=interval, resamples=20_000, rng=stream(1)
    )
    d = np.repeat([0, 1, -1], [108, 30, 12]).astype(float)
    theirs = stats.bootstrap(
        (d,), np.mean, method=interval, n_resamples=20_000, rng=np.random.default_rng(1)
    )
    # d of 150 is a lattice of 1/150, so a bound may differ by one step
    expected = tuple(theirs.confidence_interval)
    assert (found.low, found.high) == pytest.approx(expected, abs=1.1 / 150)
    assert found.standard_error == pytest.approx(theirs.standard_error, rel=0.03)
    assert found.value == pytest.approx(18 / 150)


def test_estimands_of_one_call_are_paired():
    counts = paired(60, 30, 12, 48)
    arms = [find_measure("accuracy").arm("a"), find_measure("accuracy").arm("b")]
    a, b, d = estimate_many(
        counts,
        [*arms, SimpleNamespace(estimator=gain, kind=Difference())],
        interval="percentile",
        resamples=500,
        rng=stream(1),
    )
    assert np.array_equal(a.replicates - b.replicates, d.replicates)
    assert a.value == pytest.approx(0.6)
    assert b.value == pytest.approx(0.48)


def test_several_intervals_of_one_call_share_their_draws(counts_of):
    s, m = mixed()
    counts = collapse({"match": s, "match_squared": s, "baseline_loo": m // 2, "trials": m})
    options = {"interval": "studentized", "resamples": 300}
    measures = [find_measure(n) for n in ("accuracy", "advantage", "baseline_mode")]
    together = estimate_many(counts, measures, rng=stream(1), **options)
    alone = [of(counts, measure=x, rng=stream(1), **options) for x in measures]
    assert [(e.low, e.high) for e in together] == [(e.low, e.high) for e in alone]


@pytest.mark.parametrize("interval", INTERVALS)
def test_one_cluster_has_a_value_and_no_interval(interval, counts_of):
    found = of(counts_of([3], [4]), interval)
    assert found.value == 0.75
    assert np.isnan([found.low, found.high, found.standard_error]).all()
    assert found.interval == "none"
    assert found.note == "fewer than 2 clusters: interval undefined"


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("clusters", [0, 1, 5])
def test_nothing_to_count_is_undefined_with_a_reason(interval, clusters, counts_of):
    found = of(counts_of([0] * clusters, [0] * clusters), interval)
    assert np.isnan([found.value, found.low, found.high, found.standard_error]).all()
    assert found.note == "undefined: nothing in the denominator"


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize(("right", "what"), [(1, "all right"), (0, "all wrong")])
def test_all_alike_gives_the_exact_bound_and_no_error(interval, right, what, counts_of):
    found = of(counts_of([right] * 40, [1] * 40), interval)
    bound = 0.025 ** (1 / 40)
    assert (found.low, found.high) == pytest.approx((bound, 1) if right else (0, 1 - bound))
    assert found.interval == "exact"
    assert np.isnan(found.standard_error)
    assert found.note == f"{what}: exact bound, no standard error"


@pytest.mark.parametrize("interval", INTERVALS)
def test_equal_shares_in_every_cluster_are_no_certainty(interval, counts_of):
    found = of(counts_of([1, 2, 1, 3], [2, 4, 2, 6]), interval)
    assert found.low < 0.5 < found.high
    assert "no variation between clusters" in found.note
    assert np.isnan(found.standard_error)


@pytest.mark.parametrize("interval", INTERVALS)
def test_a_difference_that_never_varies_is_bounded_by_the_clusters_that_could_differ(interval):
    options = {"interval": interval, "resamples": 200, "rng": stream(1)}
    found = estimate(paired(50, 0, 0, 30), gain, kind=Difference(), **options)
    assert found.value == 0
    share = 1 - 0.025 ** (1 / 80)
    assert (found.low, found.high) == pytest.approx((-share, share))
    assert np.isnan(found.standard_error)
    assert found.interval == "exact"
    assert "no variation between clusters: exact bound, no standard error" in found.note


@pytest.mark.parametrize("interval", INTERVALS)
def test_a_ratio_that_never_varies_has_no_interval(interval, counts_of):
    counts = counts_of([2] * 40, [1] * 40)
    options = {"interval": interval, "resamples": 200, "rng": stream(1)}
    found = estimate(counts, ACCURACY.estimator, kind=Ratio(), **options)
    assert found.value == 2
    assert np.isnan([found.low, found.high, found.standard_error]).all()
    assert found.interval == "none"
    assert "no variation between clusters: interval undefined" in found.note


@pytest.mark.parametrize("interval", ["auto", "cluster_t", "t_satterthwaite"])
def test_t_intervals_of_a_paired_difference_against_the_paired_t(interval):
    counts = paired(60, 30, 12, 48)
    found = estimate(counts, gain, kind=Difference(), interval=interval, rng=stream(1))
    d = np.repeat([0, 1, -1], [108, 30, 12])
    error = d.std(ddof=1) / np.sqrt(150)
    theirs = stats.ttest_1samp(d, 0).confidence_interval(0.95)
    assert found.standard_error == pytest.approx(error)
    if interval == "cluster_t":
        assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high))
    else:
        kurtosis = stats.kurtosis(d, fisher=False)
        t = stats.t.ppf(0.975, min(149, 300 / (kurtosis - 147 / 149)))
        assert (found.low, found.high) == pytest.approx((0.12 - t * error, 0.12 + t * error))
        assert found.interval == "t_satterthwaite"


def test_a_difference_of_unpaired_arms_adds_their_variances():
    right = {"a": (40, 60), "b": (45, 90)}
    columns = {
        "a.match": np.r_[np.ones(40), np.zeros(110)],
        "a.trials": np.r_[np.ones(60), np.zeros(90)],
        "b.match": np.r_[np.zeros(60), np.ones(45), np.zeros(45)],
        "b.trials": np.r_[np.zeros(60), np.ones(90)],
    }
    counts = collapse({name: x.astype(np.int64) for name, x in columns.items()})
    found = estimate(counts, gain, kind=Difference(), rng=stream(1))
    variance = sum(s / n * (1 - s / n) / n for s, n in right.values())
    assert found.standard_error == pytest.approx(np.sqrt(variance), rel=0.02)


def test_an_estimand_that_needs_one_cluster_has_no_t_interval():
    counts = collapse({"match": np.array([5, 1, 2, 3]), "trials": np.array([9, 0, 0, 0])})
    found = estimate(counts, ACCURACY.estimator, kind=Ratio(), rng=stream(1))
    assert np.isnan(found.low)
    assert "undefined without one of the clusters" in found.note


def test_strata_of_single_clusters_only_have_no_interval(counts_of):
    found = of(counts_of([1, 2, 0], [2, 2, 2], [0, 1, 2]))
    assert np.isnan([found.low, found.standard_error]).all()
    assert found.note == "every stratum has a single cluster: interval undefined"


def test_few_clusters_are_warned_of(counts_of):
    s, m = mixed(29)
    assert of(counts_of(s, m)).note == "fewer than 30 clusters: interval approximate"
    assert of(counts_of(*mixed(30))).note == ""
    # clusters without a trial do not count
    padded = of(counts_of([*s, 0, 0, 0], [*m, 0, 0, 0]))
    assert padded.n_clusters == 29
    assert "fewer than 30" in padded.note


def test_undefined_resamples_are_counted_and_left_out():
    s, m = np.repeat([0, 1], [30, 3]), np.repeat([0, 1], [30, 3])
    counts = collapse({"x": s * np.arange(33), "m": m})
    found = estimate(
        counts,
        lambda t: ratio(t["x"], t["m"]),
        kind=Ratio(),
        interval="percentile",
        resamples=1_000,
        rng=stream(1),
    )
    lost = int(np.isnan(found.replicates).sum())
    assert lost == pytest.approx(1_000 * (30 / 33) ** 33, abs=4 * np.sqrt(43))
    assert f"{lost} of 1000 resamples undefined, left out" in found.note
    assert np.isfinite([found.low, found.high, found.standard_error]).all()


def test_bca_that_is_undefined_becomes_percentile_and_says_so():
    # deleting the only cluster with trials of arm b leaves nothing to divide by
    counts = collapse({"x": np.array([5, 1, 2, 3]), "m": np.array([1, 0, 0, 0])})
    found = estimate(
        counts,
        lambda t: ratio(t["x"], t["m"]),
        kind=Ratio(),
        interval="bca",
        resamples=500,
        rng=stream(1),
    )
    assert found.interval == "percentile"
    assert "bca undefined here: percentile instead" in found.note


def test_an_interval_of_one_point_is_none(counts_of):
    # 40 % of the resamples lack the one wrong cluster, and a level of .1 looks no further
    found = of(counts_of([0] + [1] * 9, [1] * 10), "percentile", level=0.1)
    assert np.isnan([found.low, found.high]).all()
    assert found.interval == "none"
    assert "too few clusters differ for level 0.1: undefined" in found.note


def test_replicates_without_an_error_do_not_narrow_the_studentized_interval(counts_of):
    # of two single trials, half of the resamples have no error at all
    found = of(counts_of([0, 1], [1, 1]), "studentized")
    assert (found.low, found.high) == (0, 1)
    assert found.interval == "percentile"
    assert "studentized undefined here: percentile instead" in found.note


def test_too_few_resamples_are_warned_of(counts_of):
    counts = counts_of(*mixed())
    assert of(counts, "bca", resamples=100).note == "100 resamples are few for level 0.95"
    assert of(counts, "bca", resamples=100, level=0.8).note == ""


def test_single_cluster_strata_are_noted_and_kept(counts_of):
    s, m = mixed()
    stratum = np.append(np.zeros(78, int), [1, 2])
    for interval in ("auto", "bca"):
        found = of(counts_of(s, m, stratum), interval)
        assert found.note == "strata with a single cluster, kept as they are: 2"
        assert np.isfinite(found.low)


def test_strata_take_the_variance_between_them_away(counts_of):
    s = np.repeat([0, 1, 0, 1], [45, 5, 5, 45])
    m = np.ones(100, np.int64)
    stratum = np.repeat([0, 1], 50)
    for interval in ("logit_t", "percentile"):
        plain, within = of(counts_of(s, m), interval), of(counts_of(s, m, stratum), interval)
        assert within.standard_error / plain.standard_error == pytest.approx(0.6, rel=0.05)
        assert within.high - within.low < 0.7 * (plain.high - plain.low)


@pytest.mark.parametrize("level", [0, 1, 95, -0.1, float("nan")])
def test_a_level_that_cannot_be_is_refused(level, counts_of):
    with pytest.raises(ChoiceError, match="level must be between 0 and 1, such as"):
        of(counts_of([1, 0], [1, 1]), level=level)


def test_resamples_that_cannot_be_are_refused(counts_of):
    with pytest.raises(ChoiceError, match="resamples must be at least 2"):
        of(counts_of([1, 0], [1, 1]), resamples=1)


@pytest.mark.parametrize("right", [1, 38])
def test_bounds_stay_where_the_estimand_can_be(right, counts_of):
    s = np.repeat([1, 0], [right, 40 - right])
    for interval in (*BOOTSTRAP, *CLOSED):
        found = of(counts_of(s, np.ones(40, np.int64)), interval)
        assert 0 <= found.low < found.high <= 1


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=20),
    st.sampled_from(INTERVALS),
)
def test_never_certain_in_silence(pairs, interval):
    right, wrong = np.array(pairs).T
    counts = collapse({"match": right, "match_squared": right, "trials": right + wrong})
    found = of(counts, interval, resamples=200)
    if np.isnan(found.low):
        assert found.note
    else:
        assert found.low < found.high
    assert found.standard_error != 0
    if np.isnan(found.standard_error):
        assert found.note


@pytest.mark.parametrize("interval", ["auto", "bca", "studentized"])
def test_order_of_rows_changes_no_byte(interval, counts_of):
    s, m = mixed()
    order = np.random.default_rng(5).permutation(80)
    one, other = of(counts_of(s, m), interval), of(counts_of(s[order], m[order]), interval)
    assert (one.low, one.high, one.standard_error) == (other.low, other.high, other.standard_error)


def test_relabelled_strata_change_no_closed_form(counts_of):
    s, m = mixed()
    stratum = np.arange(80) % 3
    one, other = of(counts_of(s, m, stratum)), of(counts_of(s, m, (stratum + 1) % 3 * 7))
    assert (one.low, one.high) == pytest.approx((other.low, other.high), rel=1e-12)


def test_fractional_scores_are_means_like_any(counts_of):
    # the mean of shares in fifths, with a variance below p (1 - p)
    fifths = np.random.default_rng(1).integers(1, 5, 200)
    counts = collapse({"u": fifths, "n": np.ones(200, np.int64)}, unit={"u": 5})
    kind = Proportion("u", "n")
    found = estimate(counts, lambda t: ratio(t["u"], t["n"]), kind=kind, rng=stream(1))
    x = fifths / 5
    t = stats.t.ppf(0.975, 199) * x.std(ddof=1) / np.sqrt(200)
    assert (found.low, found.high) == pytest.approx((x.mean() - t, x.mean() + t), abs=2e-3)
