"""Scalar SQL expressions from a study file: parsed, checked against an allow-list, written anew.

What a study file says reaches the engine only as sqlglot's own rendering of a checked tree: no
statement, subquery, aggregate, window, table function or function that knows the time or chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError, TokenError

from foresay.errors import ExpressionError
from foresay.study import nearest

_LONGEST = 10_000
_DEEPEST = 400  # the engine's own limit is 1000

_PARTS = (
    exp.Identifier,
    exp.Literal,
    exp.Boolean,
    exp.Null,
    exp.Binary,
    exp.Unary,
    exp.Between,
    exp.In,
    exp.Case,
    exp.If,
    exp.Interval,
    exp.Var,
    exp.DataTypeParam,
    exp.Tuple,
    exp.Array,
    exp.Bracket,
    exp.Slice,
    exp.JSONPath,
    exp.JSONPathPart,
)
_NO_PARTS = (
    exp.Query,
    exp.AggFunc,
    exp.Window,
    exp.Star,
    exp.Columns,
    exp.Dot,  # schema.function() and value.function() would hide the function's name
    exp.Operator,
    exp.Kwarg,
    exp.PropertyEQ,
    exp.Lambda,
)

_ARRAY = exp.DataType.Type.ARRAY  # no type without that of its parts
_NO_TYPES = (exp.DataType.Type.USERDEFINED, exp.DataType.Type.UNION, exp.DataType.Type.NULL)

_FUNCTIONS = frozenset(
    """
    abs array_contains array_length ascii between cast ceil ceiling chr coalesce concat
    concat_ws contains date_part datediff date_diff dpipe ends_with exp extract floor
    from_base format greatest hex ifnull if initcap instr is_finite isfinite is_nan isnan
    is_inf isinf json_array_length json_extract json_extract_scalar json_extract_string json_valid
    jaro_similarity jaro_winkler_similarity jsonextract jsonextractscalar lcase least left length
    len levenshtein list_contains list_extract ln log log10 log2 lower lpad ltrim md5 mod
    nfc_normalize nullif nvl
    ord pow power prefix printf regexp_extract regexp_full_match regexp_like
    regexp_matches regexp_replace regexp_split_to_array repeat replace reverse right round rpad
    rtrim sha256 sign split split_part sqrt starts_with str_position str_split strip_accents
    strlen strpos strftime strptime substr substring suffix time_to_str str_to_time to_base to_char
    translate trim trunc truncate try_cast trycast ucase unicode upper damerau_levenshtein hamming
    jaccard string_split json_type json_keys is_null starts ends array_to_string list_unique
    array_size
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
                f"{what}: {_name(node)} is not allowed in {_shown(sql)}; only scalar expressions "
                "over the columns of one row are: operators, CASE, CAST and functions of text and "
                "numbers, without subqueries, aggregates, windows, files, time or chance"
            )
        elif isinstance(node, exp.Literal) and not node.is_string and "." in node.name:
            # the engine takes 1.5 as DECIMAL(2,1), and would round text beside it to one digit
            node.set("this", node.name if "e" in node.name.lower() else f"{node.name}e0")
    try:
        return tree.sql("duckdb", comments=False)
    except (SqlglotError, RecursionError) as error:
        raise ExpressionError(f"{what}: {_shown(sql)} {_why(error)}") from error


def columns_of(sql: str, *, what: str) -> set[str]:
    """Return the names of the columns in an expression, as written."""
    return {node.name for node in _parse(sql, what).find_all(exp.Column)}


_ARITHMETIC = (
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Div,
    exp.IntDiv,
    exp.Mod,
    exp.Pow,
    exp.Neg,
    exp.Abs,
    exp.Round,
    exp.Floor,
    exp.Ceil,
)
_COMPARISONS = (
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Between,
    exp.In,
    exp.NullSafeEQ,
    exp.NullSafeNEQ,
)


def numbers_of(sql: str, *, what: str) -> set[str]:
    """Return the names of the columns that an expression uses as numbers, as written.

    Those are calculated with, or compared with a number: text there would be an error.
    """
    return {node.name for node in _parse(sql, what).find_all(exp.Column) if _as_number(node)}


def _as_number(column: exp.Column) -> bool:
    node: exp.Expr | None = column
    while node is not None and isinstance(node.parent, (exp.Paren, exp.Neg)):
        node = node.parent
    parent = node.parent if node is not None else None
    if isinstance(node, exp.Neg) or isinstance(parent, _ARITHMETIC):
        return True
    return isinstance(parent, _COMPARISONS) and any(
        _is_number(other) for other in parent.iter_expressions() if other is not node
    )


def _is_number(node: exp.Expr) -> bool:
    while isinstance(node, (exp.Paren, exp.Neg)):
        node = node.this
    return isinstance(node, exp.Literal) and not node.is_string


def _parse(sql: str, what: str) -> exp.Expr:
    if len(sql) > _LONGEST:
        raise ExpressionError(
            f"{what}: {_shown(sql)} has {len(sql):,} characters; at most {_LONGEST:,} are read"
        )
    try:
        trees = sqlglot.parse(f"SELECT {sql}\n", dialect="duckdb")
    except (SqlglotError, RecursionError, ValueError) as error:
        raise ExpressionError(f"{what}: {_shown(sql)} {_why(error)}") from error
    select = trees[0] if len(trees) == 1 else None
    plain = isinstance(select, exp.Select) and not any(
        value for key, value in select.args.items() if key != "expressions"
    )
    if not plain or select is None or len(select.expressions) != 1:
        raise ExpressionError(f"{what}: {_shown(sql)} is not one scalar SQL expression")
    tree: exp.Expr = select.expressions[0]
    if isinstance(tree, exp.Alias):
        raise ExpressionError(f"{what}: {_shown(sql)} names its result; leave out the AS")
    _refuse_depth(tree, sql, what)
    return tree


def _refuse_depth(tree: exp.Expr, sql: str, what: str) -> None:
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ExpressionError(f"{what}: {_shown(sql)} is nested too deeply")
        waiting += [(child, depth + 1) for child in node.iter_expressions()]


def _known_column(node: exp.Column, known: Mapping[str, str], sql: str, what: str) -> str:
    if node.table or isinstance(node.this, exp.Star):
        raise ExpressionError(f"{what}: {node.sql()} in {_shown(sql)} is not a column of the table")
    if node.name.lower() not in known:
        raise ExpressionError(
            f"{what}: {_shown(sql)} names the unknown column {node.name!r}; "
            f"{nearest(node.name, list(known.values()))}"
        )
    return known[node.name.lower()]


def _allowed(node: exp.Expr) -> bool:
    if isinstance(node, _NO_PARTS):
        return False
    if isinstance(node, exp.DataType):
        return node.this not in _NO_TYPES and bool(node.expressions or node.this != _ARRAY)
    if isinstance(node, exp.Anonymous):
        return node.name.lower() in _FUNCTIONS
    if isinstance(node, exp.Func) and not isinstance(node, _PARTS):
        names = {name.lower() for name in type(node).sql_names()}
        return bool((names | {type(node).__name__.lower()}) & _FUNCTIONS)
    return isinstance(node, _PARTS)


def _name(node: exp.Expr) -> str:
    return f"{node.name}()" if isinstance(node, exp.Anonymous) else node.sql("duckdb")[:60]


def _shown(sql: str) -> str:
    return repr(sql) if len(sql) <= 200 else f"{sql[:200]!r}..."


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "is nested too deeply"
    if isinstance(error, TokenError):
        return "is not an SQL expression: a quotation mark or comment does not end"
    told = [one for one in getattr(error, "errors", []) if one.get("description")]
    if not told:
        return "is not an SQL expression that can be read"
    description, at = str(told[0]["description"]), str(told[0].get("highlight") or "")[:60]
    if found := re.match(r"(?:Expecting|Expected) (\S+(?: \S+)*)$", description):
        why = f"{found[1]} is expected at {at!r}"
    elif description.startswith("Required keyword"):
        why = f"something is missing beside {at!r}"
    else:
        why = f"{at!r} cannot stand where it does"
    return f"is not an SQL expression: {why}"
