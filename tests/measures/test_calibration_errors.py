"""Calibration errors against hand-worked tables, other code, theory and brute force."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq

from foresay.measures.calibration import CALIBRATION, Levels, binned, equal_mass, levels_of
from foresay.measures.calibration.bins import equal_width, quantile_bins
from foresay.measures.calibration.errors import (
    calibration_l2,
    ece,
    ece_equal_width,
    mad,
    smooth_ece,
)


def repeated(*groups: tuple[float, int, int]) -> Levels:
    """Return levels from (confidence, trials, right)."""
    f, n, y = zip(*groups, strict=True)
    return Levels.observed(np.array(f), np.array(n), np.array(y))


WORKED = repeated((0.2, 10, 3), (0.6, 20, 10), (0.9, 10, 9))


def test_hand_worked_table() -> None:
    # gaps .1, .1 and 0 with weights 1/4, 1/2, 1/4
    assert ece(WORKED) == pytest.approx(0.075)
    assert ece_equal_width(WORKED) == pytest.approx(0.075)
    # less .3 * .7 / 9, .5 * .5 / 19 and .9 * .1 / 9
    gaps = [0.01 - 0.21 / 9, 0.01 - 0.25 / 19, 0 - 0.09 / 9]
    assert calibration_l2(WORKED) == pytest.approx(np.dot([0.25, 0.5, 0.25], gaps))


def test_mad_counts_every_bin_the_same() -> None:
    # deciles of ten .2, twenty .6 and ten .9 have edges .2, .6, .9: two bins
    assert mad(WORKED) == pytest.approx((abs(14 - 13) / 30 + 0) / 2)


def test_a_share_of_repeats_is_debiased_by_its_own_variance() -> None:
    match = np.array([0.2, 0.4, 0.9, 0.7])
    found = calibration_l2(_one_bin(match))
    assert found == pytest.approx((0.5 - match.mean()) ** 2 - match.var(ddof=1) / 4)


def _one_bin(match: np.ndarray) -> Levels:
    return levels_of(np.full(len(match), 0.5), match)


def test_without_a_bin_of_two_trials_nothing_is_debiased() -> None:
    assert np.isnan(calibration_l2(repeated((0.3, 1, 1))))


@pytest.mark.parametrize("seed", range(3))
def test_mad_bins_are_those_of_pandas(seed: int) -> None:
    rng = np.random.default_rng(seed)
    f = rng.choice(np.round(rng.random(8), 2), 97)
    x = (rng.random(97) < f).astype(float)
    frame = pd.DataFrame({"f": f, "x": x})
    groups = frame.groupby(pd.qcut(frame["f"], 10, duplicates="drop"), observed=True)
    expected = (groups["f"].mean() - groups["x"].mean()).abs().mean()
    assert mad(levels_of(f, x)) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(3))
def test_equal_width_is_numpys_histogram(seed: int) -> None:
    rng = np.random.default_rng(seed)
    f = np.append(rng.choice(np.arange(1001) / 1000, 300), [0.0, 1.0, 0.6, 0.2])
    x = (rng.random(len(f)) < f).astype(float)
    edges = np.round(np.arange(16) / 15, 12)
    place = np.clip(np.searchsorted(edges, np.round(f, 12), side="right") - 1, 0, 14)
    gaps = [abs((f - x)[place == b].sum()) for b in range(15)]
    assert ece_equal_width(levels_of(f, x)) == pytest.approx(sum(gaps) / len(f))


def test_bins_are_closed_at_both_ends() -> None:
    ends = repeated((0.0, 40, 0), (1.0, 40, 40))
    assert equal_width(ends).tolist() == [0, 1]
    assert equal_mass(ends).tolist() == [0, 1]
    assert ece(ends) == ece_equal_width(ends) == mad(ends) == 0


def test_ties_are_never_parted_and_no_trial_is_lost() -> None:
    rng = np.random.default_rng(5)
    f = rng.choice([0.1, 0.5, 0.55, 0.8, 0.95, 1.0], 500, p=[0.02, 0.5, 0.03, 0.2, 0.05, 0.2])
    levels = levels_of(f, (rng.random(500) < f).astype(float))
    for bins in (equal_mass(levels), equal_width(levels), quantile_bins(levels)):
        assert bins.shape == levels.value.shape
        assert (np.diff(bins) >= 0).all()
        assert binned(levels, bins).n.sum() == 500


def test_equal_mass_bins_are_even_without_ties() -> None:
    levels = levels_of(np.random.default_rng(0).random(1500), np.ones(1500))
    assert binned(levels, equal_mass(levels)).n.tolist() == [100] * 15


def test_few_trials_make_fewer_bins() -> None:
    levels = levels_of(np.arange(8) / 10, np.ones(8))
    assert binned(levels, equal_mass(levels)).n.tolist() == [2, 2, 2, 2]


def _brute_smooth(f: np.ndarray, x: np.ndarray) -> float:
    """Reflect the kernel by images and integrate by the midpoint rule."""
    t = (np.arange(3000) + 0.5) / 3000
    residual = (x - f) / len(f)

    def smoothed(width: float) -> float:
        images = [image for j in range(-3, 4) for image in (f + 2 * j, -f + 2 * j)]
        kernel = sum(np.exp(-((t[:, None] - i[None]) ** 2) / (2 * width**2)) for i in images)
        return float(np.abs(kernel @ residual).mean() / (np.sqrt(2 * np.pi) * width))

    return float(brentq(lambda width: smoothed(width) - width, 1e-3, 1))


@pytest.mark.parametrize("power", [0.5, 1.0, 3.0])
def test_smooth_ece_against_images_and_root_finding(power: float) -> None:
    rng = np.random.default_rng(11)
    f = np.round(rng.random(90), 3)
    x = (rng.random(90) < f**power).astype(float)
    assert smooth_ece(levels_of(f, x)) == pytest.approx(_brute_smooth(f, x), rel=1e-4)


def test_smooth_ece_of_a_constant_gap_is_its_size_and_of_none_is_zero() -> None:
    assert smooth_ece(repeated((0.5, 100, 50))) == 0
    wide = Levels.observed(np.arange(101) / 100, np.full(101, 100.0), np.arange(101) * 1.0)
    assert smooth_ece(wide) < 1e-6


@pytest.mark.parametrize("name", CALIBRATION)
def test_leading_axes_give_what_each_row_gives(name: str) -> None:
    rng = np.random.default_rng(2)
    value = np.array([0.0, 0.3, 0.5, 0.8, 0.95, 1.0])
    n = rng.integers(0, 30, (4, 3, 6)).astype(float)
    y = np.floor(n * rng.random((4, 3, 6)))
    whole = Levels(value=value, mass=np.full(6, 15.0), n=n, y=y, squares=y)
    found = CALIBRATION[name].of(whole)
    assert found.shape == (4, 3)
    for at in np.ndindex(4, 3):
        one = Levels(value=value, mass=np.full(6, 15.0), n=n[at], y=y[at], squares=y[at])
        assert CALIBRATION[name].of(one) == pytest.approx(found[at], rel=1e-6, nan_ok=True)


@pytest.mark.parametrize("name", sorted(set(CALIBRATION) - {"calibration_l2"}))
def test_doubled_data_give_the_same_value(name: str) -> None:
    twice = WORKED.replaced(2 * WORKED.n, 2 * WORKED.y, 2 * WORKED.squares)
    assert CALIBRATION[name].of(twice) == pytest.approx(float(CALIBRATION[name].of(WORKED)))


@pytest.mark.parametrize("name", CALIBRATION)
def test_values_lie_within_the_bounds_of_the_kind(name: str) -> None:
    rng = np.random.default_rng(8)
    kind = CALIBRATION[name].kind
    for _ in range(20):
        f = rng.choice([0, 0.2, 0.7, 1.0], 30)
        value = float(CALIBRATION[name].of(levels_of(f, rng.integers(0, 2, 30).astype(float))))
        assert np.isnan(value) or kind.low - 1e-12 <= value <= kind.high + 1e-12
