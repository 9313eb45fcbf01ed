from __future__ import annotations

import math

import numpy as np
import pytest

from foresay.display import csv_text
from foresay.errors import ChoiceError, UnsupportedError
from foresay.workbench import Workbench
from studies import answers, write_study

SETTING = {
    "choices": {"compliance": "count_wrong", "truth": "each", "resamples": 150, "seed": 3},
    "contrasts": {
        "gap": {"of": "accuracy", "where": "role = 'self'", "minus": "role = 'cross'"},
        "asked": {"of": "compliance", "where": "role = 'self'", "minus": "role = 'cross'"},
        "inside": {
            "of": "accuracy",
            "where": "role = 'self' AND split = 'train'",
            "minus": "role = 'cross' AND split = 'train'",
            "versus": {
                "where": "role = 'self' AND split = 'held-out'",
                "minus": "role = 'cross' AND split = 'held-out'",
            },
        },
    },
}
NUMBERS = ("value", "low", "high", "standard_error", "p_value", "n_trials", "n_clusters")


def tables(seed=4, tasks=3, items=8):
    """Two targets, each predicted by itself and by two others, which skip some items."""
    rng = np.random.default_rng(seed)
    given, said = [], []
    for target in ("m", "o"):
        for task in range(tasks):
            for item in range(items):
                name = f"t{task}-{item}"
                for property_ in "pq":
                    common = int(rng.integers(3))
                    drawn = [
                        f"y{common if rng.random() < 0.7 else rng.integers(3)}" for _ in range(3)
                    ]
                    given += answers(target, name, drawn, task=f"t{task}", property_=property_)
                    for predictor in ("m", "o", "x"):
                        if predictor != target and rng.random() < 0.4:
                            continue
                        known = rng.random() < (0.6 if predictor == target else 0.3)
                        said.append(
                            {
                                "predictor": predictor,
                                "target": target,
                                "task": f"t{task}",
                                "item": name,
                                "property": property_,
                                "prediction": f"y{common if known else rng.integers(3)}",
                                "compliant": bool(rng.random() < 0.85),
                                "split": "train" if item < 3 else "held-out",
                                "batch": f"b{rng.integers(3)}",
                            }
                        )
    return {"answers": given, "predictions": said}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    path = write_study(tmp_path_factory.mktemp("influence"), tables(), **SETTING)
    with Workbench.open(path) as study:
        yield study


def recomputed(bench, of, row, by=(), **choices):
    known = bench.estimate(of, by=list(by), where=row["where"] or None, **choices)
    for column in by:
        known = known[known[column] == row[column]]
    return known.iloc[0]


@pytest.mark.parametrize(
    ("of", "by", "choices"),
    [
        ("gap", [], {}),
        ("gap", ["target"], {"interval": "bca", "weighting": "macro_property"}),
        ("asked", [], {"interval": "percentile"}),
        ("inside", [], {}),
        ("accuracy", ["role"], {"interval": "percentile"}),
        ("normalized_accuracy", ["target"], {"cluster": ["task"]}),
        ("ceiling_resample", ["target"], {}),
    ],
    ids=["contrast", "groups", "compliance", "four arms", "estimand", "ratio", "behaviours"],
)
def test_a_result_without_a_part_is_that_under_the_condition_against_it(bench, of, by, choices):
    frame = bench.influence(of, by=by, clusters=3, **choices)
    assert {"", "task", "property", "model", "cluster"} >= set(frame["over"])
    assert len(frame) > 6
    for _, row in frame[frame["value"].notna()].iterrows():
        known = recomputed(bench, of, row, by, **choices)
        if row["over"] == "cluster":
            assert row["value"] == pytest.approx(known["value"], abs=1e-12)
            continue
        for column in NUMBERS:
            if column in known:
                one, other = row[column], known[column]
                assert one == other or (math.isnan(one) and math.isnan(other)), (row, column)


def test_items_that_lose_their_partner_leave_the_other_arm_too(bench):
    frame = bench.influence("gap", over=["model"], clusters=0)
    row = frame[frame["without"] == "x"].iloc[0]
    whole = frame.iloc[0]
    pairs = bench.trials(where="role = 'cross' AND predictor <> 'x'")
    left = pairs.select("target", "task", "item", "property").distinct().count().to_pyarrow()
    assert row["n_trials"] < whole["n_trials"]
    assert row["n_trials"] == 2 * left.as_py()  # one other model and one self on each item


def test_a_mode_is_learnt_within_its_own_cell_so_that_parts_leave_it_as_it_is(bench):
    frame = bench.influence("advantage", over=["task", "property"], clusters=0, by=["predictor"])
    for _, row in frame[frame["over"] != ""].iterrows():
        assert row["value"] == recomputed(bench, "advantage", row, ["predictor"])["value"]


def test_the_most_influential_clusters_are_those_whose_deletion_changes_most(bench):
    whole = bench.contrast("gap").iloc[0]["value"]
    frame = bench.influence("gap", over=[], clusters=1_000)
    rows = frame[frame["over"] == "cluster"]
    known = {}
    for task, item in {(t, f"{t}-{i}") for t in ("t0", "t1", "t2") for i in range(8)}:
        condition = f"NOT (task = '{task}' AND item = '{item}')"
        known[f"{task} · {item}"] = bench.contrast("gap", where=condition).iloc[0]["value"]
    found = rows.set_index("without")["value"].to_dict()
    assert found == pytest.approx({name: known[name] for name in found}, abs=1e-12)
    assert set(known) - set(found) == {n for n, v in known.items() if n not in found}
    changes = rows["change"].abs().round(12)
    assert changes.is_monotonic_decreasing
    assert changes.iloc[0] == pytest.approx(max(abs(v - whole) for v in known.values()))


def test_clusters_that_split_items_are_paired_anew(bench):
    frame = bench.influence("gap", over=[], clusters=2, cluster=["batch"], interval="cluster_t")
    for _, row in frame[frame["over"] == "cluster"].iterrows():
        assert row["value"] == pytest.approx(recomputed(bench, "gap", row)["value"], abs=1e-12)


def test_a_change_is_the_difference_from_the_whole_in_its_errors(bench):
    frame = bench.influence("gap", clusters=2)
    whole = frame.iloc[0]
    assert whole["over"] == ""
    assert math.isnan(whole["change"])
    known = frame[frame["over"].ne("") & frame["value"].notna()]
    assert known["change"].tolist() == (known["value"] - whole["value"]).tolist()
    assert known["change_in_errors"].tolist() == pytest.approx(
        ((known["value"] - whole["value"]) / whole["standard_error"]).tolist()
    )


def test_where_nothing_is_left_the_row_says_so(bench):
    frame = bench.influence("accuracy", by=["predictor"], over=["model"], clusters=0)
    row = frame[(frame["predictor"] == "x") & (frame["without"] == "x")].iloc[0]
    assert math.isnan(row["value"])
    assert row["note"] == "nothing is left without it"


def test_a_part_that_a_group_has_not_has_no_row(bench):
    frame = bench.influence("accuracy", by=["task"], over=["task"], clusters=0)
    left = frame[frame["over"] == "task"]
    assert (left["task"] == left["without"]).all()


def test_names_that_could_end_a_condition_are_quoted(tmp_path):
    made = tables(tasks=2, items=4)
    for rows in made.values():
        for row in rows:
            row["task"] = row["task"].replace("t0", 'it\'s "a" task; --')
    with Workbench.open(write_study(tmp_path, made, **SETTING)) as study:
        frame = study.influence("gap", over=["task"], clusters=2)
        for _, row in frame[frame["over"] != ""].iterrows():
            known = recomputed(study, "gap", row)["value"]
            assert row["value"] == pytest.approx(known, abs=1e-12)


def test_unknown_columns_and_estimands_are_refused(bench):
    with pytest.raises(ChoiceError, match="did you mean 'property'"):
        bench.influence("gap", over=["proprty"])
    with pytest.raises(ChoiceError, match="did you mean 'accuracy'"):
        bench.influence("acuracy")


@pytest.mark.parametrize(
    ("of", "choices", "said"),
    [
        ("ceiling_modal", {}, "a bracket without one value"),
        ("accuracy", {"compliance": "bounds"}, "two bounds and no value"),
        ("ece", {}, "no function of sums over clusters"),
    ],
)
def test_what_has_no_single_value_over_clusters_is_refused(bench, of, choices, said):
    with pytest.raises(ChoiceError, match=said):
        bench.influence(of, **choices)


def test_two_runs_give_the_same_bytes(bench):
    one, other = (csv_text(bench.influence("gap", clusters=4)) for _ in range(2))
    assert one == other


def test_a_condition_that_no_trial_satisfies_leaves_nothing_to_estimate(bench):
    with pytest.raises(UnsupportedError, match="no trial satisfies \"task = 'none'\""):
        bench.influence("accuracy", over=["task"], where="task = 'none'")
