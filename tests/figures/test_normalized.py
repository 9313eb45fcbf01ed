from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from foresay.errors import UnsupportedError
from foresay.figures.normalized import plot_normalized

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def frame(estimate: Make) -> pd.DataFrame:
    rows = []
    for predictor, value in [("self", 1.04), ("cross", 0.7)]:
        group = {"predictor": predictor, "target": "m"}
        rows.append(estimate("normalized_accuracy", value, value - 0.05, value + 0.05, group=group))
        rows.append(
            estimate("normalized_accuracy_modal", low=0.6, high=0.9, group=group, note="a bracket")
        )
    return pd.DataFrame(rows)


def test_values_beyond_the_ceiling_are_on_the_axis(frame: pd.DataFrame) -> None:
    figure = plot_normalized(frame)
    values = figure.spec()["data"]["values"]
    assert {(v["full"], v["value"]) for v in values if v["value"]} == {
        ("self", 1.04),
        ("cross", 0.7),
    }
    domains = [
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in figure.spec()["layer"]
        if "scale" in layer["encoding"]["x"]
    ]
    assert all(domain[1] >= 1.09 for domain in domains)
    assert "self 1.040 [.990, 1.090] (modal [.60, .90])" in figure.alt
    assert "<svg" in figure.svg()


def test_a_row_without_a_ceiling_is_named_with_its_reason(
    frame: pd.DataFrame, estimate: Make
) -> None:
    lost = estimate(
        "normalized_accuracy", group={"predictor": "x", "target": "m"}, note="no repeats"
    )
    figure = plot_normalized(pd.concat([frame, pd.DataFrame([lost])]))
    assert figure.caption.endswith("Not estimable: x (no repeats).")


def test_nothing_to_draw_is_refused(frame: pd.DataFrame) -> None:
    with pytest.raises(UnsupportedError, match="repeated responses"):
        plot_normalized(frame.assign(value=float("nan")))
