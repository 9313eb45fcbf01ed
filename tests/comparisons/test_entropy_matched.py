from __future__ import annotations

import math

import numpy as np
import pytest

from foresay.comparisons.entropy_matched import entropy_matched
from foresay.errors import ChoiceError, UnsupportedError
from studies import answers, open_study, prediction

CHOICES = {"truth": "each", "resamples": 200}
ARMS = ("target = 'new'", "target = 'old'")


def study_of(tmp_path, did, said, **choices):
    """Model -> repeats of each item; model -> its prediction of itself on each item."""
    tables = {
        "answers": [
            row
            for model, items in did.items()
            for i, given in enumerate(items)
            for row in answers(model, f"i{i}", list(given))
        ],
        "predictions": [
            prediction(model, model, f"i{i}", s)
            for model, given in said.items()
            for i, s in enumerate(given)
        ],
    }
    return open_study(tmp_path, tables, choices={**CHOICES, **choices})


def found(study, arms=ARMS, **more):
    return entropy_matched(
        study.population(),
        arms,
        names=("new", "old"),
        choices=study.choices,
        context=study._context(None),
        engine=study.engine,
        **more,
    )


def at(table, arm, matching="none", estimand="accuracy"):
    quantity = "difference" if " minus " in arm else "value"
    rows = table[
        (table["arm"] == arm)
        & (table["matching"] == matching)
        & (table["estimand"] == estimand)
        & (table["quantity"] == quantity)
    ]
    assert len(rows) == 1
    return rows.iloc[0]


# on fixed items everyone is right, on coin flips half right: more items are fixed when new
DID = {"new": ["aa", "aa", "aa", "ab"], "old": ["aa", "ab", "ab", "ab"]}
SAID = {"new": "aaaa", "old": "aaaa"}
BIT = 1 / math.log(2)  # two repeats that differ


def test_a_difference_that_is_entropy_alone_vanishes(tmp_path):
    table = found(study_of(tmp_path, DID, SAID))
    assert at(table, "new")["value"] == pytest.approx(7 / 8)
    assert at(table, "old")["value"] == pytest.approx(5 / 8)
    assert at(table, "new minus old")["value"] == pytest.approx(2 / 8)
    # 4 of 8 trials in each bin: (1 + 1/2) / 2 for either arm
    for arm in ("new", "old"):
        assert at(table, arm, "weights")["value"] == pytest.approx(3 / 4)
    assert at(table, "new minus old", "weights")["value"] == pytest.approx(0)


def test_entropies_are_shown_before_and_after_matching(tmp_path):
    table = found(study_of(tmp_path, DID, SAID))
    assert at(table, "new", estimand="entropy")["value"] == pytest.approx(BIT / 4)
    assert at(table, "old", estimand="entropy")["value"] == pytest.approx(3 * BIT / 4)
    for arm in ("new", "old"):
        assert at(table, arm, "weights", "entropy")["value"] == pytest.approx(BIT / 2)


def test_bins_that_one_arm_lacks_are_left_out_and_counted(tmp_path):
    did = {"new": ["aa", "aa", "aa"], "old": ["aa", "ab", "ab"]}
    table = found(study_of(tmp_path, did, {"new": "aab", "old": "aaa"}))
    row = at(table, "new", "weights")
    assert row["value"] == pytest.approx(2 / 3)
    assert "2 trials in bins that one arm lacks" in row["note"]
    assert at(table, "old", "weights")["value"] == pytest.approx(1)


def test_no_shared_bin_has_no_difference_but_a_reason(tmp_path):
    did = {"new": ["aa", "aa"], "old": ["ab", "ab"]}
    table = found(study_of(tmp_path, did, {"new": "aa", "old": "aa"}))
    row = at(table, "new minus old", "weights")
    assert math.isnan(row["value"])
    assert "undefined" in row["note"]


def test_edges_decide_the_bins(tmp_path):
    study = study_of(tmp_path, DID, SAID)
    table = found(study, edges=[2.0])
    one_bin = at(table, "new minus old", "weights")["value"]
    assert one_bin == pytest.approx(at(table, "new minus old")["value"])
    with pytest.raises(ChoiceError, match="ascend"):
        found(study, edges=[1.0, 0.5])


def test_items_with_too_few_repeats_are_excluded_and_counted(tmp_path):
    did = {"new": ["aa", "a"], "old": ["ab", "ab"]}
    row = at(found(study_of(tmp_path, did, {"new": "aa", "old": "aa"})), "new")
    assert (row["n_trials"], row["n_excluded"]) == (1, 1)


def test_without_repeats_it_is_refused(tmp_path):
    with pytest.raises(UnsupportedError, match="two repeats"):
        found(study_of(tmp_path, {"new": ["a"], "old": ["b"]}, {"new": "a", "old": "b"}))


@pytest.mark.simulation
@pytest.mark.parametrize(("repeats", "reach"), [(3, 0.7), (20, 0.25)])
def test_matching_takes_away_more_the_more_repeats_there_are(tmp_path, repeats, reach):
    """Accuracy is the share of the commonest answer for both; the new model is more fixed."""
    rng = np.random.default_rng(4)
    n = 600
    shares = {"new": rng.beta(6, 1, n) / 2 + 0.5, "old": rng.beta(1.5, 1.5, n) / 2 + 0.5}
    did = {
        model: ["".join(np.where(rng.random(repeats) < p, "a", "b")) for p in share]
        for model, share in shares.items()
    }
    table = found(
        study_of(tmp_path, did, {"new": "a" * n, "old": "a" * n}), edges=[0, 0.3, 0.6, 0.9]
    )
    crude = at(table, "new minus old")["value"]
    matched = at(table, "new minus old", "weights")["value"]
    assert crude > 0.1
    assert abs(matched) < reach * crude
