from __future__ import annotations

import math

import pytest

from foresay.display import comparison, direction, label_of, listing, plural


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


def test_a_comparison_says_how_much_on_how_many() -> None:
    row = {"value": 0.019, "low": -0.024, "high": 0.062, "level": 0.95, "n_items": 1479}
    assert comparison(row, "self-prediction", "cross-prediction").replace("\xa0", " ") == (
        "Self-prediction was not distinguishable from cross-prediction "
        "(difference +.019 [\u2212.024, .062], 95 % interval, 1,479 items)."
    )


def test_a_comparison_without_a_value_says_why() -> None:
    row = {"value": math.nan, "low": math.nan, "high": math.nan, "note": "no cross predictions"}
    assert comparison(row, "self", "cross") == (
        "Self was not comparable with cross (no cross predictions)."
    )


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
