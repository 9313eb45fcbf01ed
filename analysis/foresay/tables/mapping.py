"""From source columns to canonical ones: one SELECT a table, typed, with what did not fit kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from foresay.errors import StudyError
from foresay.study import Column, TableSource, nearest
from foresay.tables.engine import Engine, literal, quoted
from foresay.tables.expressions import columns_of, numbers_of, scalar
from foresay.tables.problems import Example, Problem
from foresay.tables.schemas import BOOKKEEPING, RAW_PREFIX, TABLES, ColumnType, TableSpec

# whole numbers of more than 18 digits are identifiers: as numbers they would lose digits
_NUMBER = r"[+-]?((0|[1-9]\d{0,17})(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
_INTEGER = r"-?(0|[1-9]\d{0,17})"
_TRUE = "('true', 't', 'yes', 'y', '1')"
_FALSE = "('false', 'f', 'no', 'n', '0')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """How a staged table becomes a canonical one.

    Parameters
    ----------
    sql : str
        The SELECT.
    problems : tuple of Problem
        Cells that break the type of their column inside expressions.
    """

    sql: str
    problems: tuple[Problem, ...]


def map_columns(
    table: str, source: TableSource, staged: Mapping[str, str], staging: str, engine: Engine
) -> Mapped:
    """Write the SELECT that turns a staged table into the canonical `table`.

    Parameters
    ----------
    table : str
        Canonical table.
    source : TableSource
        Its mapping.
    staged : mapping of str to str
        Source column -> DuckDB type, without bookkeeping columns.
    staging : str
        SQL name or subquery of the staged table, with `_file` and `_row`.
    engine : Engine
        Where the staged table is.

    Raises
    ------
    StudyError, ExpressionError
        The mapping names a column that is not there, or its SQL is not a scalar expression.
    """
    spec = TABLES[table]
    _refuse_unknown_sources(table, source, staged)
    expressions = {name: column.sql for name, column in source.columns.items() if column.sql}
    used = set[str]()
    numbers = set[str]()
    for name, sql in [*expressions.items(), ("where", source.where)]:
        if sql is not None:
            used |= {c.lower() for c in columns_of(sql, what=f"{table}.{name}")}
            numbers |= {c.lower() for c in numbers_of(sql, what=f"{table}.{name}")}
    texts = [c for c in staged if c.lower() in used and staged[c] == "VARCHAR"]
    casts, problems = _types_in_expressions(table, texts, numbers, staging, engine)
    names = [*staged, *BOOKKEEPING]
    rename = {name: _unused(f"_typed_{name}", staged) for name in casts}
    selected = []
    taken: set[str] = set()
    types = {name.lower(): kind for name, kind in staged.items()}
    for name, column in source.columns.items():
        what = f"column {name!r} of {table} in the study file"
        canonical = _canonical(name, spec)
        typed = spec.columns[canonical].type if canonical in spec.columns else None
        value = _value(column, names, rename, what)
        selected += _cast(canonical, value, typed, types.get((column.source or "").lower()))
        taken.add(name.lower())
        if column.source is not None:
            taken.add(column.source.lower())
    for name in staged:
        if name.lower() in taken:
            continue
        canonical = _canonical(name, spec)
        typed = spec.columns[canonical].type if canonical in spec.columns else None
        if typed is None and name.startswith("_"):
            canonical = _unused(f"x{name}", {*staged, *source.columns})
        selected += _cast(canonical, quoted(name), typed, staged[name])
    selected += [quoted(name) for name in BOOKKEEPING]
    inner = f"SELECT *{''.join(f', {sql} AS {quoted(rename[c])}' for c, sql in casts.items())}"
    where = (
        f" WHERE {scalar(source.where, names, what=f'where of {table}', rename=rename)}"
        if source.where
        else ""
    )
    return Mapped(
        sql=f"SELECT {', '.join(selected)} FROM ({inner} FROM {staging}){where}",
        problems=tuple(problems),
    )


def _refuse_unknown_sources(table: str, source: TableSource, staged: Mapping[str, str]) -> None:
    known = {name.lower() for name in (*staged, *BOOKKEEPING)}
    missing = [
        f"table {table}: column {name!r} is mapped to the source column {column.source!r}, which "
        f"its files do not have; {nearest(column.source, list(staged))}"
        for name, column in source.columns.items()
        if column.source is not None and column.source.lower() not in known
    ]
    reserved = [
        f"table {table}: the column name {name!r} is reserved; choose one that does not start "
        "with an underscore"
        for name in source.columns
        if name.startswith("_")
    ]
    conditions = [
        f"table {table}: conditions name {name!r}, which is no column of it; "
        f"{nearest(name, [*source.columns, *staged])}"
        for name in source.conditions
        if name.lower() not in known and name not in source.columns
    ]
    if missing or reserved or conditions:
        raise StudyError("\n".join([*missing, *reserved, *conditions]))


def _canonical(name: str, spec: TableSpec) -> str:
    """Return the canonical column that `name` is but for case, or `name`, a covariate."""
    return next((c for c in spec.columns if c.lower() == name.lower()), name)


def _unused(name: str, taken: Iterable[str]) -> str:
    """Return `name`, longer where a column has it already."""
    lowered = {other.lower() for other in taken}
    while name.lower() in lowered:
        name = f"x{name}"
    return name


def _value(column: Column, names: Sequence[str], rename: Mapping[str, str], what: str) -> str:
    if column.sql is not None:
        return f"({scalar(column.sql, names, what=what, rename=rename)})"
    if column.source is not None:
        return quoted(column.source)
    return literal(column.value)


_SAME_TYPE: dict[ColumnType, tuple[str, ...]] = {
    "text": (),  # empty text still becomes missing
    "boolean": ("BOOLEAN",),
    "integer": ("BIGINT",),
    "number": ("DOUBLE",),
}
_ENGINE_TYPES: dict[ColumnType, str] = {"integer": "BIGINT", "number": "DOUBLE"}
_SMALL_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"}


def _as_it_is(value: str, typed: ColumnType | None, source_type: str | None) -> str:
    """Return the SQL for a value whose type the engine knows; "" where its text must be read."""
    if typed is None:
        return f"nullif({value}, '')" if source_type == "VARCHAR" else value
    if typed == "number" and source_type == "DOUBLE":  # pandas writes NaN for a missing number
        return f"CASE WHEN NOT isnan({value}) THEN {value} END"
    if source_type in _SAME_TYPE[typed]:
        return value
    whole = source_type in _SMALL_INTEGERS or (typed == "number" and source_type == "BOOLEAN")
    return f"CAST({value} AS {_ENGINE_TYPES[typed]})" if typed in _ENGINE_TYPES and whole else ""


def _cast(name: str, value: str, typed: ColumnType | None, source_type: str | None) -> list[str]:
    """Return the canonical column, and beside it the text of what could not be cast."""
    if direct := _as_it_is(value, typed, source_type):
        return [f"{direct} AS {quoted(name)}"]
    text = f"CAST({value} AS VARCHAR)"
    if typed == "text":
        # an empty reply is a reply; any other empty text is a missing value
        result = text if name == "response" else f"nullif({text}, '')"
        return [f"{result} AS {quoted(name)}"]
    if typed == "boolean":
        result = (
            f"CASE WHEN lower(trim({text})) IN {_TRUE} THEN true "
            f"WHEN lower(trim({text})) IN {_FALSE} THEN false END"
        )
    elif typed == "integer":
        number = f"TRY_CAST(trim({text}) AS DOUBLE)"
        result = (
            f"CASE WHEN {number} = floor({number}) AND abs({number}) < 9e15 "
            f"THEN CAST({number} AS BIGINT) END"
        )
    else:
        number = f"TRY_CAST(trim({text}) AS DOUBLE)"
        result = (
            f"CASE lower(trim({text})) WHEN 'true' THEN 1e0 WHEN 'false' THEN 0e0 "
            f"ELSE CASE WHEN isfinite({number}) THEN {number} END END"
        )
    raw = f"CASE WHEN ({result}) IS NULL AND trim({text}) <> '' THEN {text} END"
    return [f"{result} AS {quoted(name)}", f"{raw} AS {quoted(RAW_PREFIX + name)}"]


def _types_in_expressions(
    table: str, columns: Sequence[str], calculated: AbstractSet[str], staging: str, engine: Engine
) -> tuple[dict[str, str], list[Problem]]:
    """Find the text columns that hold numbers or booleans, and their cells that do not.

    A column is a number where all its values are. Where only some are and an expression calculates
    with it, the other cells are named in a problem; otherwise it stays text. Text such as ``007``
    keeps its zeros.
    """
    if not columns:
        return {}, []
    counts = ", ".join(
        f"count(nullif(trim({c}), '')), "
        f"count(*) FILTER (regexp_full_match(trim({c}), '{_NUMBER}')), "
        f"count(*) FILTER (regexp_full_match(trim({c}), '{_INTEGER}')), "
        f"count(*) FILTER (lower({c}) IN ('true', 'false'))"
        for c in map(quoted, columns)
    )
    row = engine.execute(f"SELECT {counts} FROM {staging}").fetchone()
    casts: dict[str, str] = {}
    problems: list[Problem] = []
    for i, name in enumerate(columns):
        total, numbers, integers, booleans = row[4 * i : 4 * i + 4]
        if not total:
            continue
        if booleans == total:
            casts[name] = f"CAST({quoted(name)} AS BOOLEAN)"
        elif numbers == total:
            kind = "BIGINT" if integers == total else "DOUBLE"
            casts[name] = f"TRY_CAST(trim({quoted(name)}) AS {kind})"
        elif numbers and name.lower() in calculated:
            casts[name] = f"TRY_CAST(trim({quoted(name)}) AS DOUBLE)"
            problems.append(_not_numbers(table, name, total - numbers, staging, engine))
    return casts, problems


def _not_numbers(table: str, name: str, n_rows: int, staging: str, engine: Engine) -> Problem:
    column = quoted(name)
    found = engine.execute(
        f"SELECT _file, _row, {column} FROM {staging} WHERE {column} IS NOT NULL AND NOT "
        f"regexp_full_match(trim({column}), '{_NUMBER}') AND trim({column}) <> '' "
        "ORDER BY _file, _row LIMIT 10"
    ).fetchall()
    return Problem(
        table=table,
        file=found[0][0],
        column=name,
        rule="a column of numbers holds numbers",
        severity="error",
        n_rows=n_rows,
        examples=tuple(Example(file=f, row=r, value=str(v)[:200]) for f, r, v in found),
        message=f"source column {name!r} holds numbers, but not in {n_rows} of its cells",
        way_out="mend the cells, leave them empty, or leave the rows out with `where`",
    )
