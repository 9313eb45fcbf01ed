"""Counts: sums per cluster, collapsed to distinct patterns, and how trials become them."""

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
    "Counts",
    "Estimator",
    "FloatArray",
    "IntArray",
    "Sums",
    "collapse",
    "ratio",
]
