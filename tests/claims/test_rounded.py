from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.claims import parse_number
from foresay.claims.rounded import rounded_like


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("49.4 %", 0.51249, "51.2 %"),
        (".494", 0.51249, ".512"),
        ("0.494", 0.51249, "0.512"),
        ("0.494", -0.02, "\u22120.020"),
        ("-.05", 0.0412, ".04"),
        ("+3 points", 0.0412, "+4 points"),
        ("+3 points", -0.0412, "\u22124 points"),
        ("+.02", 0.0, ".00"),
        ("1,234", 98765.4, "98,765"),
        ("839", 1240.0, "1240"),
        ("n = 839", 841.0, "n = 841"),
        ("< .01", 0.0004, "< .01"),
        ("p < .01", 0.2, "p = .20"),
        ("< .01", 0.2, ".20"),
        ("> 90 %", 0.5, "50 %"),
        ("1.2e-3", 0.00042, ".00042"),
        (".494", float("nan"), "\u2014"),
    ],
)
def test_a_number_takes_the_looks_of_the_print(text, value, said):
    assert rounded_like(parse_number(text), value) == said


def test_ties_follow_the_declared_rounding():
    printed, tie = parse_number(".10"), 0.125
    assert rounded_like(printed, tie) == rounded_like(printed, tie, "half_even") == ".12"
    assert rounded_like(printed, tie, "half_up") == ".13"
    assert rounded_like(printed, 0.129, "truncation") == ".12"


@given(
    st.integers(0, 6),
    st.sampled_from(["", " %", " points"]),
    st.floats(-1, 1, allow_nan=False),
)
def test_what_is_printed_stands_for_the_number_that_was_rounded(decimals, unit, value):
    like = parse_number(f"{0.123456:.{decimals}f}{unit}")
    again = parse_number(rounded_like(like, value))
    assert again.decimals == decimals
    assert again.unit == like.unit
    assert again.span().contains(Fraction(value))
