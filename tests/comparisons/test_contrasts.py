from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import foresay
from foresay.comparisons.contrasts import TESTS
from foresay.errors import ChoiceError, UnsupportedError
from studies import SHIPPED, open_study, prediction

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


ARMS_OF = {"of": "accuracy", "where": "role = 'self'", "minus": "role = 'cross'"}


def declared(**spec):
    return {"contrasts": {"c": {**ARMS_OF, **spec}}}


def test_the_columns_of_tests_stand_after_the_standard_error(tmp_path):
    with study_of(tmp_path, "aab", "abb", "aaa") as study:
        columns = list(study.contrast().columns)
    place = columns.index("standard_error")
    assert tuple(columns[place + 1 : place + 8]) == TESTS
    assert columns[place + 8] == "interval"


def test_the_sign_flip_is_that_of_the_discordant_items(tmp_path):
    # 5 items where self alone is right, 1 where cross alone is: 2 x 7 / 64
    with study_of(tmp_path, "aaaaabaa", "bbbbbaaa", "a" * 8, **declared()) as study:
        row = study.contrast("c").iloc[0]
    assert row["p_value"] == pytest.approx(14 / 64)
    assert (row["test"], row["verdict"]) == ("sign_flip", "not shown")


def test_mcnemar_is_the_mid_p_of_the_discordant_items(tmp_path):
    spec = declared(test="mcnemar")
    with study_of(tmp_path, "aaaaabaa", "bbbbbaaa", "a" * 8, **spec) as study:
        row = study.contrast("c").iloc[0]
    assert row["p_value"] == pytest.approx((14 - 6) / 64)
    assert row["test"] == "mcnemar"


def test_a_ratio_has_the_interval_of_its_logarithm(tmp_path):
    ratio = declared(scale="ratio")
    with study_of(tmp_path, "aabbabab" * 5, "abbbabba" * 5, "a" * 40, **ratio) as study:
        row = study.contrast("c").iloc[0]
    assert row["value"] == pytest.approx(row["of_value"] / row["minus_value"])
    middle = np.sqrt(row["low"] * row["high"])
    assert middle == pytest.approx(row["value"])
    assert 0 < row["low"] < row["value"] < row["high"]
    # of 40 items self is right on 20, cross on 15, both on 10: variance of d / mean, to first order
    relative = 20 / 20**2 + 15 / 15**2 - 2 * 10 / (20 * 15)
    assert row["standard_error"] == pytest.approx(row["value"] * np.sqrt(relative), rel=0.05)


def test_the_margin_of_a_ratio_is_a_factor(tmp_path):
    """4/3 is within a factor of 4, though not with any certainty within one of 1.4."""
    given = "aabbabab" * 5, "abbbabba" * 5, "a" * 40
    p = {}
    for margin in (1.4, 4.0):
        spec = declared(scale="ratio", hypothesis="equivalence", margin=margin)
        with study_of(tmp_path / str(margin), *given, **spec) as study:
            row = study.contrast("c").iloc[0]
            error = row["standard_error"] / row["value"]
            p[margin] = row["p_value"]
            t = (np.log(margin) - np.log(row["value"])) / error
            assert row["p_value"] == pytest.approx(stats.norm.sf(t), abs=0.02)
    assert p[4.0] < 0.01 < p[1.4]


def test_a_ratio_of_nothing_is_0_without_an_interval(tmp_path):
    with study_of(tmp_path, "bbbb", "abab", "aaaa", **declared(scale="ratio")) as study:
        row = study.contrast("c").iloc[0]
    assert row["value"] == 0
    assert np.isnan(row["low"])
    assert "the first term is 0" in row["note"]


def test_a_ratio_by_nothing_is_undefined(tmp_path):
    with study_of(tmp_path, "abab", "bbbb", "aaaa", **declared(scale="ratio")) as study:
        row = study.contrast("c").iloc[0]
    assert np.isnan(row["value"])
    assert "undefined" in row["note"]


def test_equivalence_brings_margin_p_and_the_interval_it_rests_on(tmp_path):
    spec = declared(hypothesis="equivalence", margin=0.5)
    with study_of(tmp_path, "aabbabab" * 5, "abbbabba" * 5, "a" * 40, **spec) as study:
        row = study.contrast("c").iloc[0]
    assert (row["test"], row["margin"], row["verdict"]) == ("tost", 0.5, "equivalent")
    assert "90% interval -" in row["note"]


def test_arms_that_agree_on_every_item_are_equivalent_by_their_number(tmp_path):
    spec = declared(hypothesis="equivalence", margin=0.5)
    with study_of(tmp_path, "aabb" * 5, "aabb" * 5, "a" * 20, **spec) as study:
        row = study.contrast("c").iloc[0]
    assert row["p_value"] == pytest.approx(0.5**20)


def worded(tmp_path, cells, **more):
    """Predictions of one target: cells of (predictor, wording) -> one answer an item or None."""
    said = [
        prediction(who, "m", f"i{n}", s, wording=wording)
        for (who, wording), given in cells.items()
        for n, s in enumerate(given)
        if s
    ]
    n = max(map(len, cells.values()))
    return open_study(
        tmp_path, {"answers": answers("m", "a" * n), "predictions": said}, choices=FAST, **more
    )


INTERACTION = {
    "contrasts": {
        "c": {
            "of": "accuracy",
            "where": "predictor = 'm' AND wording = 'you'",
            "minus": "predictor = 'o' AND wording = 'you'",
            "versus": {
                "where": "predictor = 'm' AND wording = 'name'",
                "minus": "predictor = 'o' AND wording = 'name'",
            },
        }
    }
}


def test_a_difference_of_differences_is_on_the_items_that_all_four_arms_have(tmp_path):
    cells = {
        ("m", "you"): "aaabb",
        ("o", "you"): "abbbb",
        ("m", "name"): "aabba",
        ("o", "name"): ["b", "a", "b", "b", None],
    }
    with worded(tmp_path, cells, **INTERACTION) as study:
        row = study.contrast("c").iloc[0]
    # on the first four items: (3/4 - 1/4) - (2/4 - 1/4)
    assert row["of_value"] == pytest.approx(0.5)
    assert row["minus_value"] == pytest.approx(0.25)
    assert row["value"] == pytest.approx(0.25)
    assert row["n_items"] == 4
    assert row["n_trials"] == 16
    assert "3 trials on items that not every arm has, left out" in row["note"]
    # items contribute 0 - 1, 1 - 0, 1 - 0 and 0 - 0: sums of three signs are 1 or 3 from 0
    assert row["p_value"] == pytest.approx(1.0)


def test_pairs_on_different_items_keep_their_own(tmp_path):
    """Train items and held-out items: the difference of two differences, on other items."""
    cells = {
        ("m", "you"): ["a", "a", None, None, None],
        ("o", "you"): ["a", "b", None, None, None],
        ("m", "name"): [None, None, "a", "b", "b"],
        ("o", "name"): [None, None, "a", "a", "b"],
    }
    with worded(tmp_path, cells, **INTERACTION) as study:
        row = study.contrast("c").iloc[0]
    assert row["value"] == pytest.approx((1 - 1 / 2) - (1 / 3 - 2 / 3))
    assert row["n_items"] == 5
    assert "the two differences are on different items" in row["note"]


def test_a_missing_pair_is_undefined_by_name(tmp_path):
    cells = {("m", "you"): "ab", ("o", "you"): "aa", ("m", "name"): "aa"}
    with worded(tmp_path, cells, **INTERACTION) as study:
        row = study.contrast("c").iloc[0]
    assert np.isnan(row["value"])
    assert row["note"] == "undefined: the arms of the second difference share no items"


def test_complete_pairing_refuses_with_the_number_of_trials(tmp_path):
    spec = declared(pairing="complete")
    with (
        study_of(tmp_path, "aaabba", "abbbb", "aaaaaa", **spec) as study,
        pytest.raises(UnsupportedError, match="1 trials have no partner in the other arm"),
    ):
        study.contrast("c")
    with study_of(tmp_path / "whole", "aab", "abb", "aaa", **spec) as study:
        assert study.contrast("c")["n_items"][0] == 3


def test_a_ratio_of_what_can_be_negative_is_refused(tmp_path):
    spec = {"contrasts": {"c": {**ARMS_OF, "of": "advantage", "scale": "ratio"}}}
    with (
        study_of(tmp_path, "aab", "abb", "aaa", **spec) as study,
        pytest.raises(ChoiceError, match="can be negative"),
    ):
        study.contrast("c")


def test_paired_is_never_wider_than_unpaired_on_the_shipped_study():
    """Predictors are right on the same items more often than by chance."""
    with foresay.read(SHIPPED) as study:
        of_two_arms = {n: spec for n, spec in study.study.contrasts.items() if spec.versus is None}
        assert len(of_two_arms) == 3
        for name, spec in of_two_arms.items():
            table = study.contrast(name)
            for _, row in table[table["standard_error"].notna()].iterrows():
                within = f"n_train = {row['n_train']} AND target = '{row['target']}'"
                arms = [
                    study.estimate("accuracy", where=f"({arm}) AND {within}", interval="cluster_t")
                    for arm in (spec.where, spec.minus)
                ]
                unpaired = np.sqrt(sum(a["standard_error"][0] ** 2 for a in arms))
                assert row["standard_error"] <= unpaired, (name, row["n_train"])


def test_the_same_contrast_twice_is_the_same_to_the_last_digit(tmp_path):
    cells = {
        ("m", "you"): "aaabbabbab" * 3,
        ("o", "you"): "abbbbaabab" * 3,
        ("m", "name"): "aabbaaabab" * 3,
        ("o", "name"): "abababbbaa" * 3,
    }
    with worded(tmp_path / "one", cells, **INTERACTION) as study:
        first = study.contrast("c").drop(columns="fingerprint")
    turned = dict(reversed(cells.items()))
    with worded(tmp_path / "two", turned, **INTERACTION) as study:
        second = study.contrast("c").drop(columns="fingerprint")
    assert first.to_csv() == second.to_csv()


def test_an_arm_that_pools_different_amounts_of_training_says_so(tmp_path):
    rows = [
        {
            "predictor": who,
            "target": "m",
            "task": "t",
            "item": f"i{n}",
            "property": "p",
            "behaviour": "a",
            "prediction": "a" if (n + k) % 3 else "b",
            "n_train": k if who == "m" else 0,
        }
        for n in range(12)
        for who, k in (("m", 1), ("m", 2), ("o", 3))
    ]
    tables = {"trials": {"files": "trials.csv", "conditions": ["n_train"]}}
    with open_study(tmp_path, {"trials": rows}, tables=tables) as study:
        pooled = study.contrast("self_advantage").iloc[0]
        apart = study.contrast("self_advantage", where="n_train <> 2").iloc[0]
    assert "an arm pools different values of n_train" in pooled["note"]
    assert "pools" not in apart["note"]
