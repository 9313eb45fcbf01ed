from __future__ import annotations

import numpy as np
import pytest

from planning.simulations import power_against_planner


@pytest.mark.simulation
@pytest.mark.parametrize(
    ("advantage", "low", "high"), [(0.0, 0.03, 0.08), (0.35, 0.5, 0.95)], ids=["none", "some"]
)
def test_fresh_studies_find_an_effect_as_often_as_a_pilot_promised(tmp_path, advantage, low, high):
    compared = power_against_planner(
        tmp_path,
        items=30,
        studies=80,
        pilot_items=100,
        self_advantage=advantage,
        knowledge=0.5,
        projection=0.0,
    )
    share = compared.found / compared.studies
    assert compared.studies == 80
    assert low <= compared.promised <= high
    # four standard errors of the share, and what a pilot of 200 prompts may be wrong
    sigma = np.sqrt(max(compared.promised * (1 - compared.promised), 0.02) / compared.studies)
    assert share == pytest.approx(compared.promised, abs=3 * sigma + 0.06)
