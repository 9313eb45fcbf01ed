from __future__ import annotations

import numpy as np
import pytest

from foresay.errors import ChoiceError, UnsupportedError
from studies import open_study, prediction

FAST = {"resamples": 500, "seed": 3, "truth": "first"}


def answers(model, given):
    return [
        {"model": model, "task": "t", "item": f"i{n}", "property": "p", "sample": 0, "answer": a}
        for n, a in enumerate(given)
    ]


def study_of(tmp_path, self_said, cross_said, truth, **more):
    """Self and cross predictions of one target, item by item; None was not asked."""
    said = [prediction("m", "m", f"i{n}", s) for n, s in enumerate(self_said) if s]
    said += [prediction("o", "m", f"i{n}", s) for n, s in enumerate(cross_said) if s]
    return open_study(
        tmp_path, {"answers": answers("m", truth), "predictions": said}, choices=FAST, **more
    )


def test_the_difference_is_of_the_shared_items(tmp_path):
    # self: 3 of 5 on the first five items, cross: 1 of 5; the sixth is asked of self alone
    with study_of(tmp_path, "aaabba", "abbbb", "aaaaaa") as study:
        row = study.contrast("self_advantage").iloc[0]
    assert row["of_value"] == pytest.approx(3 / 5)
    assert row["minus_value"] == pytest.approx(1 / 5)
    assert row["value"] == pytest.approx(2 / 5)
    assert row["n_items"] == 5
    assert "1 trials on items that only one arm has, left out" in row["note"]


def test_the_interval_is_paired(tmp_path):
    """Two arms that are right on the same items but one differ by a constant, nearly."""
    rng = np.random.default_rng(1)
    right = rng.random(60) < 0.5
    cross = right.copy()
    cross[np.flatnonzero(right)[:3]] = False
    text = ["".join("a" if r else "b" for r in arm) for arm in (right, cross)]
    with study_of(tmp_path, text[0], text[1], "a" * 60) as study:
        paired = study.contrast().iloc[0]
        arms = study.estimate("accuracy", by="predictor")
    unpaired = float(np.sqrt((arms["standard_error"] ** 2).sum()))
    assert paired["standard_error"] < unpaired / 2


def test_a_declared_contrast_is_estimated_by_its_name(tmp_path):
    declared = {
        "other_way": {
            "of": "accuracy",
            "where": "predictor = 'o'",
            "minus": "predictor = 'm'",
            "title": "Other way",
        }
    }
    with study_of(tmp_path, "aaab", "abbb", "aaaa", contrasts=declared) as study:
        forward = study.contrast("self_advantage")["value"][0]
        assert study.estimate("other_way")["value"][0] == pytest.approx(-forward)


def test_an_arm_cannot_be_subtracted_from_itself(tmp_path):
    declared = {"both": {"of": "accuracy", "where": "target = 'm'", "minus": "predictor = 'o'"}}
    with (
        study_of(tmp_path, "aa", "ab", "aa", contrasts=declared) as study,
        pytest.raises(ChoiceError, match="2 trials are in both arms"),
    ):
        study.contrast("both")


def test_arms_without_shared_items_are_refused_or_undefined(tmp_path):
    with study_of(tmp_path, ["a", "a", None, None], [None, None, "a", "b"], "aaaa") as study:
        row = study.contrast().iloc[0]
    assert np.isnan(row["value"])
    assert "share no items" in row["note"]


def test_a_study_without_cross_predictions_has_no_self_advantage(tmp_path):
    with study_of(tmp_path, "aa", "", "aa", where="predictor = 'm'") as study:
        row = study.contrast().iloc[0]
        assert "share no items" in row["note"]
        with pytest.raises(UnsupportedError, match="nothing to pair"):
            study.contrast(where="predictor = 'nobody'")


def test_an_unknown_contrast_names_the_nearest(tmp_path):
    with (
        study_of(tmp_path, "aa", "ab", "aa") as study,
        pytest.raises(ChoiceError, match="did you mean 'self_advantage'"),
    ):
        study.contrast("self_advantag")


def test_swapping_the_arms_mirrors_value_and_bounds(tmp_path):
    declared = {
        "swapped": {"of": "accuracy", "where": "role = 'cross'", "minus": "role = 'self'"},
        "straight": {"of": "accuracy", "where": "role = 'self'", "minus": "role = 'cross'"},
    }
    with study_of(tmp_path, "aabbabab" * 4, "abbbabba" * 4, "a" * 32, contrasts=declared) as study:
        one, other = study.contrast("straight").iloc[0], study.contrast("swapped").iloc[0]
    assert one["value"] == pytest.approx(-other["value"])
    assert one["low"] == pytest.approx(-other["high"])
