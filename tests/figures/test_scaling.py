from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from foresay.errors import UnsupportedError
from foresay.figures import plot_scaling

Make = Callable[..., dict[str, Any]]


@pytest.fixture
def frame(estimate: Make) -> pd.DataFrame:
    return pd.DataFrame(
        estimate("accuracy", v, v - 0.03, v + 0.03, group={"role": r, "n_train": n})
        for r, series in {"cross": [0.53, 0.616], "self": [0.583, 0.633]}.items()
        for n, v in zip([1000, 100], reversed(series), strict=True)
    )


def test_self_comes_first_and_points_in_order(frame: pd.DataFrame) -> None:
    figure = plot_scaling(frame)
    spec = figure.spec()
    assert spec["layer"][3]["encoding"]["color"]["scale"]["domain"] == ["self", "cross"]
    assert figure.alt == (
        "Line chart of accuracy by training examples (n = 839 items). "
        "self at 100: .583 [.553, .613]; 1,000: .633 [.603, .663]. "
        "cross at 100: .530 [.500, .560]; 1,000: .616 [.586, .646]."
    )


def test_a_line_needs_two_points(frame: pd.DataFrame) -> None:
    one = frame[(frame["role"] == "cross") | (frame["n_train"] == 1000)]
    figure = plot_scaling(one)
    drawn = {(v["full"], v["n"]): v["line"] for v in figure.spec()["data"]["values"]}
    assert drawn == {("cross", 100): True, ("cross", 1000): True, ("self", 1000): False}
    assert "A line needs two points: self has fewer." in figure.caption


def test_a_missing_arm_is_named_and_in_the_legend(frame: pd.DataFrame) -> None:
    figure = plot_scaling(frame[frame["role"] == "cross"])
    assert figure.caption.endswith("Not in these tables: self.")
    assert figure.spec()["layer"][3]["encoding"]["color"]["scale"]["domain"] == [
        "cross",
        "self (no data)",
    ]
    assert "self (no data)" in figure.svg()


def test_zero_training_examples_have_a_place(frame: pd.DataFrame, estimate: Make) -> None:
    plain = estimate("accuracy", 0.1, 0.05, 0.15, group={"role": "self", "n_train": 0})
    lost = estimate("accuracy", group={"role": "cross", "n_train": 0}, note="not run")
    figure = plot_scaling(pd.concat([frame, pd.DataFrame([plain, lost])]))
    x = figure.spec()["layer"][0]["encoding"]["x"]
    assert (x["scale"]["type"], x["scale"]["constant"], x["axis"]["values"]) == (
        "symlog",
        100,
        [0, 100, 1000],
    )
    assert "Not estimable: cross, n = 0 (not run)." in figure.caption


def test_other_columns_make_panels(frame: pd.DataFrame) -> None:
    both = pd.concat([frame.assign(task=t) for t in ("animals", "words")])
    columns = ["estimand", "task", *[c for c in frame.columns if c != "estimand"]]
    figure = plot_scaling(both[columns])
    assert figure.spec()["facet"]["sort"] == ["animals", "words"]
    assert "animals: self at 100" in figure.alt
    assert "<svg" in figure.svg()


def test_refusals(frame: pd.DataFrame) -> None:
    with pytest.raises(UnsupportedError, match="needs the grouping column 'n_train'"):
        plot_scaling(frame.drop(columns="n_train"))
    many = pd.concat([frame.assign(role=f"arm{i}") for i in range(8)]).drop_duplicates(
        ["role", "n_train"]
    )
    with pytest.raises(UnsupportedError, match="has 8 arms and can tell 7 apart"):
        plot_scaling(many)
