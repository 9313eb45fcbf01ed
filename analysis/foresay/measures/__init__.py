"""Estimators: pure functions of sums. No randomness, no tables, no labels."""

from foresay.measures.baselines import Baseline
from foresay.measures.kinds import Difference, Kind, Mean, Proportion, Ratio
from foresay.measures.measure import Measure
from foresay.measures.registry import find_measure, measures

__all__ = [
    "Baseline",
    "Difference",
    "Kind",
    "Mean",
    "Measure",
    "Proportion",
    "Ratio",
    "find_measure",
    "measures",
]
