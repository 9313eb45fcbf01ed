from __future__ import annotations

import math

import pandas as pd
import pytest

from foresay.claims import read_rows, recognise, reported
from foresay.claims.reported import kind_of
from foresay.errors import ChoiceError, SourceError


def read(rows, mapping=None):
    return reported(read_rows(rows), mapping)


def test_a_long_table_has_one_estimate_a_row():
    rows = [
        {"model": "a", "metric": "accuracy", "estimate": "49%", "ci_lower": "48", "ci_upper": "50"},
        {"model": "b", "metric": "accuracy", "estimate": "31.8%", "ci_lower": "", "ci_upper": ""},
    ]  # fmt: skip
    found, layout = read(rows)
    assert layout.labels == ("model",)
    assert found[0].low.value == 0.48  # an end has the unit of its estimate
    assert (found[1].low, found[1].n) == (None, None)


def test_a_wide_table_has_one_estimate_a_cell():
    rows = [
        {"model": "a", "first_word": ".5", "is_even": ".61", "is_even_se": ".02", "n_train": "10"}
    ]
    found, layout = read(rows)
    assert [one.estimand for one in found] == ["first_word", "is_even"]
    assert [one.id for one in found] == ["row 1: first_word", "row 1: is_even"]
    assert found[1].error.text == ".02"
    assert layout.labels == ("model", "n_train")


def test_cells_with_their_error_or_interval_are_taken_apart():
    found, _ = read(
        [{"m": "a", "accuracy (%)": "49.4 ± 0.3"}, {"m": "b", "accuracy (%)": "50 [48, 52]"}]
    )
    assert found[0].error.value == pytest.approx(0.003)
    assert found[0].multiple is None
    assert (found[1].low.value, found[1].high.value) == (0.48, 0.52)


def test_rows_of_an_error_go_to_their_accuracy():
    key = {"model": "a", "n": "100"}
    rows = [
        {"id": "acc", **key, "estimand": "accuracy", "value": ".5"},
        {"id": "base", **key, "estimand": "mode baseline", "value": ".4"},
        {"id": "err", **key, "estimand": "half-width (1.96 se)", "value": ".098"},
        {"id": "lost", "model": "b", "n": "100", "estimand": "standard error", "value": ".05"},
    ]
    found, _ = read(rows)
    assert [one.id for one in found] == ["acc", "base", "lost"]
    assert (found[0].error.text, found[0].multiple) == (".098", 1.96)
    assert found[0].rows == ("acc", "err")
    assert len(reported(read_rows(rows), join=False)[0]) == 4


@pytest.mark.parametrize(
    ("values", "unit"),
    [(["49.4", "31.8"], "percent"), (["0.494", "0.318"], ""), ([".4", ".5", "1.3"], "")],
)
def test_the_unit_is_told_by_most_values_where_nothing_says_it(values, unit):
    found, _ = read([{"model": f"m{i}", "accuracy": v} for i, v in enumerate(values)])
    assert {one.value.unit for one in found} == {unit}


def test_differences_have_the_unit_of_the_proportions_beside_them():
    rows = [
        {"m": "a", "estimand": "accuracy", "value": "49.4"},
        {"m": "a", "estimand": "self advantage", "value": "0.8"},
    ]
    assert [one.value.unit for one in read(rows)[0]] == ["percent", "percent"]


def test_a_frame_of_floats_counts_as_printed_with_the_digits_that_are_left():
    frame = pd.DataFrame(
        {"m": ["a", "b", "c"], "accuracy": [19.0, 49.4, math.nan], "n": [100, 100, pd.NA]}
    )
    found, _ = read(frame)
    assert [one.value.text for one in found] == ["19", "49.4"]


def test_a_file_keeps_the_zeros_that_were_printed(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("m,accuracy\na,19.0\n", encoding="utf-8")
    assert read(path)[0][0].value.decimals == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1\n", "row 1: 1 cells under 2 columns"),
        ("a,a\n1,2\n", "two columns 'a'"),
        ('a,b\n"1,2\n', "cannot be read"),
        ("\x00", "cannot be read|no rows"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, text, words):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((SourceError, ChoiceError), match=words):
        read(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"no file '.*none.csv'"):
        read_rows(tmp_path / "none.csv")


def test_latin_text_is_refused_in_words(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"m,accuracy\n\xe9,.5\n")
    with pytest.raises(SourceError, match=r"not UTF-8 \(line 2\); save it as UTF-8"):
        read_rows(tmp_path / "t.csv")


def test_columns_are_mapped_where_their_names_do_not_say_it():
    found, layout = read(
        [{"who": "a", "how good": ".5", "pm": ".1", "size of it": "30", "note": "7"}],
        {"how good": "value", "pm": "half_width", "size of it": "n", "note": "ignore"},
    )
    assert (found[0].error.text, found[0].n) == (".1", 30)
    assert layout.labels == ("who",)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"valu": "value"}, "no column 'valu'; did you mean 'value'?"),
        ({"value": "vale"}, "cannot be 'vale'; did you mean 'value'?"),
        ({"value": "low", "model": "low"}, "are both 'low'"),
    ],
)
def test_a_wrong_mapping_is_refused(mapping, words):
    with pytest.raises(ChoiceError, match=words.replace("?", r"\?")):
        recognise(["model", "value"], ["value"], mapping)


def test_a_table_without_numbers_or_rows_is_refused():
    with pytest.raises(ChoiceError, match="no column of estimates among model"):
        read([{"model": "a"}])
    with pytest.raises(ChoiceError, match="no rows"):
        read([])


@pytest.mark.parametrize("n", ["0", "-3", "12.5", "many", "1e99", ""])
def test_an_n_that_is_no_number_of_items_is_none(n):
    assert (
        read([{"m": "a", "accuracy": ".5", "n": n}, {"m": "b", "accuracy": ".5", "n": "9"}])[0][0].n
        is None
    )


def test_ids_are_made_unique():
    found, _ = read(
        [{"id": "x", "value": ".1"}, {"id": "x", "value": ".2"}, {"id": "", "value": ".3"}]
    )
    assert [one.id for one in found] == ["x", "x (row 2)", "row 3"]


@pytest.mark.parametrize(
    ("estimand", "kind"),
    [
        ("accuracy", "count share"),
        ("compliance_behaviour", "count share"),
        ("baseline_mode", "count share"),
        ("baseline_distribution", "proportion"),
        ("ceiling_resample", "proportion"),
        ("macro accuracy", "proportion"),
        ("normalized_accuracy", "proportion"),
        ("self_advantage", "difference"),
        ("d_prime", "other"),
        ("", "other"),
    ],
)
def test_what_an_estimand_can_be(estimand, kind):
    assert kind_of(estimand) == kind


@pytest.mark.parametrize(
    ("column", "cell", "kind"),
    [
        ("quantity", "slope", "other"),
        ("quantity", "value", "count share"),
        ("matching", "weights", "proportion"),
        ("weighting", "macro", "proportion"),
        ("weighting", "micro", "count share"),
    ],
)
def test_contrasts_and_weighted_means_are_no_counts(column, cell, kind):
    assert read([{column: cell, "estimand": "accuracy", "value": ".5"}])[0][0].kind == kind


@pytest.mark.parametrize("cell", ["0,53", "-12,5", "\N{MINUS SIGN}0,125", "53,1 %"])
@pytest.mark.parametrize("column", ["estimate", "ci_lower"])
def test_a_decimal_comma_is_refused_with_its_cell(column, cell):
    rows = [
        {"estimate": ".5", "ci_lower": ".4"},
        {"estimate": ".6", "ci_lower": ".5", column: cell},
    ]
    with pytest.raises(ChoiceError, match=rf"column '{column}', row 2: .* decimal comma"):
        read(rows)


@pytest.mark.parametrize("cell", ["1,234", "12,345", "(49,51)"])
def test_thousands_and_intervals_are_no_decimal_commas(cell):
    assert len(read([{"estimate": cell}, {"estimate": "5"}])[0]) >= 1


@pytest.mark.parametrize("cell", ["", "\N{EM DASH}", "n/a", "NaN"])
def test_a_cell_without_a_number_is_left_out(cell):
    found, _ = read([{"model": "a", "accuracy": cell}, {"model": "b", "accuracy": ".53"}])
    assert [one.row for one in found] == [2]


def test_a_file_with_decimal_commas_says_the_way_out(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("m;accuracy;n\na;31,4;223\n", encoding="utf-8")
    with pytest.raises(
        ChoiceError,
        match=r"row 1: '31,4' has a decimal comma.*; write 31\.4\..*replace every comma",
    ):
        read(path)
