from __future__ import annotations

import numpy as np
import pytest

from foresay.errors import UnsupportedError
from foresay.planning import ceiling_precision


def draw(rng, n_items, k):
    p = rng.dirichlet(np.full(3, 0.6), n_items)
    return np.array([rng.multinomial(k, row) for row in p])


def ceilings(counts):
    k = counts.sum(axis=1)
    return (counts * (counts - 1)).sum(axis=1) / (k * (k - 1))


@pytest.mark.simulation
@pytest.mark.parametrize("k", [2, 3, 5, 10])
def test_the_planned_error_is_the_error_of_studies_of_that_size(k):
    rng = np.random.default_rng(4)
    pilot = draw(rng, 4000, 6)
    planned = ceiling_precision(pilot.tolist(), repeats=[k], items=[200])["standard_error"][0]
    simulated = np.std([ceilings(draw(rng, 200, k)).mean() for _ in range(1500)])
    assert planned == pytest.approx(simulated, rel=0.06)


def test_repeats_buy_less_than_items_once_the_target_is_known():
    rng = np.random.default_rng(5)
    table = ceiling_precision(draw(rng, 500, 8).tolist(), repeats=[2, 20, 2], items=[100, 1000])
    error = table.set_index(["repeats", "items"])["standard_error"].to_dict()
    assert error[20, 100] < error[2, 100]
    assert error[2, 1000] < error[20, 100]  # the same number of replies
    assert error[2, 1000] == pytest.approx(error[2, 100] / np.sqrt(10))


def test_a_target_that_always_repeats_itself_has_no_error():
    table = ceiling_precision([[5, 0]] * 20, repeats=[2], items=[10])
    assert table["standard_error"][0] == 0


def test_too_few_repeats_to_plan_from_is_said():
    with pytest.raises(UnsupportedError, match="at least 2 items with 4 repeats; there are 0"):
        ceiling_precision([[2, 1]] * 50, repeats=[5], items=[10])
