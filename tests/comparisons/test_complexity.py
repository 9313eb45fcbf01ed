from __future__ import annotations

import math

import pytest

from foresay.comparisons.complexity import CLASSES, complexity
from foresay.errors import ChoiceError, UnsupportedError
from studies import answers, open_study, prediction

CHOICES = {"truth": "first", "resamples": 200, "baseline": "mode_insample"}
# level -> (behaviours, self predictions, cross predictions), item by item
EASY = ("abcdefgh", "abcdefgh", "abcdxxxx")
HARD = ("aabbccdd", "aaaaaaaa", "bbbbbbbb")


def study_of(tmp_path, levels, **more):
    did, said, items = [], [], []
    for level, (behaviours, own, other) in levels.items():
        for i, (does, mine, theirs) in enumerate(zip(behaviours, own, other, strict=True)):
            item = f"l{level}-{i}"
            did += answers("m", item, [does])
            said += [prediction("m", "m", item, mine), prediction("o", "m", item, theirs)]
            items.append({"task": "t", "item": item, "complexity": level})
    tables = {"answers": did, "predictions": said, "items": items}
    return open_study(tmp_path, tables, choices={**CHOICES, **more})


def found(study, **more):
    return complexity(
        study.population(),
        choices=study.choices,
        context=study._context(None),
        engine=study.engine,
        **more,
    )


def point(table, estimand, series, x):
    rows = table[
        (table["estimand"] == estimand)
        & (table["series"] == series)
        & (table["quantity"] == "point")
        & (table["x"] == x)
    ]
    assert len(rows) == 1
    return rows.iloc[0]


def slope(table, series):
    return table[(table["quantity"] == "slope") & (table["series"] == series)].iloc[0]


LEVELS = {1: EASY, 3: HARD}


def test_points_of_a_table_worked_by_hand(tmp_path):
    table = found(study_of(tmp_path, LEVELS))
    assert point(table, "accuracy", "self", 1)["value"] == 1
    assert point(table, "accuracy", "cross", 1)["value"] == 0.5
    assert point(table, "accuracy", "self", 3)["value"] == 0.25
    # eight answers once each, four answers twice each: the mode of the level alone
    assert point(table, "baseline_mode", "self", 1)["value"] == pytest.approx(1 / 8)
    assert point(table, "baseline_mode", "self", 3)["value"] == pytest.approx(1 / 4)
    assert point(table, "advantage", "self", 3)["value"] == pytest.approx(0)


def test_slopes_are_of_what_is_over_the_baseline(tmp_path):
    table = found(study_of(tmp_path, LEVELS))
    own = (0 - 7 / 8) / 2
    other = (0 - 3 / 8) / 2
    assert slope(table, "self")["value"] == pytest.approx(own)
    assert slope(table, "cross")["value"] == pytest.approx(other)
    assert slope(table, "difference")["value"] == pytest.approx(own - other)


def test_levels_that_are_not_above_the_baseline_are_flagged(tmp_path):
    table = found(study_of(tmp_path, LEVELS))
    assert not point(table, "advantage", "self", 1)["floor"]
    assert point(table, "advantage", "self", 3)["floor"]
    assert point(table, "accuracy", "cross", 3)["floor"]


def test_many_levels_become_classes_with_the_same_number_of_items(tmp_path):
    levels = dict.fromkeys(range(20), ("ab", "ab", "aa"))
    table = found(study_of(tmp_path, levels))
    points = table[(table["quantity"] == "point") & (table["estimand"] == "accuracy")]
    assert points["x"].nunique() == CLASSES
    assert set(points["n_trials"]) == {8}
    assert points["note"].str.contains("classes").all()


def test_a_column_that_is_not_there_or_has_one_level_is_named(tmp_path):
    with pytest.raises(UnsupportedError, match="no column 'length'"):
        found(study_of(tmp_path, LEVELS), over="length")
    with pytest.raises(UnsupportedError, match="fewer than two levels"):
        found(study_of(tmp_path / "one", {2: EASY}))


def test_words_are_no_levels(tmp_path):
    with pytest.raises(ChoiceError, match="number"):
        found(study_of(tmp_path, LEVELS), over="prediction")


def test_a_series_without_trials_has_no_points_and_no_floor(tmp_path):
    table = found(study_of(tmp_path, LEVELS), series={"self": "role = 'self'", "none": "false"})
    row = point(table, "accuracy", "none", 1)
    assert math.isnan(row["value"])
    assert not row["floor"]
    assert "two levels" in slope(table, "none")["note"]
