from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
import pytest

from foresay.tables.problems import Problem
from foresay.tables.validation import validate_tables


def table(**columns: list[Any]) -> Any:
    n = len(next(iter(columns.values())))
    return ibis.memtable(pa.table({**columns, "_file": ["x.csv"] * n, "_row": range(1, n + 1)}))


def problems(**tables: Any) -> list[Problem]:
    return list(validate_tables(tables).problems)


def responses(repeats: dict[tuple[str, float], int]) -> Any:
    rows = [(item, t, k) for (item, t), n in repeats.items() for k in range(n)]
    return table(
        model=["m"] * len(rows),
        task=["t"] * len(rows),
        item=[row[0] for row in rows],
        temperature=[row[1] for row in rows],
        sample=[row[2] for row in rows],
        response=["x"] * len(rows),
    )


def test_repeats_may_differ_between_temperatures() -> None:
    assert problems(responses=responses({("a", 0.0): 1, ("b", 0.0): 1, ("a", 0.7): 3})) == []


def test_repeats_that_differ_within_a_cell_are_counted() -> None:
    repeats = {("a", 0.0): 1, ("a", 0.7): 3, ("b", 0.7): 3, ("c", 0.7): 2}
    (problem,) = problems(responses=responses(repeats))
    assert (problem.severity, problem.n_rows) == ("warning", 2)
    assert "k = 2 for 1 item, k = 3 for 2 items; 1 item" in problem.message
    assert "temperature=0.7: k = 2 for 1 item" in problem.examples[0].value
    assert problem.examples[0].row == 2


def probabilities(values: list[float], *, rank: bool = False, **more: list[Any]) -> Any:
    n = len(values)
    columns: dict[str, list[Any]] = {
        **{name: [name] * n for name in ("predictor", "target", "task", "property")},
        "item": ["i"] * n,
        "answer": [f"a{k}" for k in range(n)],
        "probability": values,
    }
    if rank:
        columns["rank"] = list(range(1, n + 1))
    return table(**{**columns, **more})


@pytest.mark.parametrize(
    ("values", "rank"),
    [
        ([0.5, 0.5], False),
        ([0.33, 0.33, 0.33], False),
        ([0.5, 0.505], False),
        ([0.5, 0.1], True),
        ([1.0], True),
    ],
)
def test_probabilities_that_add_up(values: list[float], rank: bool) -> None:
    assert problems(probabilities=probabilities(values, rank=rank)) == []


@pytest.mark.parametrize(
    ("values", "rank", "sentence", "shown"),
    [
        ([0.5, 0.7], False, "more than 1", "sum 1.2"),
        ([0.5, 0.7], True, "more than 1", "sum 1.2"),
        ([0.5, 0.4], False, "less than 1", "sum 0.9"),
    ],
)
def test_probabilities_that_do_not(
    values: list[float], rank: bool, sentence: str, shown: str
) -> None:
    (problem,) = problems(probabilities=probabilities(values, rank=rank))
    assert (problem.severity, problem.n_rows) == ("error", 2)
    assert sentence in problem.message
    assert problem.examples[0].value.endswith(shown)


def test_questions_are_summed_apart() -> None:
    found = problems(probabilities=probabilities([0.6, 0.4, 0.9, 0.4], item=["i", "i", "j", "j"]))
    (problem,) = found
    assert [example.row for example in problem.examples] == [3]


def test_one_item_in_both_splits_is_a_warning() -> None:
    trials = table(
        **{name: ["x"] * 3 for name in ("predictor", "target", "task", "property")},
        item=["i", "i", "j"],
        sample=[0, 1, 0],
        match=[1.0, 0.0, 1.0],
        split=["train", "held-out", "held-out"],
    )
    found = [p for p in problems(trials=trials) if p.rule == "one split for each item"]
    assert [(p.severity, p.n_rows) for p in found] == [("warning", 2)]
