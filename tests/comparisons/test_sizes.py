from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from scipy import stats

SPEC = importlib.util.spec_from_file_location(
    "comparison_simulations", Path(__file__).parent / "simulations.py"
)
simulations = importlib.util.module_from_spec(SPEC)
sys.modules["comparison_simulations"] = simulations
SPEC.loader.exec_module(simulations)

RUNS = 250
SHARP = (
    "one against five",
    "interaction, unequal",
    "mcnemar .5",
    "equivalence at the margin",
    "superiority at the margin",
)
"""Tests whose size is not held down by few distinct values."""


@pytest.mark.simulation
@pytest.mark.parametrize("name", simulations.NULLS)
def test_no_test_rejects_a_true_null_more_often_than_it_says(name):
    scenario, spec = simulations.NULLS[name]
    rejected, defined = simulations.rejections(scenario, RUNS, 11, **spec)
    assert defined > 0.9 * RUNS
    assert rejected <= stats.binom.ppf(0.9999, defined, 0.055)
    if name in SHARP:
        assert rejected >= stats.binom.ppf(0.0001, defined, 0.04)


@pytest.mark.simulation
@pytest.mark.parametrize(
    ("rates", "spec"),
    [
        ((0.8, 0.6), {}),
        ((0.8, 0.6), {"test": "mcnemar"}),
        ((0.7, 0.7), {"hypothesis": "equivalence", "margin": 0.15}),
        ((0.8, 0.5), {"hypothesis": "superiority", "margin": 0.1}),
        ((0.9, 0.4, 0.5, 0.5), {}),
    ],
)
def test_every_test_finds_what_is_there(rates, spec):
    scenario = simulations.Scenario(
        clusters=200, rates=rates, trials=(1,) * len(rates), correlation=0.3
    )
    rejected, defined = simulations.rejections(scenario, 40, 12, **spec)
    assert rejected > 0.8 * defined
