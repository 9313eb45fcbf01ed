"""Baselines, ceilings and skill of tiny studies, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foresay.errors import ChoiceError, UnsupportedError
from studies import answers, open_study, prediction

ANSWERS = {"i1": "aab", "i2": "aaa", "i3": "abc", "i4": "bbb"}
SAID = {"i1": "a", "i2": "a", "i3": "b", "i4": "a"}


def tables(**more):
    return {
        "answers": [row for item, given in ANSWERS.items() for row in answers("m", item, given)],
        "predictions": [
            *(prediction("p", "m", item, said) for item, said in SAID.items()),
            *(prediction("q", "m", item, "b") for item in ("i1", "i4")),
        ],
        **more,
    }


@pytest.fixture
def study(tmp_path):
    with open_study(tmp_path, tables()) as opened:
        yield opened


def split_study(folder, split):
    items = [{"task": "t", "item": i, "item_split": s} for i, s in split.items()]
    return open_study(folder, tables(items=items))


def one(study, estimand, **choices):
    frame = study.estimate(estimand, where="predictor = 'p'", **choices)
    assert len(frame) == 1
    return frame.iloc[0]


def worked(study, estimand, **choices):
    return one(study, estimand, **choices)["value"]


ACCURACY = (2 / 3 + 1 + 1 / 3 + 0) / 4
CEILING = (1 / 3 + 1 + 0 + 1) / 4


def test_baselines_stand_side_by_side(study):
    names = ["baseline_mode", "baseline_distribution", "baseline_uniform", "baseline_mode_insample"]
    frame = study.estimate(names, where="predictor = 'p'").set_index("estimand")
    # totals: a 2/3 + 1 + 1/3, b 1/3 + 1/3 + 1, c 1/3
    assert frame.loc["baseline_mode_insample", "value"] == pytest.approx(2 / 4)
    a, b, c = 2.0, 5 / 3, 1 / 3
    others = [
        2 / 3 * (a - 2 / 3) + 1 / 3 * (b - 1 / 3),
        a - 1,
        1 / 3 * (a - 1 / 3) + 1 / 3 * (b - 1 / 3) + 1 / 3 * (c - 1 / 3),
        b - 1,
    ]
    assert frame.loc["baseline_distribution", "value"] == pytest.approx(sum(others) / 3 / 4)
    assert frame.loc["baseline_uniform", "value"] == pytest.approx(1 / 3)
    assert "distinct answers seen in 1 of 1 cells" in frame.loc["baseline_uniform", "note"]


def test_options_that_are_named_are_not_counted(study):
    found = one(study, "baseline_uniform", options={"p": 4})
    assert found["value"] == 0.25
    assert "seen" not in found["note"]


def test_the_mode_of_the_train_split_is_scored_on_the_other_items(tmp_path):
    with split_study(tmp_path, {"i1": "train", "i2": "train", "i3": "held", "i4": "held"}) as study:
        found = one(study, "baseline_mode_train")
        assert found["value"] == pytest.approx((1 / 3 + 0) / 2)
        assert (found["n_trials"], found["n_excluded"]) == (2, 2)
        gain = one(study, "advantage", baseline="mode_train")
        assert gain["value"] == pytest.approx((1 / 3 + 0) / 2 - (1 / 3 + 0) / 2)
        assert gain["n_trials"] == 2
        same = study.estimate(
            "baseline_mode_train", where="predictor = 'p' AND item_split = 'held'"
        )
        assert same["value"].iloc[0] == found["value"]


def test_a_cell_without_training_items_is_undefined_with_a_reason(tmp_path):
    with split_study(tmp_path, dict.fromkeys(ANSWERS, "held")) as study:
        found = one(study, "baseline_mode_train")
        assert np.isnan(found["value"])
        assert "no cell has items of the train split" in found["note"]


def test_without_any_split_the_column_is_named(study):
    with pytest.raises(UnsupportedError, match="`item_split` of the items"):
        study.estimate("baseline_mode_train")


def test_another_predictor_is_a_baseline_on_the_items_that_both_answer(study):
    found = one(study, "baseline_other", baseline_predictor="q")
    assert found["value"] == pytest.approx((1 / 3 + 1) / 2)
    assert (found["n_trials"], found["n_excluded"]) == (2, 2)
    assert "the baseline is q" in found["note"]
    gain = worked(study, "advantage", baseline="other_model", baseline_predictor="q")
    assert gain == pytest.approx((2 / 3 + 0) / 2 - (1 / 3 + 1) / 2)


def test_the_other_predictor_must_be_named_and_known(study):
    with pytest.raises(UnsupportedError, match="--set baseline_predictor=NAME"):
        study.estimate("baseline_other")
    with pytest.raises(ChoiceError, match="no prediction is by 'qq'; did you mean 'q'"):
        study.estimate("baseline_other", baseline_predictor="qq")


@pytest.mark.parametrize(
    "choices",
    [{"baseline": "distribution"}, {"baseline": "uniform"}, {"baseline": "mode_loo"}],
    ids=lambda c: c["baseline"],
)
def test_the_advantage_is_accuracy_minus_its_baseline(study, choices):
    name = {"mode_loo": "baseline_mode"}.get(choices["baseline"], f"baseline_{choices['baseline']}")
    difference = worked(study, "accuracy") - worked(study, name)
    assert worked(study, "advantage", **choices) == pytest.approx(difference)


def test_the_ends_of_the_modal_ceiling(study):
    low = worked(study, "ceiling_modal_lower")
    # aab: one of the a is left out in two of three: a tie of a and b; b is never the mode
    assert low == pytest.approx((2 / 3 * 1 / 2 + 1 + 0 + 1) / 4)
    high = worked(study, "ceiling_modal_upper")
    plug = (2 / 3 + 1 + 1 / 3 + 1) / 4
    assert high == pytest.approx(min(plug, CEILING ** (1 / 2), (2 / 4) ** (1 / 3)))


def test_the_modal_ceiling_is_a_bracket_from_bound_to_bound(study):
    names = ["ceiling_modal", "ceiling_modal_lower", "ceiling_modal_upper"]
    frame = study.estimate(names, where="predictor = 'p'").set_index("estimand")
    both = frame.loc["ceiling_modal"]
    assert np.isnan(both["value"])
    assert both["low"] == frame.loc["ceiling_modal_lower", "low"]
    assert both["high"] == frame.loc["ceiling_modal_upper", "high"]
    low, high = (frame.loc[f"ceiling_modal_{end}", "value"] for end in ("lower", "upper"))
    low_text, high_text = (f"{end:.3f}".removeprefix("0") for end in (low, high))
    assert low_text.startswith(".")
    assert f"its ends are {low_text} and {high_text}" in both["note"]


def test_skill_goes_from_the_baseline_to_the_ceiling(study):
    guess = worked(study, "baseline_uniform")
    expected = (ACCURACY - guess) / (CEILING - guess)
    assert worked(study, "skill", baseline="uniform") == pytest.approx(expected)


def test_no_skill_where_the_ceiling_is_not_above_the_baseline(study):
    found = one(study, "skill", baseline="uniform", options={"p": 1})
    assert np.isnan(found["value"])
    assert "undefined: the ceiling is not above the baseline" in found["note"]


def test_against_the_modal_ceiling_skill_and_normalised_accuracy_are_brackets(study):
    low, high = (worked(study, f"ceiling_modal_{end}") for end in ("lower", "upper"))
    for name in ("normalized_accuracy", "normalized_accuracy_modal"):
        found = one(study, name, ceiling="modal")
        assert np.isnan(found["value"])
        ends = [f"{ACCURACY / end:.3f}".removeprefix("0") for end in (high, low)]
        assert f"its ends are {ends[0]} and {ends[1]}" in found["note"]
        assert found["low"] <= ACCURACY / high <= ACCURACY / low <= found["high"]
    guess = worked(study, "baseline_uniform")
    said = one(study, "skill", baseline="uniform", ceiling="modal")["note"]
    ends = sorted((ACCURACY - guess) / (end - guess) for end in (low, high))
    assert f"its ends are {ends[0]:.3f} and {ends[1]:.3f}" in said


def test_truth_that_is_a_mode_has_the_ceiling_of_modes(tmp_path):
    given = [row for item in ("i1", "i2") for row in answers("m", item, "aabb")]
    asked = [prediction("p", "m", item, "a") for item in ("i1", "i2")]
    with open_study(tmp_path, {"answers": given, "predictions": asked}) as study:
        assert worked(study, "ceiling_resample") == pytest.approx(1 / 3)
        found = one(study, "ceiling_resample", truth="modal")
        assert found["value"] == pytest.approx(1 / 3)  # of two mixed pairs half, of aa and bb none
        assert "disjoint halves" in found["note"]


def test_items_with_a_single_repeat_are_counted_as_excluded(tmp_path):
    given = [*answers("m", "i1", "aa"), *answers("m", "i2", "ab"), *answers("m", "i3", "a")]
    asked = [prediction("p", "m", item, "a") for item in ("i1", "i2", "i3")]
    with open_study(tmp_path, {"answers": given, "predictions": asked}) as study:
        names = ["ceiling_resample", "normalized_accuracy", "agreement_answer", "accuracy"]
        frame = study.estimate(names).set_index("estimand")
        assert frame["n_trials"].to_dict() == dict(zip(names, (2, 2, 2, 3), strict=True))
        assert frame["n_excluded"].to_dict() == dict(zip(names, (1, 1, 1, 0), strict=True))


def test_a_bracket_has_no_contrast(tmp_path):
    contrast = {
        "c": {"of": "ceiling_modal", "where": "predictor = 'p'", "minus": "predictor = 'q'"}
    }
    with (
        open_study(tmp_path, tables(), contrasts=contrast) as study,
        pytest.raises(ChoiceError, match="contrasts are of estimands over trials, with one value"),
    ):
        study.contrast("c")


def test_macro_weights_hold_for_every_bound(tmp_path):
    given = [
        *(row for i, g in ANSWERS.items() for row in answers("m", i, g, task="t")),
        *(row for i in ("j1", "j2") for row in answers("m", i, "xxy", task="u")),
    ]
    asked = [
        *(prediction("p", "m", i, "a") for i in ANSWERS),
        *(prediction("p", "m", i, "x", task="u") for i in ("j1", "j2")),
    ]
    names = ["ceiling_modal_lower", "baseline_uniform", "baseline_distribution", "ceiling_resample"]
    with open_study(tmp_path, {"answers": given, "predictions": asked}) as study:
        whole = study.estimate(names, weighting="macro_task").set_index("estimand")["value"]
        parts = study.estimate(names, by="task").groupby("estimand")["value"].mean()
        assert whole.to_dict() == pytest.approx(parts.to_dict())
        bracket = study.estimate("ceiling_modal", weighting="macro_task")
        assert bracket["low"].notna().all()
        assert bracket["high"].notna().all()


def test_a_large_study_that_is_not_kept_gives_the_same(tmp_path, monkeypatch):
    names = ["ceiling_modal", "skill", "baseline_distribution", "baseline_uniform"]
    with open_study(tmp_path / "kept", tables()) as kept:
        expected = kept.estimate(names, by="predictor")
    monkeypatch.setattr("foresay.workbench.opened._MATERIALISED_ROWS", 1)
    with open_study(tmp_path / "not", tables()) as streamed:
        found = streamed.estimate(names, by="predictor")
    assert found.to_csv() == expected.to_csv()


def test_options_of_a_property_that_nobody_was_asked_for_are_refused(study):
    with pytest.raises(ChoiceError, match="options: no trial asks for a property 'zzz'"):
        study.estimate("baseline_uniform", options={"zzz": 3})
