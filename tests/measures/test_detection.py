from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from foresay.counts import collapse
from foresay.measures.detection import (
    D_PRIME,
    FALSE_ALARM_RATE,
    HIT_RATE,
    at_a_bound,
    d_prime,
)
from foresay.resampling import estimate, stream


def counts_of(signal, detected, clusters=None):
    signal, detected = np.asarray(signal, np.int64), np.asarray(detected, np.int64)
    rows = {
        "hits": signal * detected,
        "signals": signal,
        "false_alarms": (1 - signal) * detected,
        "noises": 1 - signal,
    }
    if clusters is not None:
        rows = {n: np.bincount(clusters, weights=v).astype(np.int64) for n, v in rows.items()}
    return collapse(rows)


def test_rates_of_a_table_worked_by_hand():
    sums = counts_of([1, 1, 1, 1, 0, 0, 0, 0, 0], [1, 1, 1, 0, 1, 0, 0, 0, 0]).totals
    assert float(HIT_RATE.estimator(sums)) == 0.75
    assert float(FALSE_ALARM_RATE.estimator(sums)) == 0.2
    expected = stats.norm.ppf(3.5 / 5) - stats.norm.ppf(1.5 / 6)
    assert float(d_prime(sums)) == pytest.approx(expected, abs=1e-12)


def test_no_detection_is_near_zero_whatever_the_readiness():
    for share in (10, 50, 90):
        sums = counts_of([1] * 100 + [0] * 100, ([1] * share + [0] * (100 - share)) * 2).totals
        assert float(d_prime(sums)) == pytest.approx(0, abs=1e-12)


def test_without_trials_of_a_kind_it_is_undefined():
    assert np.isnan(d_prime(counts_of([1, 1], [1, 0]).totals))
    assert np.isnan(FALSE_ALARM_RATE.estimator(counts_of([1, 1], [1, 0]).totals))


@pytest.mark.parametrize("n", [10, 50, 200])
def test_no_false_alarm_has_the_exact_bound(n):
    counts = counts_of([1] * 10 + [0] * n, [1, 0] * 5 + [0] * n)
    found = estimate(
        counts.restricted(FALSE_ALARM_RATE.sums),
        FALSE_ALARM_RATE.estimator,
        kind=FALSE_ALARM_RATE.kind,
        rng=stream(1),
    )
    assert found.value == 0
    assert (found.low, found.interval) == (0, "exact")
    assert found.high == pytest.approx(stats.beta.ppf(0.975, 1, n), abs=1e-9)


def test_a_rate_of_zero_or_one_is_named():
    assert "false alarm rate is 0" in at_a_bound(counts_of([1, 1, 0, 0], [1, 0, 0, 0]).totals)
    assert "hit rate is 1" in at_a_bound(counts_of([1, 1, 0, 0], [1, 1, 1, 0]).totals)
    assert at_a_bound(counts_of([1, 1, 0, 0], [1, 0, 1, 0]).totals) == ""


def test_the_error_of_d_prime_is_that_of_the_delta_method():
    # Gourevitch & Galanter 1967 for single trials
    signals, noises, hits, alarms = 400, 600, 300, 120
    counts = counts_of(
        [1] * signals + [0] * noises,
        [1] * hits + [0] * (signals - hits) + [1] * alarms + [0] * (noises - alarms),
    )
    found = estimate(counts, D_PRIME.estimator, kind=D_PRIME.kind, rng=stream(1))
    h, f = hits / signals, alarms / noises
    variance = sum(
        p * (1 - p) / n / stats.norm.pdf(stats.norm.ppf(p)) ** 2
        for p, n in ((h, signals), (f, noises))
    )
    assert found.standard_error == pytest.approx(np.sqrt(variance), rel=0.01)


@pytest.mark.simulation
def test_d_prime_covers_over_clusters_and_rows_alone_would_not():
    # each of 60 clusters has a readiness and a sensitivity of its own
    rng = np.random.default_rng(1)
    runs, clusters, each = 400, 60, 10
    true_hit, true_alarm = 0.0, 0.0
    many = rng.normal(size=(200_000, 2))
    hit_of, alarm_of = (
        stats.norm.cdf(0.5 + 0.8 * many[:, 0]),
        stats.norm.cdf(-0.5 + 0.8 * many[:, 1]),
    )
    true_hit, true_alarm = hit_of.mean(), alarm_of.mean()
    true = stats.norm.ppf(true_hit) - stats.norm.ppf(true_alarm)
    covered = rowwise = 0
    cluster = np.repeat(np.arange(clusters), 2 * each)
    signal = np.tile(np.repeat([1, 0], each), clusters)
    for run in range(runs):
        noise = rng.normal(size=(clusters, 2))
        chance = stats.norm.cdf(np.array([0.5, -0.5]) + 0.8 * noise)
        detected = (rng.random(len(signal)) < chance[cluster, 1 - signal]).astype(int)
        found = estimate(
            counts_of(signal, detected, cluster),
            D_PRIME.estimator,
            kind=D_PRIME.kind,
            rng=stream(run),
        )
        covered += found.low <= true <= found.high
        rows = estimate(
            counts_of(signal, detected), D_PRIME.estimator, kind=D_PRIME.kind, rng=stream(run)
        )
        rowwise += rows.low <= true <= rows.high
    assert 0.92 <= covered / runs <= 0.98
    assert rowwise / runs < 0.85
