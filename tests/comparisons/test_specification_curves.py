from __future__ import annotations

import math
from statistics import median

import numpy as np
import pytest
from scipy import stats

from foresay.comparisons.specifications import by_reason
from foresay.display import csv_text
from foresay.errors import ChoiceError, UnsupportedError
from foresay.study.grids import Grid
from foresay.workbench import Workbench
from studies import answers, write_study

SETTING = {
    "choices": {"compliance": "count_wrong", "truth": "each", "resamples": 200, "seed": 3},
    "contrasts": {
        "gap": {"of": "accuracy", "where": "predictor = 'a'", "minus": "predictor = 'b'"},
        "times": {
            "of": "accuracy",
            "where": "predictor = 'a'",
            "minus": "predictor = 'b'",
            "scale": "ratio",
        },
        "inside": {
            "of": "accuracy",
            "where": "predictor = 'a' AND task <> 't2'",
            "minus": "predictor = 'b'",
        },
    },
}
ALL = {
    "compliance": {"count_wrong": "x", "ignore": "x"},
    "truth": {"each": "x", "modal": "x"},
    "weighting": {"micro": "x", "macro_property": "x"},
    "cluster": {"item": "x", "task": "x"},
    "interval": {"auto": "x", "bca": "x"},
    "where": [
        {"value": None, "reason": "x", "label": "all"},
        {"value": "task <> 't1'", "reason": "x", "label": "without t1"},
    ],
}
ONE = {"compliance": {"count_wrong": "x"}}


def tables(seed=2, tasks=4, items=12):
    rng = np.random.default_rng(seed)
    given, said = [], []
    for task in range(tasks):
        for item in range(items):
            name = f"t{task}-{item}"
            for property_ in "pq":
                common = int(rng.integers(3))
                drawn = [f"y{common if rng.random() < 0.7 else rng.integers(3)}" for _ in range(3)]
                given += answers("m", name, drawn, task=f"t{task}", property_=property_)
                for predictor, skill in (("a", 0.6), ("b", 0.35)):
                    known = rng.random() < skill
                    said.append(
                        {
                            "predictor": predictor,
                            "target": "m",
                            "task": f"t{task}",
                            "item": name,
                            "property": property_,
                            "prediction": f"y{common if known else rng.integers(3)}",
                            "compliant": bool(rng.random() < 0.85),
                        }
                    )
    return {"answers": given, "predictions": said}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("curve"), tables(), **SETTING)


@pytest.fixture(scope="module")
def bench(path):
    with Workbench.open(path) as study:
        yield study


def grid(of="gap", **content):
    return Grid.model_validate({"of": of, "choices": ALL, **content})


@pytest.fixture(scope="module")
def curve(bench):
    return bench.specification_curve(grid())


def summary(found, quantity):
    rows = found.summary[found.summary["quantity"] == quantity]
    assert len(rows) == 1
    return rows.iloc[0]


def choices_of(row):
    texts = {c.removeprefix("choice_"): row[c] for c in row.index if c.startswith("choice_")}
    named = {b.text: b.value for b in grid().choices["where"]}
    where = named[texts.pop("where")]
    return texts, where


def test_every_combination_has_a_row_and_a_place_in_the_curve(curve):
    frame = curve.specifications
    assert len(frame) == math.prod(len(b) for b in grid().choices.values())
    assert frame["specification"].tolist() == list(range(1, len(frame) + 1))
    ordered = frame.sort_values("order")
    assert ordered["order"].tolist() == list(range(1, len(frame) + 1))
    assert ordered["value"].is_monotonic_increasing
    assert summary(curve, "failed")["value"] == 0


@pytest.mark.parametrize("of", ["gap", "times", "accuracy", "advantage", "compliance"])
def test_a_specification_is_what_the_workbench_gives_under_its_choices(bench, of):
    if of in ("gap", "times"):
        choices = ALL
    else:
        choices = {**ALL, "baseline": {"mode_loo": "x", "uniform": "x"}}
        if of != "advantage":
            choices = ALL
    by = ["predictor"] if of not in ("gap", "times") else []
    frame = bench.specification_curve(grid(of, choices=choices, by=by)).specifications
    for _, row in frame.iloc[:: max(len(frame) // 8, 1) + 1].iterrows():
        texts, where = choices_of(row)
        known = bench.estimate(of, by=by, where=where, **texts)
        if by:
            known = known[known["predictor"] == row["predictor"]]
        one = known.iloc[0]
        for column in ("value", "low", "high", "standard_error", "n_trials", "n_clusters", "where"):
            assert row[column] == one[column] or (row[column] != row[column])
        assert row["interval"] == one["interval"]
        if "p_value" in known:
            assert row["p_value"] == one["p_value"]


def test_a_grid_of_one_branch_has_the_direct_estimate_for_its_median(bench):
    found = bench.specification_curve(grid(choices=ONE))
    known = bench.contrast("gap").iloc[0]
    for quantity in ("median", "lowest", "highest", "published"):
        assert summary(found, quantity)["value"] == known["value"]
    assert found.specifications["p_value"].tolist() == [known["p_value"]]
    assert found.importance["share"].isna().all()


def test_the_joint_test_of_one_specification_is_about_its_own_test(bench):
    found = bench.specification_curve(grid(choices=ONE), resamples=20_000)
    own = float(found.specifications["p_value"].iloc[0])
    for quantity in ("median", "average_z"):
        assert summary(found, quantity)["p_value"] == pytest.approx(own, abs=0.01)


def test_the_summary_says_what_the_rows_say(curve):
    frame = curve.specifications
    assert summary(curve, "median")["value"] == median(frame["value"])
    assert summary(curve, "lowest")["value"] == frame["value"].min()
    assert summary(curve, "highest")["value"] == frame["value"].max()
    assert summary(curve, "same_sign")["value"] == (frame["value"] > 0).mean()
    assert summary(curve, "significant")["value"] == (frame["verdict"] == "different").mean()
    assert summary(curve, "published")["value"] == frame.loc[frame["published"], "value"].item()
    assert "4 clusters (task) flipped" in summary(curve, "median")["note"]


def test_the_published_specification_has_the_choices_of_the_study(curve):
    row = curve.specifications[curve.specifications["published"]].iloc[0]
    texts, where = choices_of(row)
    assert where is None
    assert texts == {
        "compliance": "count_wrong",
        "truth": "each",
        "weighting": "micro",
        "cluster": "item",
        "interval": "auto",
    }


def test_choices_of_intervals_have_no_share_and_the_others_all_of_it(curve):
    shares = curve.importance.set_index("choice")["share"]
    assert shares[["cluster", "interval"]].tolist() == [0.0, 0.0]
    assert shares.sum() == pytest.approx(1.0)


def test_two_runs_and_one_or_two_threads_give_the_same_bytes(path, curve):
    known = [csv_text(frame) for frame in (curve.specifications, curve.summary, curve.importance)]
    with Workbench.open(path, threads=1) as study:
        again = study.specification_curve(grid())
    assert [csv_text(f) for f in (again.specifications, again.summary, again.importance)] == known


def test_adding_a_branch_changes_no_other_row(bench, curve):
    fewer = {**ALL, "truth": {"each": "x"}}
    found = bench.specification_curve(grid(choices=fewer)).specifications
    columns = [c for c in found if c.startswith("choice_")]
    both = found.merge(curve.specifications, on=columns, suffixes=("", "_of_all"))
    assert len(both) == len(found)
    assert both["low"].tolist() == both["low_of_all"].tolist()
    assert both["p_value"].tolist() == both["p_value_of_all"].tolist()


def test_one_combination_that_fails_does_not_stop_the_rest(bench):
    where = [
        {"value": None, "reason": "x", "label": "all"},
        {"value": "predictor = 'a'", "reason": "x", "label": "one arm"},
        {"value": "no_such_column = 1", "reason": "x", "label": "unknown"},
    ]
    found = bench.specification_curve(grid(choices={"where": where}))
    frame = found.specifications.set_index("choice_where")
    assert math.isfinite(frame.loc["all", "value"])
    assert "nothing to pair" in frame.loc["one arm", "note"]
    assert "no_such_column" in frame.loc["unknown", "note"]
    assert frame["order"].isna().tolist() == [False, True, True]
    assert summary(found, "failed")["value"] == 2
    assert summary(found, "median")["value"] == frame.loc["all", "value"]


def test_a_reason_is_told_with_the_branches_of_those_that_it_holds_for(bench):
    where = [
        {"value": None, "reason": "x", "label": "all"},
        {"value": "CAST(item AS INTEGER) = 1", "reason": "x", "label": "numbers"},
    ]
    choices = {"compliance": {"count_wrong": "x", "ignore": "x"}, "where": where}
    found = bench.specification_curve(grid(choices=choices), resamples=1_000)
    note = summary(found, "failed")["note"]
    assert note.startswith("2 with where numbers: where: 'CAST(item AS INTEGER) = 1' cannot be")
    assert "flipped 1,000 times" in summary(found, "median")["note"]
    excluded = [({"a": "x", "b": n}, f"the same as specification {n}") for n in "12"]
    assert by_reason(excluded) == ["2 with a x: the same as another combination"]


def test_a_group_that_a_condition_empties_keeps_its_row_with_the_reason(bench):
    where = [
        {"value": None, "reason": "x", "label": "all"},
        {"value": "task = 't1'", "reason": "x", "label": "one task"},
    ]
    found = bench.specification_curve(grid(choices={"where": where}, by=["task"]))
    frame = found.specifications
    assert frame.groupby("task").size().tolist() == [2, 2, 2, 2]
    lost = frame[(frame["task"] == "t2") & (frame["choice_where"] == "one task")].iloc[0]
    assert lost["note"] == "no trial in this group"
    assert math.isnan(lost["value"])


def test_where_every_combination_fails_the_reasons_are_told(bench):
    with pytest.raises(UnsupportedError, match=r"every combination failed .*nothing to pair"):
        bench.specification_curve(grid(choices=ONE, where="predictor = 'a'"))


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ({"compliance": {"count_wrong": "x", "bounds": "x"}}, "gives two bounds and no value"),
        ({"interval": {"auto": "x", "wilson": "x"}}, "wilson is for one proportion"),
        (
            {"weighting": {"micro": "x", "macro_task": "x"}, "cluster": {"item": "x", "task": "x"}},
            "so that a cell is a single cluster",
        ),
    ],
    ids=["bounds", "wilson", "cells"],
)
def test_combinations_without_a_meaning_are_left_out_with_the_reason(bench, choices, reason):
    found = bench.specification_curve(grid(choices=choices))
    assert len(found.excluded) == 1
    assert reason in found.excluded["reason"].iloc[0]
    assert len(found.specifications) == math.prod(map(len, choices.values())) - 1


def test_what_the_tables_lack_is_left_out(bench):
    choices = {"baseline": {"mode_loo": "x", "mode_train": "x", "other_model": "x"}}
    found = bench.specification_curve(grid("advantage", choices=choices))
    reasons = found.excluded.set_index("choice_baseline")["reason"]
    assert "needs the items of the train split" in reasons["mode_train"]
    assert "needs a predictor to compare with" in reasons["other_model"]
    assert found.specifications["choice_baseline"].tolist() == ["mode_loo"]


def test_combinations_with_one_result_by_definition_count_once(bench):
    choices = {
        "baseline": {"mode_loo": "x", "other_model": "x"},
        "baseline_predictor": {"a": "x", "b": "x"},
    }
    found = bench.specification_curve(grid("advantage", choices=choices, by=["predictor"]))
    assert found.excluded["reason"].tolist() == ["the same as specification 1"]
    assert found.specifications["specification"].unique().tolist() == [1, 3, 4]


def test_a_choice_that_changes_nothing_is_refused(bench):
    choices = {**ONE, "baseline": {"mode_loo": "x", "mode_insample": "x"}}
    with pytest.raises(ChoiceError, match="baseline changes nothing about gap; leave it out"):
        bench.specification_curve(grid(choices=choices))


def test_a_rule_of_the_study_file_leaves_combinations_out(bench):
    rule = {"when": {"compliance": "ignore", "cluster": "task"}, "reason": "not both"}
    choices = {k: ALL[k] for k in ("compliance", "cluster")}
    found = bench.specification_curve(grid(choices=choices, exclude=[rule]))
    assert found.excluded["reason"].tolist() == ["not both"]
    kept = found.specifications[["choice_compliance", "choice_cluster"]]
    assert ("ignore", "task") not in set(kept.itertuples(index=False, name=None))


def test_an_estimand_without_a_value_of_no_effect_is_not_tested(bench):
    found = bench.specification_curve(grid("accuracy", choices=ONE))
    assert summary(found, "median")["note"].startswith("no joint test: no value stands for")
    assert found.specifications["verdict"].tolist() == [""]
    assert "significant" not in set(found.summary["quantity"])


def test_an_advantage_is_flipped_about_nothing(bench):
    found = bench.specification_curve(
        grid("advantage", choices=ONE, where="predictor = 'a'"), resamples=5_000
    )
    (row,) = found.specifications.to_dict("records")
    z = abs(row["value"] / row["standard_error"])
    assert row["test"] == "interval"
    assert summary(found, "median")["p_value"] == pytest.approx(2 * stats.norm.sf(z), abs=0.05)


def test_crossed_clusters_cannot_be_flipped(bench):
    choices = {"crossed": [{"value": [], "reason": "x"}, {"value": ["property"], "reason": "x"}]}
    found = bench.specification_curve(grid(choices=choices))
    assert "share no clusters" in summary(found, "median")["note"]
    assert found.specifications["value"].notna().all()


def test_the_workbench_keeps_nothing_of_a_curve(bench):
    bench.population()
    before = set(bench._populations), bench._kept
    bench.specification_curve(grid(choices={"truth": ALL["truth"], "where": ALL["where"]}))
    assert set(bench._populations) == before[0]
    there = bench.engine.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    made = {f"_kept_{n}" for n in range(before[1] + 1, bench._kept + 1)}
    assert made
    assert not made & {name for (name,) in there}


def test_progress_is_told(bench):
    said = []
    bench.specification_curve(grid(choices={"truth": ALL["truth"]}), progress=said.append)
    assert said == [f"specification {n} of 2" for n in (1, 2)]
