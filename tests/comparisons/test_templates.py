from __future__ import annotations

import math

import numpy as np
import pytest

from foresay.comparisons.templates import templates
from foresay.errors import ChoiceError, UnsupportedError
from studies import answers, open_study, prediction

CHOICES = {"truth": "first", "resamples": 200}
# training template, test template -> who is right on which item; a is the truth everywhere
CELLS = {
    ("x", "u"): "aaaaaaaaab",
    ("x", "v"): "aaaaaaabbb",
    ("y", "u"): "aaaaaabbbb",
    ("y", "v"): "aabbbbbbbb",
}


def study_of(tmp_path, cells, **choices):
    said = [
        prediction("m", "m", f"i{i}", s, training_template=row, template=column)
        for (row, column), given in cells.items()
        for i, s in enumerate(given)
    ]
    n = max(map(len, cells.values()))
    tables = {
        "answers": [row for i in range(n) for row in answers("m", f"i{i}", ["a"])],
        "predictions": said,
    }
    source = {
        "answers": {"files": "answers.csv"},
        "predictions": {
            "files": "predictions.csv",
            "conditions": ["training_template", "template"],
        },
    }
    return open_study(tmp_path, tables, tables=source, choices={**CHOICES, **choices})


def found(study, **more):
    return templates(
        study.population(), choices=study.choices, context=study._context(None), **more
    )


def at(table, quantity, row=None, column=None):
    rows = table[table["quantity"] == quantity]
    for name, wanted in (("row", row), ("column", column)):
        if wanted is not None:
            rows = rows[rows[name] == wanted]
    assert len(rows) == 1
    return rows.iloc[0]


def test_cells_and_means_of_a_table_worked_by_hand(tmp_path):
    table = found(study_of(tmp_path, CELLS))
    assert at(table, "cell", "x", "u")["value"] == pytest.approx(0.9)
    assert at(table, "cell", "y", "v")["value"] == pytest.approx(0.2)
    assert at(table, "row", "y")["value"] == pytest.approx(0.4)
    assert at(table, "column", None, "u")["value"] == pytest.approx(0.75)
    assert at(table, "all")["value"] == pytest.approx(0.6)
    assert at(table, "all")["n_trials"] == 40
    assert at(table, "cell", "x", "v")["n_items"] == 10


def test_means_count_cells_and_not_trials(tmp_path):
    table = found(study_of(tmp_path, {("x", "u"): "aaaaaaaa", ("x", "v"): "bb"}))
    assert at(table, "row", "x")["value"] == pytest.approx(0.5)


def test_a_cell_is_estimated_as_on_its_own(tmp_path):
    study = study_of(tmp_path, CELLS)
    alone = study.estimate("accuracy", where="training_template = 'x' AND template = 'v'").iloc[0]
    cell = at(found(study), "cell", "x", "v")
    for name in ("value", "low", "high", "n_trials", "n_clusters"):
        assert cell[name] == alone[name]


def test_the_worst_has_bounds_of_all_cells_at_once(tmp_path):
    study = study_of(tmp_path, CELLS)
    worst = at(found(study), "worst")
    assert (worst["row"], worst["column"], worst["value"]) == ("y", "v", pytest.approx(0.2))
    wider = found(study_of(tmp_path / "wide", CELLS, level=1 - 0.05 / 4))
    cells = wider[wider["quantity"] == "cell"]
    assert worst["low"] == pytest.approx(cells["low"].min(), abs=1e-12)
    assert worst["high"] == pytest.approx(cells["high"].min(), abs=1e-12)
    assert worst["level"] == 0.95
    assert "at once" in worst["note"]


def test_the_worst_of_a_row_is_among_its_own(tmp_path):
    worst = at(found(study_of(tmp_path, CELLS)), "worst_of_row", "x")
    assert (worst["column"], worst["value"]) == ("v", pytest.approx(0.7))


def test_advantage_learns_its_mode_in_each_cell(tmp_path):
    study = study_of(tmp_path, CELLS)
    table = found(study, of="advantage")
    alone = study.estimate("advantage", where="training_template = 'x' AND template = 'v'").iloc[0]
    assert at(table, "cell", "x", "v")["value"] == pytest.approx(alone["value"])


def test_any_two_columns_will_do(tmp_path):
    table = found(study_of(tmp_path, CELLS), rows="template", columns="training_template")
    assert at(table, "cell", "u", "y")["value"] == pytest.approx(0.6)


def test_missing_columns_are_named(tmp_path):
    with pytest.raises(UnsupportedError, match="no column 'wording'"):
        found(study_of(tmp_path, CELLS), rows="wording")


def test_one_pair_is_no_table_and_one_column_no_pair(tmp_path):
    with pytest.raises(UnsupportedError, match="1 pair"):
        found(study_of(tmp_path, {("x", "u"): "ab"}))
    with pytest.raises(ChoiceError, match="differ"):
        found(study_of(tmp_path / "b", CELLS), rows="template", columns="template")


def test_a_cell_that_only_has_excluded_trials_leaves_means_undefined(tmp_path):
    # nothing is known of the behaviour on i9
    cells = {("x", "u"): "aab", ("x", "v"): "aaa"}
    study = study_of(tmp_path, cells)
    path = tmp_path / "predictions.csv"
    extra = "m,m,t,i9,p,a,x,w\n"
    path.write_text(path.read_text() + extra)
    study = type(study).open(tmp_path)
    table = found(study)
    assert math.isnan(at(table, "cell", "x", "w")["value"])
    assert math.isnan(at(table, "all")["value"])
    assert "1 cells without trials" in at(table, "worst")["note"]


@pytest.mark.simulation
def test_the_bounds_of_the_worst_cover_and_those_of_the_chosen_cell_alone_do_not():
    """Nine equal cells of 60 items: what the smallest estimate says of the smallest truth."""
    from foresay.counts import collapse
    from foresay.measures.accuracy import ACCURACY
    from foresay.resampling import estimate, stream

    rng = np.random.default_rng(5)
    runs, cells, items, rate = 300, 9, 60, 0.6
    alone = together = 0
    for _ in range(runs):
        right = rng.random((cells, items)) < rate
        low, high, chosen = [], [], right.mean(axis=1).argmin()
        for j in range(cells):
            match = right[j].astype(np.int64)
            ones = np.ones(items, np.int64)
            counts = collapse({"match": match, "match_squared": match, "trials": ones})
            for level, bounds in ((0.95, "own"), (1 - 0.05 / cells, "all")):
                made = estimate(
                    counts, ACCURACY.estimator, kind=ACCURACY.kind, level=level, rng=stream(1)
                )
                if bounds == "all":
                    low.append(made.low)
                    high.append(made.high)
                elif j == chosen:
                    alone += made.low <= rate <= made.high
        together += min(low) <= rate <= min(high)
    assert together / runs >= 0.93
    assert alone / runs < 0.85
