from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa

from foresay.tables.problems import Problem
from foresay.tables.validation import validate_tables


def table(file: str = "x.csv", **columns: list[Any]) -> Any:
    n = len(next(iter(columns.values())))
    return ibis.memtable(pa.table({**columns, "_file": [file] * n, "_row": range(1, n + 1)}))


def predictions(n: int = 2, **columns: list[Any]) -> Any:
    base = {
        "predictor": ["m"] * n,
        "target": ["m"] * n,
        "task": ["t"] * n,
        "item": [f"i{k}" for k in range(n)],
        "property": ["p"] * n,
        "prediction": ["x"] * n,
    }
    return table(**{**base, **columns})


def answers(*items: str) -> Any:
    n = len(items)
    return table(
        model=["m"] * n, task=["t"] * n, item=list(items), property=["p"] * n, answer=["x"] * n
    )


def problems(**tables: Any) -> list[Problem]:
    return [p for p in validate_tables(tables).problems if p.rule != "known column"]


def test_tables_that_fit_have_no_problems() -> None:
    assert problems(predictions=predictions(), answers=answers("i0", "i1")) == []


def test_predictions_without_behaviour_are_counted_by_cell() -> None:
    rows = predictions(4, item=["i0", "i1", "i2", "i3"], property=["p", "p", "p", "q"])
    (problem,) = problems(predictions=rows, answers=answers("i0", "i1"))
    assert (problem.severity, problem.n_rows) == ("warning", 2)
    assert [(e.row, e.value) for e in problem.examples] == [
        (3, "target=m, task=t, property=p (1 prediction)"),
        (4, "target=m, task=t, property=q (1 prediction)"),
    ]


def test_nothing_to_hold_any_prediction_against_is_an_error() -> None:
    (problem,) = problems(predictions=predictions(), answers=answers("other"))
    assert (problem.severity, problem.n_rows) == ("error", 2)
    (problem,) = problems(predictions=predictions())
    assert problem.severity == "error"
    assert "`properties`" in problem.way_out


def test_unregistered_models_are_named_once_each_with_their_rows() -> None:
    found = problems(
        models=table(model=["m"]),
        predictions=predictions(4, predictor=["m", "x", "x", "y"]),
        answers=answers("i0", "i1", "i2", "i3"),
    )
    (problem,) = found
    assert (problem.column, problem.severity, problem.n_rows) == ("predictor", "error", 3)
    assert [(e.row, e.value) for e in problem.examples] == [(2, "x (2 rows)"), (4, "y (1 row)")]


def test_models_are_not_asked_for_where_there_is_no_models_table() -> None:
    assert problems(predictions=predictions(), answers=answers("i0", "i1")) == []


def test_items_that_are_not_listed_are_a_warning() -> None:
    (problem,) = problems(
        answers=answers("i0", "i1"), items=table(task=["t", "u"], item=["i0", "i1"])
    )
    assert (problem.table, problem.severity, problem.n_rows) == ("answers", "warning", 1)
    assert problem.examples[0].value == "task=t, item=i1"


def test_covariates_that_contradict_the_models_table() -> None:
    models = table(model=["m", "k"], n_train=[100, 300])
    rows = predictions(3, predictor=["m", "m", "k"], n_train=["100", "300", None])
    found = problems(models=models, predictions=rows, answers=answers("i0", "i1", "i2"))
    (problem,) = [p for p in found if p.rule == "agrees with the models table"]
    assert (problem.column, problem.severity, problem.n_rows) == ("predictor, n_train", "error", 1)
    assert problem.examples[0].row == 2
    assert problem.examples[0].value == "predictor=m, n_train=300 (models: 100)"


def test_numbers_that_are_written_differently_do_not_contradict() -> None:
    models = table(model=["m"], n_train=[100])
    rows = predictions(2, n_train=["100.0", ""])
    assert problems(models=models, predictions=rows, answers=answers("i0", "i1")) == []
