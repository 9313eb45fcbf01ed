"""Sizes of tests: how often each rejects a null that is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from comparisons.simulations import FAMILY, asking
from foresay.resampling import stream
from validity.fingerprints import COMPARISONS
from validity.study import SEED, Columns

ALPHA = 0.05
CODE = (
    *COMPARISONS,
    "tests/comparisons/nulls.py",
    "tests/comparisons/simulations.py",
    "tests/validity/rejecting.py",
)

P_Values = Callable[[int, np.random.Generator], Mapping[str, float]]

MODELS = {
    "crossed": "crossed_t",
    "two-way model": "two_way_wald",
    "random effects": "task_summary",
    "trend": "curve",
}
"""Functions of `comparisons.nulls`, by test."""


def _model(test: str) -> P_Values:
    from comparisons import nulls  # loads pandas and statsmodels

    return getattr(nulls, MODELS[test])


def _contrast(test: str) -> P_Values:
    scenario, spec = FAMILY[test]

    def p_values(clusters: int, rng: np.random.Generator) -> Mapping[str, float]:
        made = replace(scenario, clusters=clusters)
        return {test: asking(made, **spec)(made.draw(rng), rng).p_value}

    return p_values


def simulate(parameters: Mapping[str, Any], numbers: range) -> Columns:
    """Return, for each test and data set, whether it rejects and whether it has a p-value."""
    test, clusters = parameters["test"], parameters["clusters"]
    p_values = _model(test) if test in MODELS else _contrast(test)
    made = [
        p_values(clusters, stream(SEED, "size", test, str(clusters), str(number)))
        for number in numbers
    ]
    columns: Columns = {}
    for name in made[0]:
        p = np.array([one[name] for one in made])
        columns[f"{name}.defined"] = np.isfinite(p)
        columns[f"{name}.rejected"] = p <= ALPHA
    return columns


def summarise(parameters: Mapping[str, Any], columns: Columns) -> list[dict[str, Any]]:
    """Return one row a test."""
    names = [name.removesuffix(".defined") for name in columns if name.endswith(".defined")]
    return [
        {
            "test": name,
            "defined": int(columns[f"{name}.defined"].sum()),
            "rejected": int(columns[f"{name}.rejected"].sum()),
        }
        for name in names
    ]
