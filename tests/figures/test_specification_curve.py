from __future__ import annotations

import itertools
import math
import re

import pandas as pd
import pytest

from foresay.errors import UnsupportedError
from foresay.figures import DOUBLE, SINGLE
from foresay.figures.specification_curve import plot_specification_curve

BRANCHES = {
    "compliance": ("paper", "ignore", "count_wrong", "drop_either"),
    "truth": ("each", "modal", "first", "greedy"),
    "weighting": ("micro", "macro", "macro_task", "macro_property"),
    "cluster": ("item", "task"),
    "interval": ("auto", "bca", "percentile", "basic"),
    "where": ("all", "held-out"),
}


def curve(most=10_000, shown=lambda n: n % 3 == 0, groups=("m",), **more):
    rows = []
    for group in groups:
        for n, cell in enumerate(itertools.product(*BRANCHES.values()), start=1):
            if n > most:
                break
            value = 0.02 + 0.03 * math.sin(n)
            rows.append(
                {
                    "curve": "c",
                    "target": group,
                    "specification": n,
                    "order": 0.0,
                    "published": n == 2,
                    **{f"choice_{k}": t for k, t in zip(BRANCHES, cell, strict=True)},
                    "estimand": "self_advantage",
                    "value": value,
                    "low": value - 0.03,
                    "high": value + 0.03,
                    "level": 0.95,
                    "verdict": "different" if shown(n) else "not shown",
                    "reference": 0.0,
                    "n_items": 200 + n % 2,
                    "note": "",
                    **more,
                }
            )
    frame = pd.DataFrame(rows)
    frame["order"] = frame.groupby("target")["value"].rank(method="first")
    return frame


def size_of(figure):
    return [float(one) for one in re.findall(r'(?:width|height)="([0-9.]+)"', figure.svg())[:2]]


@pytest.mark.parametrize("width", [SINGLE, DOUBLE])
@pytest.mark.parametrize("most", [4, 48, 1_024])
def test_curves_of_any_length_fit_their_width(most, width):
    figure = plot_specification_curve(curve(most), width=width)
    wide, high = size_of(figure)
    assert wide <= width + 8
    assert high < 700
    assert len(figure.svg()) < 2_500_000


def test_every_branch_that_varies_is_named_once_and_the_others_are_not():
    svg = plot_specification_curve(curve(8)).svg()
    assert svg.count(">auto<") == 1
    assert svg.count(">held-out<") == 1
    assert ">micro<" not in svg  # all eight have it


def test_a_mark_stands_for_each_branch_of_each_specification():
    figure = plot_specification_curve(curve(8))
    boxes = [row for data in _datasets(figure.spec()) for row in data if "start" in row]
    assert len(boxes) == 8 * 2  # the interval and the condition are varied


def _datasets(node):
    if isinstance(node, dict):
        values = node.get("values")
        if isinstance(values, list) and values and isinstance(values[0], dict):
            yield values
        for part in node.values():
            yield from _datasets(part)
    elif isinstance(node, list):
        for part in node:
            yield from _datasets(part)


def test_caption_and_description_say_how_many_and_how_far():
    figure = plot_specification_curve(curve(12, shown=lambda n: n == 1))
    for text in (figure.caption, figure.alt):
        assert "12 specifications, median" in text
        assert "8.3\N{NO-BREAK SPACE}% of them are shown by their test" in text
        assert "200 to 201 items" in text
    assert "A share of combinations is no probability." in figure.caption


def test_what_is_not_tested_is_not_called_not_shown():
    figure = plot_specification_curve(curve(6).assign(verdict="", reference=math.nan))
    assert "shown by" not in figure.caption
    assert "not shown" not in figure.svg()


def test_combinations_without_a_result_are_counted_with_the_reason():
    frame = curve(6)
    frame.loc[0, ["order", "value", "low", "high"]] = math.nan
    frame.loc[0, "note"] = "nothing to pair"
    figure = plot_specification_curve(frame)
    assert "Without a result, 1: nothing to pair." in figure.caption
    assert "5 specifications" in figure.caption


def test_each_group_has_a_curve_of_its_own_up_to_four():
    figure = plot_specification_curve(curve(6, groups=("m", "o")))
    assert "m: 6 specifications" in figure.caption
    assert "o: 6 specifications" in figure.caption
    with pytest.raises(UnsupportedError, match="5 curves"):
        plot_specification_curve(curve(6, groups=tuple("abcde")))


def test_a_table_without_a_curve_is_refused():
    with pytest.raises(UnsupportedError, match="at least one with a value"):
        plot_specification_curve(curve(3).assign(order=math.nan))
    with pytest.raises(UnsupportedError, match="needs specifications"):
        plot_specification_curve(pd.DataFrame({"value": [1.0]}))


def test_names_of_branches_are_text_and_nothing_else():
    hostile = curve(4)
    hostile["choice_interval"] = ["<b>x</b>", "'+alert(1)+'", "datum.value", "\u202eabc"]
    svg = plot_specification_curve(hostile).svg()
    assert "<b>x" not in svg
    assert "\u202e" not in svg
    assert "'+alert(1)+'" in svg or "&#39;+alert(1)+&#39;" in svg
