from __future__ import annotations

import math

import numpy as np
import pytest

from foresay.errors import ChoiceError, ExpressionError, StudyError, UnsupportedError
from foresay.revisions.before_after import numbers_of
from foresay.revisions.paired import SAME
from foresay.revisions.reanalysis import reanalyse
from foresay.revisions.replies import paragraph
from foresay.revisions.verdict_changes import changed_verdicts
from foresay.study import Contrast
from foresay.study.requests import Change
from foresay.trials import UNIT
from foresay.workbench import Workbench
from revisions.small import SETTING, rows
from studies import csv_text, write_study

LONG = {
    "choices": {"interval": "percentile", "resamples": 20_000},
    "where": "split = 'held-out'",
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reanalysis")
    path = write_study(folder, rows(), **SETTING)
    (folder / "again.csv").write_text(csv_text(rows(9)["predictions"]), encoding="utf-8")
    elsewhere = rows(9, prefix="z")
    (folder / "others.csv").write_text(csv_text(elsewhere["predictions"]), encoding="utf-8")
    (folder / "other_answers.csv").write_text(csv_text(elsewhere["answers"]), encoding="utf-8")
    with Workbench.open(path) as study:
        yield study


def made(bench, change, **more):
    return reanalyse(bench, Change.model_validate(change), **more)


@pytest.mark.parametrize(
    "concern", ["gap", "accuracy", "advantage", "ceiling_resample", "over_tasks"]
)
def test_no_change_gives_differences_of_exactly_0(bench, concern):
    found = made(bench, {}, concerns=[concern])
    assert len(found.frame) > 0
    assert (found.frame["difference"].dropna() == 0).all()
    assert found.frame["difference"].notna().any()
    assert set(found.frame["changed"]) == {""}
    assert "the difference being exactly 0" in paragraph(found.frame, found.changes)


def test_the_interval_of_no_change_is_0(bench):
    frame = made(bench, {}, concerns=["gap", "accuracy"]).frame
    assert (frame[["difference_low", "difference_high", "difference_se"]] == 0).all(axis=None)
    assert all(SAME in note for note in frame["note"])


@pytest.mark.parametrize(
    ("change", "choices", "where"),
    [
        ({"choices": {"compliance": "paper"}}, {"compliance": "paper"}, None),
        ({"choices": {"weighting": "macro_task"}}, {"weighting": "macro_task"}, None),
        ({"choices": {"cluster": ["task"]}}, {"cluster": ["task"]}, None),
        ({"where": "split = 'held-out'"}, {}, "split = 'held-out'"),
        ({"without_items": ["t3", "t7"]}, {}, "item <> 't3' AND item <> 't7'"),
    ],
    ids=["choice", "weights", "clusters", "where", "items"],
)
@pytest.mark.parametrize("concern", ["gap", "accuracy"])
def test_before_and_after_are_what_the_study_says(bench, change, choices, where, concern):
    frame = made(bench, change, concerns=[concern], by=["target"]).frame
    before = bench.estimate(concern, by=["target"])
    after = bench.estimate(concern, by=["target"], where=where, **choices)
    assert len(frame) == 2
    for side, known in (("before", before), ("after", after)):
        for column, number in ((side, "value"), (f"{side}_low", "low"), (f"{side}_high", "high")):
            assert frame[column].tolist() == known[number].tolist()
    assert frame["difference"].tolist() == (after["value"] - before["value"]).tolist()


def by_hand(bench, where):
    """Return the differences that whole items drawn together for both sides give."""
    trials = bench.trials().to_pyarrow().to_pandas()
    trials = trials[trials["included"]]
    trials["right"] = trials["match"] / UNIT
    trials["kept"] = trials["split"].eq("held-out") if where else True
    sums = trials.assign(
        kept_right=trials["right"] * trials["kept"], kept=trials["kept"].astype(float), n=1.0
    )
    items = sums.groupby(["task", "item"])[["right", "n", "kept_right", "kept"]].sum().to_numpy()
    rng = np.random.default_rng(11)
    weights = rng.multinomial(len(items), np.full(len(items), 1 / len(items)), size=20_000)
    drawn = weights @ items
    return drawn[:, 2] / drawn[:, 3] - drawn[:, 0] / drawn[:, 1]


def test_the_paired_interval_is_that_of_a_joint_bootstrap_by_hand(bench):
    base = bench.choices.model_copy(update={"interval": "percentile", "resamples": 20_000})
    row = made(
        bench, {"where": "split = 'held-out'"}, base=base, concerns=["accuracy"], by=[]
    ).frame.iloc[0]
    drawn = by_hand(bench, "held-out")
    near = 0.05 * drawn.std()
    assert row["difference_se"] == pytest.approx(drawn.std(), abs=near)
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert row["difference_low"] == pytest.approx(low, abs=near)
    assert row["difference_high"] == pytest.approx(high, abs=near)
    # clusters drawn apart for the two would give a far wider one
    apart = math.hypot(row["before_high"] - row["before_low"], row["after_high"] - row["after_low"])
    assert row["difference_high"] - row["difference_low"] < 0.7 * apart


def test_other_clusters_change_the_interval_and_not_the_value(bench):
    frame = made(bench, {"choices": {"cluster": ["task"]}}).frame
    assert frame["estimand"].tolist() == ["gap"]
    assert frame["difference"].tolist() == [0]
    assert (frame["after_low"] != frame["before_low"]).all()
    assert "1 interval changed where the value did not" in paragraph(frame, [])


def test_other_tables_are_read_with_the_same_mapping(bench):
    frame = made(bench, {"tables": {"predictions": ["again.csv"]}}).frame
    assert frame["difference"].abs().iloc[0] > 0
    assert frame["difference_low"].notna().all()


def test_sides_without_a_common_item_are_not_paired(bench):
    change = {"tables": {"predictions": ["others.csv"], "answers": ["other_answers.csv"]}}
    frame = made(bench, change).frame
    assert frame["difference"].notna().all()
    assert frame["difference_low"].isna().all()
    assert "share no item" in frame["note"].iloc[0]


def test_an_added_contrast_has_no_before(bench):
    spec = {**SETTING["contrasts"]["gap"], "title": "Mine", "by": ["target"]}
    found = made(bench, {"contrasts": {"mine": spec}})
    added = found.frame[found.frame["estimand"] == "mine"]
    assert len(added) == 2
    assert added["before"].isna().all()
    assert added["after"].notna().all()
    assert (found.frame.loc[found.frame["estimand"] == "gap", "difference"] == 0).all()
    assert "not in the version" in paragraph(found.frame, found.changes)
    assert "mine" not in bench.study.contrasts


@pytest.mark.parametrize(
    ("change", "concerns", "error", "said"),
    [
        ({}, ["gapp"], ChoiceError, "did you mean 'gap'?"),
        ({"without_items": ["t33"]}, [], ChoiceError, "did you mean"),
        ({"tables": {"models": ["x.csv"]}}, [], ChoiceError, "no table 'models'"),
        ({"contrasts": {"gap": SETTING["contrasts"]["gap"]}}, [], ChoiceError, "in the study"),
        ({"choices": {"weighting": "macro_task", "cluster": "task"}}, [], StudyError, "cluster"),
        ({"choices": {"cluster": ["tsk"]}}, [], ChoiceError, "^cluster: no column 'tsk'"),
        ({"where": "nosuch = 1"}, [], ExpressionError, "nosuch"),
        ({"where": "split = 'never'"}, [], UnsupportedError, "nothing can be computed"),
        ({"choices": {"compliance": "bounds"}}, ["gap"], UnsupportedError, "bounds"),
    ],
    ids=[
        "concern",
        "item",
        "table",
        "contrast",
        "contradiction",
        "cluster",
        "column",
        "empty",
        "bounds",
    ],
)
def test_what_cannot_be_computed_is_refused(bench, change, concerns, error, said):
    with pytest.raises(error, match=said.replace("?", r"\?")):
        made(bench, change, concerns=concerns)


def test_groups_of_what_has_its_own_are_refused(bench):
    with pytest.raises(ChoiceError, match="over_tasks is a summary, with the groups"):
        made(bench, {}, concerns=["over_tasks"], by=["target"])
    assert len(made(bench, {}, concerns=["over_tasks", "gap"], by=["target"]).frame) > 2


def test_all_names_that_are_not_known_are_said(bench):
    with pytest.raises(ChoiceError) as caught:
        made(bench, {}, concerns=["gapp", "acuracy"])
    assert "'gap'" in str(caught.value)
    assert "'accuracy'" in str(caught.value)


def test_a_ratio_turns_its_sign_at_1(bench):
    spec = {**SETTING["contrasts"]["gap"], "scale": "ratio"}
    own = bench.study
    contrasts = {"ratio": Contrast.model_validate(spec)}
    bench.study = own.model_copy(update={"contrasts": {**own.contrasts, **contrasts}})
    try:
        found = made(bench, {"where": "role = 'cross' OR NOT compliant"}, concerns=["ratio"])
        (row,) = found.frame.to_dict("records")
        frame = bench.contrast("ratio")
    finally:
        bench.study = own
    assert row["before"] == frame["value"].iloc[0] > 1
    assert row["after"] == 0  # all that is left of self is not compliant
    assert "sign" in row["changed"]


def test_differences_carry_their_sign_whatever_they_are_called(bench):
    (row,) = made(bench, {}).frame.to_dict("records")
    assert numbers_of(row)["before"].startswith("+.")


TESTED = {"value": 0.1, "low": 0.05, "high": 0.15, "p_value": 0.01, "hypothesis": "difference"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({**TESTED, "verdict": "different"}, {**TESTED, "verdict": "different"}, ""),
        (
            {**TESTED, "verdict": "different"},
            {**TESTED, "value": -0.1, "verdict": "not shown"},
            "sign, significance",
        ),
        (
            {**TESTED, "verdict": "equivalent"},
            {**TESTED, "hypothesis": "equivalence", "verdict": "not shown"},
            "equivalence",
        ),
        (
            {"estimand": "advantage", "value": 0.1, "low": 0.05, "high": 0.2},
            {"estimand": "advantage", "value": 0.1, "low": -0.05, "high": 0.2},
            "significance",
        ),
        ({"estimand": "accuracy", "value": 0.1}, {"estimand": "accuracy", "value": 0.6}, ""),
        (
            {"value": 1.2, "reference": 1.0, "verdict": "different", "hypothesis": "difference"},
            {"value": 0.8, "reference": 1.0, "verdict": "different", "hypothesis": "difference"},
            "sign",
        ),
        ({**TESTED, "verdict": "different"}, {}, ""),
    ],
    ids=["none", "sign", "equivalence", "interval", "no reference", "ratio", "gone"],
)
def test_changed_verdicts_are_named(before, after, said):
    assert changed_verdicts(before, after) == said
