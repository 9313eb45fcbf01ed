from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from foresay.errors import UnsupportedError
from foresay.figures import plot_matrix

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def frame(estimate: Make) -> pd.DataFrame:
    rows = []
    for predictor in ("a", "b"):
        for target in ("a", "b", "c"):
            group = {"predictor": predictor, "target": target}
            rows.append(estimate("accuracy", 0.5, 0.4, 0.6, group=group))
            rows.append(estimate("baseline_mode", 0.52, group=group))
    return pd.DataFrame(rows)


def cells(frame: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    values = plot_matrix(frame).spec()["data"]["values"]
    return {(v["predictor"], v["target"]): v for v in values}


def test_self_cells_are_outlined(frame: pd.DataFrame) -> None:
    assert [key for key, cell in cells(frame).items() if cell["own"]] == [("a", "a"), ("b", "b")]
    assert "Outlined: a model about itself." in plot_matrix(frame).caption
    assert "Target a: a (itself) .50, b .50." in plot_matrix(frame).alt


def test_the_role_decides_where_the_table_has_it(frame: pd.DataFrame) -> None:
    frame.insert(3, "role", ["self" if t == "c" else "cross" for t in frame["target"]])
    assert [key for key, cell in cells(frame).items() if cell["own"]] == [("a", "c"), ("b", "c")]


def test_colour_and_second_number_are_over_the_baseline(frame: pd.DataFrame) -> None:
    cell = cells(frame)["a", "b"]
    assert (round(cell["over"], 9), cell["over_text"]) == (-0.02, "\u2212.020")
    colour = plot_matrix(frame).spec()["layer"][0]["encoding"]["color"]
    low, middle, high = colour["scale"]["domain"]
    assert (colour["field"], -low, middle) == ("over", high, 0.0)


def test_a_baseline_of_the_target_serves_every_predictor(
    frame: pd.DataFrame, estimate: Make
) -> None:
    scores = frame[frame["estimand"] == "accuracy"]
    base = estimate("baseline_mode", 0.4, group={"predictor": None, "target": "a"})
    made = cells(pd.concat([scores, pd.DataFrame([base])]))
    assert round(made["b", "a"]["over"], 9) == 0.1
    assert made["b", "b"]["over"] is None


def test_an_estimated_advantage_is_preferred(frame: pd.DataFrame, estimate: Make) -> None:
    known = estimate("advantage", 0.07, 0.0, 0.1, group={"predictor": "a", "target": "a"})
    assert cells(pd.concat([frame, pd.DataFrame([known])]))["a", "a"]["over"] == 0.07


def test_without_a_baseline_colour_is_accuracy(frame: pd.DataFrame) -> None:
    figure = plot_matrix(frame[frame["estimand"] == "accuracy"])
    assert figure.spec()["layer"][0]["encoding"]["color"]["field"] == "value"
    assert "colour" not in figure.caption


def test_empty_and_missing_cells_are_told_apart(frame: pd.DataFrame, estimate: Make) -> None:
    frame = frame[(frame["predictor"] != "b") | (frame["target"] != "c")]
    lost = estimate("accuracy", group={"predictor": "c", "target": "c"}, note="all excluded")
    figure = plot_matrix(pd.concat([frame, pd.DataFrame([lost])]))
    assert "Empty cells were not asked." in figure.caption
    assert "Not estimable: c about c (all excluded)." in figure.caption


def test_refusals(frame: pd.DataFrame) -> None:
    with pytest.raises(UnsupportedError, match="needs the grouping column 'target'"):
        plot_matrix(frame.drop(columns="target"))
    with pytest.raises(UnsupportedError, match="in one place"):
        plot_matrix(pd.concat([frame, frame]))
