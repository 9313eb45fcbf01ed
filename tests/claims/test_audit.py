from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresay.claims import Premises, audit
from foresay.errors import ChoiceError, ForesayError
from foresay.resampling import stream


def rows(*accuracies, **more):
    return [
        {"model": f"m{i}", "accuracy": value, "n": "99", **more}
        for i, value in enumerate(accuracies)
    ]


def verdicts(found, rule):
    return [one.verdict for one in found.findings if one.rule == rule]


def test_every_check_is_counted_as_passed_differing_or_not_possible():
    found = audit(rows(".35", ".355", ".500"))
    counted = found.counts()["whole number of items"]
    assert (counted["passed"], counted["differs"]) == (1, 2)
    summary = found.summary().set_index("rule")
    assert summary.loc["whole number of items", "possible"] == 3
    assert summary.loc["estimate inside its interval", "not_possible"] == 3
    assert len(found.table()) == len(found.findings)
    assert found.table()["verdict"].tolist()[:2] == ["differs", "differs"]


def test_a_finding_names_its_rows_and_numbers():
    found = audit([{"id": "r1", "accuracy": ".355", "n": "100"}])
    assert found.rows_named == ("r1",)
    assert found.differing[0].arithmetic.startswith("printed .355 of 100; ")


def test_the_json_is_complete_and_the_same_for_the_same_table():
    found = audit(rows(".35", ".355"), claims=[{"id": "c", "terms": "row > 5"}])
    said = json.loads(found.to_json())
    assert said["claims"][0]["verdict"] == "not assessed"
    assert len(said["findings"]) == len(found.findings)
    again = audit(rows(".35", ".355"), claims=[{"id": "c", "terms": "row > 5"}])
    assert again.to_json() == found.to_json()


def error_rows(*, right, wrong):
    made = []
    for i, n in enumerate(range(1000, 1000 + right + wrong)):
        p = 400 / n
        made.append(
            {
                "id": f"r{i}",
                "accuracy": repr(p),
                "se": repr((p * (1 - p) / n) ** 0.5 * (1 if i < right else 1.2)),
                "n": str(n),
            }
        )
    return made


@pytest.mark.parametrize(
    ("right", "wrong", "said", "verdict"),
    [
        (3, 1, "auto", "differs"),
        (1, 1, "auto", "not possible"),  # one match is too few to say what the errors are
        (2, 5, "auto", "not possible"),  # so are two of seven
        (0, 4, "auto", "not possible"),  # clustered errors imply no proportion
        (0, 4, "binomial", "differs"),
        (3, 1, "other", "not possible"),
    ],
)
def test_errors_are_held_against_binomial_ones_where_they_are_such(right, wrong, said, verdict):
    found = audit(error_rows(right=right, wrong=wrong), premises=Premises(errors=said))
    assert verdicts(found, "error implies the estimate")[-1] == verdict


def test_arms_need_one_n_only_where_they_are_said_to_have_the_same_items():
    table = [
        {"predictor": "a", "stage": stage, "accuracy": ".5", "n": n}
        for stage, n in (("before", "100"), ("after", "98"))
    ]
    rule = "equal n of arms with the same items"
    assert verdicts(audit(table), rule) == ["not possible"]
    assert verdicts(audit(table, premises=Premises(same_items=("stage",))), rule) == ["differs"]
    with pytest.raises(ChoiceError, match="did you mean 'stage'"):
        audit(table, premises=Premises(same_items=("stge",)))


def test_one_cell_at_two_places_needs_one_value_where_that_is_said():
    table = [
        {"model": "a", "figure": place, "accuracy": value}
        for place, value in (("Figure 1", "49.4%"), ("Figure 2", "48.9%"))
    ]
    rule = "one value for the same labels"
    assert verdicts(audit(table), rule) == ["not possible"]
    assert verdicts(audit(table, premises=Premises(same_labels=True)), rule) == ["differs"]


def test_a_copied_row_of_a_wide_table_is_a_repeated_panel():
    table = [
        {"model": "a", "first_word": "41.5", "is_even": "60.4", "vowel": "64.3", "stance": "78.0"},
        {"model": "b", "first_word": "63.2", "is_even": "60.7", "vowel": "74.4", "stance": "86.8"},
    ]
    assert verdicts(audit(table), "no panel twice") == ["passed"]
    table[1] = {**table[0], "model": "b"}
    assert verdicts(audit(table), "no panel twice") == ["differs"]


def test_baselines_of_one_target_may_be_the_same_for_two_predictors():
    table = [
        {"predictor": p, "target": "t", "property": q, "estimand": "baseline_mode", "value": v}
        for p in ("a", "b")
        for q, v in (("x", "41.5%"), ("y", "60.4%"), ("z", "64.3%"), ("w", "78.0%"))
    ]
    assert verdicts(audit(table), "no panel twice") == ["not possible"]


def test_rows_that_are_there_twice_are_named_by_what_they_are_called():
    table = [{"id": i, "model": "a", "accuracy": ".5"} for i in ("x", "y")]
    found = audit(table)
    assert [one.rows for one in found.differing] == [("x", "y")]


def test_models_and_arms_are_held_against_what_was_promised():
    table = [{"predictor": "gpt-4", "target": "gpt-4o", "accuracy": ".5"}]
    said = Premises(models=("gpt-4o",), promised=({"predictor": "gpt-4o"},))
    found = audit(table, premises=said)
    assert verdicts(found, "labels in the model registry") == ["differs", "passed"]
    assert verdicts(found, "promised arms are there") == ["differs"]


def test_a_printed_cell_and_its_value_are_one_number():
    table = [{"model": "a", "value": "0.494", "as_printed": ".49"}]
    rule = "equality after rounding"
    assert verdicts(audit(table), rule) == ["passed"]
    assert verdicts(audit([{**table[0], "as_printed": ".48"}]), rule) == ["differs"]


@pytest.mark.parametrize(
    ("premises", "words"),
    [
        ({"rounding": "half_upp"}, "did you mean 'half_up'"),
        ({"interval": "bootstrap"}, "interval is 'bootstrap'"),
        ({"parts": 0}, "1 or more"),
    ],
)
def test_premises_that_are_none_are_refused(premises, words):
    with pytest.raises(ChoiceError, match=words):
        Premises(**premises)


def test_cells_of_any_text_are_read_or_left_out():
    hostile = ["=cmd|' /C calc'!A0", "<script>1</script>", "1e999", "-" * 500, "\u202e12", ".5"]
    found = audit([{"model": text, "accuracy": ".5", "low": text, "n": text} for text in hostile])
    assert found.estimates == len(hostile)
    json.loads(found.to_json())


def test_many_rows_are_asked_every_question():
    rng = stream(1, "many rows")
    n = rng.integers(20, 90, 1_000)
    shares = rng.binomial(n, 0.4) / n
    found = audit(
        [
            {"model": f"m{i}", "accuracy": f"{p:.2f}", "low": "0", "high": "1", "n": str(k)}
            for i, (p, k) in enumerate(zip(shares, n, strict=True))
        ]
    )
    assert found.counts()["whole number of items"]["passed"] == 1_000
    assert found.differing == ()


def test_two_estimands_of_one_arm_may_be_equal_by_what_they_are():
    table = [
        {"predictor": p, "estimand": e, "value": v}
        for e in ("accuracy_own", "accuracy_target")
        for p, v in (("a", ".4153"), ("b", ".6044"), ("c", ".6432"), ("d", ".7801"))
    ]
    assert verdicts(audit(table), "no panel twice") == ["not possible"]


CELLS = st.one_of(
    st.text(max_size=12),
    st.text(st.sampled_from("0123456789.,%-+e±[]()<"), max_size=12),
    st.sampled_from(["", ".5", "49.4 %", "49.4 ± 0.3", "1e999", "-0", "0", "100", "p < .01"]),
)
HEADS = ("id", "model", "estimand", "accuracy", "value", "low", "high", "se", "ci", "n", "unit")


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(HEADS, CELLS)), max_size=5))
@settings(max_examples=150)
def test_any_cells_give_an_audit_or_a_reason(table):
    for errors in ("auto", "binomial"):
        try:
            found = audit(table, premises=Premises(errors=errors))
        except ForesayError:
            return
        assert json.loads(found.to_json())["estimates"] == found.estimates


def test_bootstrapped_errors_of_honest_tables_are_not_taken_for_binomial_ones():
    rng = stream(7, "bootstrapped errors")
    for resamples in (400, 10_000, 100_000):
        for _ in range(60):
            table = []
            for _ in range(5):
                n = int(rng.integers(60, 3_000))
                p = rng.binomial(n, 0.4) / n
                # what the deviation of so many resamples is, to their own normal error
                error = (p * (1 - p) / n) ** 0.5 * (1 + rng.normal() / (2 * resamples) ** 0.5)
                table.append({"accuracy": f"{p:.6f}", "se": f"{error:.5f}", "n": str(n)})
            assert "differs" not in verdicts(audit(table), "error implies the estimate")


def test_binomial_errors_are_known_as_such_where_enough_are_printed_finely():
    table = []
    for i, n in enumerate(range(1000, 1030)):
        p = 400 / n
        error = (p * (1 - p) / n) ** 0.5 * (1.2 if i == 3 else 1)
        table.append({"accuracy": f"{p:.6f}", "se": f"{error:.6f}", "n": str(n)})
    found = audit(table)
    assert [one.rows for one in found.differing] == [("row 4",)]
    few = audit(table[2:5])
    rule = "error implies the estimate"
    assert verdicts(few, rule) == ["not possible"] * 3
    said = {one.reason for one in few.findings if one.rule == rule}
    assert [reason.rpartition("; ")[2] for reason in said] == ["--errors binomial says so"]
    assert "differs" in verdicts(audit(table[2:5], premises=Premises(errors="binomial")), rule)


def test_what_would_open_the_check_of_equal_n_is_named():
    table = [
        {"model": m, "arm": arm, "accuracy": ".5", "n": n}
        for m, arm, n in (("a", "x", "100"), ("a", "y", "100"), ("b", "x", "100"), ("b", "y", "98"))
    ]
    found = [one for one in audit(table).findings if one.rule.startswith("equal n")]
    assert [one.verdict for one in found] == ["passed", "not possible"]
    assert found[1].reason == (
        "nothing says that these arms have the same items, and n differs; --same-items arm would"
    )
    nothing = audit([{"model": "a", "accuracy": ".5"}, {"model": "b", "accuracy": ".5"}])
    (one,) = (one for one in nothing.findings if one.rule.startswith("equal n"))
    assert one.reason.endswith("--same-items COLUMN does")
    alone = audit([{"arm": "x", "task": task, "accuracy": ".5"} for task in "st"])
    (one,) = (one for one in alone.findings if one.rule.startswith("equal n"))
    assert one.reason == "no two estimates differ in 'arm' alone"


def counted(column, *ks, accuracies=(".55", ".66", ".61")):
    pairs = zip(ks, accuracies, strict=False)
    return [
        {"model": f"m{i}", column: k, "n": "100", "accuracy": a} for i, (k, a) in enumerate(pairs)
    ]


EQUAL = "equality after rounding"


def test_a_number_of_right_items_is_held_against_its_share():
    found = audit(counted("n_correct", "55", "60", "61"))
    assert verdicts(found, EQUAL) == ["passed", "differs", "passed"]
    assert found.differing[0].arithmetic == "60 of 100 is .6; printed .66"
    said = audit(counted("k", "55", "60"), {"k": "k"})
    assert verdicts(said, EQUAL) == ["passed", "differs"]
    assert verdicts(audit(counted("k", "55", "60", "61")), EQUAL) == ["passed", "differs", "passed"]


def test_a_k_that_may_be_another_is_not_held_against_the_share():
    assert verdicts(audit(counted("k", "1", "5", "10")), EQUAL) == []  # the k of top-k
    assert verdicts(audit(counted("k", "155", "66")), EQUAL) == []  # more than n
    assert verdicts(audit(counted("k", "55", "60")), EQUAL) == ["passed", "not possible"]
    assert verdicts(audit(counted("n_correct", "5", "6", "7")), EQUAL) == ["not possible"] * 3
