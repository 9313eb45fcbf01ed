from __future__ import annotations

import jsonschema
import pytest
from pydantic import ValidationError

from foresay.study.grids import MOST, Grid, choice_of, text_of


def grid(**content):
    return Grid.model_validate({"of": "self_advantage", **content})


def problem(**content):
    with pytest.raises(ValidationError) as caught:
        grid(**content)
    return " ".join(one["msg"] for one in caught.value.errors())


TWO = {"compliance": {"paper": "the paper's rule", "ignore": "as parsed"}}


def test_every_combination_comes_once_the_last_choice_changing_fastest():
    made = grid(choices={**TWO, "cluster": {"item": "prompts", "task": "tasks"}})
    texts = [tuple(b.text for b in c.values()) for c in made.combinations()]
    assert texts == [("paper", "item"), ("paper", "task"), ("ignore", "item"), ("ignore", "task")]


def test_a_mapping_of_reasons_is_a_list_of_branches():
    short = grid(choices=TWO)
    long = grid(
        choices={
            "compliance": [
                {"value": "paper", "reason": "the paper's rule"},
                {"value": "ignore", "reason": "as parsed"},
            ]
        }
    )
    assert short == long


@pytest.mark.parametrize(
    ("name", "value", "choice"),
    [
        ("cluster", "task+property", ["task", "property"]),
        ("cluster", ["task"], ["task"]),
        ("strata", None, []),
        ("level", "0.9", 0.9),
        ("agreement", "3", 3),
        ("temperature", None, None),
        ("truth", "each", "each"),
    ],
)
def test_values_of_branches_become_choices(name, value, choice):
    assert choice_of(name, value) == choice


def test_branches_are_named_by_their_label_or_their_value():
    made = grid(
        choices={
            "where": [
                {"value": None, "reason": "all of them", "label": "all"},
                {"value": "split = 'held-out'", "reason": "unseen"},
            ]
        }
    )
    assert [b.text for b in made.choices["where"]] == ["all", "split = 'held-out'"]
    assert (text_of(["task", "item"]), text_of(0.5), text_of(None)) == ("task+item", "0.5", "none")


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"complaince": {"paper": "x"}}, "did you mean 'compliance'?"),
        ({"compliance": {"papr": "x"}}, "did you mean 'paper'?"),
        ({"seed": {"1": "x"}}, "varies 'seed', which a grid cannot"),
        ({"level": {"1.5": "x"}}, "should be less than 1"),
        ({"where": [{"value": " ", "reason": "x"}]}, "null for no condition"),
        ({"compliance": [{"value": "paper", "reason": ""}]}, "at least 1 character"),
        ({"compliance": {}}, "at least 1 item"),
        ({}, "at least 1 item"),
        (
            {"truth": [{"value": "each", "reason": "x"}, {"value": "each", "reason": "y"}]},
            "has the branch 'each' of truth twice",
        ),
        (
            {
                "truth": [
                    {"value": "each", "reason": "x", "label": "a"},
                    {"value": "each", "reason": "y", "label": "b"},
                ]
            },
            "twice, under two labels",
        ),
    ],
    ids=lambda value: None if isinstance(value, dict) else value[:24],
)
def test_what_a_grid_cannot_be_is_refused_with_the_way_out(choices, said):
    assert said in problem(choices=choices)


def test_a_grid_of_too_many_combinations_is_refused():
    names = ("strata", "cluster", "within", "crossed", "where")
    values = [f"c{n}" for n in range(9)]
    choices = {name: dict.fromkeys(values, "x") for name in names}
    assert f"of at most {MOST:,}" in problem(choices=choices)


def test_rules_leave_out_the_combinations_in_which_all_their_branches_meet():
    made = grid(
        choices={**TWO, "truth": {"each": "a", "modal": "b", "first": "c"}},
        exclude=[{"when": {"compliance": "ignore", "truth": ["each", "modal"]}, "reason": "no"}],
    )
    left = [tuple(b.text for b in c.values()) for c in made.combinations() if made.excluded(c)]
    assert left == [("ignore", "each"), ("ignore", "modal")]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"truth": "each"}, "excludes by 'truth', which it does not vary"),
        ({"compliance": "papper"}, "did you mean 'paper'?"),
        ({}, "at least 1 item"),
    ],
    ids=["choice", "branch", "nothing"],
)
def test_rules_about_what_is_not_varied_are_refused(when, said):
    assert said in problem(choices=TWO, exclude=[{"when": when, "reason": "x"}])


def test_the_schema_lets_through_what_is_let_through():
    schema = Grid.model_json_schema()
    content = {
        "of": "accuracy",
        "by": "predictor",
        "choices": {
            **TWO,
            "level": {"0.9": "x"},
            "where": [{"value": None, "reason": "y", "label": "all"}],
        },
        "exclude": [{"when": {"compliance": "ignore", "level": ["0.9"]}, "reason": "no"}],
    }
    assert Grid.model_validate(content).of == "accuracy"
    schema["properties"]["by"] = {}  # one name or a list: `Names` says so where it is used
    jsonschema.validate(content, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**content, "choices": {"truth": {"each": 1}}}, schema)
