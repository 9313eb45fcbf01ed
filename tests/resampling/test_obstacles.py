from __future__ import annotations

import numpy as np
import pytest

from foresay.counts import collapse
from foresay.counts.crossed import collapse_crossed
from foresay.counts.nested import collapse_nested
from foresay.measures import Difference, Proportion, find_measure
from foresay.measures.macro import macro
from foresay.resampling import estimate
from foresay.resampling.obstacles import FEW_CLUSTERS, FEW_THAT_DIFFER, support
from resampling.simulations import PROPORTION, data_sets, share

KIND = Proportion("match", "trials")


def warned(match, trials=2, **more):
    match = np.asarray(match, np.int64)
    columns = {"match": match, "trials": np.full(len(match), trials)}
    return support(collapse(columns, **more), KIND).warnings


def mostly_right(wrong, clusters=50):
    return np.where(np.arange(clusters) < wrong, 1, 2)


@pytest.mark.parametrize("wrong", [1, 4, FEW_THAT_DIFFER - 1])
def test_few_clusters_that_are_not_all_right_are_warned_of(wrong):
    are = "is" if wrong == 1 else "are"
    said = f"only {wrong} of 50 clusters {are} not all right: interval approximate"
    assert warned(mostly_right(wrong)) == (said,)
    assert warned(2 - mostly_right(wrong)) == (said.replace("right", "wrong"),)


def test_enough_clusters_that_differ_are_none_of_its_business():
    assert warned(mostly_right(FEW_THAT_DIFFER)) == ()
    assert warned(np.ones(50)) == ()


def test_no_cluster_that_differs_is_for_the_exact_interval_to_say():
    assert warned(np.full(50, 2)) == ()


def test_few_clusters_at_all_are_one_warning():
    assert warned(mostly_right(3, FEW_CLUSTERS - 1)) == (
        "fewer than 30 clusters: interval approximate",
    )


def test_clusters_without_trials_do_not_count():
    match, trials = np.repeat([0, 1, 2], [40, 3, 37]), np.repeat([0, 2, 2], [40, 3, 37])
    found = support(collapse({"match": match, "trials": trials}), KIND)
    assert found.warnings == ("only 3 of 40 clusters are not all right: interval approximate",)


def test_a_difference_has_no_right_and_wrong():
    gain = np.where(np.arange(50) < 3, 1, 0)
    counts = collapse({"gain": gain, "trials": np.full(50, 2)})
    assert support(counts, Difference()).warnings == ()


def test_two_levels_look_at_the_outer_clusters():
    match = np.repeat(mostly_right(3, 40), 3)
    columns = {"match": match, "trials": np.full(120, 2)}
    counts = collapse_nested(columns, outer=np.repeat(np.arange(40), 3), levels=("task", "item"))
    assert support(counts, KIND).warnings == (
        "only 3 of 40 clusters of task are not all right: interval approximate",
    )


def test_two_ways_look_at_the_items():
    item, run = (place.reshape(-1) for place in np.indices((40, 35)))
    match = np.where((item < 4) & (run == 0), 0, 1)
    columns = {"match": match, "trials": np.ones(len(item), np.int64)}
    counts = collapse_crossed(columns, item=item, run=run)
    assert support(counts, KIND).warnings == (
        "only 4 of 40 clusters of item are not all right: interval approximate",
    )


def cells(first, second, both=0):
    """Clusters that have trials in the first cell, in the second, and in both."""
    inside = np.repeat([[1, 0], [0, 1], [1, 1]], [first, second, both], axis=0)
    measure = macro(find_measure("accuracy"), ["a", "b"])
    columns = {
        name: inside[:, int(name[4])] * (1 + (name[6:] == "trials")) for name in measure.sums
    }
    return collapse(columns), measure.kind


def test_a_cell_with_few_clusters_is_warned_of():
    assert support(*cells(60, 5)).warnings == (
        "1 cell has fewer than 30 clusters: interval approximate",
    )
    assert support(*cells(20, 20)).warnings == (
        "2 cells have fewer than 30 clusters: interval approximate",
    )
    assert support(*cells(60, 30)).warnings == ()
    assert support(*cells(5, 5, 40)).warnings == ()


def test_cells_of_arms_are_cells():
    counts, _ = cells(60, 5)
    columns = {f"of.{n}": counts.numerators[:, j] for j, n in enumerate(counts.names)}
    found = support(collapse(columns, multiplicity=counts.multiplicity), Difference())
    assert found.warnings == ("1 cell has fewer than 30 clusters: interval approximate",)


@pytest.mark.simulation
def test_auto_near_1_with_fifty_clusters_says_that_it_is_approximate():
    studies = list(data_sets("one-level", 50, 0.98, 40, 5))
    notes = [estimate(counts, share, kind=PROPORTION, rng=rng).note for counts, rng in studies]
    assert sum("approximate" in note or "exact bound" in note for note in notes) >= 0.9 * 40
    far = [
        estimate(counts, share, kind=PROPORTION, rng=rng).note
        for counts, rng in data_sets("one-level", 50, 0.5, 40, 5)
    ]
    assert far == [""] * 40
