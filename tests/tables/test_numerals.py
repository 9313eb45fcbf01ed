from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.tables.numerals import parity


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("8", True),
        ("-7", False),
        ("\u22127", False),
        ("The answer is 42.", True),
        ("12, yes, 12", True),
        ("1,000", True),
        ("1,234,567", False),
        ("12,34,567", False),
        ("1'001", False),
        ("1\u202f002", True),
        ("1_001", False),
        ("1.000.001", False),
        ("1.002,0", True),
        ("3.0", False),
        ("0.0", True),
        ("1e3", True),
        ("35e-1 kg", None),
        ("1200e-2", True),
        ("\u0664\u0662", True),
        ("\u096b", False),
        ("\uff15", False),
        ("3rd", False),
        ("7%", False),
        ("9" * 10_000, False),
        ("1e999999", True),
    ],
)
def test_parity_of_one_number(text: str, even: bool | None) -> None:
    assert parity(text)[0] is even


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("eight", "no number"),
        ("x86", "no number"),
        ("v2.0.1", "no number"),
        ("\u00bd", "no number"),
        ("\u2461", "no number"),
        ("2\u00b2", "power"),
        ("2\u00bd", "power"),
        ("8, 10", "more than one"),
        ("1/2", "more than one"),
        ("1.000", "thousands"),
        ("3,5", "thousands"),
        ("3.5", "not an integer"),
        (".5", "not an integer"),
        ("1,23,4", "convention"),
    ],
)
def test_refusals_say_why(text: str, words: str) -> None:
    even, reason = parity(text)
    assert even is None
    assert words in (reason or "")


@given(st.integers())
def test_integers_are_read_as_python_reads_them(number: int) -> None:
    assert parity(str(number)) == (number % 2 == 0, None)
    assert parity(f"{number:,}") == (number % 2 == 0, None)
    assert parity(f"{number:_}.") == (number % 2 == 0, None)


@given(st.text(st.sampled_from("0123456789.,'_eE+-x \u066b\u00b2\u0664")))
def test_exactly_one_of_answer_and_reason(text: str) -> None:
    even, reason = parity(text)
    assert (even is None) == bool(reason)
