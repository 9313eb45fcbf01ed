from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.revisions.rows import RowChange, by_importance, compare_table, read_table
from revisions.made import DIFFERENCE, ROW
from studies import csv_text


def table(tmp_path, *rows):
    path = tmp_path / "table.csv"
    path.write_text(csv_text(rows), encoding="utf-8")
    return read_table(path)


@pytest.fixture
def changes(tmp_path):
    def compare(before, after):
        return compare_table("accuracy", table(tmp_path, *before), table(tmp_path, *after))

    return compare


def test_the_same_rows_in_any_order_are_no_change(changes):
    rows = [ROW | {"target": target} for target in "abc"]
    found = changes(rows, rows[::-1])
    assert (found.changed, found.added, found.gone) == ((), (), ())


def test_a_number_moves_in_units_of_the_earlier_standard_error(changes):
    (row,) = changes([ROW], [ROW | {"value": 0.6, "standard_error": 0.5}]).changed
    assert row.moved == pytest.approx(0.1)
    assert row.moved_in_se == pytest.approx(2)
    assert row.row == (("estimand", "accuracy"), ("target", "m"), ("n_train", "100"))
    assert row.others == {"standard_error": ("0.05", "0.5")}


@pytest.mark.parametrize(
    ("before", "after"), [({"standard_error": None}, {}), ({"standard_error": 0}, {})]
)
def test_without_a_standard_error_the_later_one_is_the_unit(changes, before, after):
    (row,) = changes([ROW | before], [ROW | after | {"value": 0.6}]).changed
    assert row.moved_in_se == pytest.approx(2)


def test_without_any_standard_error_there_is_no_unit(changes):
    bare = ROW | {"standard_error": None}
    (row,) = changes([bare], [bare | {"value": 0.6}]).changed
    assert row.moved == pytest.approx(0.1)
    assert row.moved_in_se is None


def test_a_number_that_is_missing_now_did_not_move_but_differs(changes):
    (row,) = changes([ROW], [ROW | {"value": None, "note": "no trials"}]).changed
    assert row.value == (0.5, None)
    assert row.moved is None
    assert row.others["note"] == ("", "no trials")


@pytest.mark.parametrize("value", [0.5 * (1 + 1e-14), "0.50", 0.5])
def test_rounding_is_no_change(changes, value):
    assert changes([ROW], [ROW | {"value": value}]).changed == ()


def test_the_fingerprint_of_data_is_no_change(changes):
    assert changes([ROW], [ROW | {"fingerprint": "xyz"}]).changed == ()


def test_whole_numbers_with_and_without_a_point_name_one_row(changes):
    assert changes([ROW], [ROW | {"n_train": 100}]).changed == ()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ((-0.05, 0.25), (0.01, 0.2), "newly excludes 0"),
        ((0.01, 0.2), (-0.05, 0.25), "newly includes 0"),
        ((0.01, 0.2), (-0.2, -0.01), ""),
        ((0.01, 0.2), (0.0, 0.2), "newly includes 0"),
        ((0.01, 0.2), (None, None), ""),
    ],
)
def test_intervals_of_differences_are_held_against_zero(changes, before, after, said):
    one, two = (DIFFERENCE | dict(zip(("low", "high"), e, strict=True)) for e in (before, after))
    assert changes([one], [two]).changed[0].interval == said


def test_intervals_of_accuracies_are_not(changes):
    assert changes([ROW | {"low": 0.0}], [ROW | {"low": 0.1}]).changed[0].interval == ""


def test_a_reference_of_its_own_takes_the_place_of_zero(changes):
    row = DIFFERENCE | {"estimand": "slope", "reference": 1.0, "low": 0.5, "high": 1.5}
    (found,) = changes([row], [row | {"low": 1.1}]).changed
    assert found.interval == "newly excludes 1"


@pytest.mark.parametrize(("low", "high", "apart"), [(0.7, 0.8, True), (0.6, 0.8, False)])
def test_intervals_that_do_not_overlap_are_said(changes, low, high, apart):
    (row,) = changes([ROW], [ROW | {"low": low, "high": high}]).changed
    assert row.apart is apart


def test_a_verdict_that_changed_is_said(changes):
    (row,) = changes([DIFFERENCE], [DIFFERENCE | {"verdict": "different"}]).changed
    assert row.verdict_changed
    assert row.verdict == ("unresolved", "different")


def test_rows_are_added_and_gone_by_what_tells_them_apart(changes):
    found = changes([ROW, ROW | {"target": "n"}], [ROW, ROW | {"target": "o"}])
    assert found.changed == ()
    assert [dict(key)["target"] for _, key in found.added] == ["o"]
    assert [dict(key)["target"] for _, key in found.gone] == ["n"]


def test_a_choice_tells_rows_apart_only_where_it_must(changes):
    policies = [ROW | {"compliance": name} for name in ("paper", "ignore")]
    after = [policies[0], policies[1] | {"value": 0.7}]
    (row,) = changes(policies, after).changed
    assert dict(row.row)["compliance"] == "ignore"
    (row,) = changes([ROW], [ROW | {"compliance": "ignore"}]).changed
    assert row.others == {"compliance": ("paper", "ignore")}


def test_a_choice_that_is_told_already_is_no_change_but_a_share_of_its_name_is(tmp_path):
    def compare(one, two):
        rows = (table(tmp_path, ROW | {"compliance": each}) for each in (one, two))
        return compare_table("accuracy", *rows, told={"compliance"}).changed

    assert compare("paper", "ignore") == ()
    assert [row.others for row in compare("0.5", "0.6")] == [{"compliance": ("0.5", "0.6")}]


def test_twins_are_numbered(changes):
    (row,) = changes([ROW, ROW], [ROW, ROW | {"value": 0.7}]).changed
    assert dict(row.row)["row"] == "2"


def test_a_table_without_values_is_compared_by_its_counts(changes):
    glance = {"predictor": "m", "target": "m", "n_train": 0, "n_trials": 40, "compliance": 0.5}
    (row,) = changes([glance], [glance | {"n_trials": 39, "compliance": 0.51}]).changed
    assert row.others == {"n_trials": ("40", "39"), "compliance": ("0.5", "0.51")}


def test_a_table_that_is_empty_now_lost_its_rows(changes, tmp_path):
    found = compare_table("t", table(tmp_path, ROW), [])
    assert len(found.gone) == 1


def test_what_moved_most_in_standard_errors_comes_first():
    def row(name, moved, error):
        return RowChange(table=name, row=(), value=(0.0, moved), standard_error=error)

    rows = [row("none", 9.0, None), row("little", 0.1, 0.1), row("most", -0.2, 0.05)]
    assert [each.table for each in by_importance(rows)] == ["most", "little", "none"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(allow_nan=True)), max_size=6))
def test_a_table_never_differs_from_itself(rows):
    cells = [{"estimand": "x", "target": t, "value": str(v)} for t, v in rows]
    found = compare_table("t", cells, cells)
    assert (found.changed, found.added, found.gone) == ((), (), ())
