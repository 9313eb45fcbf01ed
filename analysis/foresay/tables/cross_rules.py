"""What the tables of a study must satisfy together.

Rows are compared by hashes of their keys (`foresay.tables.keys`); only what looks wrong is looked
at again, on the columns themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foresay.tables.examples import counted, described, example_of, first_of_groups
from foresay.tables.keys import absent, among
from foresay.tables.problems import Example, Problem, Severity
from foresay.tables.schemas import TableSpec

_WHO = {
    "responses": ("model",),
    "answers": ("model",),
    "predictions": ("predictor", "target"),
    "probabilities": ("predictor", "target"),
    "trials": ("predictor", "target"),
}
_FACTS_OF_A_MODEL = ("family", "base", "stage", "trained_on", "n_train", "training_seed")
_CELL = ("target", "task", "property")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A table whose columns are fit to be compared.

    Parameters
    ----------
    spec : TableSpec
        What the table is.
    table : ibis.Table
        Canonical columns and bookkeeping.
    key : tuple of str
        Columns of the key that are present.
    n_rows : int
        Number of rows.
    file : str
        Its only file, or "".
    """

    spec: TableSpec
    table: Any
    key: tuple[str, ...]
    n_rows: int
    file: str

    def has(self, *columns: str) -> bool:
        """Tell whether the table has all of `columns`."""
        return set(columns) <= set(self.table.columns)

    def problem(
        self,
        columns: Sequence[str],
        rule: str,
        severity: Severity,
        n_rows: int,
        examples: Sequence[Example],
        *,
        message: str,
        way_out: str,
    ) -> Problem:
        """Return a problem of this table."""
        return Problem(
            table=self.spec.name,
            file=self.file,
            column=", ".join(columns),
            rule=rule,
            severity=severity,
            n_rows=n_rows,
            examples=tuple(examples),
            message=message,
            way_out=way_out,
        )


def unregistered_models(tables: Mapping[str, Checked]) -> list[Problem]:
    """Return one problem for each column that names models which the models table lacks."""
    models = tables.get("models")
    if models is None or not models.has("model"):
        return []
    problems = []
    for name, columns in _WHO.items():
        for column in columns if name in tables else ():
            problems += _unregistered(tables[name], column, models.table)
    return problems


def _unregistered(checked: Checked, column: str, models: Any) -> list[Problem]:
    if not checked.has(column):
        return []
    table = checked.table
    named = table.filter(table[column].notnull()).group_by(column)
    named = named.aggregate(n=lambda rows: rows.count())
    unknown = named.anti_join(models, named[column] == models["model"]).to_pyarrow().to_pylist()
    if not unknown:
        return []
    counts = {row[column]: row["n"] for row in unknown}
    first = first_of_groups(table.filter(table[column].isin(sorted(counts))), [column])
    return [
        checked.problem(
            [column],
            "registered model",
            "error",
            sum(counts.values()),
            [
                example_of(row, f"{row[column]} ({counted(counts[row[column]], 'row')})")
                for row in first
            ],
            message=f"{counted(len(counts), 'name')} in column {column!r} of table "
            f"{checked.spec.name} {'is' if len(counts) == 1 else 'are'} not in the models table, "
            "so nothing is known of how they were trained",
            way_out="add a row to the models table for each, or correct the spelling",
        )
    ]


def unanswered_predictions(tables: Mapping[str, Checked]) -> list[Problem]:
    """Return the problem of predictions for which there is no behaviour to hold them against."""
    predictions, answers = tables.get("predictions"), tables.get("answers")
    if predictions is None or not predictions.has(*_CELL, "item"):
        return []
    if answers is None:
        return [
            predictions.problem(
                [],
                "behaviour to hold against",
                "error",
                predictions.n_rows,
                [],
                message="table predictions has no answers to be held against",
                way_out="give an answers table in study.yml, or a responses table and the "
                "`properties` to derive from it",
            )
        ]
    if not answers.has("model", "task", "item", "property"):
        return []
    asked, behaviour = ["target", "task", "item", "property"], ["model", "task", "item", "property"]
    n_rows = max(predictions.n_rows, answers.n_rows)
    missing = absent(predictions.table, asked, answers.table, behaviour, n_rows)
    if not len(missing):
        return []
    rows = among(predictions.table, asked, missing)
    cells = rows.group_by(list(_CELL)).aggregate(n=rows.count()).to_pyarrow().to_pylist()
    counts = {tuple(cell[name] for name in _CELL): cell["n"] for cell in cells}
    n = sum(counts.values())
    return [
        predictions.problem(
            asked,
            "behaviour to hold against",
            "error" if n == predictions.n_rows else "warning",
            n,
            [
                example_of(
                    row,
                    f"{described(row, _CELL)} "
                    f"({counted(counts[tuple(row[name] for name in _CELL)], 'prediction')})",
                )
                for row in first_of_groups(rows, _CELL)
            ],
            message=f"{counted(n, 'prediction')} of {predictions.n_rows:,}, in "
            f"{counted(len(counts), 'cell')} of target, task and property, have no behaviour in "
            "the answers table and are left out of every estimate",
            way_out="add the answers, or check that model, task, item and property are spelt alike "
            "in both tables",
        )
    ]


def unlisted_items(tables: Mapping[str, Checked]) -> list[Problem]:
    """Return one problem for each table with items that the items table lacks."""
    items = tables.get("items")
    key = ["task", "item"]
    if items is None or not items.has(*key):
        return []
    problems = []
    for name, checked in tables.items():
        if name == "items" or not checked.has(*key):
            continue
        n_rows = max(checked.n_rows, items.n_rows)
        missing = absent(checked.table, key, items.table, key, n_rows)
        if not len(missing):
            continue
        rows = among(checked.table, key, missing)
        n = rows.count().to_pyarrow().as_py()
        problems.append(
            checked.problem(
                key,
                "listed item",
                "warning",
                n,
                [example_of(row, described(row, key)) for row in first_of_groups(rows, key)],
                message=f"{counted(len(missing), 'item')} of table {name}, in "
                f"{counted(n, 'row')}, are not in the items table: their covariates are missing",
                way_out="add them to the items table, or correct the spelling of task and item",
            )
        )
    return problems


def contradicted_models(tables: Mapping[str, Checked]) -> list[Problem]:
    """Return one problem for each covariate that says of a model what the models table does not."""
    models = tables.get("models")
    if models is None or not models.has("model"):
        return []
    return [
        problem
        for name, who in _WHO.items()
        if name in tables
        for column in _FACTS_OF_A_MODEL
        if models.has(column) and tables[name].has(who[0], column)
        for problem in _contradicted(tables[name], who[0], column, models.table)
    ]


def _contradicted(checked: Checked, who: str, column: str, models: Any) -> list[Problem]:
    known = models.select(_model=models["model"], _known=models[column])

    def contradicting(rows: Any) -> Any:
        both = rows.inner_join(known, rows[who] == known["_model"])
        dtype = "float64" if both["_known"].type().is_numeric() else "string"
        return both.filter(both[column].try_cast(dtype) != both["_known"].try_cast(dtype))

    stated = checked.table.group_by([who, column]).aggregate(n=lambda rows: rows.count())
    found = contradicting(stated).to_pyarrow().to_pylist()
    if not found:
        return []
    first = first_of_groups(contradicting(checked.table), [who, column, "_known"])
    return [
        checked.problem(
            [who, column],
            "agrees with the models table",
            "error",
            sum(row["n"] for row in found),
            [
                example_of(row, f"{described(row, [who, column])} (models: {row['_known']})")
                for row in first
            ],
            message=f"column {column!r} of table {checked.spec.name} contradicts the models table "
            f"for {counted(len({row[who] for row in found}), 'model')}",
            way_out=f"correct one of the two, or leave {column!r} out of {checked.spec.name}: it "
            "is taken from the models table",
        )
    ]
