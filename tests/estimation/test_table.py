from __future__ import annotations

import math

import pandas as pd
import pytest

from foresay.errors import ChoiceError, ExpressionError, StudyError, UnsupportedError
from studies import answers, open_study, prediction

FAST = {"resamples": 200, "seed": 3}


def hand_worked(tmp_path, **choices):
    """Four items: predictions right, wrong, non-compliant but right, about a bad behaviour."""
    behaviours = [
        *answers("m", "i1", "aaa"),
        *answers("m", "i2", "aab"),
        *answers("m", "i3", "ccc"),
        *answers("m", "i4", "ddd"),
    ]
    for row in behaviours:
        row["compliant"] = row["item"] != "i4"
    said = [
        prediction("m", "m", "i1", "a", compliant=True),
        prediction("m", "m", "i2", "c", compliant=True),
        prediction("m", "m", "i3", "c", compliant=False),
        prediction("m", "m", "i4", "d", compliant=True),
    ]
    return open_study(
        tmp_path,
        {"answers": behaviours, "predictions": said},
        choices={**FAST, **choices},
    )


@pytest.mark.parametrize(
    ("policy", "value", "n_trials", "n_excluded"),
    [
        ("paper", 1 / 3, 3, 1),  # i4 excluded; i3 wrong
        ("drop_either", 1 / 2, 2, 2),  # i3 and i4 excluded
        ("count_wrong", 2 / 4, 4, 0),  # i3 wrong, i4 used
        ("ignore", 3 / 4, 4, 0),
    ],
)
def test_compliance_policies_on_a_hand_worked_table(tmp_path, policy, value, n_trials, n_excluded):
    with hand_worked(tmp_path, compliance=policy) as study:
        row = study.estimate("accuracy").iloc[0]
    assert row["value"] == pytest.approx(value)
    assert (row["n_trials"], row["n_excluded"]) == (n_trials, n_excluded)
    assert row["compliance"] == policy


def test_bounds_run_from_all_non_compliant_wrong_to_all_right(tmp_path):
    with hand_worked(tmp_path, compliance="bounds") as study:
        row = study.estimate("accuracy").iloc[0]
    assert math.isnan(row["value"])
    assert "bounds 0.500 to 0.750" in row["note"]
    assert row["low"] < 0.5
    assert row["high"] > 0.75


def test_partial_truth_counts_in_part(tmp_path):
    behaviours = [*answers("m", "i1", "aab"), *answers("m", "i2", "ab")]
    said = [prediction("m", "m", "i1", "a"), prediction("m", "m", "i2", "b")]
    with open_study(tmp_path, {"answers": behaviours, "predictions": said}, choices=FAST) as study:
        frame = study.estimate(["accuracy", "ceiling_resample", "normalized_accuracy"])
    values = dict(zip(frame["estimand"], frame["value"], strict=True))
    assert values["accuracy"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert values["ceiling_resample"] == pytest.approx((1 / 3 + 0) / 2)
    assert values["normalized_accuracy"] == pytest.approx((7 / 12) / (1 / 6))


def test_compliance_of_predictions_counts_excluded_ones(tmp_path):
    with hand_worked(tmp_path, compliance="paper") as study:
        row = study.estimate("compliance").iloc[0]
    assert (row["value"], row["n_trials"], row["n_excluded"]) == (0.75, 4, 0)


def test_every_row_carries_its_choices_and_its_place(tmp_path):
    with hand_worked(tmp_path) as study:
        frame = study.estimate("accuracy", by=["predictor", "target"], truth="first")
    assert list(frame.columns[:4]) == ["estimand", "predictor", "target", "value"]
    row = frame.iloc[0]
    assert row["truth"] == "first"
    assert row["cluster"] == "item"
    assert len(row["fingerprint"]) == 12


def test_grouping_gives_the_same_numbers_as_selecting(tmp_path):
    behaviours = [r for n in range(12) for r in answers("m", f"i{n}", "ab"[n % 2] * 2)]
    behaviours += [r for n in range(12) for r in answers("o", f"i{n}", "ba"[n % 3 == 0] * 2)]
    said = [prediction("m", "m", f"i{n}", "a") for n in range(12)]
    said += [prediction("m", "o", f"i{n}", "b") for n in range(7)]
    estimands = ["accuracy", "baseline_mode", "ceiling_resample", "advantage"]
    with open_study(tmp_path, {"answers": behaviours, "predictions": said}, choices=FAST) as study:
        grouped = study.estimate(estimands, by="target")
        selected = study.estimate(estimands, by="target", where="target = 'o'")
    both = grouped[grouped["target"] == "o"].reset_index(drop=True)
    columns = ["value", "n_trials", "n_items", "n_clusters"]
    pd.testing.assert_frame_equal(both[columns], selected[columns])


def test_missing_group_values_are_a_group_of_their_own(tmp_path):
    behaviours = [r for n in range(4) for r in answers("m", f"i{n}", "aa")]
    said = [prediction("m", "m", f"i{n}", "a", wording="you" if n < 3 else None) for n in range(4)]
    estimands = ["accuracy", "baseline_mode"]
    with open_study(tmp_path, {"answers": behaviours, "predictions": said}, choices=FAST) as study:
        frame = study.estimate(estimands, by="wording")
    assert frame["n_trials"].tolist() == [3, 1, 3, 1]
    assert frame["wording"].isna().tolist() == [False, True, False, True]


def test_pooled_conditions_are_named(tmp_path):
    behaviours = [r for n in range(4) for r in answers("m", f"i{n}", "aa")]
    said = [
        prediction("m", "m", f"i{n}", "a", wording=w) for n in range(4) for w in ("you", "name")
    ]
    with open_study(tmp_path, {"answers": behaviours, "predictions": said}, choices=FAST) as study:
        assert "pools different values of wording" in study.estimate("accuracy")["note"][0]
        assert "pools" not in study.estimate("accuracy", by="wording")["note"][0]


def test_one_cluster_has_a_value_and_no_interval(tmp_path):
    with open_study(
        tmp_path,
        {"answers": answers("m", "i", "aa"), "predictions": [prediction("m", "m", "i", "a")]},
        choices=FAST,
    ) as study:
        row = study.estimate("accuracy").iloc[0]
    assert row["value"] == 1
    assert math.isnan(row["low"])
    assert "fewer than 2 clusters" in row["note"]


def test_a_ceiling_without_repeats_is_missing_with_a_reason(tmp_path):
    with open_study(
        tmp_path,
        {"answers": answers("m", "i", "a"), "predictions": [prediction("m", "m", "i", "a")]},
        choices=FAST,
    ) as study:
        row = study.estimate("ceiling_resample").iloc[0]
    assert math.isnan(row["value"])
    assert "nothing in the denominator" in row["note"]


def test_tied_modes_are_flagged(tmp_path):
    behaviours = [r for n in range(4) for r in answers("m", f"i{n}", "ab"[n % 2])]
    said = [prediction("m", "m", f"i{n}", "a") for n in range(4)]
    with open_study(tmp_path, {"answers": behaviours, "predictions": said}, choices=FAST) as study:
        row = study.estimate("baseline_mode").iloc[0]
    assert row["value"] == 0
    assert "mode tied in 1 of 1 cells" in row["note"]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"estimand": "acuracy"}, ChoiceError, "did you mean 'accuracy'"),
        ({"by": ["predictr"]}, ChoiceError, "did you mean 'predictor'"),
        ({"where": "targt = 'm'"}, ExpressionError, "did you mean 'target'"),
        ({"where": "target = 'm'; DROP TABLE x"}, ExpressionError, "not one scalar"),
        ({"complience": "paper"}, StudyError, "did you mean 'compliance'"),
        ({"compliance": "papr"}, StudyError, "did you mean 'paper'"),
        ({"cluster": ["itm"]}, ChoiceError, "did you mean 'item'"),
        ({"estimand": "agreement_raw"}, UnsupportedError, "table responses"),
    ],
)
def test_what_cannot_be_is_refused_with_the_nearest_that_can(tmp_path, arguments, error, message):
    with hand_worked(tmp_path) as study, pytest.raises(error, match=message):
        study.estimate(**{"estimand": "accuracy", **arguments})


def test_estimates_of_a_selection_of_nothing_are_an_empty_table(tmp_path):
    with hand_worked(tmp_path) as study:
        assert study.estimate("accuracy", where="target = 'nobody'").empty


def test_a_scored_row_is_held_against_its_own_behaviour(tmp_path):
    """Rows of one item may have behaviours of their own: right is right in its own row."""
    rows = [
        {
            "predictor": who,
            "target": "m",
            "task": "t",
            "item": f"i{n}",
            "property": "p",
            "prediction": "a",
            "behaviour": did,
        }
        for n in range(6)
        for who, did in (("ada", "a"), ("bob", "b"), ("cy", "a" if n < 2 else "b"))
    ]
    with open_study(tmp_path, {"trials": rows}) as study:
        found = study.estimate("accuracy", by="predictor").set_index("predictor")["value"]
    assert found.to_dict() == pytest.approx({"ada": 1.0, "bob": 0.0, "cy": 2 / 6})


def test_a_gain_that_cannot_be_had_does_not_stop_the_rest(tmp_path):
    with hand_worked(tmp_path) as study:
        found = study.estimate("accuracy,compliance_gain")
        with pytest.raises(UnsupportedError, match="models"):
            study.estimate("compliance_gain")
    rows = found.set_index("estimand")
    assert rows.loc["accuracy", "value"] == pytest.approx(1 / 3)
    assert math.isnan(rows.loc["compliance_gain", "value"])
    assert "models" in rows.loc["compliance_gain", "note"]
