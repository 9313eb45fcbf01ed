"""What pages say first: counts and directions come from the rows, few models are named."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from foresay.publishing import answers
from foresay.publishing.results import Results

NAN = math.nan


def row(estimand, value, half=0.05, arm="a", target="m", **more):
    numbers = {"value": value, "low": value - half, "high": value + half, "level": 0.95}
    return {"estimand": estimand, "arm": arm, "target": target, "role": "self", **more, **numbers}


def results(**tables):
    made = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    return Results(tables=made, missing={}, facts={"has_predictions": True, "repeats_high": 1})


def contrast(value, half, **more):
    tested = {"hypothesis": "difference", "verdict": ""}
    return row("self_advantage", value, half, n_items=20, **{**tested, **more})


def test_one_comparison_is_told_with_its_size():
    said = answers.self_and_cross(results(advantage=[contrast(0.1, 0.05)]))
    assert said == (
        "Self-prediction is more accurate than cross-prediction (difference +.100 [.050, .150], "
        "20 items)."
    )


def test_the_verdict_of_a_test_counts_before_the_interval():
    said = answers.self_and_cross(results(advantage=[contrast(0.1, 0.05, verdict="not shown")]))
    assert said.startswith("Self-prediction is not distinguishable from cross-prediction")


def test_several_comparisons_are_counted_and_the_largest_is_named():
    rows = [
        contrast(0.1, 0.05, n_train=100, verdict="different"),
        contrast(-0.2, 0.05, n_train=1000, verdict="different"),
        contrast(0.0, 0.05, n_train=10, verdict="not shown"),
    ]
    assert answers.self_and_cross(results(advantage=rows)) == (
        "Against cross-prediction, self-prediction is more accurate in 1 of 3 paired comparisons, "
        "less accurate in 1 and not distinguishable in 1; the largest difference is "
        "\N{MINUS SIGN}.200 [\N{MINUS SIGN}.250, \N{MINUS SIGN}.150], after 1,000 training "
        "questions."
    )


def guessing(n, gains):
    return [
        each
        for at, gain in zip(range(n), gains, strict=True)
        for each in (
            row("accuracy", 0.6, target=f"m{at}"),
            row("baseline_mode", 0.6 - gain, target=f"m{at}"),
            row("advantage", gain, target=f"m{at}"),
        )
    ]


def test_few_models_are_named_and_many_counted():
    said = answers.above_guessing(results(headline=guessing(2, [0.1, 0.0])))
    assert said == (
        "a predicts m0 with an accuracy of .600 [.550, .650], higher than the .500 of always "
        "guessing the commonest answer; a predicts m1 with an accuracy of .600 [.550, .650], "
        "not distinguishable from the .600 of always guessing."
    )
    said = answers.above_guessing(results(headline=guessing(4, [0.1, 0.1, 0.0, -0.1])))
    assert said == (
        "Against always guessing the commonest answer, accuracy is higher in 2 of 4, lower in 1 "
        "and not distinguishable in 1 of the models that predict themselves."
    )


def test_a_predictor_is_named_with_its_training_and_a_base_model_without():
    asked = [
        {"predictor": "m-n1000", "target": "m", "stage": "self-trained", "n_train": 1000},
        {"predictor": "g", "target": "g", "stage": "base", "n_train": 0},
        {"predictor": "s", "target": "s", "stage": "format-trained", "n_train": 0},
    ]
    arms = [("m-n1000", "m"), ("g \N{MIDDLE DOT} second person", "g"), ("s", "s")]
    rows = [row("accuracy", 0.6, arm=arm, target=target) for arm, target in arms]
    said = answers.above_guessing(results(headline=rows, glance=asked))
    assert said == (
        "m-n1000, trained on 1,000 questions about m, predicts it with an accuracy of .600 "
        "[.550, .650]; g \N{MIDDLE DOT} second person, untrained, predicts itself with an accuracy "
        "of .600 [.550, .650]; s, trained on no questions, predicts itself with an accuracy of "
        ".600 [.550, .650]."
    )


def family_of_comparisons():
    own = {"contrast": "Self - G", "quantity": "difference", "family": "f"}
    kin = {**own, "contrast": "Self - S", "estimand": "self_advantage_kin"}
    part = {**own, "contrast": "Self - G, hard", "estimand": "self_advantage_hard", "family": ""}
    more = {**part, "estimand": "grows", "quantity": "interaction"}
    known = [(own, 0.1, "different"), (own, 0.0, "not shown"), (kin, 0.02, "not shown")]
    known += [(part, 0.3, "different"), (more, 0.4, "different")]
    return [{**contrast(value, 0.05, verdict=said), **names} for names, value, said in known]


def specs():
    plain = {"of": "accuracy", "where": "s", "minus": "g"}
    return {
        "self_advantage": plain,
        "self_advantage_kin": {**plain, "where": "s AND small", "minus": "k"},
        "self_advantage_hard": {"of": "accuracy", "where": "s AND hard", "minus": "g AND hard"},
    }


@pytest.mark.parametrize("declared", [True, False], ids=["a family", "no family"])
def test_every_comparison_counts_but_parts_of_one_and_differences_of_differences(declared):
    rows = family_of_comparisons()
    if not declared:
        rows = [{**row, "family": math.nan} for row in rows]
    found = results(advantage=rows)
    found.facts["contrasts"] = specs()
    assert answers.self_and_cross(found) == (
        "Over 3 paired comparisons, self-prediction is more accurate in 1 of 3 and not "
        "distinguishable in 2 (Self - G: more accurate in 1 of 2 and not distinguishable in 1; "
        "Self - S: not distinguishable in 1 of 1); the largest difference is +.100 [.050, .150], "
        "Self - G."
    )


def test_accuracy_with_training_is_of_a_model_that_was_trained():
    rows = [
        row("accuracy", v, series="self: m", target="m", n_train=n)
        for n, v in ((100, 0.5), (1000, 0.6))
    ]
    assert answers.change(results(scaling=rows)) == (
        "The accuracy of m, trained on questions about itself, goes from .500 [.450, .550] with "
        "100 questions to .600 [.550, .650] with 1,000."
    )


@pytest.mark.parametrize(("value", "verb"), [(0.9, "is"), (0.0, "No")])
def test_one_arm_is_and_several_are(value, verb):
    rows = [row("calibration_l2", 0.1, arm=arm, null_p=p) for arm, p in (("a", value), ("b", 0.0))]
    said = answers.calibration(results(calibration=rows))
    assert said.startswith("No arm" if verb == "No" else "1 of 2 arms is as near")


def test_others_are_named_where_none_predicts_itself():
    said = answers.above_guessing(results(headline=[row("accuracy", 0.6, role="cross")]))
    assert said.startswith("a predicts m with an accuracy of .600")


def test_what_is_within_reach_is_of_the_self_prediction():
    rows = [
        row(estimand, value, arm=arm, role=role)
        for estimand, value in (("ceiling_resample", 0.9), ("normalized_accuracy", 0.7))
        for arm, role in (("c", "cross"), ("s", "self"))
    ]
    assert answers.within_reach(results(headline=rows)) == (
        "Running m once more would reach .900 [.850, .950]; s gets to .700 [.650, .750] of that."
    )
    assert "no repeated answers" in answers.within_reach(results())


def test_nothing_known_is_said():
    empty = Results(tables={}, missing={}, facts={})
    assert answers.overview(empty) == ["Nothing could be estimated from these tables."]
    assert answers.self_against_cross(empty).startswith("No self-prediction can be paired")
    for name in ("accuracy", "calibration", "change", "robustness", "headline_arms"):
        assert getattr(answers, name)(empty) == ""


def test_detection_stands_in_where_there_is_no_confidence():
    rows = [row("d_prime", 1.5, 0.5), row("d_prime", 0.5, 0.5, arm="b")]
    said = answers.calibration(results(detection=rows))
    assert said.startswith("D-prime ranges from 0.50 [0.00, 1.00] (b) to 1.50")


def test_changed_behaviour_is_told_of_the_arm_that_follows_it_most():
    rows = [
        row("shift_new", 0.4),
        row("shift_old", 0.2),
        row("shift_new", 0.6, arm="b"),
        row("shift_old", 0.1, arm="b"),
    ]
    said = answers.change(results(shift=rows))
    assert "up to .600 [.550, .650] (b), and then the old one at .100 [.050, .150]." in said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({}, "0 tables with 0 rows were checked against their rules and against each other: no"),
        (
            {"tables": [{"n_rows": 1200}], "counts": {"warning": 1, "note": 2}},
            "1 table with 1,200 rows was checked against its rules: no errors, 1 warning and 2",
        ),
    ],
)
def test_validation_is_counted(found, said):
    assert answers.validation(found).startswith(said)
