from __future__ import annotations

import math
import re

import pandas as pd
import pytest

from foresay.errors import UnsupportedError
from foresay.figures import DOUBLE, SINGLE
from foresay.figures.influence import plot_influence


def row(over, without, value, half=0.03, **more):
    return {
        "estimand": "self_advantage",
        "target": "m",
        "over": over,
        "without": without,
        "value": value,
        "low": value - half,
        "high": value + half,
        "level": 0.95,
        "verdict": "not shown",
        "reference": 0.0,
        "n_trials": 1678,
        "note": "",
        **more,
    }


def influence(*further, **more):
    return pd.DataFrame(
        [
            row("", "", 0.02),
            row("task", "animals", 0.05, verdict="different"),
            row("task", "a task with a long and winding name", 0.01),
            row("property", "identity", 0.0),
            row("cluster", "animals \N{MIDDLE DOT} animals-1", 0.025, half=math.nan, verdict=""),
            *further,
        ]
    ).assign(**more)


@pytest.mark.parametrize("width", [SINGLE, DOUBLE])
def test_it_fits_its_width_and_names_every_part(width):
    figure = plot_influence(influence(), width=width)
    svg = figure.svg()
    assert float(re.search(r'width="([0-9.]+)"', svg)[1]) <= width + 8
    for name in ("animals", "identity", "Without one task", "Without one cluster"):
        assert f">{name}<" in svg


def test_caption_and_description_say_from_where_to_where_and_what_changes():
    figure = plot_influence(influence())
    for text in (figure.caption, figure.alt):
        assert ".020 on 1,678 trials" in text
        assert "without one task from .010 to .050" in text
        assert "the verdict changes without task animals" in text


def test_parts_without_which_nothing_is_left_are_named():
    figure = plot_influence(influence(row("model", "m", math.nan)))
    assert "Nothing is left without model m." in figure.caption


def test_each_group_is_drawn_up_to_four():
    both = pd.concat([influence(), influence(target="o")])
    assert "o: .020" in plot_influence(both).caption
    many = pd.concat([influence(target=name) for name in "abcde"])
    with pytest.raises(UnsupportedError, match="5 groups"):
        plot_influence(many)


def test_tables_without_parts_are_refused():
    with pytest.raises(UnsupportedError, match="nothing is left"):
        plot_influence(influence().head(1))
    with pytest.raises(UnsupportedError, match="needs a table of influence"):
        plot_influence(pd.DataFrame({"value": [1.0]}))


def test_wide_it_has_its_kinds_of_part_beside_each_other_on_one_axis():
    wide, narrow = (plot_influence(influence(), width=w).spec() for w in (DOUBLE, SINGLE))
    panels = wide["hconcat"]
    assert len(panels) > 1
    domains = {str(layer["encoding"]["x"].get("scale")) for p in panels for layer in p["layer"]}
    assert len(domains - {"None"}) == 1
    assert "hconcat" not in narrow


def test_groups_of_training_are_named_with_what_they_count():
    parts = [influence(), influence()]
    for part, examples in zip(parts, (100, 1000), strict=True):
        part.insert(1, "n_train", examples)
    figure = plot_influence(pd.concat(parts))
    assert "training examples 1,000: .020" in figure.caption
