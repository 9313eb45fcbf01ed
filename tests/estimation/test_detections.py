from __future__ import annotations

import math

import pytest

from foresay.errors import ChoiceError, UnsupportedError
from studies import answers, open_study, prediction

NAMES = ("hit_rate", "false_alarm_rate", "d_prime")
# signal, detected, compliant
ROWS = [
    *[(True, True, True)] * 3,
    (True, False, True),
    (True, True, False),
    *[(False, True, True)] * 1,
    *[(False, False, True)] * 4,
    (None, True, True),
]


def study_of(tmp_path, rows, *, spell=str, **choices):
    said = [
        prediction(
            "m",
            "m",
            f"i{i}",
            "x",
            signal=None if signal is None else spell(signal),
            detected=spell(detected),
            compliant=compliant,
        )
        for i, (signal, detected, compliant) in enumerate(rows)
    ]
    did = [row for i in range(len(rows)) for row in answers("m", f"i{i}", ["x"])]
    return open_study(tmp_path, {"predictions": said, "answers": did}, choices=choices)


def found(study, **more):
    table = study.estimate(NAMES, **more)
    return {row["estimand"]: row for row in table.to_dict("records")}


def test_what_is_not_in_the_asked_form_detects_nothing(tmp_path):
    rows = found(study_of(tmp_path, ROWS))
    assert rows["hit_rate"]["value"] == pytest.approx(3 / 5)
    assert rows["false_alarm_rate"]["value"] == pytest.approx(1 / 5)
    assert rows["d_prime"]["n_trials"] == 10
    assert rows["d_prime"]["n_excluded"] == 1


@pytest.mark.parametrize(
    ("policy", "rate", "n"), [("drop_either", 3 / 4, 4), ("ignore", 4 / 5, 5), ("paper", 3 / 5, 5)]
)
def test_the_policy_of_compliance_decides(tmp_path, policy, rate, n):
    row = found(study_of(tmp_path, ROWS, compliance=policy))["hit_rate"]
    assert (row["value"], row["n_trials"]) == (pytest.approx(rate), n)


SPELLINGS = {"words": str, "numbers": int, "yes": lambda v: "yes" if v else "No"}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_true_and_false_are_read_as_elsewhere(tmp_path, spell):
    assert found(study_of(tmp_path, ROWS, spell=spell))["hit_rate"]["value"] == pytest.approx(0.6)


def test_other_words_are_refused(tmp_path):
    study = study_of(tmp_path, ROWS, spell=lambda v: "HIGH" if v else "LOW")
    with pytest.raises(ChoiceError, match="'HIGH', where true or false"):
        found(study)


def test_a_rate_at_a_bound_leaves_d_prime_without_an_interval(tmp_path):
    rows = [(True, True, True)] * 5 + [(True, False, True)] * 5 + [(False, False, True)] * 10
    row = found(study_of(tmp_path, rows))
    assert math.isfinite(row["d_prime"]["value"])
    assert math.isnan(row["d_prime"]["low"])
    assert "rests on the correction" in row["d_prime"]["note"]
    assert row["false_alarm_rate"]["interval"] == "exact"
    assert row["false_alarm_rate"]["high"] == pytest.approx(0.3085, abs=1e-3)


def test_without_noise_there_are_hits_alone(tmp_path):
    rows = found(study_of(tmp_path, [(True, True, True), (True, False, True)]))
    assert rows["hit_rate"]["value"] == 0.5
    assert math.isnan(rows["false_alarm_rate"]["value"])
    assert "without a signal" in rows["false_alarm_rate"]["note"]
    assert math.isnan(rows["d_prime"]["value"])


def test_the_missing_column_is_named(tmp_path):
    study = open_study(
        tmp_path,
        {"predictions": [prediction("m", "m", "i", "x")], "answers": answers("m", "i", ["x"])},
    )
    with pytest.raises(UnsupportedError, match=r"`signal`.*`detected`"):
        found(study)


def test_groups_are_those_of_conditions(tmp_path):
    study = study_of(tmp_path, ROWS)
    alone = found(study, where="item IN ('i0', 'i3', 'i5', 'i6')")
    assert alone["hit_rate"]["value"] == 0.5
    assert alone["false_alarm_rate"]["value"] == 0.5


def test_entropy_and_distinct_answers_are_estimands(tmp_path):
    given = ["aa", "ab", "ab", "aa", "ab"]
    tables = {
        "answers": [row for i, g in enumerate(given) for row in answers("m", f"i{i}", list(g))],
        "predictions": [prediction("m", "m", f"i{i}", "a") for i in range(len(given))],
    }
    study = open_study(tmp_path, tables)
    table = study.estimate(["entropy", "distinct_answers"], by="target")
    rows = {row["estimand"]: row for row in table.to_dict("records")}
    assert rows["entropy"]["value"] == pytest.approx(0.6 / math.log(2))
    assert rows["distinct_answers"]["value"] == pytest.approx(1.6)
    assert rows["entropy"]["n_items"] == rows["entropy"]["n_trials"] == 5
    assert rows["distinct_answers"]["low"] < 1.6 < rows["distinct_answers"]["high"]
