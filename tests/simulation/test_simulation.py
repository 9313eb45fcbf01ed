from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foresay.simulation import World, simulate, true_values
from foresay.workbench import Workbench

SMALL = World(tasks=3, items=150, properties=2)


def test_the_same_world_and_seed_give_the_same_tables():
    one, other, third = (simulate(SMALL, seed).files() for seed in (1, 1, 2))
    assert one == other
    assert one["predictions.csv"] != third["predictions.csv"]


def test_knowledge_grows_with_training_and_reaches_half_at_the_half_life():
    world = World(knowledge=0.6, self_advantage=0.2, half_life=100)
    assert world.known(own=False, n_train=0) == 0
    assert world.known(own=False, n_train=100) == pytest.approx(0.3)
    assert world.known(own=True, n_train=100) == pytest.approx(0.4)


@pytest.mark.parametrize(
    "wrong", [{"knowledge": 0.9, "self_advantage": 0.2}, {"n_train": (5, 5)}, {"itmes": 3}]
)
def test_an_impossible_world_is_refused(wrong):
    with pytest.raises(ValueError, match=r"knowledge|n_train|itmes"):
        World(**wrong)


@pytest.fixture(scope="module")
def estimated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("simulated")
    world = World(tasks=3, items=3000, n_train=(0, 300), self_advantage=0.15)
    path = simulate(world, 7).write(folder)
    with Workbench.open(path) as study:
        assert study.validate().ok
        frame = study.estimate(["accuracy", "compliance", "ceiling_resample"], by="predictor")
        gains = study.contrast("self_advantage")
    return pd.concat([frame, gains], ignore_index=True), true_values(world, 7)


def test_estimates_of_a_large_study_recover_the_truth(estimated):
    frame, truth = estimated
    checked = 0
    for row in truth.to_dict("records"):
        rows = frame[frame["estimand"] == row["estimand"]]
        if isinstance(row["predictor"], str):
            rows = rows[rows["predictor"] == row["predictor"]]
        elif row["estimand"] == "self_advantage":
            rows = rows[rows["n_train"] == row["n_train"]]
        found = rows.iloc[0]
        error = found["standard_error"] if np.isfinite(found["standard_error"]) else 1e-9
        # 15 comparisons at 4 standard errors, and the error of the truth's own mean
        assert abs(found["value"] - row["value"]) < 4 * error + 0.003, row
        checked += 1
    assert checked == 11


def test_projection_pulls_a_cross_predictor_towards_its_own_behaviour():
    never, always = (
        true_values(World(projection=p, similarity=0.0, n_train=(0,)), 3, prompts=40_000)
        for p in (0.0, 1.0)
    )
    accuracy = [
        t[(t["estimand"] == "accuracy") & (t["predictor"] == "other")]["value"].item()
        for t in (never, always)
    ]
    assert accuracy[1] < accuracy[0]
