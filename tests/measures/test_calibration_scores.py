"""Scores, decomposition, recalibration and ranking against hand, brute force and libraries."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from foresay.measures.calibration import CLIP, Levels, levels_of, recalibrated
from foresay.measures.calibration.ranking import auroc
from foresay.measures.calibration.recalibration import calibration_intercept, calibration_slope
from foresay.measures.calibration.scores import (
    brier,
    calibration_skill,
    discrimination,
    log_score,
    miscalibration,
    uncertainty,
)

REFERENCE = json.loads(
    (Path(__file__).parent / "reference" / "decomposition.json").read_text(encoding="utf-8")
)


def pairs(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    f = rng.choice(np.round(rng.random(25), 3), n)
    return f, (rng.random(n) < np.clip(f**1.5 + 0.1, 0, 1)).astype(float)


def test_decomposition_by_hand() -> None:
    # .4 has a larger share right than .6: the two are pooled to 4/8
    levels = Levels.observed(np.array([0.1, 0.4, 0.6, 0.9]), np.full(4, 4), np.array([0, 3, 1, 4]))
    assert recalibrated(levels).tolist() == [0.0, 0.5, 0.5, 1.0]
    score = (4 * 0.1**2 + (3 * 0.6**2 + 0.4**2) + (0.4**2 + 3 * 0.6**2) + 4 * 0.1**2) / 16
    assert brier(levels) == pytest.approx(score)
    assert miscalibration(levels) == pytest.approx(score - 8 * 0.25 / 16)
    assert discrimination(levels) == pytest.approx(0.25 - 8 * 0.25 / 16)
    assert uncertainty(levels) == 0.25
    assert calibration_skill(levels) == pytest.approx(1 - score / 0.25)


@pytest.mark.parametrize("case", sorted(REFERENCE["cases"]))
def test_decomposition_against_model_diagnostics(case: str) -> None:
    told = REFERENCE["cases"][case]
    levels = levels_of(np.array(told["confidence"]), np.array(told["right"]))
    for name, measure in (
        ("miscalibration", miscalibration),
        ("discrimination", discrimination),
        ("uncertainty", uncertainty),
        ("score", brier),
    ):
        assert measure(levels) == pytest.approx(told[name], abs=1e-12), name


def test_log_score_against_model_diagnostics() -> None:
    told = REFERENCE["cases"][REFERENCE["log_loss_of"]]
    levels = levels_of(np.array(told["confidence"]), np.array(told["right"]))
    assert log_score(levels) == pytest.approx(REFERENCE["log_loss"], rel=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_the_parts_add_up(seed: int) -> None:
    levels = levels_of(*pairs(seed))
    total = miscalibration(levels) - discrimination(levels) + uncertainty(levels)
    assert total == pytest.approx(float(brier(levels)))


def test_the_isotonic_fit_is_the_best_monotone_one() -> None:
    levels = Levels.observed(np.array([0.2, 0.5, 0.7]), np.array([5, 3, 4]), np.array([3, 1, 3]))
    grid = np.arange(0, 1.001, 0.05)
    best = min(
        (
            sum(n * p**2 - 2 * p * y + y for n, y, p in zip(levels.n, levels.y, fit, strict=True)),
            fit,
        )
        for fit in product(grid, repeat=3)
        if fit[0] <= fit[1] <= fit[2]
    )
    assert recalibrated(levels) == pytest.approx([0.5, 0.5, 0.75])
    assert best[1] == pytest.approx((0.5, 0.5, 0.75))


def test_a_level_without_trials_takes_the_fit_below() -> None:
    value = np.array([0.1, 0.5, 0.9])
    n, y = np.array([0.0, 4, 0]), np.array([0.0, 1, 0])
    levels = Levels(value=value, mass=np.ones(3), n=n, y=y, squares=y)
    assert recalibrated(levels).tolist() == [0.0, 0.25, 0.25]


def test_confidence_of_one_that_is_wrong_is_clipped() -> None:
    levels = levels_of(np.array([1.0, 0.0]), np.array([0.0, 0.0]))
    assert log_score(levels) == pytest.approx((-np.log(CLIP) - np.log1p(-CLIP)) / 2)


@pytest.mark.parametrize("seed", range(4))
def test_slope_and_intercept_against_statsmodels(seed: int) -> None:
    f, x = pairs(seed, 200)
    inside = np.clip(f, CLIP, 1 - CLIP)
    design = sm.add_constant(np.log(inside / (1 - inside)))
    told = sm.GLM(x, design, family=sm.families.Binomial()).fit(tol=1e-12)
    levels = levels_of(f, x)
    assert calibration_intercept(levels) == pytest.approx(told.params[0], abs=1e-6)
    assert calibration_slope(levels) == pytest.approx(told.params[1], abs=1e-6)


def test_slope_of_shares_is_that_of_their_runs() -> None:
    f = np.array([0.2, 0.2, 0.5, 0.8, 0.9])
    share = np.array([0.25, 0.5, 0.25, 0.75, 1.0])
    runs = levels_of(np.repeat(f, 4), _as_runs(share))
    assert calibration_slope(levels_of(f, share)) == pytest.approx(float(calibration_slope(runs)))


def _as_runs(share: np.ndarray) -> np.ndarray:
    return np.concatenate([[1.0] * round(4 * s) + [0.0] * round(4 - 4 * s) for s in share])


@pytest.mark.parametrize(
    ("f", "x"),
    [
        ([0.2, 0.8], [1, 1]),
        ([0.2, 0.8], [0, 0]),
        ([0.5, 0.5], [0, 1]),
        ([0.2, 0.3, 0.7, 0.8], [0, 0, 1, 1]),
    ],
    ids=["all right", "all wrong", "one confidence", "separated"],
)
def test_no_slope_where_none_fits(f: list[float], x: list[float]) -> None:
    levels = levels_of(np.array(f), np.array(x, float))
    assert np.isnan(calibration_slope(levels))
    assert np.isnan(calibration_intercept(levels))


def test_slope_recovers_the_line_it_was_drawn_from() -> None:
    value = np.arange(1, 100) / 100
    odds = np.log(value / (1 - value))
    right = 1 / (1 + np.exp(-(0.4 + 0.6 * odds)))
    levels = Levels.observed(value, np.full(99, 1000.0), 1000 * right)
    assert calibration_intercept(levels) == pytest.approx(0.4)
    assert calibration_slope(levels) == pytest.approx(0.6)


@pytest.mark.parametrize("seed", range(4))
def test_auroc_against_all_pairs(seed: int) -> None:
    f, x = pairs(seed)
    right, wrong = f[x == 1][:, None], f[x == 0][None]
    expected = ((right > wrong) + (right == wrong) / 2).mean()
    assert auroc(levels_of(f, x)) == pytest.approx(expected)


def test_auroc_is_undefined_without_both_kinds() -> None:
    assert np.isnan(auroc(levels_of(np.array([0.2, 0.9]), np.ones(2))))
    assert auroc(levels_of(np.full(4, 0.7), np.array([0, 1, 0, 1.0]))) == 0.5
