from __future__ import annotations

import math
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from foresay.display import digits_for, direction, percent_text, points_text, value_text

BOUNDED = st.floats(-1, 1)
MINUS = "\N{MINUS SIGN}"


def row(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


def typed(text: str) -> str:
    return text.replace("\xa0", " ").replace(MINUS, "-")


def read(text: str) -> list[float]:
    return [float(n.replace(MINUS, "-")) for n in re.findall(rf"[+{MINUS}]?\d+(?:\.\d+)?", text)]


@pytest.mark.parametrize(
    ("told", "percent", "points"),
    [
        (row(0.633, 0.598, 0.667), "63.3 % [59.8, 66.7]", "+63.3 points [59.8, 66.7]"),
        (row(0.01, -0.3, 0.4), "1 % [-30, 40]", "+1 point [-30, 40]"),
        (row(-0.0194, -0.02, -0.019), "-1.94 % [-2.00, -1.90]", "-1.94 points [-2.00, -1.90]"),
        (row(0.5, math.nan, math.nan), "50.0 %", "+50.0 points"),
        (row(math.nan, 0.1, 0.2), "— [10.0, 20.0]", "— [10.0, 20.0]"),
        (row(0.0, -0.01, 0.01), "0.0 % [-1.0, 1.0]", "0.0 points [-1.0, 1.0]"),
    ],
)
def test_units(told: dict[str, float], percent: str, points: str) -> None:
    assert typed(percent_text(told)) == percent
    assert typed(points_text(told)) == points
    assert points_text(told, interval=False) == points_text(told).partition(" [")[0]


@given(BOUNDED, BOUNDED, BOUNDED)
def test_points_are_the_number_times_a_hundred_rounded_alike(a: float, b: float, c: float) -> None:
    low, value, high = sorted((a, b, c))
    assume(high - low > 1e-9)
    told = row(value, low, high)
    numbers = read(points_text(told))
    step = 10 ** -digits_for(low, high) * 100
    assert numbers == pytest.approx([100 * value, 100 * low, 100 * high], abs=0.5000001 * step)
    decimals = len(value_text({"estimand": "accuracy", **told}).partition(".")[2])
    assert len(points_text(told, interval=False).split("\xa0")[0].partition(".")[2]) == max(
        decimals - 2, 0
    )


@given(BOUNDED, BOUNDED, BOUNDED, st.floats(-1, 1))
def test_a_direction_and_its_mirror_contradict_each_other_never(
    a: float, b: float, c: float, reference: float
) -> None:
    low, value, high = sorted((a, b, c))
    said = direction(row(value, low, high), reference)
    mirrored = direction(row(-value, -high, -low), -reference)
    opposite = {"higher than": "lower than", "lower than": "higher than"}
    assert mirrored == opposite.get(said, said)
    assert (said == "not distinguishable from") == (low <= reference <= high)
