from __future__ import annotations

import numpy as np
import pytest

from foresay.comparisons.trends import Plateau, Trend, trend
from foresay.errors import ChoiceError, UnsupportedError
from studies import answers, open_study, prediction

CHOICES = {"truth": "first", "resamples": 200}
ITEMS = 8


def study_of(tmp_path, curves, **item_columns):
    """Curves: (predictor, n_train) -> answers item by item, None where not asked."""
    said, models = [], [{"model": "m"}]
    for (base, n), given in curves.items():
        name = f"{base}{n}"
        models.append({"model": name, "base": base, "n_train": n})
        said += [prediction(name, "m", f"i{i}", s) for i, s in enumerate(given) if s]
    items = max(map(len, curves.values()))
    tables = {
        "answers": [row for i in range(items) for row in answers("m", f"i{i}", ["a"])],
        "predictions": said,
        "models": models,
    }
    if item_columns:
        tables["items"] = [
            {"task": "t", "item": f"i{i}", **{k: v[i] for k, v in item_columns.items()}}
            for i in range(items)
        ]
    return open_study(tmp_path, tables, choices=CHOICES)


SERIES = {"self": "base = 'm'", "cross": "base = 'o'"}
CURVES = {
    ("m", 100): "aabbbbbb",
    ("m", 200): "aaaabbbb",
    ("m", 400): "aaaaaabb",
    ("o", 100): "abbbbbbb",
    ("o", 200): "abbbbbba",
    ("o", 400): "aabbbbbb",
}


def drawn(study, **spec):
    by = spec.pop("by", ())
    return trend(
        study.population(),
        Trend(series=SERIES, **spec),
        by=by,
        choices=study.choices,
        context=study._context(None),
        engine=study.engine,
    )


def points(table, series):
    rows = table[(table["series"] == series) & (table["quantity"] == "point")]
    return dict(zip(rows["x"], rows["value"], strict=True))


def one(table, series, quantity):
    rows = table[(table["series"] == series) & (table["quantity"] == quantity)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_points_slopes_and_differences_by_hand(tmp_path):
    with study_of(tmp_path, CURVES) as study:
        table = drawn(study)
    assert points(table, "self") == pytest.approx({100: 2 / 8, 200: 4 / 8, 400: 6 / 8})
    assert points(table, "cross") == pytest.approx({100: 1 / 8, 200: 2 / 8, 400: 2 / 8})
    assert points(table, "difference") == pytest.approx({100: 1 / 8, 200: 2 / 8, 400: 4 / 8})
    # a doubling a level: the slope is half of last less first
    assert one(table, "self", "slope")["value"] == pytest.approx(2 / 8)
    assert one(table, "cross", "slope")["value"] == pytest.approx(1 / 16)
    slope = one(table, "difference", "slope")
    assert slope["value"] == pytest.approx(3 / 16)
    assert slope["test"] == "t"
    # half of (self 400 - cross 400 - self 100 + cross 100), item by item
    last = np.array([1, 1, 1, 1, 1, 1, 0, 0]) - np.array([1, 1, 0, 0, 0, 0, 0, 0])
    first = np.array([1, 1, 0, 0, 0, 0, 0, 0]) - np.array([1, 0, 0, 0, 0, 0, 0, 0])
    own = (last - first) / 2
    assert slope["standard_error"] == pytest.approx(own.std(ddof=1) / np.sqrt(8))


def test_a_plateau_is_equivalence_of_two_levels(tmp_path):
    with study_of(tmp_path, CURVES) as study:
        table = drawn(study, plateau=Plateau(start=200, end=400, margin=0.4))
    row = one(table, "cross", "plateau")
    assert row["value"] == pytest.approx(0)
    assert (row["test"], row["hypothesis"], row["margin"]) == ("tost", "equivalence", 0.4)
    # differences +1 and -1 on two of eight items
    d = np.array([0, 1, 0, 0, 0, 0, 0, -1])
    assert row["standard_error"] == pytest.approx(d.std(ddof=1) / np.sqrt(8))
    assert one(table, "self", "plateau")["verdict"] == "not shown"
    assert row["note"].startswith("from 200 to 400")


def test_a_level_without_logarithm_is_a_point_and_no_part_of_the_slope(tmp_path):
    curves = {**CURVES, ("m", 0): "bbbbbbbb"}
    with study_of(tmp_path, curves) as study:
        table = drawn(study)
    assert points(table, "self")[0] == 0
    row = one(table, "self", "slope")
    assert row["value"] == pytest.approx(2 / 8)
    assert "not in the slope: 0" in row["note"]
    with study_of(tmp_path / "linear", curves) as study:
        flat = one(drawn(study, scale="linear"), "self", "slope")
    x, y = np.array([0, 100, 200, 400]), np.array([0, 2, 4, 6]) / 8
    assert flat["value"] == pytest.approx(np.polyfit(x, y, 1)[0])


def test_an_arm_that_is_missing_is_shown_as_missing(tmp_path):
    curves = {k: v for k, v in CURVES.items() if k != ("o", 200)}
    with study_of(tmp_path, curves) as study:
        table = drawn(study)
    assert np.isnan(points(table, "cross")[200])
    assert np.isnan(points(table, "difference")[200])
    assert points(table, "self")[200] == pytest.approx(4 / 8)
    missing = table[(table["series"] == "cross") & (table["x"] == 200)].iloc[0]
    assert "no trials at n_train 200" in missing["note"]
    assert one(table, "difference", "slope")["value"] == pytest.approx(3 / 16)


def test_one_level_has_no_slope(tmp_path):
    with study_of(tmp_path, {("m", 100): "aab", ("o", 100): "abb"}) as study:
        row = one(drawn(study), "self", "slope")
    assert np.isnan(row["value"])
    assert "a slope needs two levels" in row["note"]


def test_levels_count_the_items_that_all_of_them_have(tmp_path):
    curves = {**CURVES, ("o", 400): ["a", "a", "b", "b", "b", "b", "b", None]}
    with study_of(tmp_path, curves) as study:
        table = drawn(study)
    assert points(table, "self")[100] == pytest.approx(2 / 7)
    assert table["n_items"].unique().tolist() == [7]
    assert "5 trials on items that not every series and level has" in table["note"].iloc[0]


def test_complexity_has_items_of_its_own_at_each_level(tmp_path):
    curves = {("m", 100): "aaaabbab", ("o", 100): "abbbbbbb"}
    with study_of(tmp_path, curves, complexity=[1, 1, 2, 2, 3, 3, 4, 4]) as study:
        table = drawn(study, over="complexity", scale="linear")
    assert points(table, "self") == pytest.approx({1: 1, 2: 1, 3: 0, 4: 0.5})
    expected = np.polyfit([1, 2, 3, 4], [1, 1, 0, 0.5], 1)[0]
    assert one(table, "self", "slope")["value"] == pytest.approx(expected)
    assert table["n_items"].iloc[0] == 8


def test_what_cannot_be_asked_is_refused(tmp_path):
    with study_of(tmp_path, CURVES) as study:
        with pytest.raises(ChoiceError, match="is the axis"):
            drawn(study, by=["n_train"])
        with pytest.raises(ChoiceError, match="holds 'm', where a number is expected; 48 trials"):
            drawn(study, over="base")
        with pytest.raises(ChoiceError, match="no column 'n_trian'"):
            drawn(study, over="n_trian")
        with pytest.raises(ChoiceError, match="has no curve"):
            drawn(study, of="agreement_answer")
        with pytest.raises(UnsupportedError, match="no trials of self or cross"):
            trend(
                study.population(where="base = 'nobody'"),
                Trend(series=SERIES),
                choices=study.choices,
                context=study._context(None),
                engine=study.engine,
            )


def test_numbers_that_were_read_as_text_are_numbers(tmp_path):
    curves = {("m", 100): "aaaabbab", ("o", 100): "abbbbbbb"}
    with study_of(tmp_path, curves, n_shot=["10", "10", "10", "10", "5", "5", "5", None]) as study:
        table = drawn(study, over="n_shot")
    assert list(points(table, "self")) == [5, 10]


def test_groups_keep_their_own_levels(tmp_path):
    with study_of(tmp_path, CURVES) as study:
        table = drawn(study, by=["target"])
    assert table["target"].unique().tolist() == ["m"]
    assert points(table, "self")[400] == pytest.approx(6 / 8)


def test_an_arm_that_one_group_lacks_takes_nothing_from_the_group(tmp_path):
    """The first four items are of property p, the others of q, which cross has not at 200."""
    curves = {**CURVES, ("o", 200): ["a", "b", "b", "b", None, None, None, None]}
    with study_of(tmp_path, curves, kind=["p"] * 4 + ["q"] * 4) as study:
        table = drawn(study, by=["kind"])
    of_q = table[table["kind"] == "q"]
    assert points(of_q, "self") == pytest.approx({100: 0, 200: 0, 400: 2 / 4})
    assert np.isnan(points(of_q, "cross")[200])
    assert of_q["n_items"].iloc[0] == 4
