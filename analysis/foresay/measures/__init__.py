"""Estimators: pure functions of sums. No randomness, no tables, no labels."""

from foresay.measures.baselines import Baseline
from foresay.measures.kinds import Difference, Kind, Proportion, Ratio
from foresay.measures.measure import Measure
from foresay.measures.registry import find_measure, measures

__all__ = [
    "Baseline",
    "Difference",
    "Kind",
    "Measure",
    "Proportion",
    "Ratio",
    "find_measure",
    "measures",
]
