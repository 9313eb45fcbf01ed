from __future__ import annotations

import importlib.util
import itertools
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from foresay.comparisons.joint_tests import Scores, joint_test
from foresay.resampling import stream

SPEC = importlib.util.spec_from_file_location(
    "comparison_worlds", Path(__file__).parent / "worlds.py"
)
worlds = importlib.util.module_from_spec(SPEC)
sys.modules["comparison_worlds"] = worlds
SPEC.loader.exec_module(worlds)

RUNS = 300
P_VALUES = ("p_median", "p_share_significant", "p_average_z")


def scores(values, labels=None):
    labels = range(len(values)) if labels is None else labels
    return Scores(
        values=(), labels=tuple((one,) for one in labels), scores=np.asarray(values, float)
    )


def joint(effects, place=None, level=0.95, flips=999, seed=1):
    place = np.arange(len(effects)) if place is None else np.asarray(place)
    levels = np.full(len(place), level)
    return joint_test(effects, place, levels, flips=flips, rng=stream(seed, "joint"))


def test_one_specification_agrees_with_all_flips():
    values = np.array([0.05, 0.02, -0.01, 0.04, 0.03, 0.01, 0.06, -0.02])
    exact = np.mean(
        [
            abs(np.dot(signs, values)) >= abs(values.sum()) - 1e-12
            for signs in itertools.product((-1, 1), repeat=len(values))
        ]
    )
    found = joint([scores(values)], flips=20_000)
    assert found.median == pytest.approx(values.sum())
    assert found.average_z == pytest.approx(values.sum() / np.sqrt((values**2).sum()))
    assert found.p_median == pytest.approx(exact, abs=0.01)
    assert found.p_average_z == found.p_median


def test_the_median_and_the_shares_weigh_each_specification_once():
    strong, weak = scores(np.full(20, 0.02)), scores([0.02, -0.02] * 10)
    found = joint([strong, weak], place=[0, 0, 0, 1])
    assert found.median == pytest.approx(0.4)
    assert found.share_significant == 0.75
    assert found.n_clusters == 20


def test_effects_of_opposite_sign_do_not_add_up_to_significance():
    up, down = scores(np.full(20, 0.02)), scores(np.full(20, -0.02))
    found = joint([up, down])
    assert found.median == pytest.approx(0.0, abs=1e-9)
    assert found.share_significant == 0.5
    assert found.p_median == 1.0


def test_a_cluster_that_a_specification_lacks_contributes_nothing_to_it():
    whole = scores([0.3, 0.1, 0.2], labels=["a", "b", "c"])
    part = scores([0.3, 0.2], labels=["c", "a"])
    found = joint([whole, part])
    assert found.n_clusters == 3
    assert found.median == pytest.approx((0.6 + 0.5) / 2)


def test_neither_the_order_of_clusters_nor_blocks_change_a_byte(monkeypatch):
    rng = np.random.default_rng(3)
    values = rng.normal(size=(2, 40))
    forward = [scores(v, labels=range(40)) for v in values]
    backward = [scores(v[::-1], labels=range(39, -1, -1)) for v in values]
    known = joint(forward)
    assert joint(backward) == known
    monkeypatch.setattr("foresay.comparisons.joint_tests._BLOCK", 40 * 8)
    assert joint(forward) == known


def test_an_effect_to_which_nobody_contributes_is_never_significant():
    found = joint([scores(np.zeros(10))])
    assert (found.median, found.share_significant, found.average_z) == (0.0, 0.0, 0.0)
    assert found.p_median == 1.0


@pytest.mark.parametrize("values", [[], [0.1]])
def test_fewer_than_two_clusters_are_not_tested(values):
    found = joint([scores(values)])
    assert np.isnan(found.p_median)
    assert found.reason == "fewer than two clusters to flip"


@pytest.fixture(scope="module")
def under_the_null():
    return [worlds.examined(worlds.world(), 7, run) for run in range(RUNS)]


@pytest.mark.simulation
@pytest.mark.parametrize("statistic", P_VALUES)
def test_a_world_without_an_effect_is_rejected_as_often_as_the_level_says(
    statistic, under_the_null
):
    rejected = sum(getattr(one, statistic) <= 0.05 for one in under_the_null)
    assert rejected <= stats.binom.ppf(0.9999, RUNS, 0.05)
    if statistic != "p_share_significant":  # a share of twelve has few distinct values
        assert rejected >= stats.binom.ppf(0.0001, RUNS, 0.05)


@pytest.mark.simulation
def test_an_effect_is_found():
    found = [worlds.examined(worlds.world(effect=0.6, items=40), 8, run) for run in range(30)]
    for statistic in P_VALUES:
        assert sum(getattr(one, statistic) <= 0.05 for one in found) >= 25
    assert np.mean([one.median for one in found]) > 0
