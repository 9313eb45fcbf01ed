from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.claims import Span

ENDS = st.fractions(-10, 10, max_denominator=20)


@st.composite
def spans(draw):
    low, high = sorted((draw(ENDS), draw(ENDS)))
    if low == high:
        return Span(low, high)
    return Span(low, high, draw(st.booleans()), draw(st.booleans()))


@given(spans(), spans())
def test_two_sets_meet_where_a_number_on_a_fine_grid_is_in_both(one, other):
    grid = sorted({Fraction(0), *(e for s in (one, other) for e in (s.low, s.high))})
    between = [(a + b) / 2 for a, b in pairwise(grid)]
    assert one.meets(other) == any(one.contains(x) and other.contains(x) for x in grid + between)


@given(spans(), spans(), ENDS, ENDS)
def test_sums_and_differences_hold_those_of_their_members(one, other, x, y):
    if one.contains(x) and other.contains(y):
        assert (one + other).contains(x + y)
        assert (one - other).contains(x - y)


@given(spans())
def test_an_integer_is_found_where_one_of_the_few_near_ones_is_in_it(span):
    assert span.holds_an_integer() == any(span.contains(Fraction(k)) for k in range(-11, 12))


@pytest.mark.parametrize("low", [None, Fraction(0)])
def test_an_unbounded_set_meets_everything_on_its_side(low):
    assert Span(low, None).meets(Span(Fraction(5), Fraction(6)))
    assert Span(low, None).width == float("inf")
