"""Coverage of the choice of ``auto`` with two levels and two ways, and what others do there.

What is promised stands in the tables of `foresay.resampling.designs`; the runs here are few, so
the tolerance is three binomial standard errors.
"""

from __future__ import annotations

import numpy as np
import pytest

from foresay.counts import collapse
from foresay.counts.crossed import CrossedCounts
from foresay.resampling import estimate
from resampling.simulations import PROPORTION, coverage, coverages, data_sets, share

pytestmark = pytest.mark.simulation


def below(promised, runs):
    return promised - 3 * np.sqrt(promised * (1 - promised) / runs)


@pytest.mark.parametrize(
    ("clusters", "rate", "promised"),
    [(6, 0.5, 0.94), (6, 0.8, 0.94), (12, 0.8, 0.95), (30, 0.8, 0.94), (12, 0.95, 0.94)],
)
def test_auto_covers_with_two_levels(clusters, rate, promised):
    found = coverage("two-level", "auto", clusters, rate, 500, 11)
    assert found["coverage"] >= below(promised, 500)
    assert found["undefined"] == 0


def test_few_tasks_near_1_are_where_nothing_holds_and_auto_is_nearest():
    names = ["percentile", "cluster_t", "auto"]
    percentile, cluster_t, auto = coverages("two-level", names, 6, 0.95, 300, 11, resamples=200)
    assert percentile["coverage"] < 0.9
    assert cluster_t["coverage"] < 0.9
    assert auto["coverage"] >= below(0.91, 300)


@pytest.mark.parametrize(
    ("runs_of_study", "rate", "promised"),
    [(3, 0.5, 0.93), (3, 0.8, 0.94), (5, 0.8, 0.94), (10, 0.95, 0.94)],
)
def test_auto_covers_with_two_ways(runs_of_study, rate, promised):
    found = coverage("two-way", "auto", runs_of_study, rate, 500, 11)
    assert found["coverage"] >= below(promised, 500)
    assert found["coverage"] <= 0.99


@pytest.mark.parametrize(("design", "clusters"), [("two-level", 12), ("two-way", 5)])
def test_size_of_a_null_difference(design, clusters):
    found = coverage(f"{design} difference", "auto", clusters, 0.8, 500, 11)
    size = 1 - found["coverage"]
    assert size <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 500)
    assert size >= 0.005
    # neither side is favoured
    assert abs(found["below"] - found["above"]) <= 4 * np.sqrt(size / 500)


def items_alone(counts):
    if isinstance(counts, CrossedCounts):
        return counts.item_counts
    return collapse(
        {name: counts.numerators[:, j] for j, name in enumerate(counts.names)},
        multiplicity=counts.multiplicity * counts.outer_multiplicity[counts.outer],
    )


@pytest.mark.parametrize(("design", "clusters"), [("two-level", 12), ("two-way", 3)])
def test_items_alone_are_a_disaster_where_tasks_or_runs_differ(design, clusters):
    covered = 0
    for counts, rng in data_sets(design, clusters, 0.8, 200, 11):
        found = estimate(items_alone(counts), share, kind=PROPORTION, rng=rng)
        covered += found.low <= 0.8 <= found.high
    assert covered / 200 < 0.85


def test_the_same_arguments_give_the_same_numbers():
    one = coverages("two-way", ["auto", "bca"], 4, 0.7, 5, 3, resamples=50)
    assert one == coverages("two-way", ["auto", "bca"], 4, 0.7, 5, 3, resamples=50)
    assert one[1] == coverage("two-way", "bca", 4, 0.7, 5, 3, resamples=50)
    assert one != coverages("two-way", ["auto", "bca"], 4, 0.7, 5, 4, resamples=50)
