"""What training gained, and how much of it is compliance."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from foresay.counts import collapse
from foresay.errors import ChoiceError, UnsupportedError
from foresay.measures.gain import gain_measures
from foresay.resampling import estimate_many, stream
from foresay.simulation import World, simulate, true_values
from foresay.workbench import Workbench
from studies import answers, open_study, prediction

CHOICES = {"compliance": "count_wrong", "resamples": 300}
MODELS = [
    {"model": "m", "base": None, "stage": "base", "n_train": 0},
    {"model": "m-self", "base": "m", "stage": "self-trained", "n_train": 100},
]
ITEMS = [f"i{n}" for n in range(4)]
TABLES = {
    "models": MODELS,
    "answers": [row for item in ITEMS for row in answers("m", item, "a")],
    "predictions": [
        *(
            prediction("m", "m", item, said, compliant=form)
            for item, said, form in zip(ITEMS, "abaa", (True, True, False, False), strict=True)
        ),
        *(
            prediction("m-self", "m", item, said, compliant=True)
            for item, said in zip(ITEMS, "aaab", strict=True)
        ),
    ],
}
WORKED = {
    "accuracy_before": 1 / 4,
    "accuracy_after": 3 / 4,
    "compliance_before": 1 / 2,
    "compliance_after": 1.0,
    "gain": 1 / 2,
    # half of the replies more, times a mean accuracy of 5/8; a quarter more right, of 3/4
    "gain_compliance": 5 / 16,
    "gain_accuracy": 3 / 16,
    "gain_share": 5 / 8,
}


def gained(folder, tables=TABLES, /, **more):
    with open_study(folder, tables, choices=CHOICES) as bench:
        return bench.compliance_gain(**more)


def test_a_gain_comes_apart_as_worked_by_hand(tmp_path):
    found = gained(tmp_path)
    assert found.set_index("estimand")["value"].to_dict() == pytest.approx(WORKED)
    assert set(found["predictor"]) == {"m-self"}
    assert set(found["before"]) == {"m"}


def test_it_is_an_estimand_too(tmp_path):
    with open_study(tmp_path, TABLES, choices=CHOICES) as bench:
        found = bench.estimate(["accuracy", "compliance_gain"], by=[])
    assert {"accuracy", "gain_share"} <= set(found["estimand"])


def test_only_the_same_items_under_the_same_conditions_are_compared(tmp_path):
    rows = [{**row, "wording": "you"} for row in TABLES["predictions"]]
    rows += [prediction("m", "m", item, "b", compliant=True, wording="by name") for item in ITEMS]
    extra = answers("m", "i9", "a")
    rows += [prediction("m-self", "m", "i9", "b", compliant=True, wording="you")]
    found = gained(
        tmp_path, {**TABLES, "answers": [*TABLES["answers"], *extra], "predictions": rows}
    )
    assert found.set_index("estimand")["value"].to_dict() == pytest.approx(WORKED)
    assert found["note"].str.contains("1 trials on items that only one of the two has").all()
    assert (found["n_items"] == 4).all()


def test_where_nobody_complied_before_the_parts_are_undefined(tmp_path):
    rows = [{**row, "compliant": row["predictor"] == "m-self"} for row in TABLES["predictions"]]
    found = gained(tmp_path, {**TABLES, "predictions": rows}).set_index("estimand")
    assert found.loc["gain", "value"] == pytest.approx(3 / 4)
    assert np.isnan(found.loc["gain_compliance", "value"])
    assert found.loc["gain_share", "note"].startswith("undefined: no compliant prediction before")


@pytest.mark.parametrize("policy", ["ignore", "drop_either", "bounds"])
def test_a_policy_that_forgives_form_has_no_part_of_compliance(tmp_path, policy):
    with pytest.raises(ChoiceError, match=f"under compliance {policy}.*paper or count_wrong"):
        gained(tmp_path, compliance=policy)


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        ({k: t for k, t in TABLES.items() if k != "models"}, "columns `base`"),
        ({**TABLES, "predictions": TABLES["predictions"][4:]}, "base was asked"),
        ({**TABLES, "predictions": TABLES["predictions"][:4]}, "no predictor was trained"),
        ({k: t for k, t in TABLES.items() if k != "predictions"}, "the study has none"),
    ],
    ids=["models", "before", "after", "predictions"],
)
def test_what_is_missing_is_named(tmp_path, tables, reason):
    with pytest.raises(UnsupportedError, match=reason):
        gained(tmp_path, tables)


def test_macro_weights_average_the_parts_of_each_cell(tmp_path):
    tasks = {item: f"t{n // 2}" for n, item in enumerate(ITEMS)}
    tables = {
        name: rows if name == "models" else [{**row, "task": tasks[row["item"]]} for row in rows]
        for name, rows in TABLES.items()
    }
    rows = [
        {**row, "compliant": True} if row["item"] == "i2" else row for row in tables["predictions"]
    ]
    tables["predictions"] = rows
    whole = gained(tmp_path / "a", tables, weighting="macro_task").set_index("estimand")["value"]
    parts = gained(tmp_path / "b", tables, by="task")
    mean = parts.groupby("estimand")["value"].mean()
    for name in ("gain", "gain_compliance", "gain_accuracy"):
        assert whole[name] == pytest.approx(mean[name])
    assert whole["gain_compliance"] + whole["gain_accuracy"] == pytest.approx(whole["gain"])


def test_the_parts_sum_to_the_gain_in_every_resample():
    rng = np.random.default_rng(1)
    columns = {f"{arm}.trials": np.full(60, 2) for arm in ("of", "minus")}
    for arm in ("of", "minus"):
        columns[f"{arm}.compliant_trials"] = rng.integers(1, 3, 60)
        columns[f"{arm}.match"] = rng.integers(0, columns[f"{arm}.compliant_trials"] + 1)
    counts = collapse({name: column.astype(np.int64) for name, column in columns.items()})
    measures = gain_measures()
    made = estimate_many(
        counts, measures, interval="percentile", resamples=500, rng=stream(1, "gain")
    )
    drawn = {m.name: e.replicates for m, e in zip(measures, made, strict=True)}
    total = drawn["gain_compliance"] + drawn["gain_accuracy"]
    np.testing.assert_allclose(total, drawn["gain"], atol=1e-12)
    some = drawn["gain"] != 0
    shares = drawn["gain_compliance"][some] / drawn["gain"][some]
    np.testing.assert_allclose(drawn["gain_share"][some], shares)
    assert np.isnan(drawn["gain_share"][~some]).all()


def test_the_part_is_the_mean_over_both_orders_of_the_two_factors():
    """Shapley: change compliance first, or accuracy among the compliant first."""
    grid = [0.1, 0.4, 0.9]
    part = {m.name: m for m in gain_measures()}["gain_compliance"]
    for c0, a0, c1, a1 in itertools.product(grid, repeat=4):
        n = 1000
        sums = {
            "of.trials": n, "of.compliant_trials": n * c1, "of.match": n * c1 * a1,
            "minus.trials": n, "minus.compliant_trials": n * c0, "minus.match": n * c0 * a0,
        }  # fmt: skip
        counts = collapse({k: np.array([round(v)], np.int64) for k, v in sums.items()})
        orders = ((c1 - c0) * a0, (c1 - c0) * a1)
        assert float(part.estimator(counts.totals)) == pytest.approx(np.mean(orders))


@pytest.mark.simulation
def test_a_large_simulated_study_gains_what_its_world_says(tmp_path):
    world = World(tasks=3, items=2500, n_train=(0, 300), compliance_before=0.4)
    with Workbench.open(simulate(world, 9).write(tmp_path)) as bench:
        found = bench.compliance_gain()
    true = true_values(world, 9).set_index(["estimand", "predictor"])["value"]
    checked = 0
    for name, base, _, n in world.predictors():
        if not n:
            continue
        c0, c1 = (true["compliance", who] for who in (base, name))
        a0, a1 = (true["accuracy", who] / c for who, c in ((base, c0), (name, c1)))
        expected = {
            "gain": c1 * a1 - c0 * a0,
            "gain_compliance": (c1 - c0) * (a0 + a1) / 2,
            "gain_accuracy": (a1 - a0) * (c0 + c1) / 2,
        }
        rows = found[found["predictor"] == name].set_index("estimand")
        for estimand, value in expected.items():
            row = rows.loc[estimand]
            assert abs(row["value"] - value) < 4 * row["standard_error"] + 0.003
            checked += 1
    assert checked == 6


def test_the_table_has_the_columns_of_estimates(tmp_path):
    with open_study(tmp_path, TABLES, choices=CHOICES) as bench:
        gain, plain = bench.compliance_gain(), bench.estimate("accuracy", by="predictor")
    tail = list(plain.columns)[2:]
    assert list(gain.columns)[-len(tail) :] == tail
    assert isinstance(gain, pd.DataFrame)
