"""Differences and complements that stand in columns of a table."""

from __future__ import annotations

import json

import pytest

from foresay.claims import audit
from foresay.claims.audit_words import text
from foresay.claims.column_sums import find_sums
from foresay.errors import ChoiceError

DIFFERENCE, COMPLEMENTS = "difference of its two terms", "complements add up"
GOOD = [("48.5", "31.8", "16.7"), ("63.3", "40.0", "23.3"), ("50.0", "50.1", "-0.1")]


def table(heads, rows):
    return [
        dict(zip(("model", *heads), (f"m{i}", *row), strict=True)) for i, row in enumerate(rows)
    ]


def verdicts(found, rule):
    return [one.verdict for one in found.findings if one.rule == rule]


@pytest.mark.parametrize(
    "heads",
    [
        ("self", "cross", "advantage"),
        ("Self accuracy (%)", "Cross accuracy (%)", "Self advantage"),
        ("after", "before", "gain"),
        ("own", "other", "Δ"),
        ("a1", "b1", "a1 - b1"),
    ],
)
def test_a_difference_is_recognised_by_its_name_and_checked_in_every_row(heads):
    right = audit(table(heads, GOOD))
    assert verdicts(right, DIFFERENCE) == ["passed"] * 3
    wrong = audit(table(heads, [*GOOD[:2], ("50.0", "50.1", "10.1")]))
    assert verdicts(wrong, DIFFERENCE) == ["passed", "passed", "differs"]
    (one,) = wrong.differing
    assert one.rows == tuple(f"row 3: {head}" for head in (heads[2], *heads[:2]))


def test_the_other_sign_of_a_recognised_difference_counts_for_all_rows_together():
    turned = [(one, two, minus) for two, one, minus in GOOD]
    assert verdicts(audit(table(("self", "cross", "gap"), turned)), DIFFERENCE) == ["passed"] * 3
    said = {"self": "minuend", "cross": "subtrahend", "gap": "difference"}
    mapped = audit(table(("self", "cross", "gap"), turned), said)
    assert verdicts(mapped, DIFFERENCE) == ["differs"] * 3


def test_columns_that_only_look_like_a_difference_are_not_held_against_each_other():
    other = [("48.5", "31.8", "3.1"), ("63.3", "40.0", "2.2"), ("50.0", "50.1", "1.4")]
    found = audit(table(("self", "cross", "gap"), other))
    assert verdicts(found, DIFFERENCE) == ["not possible"] * 3
    assert "0 of 3 rows fit" in text(found)
    said = {"self": "minuend", "cross": "subtrahend", "gap": "difference"}
    assert (
        verdicts(audit(table(("self", "cross", "gap"), other), said), DIFFERENCE) == ["differs"] * 3
    )


@pytest.mark.parametrize(
    "row",
    [
        ("48.5 %", "31.8 %", "16.7"),
        ("48.5%", "31.8%", ".167"),
        ("48.5", "31.8", "16.7 points"),
        (".485", ".318", ".17"),
    ],
)
def test_a_mapped_difference_may_be_in_points_or_a_proportion(row):
    said = {"x": "minuend", "y": "subtrahend", "z": "difference"}
    assert verdicts(audit(table(("x", "y", "z"), [row]), said), DIFFERENCE) == ["passed"]


@pytest.mark.parametrize(
    "heads",
    [("compliant", "non-compliant"), ("correct", "incorrect"), ("wrong", "right"), ("x", "not x")],
)
@pytest.mark.parametrize("form", ["{:.1f} %", "{:.1f}", "0.{:03.0f}"])
def test_parts_of_a_whole_are_recognised_and_checked(heads, form):
    shares = [(24.0, 76.0), (31.5, 68.5), (90.0, 10.0)]
    scale = 10 if form.startswith("0") else 1
    rows = [tuple(form.format(scale * one) for one in pair) for pair in shares]
    assert verdicts(audit(table(heads, rows)), COMPLEMENTS) == ["passed"] * 3
    rows[2] = (rows[2][0], form.format(scale * 11.0))
    assert verdicts(audit(table(heads, rows)), COMPLEMENTS) == ["passed", "passed", "differs"]


def test_parts_that_leave_out_a_third_are_not_called_wrong_unless_mapped():
    rows = [("24.0 %", "66.0 %"), ("31.5 %", "50.5 %")]
    heads = ("correct", "incorrect")
    assert verdicts(audit(table(heads, rows)), COMPLEMENTS) == ["not possible"] * 2
    mapped = audit(table(heads, rows), dict.fromkeys(heads, "complement"))
    assert verdicts(mapped, COMPLEMENTS) == ["differs"] * 2


def test_three_parts_can_be_mapped():
    heads = ("a", "b", "c")
    found = audit(table(heads, [("33.3", "33.3", "33.3")]), dict.fromkeys(heads, "complement"))
    assert verdicts(found, COMPLEMENTS) == ["passed"]


def test_what_was_not_possible_says_why_in_the_overview():
    found = audit([{"model": "a", "accuracy": ".5"}])
    assert verdicts(found, DIFFERENCE) == verdicts(found, COMPLEMENTS) == ["not possible"]
    assert "no columns are a difference and its two terms; map them" in text(found)
    assert "no columns are parts of one whole; map them" in text(found)


def test_the_columns_of_a_sum_are_told():
    found = audit(table(("self", "cross", "gap"), GOOD))
    assert json.loads(found.to_json())["columns"]["sums"] == [
        {"difference": ["gap", "self", "cross"]}
    ]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"gap": "difference"}, "needs a column that is the minuend"),
        ({"self": "minuend", "cross": "minuend", "gap": "difference"}, "choose one"),
        ({"self": "complement"}, "only complement"),
        ({"self": "differense"}, "did you mean 'difference'"),
    ],
)
def test_mappings_that_make_no_sum_are_refused(said, words):
    with pytest.raises(ChoiceError, match=words):
        audit(table(("self", "cross", "gap"), GOOD), said)


def test_of_two_possible_terms_none_is_taken():
    columns = ["self_a", "cross_a", "self_b", "cross_b", "gap"]
    assert list(find_sums(columns, {})) == []
    (one,) = find_sums([*columns[:-1], "gap_b"], {})
    assert one.columns == ("gap_b", "self_b", "cross_b")
