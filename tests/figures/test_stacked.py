"""Stacked bars of gains, reproduction and behaviour change, and the two matrices."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from foresay.errors import UnsupportedError
from foresay.figures.gain import plot_gain
from foresay.figures.projection import plot_projection
from foresay.figures.reproduction import plot_reproduction
from foresay.figures.shift import plot_shift, plot_shifted_share
from foresay.figures.two_scorings import plot_two_scorings

Make = Callable[..., dict[str, Any]]
EVIL = "</script><img src=x onerror=alert(1)>"


def table(make: Make, values: dict[str, dict[str, float]], column: str = "predictor"):
    return pd.DataFrame(
        [
            make(
                estimand,
                value,
                value - 0.05,
                value + 0.05,
                group={column: name},
                note="undefined: nothing there" if math.isnan(value) else "",
            )
            for name, parts in values.items()
            for estimand, value in parts.items()
        ]
    )


def drawn(figure):
    return {(r["full"], r["estimand"]): r for r in figure.spec()["data"]["values"]}


GAIN = {
    "a": {"gain": 0.4, "gain_compliance": 0.3, "gain_accuracy": 0.1},
    "b": {"gain": 0.2, "gain_compliance": 0.3, "gain_accuracy": -0.1},
}
WHOLE = {
    "a": {
        "right_reproduced": 0.3, "right_unreproduced": 0.2, "wrong_reproduced": 0.1,
        "wrong_unreproduced": 0.4, "copy_oracle": 0.45,
    }
}  # fmt: skip
SHIFT = {"a": {"shift_new": 0.5, "shift_old": 0.3, "shift_neither": 0.2, "accuracy_unshifted": 0.7}}


def test_parts_stand_end_to_end_and_negative_ones_left_of_zero(estimate: Make) -> None:
    rows = drawn(plot_gain(table(estimate, GAIN)))
    assert (rows["a", "gain_accuracy"]["start"], rows["a", "gain_accuracy"]["end"]) == (
        pytest.approx(0.3),
        pytest.approx(0.4),
    )
    assert (rows["b", "gain_accuracy"]["start"], rows["b", "gain_accuracy"]["end"]) == (0, -0.1)
    assert rows["a", "gain"]["start"] is None


def test_the_gain_stands_beside_its_bar_with_its_interval(estimate: Make) -> None:
    figure = plot_gain(table(estimate, GAIN))
    assert drawn(figure)["a", "gain"]["printed"] == ".400 [.350, .450]"
    assert "a: compliance .300 [.250, .350], accuracy among compliant .100" in figure.alt


def test_a_gain_without_parts_is_named_with_the_reason(estimate: Make) -> None:
    lost = {**GAIN, "c": dict.fromkeys(GAIN["a"], math.nan)}
    assert "Not estimable: c (undefined: nothing there)" in plot_gain(table(estimate, lost)).caption
    with pytest.raises(UnsupportedError, match="no number to show: undefined: nothing there"):
        plot_gain(table(estimate, {"c": dict.fromkeys(GAIN["a"], math.nan)}))


def test_four_parts_fill_the_bar_and_the_oracle_is_a_tick(estimate: Make) -> None:
    figure = plot_reproduction(table(estimate, WHOLE))
    assert drawn(figure)["a", "wrong_unreproduced"]["end"] == pytest.approx(1.0)
    assert "Tick: what the property" in figure.caption
    without = {"a": {k: v for k, v in WHOLE["a"].items() if k != "copy_oracle"}}
    assert "Tick" not in plot_reproduction(table(estimate, without)).caption


def test_new_old_and_neither_sum_to_one_and_unshifted_accuracy_is_said(estimate: Make) -> None:
    figure = plot_shift(table(estimate, SHIFT))
    assert drawn(figure)["a", "shift_neither"]["end"] == pytest.approx(1.0)
    assert "Accuracy on the items that were not shifted: all .700." in figure.caption


def test_noise_stands_under_the_share_that_it_explains(estimate: Make) -> None:
    shares = {name: {"shift_noise": 0.1, "shifted_share": 0.6} for name in ("animals", "words")}
    figure = plot_shifted_share(table(estimate, shares, column="task"))
    order = [row["full"] for row in figure.spec()["data"]["values"]]
    assert [name.split(" · ")[0] for name in order] == ["animals", "animals", "words", "words"]
    assert "Items shifted" in order[0]
    assert "noise alone" in order[1]


def test_projection_right_of_zero_is_for_itself(estimate: Make) -> None:
    figure = plot_projection(table(estimate, {"a": {"projection": 0.3}, "b": {"projection": 0.01}}))
    assert "higher than 0" in figure.alt


def cells(make: Make, predictors=("m", "x"), targets=("m", "x")):
    return pd.DataFrame(
        [
            make(estimand, 0.4, 0.3, 0.5, group={"predictor": p, "target": t})
            for estimand in ("accuracy_target", "accuracy_own")
            for p in predictors
            for t in targets
        ]
    )


def test_both_scorings_stand_side_by_side_and_over_each_other_where_narrow(estimate: Make) -> None:
    wide, narrow = (plot_two_scorings(cells(estimate), width=w).spec() for w in (661, 321))
    assert (wide["columns"], narrow["columns"]) == (2, 1)
    assert wide["facet"]["sort"] == ["Scored against the target", "Against the predictor"]


def test_two_rows_for_one_cell_are_refused(estimate: Make) -> None:
    doubled = pd.concat([cells(estimate)] * 2, ignore_index=True)
    with pytest.raises(UnsupportedError, match="16 rows in one place"):
        plot_two_scorings(doubled)
    with pytest.raises(UnsupportedError, match="grouping column 'target'"):
        plot_two_scorings(cells(estimate).drop(columns="target"))


@pytest.mark.parametrize("width", [321, 661])
def test_names_from_tables_reach_no_page_as_markup(estimate: Make, width: int) -> None:
    figures = [
        plot_gain(table(estimate, {EVIL: GAIN["a"], "b": GAIN["b"]}), width=width),
        plot_reproduction(table(estimate, {EVIL: WHOLE["a"], "b": WHOLE["a"]}), width=width),
        plot_shift(table(estimate, {EVIL: SHIFT["a"], "b": SHIFT["a"]}), width=width),
        plot_two_scorings(cells(estimate, (EVIL, "x")), width=width),
    ]
    for figure in figures:
        html = figure.html(interactive=False)
        assert "<img src=x" not in html
        assert "<img src=x" not in figure.svg()
        assert "<img" not in figure.caption_markdown.replace("\\<", "")
