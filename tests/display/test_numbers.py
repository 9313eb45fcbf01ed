from __future__ import annotations

import math

import pandas as pd
import pytest

from foresay.display import (
    count,
    decimal,
    digits_for,
    interval_text,
    is_missing,
    number,
    p_text,
    percent,
    range_text,
)


@pytest.mark.parametrize(
    ("low", "high", "digits"),
    [(0.598, 0.667, 3), (0.4, 0.6, 2), (0.4, 0.599, 3), (0.6325, 0.6335, 4), (0.0, 1.0, 2),
     (0.5, 0.5, 3), (math.nan, 0.5, 3), (0.6333333, 0.6333334, 4)],
)  # fmt: skip
def test_digits_follow_the_width_of_the_interval(low: float, high: float, digits: int) -> None:
    assert digits_for(low, high) == digits


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.6333, ".633"), (-0.0194, "\u2212.019"), (1, "1.000"), (0, ".000"), (-0.0001, ".000"),
     (1.5, "1.500"), (0.9996, "1.000"), (math.nan, "—"), (None, "—"), (pd.NA, "—"),
     (-math.inf, "\u2212∞")],
)  # fmt: skip
def test_decimals(value: float, text: str) -> None:
    assert decimal(value) == text


def test_what_can_pass_one_keeps_its_zero_and_differences_their_sign() -> None:
    row = {"value": 0.52, "low": 0.4, "high": 0.7}
    assert interval_text({"estimand": "entropy", **row}) == "0.52 [0.40, 0.70]"
    assert interval_text({"estimand": "self_advantage", **row}) == "+.52 [.40, .70]"
    assert interval_text({"estimand": "accuracy", **row}) == ".52 [.40, .70]"


def test_missing_parts_are_dashes() -> None:
    nan = math.nan
    assert interval_text({"estimand": "accuracy", "value": nan, "low": nan, "high": nan}) == "—"
    assert interval_text({"estimand": "accuracy", "value": 0.5, "low": nan, "high": nan}) == (
        ".500 [—]"
    )
    assert range_text({"estimand": "accuracy", "low": nan, "high": 0.5}) == "[—, .500]"


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0, "p < .001"), (0.0009, "p < .001"), (0.001, "p = .001"), (0.0341, "p = .034"),
     (1.0, "p > .999"), (math.nan, "p = —")],
)  # fmt: skip
def test_a_p_value_is_never_zero_or_one(p: float, text: str) -> None:
    assert p_text(p) == text


def test_counts_and_percentages() -> None:
    assert count(14700) == "14,700"
    assert count(14700.5) == "14,700.5"
    assert count(math.nan) == "—"
    assert percent(0.95) == "95\N{NO-BREAK SPACE}%"
    assert percent(0.975) == "97.5\N{NO-BREAK SPACE}%"


def test_the_text_nan_is_an_answer_and_not_missing() -> None:
    assert not is_missing("nan")
    assert not is_missing("")


def test_a_number_is_escaped_for_a_report_and_keeps_what_it_came_from() -> None:
    row = pd.Series({"estimand": "accuracy", "value": 0.633, "low": 0.598, "high": 0.667})
    made = number(row)
    assert (str(made), made.value, made.note) == (".633 [.598, .667]", 0.633, "")
    assert made._repr_markdown_() == r".633 \[.598, .667\]"
    assert str(number(row, interval=False)) == ".633"


def test_a_missing_number_knows_why() -> None:
    made = number({"estimand": "skill", "value": math.nan, "note": "ceiling below baseline"})
    assert (str(made), made.note) == ("—", "ceiling below baseline")
