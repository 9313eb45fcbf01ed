"""All problems of all tables at once, found in the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from foresay.tables import cross_rules, repeats, rules
from foresay.tables.cross_rules import Checked
from foresay.tables.examples import with_places
from foresay.tables.problems import Problem, TableSummary, Validation, in_order
from foresay.tables.schemas import TABLES
from foresay.tables.uniqueness import duplicate_problems

__all__ = ["Problem", "Validation", "validate_tables"]

_CROSS_RULES = (
    cross_rules.unregistered_models,
    cross_rules.contradicted_models,
    cross_rules.unanswered_predictions,
    cross_rules.unlisted_items,
    repeats.uneven_repeats,
    repeats.contradictory_splits,
    repeats.improper_sums,
)


def validate_tables(
    tables: Mapping[str, Any],
    *,
    duplicates: Literal["error", "drop_exact"] = "error",
    reading_problems: Sequence[Problem] = (),
    conditions: Mapping[str, Sequence[str]] | None = None,
) -> Validation:
    """Check every table against its rules and against the other tables.

    Parameters
    ----------
    tables : mapping of str to ibis.Table
        Tables by canonical name, with canonical columns, `_file` and `_row`, and `_raw_<column>`
        where cells could not be read as the column's type.
    duplicates : {"error", "drop_exact"}
        What exact copies of rows are: an error, or left out and noted. Rows that share a key and
        differ are an error in any case.
    reading_problems : sequence of Problem
        What reading found already.
    conditions : mapping of str to sequence of str, optional
        Further columns of a table that belong to its key.

    Returns
    -------
    Validation
        All problems, the same whatever the order of rows or the number of threads.

    Raises
    ------
    KeyError
        If a table has no canonical name.

    Notes
    -----
    Each table is read twice if it is sound: once to count what breaks a rule, once for the hashes
    of its keys (8 bytes a row are held, for at most 2^25 rows at a time). Rules across tables read
    only the columns that they compare.
    """
    problems = list(reading_problems)
    checked: dict[str, Checked] = {}
    for name in sorted(tables, key=list(TABLES).index):
        more = tuple((conditions or {}).get(name, ()))
        found, checked[name] = _check(name, tables[name], more, duplicates=duplicates)
        problems += found
    for rule in _CROSS_RULES:
        problems += rule(checked)
    return Validation(
        problems=in_order(problems, list(TABLES)),
        tables=tuple(_summary(each) for each in checked.values()),
    )


def _check(
    name: str,
    table: Any,
    conditions: tuple[str, ...],
    *,
    duplicates: Literal["error", "drop_exact"],
) -> tuple[list[Problem], Checked]:
    spec = TABLES[name]
    spec = replace(spec, key=tuple(dict.fromkeys((*spec.key, *conditions))))
    table = rules.typed(with_places(table), spec)
    problems = rules.structure(table, spec)
    unfit = {problem.column for problem in problems}
    n_rows, file, found = rules.value_problems(table, spec, unfit)
    problems += found + rules.covariates(table, spec)
    key = spec.present_key(table.columns)
    if unfit.isdisjoint(spec.required) and n_rows:
        problems += duplicate_problems(table, spec, key, n_rows, file=file, duplicates=duplicates)
    fit = table.drop(*(unfit & set(table.columns)))
    checked = Checked(
        spec=spec,
        table=fit,
        key=spec.present_key(fit.columns),
        n_rows=n_rows,
        file=file,
    )
    return problems, checked


def _summary(checked: Checked) -> TableSummary:
    columns = tuple(c for c in checked.table.columns if c in checked.spec.columns)
    return TableSummary(
        name=checked.spec.name,
        n_rows=checked.n_rows,
        key=checked.key,
        columns=columns,
        covariates=checked.spec.covariates(checked.table.columns),
    )
