from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from foresay.errors import UnsupportedError
from foresay.figures import plot_policies

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def frame(estimate: Make) -> pd.DataFrame:
    rows = []
    for policy, value in [("count_wrong", 0.5), ("paper", 0.55), ("own_policy", 0.6)]:
        for predictor in ("a", "b"):
            group = {"predictor": predictor}
            row = estimate("accuracy", value, value - 0.1, value + 0.1, group=group)
            rows.append(row | {"compliance": policy})
    rows.append(
        estimate("accuracy", math.nan, 0.35, 0.7, group={"predictor": "a"})
        | {"compliance": "bounds"}
    )
    return pd.DataFrame(rows)


def test_policies_stand_side_by_side_in_a_fixed_order(frame: pd.DataFrame) -> None:
    figure = plot_policies(frame)
    offset = figure.spec()["layer"][1]["encoding"]["yOffset"]
    assert offset["sort"] == [
        "As in the paper", "Counted as wrong", "All wrong to all right", "Own policy",
    ]  # fmt: skip
    assert "under 4 ways of counting non-compliant replies" in figure.caption
    assert "a: counted as wrong .50 [.40, .60], as in the paper .55" in figure.alt


def test_bounds_are_a_line_without_a_point_and_said_as_a_range(frame: pd.DataFrame) -> None:
    figure = plot_policies(frame)
    assert "all wrong to all right [.35, .70]" in figure.alt
    (bounds,) = (v for v in figure.spec()["data"]["values"] if v["policy"].startswith("All"))
    assert (bounds["value"], bounds["low"]) == (None, 0.35)


def test_a_table_that_does_not_say_its_policy_is_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(UnsupportedError, match="needs the column 'compliance'"):
        plot_policies(frame.drop(columns="compliance"))
