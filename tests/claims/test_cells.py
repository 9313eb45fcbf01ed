"""Which cells of a table are numbers, what could not be read, and where n is from."""

from __future__ import annotations

import json

import pytest

from foresay.claims import audit
from foresay.claims.audit_page import html_page
from foresay.claims.audit_words import text
from foresay.errors import ChoiceError


def table(*accuracies, **more):
    return [{"model": f"m{i}", "accuracy": said, **more} for i, said in enumerate(accuracies)]


def differing(found, rule):
    return [one.rows for one in found.differing if one.rule == rule]


def test_a_column_is_known_by_its_readable_cells_and_the_others_are_listed():
    found = audit(table(*[".5"] * 39, "abc"))
    assert found.estimates == 39
    (one,) = found.unread
    assert (one.row, one.column, one.text) == (40, "accuracy", "abc")
    assert found.left_out == (40,)


def test_what_was_not_read_is_told_in_every_form():
    found = audit(table(".5", ".6", "abc", "", n="40"))
    said = json.loads(found.to_json())
    assert said["cells_not_read"] == [{"row": 3, "column": "accuracy", "text": "abc"}]
    assert said["rows_left_out"] == [3, 4]
    for shown in (text(found), html_page(found, "A table")):
        assert "1 cell not read: row 3, accuracy: " in shown
        assert "2 rows without an estimate left out: 3, 4" in shown


def test_cells_beside_an_estimate_are_told_and_the_estimate_is_kept():
    rows = [{"model": "a", "value": ".5", "n": "many", "se": "?"}, {"model": "b", "value": ".5"}]
    found = audit(rows)
    assert found.estimates == 2
    assert [(one.row, one.column) for one in found.unread] == [(1, "se"), (1, "n")]
    assert found.left_out == ()


def test_nothing_is_told_where_everything_was_read():
    found = audit(table(".5", "n/a", "49.4 ± 0.3", "[.1, .2]"))
    assert [(one.row, one.text) for one in found.unread] == [(4, "[.1, .2]")]
    assert "not read" not in text(audit(table(".5", ".6")))


@pytest.mark.parametrize("labels", [["4o", "4o-mini", "70b"], ["3.5-turbo", "x", "1"]])
def test_labels_with_digits_are_no_numbers(labels):
    found = audit([{"name": label, "accuracy": ".5"} for label in labels])
    assert [one.column for one in found.layout.measures] == ["accuracy"]
    assert found.layout.labels == ("name",)


def test_half_a_column_is_enough_for_a_share_and_not_for_an_unknown_name():
    assert audit(table(".5", "x")).estimates == 1
    with pytest.raises(ChoiceError, match=r"1 of 2 cells of 'first' .* in row 2: 'x'"):
        audit([{"model": "a", "first": cell} for cell in (".5", "x")])
    assert audit([{"model": "a", "value": cell} for cell in (".5", "x")]).estimates == 1


def test_the_column_of_n_goes_before_what_a_label_or_cell_says():
    labelled = {"condition": "after training (n = 1000)", "accuracy": ".355", "n": "100"}
    found = audit([labelled, {**labelled, "accuracy": ".355 (n = 200)"}])
    assert [(one.n, one.n_from) for one in found.reported] == [(100, "the column 'n'")] * 2
    rule = "whole number of items"
    assert differing(found, rule) == [("row 1",), ("row 2",)]
    (said, _) = (one.reason for one in found.differing if one.rule == rule)
    assert said == "n is from the column 'n'"
    assert "the column &#x27;n&#x27;" in html_page(found, "A table")


def test_without_a_column_n_is_read_in_the_cell_of_the_estimate():
    found = audit([{"model": "a (n = 1000)", "accuracy": ".355 (n = 200)"}])
    assert [(one.n, one.n_from) for one in found.reported] == [(200, "the cell of the estimate")]
    assert audit([{"model": "a (n = 1000)", "accuracy": ".35"}]).reported[0].n is None


@pytest.mark.parametrize(
    ("columns", "n"),
    [
        ({"number": "1", "n_items": "200"}, 200),
        ({"count": "7", "n_trials": "200"}, 200),
        ({"size": "7", "n": "200"}, 200),
        ({"size": "200"}, 200),
    ],
)
def test_the_clearest_name_is_n_and_the_others_are_no_estimates(columns, n):
    found = audit([{"model": "a", "accuracy": ".5", **columns}])
    by_column = {one.column: one.n for one in found.reported}
    assert by_column["accuracy"] == n
    assert set(by_column) <= {"accuracy", "number"}


@pytest.mark.parametrize("n", ["-100", "0", "99.5"])
def test_an_n_that_is_no_number_of_items_is_named(n):
    found = audit([{"model": "a", "accuracy": ".5", "loss": "1.5", "n": n}])
    assert differing(found, "value within its domain") == [("row 1: accuracy",)]
    (one,) = found.differing
    assert "a number of items is a whole number of 1 or more" in one.arithmetic
    whole = [one for one in found.findings if one.rule == "whole number of items"]
    assert [one.reason for one in whole] == ["what is printed for n is no number of items"]


def test_an_interval_in_a_column_of_its_own_is_one():
    found = audit([{"model": "a", "accuracy": ".494", "95% CI": "[.509, .516]"}])
    assert (found.reported[0].low.text, found.reported[0].high.text) == (".509", ".516")
    assert differing(found, "estimate inside its interval") == [("row 1",)]


def test_a_fraction_or_a_formula_is_not_read_as_its_first_number():
    found = audit(table(".5", ".6", ".7", "12/100", "=1/2", "#DIV/0!"))
    assert [one.text for one in found.unread] == ["12/100", "=1/2", "#DIV/0!"]
    assert found.estimates == 3


def test_a_proportion_among_percents_is_told_by_its_digits():
    found = audit(table("49.4", "60.3", "0.318", "0.5"))
    assert [one.value.value for one in found.reported] == [0.494, 0.603, 0.318, 0.005]


def test_promised_arms_have_columns_of_the_table():
    from foresay.claims import Premises

    with pytest.raises(
        ChoiceError, match="no label column is called 'modle'; did you mean 'model'"
    ):
        audit(table(".5"), premises=Premises(promised=({"modle": "m0"},)))


def test_a_table_of_claims_without_rows_is_refused():
    with pytest.raises(ChoiceError, match="has no rows"):
        audit(table(".5"), claims=[])


def test_equal_panels_that_chance_does_not_rule_out_are_named_with_it():
    same = {"first": "40.3 %", "second": "50.1 %", "third": "71.9 %"}
    other = [
        {"model": f"x{i}", "first": f"{i}1.5 %", "second": "30.2 %", "third": "62.0 %"}
        for i in range(4)
    ]
    found = audit([{"model": "a", **same}, {"model": "b", **same}, *other])
    assert found.differing == ()
    assert "no panel twice: a and b print the same: 40.3 %, 50.1 %, 71.9 %; the chance" in text(
        found
    )
    assert "a and b print the same" in html_page(found, "A table")


@pytest.mark.parametrize(
    "n", ["1,000", "1 000", "1'000", "1\N{RIGHT SINGLE QUOTATION MARK}000", "1\u202f000", "1_000"]
)
def test_groups_of_three_digits_are_one_n(n):
    found = audit([{"model": "a", "accuracy": ".601", "n": n}])
    assert (found.reported[0].n, found.unread) == (1_000, ())


@pytest.mark.parametrize("n", ["10 00", "1 0000", "1.000", "1 000 of 2 000", "100, 200 each"])
def test_an_n_that_could_be_several_numbers_is_not_read(n):
    found = audit([{"model": "a", "accuracy": ".601", "n": n}])
    assert found.reported[0].n is None
    assert [(one.column, one.text) for one in found.unread] == [("n", n)]
    assert found.differing == ()


@pytest.mark.parametrize(
    "cell",
    [
        "$.60_{.049}$",
        "$.60_{\\pm .049}$",
        "$.60$$_{.049}$",
        "$.60 \\pm .049$",
        ".60+/-.049",
        ".60+-.049",
    ],
)
def test_an_error_behind_its_estimate_is_never_the_estimate(cell):
    (one,) = audit(table(cell)).reported
    assert (one.value.value, one.error.value) == (0.6, 0.049)


@pytest.mark.parametrize("cell", ["$.60_{a}$", "$.60^{+.05}_{-.04}$", ".60_x"])
def test_an_index_that_is_no_error_leaves_the_cell_unread(cell):
    found = audit(table(".5", cell))
    assert [one.value.text for one in found.reported] == [".5"]
    assert [one.text for one in found.unread] == [cell]


@pytest.mark.parametrize("cell", ["45.2, 64.8", "45.2; 64.8", "(45.2, 64.8)", "45.2%, 64.8%"])
@pytest.mark.parametrize("column", ["95% CI", "CI", "ci95", "Accuracy 95% CI"])
def test_two_numbers_below_an_interval_are_its_ends(cell, column):
    (one,) = audit([{"model": "a", "Accuracy": "55.0", column: cell}]).reported
    assert (one.low.value, one.high.value, one.error) == (0.452, 0.648, None)


def test_two_numbers_below_a_half_width_are_not_read():
    found = audit([{"model": "a", "accuracy": "55.0", "margin of error": "9.8, 9.9"}])
    assert (found.reported[0].low, found.reported[0].error) == (None, None)
    assert [one.column for one in found.unread] == ["margin of error"]


@pytest.mark.parametrize(
    ("heads", "cells"),
    [
        (("ci95_l", "ci95_u"), (".70", ".80")),
        (("ci_lb", "ci_ub"), (".70", ".80")),
        (("95% CI low", "95% CI high"), (".70", ".80")),
        (("accuracy_ci_l", "accuracy_ci_u"), (".70", ".80")),
    ],
)
def test_ends_are_known_by_the_names_that_they_have(heads, cells):
    found = audit([{"accuracy": ".60", **dict(zip(heads, cells, strict=True))}])
    assert differing(found, "estimate inside its interval") == [("row 1",)]


@pytest.mark.parametrize("head", ["Acc. [95% CI]", "Accuracy (95% CI)", "accuracy (CI)"])
@pytest.mark.parametrize(("cell", "unit"), [(".60 [.70, .80]", ""), ("60.0 (70, 80)", "percent")])
def test_a_head_that_says_interval_says_no_unit(head, cell, unit):
    (one,) = audit([{"model": "a", head: cell, "N": "100"}]).reported
    assert (one.value.unit, one.kind) == (unit, "count share")
    assert (one.value.value, one.low.value, one.high.value) == (0.6, 0.7, 0.8)


@pytest.mark.parametrize(
    ("head", "cell", "error"),
    [
        ("Accuracy (SE)", "60.0 (9.9)", 0.099),
        ("Accuracy (%, s.e.)", "60.0 (9.9)", 0.099),
        ("Accuracy ± SE", "60.0 ± 9.9", 0.099),
        ("Accuracy (SD)", "60.0 (9.9)", None),
        ("Accuracy (SD)", "60.0 ± 9.9", None),
        ("Accuracy (n)", "60.0 (9.9)", None),
    ],
)
def test_a_head_says_what_stands_in_brackets(head, cell, error):
    (one,) = audit([{"model": "a", head: cell, "N": "100"}]).reported
    assert one.value.value == 0.6
    assert (one.error and one.error.value) == error
    assert one.multiple == (1.0 if error else None)


@pytest.mark.parametrize("head", ["# items", "#items", "# Questions", "#n"])
def test_a_number_sign_before_items_is_n(head):
    found = audit([{"model": "a", "accuracy": ".601", head: "1,000"}])
    assert [(one.column, one.n) for one in found.reported] == [("accuracy", 1_000)]


def test_every_form_says_what_columns_were_read_as_and_which_were_not():
    rows = [{"model": "a", "first": ".5", "second": ".6", "se": ".05", "N": "100", "note": "1"}]
    found = audit(rows, {"note": "ignore"})
    said = "read as estimates 'first', 'second', n 'N', labels 'model'; not used: 'se', 'note'."
    assert f"Columns: {said}" in text(found)
    assert f"Columns: {said}".replace("'", "&#x27;") in html_page(found, "A table")
    assert json.loads(found.to_json())["columns"]["not_used"] == ["se", "note"]


@pytest.mark.parametrize(
    ("n", "read"),
    [("1 000", 1_000), ("1'000", 1_000), ("1,000", 1_000), ("200", 200), ("20 5", None)],
)
def test_an_n_beside_its_estimate_is_read_with_all_its_digits(n, read):
    for rest in (")", ", 5 runs)"):
        (one,) = audit(table(f".35 (n = {n}{rest}")).reported
        assert one.n == read
