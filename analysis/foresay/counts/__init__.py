"""Counts: sums per cluster, collapsed to distinct patterns, and how trials become them."""

from foresay.counts.crossed import CrossedCounts, collapse_crossed
from foresay.counts.groups import AnyCounts, Group
from foresay.counts.layout import Layout
from foresay.counts.nested import NestedCounts, collapse_nested
from foresay.counts.patterns import (
    Counts,
    Estimator,
    FloatArray,
    IntArray,
    Sums,
    collapse,
    ratio,
)

__all__ = [
    "AnyCounts",
    "Counts",
    "CrossedCounts",
    "Estimator",
    "FloatArray",
    "Group",
    "IntArray",
    "Layout",
    "NestedCounts",
    "Sums",
    "collapse",
    "collapse_crossed",
    "collapse_nested",
    "ratio",
]
