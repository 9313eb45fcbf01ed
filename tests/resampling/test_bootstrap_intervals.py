from __future__ import annotations

import csv
import itertools
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from foresay.counts import collapse, ratio
from foresay.resampling import draw, jackknife, stream
from foresay.resampling.bootstrap_intervals import basic, bca, percentile, studentized
from foresay.resampling.jackknife import delete_one, delta_errors

REFERENCE = Path(__file__).parent / "reference"


def share(sums):
    return ratio(sums["right"], sums["size"])


@pytest.fixture(scope="module")
def clusters():
    with (REFERENCE / "clusters.csv").open(newline="") as file:
        rows = [(int(r["right"]), int(r["size"])) for r in csv.DictReader(file)]
    right, size = np.array(rows).T
    return collapse({"right": right, "size": size})


@pytest.fixture(scope="module")
def from_r():
    """R's boot: acceleration, replicates, their variances, intervals by (name, level)."""
    found = {}
    for line in (REFERENCE / "bootstrap.csv").read_text().splitlines():
        name, *numbers = line.split(",")
        if name[0] != "#":
            values = np.array(numbers, float)
            found[(name, values[0]) if name in {"percent", "basic", "student", "bca"} else name] = (
                values
            )
    return found


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_four_intervals_against_r(clusters, from_r, level):
    value, t = float(share(clusters.totals)), from_r["t"]
    error = float(delta_errors(clusters, share, clusters.multiplicity.astype(float)))
    acceleration = from_r["acceleration"][0]
    found = {
        "percent": percentile(t, level),
        "basic": basic(value, t, level),
        "bca": bca(value, t, level, acceleration),
        "student": studentized(value, error, t, np.sqrt(from_r["v"]), level),
    }
    for name, bounds in found.items():
        # R interpolates quantiles in another way, so a bound may move within its neighbours
        assert bounds == pytest.approx(from_r[name, level][1:], abs=3e-3), name


def test_acceleration_against_r(clusters, from_r):
    # R's jackknife is about the estimate, ours about the mean of the values without a cluster
    u = float(share(clusters.totals)) - delete_one(clusters, share)
    w = clusters.multiplicity
    about_estimate = (w * u**3).sum() / (6 * (w * u**2).sum() ** 1.5)
    assert about_estimate == pytest.approx(from_r["acceleration"][0])
    assert jackknife(clusters, share).acceleration == pytest.approx(about_estimate, rel=0.02)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("seed", range(5))
def test_bca_against_scipy(seed, level):
    x = stream(seed, "data").gamma(1.0, size=40)
    replicates = stream(seed, "draws").choice(x, (1_500, 40)).mean(axis=1)
    expected = stats.bootstrap(
        (x,),
        np.mean,
        n_resamples=0,
        bootstrap_result=SimpleNamespace(bootstrap_distribution=replicates),
        confidence_level=level,
        method="BCa",
    ).confidence_interval
    # scipy's own jackknife of the mean, written out
    u = x - x.mean()
    acceleration = (u**3).sum() / (6 * (u**2).sum() ** 1.5)
    assert bca(x.mean(), replicates, level, acceleration) == pytest.approx(tuple(expected))


def test_percentile_against_exact_enumeration():
    rows = np.array([[1, 2], [3, 3], [0, 2], [4, 5]])
    counts = collapse({"right": rows[:, 0], "size": rows[:, 1]})
    every = np.array([rows[list(i)].sum(axis=0) for i in itertools.product(range(4), repeat=4)])
    exact = every[:, 0] / every[:, 1]
    drawn = share(draw(counts, 40_000, stream(1)).sums)
    for level in (0.5, 0.9):
        tail = (1 - level) / 2
        low, high = percentile(drawn, level)
        # a quantile of a discrete law: the share of the law on each side must fit
        for bound, target in ((low, tail), (high, 1 - tail)):
            assert np.mean(exact < bound - 1e-9) <= target + 0.01
            assert np.mean(exact <= bound + 1e-9) >= target - 0.01


def test_ties_with_the_estimate_count_half():
    replicates = np.array([0.0] * 40 + [1.0] * 40 + [2.0] * 20)
    # 40 below and half of 40: .6
    bias = stats.norm.ppf(0.6)
    tail = stats.norm.ppf([0.05, 0.95])
    expected = np.quantile(replicates, stats.norm.cdf(2 * bias + tail))
    assert bca(1.0, replicates, 0.9, 0.0) == pytest.approx(tuple(expected))


@pytest.mark.parametrize("value", [-1.0, 5.0])
def test_bca_outside_its_replicates_is_undefined(value):
    assert np.isnan(bca(value, np.linspace(0, 4, 50), 0.95, 0.0)).all()


@pytest.mark.parametrize("acceleration", [np.nan, 0.6, -0.6])
def test_bca_without_a_sound_acceleration_is_undefined(acceleration):
    assert np.isnan(bca(2.0, np.linspace(0, 4, 50), 0.95, acceleration)).all()


def test_studentized_without_an_error_is_undefined():
    replicates = np.linspace(0, 1, 9)
    assert np.isnan(studentized(0.5, 0.0, replicates, np.ones(9), 0.9)).all()
    assert np.isnan(studentized(0.5, 1.0, replicates, np.zeros(9) + np.nan, 0.9)).all()


def test_studentized_of_a_pivot_that_is_normal_is_the_z_interval():
    z = stats.norm.ppf((np.arange(4_000) + 0.5) / 4_000)
    low, high = studentized(3.0, 2.0, 3.0 + 0.7 * z, np.full(4_000, 0.7), 0.95)
    assert (low, high) == pytest.approx((3 - 1.96 * 2, 3 + 1.96 * 2), abs=0.01)


samples = st.lists(st.floats(-50, 50), min_size=8, max_size=60).map(np.array)
levels = st.floats(0.05, 0.99)


@given(samples, levels, st.floats(0.1, 9), st.floats(-9, 9))
def test_percentile_moves_with_the_replicates(replicates, level, slope, shift):
    low, high = percentile(replicates, level)
    up = percentile(shift + slope * replicates, level)
    down = percentile(shift - slope * replicates, level)
    assert up == pytest.approx((shift + slope * low, shift + slope * high), abs=1e-9)
    assert down == pytest.approx((shift - slope * high, shift - slope * low), abs=1e-9)


@given(samples, levels, levels, st.floats(-0.1, 0.1))
def test_a_higher_level_is_never_narrower(replicates, one, other, acceleration):
    smaller, larger = sorted((one, other))
    value = float(np.median(replicates))
    for inner, outer in (
        (percentile(replicates, smaller), percentile(replicates, larger)),
        (basic(value, replicates, smaller), basic(value, replicates, larger)),
        (
            bca(value, replicates, smaller, acceleration),
            bca(value, replicates, larger, acceleration),
        ),
    ):
        if np.isfinite([*inner, *outer]).all():
            assert outer[0] <= inner[0] + 1e-9
            assert inner[1] <= outer[1] + 1e-9


@given(samples, levels)
def test_basic_mirrors_percentile(replicates, level):
    value = float(replicates.mean())
    low, high = percentile(replicates, level)
    assert basic(value, replicates, level) == pytest.approx((2 * value - high, 2 * value - low))
