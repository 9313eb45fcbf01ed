from __future__ import annotations

import math

import pytest

from foresay.display import direction, label_of, listing, plural, tally


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.01, 0.05, "higher than"), (-0.05, -0.01, "lower than"),
     (-0.01, 0.05, "not distinguishable from"), (0.0, 0.05, "not distinguishable from"),
     (math.nan, 0.05, "not comparable with")],
)  # fmt: skip
def test_direction_is_read_from_the_interval(low: float, high: float, words: str) -> None:
    assert direction({"value": 0.02, "low": low, "high": high}) == words


def test_direction_against_another_reference() -> None:
    assert direction({"value": 0.6, "low": 0.55, "high": 0.65}, 0.5) == "higher than"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", ""),
        ("h", "above in 1 of 1 tests"),
        ("hh", "above in all 2 tests"),
        ("hnhl", "above in 2 of 4 tests, lower in 1 and not distinguishable in 1"),
        ("nc", "not distinguishable in 1 of 2 tests and not comparable in 1"),
    ],
)
def test_a_tally_counts_every_direction_once(said: str, words: str) -> None:
    names = {
        "h": "higher than",
        "l": "lower than",
        "n": "not distinguishable from",
        "c": "not comparable with",
    }
    assert tally([names[each] for each in said], "tests", above="above") == words


def test_lists_and_plurals() -> None:
    assert listing([]) == ""
    assert listing(["a"]) == "a"
    assert listing(["a", "b"]) == "a and b"
    assert listing("abcde", most=3) == "a, b, c and 2 more"
    assert [plural(1, "item"), plural(0, "item"), plural(2, "study", "studies")] == [
        "1 item",
        "0 items",
        "2 studies",
    ]


def test_names() -> None:
    assert label_of("baseline_mode") == "Mode baseline"
    assert label_of("some_new_thing") == "Some new thing"
