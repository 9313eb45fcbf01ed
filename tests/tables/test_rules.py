from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
import pytest

from foresay.tables.problems import Problem, Validation
from foresay.tables.validation import validate_tables

BASE = {"predictor": "m", "target": "m", "task": "t", "property": "p", "match": 1.0}


def trials(**columns: Any) -> Any:
    n = len(next(iter(columns.values()))) if columns else 2
    data = {name: [value] * n for name, value in BASE.items()}
    data |= {"item": [f"i{k}" for k in range(n)], "_file": ["a.csv"] * n, "_row": range(1, n + 1)}
    return ibis.memtable(pa.table({**data, **columns}))


def check(table: Any) -> Validation:
    return validate_tables({"trials": table})


def only(validation: Validation) -> Problem:
    (problem,) = validation.problems
    return problem


def test_a_sound_table_has_no_problems() -> None:
    validation = check(trials())
    assert validation.problems == ()
    assert validation.tables[0].n_rows == 2


def test_missing_columns_are_named_with_the_way_out() -> None:
    problem = only(check(trials().drop("task")))
    assert (problem.column, problem.rule, problem.severity) == ("task", "required column", "error")
    assert "task: {value: ...}" in problem.way_out


def test_match_or_prediction_and_behaviour_is_needed() -> None:
    problem = only(check(trials().drop("match")))
    assert "'match' or 'prediction' and 'behaviour'" in problem.message
    assert check(trials(prediction=["a"], behaviour=["b"]).drop("match")).ok


def test_wrong_types_are_named_and_the_rest_is_still_checked() -> None:
    validation = check(trials(match=["yes", "no"], temperature=[-1.0, 0.0]))
    assert [problem.column for problem in validation.problems] == ["match", "temperature"]
    assert "holds string, not a number" in validation.problems[0].message


def test_types_that_mean_the_same_are_accepted() -> None:
    table = trials(
        match=pa.array([True, False]),
        sample=pa.array([0, 1], pa.int8()),
        item=pa.array([1, 1], pa.int32()),
        confidence=pa.array([0.5, 1], pa.float32()),
        wording=pa.nulls(2),
    )
    assert check(table).ok


def test_missing_keys_are_counted_and_shown() -> None:
    problem = only(check(trials(target=["m", None, None])))
    assert (problem.column, problem.rule, problem.n_rows) == ("target", "not missing", 2)
    assert problem.file == "a.csv"
    assert [example.row for example in problem.examples] == [2, 3]
    assert problem.examples[0].value == "predictor=m, task=t, item=i1, property=p"


def test_a_key_missing_in_part_is_a_note() -> None:
    problem = only(check(trials(wording=["you", None])))
    assert (problem.severity, problem.rule) == ("note", "missing in part")


@pytest.mark.parametrize(
    ("column", "values", "rule", "n"),
    [
        ("match", [0.5, 1.5, float("nan"), None], "between 0 and 1", 2),
        ("split", ["train", "test", None], "one of train, held-out", 1),
        ("temperature", [0.0, -0.5], "0 or more", 1),
        ("sample", [0, -1], "0 or more", 1),
    ],
)
def test_bad_values(column: str, values: list[Any], rule: str, n: int) -> None:
    problem = next(p for p in check(trials(**{column: values})).problems if p.severity == "error")
    assert (problem.column, problem.rule, problem.n_rows) == (column, rule, n)
    assert len(problem.examples) == n


def test_percentages_are_suspected() -> None:
    problem = only(check(trials(confidence=[0.5, 90.0, 75.0])))
    assert "look like percentages" in problem.message
    assert "confidence: {sql: your_column / 100}" in problem.way_out
    assert "percentages" not in only(check(trials(confidence=[0.5, -90.0]))).message
    assert "percentages" not in only(check(trials(confidence=[0.5, 900.0]))).message


def test_cells_that_could_not_be_read_show_their_text() -> None:
    table = trials(match=[1.0, None], _raw_match=[None, "<b>high</b>"])
    problem = only(check(table))
    assert (problem.rule, problem.n_rows) == ("a number", 1)
    assert problem.examples[0].value == "<b>high</b>"


@pytest.mark.parametrize("word", ["nan", "None", "NULL", "n/a"])
def test_words_for_missing_are_suspected_in_names(word: str) -> None:
    problem = only(check(trials(predictor=["m", word])))
    assert (problem.severity, problem.n_rows) == ("warning", 1)
    assert problem.examples[0].value == word


def test_words_for_missing_are_fine_as_answers() -> None:
    assert check(trials(prediction=["nan", "None"])).problems == ()


@pytest.mark.parametrize("name", [" m", "m ", "m\n", "\tm", ""])
def test_spaces_around_names_are_suspected(name: str) -> None:
    problem = only(check(trials(predictor=["m", name])))
    assert (problem.rule, problem.severity) == ("no space around a name", "warning")


def test_an_empty_table_is_a_warning() -> None:
    problem = only(check(trials(item=pa.array([], pa.string()))))
    assert (problem.rule, problem.severity) == ("has rows", "warning")


def test_unknown_columns_are_listed() -> None:
    problem = only(check(trials(zeta=[1], alpha=["x"])))
    assert (problem.column, problem.severity) == ("alpha, zeta", "note")


def test_ten_examples_in_the_order_of_files_and_rows_whatever_the_order() -> None:
    n = 30
    files = [f"{'ba'[k % 2]}.csv" for k in range(n)]
    table = trials(match=[2.0] * n, _file=files, _row=[n - k for k in range(n)])
    shuffled = table.order_by(ibis.desc("_row"), "item")
    problem = only(check(table))
    assert problem == only(check(shuffled))
    assert problem.file == ""
    assert problem.n_rows == n
    assert [(e.file, e.row) for e in problem.examples] == [("a.csv", 2 * k + 1) for k in range(10)]


def test_tables_without_bookkeeping_are_checked_too() -> None:
    problem = only(check(trials(match=[2.0]).drop("_file", "_row")))
    assert (problem.examples[0].file, problem.examples[0].row) == ("", None)


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(ValueError, match="surveys"):
        validate_tables({"surveys": trials()})
