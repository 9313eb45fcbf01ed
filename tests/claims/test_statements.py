from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.claims import find_statements

EN_DASH, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"


def parts(text):
    (one,) = find_statements(text)
    numbers = (one.value, one.low, one.high, one.half_width, one.level)
    return one.kind, *(None if n is None else n.value for n in numbers)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (".494 [.490, .498]", ("interval", 0.494, 0.49, 0.498, None, None)),
        (f".494 (.490{EN_DASH}.498)", ("interval", 0.494, 0.49, 0.498, None, None)),
        ("49.4 % [49.0, 49.8]", ("interval", 0.494, 0.49, 0.498, None, None)),
        ("49.4 (95% CI 49.0 to 49.8)", ("interval", 49.4, 49.0, 49.8, None, 0.95)),
        ("49.4, 95 % CI [49.0, 49.8]", ("interval", 49.4, 49.0, 49.8, None, 0.95)),
        ("95% CI: [0.1, 0.2]", ("interval", None, 0.1, 0.2, None, 0.95)),
        (f"({MINUS}.1, .2)", ("interval", None, -0.1, 0.2, None, None)),
        ("[.1; .2]", ("interval", None, 0.1, 0.2, None, None)),
        ("49.4 ± 0.3", ("half_width", 49.4, None, None, 0.3, None)),
        ("49.4 ± 0.3 %", ("half_width", 0.494, None, None, 0.003, None)),
        (r"$49.4 \pm 0.3$", ("half_width", 49.4, None, None, 0.3, None)),
        ("3-5", ("range", None, 3, 5, None, None)),
        (f"3{EN_DASH}5", ("range", None, 3, 5, None, None)),
        ("from 3 to 5 %", ("range", None, 0.03, 0.05, None, None)),
    ],
)
def test_numbers_that_belong_together(text, found):
    assert parts(text) == (found[0], *(None if x is None else pytest.approx(x) for x in found[1:]))


def test_numbers_that_only_stand_near_each_other_stay_apart():
    kinds = [one.kind for one in find_statements("5 to 3; .4, .5 (n = 30, k = 5) and 7")]
    assert set(kinds) == {"number"}


def test_a_sentence_is_read_from_its_beginning_to_its_end():
    text = "Of 74,853 items 49.4 % [49.0, 49.8] were right, in 3-5 runs (p < .01)."
    found = find_statements(text)
    assert [one.kind for one in found] == ["number", "interval", "range", "number"]
    assert text[found[1].start : found[1].end] == "49.4 % [49.0, 49.8"


MINUSES = st.sampled_from(["-", MINUS])
SPACES = st.sampled_from(["", " ", "\N{NO-BREAK SPACE}", "\N{THIN SPACE}"])
DASHES = st.sampled_from([" to ", EN_DASH, f" {EN_DASH} ", "-", "--"])
HUNDREDTHS = st.integers(0, 9_999)


def written(hundredths, sign="", grouped=""):
    body = f"{hundredths // 100:,}".replace(",", grouped) + f".{hundredths % 100:02d}"
    return f"{sign if hundredths else ''}{body}"


@given(st.tuples(HUNDREDTHS, HUNDREDTHS).map(sorted), DASHES, SPACES)
def test_a_range_holds_its_ends_whatever_is_between_them(ends, dash, space):
    low, high = ends
    (one,) = find_statements(f"from {written(low)}{dash}{written(high)}{space}% of them")
    assert one.kind == "range"
    assert (one.low.natural, one.high.natural) == (Fraction(low, 10_000), Fraction(high, 10_000))


@given(HUNDREDTHS, HUNDREDTHS, MINUSES, st.sampled_from(["±", "+/-", r"\pm"]), SPACES)
def test_a_value_holds_its_half_width_and_sign(value, half, minus, sign, space):
    (one,) = find_statements(f"{written(value, minus)} {sign} {written(half)}{space}%")
    assert one.kind == "half_width"
    assert (one.value.natural, one.half_width.natural) == (
        Fraction(-value, 10_000),
        Fraction(half, 10_000),
    )


@given(
    st.tuples(HUNDREDTHS, HUNDREDTHS).map(sorted),
    MINUSES,
    st.sampled_from(["[{}, {}]", "({}; {})", "[{} to {}]", "95 % CI {}, {}", "CI = {}, {}"]),
)
def test_an_interval_may_begin_below_zero(ends, minus, form):
    low, high = ends
    text = form.format(written(low, minus), written(high))
    (one,) = find_statements(f"it was {text} here")
    assert one.kind == "interval"
    assert (one.low.natural, one.high.natural) == (Fraction(-low, 100), Fraction(high, 100))


@given(
    st.integers(1_000, 10**9), st.sampled_from([",", "\N{THIN SPACE}", "{,}"]), st.integers(0, 30)
)
def test_grouped_numbers_and_powers_of_ten_are_what_they_say(whole, mark, power):
    (one,) = find_statements(f"{whole:,}".replace(",", mark))
    assert one.value.exact == whole
    for text in (f"1.25e-{power}", f"1.25 \N{MULTIPLICATION SIGN} 10^{{{MINUS}{power}}}"):
        (one,) = find_statements(text)
        assert one.value.exact == Fraction(125, 100) / 10**power
