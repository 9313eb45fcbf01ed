"""Designs and weights, from a study's tables to the numbers, held against plain numpy."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from foresay.errors import ChoiceError, StudyError
from studies import answers, open_study, prediction

FAST = {"resamples": 200, "seed": 3}
TABLES = {"trials": {"files": "trials.csv", "conditions": ["run"]}}


def layout(tasks=4, items=12, runs=3, seed=5):
    """Trials of two predictors about one target, with effects of task, item and run."""
    rng = np.random.default_rng(seed)
    of_run = rng.normal(0, 0.1, runs)
    rows = []
    for task in range(tasks):
        of_task = rng.normal(0, 0.15)
        for item in range(items if task else items // 2):
            of_item = rng.normal(0, 0.1)
            for run in range(runs):
                for predictor in ("m", "x"):
                    rate = np.clip(0.6 + of_task + of_item + of_run[run], 0.05, 0.95)
                    rate -= 0.2 * (predictor == "x")
                    said = "a" if rng.random() < rate else "b"
                    rows.append(
                        {
                            "predictor": predictor,
                            "target": "m",
                            "task": f"task{task}",
                            "item": f"i{item}",
                            "property": "p" if item % 2 else "q",
                            "run": f"run{run}",
                            "seed": run or None,
                            "behaviour": "a",
                            "prediction": said,
                        }
                    )
    return rows


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    with open_study(
        tmp_path_factory.mktemp("designs"),
        {"trials": layout()},
        tables=TABLES,
        choices=FAST,
        contrasts={
            "gain": {"of": "accuracy", "where": "predictor = 'm'", "minus": "predictor = 'x'"}
        },
    ) as opened:
        yield opened


@pytest.fixture(scope="module")
def frame():
    made = pd.DataFrame(layout())
    made["match"] = (made["prediction"] == made["behaviour"]).astype(float)
    return made


def one(study, by="predictor", predictor="m", **choices):
    found = study.estimate("accuracy", by=by, **choices)
    return found[found["predictor"] == predictor].iloc[0]


def cluster_variance(part, columns):
    """The variance of a mean over clusters: squares of their sums of residuals."""
    residual = (part["match"] - part["match"].mean()).groupby([part[c] for c in columns]).sum()
    groups = len(residual)
    return groups / (groups - 1) * (residual**2).sum() / len(part) ** 2


def test_two_levels_vary_as_their_outer_clusters_do(study, frame):
    row = one(study, cluster="task", within="item", interval="cluster_t")
    part = frame[frame["predictor"] == "m"]
    assert row["value"] == pytest.approx(part["match"].mean())
    assert row["standard_error"] == pytest.approx(np.sqrt(cluster_variance(part, ["task"])))
    assert (row["n_clusters"], row["cluster"], row["within"]) == (4, "task", "item")
    assert "fewer than 30 clusters of task" in row["note"]


def test_a_bootstrap_of_two_levels_is_wider_than_one_of_prompts_alone(study):
    prompts = one(study, interval="percentile", resamples=2000)
    both = one(study, cluster="task", within="item", interval="percentile", resamples=2000)
    assert both["standard_error"] > 1.2 * prompts["standard_error"]


def test_two_ways_add_the_variance_of_items_and_runs_without_that_of_cells(study, frame):
    row = one(study, crossed="run", interval="cluster_t")
    part = frame[frame["predictor"] == "m"]
    items = cluster_variance(part, ["task", "item"])
    runs = cluster_variance(part, ["run"])
    cells = cluster_variance(part, ["task", "item", "run"])
    expected = max(items + runs - cells, items, runs)
    assert row["standard_error"] == pytest.approx(np.sqrt(expected), rel=1e-6)
    assert (row["n_clusters"], row["crossed"]) == (3, "run")


@pytest.mark.parametrize(
    ("weighting", "cells"),
    [("macro", ["task", "property"]), ("macro_task", ["task"]), ("macro_property", ["property"])],
)
@pytest.mark.parametrize(
    "design",
    [{}, {"cluster": "run", "within": "item"}, {"crossed": "run"}],
    ids=["one-level", "two-level", "two-way"],
)
def test_macro_weights_are_means_of_cells_in_every_design(study, frame, weighting, cells, design):
    row = one(study, weighting=weighting, **design)
    part = frame[frame["predictor"] == "m"]
    assert row["value"] == pytest.approx(part.groupby(cells)["match"].mean().mean())
    assert row["low"] < row["value"] < row["high"]
    assert (row["weighting"], row["n_trials"]) == (weighting, len(part))


def test_macro_over_one_cell_is_micro(study):
    by = "predictor,task,property"
    micro = study.estimate("accuracy", by=by)
    macro = study.estimate("accuracy", by=by, weighting="macro")
    pd.testing.assert_frame_equal(
        micro.drop(columns="weighting"), macro.drop(columns="weighting"), check_exact=True
    )


def test_a_macro_standard_error_is_that_of_the_mean_of_independent_cells(study, frame):
    """Every item lies in one cell here, so the errors of the cells add up."""
    row = one(study, weighting="macro", interval="cluster_t")
    part = frame[frame["predictor"] == "m"]
    cells = [cell for _, cell in part.groupby(["task", "property"])]
    errors = [cluster_variance(cell, ["item"]) for cell in cells]
    expected = np.sqrt(sum(errors)) / len(cells)
    # one factor G / (G - 1) for all clusters, where each cell has its own
    assert row["standard_error"] == pytest.approx(expected, rel=0.15)


def test_contrasts_have_every_design_and_weight(study, frame):
    of_task = frame.groupby(["predictor", "task"])["match"].mean().groupby("predictor").mean()
    row = study.contrast("gain", weighting="macro_task").iloc[0]
    assert row["value"] == pytest.approx(of_task["m"] - of_task["x"])
    assert (row["test"], row["note"].count("undefined")) == ("sign_flip", 0)
    two_way = study.contrast("gain", crossed="run").iloc[0]
    assert two_way["test"] == "t"
    assert "two crossed kinds of clusters cannot be flipped" in two_way["note"]
    two_level = study.contrast("gain", cluster="task", within="item").iloc[0]
    assert (two_level["n_clusters"], two_level["test"]) == (4, "sign_flip")
    whole = frame.groupby("predictor")["match"].mean()
    for found in (two_way, two_level):
        assert found["value"] == pytest.approx(whole["m"] - whole["x"])


def test_a_macro_sign_flip_of_equal_tasks_is_that_of_the_sums(tmp_path):
    """Where all cells have the same size, macro and micro weights flip the same law."""
    rows = [r for r in layout(items=8) if r["task"] != "task0"]
    spec = {"of": "accuracy", "where": "predictor = 'm'", "minus": "predictor = 'x'"}
    with open_study(
        tmp_path, {"trials": rows}, tables=TABLES, choices=FAST, contrasts={"gain": spec}
    ) as study:
        micro = study.contrast("gain").iloc[0]
        macro = study.contrast("gain", weighting="macro").iloc[0]
    assert macro["value"] == pytest.approx(micro["value"])
    assert macro["p_value"] == pytest.approx(micro["p_value"])


def test_trends_have_designs_and_weights(tmp_path):
    tables = {"trials": {"files": "trials.csv", "conditions": ["run", "n_train"]}}
    rows = [
        {**row, "n_train": n, "prediction": "a" if k % 7 < reach else row["prediction"]}
        for n, reach in ((1, 0), (4, 4))
        for k, row in enumerate(layout(items=6))
    ]
    with open_study(tmp_path, {"trials": rows}, tables=tables, choices=FAST) as study:
        found = study.trend(weighting="macro_task", crossed="run")
        points = found[(found["quantity"] == "point") & (found["series"] == "self")]
    made = pd.DataFrame(rows)
    made = made[made["predictor"] == "m"]
    match = (made["prediction"] == made["behaviour"]).groupby([made["n_train"], made["task"]])
    expected = match.mean().groupby("n_train").mean()
    assert points["value"].tolist() == pytest.approx(expected.tolist())
    assert set(points["n_clusters"]) == {3}


def test_an_empty_cell_makes_a_macro_mean_undefined_and_is_named(tmp_path):
    rows = [{**r, "behaviour": None if r["task"] == "task2" else "a"} for r in layout()]
    with open_study(tmp_path, {"trials": rows}, tables=TABLES, choices=FAST) as study:
        row = study.estimate("accuracy", by="predictor", weighting="macro_task").iloc[0]
    assert np.isnan(row["value"])
    assert "1 of 4 cells have nothing in the denominator (task2)" in row["note"]


def test_a_macro_mean_over_fewer_cells_than_others_have_says_which_are_not_there(tmp_path):
    rows = [r for r in layout() if not (r["predictor"] == "x" and r["task"] == "task3")]
    with open_study(tmp_path, {"trials": rows}, tables=TABLES, choices=FAST) as study:
        found = study.estimate("accuracy", by="predictor", weighting="macro_task")
    notes = found.set_index("predictor")["note"]
    assert "averages 3 of the 4 cells of this table: no trials in task3" in notes["x"]
    assert "averages" not in notes["m"]


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"within": "item", "crossed": "run"}, "within and crossed"),
        ({"crossed": "run", "strata": "task"}, "strata and crossed"),
        ({"within": "item"}, "which cluster holds already"),
        ({"crossed": "item"}, "which cluster holds already"),
        ({"cluster": "task", "within": "itme"}, "did you mean 'item'"),
        ({"crossed": "rum"}, "did you mean 'run'"),
        ({"cluster": ["task", "item"], "within": "task"}, "which cluster holds already"),
        ({"weighting": "marco"}, "macro"),
        ({"weighting": "macro", "cluster": "task"}, "a cell is a single cluster"),
        ({"strata": "run"}, r"42 clusters lie in several strata of run, such as task task0, item"),
        ({"cluster": "task", "strata": "property"}, "4 clusters lie in several strata"),
        ({"crossed": "seed"}, "seed is missing in 84 trials"),
    ],
    ids=lambda value: value if isinstance(value, str) else json.dumps(value),
)
def test_designs_that_contradict_themselves_are_refused(study, choices, said):
    with pytest.raises((ChoiceError, StudyError), match=said) as refused:
        study.estimate("accuracy", **choices)
    assert "'compliance'" not in str(refused.value)  # the choices are not spelt out


def test_raw_agreement_has_no_properties_to_average_over_and_says_so(tmp_path):
    rows = [
        {"model": "m", "task": "t", "item": f"i{i}", "sample": s, "response": "ab"[i * s % 2]}
        for i in range(4)
        for s in range(3)
    ]
    with open_study(tmp_path, {"responses": rows}, choices=FAST) as study:
        found = study.estimate("agreement_raw", weighting="macro_property").iloc[0]
    assert found["value"] == 0.5
    assert found["weighting"] == "micro"
    assert "no property to average over" in found["note"]


def test_behaviours_have_designs_and_weights_too(tmp_path):
    rng = np.random.default_rng(2)
    places = [(f"t{t}", f"i{i}") for t in range(3) for i in range(5 + t)]
    behaviours = [
        {**row, "answer": "ab"[int(rng.random() < 0.3)]}
        for task, item in places
        for row in answers("m", item, "aaaa", task=task)
    ]
    said = [{**prediction("m", "m", item, "a"), "task": task} for task, item in places]
    with open_study(tmp_path, {"answers": behaviours, "predictions": said}, choices=FAST) as study:
        by_task = study.estimate("ceiling_resample,agreement_answer", by="task")
        macro = study.estimate("ceiling_resample,agreement_answer", weighting="macro_task")
        levels = study.estimate("ceiling_resample,agreement_answer", cluster="task", within="item")
    for name in ("ceiling_resample", "agreement_answer"):
        mean = by_task.loc[by_task["estimand"] == name, "value"].mean()
        row = macro[macro["estimand"] == name].iloc[0]
        assert row["value"] == pytest.approx(mean)
        assert row["n_clusters"] == 18
        two_level = levels[levels["estimand"] == name].iloc[0]
        assert two_level["n_clusters"] == 3
        assert "clusters of task" in two_level["note"]
