"""The audit of published numbers that are shipped: what is named, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from foresay.claims import audit

FOLDER = Path(__file__).resolve().parents[2] / "data" / "published"
MODELS = ("gpt-4o", "llama-70b", "gpt-3.5")


@pytest.fixture(scope="module")
def found():
    return audit(FOLDER / "looking_inward.csv", claims=FOLDER / "claims.csv")


def named(found, rule):
    return {one.rows[0] for one in found.differing if one.rule == rule}


def test_the_estimate_outside_its_own_interval_is_named(found):
    assert named(found, "estimate inside its interval") == {"rt-gpt-4o-after-accuracy"}


@pytest.mark.parametrize(
    "rule",
    [
        "whole number of items",
        "error implies the estimate",
        "estimate near the middle of its interval",
    ],
)
def test_the_three_rows_after_training_are_named_and_no_other(found, rule):
    assert named(found, rule) == {f"rt-{model}-after-accuracy" for model in MODELS}


def test_no_rule_names_a_row_before_training(found):
    assert [row for row in found.rows_named if "before" in row] == []
    assert len(found.rows_named) == 6  # three estimates and the rows of their errors


def test_nothing_but_the_four_rules_differs(found):
    assert {one.rule for one in found.differing} == {
        "estimate inside its interval",
        "estimate near the middle of its interval",
        "whole number of items",
        "error implies the estimate",
    }


@pytest.mark.parametrize(
    ("model", "implied"), [("gpt-4o", 0.512057), ("llama-70b", 0.488075), ("gpt-3.5", 0.375126)]
)
def test_the_accuracy_that_an_error_implies(found, model, implied):
    (one,) = (
        one
        for one in found.differing
        if one.rule == "error implies the estimate" and one.rows[0] == f"rt-{model}-after-accuracy"
    )
    assert any(abs(p - implied) < 1e-6 for p in one.numbers.values())


VERDICTS = {
    "c01": "supported",
    "c02": "supported",
    "c03": "supported",
    "c04": "contradicted",
    "c05": "supported",
    "c06": "supported",
    "c07": "unresolved",
    "c08": "contradicted",
    "c09": "supported",
    "c10": "supported",
    "c11": "contradicted",
    "c12": "contradicted",
}


def test_every_claim_has_its_verdict(found):
    assert {one.id: one.verdict for one in found.assessments} == VERDICTS


def test_every_claim_has_its_arithmetic(found):
    assert all(part.arithmetic and part.rows for one in found.assessments for part in one.parts)
    by_id = {one.id: one for one in found.assessments}
    assert "16.6 % to 16.8 %" in by_id["c02"].parts[0].arithmetic
    assert "3.3 points apart" in by_id["c08"].parts[0].arithmetic
    assert [part.verdict for part in by_id["c04"].parts] == [
        "supported",
        "contradicted",
        "contradicted",
    ]
    assert by_id["c11"].reason.startswith("5 of 6 supported, 1 of 6 contradicted")
    assert len(by_id["c06"].parts) == len(by_id["c09"].parts) == 6


def test_findings_are_arithmetic_in_neutral_words(found):
    words = ("fraud", "mistake", "wrong", "error in", "should", "fabricat", "suspicious", "invalid")
    said = " ".join(f"{one.rule} {one.arithmetic} {one.reason}" for one in found.findings).lower()
    said += " ".join(part.arithmetic for one in found.assessments for part in one.parts).lower()
    assert [word for word in words if word in said] == []
