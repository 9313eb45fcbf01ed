from __future__ import annotations

import itertools
import tracemalloc
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from foresay.counts import collapse, ratio
from foresay.errors import ChoiceError
from foresay.measures import Difference, Proportion, Ratio
from foresay.resampling import INTERVALS, estimate, estimate_rows, stream

AREA = Difference(low=0, high=1)
FITS = ["percentile", "basic", "bca", "cluster_t", "t_satterthwaite"]


def auroc(values, weights):
    """Chance that a right answer has more confidence than a wrong one; ties count half."""
    confidence, right = values.T
    _, place = np.unique(confidence, return_inverse=True)
    good = np.bincount(place, weights=weights * right)
    bad = np.bincount(place, weights=weights * (1 - right))
    pairs = good.sum() * bad.sum()
    return float((good * (np.cumsum(bad) - bad / 2)).sum() / pairs) if pairs else np.nan


def mean(values, weights):
    return float((values[:, 0] * weights).sum() / weights.sum())


def of(values, clusters, statistic=auroc, interval="auto", **options):
    options = {"kind": AREA, "resamples": 400, "rng": stream(1, "rows"), **options}
    return estimate_rows(values, clusters, statistic, interval=interval, **options)


def answers(clusters=60, seed=1):
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), rng.integers(1, 5, clusters))
    right = rng.integers(0, 2, len(cluster))
    confidence = np.round(rng.normal(size=len(cluster)) + right, 1)
    return np.column_stack([confidence, right]), cluster


def test_value_against_scipy():
    values, cluster = answers()
    right = values[:, 1] == 1
    u = stats.mannwhitneyu(values[right, 0], values[~right, 0]).statistic
    found = of(values, cluster)
    assert found.value == pytest.approx(u / (right.sum() * (~right).sum()))
    assert found.interval == "t_satterthwaite"
    assert found.path == "rows"
    assert found.n_clusters == 60
    assert found.note == ""


@pytest.mark.parametrize("interval", FITS)
def test_every_interval_holds_the_value_and_keeps_its_bounds(interval):
    found = of(*answers(), interval=interval)
    assert 0 <= found.low < found.value < found.high <= 1
    assert found.interval == interval
    drawn = interval in {"percentile", "basic", "bca"}
    assert found.replicates.shape == ((400,) if drawn else (0,))


@pytest.mark.parametrize("interval", FITS)
def test_a_mean_agrees_with_the_path_of_patterns(interval):
    rng = np.random.default_rng(2)
    cluster = np.repeat(np.arange(50), rng.integers(1, 4, 50))
    x = rng.integers(0, 3, len(cluster))
    sums = {"x": np.bincount(cluster, weights=x), "n": np.bincount(cluster)}
    counts = collapse({name: column.astype(np.int64) for name, column in sums.items()})
    options = {"kind": Ratio(), "interval": interval, "resamples": 8_000}
    by_patterns = estimate(counts, lambda t: ratio(t["x"], t["n"]), rng=stream(1), **options)
    by_rows = estimate_rows(x[:, None], cluster, mean, rng=stream(2), **options)
    exact = interval in {"cluster_t", "t_satterthwaite"}
    width = by_patterns.high - by_patterns.low
    near = 1e-9 if exact else 0.05 * width
    assert by_rows.value == pytest.approx(by_patterns.value)
    expected = (by_patterns.low, by_patterns.high)
    assert (by_rows.low, by_rows.high) == pytest.approx(expected, abs=near)
    assert by_rows.standard_error == pytest.approx(
        by_patterns.standard_error, rel=1e-9 if exact else 0.04
    )


def test_replicates_against_exact_enumeration():
    values = np.array([[0.0], [1.0], [5.0], [7.0]])
    cluster = np.array([0, 0, 1, 2])
    groups = [[0.0, 1.0], [5.0], [7.0]]
    law = Counter(
        round(float(np.mean([x for c in chosen for x in groups[c]])), 9)
        for chosen in itertools.product(range(3), repeat=3)
    )
    found = of(values, cluster, mean, "percentile", kind=Ratio(), resamples=9_000)
    observed = Counter(np.round(found.replicates, 9).tolist())
    assert set(observed) <= set(law)
    expected = np.array(list(law.values())) * 9_000 / 27
    assert stats.chisquare([observed[v] for v in law], expected).pvalue > 1e-4


@pytest.mark.parametrize("interval", ["auto", "bca"])
@given(seed=st.integers(0, 20))
def test_order_of_rows_and_labels_change_no_byte(interval, seed):
    values, cluster = answers(12, seed)
    order = np.random.default_rng(seed).permutation(len(values))
    relabelled = np.random.default_rng(seed + 1).permutation(12)[cluster] - 5
    one = of(values, cluster, interval=interval, resamples=60)
    other = of(values[order], relabelled[order], interval=interval, resamples=60)
    assert one.replicates.tobytes() == other.replicates.tobytes()
    for name in ("value", "low", "high", "standard_error"):
        assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)


def test_minus_zero_is_zero():
    seen = set()

    def remembered(values, weights):
        seen.add(values.tobytes())
        return mean(values, weights)

    x = np.array([[0.0], [-0.0], [0.0], [1.0]])
    for order in itertools.permutations(range(4)):
        of(x[list(order)], np.arange(4), remembered, kind=Ratio())
    assert len(seen) == 1


def test_equal_clusters_share_one_call_of_the_statistic():
    calls = []

    def counted(values, weights):
        calls.append(float(weights.sum()))
        return mean(values, weights)

    x = np.repeat([0.0, 1.0, 3.0], [40, 30, 30])[:, None]
    found = of(x, np.arange(100), counted, "cluster_t", kind=Ratio())
    assert calls == [100, 99, 99, 99]
    assert found.standard_error == pytest.approx(x.std(ddof=1) / 10)


def test_auto_draws_where_the_jackknife_would_cost_more():
    x = np.arange(300.0)[:, None]
    found = of(x, np.arange(300), mean, kind=Ratio(), resamples=299)
    assert found.interval == "percentile"
    found = of(x, np.arange(300), mean, kind=Ratio(), resamples=300)
    assert found.interval == "t_satterthwaite"


@pytest.mark.parametrize("interval", ["wilson", "studentized", "exact"])
def test_intervals_that_need_sums_are_replaced_and_say_so(interval):
    found = of(*answers(), interval=interval, kind=Proportion("a", "b"))
    assert found.interval == "t_satterthwaite"
    assert (
        found.note == f"{interval} needs sums, this statistic needs rows: t_satterthwaite instead"
    )


@pytest.mark.parametrize("interval", INTERVALS)
def test_no_variation_is_no_certainty(interval):
    found = of(np.ones((40, 1)), np.arange(40), mean, interval, kind=AREA)
    assert (found.low, found.high) == pytest.approx((0.025 ** (1 / 40), 1))
    assert "no variation between clusters: exact bound" in found.note
    assert np.isnan(found.standard_error)


@pytest.mark.parametrize(
    ("clusters", "note"),
    [(0, "undefined"), (1, "undefined"), (2, "fewer than 30 clusters: interval approximate")],
)
def test_few_clusters(clusters, note):
    values, cluster = answers(clusters, 4)
    assert note in of(values, cluster).note


def test_an_undefined_statistic_has_a_reason():
    found = of(np.array([[0.1, 1.0], [0.5, 1.0]]), np.array([0, 1]))
    assert np.isnan([found.value, found.low, found.high]).all()
    assert found.note == "undefined: the statistic gives no number on these rows"


def test_undefined_resamples_are_counted():
    values, _ = answers(40)
    values[:, 1] = 0
    values[:2, 1] = 1
    found = of(values, np.arange(len(values)), interval="percentile")
    assert "resamples undefined, left out" in found.note


def test_one_set_of_weights_at_a_time():
    x = np.random.default_rng(1).normal(size=(200_000, 1))
    tracemalloc.start()
    of(x, np.arange(200_000), mean, "percentile", kind=Difference(low=-9, high=9), resamples=20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * x.nbytes  # all weights at once would be 20 times


def test_the_values_cannot_be_changed_by_the_statistic():
    def careless(values, weights):
        values[0] = 5
        return 0.0

    with pytest.raises(ValueError, match="read-only"):
        of(*answers(), statistic=careless)


def test_shapes_and_choices_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match=r"values must be \(n, d\)"):
        of(np.ones(5), np.arange(5), mean)
    with pytest.raises(ChoiceError, match="not known"):
        of(*answers(), interval="bcaa")
    with pytest.raises(ChoiceError, match="level"):
        of(*answers(), level=95)
