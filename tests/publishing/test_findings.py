"""Sentences from tables: the direction follows the interval, ties are named, nothing is typed."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from foresay.publishing import findings
from foresay.publishing.results import Results

NAN = math.nan


def row(estimand, value, low=NAN, high=NAN, arm="a", target="m", **more):
    numbers = {"value": value, "low": low, "high": high, "level": 0.95, "note": ""}
    counts = {"n_trials": 40, "n_items": 20}
    return {"estimand": estimand, "arm": arm, "target": target, **numbers, **counts, **more}


def results(**tables):
    made = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    return Results(tables=made, missing={}, facts={"informative": 0.6})


def best(*rows):
    return findings.best_arms(results(accuracy=rows))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.01, 0.09, "higher than"),
        (-0.09, -0.01, "lower than"),
        (-0.01, 0.09, "not distinguishable from"),
        (NAN, NAN, "not comparable with"),
    ],
)
def test_the_interval_decides_the_direction(low, high, words):
    (sentence,) = best(
        row("accuracy", 0.6, 0.55, 0.65),
        row("baseline_mode", 0.55, 0.5, 0.6),
        row("advantage", 0.05, low, high),
    )
    assert sentence.startswith("a predicts m: its accuracy is .600 [.550, .650]")
    assert f", {words} the .550 of always guessing the commonest answer" in sentence


def test_the_best_arm_is_named_and_what_is_as_good():
    rows = [
        row("accuracy", v, 0.4, 0.8, arm=arm) for arm, v in (("b", 0.6), ("a", 0.6), ("c", 0.5))
    ]
    assert best(*rows) == ["b and a have the highest accuracy about m, equally: .60 [.40, .80]."]
    assert best(*rows[1:]) == ["a has the highest accuracy about m: .60 [.40, .80]."]


def test_many_targets_are_counted():
    rows = []
    for n in range(6):
        rows += [
            row("accuracy", 0.6, 0.5, 0.7, target=f"m{n}"),
            row("advantage", 0.1, 0.05 if n < 4 else -0.05, 0.15, target=f"m{n}"),
        ]
    (sentence,) = best(*rows)
    assert sentence.startswith(
        "For 4 of 6 targets the predictor with the highest accuracy is distinguishably more"
    )
    assert sentence.endswith("and for 0 even that one is distinguishably less accurate.")


def test_nothing_known_is_said():
    assert best(row("accuracy", NAN)) == ["No accuracy about m can be estimated."]
    assert findings.best_arms(results()) == []
    for name in ("compliance", "policy_effect", "agreement", "informative"):
        assert getattr(findings, name)(results()) == ""


def test_compliance_names_the_ends_and_counts_the_equal():
    rows = [row("compliance", v, arm=a) for a, v in (("x", 0.2), ("y", 1.0), ("z", 1.0))]
    said = findings.compliance(results(compliance=rows)).replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("Between 20 % (x) and 100 % (2 of 3 arms) of an arm's predictions")
    same = findings.compliance(results(compliance=rows[1:])).replace("\N{NO-BREAK SPACE}", " ")
    assert same == "100 % of an arm's predictions are in the asked form."


def test_policies_are_named_in_words():
    values = {"paper": 0.3, "count_wrong": 0.2, "drop_either": 0.7, "bounds": NAN}
    rows = [row("accuracy", v, v - 0.1, v + 0.1, compliance=p) for p, v in values.items()]
    assert findings.policy_effect(results(policies=rows)) == (
        "How replies that are not in the asked form are counted matters most for a: accuracy is "
        ".200 [.100, .300] (n = 40 trials) when they count as wrong, and .700 [.600, .800] "
        "(n = 40 trials) when they are left out."
    )


def test_informative_cells_are_told_by_target():
    rows = [
        row("accuracy", 0.4, 0.35, 0.45),
        row("baseline_mode", 0.3, 0.2, 0.4),
        row("accuracy", 0.5, 0.45, 0.55, target="n"),
    ]
    said = findings.informative(results(accuracy_informative=rows))
    assert "fewer than 60\N{NO-BREAK SPACE}% of prompts" in said
    assert (
        "answers of m in these cells, a predicts most: accuracy .400 [.350, .450], against" in said
    )
    assert "answers of n in these cells, a predicts most: accuracy .500" in said


def test_informative_cells_name_arms_that_are_equal_as_equal():
    rows = [row("accuracy", 0.4, 0.35, 0.45, arm=arm) for arm in ("a", "b")]
    said = findings.informative(results(accuracy_informative=rows))
    assert "in these cells, a and b predict most, equally: accuracy .400" in said


def test_stages_say_that_they_pool_the_forms_of_asking():
    asked = [
        {"predictor": p, "target": "m", "role": "self", "stage": s}
        for p, s in (("m", "base"), ("m-trained", "self-trained"))
    ]
    arms = [
        row("accuracy", 0.4, arm=a)
        for a in ("m \N{MIDDLE DOT} plain", "m \N{MIDDLE DOT} you", "m-trained")
    ]
    said = findings.pooled_wordings(results(glance=asked, accuracy=arms))
    assert said.endswith("Self-prediction was asked in up to 2 for base and 1 for self-trained.")
    assert findings.pooled_wordings(results()).startswith("A stage pools all forms in which")


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 0, ""),
        (1, 1, ", each observed once, so that no ceiling can be estimated"),
        (3, 3, ", each observed 3 times"),
        (1, 3, ", each observed 1 to 3 times"),
    ],
)
def test_the_design_says_how_often_behaviour_was_observed(low, high, words):
    facts = {
        "names": {"predictor": ["p"], "target": ["m"], "task": ["t"], "property": ["is_x"]},
        "has_predictions": True,
        "predictions": 2,
        "included": 2,
        "prompts": 2,
        "repeats_low": low,
        "repeats_high": high,
        "where": "",
    }
    said = findings.design(Results(tables={}, missing={}, facts=facts))
    assert said == (
        "1 predictor made 2 predictions about m on 2 prompts of 1 task (t); 1 property of the "
        f"answer was asked for (is x). All of them are held against a usable behaviour{words}."
    )
