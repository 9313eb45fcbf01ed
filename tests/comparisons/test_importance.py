from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from foresay.comparisons import importance as module
from foresay.comparisons.importance import importance


def grid(*sizes):
    cells = list(itertools.product(*(range(n) for n in sizes)))
    return {f"c{j}": [str(cell[j]) for cell in cells] for j in range(len(sizes))}, np.array(cells)


def shares(values, branches):
    return {one.choice: one.share for one in importance(np.asarray(values, float), branches)}


def test_a_full_grid_without_interactions_gives_the_shares_of_an_analysis_of_variance():
    branches, cells = grid(2, 3, 4)
    effects = [np.array([0.0, 1.0]), np.array([0.0, 2.0, -1.0]), np.array([0.0, 0.3, 0.1, 0.2])]
    values = sum(effect[cells[:, j]] for j, effect in enumerate(effects))
    spread = [np.var(effect) for effect in effects]
    for one, part in zip(importance(values, branches), spread, strict=True):
        assert one.share == pytest.approx(part / sum(spread))
        assert one.alone == pytest.approx(one.share)


def test_an_interaction_is_divided_evenly():
    branches, cells = grid(2, 2)
    values = np.where(cells[:, 0] == cells[:, 1], 1.0, -1.0)
    found = importance(values, branches)
    assert [one.share for one in found] == pytest.approx([0.5, 0.5])
    assert [one.alone for one in found] == pytest.approx([0.0, 0.0])


def test_shares_add_up_to_one_where_combinations_are_missing():
    branches, _ = grid(3, 3, 2)
    rng = np.random.default_rng(5)
    kept = rng.random(18) < 0.6
    values = rng.normal(size=18)[kept]
    left = {
        name: [t for t, k in zip(texts, kept, strict=True) if k] for name, texts in branches.items()
    }
    assert sum(shares(values, left).values()) == pytest.approx(1.0)


def test_shares_are_the_mean_over_all_orders_of_adding_choices():
    branches, _ = grid(2, 2, 3)
    values = np.random.default_rng(6).normal(size=12)

    def explained(names):
        cells = list(zip(*(branches[n] for n in names), strict=True)) or [()] * 12
        means = {
            c: np.mean([v for v, d in zip(values, cells, strict=True) if d == c]) for c in cells
        }
        return np.var([means[c] for c in cells])

    orders = list(itertools.permutations(branches))
    for name, share in shares(values, branches).items():
        added = [
            explained(order[: order.index(name) + 1]) - explained(order[: order.index(name)])
            for order in orders
        ]
        assert share == pytest.approx(np.mean(added) / np.var(values))


def test_a_choice_that_is_not_varied_has_no_share():
    branches, cells = grid(2, 1)
    found = shares(cells[:, 0], branches)
    assert found == {"c0": pytest.approx(1.0), "c1": 0.0}


@pytest.mark.parametrize("values", [[0.1, 0.1, 0.1, 0.1], [0.3]], ids=["equal", "one"])
def test_results_that_do_not_vary_have_no_shares(values):
    branches = {"c0": ["a", "b", "a", "b"][: len(values)]}
    assert all(math.isnan(share) for share in shares(values, branches).values())


def test_too_many_choices_are_not_decomposed(monkeypatch):
    monkeypatch.setattr(module, "MOST_CHOICES", 1)
    branches, cells = grid(2, 2)
    assert all(math.isnan(s) for s in shares(cells.sum(axis=1), branches).values())
