"""Intervals of a beta-binomial model: the one of the package, and the profile likelihood.

The model is that a cluster's rate is beta with mean p and correlation r. ``profile``, which is
not in the package, holds the p whose likelihood, at the best r for it, is within the chi-squared
quantile of the best. The likelihood of every cluster of up to `LARGEST` trials on the whole grid
is computed once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from scipy import special, stats

from resampling.laws import LAWS
from resampling.simulations import data_sets, found
from validity import covering
from validity.study import LEVEL, SEED, Columns

CODE = (*covering.CODE, "tests/validity/likelihoods.py")
NAMES = ("auto", "beta_binomial", "profile")

LARGEST = 20
ODDS = np.linspace(-3.0, 9.0, 301)
CORRELATIONS = np.concatenate([[1e-4, 0.01, 0.03], np.linspace(0.06, 0.96, 21)])


@cache
def _grid():
    """Return logarithms of likelihoods, shape (trials, matches, p, r), and the grid of p."""
    p = special.expit(ODDS)[:, None]
    total = (1 / CORRELATIONS - 1)[None, :]
    a, b = p * total, (1 - p) * total
    logs = np.full((LARGEST + 1, LARGEST + 1, len(ODDS), len(CORRELATIONS)), np.nan)
    for m in range(1, LARGEST + 1):
        for s in range(m + 1):
            logs[m, s] = special.betaln(a + s, b + m - s) - special.betaln(a, b)
    return logs, p[:, 0]


def profile_interval(match, trials, multiplicity, level):
    """Return the bounds of the profile likelihood from clusters' matches and trials."""
    grid, p = _grid()
    logs = np.tensordot(multiplicity.astype(np.float64), grid[trials, match], axes=1)
    profile = logs.max(axis=1)
    inside = np.flatnonzero(2 * (profile.max() - profile) <= stats.chi2.ppf(level, 1))
    low = 0.0 if inside[0] == 0 else p[inside[0]]
    high = 1.0 if inside[-1] == len(p) - 1 else p[inside[-1]]
    return low, high


def simulate(parameters: Mapping[str, Any], numbers: range) -> Columns:
    """Return bounds and coverage of ``auto`` and of both intervals of the model.

    The package takes ``auto`` or the exact interval where the model has no place; so it is counted.
    """
    law = LAWS[parameters["design"]]
    truth = law.truth(parameters["rate"])
    columns: Columns = {
        f"{name}.{what}": np.full(len(numbers), np.nan)
        for name in NAMES
        for what in ("low", "high")
    }
    studies = data_sets(
        parameters["design"], parameters["clusters"], parameters["rate"], numbers, SEED
    )
    for place, (counts, rng) in enumerate(studies):
        made = found(counts, law, ["auto", "beta_binomial"], rng, level=LEVEL, resamples=2)
        bounds = {name: (one.low, one.high) for name, one in made.items()}
        bounds["profile"] = profile_interval(
            counts.numerators[:, 0], counts.numerators[:, 1], counts.multiplicity, LEVEL
        )
        for name, (low, high) in bounds.items():
            columns[f"{name}.low"][place], columns[f"{name}.high"][place] = low, high
    for name in NAMES:
        low, high = columns[f"{name}.low"], columns[f"{name}.high"]
        columns[f"{name}.covered"] = (low <= truth) & (truth <= high)
    return columns


def sums(parameters: Mapping[str, Any], columns: Columns) -> list[dict[str, Any]]:
    """Return coverage and mean width of each interval."""
    return [
        {
            "interval": name,
            "runs": len(columns[f"{name}.low"]),
            "covered": int(columns[f"{name}.covered"].sum()),
            "width": round(float((columns[f"{name}.high"] - columns[f"{name}.low"]).mean()), 6),
        }
        for name in NAMES
    ]
