"""Scalar SQL expressions from a study file: parsed, checked against an allow-list, written anew.

What a study file says reaches the engine only as sqlglot's own rendering of a checked tree: no
statement, subquery, aggregate, window, table function or function that knows the time or chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from foresay.errors import ExpressionError
from foresay.study import nearest

_OPERATORS = (
    exp.Column,
    exp.Identifier,
    exp.Literal,
    exp.Boolean,
    exp.Null,
    exp.Paren,
    exp.Binary,
    exp.Unary,
    exp.Between,
    exp.In,
    exp.Case,
    exp.If,
    exp.Interval,
    exp.Var,
    exp.DataType,
    exp.DataTypeParam,
    exp.Tuple,
    exp.Array,
    exp.Bracket,
    exp.Slice,
    exp.Lambda,
    exp.JSONPath,
    exp.JSONPathPart,
)

_FUNCTIONS = frozenset(
    """
    abs array_contains array_length ascii between bool_and cast ceil ceiling chr coalesce concat
    concat_ws contains date_part datediff date_diff dpipe ends_with exp extract filter floor
    from_base format greatest hash hex ifnull if initcap instr is_finite isfinite is_nan isnan
    is_inf isinf json_array_length json_extract json_extract_scalar json_extract_string json_valid
    jaro_similarity jaro_winkler_similarity jsonextract jsonextractscalar lcase least left length
    len levenshtein list_contains list_extract ln log log10 log2 lower lpad ltrim md5 mod
    nfc_normalize nullif nvl
    ord pow power prefix printf regexp_extract regexp_full_match regexp_like
    regexp_matches regexp_replace regexp_split_to_array repeat replace reverse right round rpad
    rtrim sha256 sign split split_part sqrt starts_with str_position str_split strip_accents
    strlen strpos strftime strptime substr substring suffix time_to_str str_to_time to_base to_char
    translate trim trunc truncate try_cast trycast ucase unicode upper damerau_levenshtein hamming
    jaccard list_aggregate array_filter list_filter array_transform list_transform string_split
    json_type json_keys is_null starts ends array_to_string list_unique array_size
    """.split()  # noqa: SIM905  # a table of 100 names reads better in lines
)


def scalar(
    sql: str,
    columns: Iterable[str],
    *,
    what: str,
    rename: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Check that `sql` is one scalar expression over `columns`; return it rendered anew.

    Parameters
    ----------
    sql : str
        A scalar expression in DuckDB's dialect.
    columns : iterable of str
        The columns that it may name.
    what : str
        Where it stands, for messages: ``column 'item' of predictions``.

    rename : mapping of str to str
        Columns that are written under another name in the result.

    Raises
    ------
    ExpressionError
        It does not parse, is not a scalar expression, or names an unknown column or function.
    """
    tree = _parse(sql, what)
    known = {name.lower(): name for name in columns}
    for node in list(tree.walk()):
        if isinstance(node, exp.Column):
            name = _known_column(node, known, sql, what)
            node.set("this", exp.to_identifier(rename.get(name, name), quoted=True))
        elif not _allowed(node):
            raise ExpressionError(
                f"{what}: {_name(node)} is not allowed in {sql!r}; only scalar expressions over "
                "the columns of one row are: operators, CASE, CAST and functions of text and "
                "numbers, without subqueries, aggregates, windows, files, time or chance"
            )
    return tree.sql("duckdb", comments=False)


def columns_of(sql: str, *, what: str) -> set[str]:
    """Return the names of the columns in an expression, as written."""
    return {node.name for node in _parse(sql, what).find_all(exp.Column)}


def _parse(sql: str, what: str) -> exp.Expr:
    try:
        trees = sqlglot.parse(f"SELECT {sql}\n", dialect="duckdb")
    except (SqlglotError, RecursionError) as error:
        raise ExpressionError(
            f"{what}: {sql!r} is not an SQL expression: {_first_line(error)}"
        ) from error
    select = trees[0] if len(trees) == 1 else None
    plain = isinstance(select, exp.Select) and not any(
        value for key, value in select.args.items() if key != "expressions"
    )
    if not plain or select is None or len(select.expressions) != 1:
        raise ExpressionError(f"{what}: {sql!r} is not one scalar SQL expression")
    tree: exp.Expr = select.expressions[0]
    if isinstance(tree, exp.Alias):
        raise ExpressionError(f"{what}: {sql!r} names its result; leave out the AS")
    return tree


def _known_column(node: exp.Column, known: Mapping[str, str], sql: str, what: str) -> str:
    if node.table or isinstance(node.this, exp.Star):
        raise ExpressionError(f"{what}: {node.sql()} in {sql!r} is not a column of the table")
    if node.name.lower() not in known:
        raise ExpressionError(
            f"{what}: {sql!r} names the unknown column {node.name!r}; "
            f"{nearest(node.name, list(known.values()))}"
        )
    return known[node.name.lower()]


def _allowed(node: exp.Expr) -> bool:
    if isinstance(node, (exp.Query, exp.AggFunc, exp.Window, exp.Star, exp.Columns)):
        return False
    if isinstance(node, exp.Anonymous):
        return node.name.lower() in _FUNCTIONS
    if isinstance(node, exp.Func) and not isinstance(node, (exp.Binary, exp.Case, exp.If)):
        names = {name.lower() for name in type(node).sql_names()}
        return bool((names | {type(node).__name__.lower()}) & _FUNCTIONS)
    return isinstance(node, _OPERATORS)


def _name(node: exp.Expr) -> str:
    return f"{node.name}()" if isinstance(node, exp.Anonymous) else node.sql("duckdb")[:60]


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
