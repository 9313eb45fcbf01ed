from __future__ import annotations

import decimal
import math
import struct
import sys
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from foresay.claims import ROUNDINGS, find_numbers, find_statements, parse_number
from foresay.display import count, p_text
from foresay.display import decimal as written
from foresay.errors import ChoiceError

MINUS, EN_DASH, TIMES = "\N{MINUS SIGN}", "\N{EN DASH}", "\N{MULTIPLICATION SIGN}"
THIN, NARROW, NO_BREAK = "\N{THIN SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("text", "value", "decimals", "unit"),
    [
        ("49.4 %", 0.494, 1, "percent"),
        (r"49.4\%", 0.494, 1, "percent"),
        (f"49.4{NARROW}%", 0.494, 1, "percent"),
        ("50 per cent", 0.5, 0, "percent"),
        ("17 points", 0.17, 0, "points"),
        ("0.8 percentage points", 0.008, 1, "points"),
        ("17pp", 0.17, 0, "points"),
        (".494", 0.494, 3, ""),
        ("0.4940", 0.494, 4, ""),
        ("1,234", 1234, 0, ""),
        ("1,234,567.5", 1234567.5, 1, ""),
        (f"1{THIN}234", 1234, 0, ""),
        (f"74{NO_BREAK}853", 74853, 0, ""),
        ("1{,}234", 1234, 0, ""),
        (r"1\,234", 1234, 0, ""),
        ("-.02", -0.02, 2, ""),
        (f"{MINUS}.02", -0.02, 2, ""),
        (f"{EN_DASH}.02", -0.02, 2, ""),
        ("+3", 3, 0, ""),
        ("1.2e-3", 0.0012, 4, ""),
        (f"1.2{TIMES}10^-3", 0.0012, 4, ""),
        (f"1.2 {TIMES} 10⁻³", 0.0012, 4, ""),
        (r"$1.2\times10^{-3}$", 0.0012, 4, ""),
        ("3e4", 30000, -4, ""),
        ("**49.4**", 49.4, 1, ""),
    ],
)
def test_a_number_as_papers_print_it(text, value, decimals, unit):
    found = parse_number(text)
    assert (found.value, found.decimals, found.unit) == (pytest.approx(value), decimals, unit)


@pytest.mark.parametrize(
    ("text", "name", "relation", "value"),
    [
        ("p < .01", "p", "<", 0.01),
        ("p = .03", "p", "=", 0.03),
        (r"$p\leq 0.05$", "p", "<=", 0.05),
        ("n=74,853", "n", "=", 74853),
        ("~50%", "", "~", 0.5),
        ("> .999", "", ">", 0.999),
        ("n_train = 30", "n_train", "=", 30),
    ],
)
def test_what_stands_before_a_number_belongs_to_it(text, name, relation, value):
    found = find_numbers(text)[0]
    assert (found.name, found.relation, found.value) == (name, relation, value)


@pytest.mark.parametrize(
    "text",
    [
        "gpt-3.5",
        "gpt-4o",
        "M2",
        "70b",
        "10k",
        "x86",
        "version 3.5.1",
        "2024-10-17",
        "1st",
        "v1.2",
        "1e999",
        "2e-101",
        "",
    ],
)
def test_digits_of_names_versions_and_dates_are_no_numbers(text):
    assert find_numbers(text) == []


@pytest.mark.parametrize("text", ["", "none", "1 2", "49.4 in all", "3-5"])
def test_what_is_not_one_number_is_refused_with_its_text(text):
    with pytest.raises(ChoiceError, match="write one number"):
        parse_number(text)


def test_a_hyphen_between_numbers_is_no_minus():
    assert [one.value for one in find_numbers("3-5 and 3--5, but 3 and -5")] == [3, 5, 3, 5, 3, -5]


def test_positions_are_those_of_the_text():
    text = "of 74,853 items, 49.4 % (p < .01)"
    assert [text[one.start : one.end] for one in find_numbers(text)] == [
        "74,853",
        "49.4 %",
        "p < .01",
    ]


@pytest.mark.parametrize(
    ("text", "rounding", "inside", "outside"),
    [
        (".494", "half_up", ["0.4935", "0.494499"], ["0.4945", "0.493499"]),
        (".494", "half_even", ["0.4935", "0.4945"], ["0.493499", "0.494501"]),
        (".493", "half_even", ["0.4926", "0.4934"], ["0.4925", "0.4935"]),
        (".494", "truncation", ["0.494", "0.494999"], ["0.495", "0.493999"]),
        ("-.494", "half_up", ["-0.4935", "-0.494499"], ["-0.4945"]),
        ("-.494", "truncation", ["-0.494", "-0.494999"], ["-0.495", "-0.4939"]),
        (".00", "half_up", ["0.004999", "-0.004999"], ["0.005", "-0.005"]),
        ("49.4 %", "nearest", ["0.4935", "0.4945"], ["0.493499", "0.494501"]),
        ("< .01", "nearest", ["0.0099", "-5"], ["0.01"]),
        ("<= .01", "nearest", ["0.01"], ["0.0101"]),
        ("> .999", "half_up", ["0.9991", "7"], ["0.999"]),
        ("3e4", "nearest", ["25000", "35000"], ["24999"]),
    ],
)
def test_the_set_of_values_that_a_number_stands_for(text, rounding, inside, outside):
    span = parse_number(text).span(rounding)
    assert [span.contains(Fraction(x)) for x in inside] == [True] * len(inside)
    assert [span.contains(Fraction(x)) for x in outside] == [False] * len(outside)


QUANTIZED = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "truncation": decimal.ROUND_DOWN,
}


@given(
    st.decimals(-1000, 1000, places=6),
    st.integers(0, 5),
    st.sampled_from(sorted(QUANTIZED)),
    st.sampled_from(["", " %"]),
)
@example(decimal.Decimal("0.4935"), 3, "half_up", "")
@example(decimal.Decimal("-0.0005"), 3, "half_even", "")
def test_the_set_holds_the_number_that_was_rounded(value, places, rounding, unit):
    step = decimal.Decimal(1).scaleb(-places)
    printed = parse_number(f"{value.quantize(step, rounding=QUANTIZED[rounding])}{unit}")
    true = Fraction(value) / (100 if unit else 1)
    assert printed.span(rounding).contains(true)
    if rounding != "truncation":
        assert printed.span("nearest").contains(true)


@given(st.floats(-1000, 1000, allow_nan=False), st.integers(1, 6), st.booleans())
def test_what_a_report_prints_is_read_back_to_what_it_was_made_from(value, digits, bounded):
    printed = parse_number(written(value, digits, bounded=bounded))
    assert printed.decimals == digits
    # a report prints the sign of -.0004 as none, so 0 stands for both sides
    assert printed.span("nearest").contains(Fraction(value))


@given(st.integers(0, 10**9))
def test_counts_and_p_values_are_read_back(n):
    assert parse_number(count(n)).exact == n
    p = n / 10**9
    assert find_numbers(p_text(p))[0].span("nearest").contains(Fraction(p))


@given(st.floats(-1e90, 1e90).filter(lambda x: x == 0 or abs(x) > 1e-90))
def test_a_float_with_all_its_digits_is_known_to_a_few_units_in_its_last_place(value):
    printed = parse_number(repr(value))
    assert printed.value == value
    assert printed.span().contains(Fraction(value))
    if printed.digits >= 15:
        assert printed.span().width >= abs(value) * 2**-51


def test_a_float_of_32_bits_is_known_to_its_own_precision_only():
    share = Fraction(24398, 74853)
    single = struct.unpack("f", struct.pack("f", float(share)))[0]
    assert single != float(share)
    assert parse_number(repr(single)).span().contains(share)
    assert not parse_number(repr(single + 1e-16)).span().contains(share)


@given(st.text(max_size=200))
@example("1e999 % ± 10^999")
@example("9" * 60 + "." + "9" * 60)
def test_no_text_makes_the_reading_fail(text):
    for one in find_numbers(text):
        assert text[one.start : one.end] == one.text
        assert not math.isnan(one.value)
        for rounding in ROUNDINGS:
            low, high = one.span(rounding).floats()
            assert low <= one.value <= high or math.isinf(one.value) or one.relation != "="
    stated = find_statements(text)
    assert sum(_parts(one) for one in stated) == len(find_numbers(text))


def _parts(one):
    return sum(n is not None for n in (one.value, one.low, one.high, one.half_width, one.level))


NUMBERISH = st.text(
    st.sampled_from("0123456789.,%+-\u2212\u2013\u00d7^eE[]()±<>=~ CItop{}\\ \u2009"), max_size=80
)


@given(NUMBERISH)
def test_no_text_of_digits_and_signs_makes_the_reading_fail(text):
    assert sum(_parts(one) for one in find_statements(text)) == len(find_numbers(text))


HOSTILE = [
    "1",
    "1,234",
    ".1",
    "- ",
    "[",
    "1 - ",
    "<",
    "a-",
    "1e",
    f"1{TIMES}10^",
    "(1,",
    "95% CI [",
    "e <",
    "1 ± ",
]


@pytest.mark.parametrize("part", HOSTILE)
def test_the_steps_of_reading_grow_no_faster_than_the_text(part):
    """Counted in calls of the interpreter, which no other program slows down."""
    small, large = (_calls(part * (length // len(part))) for length in (4_000, 16_000))
    assert large <= 4.6 * small + 2_000


def _calls(text):
    calls = 0

    def counted(*_):
        nonlocal calls
        calls += 1

    sys.setprofile(counted)
    try:
        find_statements(text)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.slow
@pytest.mark.parametrize("part", HOSTILE)
def test_a_long_text_of_anything_is_read_to_its_end(part):
    """What a pattern does inside one call is not counted above; quadratic, this would not end."""
    text = part * (300_000 // len(part)) + " end: 7"
    assert find_numbers(text)[-1].value == 7
