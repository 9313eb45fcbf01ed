from __future__ import annotations

import numpy as np
import pytest

from foresay.errors import ChoiceError, UnsupportedError
from foresay.workbench import Workbench
from studies import SHIPPED, answers, open_study, prediction

RUNS = {"runs": 200}


@pytest.fixture(scope="module")
def shipped():
    with Workbench.open(SHIPPED) as study:
        yield study


@pytest.fixture
def bench(tmp_path):
    """Twenty prompts with five repeats; m predicts itself better than n does."""
    given = ["aaaaa", "aaaab", "aabbb", "bbbba"]
    tables = {
        "answers": [r for i in range(20) for r in answers("m", f"i{i}", given[i % 4])],
        "predictions": [
            prediction(p, "m", f"i{i}", said, half="own" if i else "other")
            for i in range(20)
            for p, said in (("m", "a" if i % 3 else "b"), ("n", "b" if i % 2 else "a"))
        ],
    }
    contrasts = {
        "ratio": {
            "of": "accuracy",
            "where": "role = 'self'",
            "minus": "role = 'cross'",
            "scale": "ratio",
        },
        "apart": {
            "of": "accuracy",
            "where": "predictor = 'm'",
            "minus": "predictor = 'n' AND half = 'own'",
        },
        "same": {
            "of": "accuracy",
            "where": "role = 'self'",
            "minus": "role = 'cross'",
            "hypothesis": "equivalence",
            "margin": 0.1,
        },
    }
    families = {"both": {"contrasts": ["self_advantage", "ratio"]}}
    with open_study(tmp_path, tables, contrasts=contrasts, families=families) as study:
        yield study


def test_a_plan_has_the_groups_and_the_choices_of_its_contrast(shipped):
    table = shipped.power(effects=[0.05], clusters=[240], **RUNS)
    assert list(table.columns[:9]) == [
        *("estimand", "target", "n_train", "effect", "clusters", "power", "low", "high", "runs")
    ]
    assert table["n_train"].tolist() == [100, 300, 1000]
    assert set(table["n_clusters"]) == {240}
    assert set(table["compliance"]) == {"count_wrong"}
    assert not table["note"].str.contains("undefined").any()
    assert table["power"].between(0.8, 1).all()


def test_the_planned_standard_error_is_that_of_the_contrast(shipped):
    plan = shipped.minimum_detectable_effect(clusters=[240], **RUNS)
    contrast = shipped.contrast()
    np.testing.assert_allclose(plan["standard_error"], contrast["standard_error"], rtol=1e-7)


def test_the_planned_ceiling_error_is_that_of_the_ceiling(shipped):
    plan = shipped.ceiling_precision(repeats=[3], items=[839]).set_index("target")
    made = shipped.estimate("ceiling_resample", by="target").set_index("target")
    target = "smollm2-135m-instruct"
    assert plan.loc[target, "standard_error"] == pytest.approx(
        made.loc[target, "standard_error"], rel=1e-9
    )
    assert plan.loc[target, "n_items"] == 839
    assert "at least 2 items with 3 repeats" in plan.loc["gemma-3-270m", "note"]
    assert np.isnan(plan.loc["gemma-3-270m", "standard_error"])


def test_without_anything_named_sizes_and_effects_are_laid_around_the_study(bench):
    table = bench.power(**RUNS)
    assert sorted(set(table["clusters"])) == [10, 20, 40, 80]
    effects = sorted(set(table["effect"]))
    found = bench.minimum_detectable_effect(clusters=[20], **RUNS)["effect"][0]
    assert len(effects) == 4
    assert effects[0] < found < effects[-1] * 1.5
    assert sorted(set(bench.ceiling_precision()["items"])) == [10, 20, 40, 80]
    assert sorted(set(bench.ceiling_precision()["repeats"])) == [2, 3, 5, 10, 20]


def test_the_same_plan_has_the_same_bytes(bench):
    asked = {"effects": [0.2], "clusters": [40], **RUNS}
    assert bench.power(**asked).equals(bench.power(**asked))
    assert not bench.power(**asked)["power"].equals(bench.power(seed=2, **asked)["power"])


def test_a_ratio_is_planned_as_a_ratio(bench):
    plan = bench.minimum_detectable_effect("ratio", clusters=[200], **RUNS).iloc[0]
    assert plan["effect"] > 1
    assert (plan["reference"], plan["direction"]) == (1, "above 1")
    table = bench.power("ratio", effects=[1.0, plan["effect"]], clusters=[200], runs=1_000)
    assert table["power"][0] < 0.1
    assert table["power"][1] == pytest.approx(0.8, abs=0.06)


def test_a_family_is_named(bench):
    table = bench.power(effects=[0.2], clusters=[40], **RUNS)
    assert table["note"][0] == "not corrected for the family 'both': its tests find less"


def test_another_interval_is_not_what_is_planned(shipped):
    table = shipped.power(effects=[0.05], clusters=[240], by="target", interval="bca", **RUNS)
    assert table["note"].str.contains("planned with interval auto, not bca").all()


def test_an_estimand_is_held_against_a_reference(bench):
    asked = {"clusters": [100], "by": "predictor", **RUNS}
    table = bench.power("accuracy", reference=0.3, effects=[0.2, 0.8], **asked)
    assert set(table["reference"]) == {0.3}
    assert table.loc[table["effect"] == 0.2, "power"].gt(0.5).all()
    assert table.loc[table["effect"] == 0.8, "note"].str.contains("beyond what any mixture").all()
    assert bench.power("advantage", effects=[0.1], **asked)["reference"].eq(0).all()


def test_without_a_reference_precision_is_what_is_planned(bench):
    plan = bench.minimum_detectable_effect("accuracy", by="predictor", clusters=[20], **RUNS)
    made = bench.estimate("accuracy", by="predictor")
    np.testing.assert_allclose(plan["standard_error"], made["standard_error"], rtol=1e-6)
    assert plan["effect"].isna().all()
    assert plan["note"].str.contains("needs a value that it is a difference from").all()
    assert plan["note"].str.contains(r"\(--reference 0.5\)").all()


def test_macro_weights_are_planned_with(shipped):
    where = "predictor = 'smollm2-self-n1000'"
    asked = {"by": "predictor", "where": where, "weighting": "macro_task"}
    plan = shipped.minimum_detectable_effect("accuracy", clusters=[240], **asked, **RUNS)
    made = shipped.estimate("accuracy", **asked)
    np.testing.assert_allclose(plan["standard_error"], made["standard_error"], rtol=1e-6)


def test_arms_that_share_no_items_are_the_reason(bench):
    table = bench.power("apart", effects=[0.1], clusters=[40], by="half", **RUNS).set_index("half")
    assert table.loc["own", "power"] >= 0
    assert table.loc["other", "note"].startswith("undefined: the arms share no items")


def test_the_test_of_few_clusters_is_that_of_the_verdict(bench):
    table = bench.power(effects=[0.2], clusters=[4, 20, 100], **RUNS)
    assert table["test"].tolist() == ["sign_flip", "sign_flip", "interval"]
    assert table["note"][0].startswith("flipping 4 clusters has no p-value below 0.125")
    assert table["power"][0] == 0
    plan = bench.minimum_detectable_effect(clusters=[4, 40], **RUNS)
    assert np.isnan(plan["effect"][0])
    assert plan["note"][0].startswith("undefined: flipping 4 clusters")
    assert plan["effect"][1] > 0
    estimand = bench.power("accuracy", reference=0.3, effects=[0.2], clusters=[20], **RUNS)
    assert set(estimand["test"]) == {"interval"}


def test_a_group_that_is_too_small_does_not_stop_the_others(bench):
    where = "predictor = 'm' OR item IN ('i1', 'i2', 'i3')"
    table = bench.power(
        "accuracy", reference=0.5, effects=[0.1], clusters=[40], by="predictor", where=where, **RUNS
    ).set_index("predictor")
    assert table.loc["m", "power"] > 0
    assert table.loc["n", "note"] == (
        "undefined: 3 clusters are too few to plan from; at least 10 are needed"
    )
    assert table.loc["n", "n_clusters"] == 3
    assert np.isnan(table.loc["n", "power"])


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda b: b.power("accurcy"), "did you mean 'accuracy'"),
        (lambda b: b.power("self_advantag"), "did you mean 'self_advantage'"),
        (lambda b: b.power("accuracy"), "name one, such as reference=0.5"),
        (lambda b: b.power(reference=0.5), "is a contrast"),
        (lambda b: b.power("accuracy", reference=1.0), "between 0 and 1; got 1"),
        (lambda b: b.power("accuracy", reference=float("nan")), "between 0 and 1; got nan"),
        (lambda b: b.power("same"), "its hypothesis is equivalence"),
        (lambda b: b.power(by="targt"), "did you mean 'target'"),
        (lambda b: b.power(cluster="task"), "1 cluster is too few to plan from"),
        (lambda b: b.power(cluster="task", within="item"), "clusters of one level"),
        (lambda b: b.power("accuracy", reference=0.5, compliance="bounds"), "two ends"),
        (lambda b: b.power(compliance="bounds"), "not defined"),
        (lambda b: b.ceiling_precision(repeats=[1]), "2 to 10,000 repeats"),
        (lambda b: b.ceiling_precision(by="targt"), "did you mean 'target'"),
        (lambda b: b.ceiling_precision(cluster="task", within="item"), "clusters of one level"),
        (lambda b: b.ceiling_precision(where="item = 'i1'"), "at least 2 items with 3 repeats"),
        (lambda b: b.ceiling_precision(where="item = 'none'"), "nothing to plan from"),
    ],
)
def test_what_cannot_be_planned_is_said(bench, ask, said):
    with pytest.raises((ChoiceError, UnsupportedError), match=said):
        ask(bench)


def test_a_study_without_repeats_has_no_ceiling_to_plan(tmp_path):
    trials = [{**prediction("m", "m", f"i{i}", "a"), "behaviour": "a"} for i in range(12)]
    with (
        open_study(tmp_path, {"trials": trials}) as bench,
        pytest.raises(UnsupportedError, match="needs repeated behaviours"),
    ):
        bench.ceiling_precision()
