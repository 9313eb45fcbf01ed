"""From an expression that says which rows break a rule to a problem with examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foresay.tables.problems import Example, Problem, Severity
from foresay.tables.schemas import TableSpec, is_bookkeeping

MOST_EXAMPLES = 10
LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One rule of one table, and the rows that break it.

    Parameters
    ----------
    column : str
        Column, or columns joined with ", ".
    rule : str
        A few words.
    severity : {"error", "warning", "note"}
        What it means for the study.
    rows : ibis.Table
        The rows that break the rule, with the table's own columns.
    shown : mapping of str to ibis expression
        What an example shows; one value is shown bare, several as ``name=value``.
    message : str
        One sentence without the place.
    way_out : str
        What a person can do.
    """

    column: str
    rule: str
    severity: Severity
    rows: Any
    shown: Mapping[str, Any]
    message: str
    way_out: str


def problem_of(spec: TableSpec, breach: Breach, n_rows: int) -> Problem:
    """Return the problem of a breach that `n_rows` rows make, with its first examples.

    Examples come in the order of files and rows, so they are the same whatever order the engine
    reads in.
    """
    rows = breach.rows
    first = rows.aggregate(low=rows["_file"].min(), high=rows["_file"].max()).to_pyarrow()
    low, high = first["low"][0].as_py(), first["high"][0].as_py()
    return Problem(
        table=spec.name,
        file=low if low == high and low else "",
        column=breach.column,
        rule=breach.rule,
        severity=breach.severity,
        n_rows=n_rows,
        examples=examples(rows, breach.shown),
        message=breach.message,
        way_out=breach.way_out,
    )


def examples(rows: Any, shown: Mapping[str, Any]) -> tuple[Example, ...]:
    """Return the first ten of `rows` by file and row, with the values of `shown`."""
    texts = {
        f"shown_{i}": expression.cast("string").substr(0, LONGEST_VALUE + 1)
        for i, expression in enumerate(shown.values())
    }
    place = {"_file": rows["_file"], "_row": rows["_row"]}
    found = (
        rows.select(**place, **texts)
        .order_by(["_file", "_row", *texts])
        .limit(MOST_EXAMPLES)
        .to_pyarrow()
        .to_pylist()
    )
    return tuple(
        Example(
            file=row["_file"] or "",
            row=row["_row"],
            value=_value([row[name] for name in texts], list(shown)),
        )
        for row in found
    )


def with_places(table: Any) -> Any:
    """Return `table` with `_file` and `_row`, empty where reading did not give them."""
    import ibis

    missing = {
        name: ibis.null(dtype)
        for name, dtype in (("_file", "string"), ("_row", "int64"))
        if name not in table.columns
    }
    return table.mutate(**missing) if missing else table


def named(rows: Any, columns: tuple[str, ...]) -> dict[str, Any]:
    """Return the columns of `rows` that examples show, by name."""
    return {column: rows[column] for column in columns}


def own_columns(table: Any) -> tuple[str, ...]:
    """Return the columns of `table` that came with its files or mapping."""
    return tuple(column for column in table.columns if not is_bookkeeping(column))


def _value(texts: Sequence[str | None], names: Sequence[str], *, bare: bool = True) -> str:
    values = ["(missing)" if text is None else _short(text) for text in texts]
    if len(values) == 1 and bare:
        return values[0]
    return ", ".join(f"{name}={value}" for name, value in zip(names, values, strict=True))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def counted(n: int, one: str, many: str = "") -> str:
    """Return ``1 row`` or ``12,345 rows``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def first_of_groups(
    rows: Any, columns: Sequence[str], n: int = MOST_EXAMPLES
) -> list[dict[str, Any]]:
    """Return the first row by file and row of each of the first `n` groups of `columns`.

    Returns
    -------
    list of dict
        ``columns``, `_file` and `_row`, in the order of file and row.
    """
    import ibis

    place = ibis.row_number().over(group_by=list(columns), order_by=["_file", "_row"])
    kept = rows.select(*columns, "_file", "_row", _place=place)
    kept = kept.filter(kept["_place"] == 0).order_by(["_file", "_row", *columns]).limit(n)
    found: list[dict[str, Any]] = kept.drop("_place").to_pyarrow().to_pylist()
    return found


def described(row: Mapping[str, Any], columns: Sequence[str]) -> str:
    """Return ``name=value`` for each of `columns` of `row`, long values cut."""
    return _value([None if row[c] is None else str(row[c]) for c in columns], columns, bare=False)


def example_of(row: Mapping[str, Any], value: str) -> Example:
    """Return the example at the file and row of `row`."""
    return Example(file=row["_file"] or "", row=row["_row"], value=value)
