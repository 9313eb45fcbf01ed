"""What each table must satisfy on its own, counted in one pass over its rows.

The schemas of `foresay.tables.schemas` declare the rules. pandera itself judges columns and
types; its checks of values are not executed one by one (each would be a query, and a failing one
would fetch the whole column to show it) but compiled into one aggregate, which counts what breaks
every rule. Only a rule that is broken costs a second query, for its first ten rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from foresay.tables.examples import Breach, counted, named, problem_of
from foresay.tables.problems import Problem
from foresay.tables.schemas import RAW_PREFIX, ColumnSpec, TableSpec, schema

_STAND_FOR_MISSING = ("nan", "null", "none", "na", "n/a", "nil", "-")
_SPACES = (" ", "\t", "\n", "\r")
_TYPE_WORDS = {
    "text": "text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
}


def typed(table: Any, spec: TableSpec) -> Any:
    """Return `table` with types that mean the same turned into those of the schema.

    Narrower numbers are widened, numbers that name something become text, and a boolean match
    becomes 0 or 1. Whatever else differs is left for `structure` to refuse.
    """
    declared = schema(spec.name).columns
    casts = {}
    for name, column in spec.columns.items():
        if name not in table.columns:
            continue
        is_, wanted = table[name].type(), declared[name].dtype.type
        accepted = is_.is_boolean() and "boolean" in column.accepts
        if is_ != wanted and (is_.castable(wanted) or accepted or wanted.is_string()):
            casts[name] = wanted
    return table.cast(casts) if casts else table


def structure(table: Any, spec: TableSpec) -> list[Problem]:
    """Return what pandera finds wrong with the columns of `table` and their types; reads no row."""
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrorReason, SchemaErrors

    problems = [_nothing_given(spec)] if _lacks_all(table, spec) else []
    try:
        with config_context(validation_depth=ValidationDepth.SCHEMA_ONLY):
            schema(spec.name).validate(table, lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            if error.reason_code is SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME:
                problems.append(_no_column(spec, str(error.failure_cases)))
            elif error.reason_code is SchemaErrorReason.WRONG_DATATYPE:
                problems.append(_wrong_type(spec, str(error.schema.name), str(error.failure_cases)))
            else:
                raise
    return problems


def _problem(spec: TableSpec, column: str, rule: str, message: str, way_out: str) -> Problem:
    return Problem(
        table=spec.name,
        file="",
        column=column,
        rule=rule,
        severity="error",
        n_rows=0,
        examples=(),
        message=message,
        way_out=way_out,
    )


def _no_column(spec: TableSpec, name: str) -> Problem:
    return _problem(
        spec,
        name,
        "required column",
        f"table {spec.name} has no column {name!r} ({spec.columns[name].meaning})",
        f"map a column to it in study.yml ({name}: your_column), or give a constant "
        f"({name}: {{value: ...}})",
    )


def _wrong_type(spec: TableSpec, name: str, is_: str) -> Problem:
    wanted = _TYPE_WORDS[spec.columns[name].type]
    return _problem(
        spec,
        name,
        f"holds {wanted}",
        f"column {name!r} of table {spec.name} holds {is_}, not {wanted}",
        f"convert it in study.yml, e.g. {name}: {{sql: CAST(your_column AS ...)}}",
    )


def _lacks_all(table: Any, spec: TableSpec) -> bool:
    there = set(table.columns)
    return bool(spec.alternatives) and not any(there.issuperset(a) for a in spec.alternatives)


def _nothing_given(spec: TableSpec) -> Problem:
    ways = " or ".join(" and ".join(repr(name) for name in way) for way in spec.alternatives)
    return _problem(
        spec,
        ", ".join(dict.fromkeys(name for way in spec.alternatives for name in way)),
        "required column",
        f"table {spec.name} needs the columns {ways}",
        "map your columns to one of these sets in study.yml",
    )


def value_problems(table: Any, spec: TableSpec, unfit: set[str]) -> tuple[int, str, list[Problem]]:
    """Count the rows of `table` and what breaks a rule, in one pass.

    Parameters
    ----------
    table : ibis.Table
        Canonical columns and bookkeeping.
    spec : TableSpec
        What it should be.
    unfit : set of str
        Columns whose type is wrong: nothing more is said of them.

    Returns
    -------
    n_rows : int
        Number of rows.
    file : str
        The only file of the table, or "".
    problems : list of Problem
        One for each rule that is broken.
    """
    columns = [c for c in spec.columns.values() if c.name in table.columns and c.name not in unfit]
    conditions = [found for column in columns for found in _conditions(table, spec, column)]
    counts = {"n": table.count(), "low": table["_file"].min(), "high": table["_file"].max()}
    for i, (_, violated) in enumerate(conditions):
        counts[f"n_{i}"] = table.count(where=violated)
    row = table.aggregate(**counts).to_pyarrow().to_pylist()[0]
    file = (row["low"] or "") if row["low"] == row["high"] else ""
    problems = [] if row["n"] else [_empty(spec, file)]
    for i, (breach, violated) in enumerate(conditions):
        if n := row[f"n_{i}"]:
            stated = _stated(breach, spec, n, table.filter(violated))
            problems.append(problem_of(spec, stated, n))
    return row["n"], file, problems


def _empty(spec: TableSpec, file: str) -> Problem:
    problem = _problem(
        spec,
        "",
        "has rows",
        f"table {spec.name} has no rows",
        "check the files and the `where` of the table in study.yml",
    )
    return replace(problem, severity="warning", file=file)


def _conditions(table: Any, spec: TableSpec, column: ColumnSpec) -> Iterator[tuple[Breach, Any]]:
    """Yield each rule of `column` and the boolean expression that is true where it is broken."""
    values = table[column.name]
    declared = schema(spec.name).columns[column.name]

    def breach(rule: str, severity: Any, way_out: str, shown: str = column.name) -> Breach:
        return Breach(
            column=column.name,
            rule=rule,
            severity=severity,
            rows=table,
            shown={shown: table[shown]},
            message="",
            way_out=way_out,
        )

    raw = RAW_PREFIX + column.name
    if raw in table.columns:
        way_out = "correct the cells, or leave them empty where the value is missing"
        yield breach(_TYPE_WORDS[column.type], "error", way_out, raw), table[raw].notnull()
    if not declared.nullable:
        way_out = "fill the cells, or leave the rows out with `where` in study.yml"
        missing = breach("not missing", "error", way_out)
        others = tuple(name for name in spec.present_key(table.columns) if name != column.name)
        yield replace(missing, shown=named(table, others) or missing.shown), values.isnull()
    elif column.name in spec.key:
        way_out = f"give {column.name!r} in every row, or leave the column out"
        yield breach("missing in part", "note", way_out), values.isnull()
    for rule, check in zip(column.rules, declared.checks, strict=True):
        broken = ~check(table, column.name).check_output
        yield breach(rule.name, "error", rule.way_out), broken
    if column.type == "text" and column.name in spec.key:
        yield from _identifier_conditions(breach, values)


def _identifier_conditions(breach: Any, values: Any) -> Iterator[tuple[Breach, Any]]:
    # every space and control character sorts before "!", which is far cheaper than trimming
    padded = values < "!"
    for space in _SPACES:
        padded |= values.endswith(space)
    way_out = "trim it in study.yml, e.g. {sql: trim(column)}"
    yield breach("no space around a name", "warning", way_out), padded
    short = values.length() <= max(map(len, _STAND_FOR_MISSING))
    word = values.lower().isin(_STAND_FOR_MISSING)
    stand_in = short.ifelse(word, False)  # noqa: FBT003  # positional in ibis
    way_out = (
        "leave the cell empty where the value is missing, e.g. {sql: \"nullif(column, 'nan')\"}"
    )
    yield breach("a name, not a word for missing", "warning", way_out), stand_in


_SENTENCES = {
    "not missing": "is part of the key and is missing",
    "missing in part": "is part of the key and is missing (one value of its own)",
    "no space around a name": "is empty, or starts or ends with a space,",
    "a name, not a word for missing": "holds a word that stands for a missing value",
}


def _stated(breach: Breach, spec: TableSpec, n: int, rows: Any) -> Breach:
    """Return `breach` over its own `rows`, with its message."""
    sentence = _SENTENCES.get(breach.rule, f"is not {breach.rule}")
    message = f"column {breach.column!r} of table {spec.name} {sentence} in {counted(n, 'row')}"
    way_out = breach.way_out
    if breach.rule == "between 0 and 1":
        found = rows.aggregate(low=rows[breach.column].min(), high=rows[breach.column].max())
        low, high = (found.to_pyarrow()[name][0].as_py() for name in ("low", "high"))
        if low >= 0 and 1 < high <= 100:
            message += "; they look like percentages"
            way_out = f"divide by 100 in study.yml: {breach.column}: {{sql: your_column / 100}}"
    shown = {name: rows[name] for name in breach.shown}
    return replace(breach, rows=rows, shown=shown, message=message, way_out=way_out)


def covariates(table: Any, spec: TableSpec) -> list[Problem]:
    """Return a note that lists the columns which `spec` does not know, if there are any."""
    found = spec.covariates(table.columns)
    if not found:
        return []
    return [
        Problem(
            table=spec.name,
            file="",
            column=", ".join(found),
            rule="known column",
            severity="note",
            n_rows=0,
            examples=(),
            message=f"table {spec.name} has {counted(len(found), 'column')} that foresay does not "
            f"interpret, kept as covariates: {', '.join(found)}",
            way_out="nothing to do; where one means a column that foresay knows, map it to that "
            "name in study.yml",
        )
    ]
