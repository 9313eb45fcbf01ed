"""Derived columns, on tables that can be worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from foresay.errors import UnsupportedError
from foresay.trials.derived import DERIVED, named_in
from studies import answers, open_study, prediction

CHOICES = {"truth": "modal", "compliance": "count_wrong", "resamples": 100}
MODELS = [
    {"model": "m", "base": None, "stage": "base"},
    {"model": "x", "base": None, "stage": "base"},
    {"model": "x-n", "base": "x", "stage": "cross-trained"},
    {"model": "s", "base": "m", "stage": "behaviour-shifted"},
]


def column(folder, tables, name, **choices):
    """Return a derived column by the item, and property, of the trial."""
    with open_study(folder, tables, choices={**CHOICES, **choices}) as bench:
        frame = bench.population(uses=[name]).trials.to_pandas().astype(object)
    frame = frame.where(frame.notna(), None)
    return {(r["item"], r["property"]): r[name] for r in frame.to_dict("records")}


def behaviours(model, **given):
    return [row for item, said in given.items() for row in answers(model, item, said)]


ITEMS = ("i0", "i1", "i2", "i3")
OWN = {
    "models": MODELS,
    "answers": [
        *behaviours("m", i0="aa", i1="aa", i2="aa", i3="bb"),
        *behaviours("x", i0="aa", i1="bb", i2="bb", i3="ab"),
    ],
    "predictions": [
        prediction("x-n", "m", item, said) for item, said in zip(ITEMS, "abca", strict=True)
    ],
}


def test_a_trained_predictor_without_answers_has_those_of_its_base(tmp_path):
    assert set(column(tmp_path, OWN, "own_model").values()) == {"x"}


def test_own_answers_come_before_those_of_the_base(tmp_path):
    own = {**OWN, "answers": [*OWN["answers"], *behaviours("x-n", i0="cc")]}
    found = column(tmp_path, own, "match_own")
    assert found == {("i0", "p"): 0.0} | dict.fromkeys([(f"i{n}", "p") for n in (1, 2, 3)])


def test_the_match_with_the_own_behaviour_is_the_share_of_its_truth(tmp_path):
    found = column(tmp_path, OWN, "match_own")
    assert [found[f"i{n}", "p"] for n in range(4)] == [1.0, 1.0, 0.0, 0.5]


@pytest.mark.parametrize(("policy", "first"), [("count_wrong", 0.0), ("ignore", 1.0)])
def test_a_reply_out_of_form_counts_as_it_does_for_the_target(tmp_path, policy, first):
    rows = [{**row, "compliant": row["item"] != "i0"} for row in OWN["predictions"]]
    found = column(tmp_path, {**OWN, "predictions": rows}, "match_own", compliance=policy)
    assert found["i0", "p"] == first


def test_models_differ_where_no_commonest_answer_is_shared(tmp_path):
    found = column(tmp_path, OWN, "models_differ")
    # i3: the target says b, the other model a and b equally often
    assert [found[f"i{n}", "p"] for n in range(4)] == [False, True, True, False]


def test_without_other_models_answers_the_message_says_which_rows_are_missing(tmp_path):
    tables = {**OWN, "answers": behaviours("m", i0="aa", i1="aa", i2="aa", i3="bb")}
    with open_study(tmp_path, tables) as bench:
        with pytest.raises(UnsupportedError, match=r"own behaviour of a predictor.*table answers"):
            bench.population(where="models_differ")
        assert "add rows of the predictors" in bench.supports("projection")


WHOLE = {"i0": "cat", "i1": "cow", "i2": "dog", "i3": "ant"}


def whole_and_first(model="m", whole=WHOLE):
    return [
        row
        for item, word in whole.items()
        for kind, value in (("identity", word), ("first", word[0]))
        for row in answers(model, item, [value], property_=kind)
    ]


def asked(item, identity, first, **more):
    return [
        {**prediction("m", "m", item, said, **more), "property": kind}
        for kind, said in (("identity", identity), ("first", first))
    ]


IDENTITY = {
    "answers": whole_and_first(),
    "predictions": [
        *asked("i0", "cat", "c"),
        *asked("i1", "cat", "c"),
        *asked("i2", "dog", "x"),
        *asked("i3", "elk", "a"),
    ],
}


def test_an_identity_is_right_where_it_is_the_target_s_commonest_answer(tmp_path):
    found = column(tmp_path, IDENTITY, "identity_match")
    assert [found[item, "first"] for item in WHOLE] == [True, False, True, False]
    assert [found[item, "identity"] for item in WHOLE] == [True, False, True, False]


def test_the_identity_is_that_of_the_same_wording(tmp_path):
    rows = [*asked("i0", "cat", "c", wording="you"), *asked("i0", "cow", "c", wording="by name")]
    with open_study(tmp_path, {**IDENTITY, "predictions": rows}, choices=CHOICES) as bench:
        found = bench.population(uses=["identity_match"]).trials.to_pandas()
    first = found[found["property"] == "first"].set_index("wording")["identity_match"]
    assert (bool(first["you"]), bool(first["by name"])) == (True, False)


def test_the_identity_is_found_though_a_condition_leaves_its_question_out(tmp_path):
    with open_study(tmp_path, IDENTITY, choices=CHOICES) as bench:
        found = bench.estimate("reproduction", by=[], where="property = 'first'")
    assert found["value"].item() == 0.5


def test_a_copied_property_is_that_of_the_predicted_answer(tmp_path):
    found = column(tmp_path, IDENTITY, "copy_match")
    # i1: cat starts with c, as cow does; i3: no reply was ever elk
    assert [found[item, "first"] for item in WHOLE] == [1.0, 1.0, 1.0, None]


def test_an_identity_out_of_form_is_neither_right_nor_copied(tmp_path):
    rows = [{**row, "compliant": row["property"] != "identity"} for row in IDENTITY["predictions"]]
    tables = {**IDENTITY, "predictions": rows}
    assert set(column(tmp_path / "a", tables, "identity_match").values()) == {False}
    found = column(tmp_path / "b", tables, "copy_match")
    assert [found[item, "first"] for item in WHOLE] == [0.0, 0.0, 0.0, 0.0]


def test_the_property_of_an_identity_may_come_from_another_model(tmp_path):
    tables = {
        **IDENTITY,
        "answers": [*whole_and_first(), *whole_and_first("x", {"i9": "elk"})],
    }
    found = column(tmp_path, tables, "copy_match")
    assert found["i3", "first"] == 0.0


SHIFT = {
    "models": MODELS,
    "answers": [
        *behaviours("m", i0="aa", i1="ab", i2="aa", i3="aa", i4="aa"),
        *behaviours("s", i0="bb", i1="aa", i2="cca", i3="ac", i4="dd"),
    ],
    "predictions": [
        prediction("s", "s", item, said) for item, said in zip((*ITEMS, "i4"), "baacz", strict=True)
    ],
}


def test_behaviour_is_shifted_where_old_and_new_share_no_commonest_answer(tmp_path):
    found = column(tmp_path, SHIFT, "behaviour_shifted")
    assert [found[f"i{n}", "p"] for n in range(5)] == [True, False, True, False, True]


def test_a_shift_is_clear_where_neither_ever_does_what_the_other_does(tmp_path):
    found = column(tmp_path, SHIFT, "clearly_shifted")
    assert [found[f"i{n}", "p"] for n in range(5)] == [True, False, False, False, True]


def test_a_clear_shift_needs_repeats_of_both(tmp_path):
    once = [row for row in SHIFT["answers"] if row["model"] == "s" or row["sample"] == 0]
    found = column(tmp_path, {**SHIFT, "answers": once}, "clearly_shifted")
    assert not any(found.values())


def test_predictions_on_shifted_items_are_new_old_or_neither(tmp_path):
    found = column(tmp_path, SHIFT, "shift_answer")
    assert [found[f"i{n}", "p"] for n in range(5)] == ["new", None, "old", None, "neither"]


def test_other_targets_have_no_shift(tmp_path):
    rows = [*SHIFT["predictions"], prediction("m", "m", "i0", "a")]
    with open_study(tmp_path, {**SHIFT, "predictions": rows}, choices=CHOICES) as bench:
        frame = bench.population(uses=["behaviour_shifted"]).trials.to_pandas()
    assert frame.loc[frame["target"] == "m", "behaviour_shifted"].isna().all()


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        (
            {**SHIFT, "models": [{"model": "m"}, {"model": "s", "base": "m"}]},
            "column `stage` of the table models",
        ),
        (
            {**SHIFT, "models": [*MODELS[:3], {"model": "s", "base": "m", "stage": "base"}]},
            "there are none",
        ),
        (
            {**SHIFT, "answers": [r for r in SHIFT["answers"] if r["model"] == "s"]},
            "no rows of 'm'",
        ),
    ],
    ids=["stage", "shifted", "old behaviour"],
)
def test_what_is_missing_for_a_shift_is_named(tmp_path, tables, reason):
    with open_study(tmp_path, tables) as bench:
        assert reason in bench.supports("shift_new")


def test_names_are_whole_words_and_hidden_columns_stay_hidden():
    assert named_in(["my_match_own > 0", "mode_shares"]) == ()
    assert named_in(["MODELS_DIFFER and not identity_match"]) == (
        "models_differ",
        "identity_match",
    )
    assert all(name == column.name for name, column in DERIVED.items())


def test_a_derived_column_can_group(tmp_path):
    with open_study(tmp_path, OWN, choices=CHOICES) as bench:
        found = bench.estimate("accuracy", by="models_differ").set_index("models_differ")
    assert found["value"].to_dict() == {False: 0.5, True: 0.0}


def test_the_order_of_rows_changes_nothing(tmp_path):
    names = ["match_own", "models_differ"]
    made = []
    for number, turned in enumerate((False, True)):
        tables = {k: rows[::-1] if turned else rows for k, rows in OWN.items()}
        with open_study(tmp_path / str(number), tables, choices=CHOICES) as bench:
            frame = bench.population(uses=names).trials.to_pandas()
        made.append(frame.sort_values("item")[["item", *names]].to_csv(index=False))
    assert made[0] == made[1]


def test_every_derived_column_that_can_be_named_is_explained():
    text = (Path(__file__).parents[2] / "docs" / "study-file.md").read_text(encoding="utf-8")
    for name in DERIVED:
        assert name.startswith("_") or f"| `{name}` |" in text, name
