"""Derivatives in closed form against numerical ones."""

from __future__ import annotations

import numpy as np
import pytest

from foresay.estimation.linearised import gradient, numerical_gradient
from foresay.measures.calibration import CALIBRATION, Levels
from foresay.measures.calibration.slopes import SLOPES


def levels(seed: int) -> Levels:
    rng = np.random.default_rng(seed)
    value = np.sort(rng.choice(np.arange(1, 1000), 40, replace=False)) / 1000
    n = rng.integers(20, 200, 40).astype(float)
    return Levels.observed(value, n, np.floor(n * np.clip(value**2 + 0.1, 0, 1)))


@pytest.mark.parametrize("name", SLOPES)
@pytest.mark.parametrize("seed", range(3))
def test_closed_forms_are_the_numerical_derivatives(name: str, seed: int) -> None:
    found = SLOPES[name](levels(seed))
    # the smooth error is found to one part in a million, so its steps must be longer
    step = 0.02 if name == "smooth_ece" else 1e-4
    expected = numerical_gradient(CALIBRATION[name], levels(seed), step)
    # and its integral has fewer points than the derivative
    within = 0.1 if name == "smooth_ece" else 1e-3
    assert found == pytest.approx(expected, rel=within, abs=within * np.abs(expected).max())


@pytest.mark.parametrize("name", CALIBRATION)
def test_more_of_the_same_changes_nothing(name: str) -> None:
    # Euler: the sums times the derivative in each are 0 for what doubling does not change
    seen = levels(7)
    slope = gradient(CALIBRATION[name], seen)
    sums = np.stack([seen.n, seen.y, seen.squares])
    bias = 0 if name != "calibration_l2" else 0.05 * np.abs(slope * sums).sum()
    assert abs((slope * sums).sum()) <= 1e-4 * np.abs(slope * sums).sum() + bias
