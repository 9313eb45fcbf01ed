from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresay.errors import ExpressionError
from foresay.tables.expressions import columns_of, scalar

COLUMNS = ["a", "b", 'we"ird', "two words", "ümlaut", "select"]


def check(sql: str) -> str:
    return scalar(sql, COLUMNS, what="where of trials")


def selected(sql: str) -> str:
    return f"SELECT {sql} FROM t"  # what is tested


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT '1.54' AS a, 2.0::DOUBLE AS b, 'w' AS \"we\"\"ird\", "
            "'x' AS \"two words\", 'y' AS ümlaut, 'z' AS \"select\""
        )
        yield connection


SCALAR = {
    "a": "1.54",
    "A": "1.54",
    '"a"': "1.54",
    '"we""ird"': "w",
    '"two words"': "x",
    "ümlaut": "y",
    '"select"': "z",
    "a -- a comment": "1.54",
    "a /* a comment */": "1.54",
    "upper(trim('high .', ' .')) IN ('HIGH', 'LOW')": True,
    "concat_ws('-', a, b)": "1.54-2.0",
    "CASE WHEN b > 1.0 THEN 'HIGH' ELSE 'LOW' END": "HIGH",
    "CASE a WHEN '1' THEN 1 ELSE 2 END": 2,
    "if(b > 1, 'x', 'y')": "x",
    "CAST(a AS DOUBLE)": 1.54,
    "a::DOUBLE * 2": 3.08,
    "TRY_CAST('x' AS INTEGER)": None,
    "b BETWEEN 1 AND 2": True,
    "NOT b = 2": False,
    "a IS NOT NULL AND b IS NOT DISTINCT FROM 2": True,
    "a LIKE '1%' OR a ILIKE 'x'": True,
    "a ~ '[0-9.]+'": True,
    "regexp_extract(a, '(\\d+)\\.', 1)": "1",
    "regexp_replace(a, '\\d', 'x', 'g')": "x.xx",
    "substring(a FROM 1 FOR 2)": "1.",
    "a[1]": "1",
    "a[1:2]": "1.",
    "'p' || a": "p1.54",
    "-b + 2 ** 3 % 5": 1.0,
    "coalesce(nullif(a, a), 'it''s')": "it's",
    "list_contains(['p', 'q'], 'p')": True,
    "'{\"x\": [1, 2]}' ->> '$.x[1]'": "2",
    "json_extract_string('{\"x\": 1}', '$.x')": "1",
    "strftime(DATE '2020-02-03', '%Y')": "2020",
    "date_diff('day', DATE '2020-01-01', DATE '2020-01-03')": 2,
    "md5('x')": "9dd4e461268c8034f5c8564e155c67a6",
    "greatest(b, 3)": 3.0,
    "NULL": None,
    "1_000": 1000,
    "'; DROP TABLE t; --'": "; DROP TABLE t; --",
}


@pytest.mark.parametrize(("sql", "value"), SCALAR.items())
def test_scalar_expressions_pass_and_mean_what_they_say(sql, value, engine):
    assert engine.execute(selected(check(sql))).fetchall() == [(value,)]


@pytest.mark.parametrize(
    "sql",
    [
        # subqueries
        "(SELECT 1)",
        "EXISTS (SELECT 1)",
        "EXISTS (FROM t)",
        "a IN (SELECT a FROM t)",
        "a = ANY (SELECT a FROM t)",
        "ARRAY(SELECT 1)",
        "CASE WHEN true THEN (SELECT 1) END",
        "replace(a, 'x', (VALUES (1)))",
        "a IN (TABLE t)",
        # many rows to one, one to many
        "sum(b)",
        "count(*)",
        "max(a)",
        "first(a)",
        "string_agg(a)",
        "list(a)",
        "corr(b, b)",
        "bool_and(true)",
        "b + sum(b)",
        "coalesce(count(a), 0)",
        "lower(a) FILTER (WHERE true)",
        "lower(DISTINCT a)",
        "row_number() OVER ()",
        "lag(a) OVER (ORDER BY a)",
        "sum(b) OVER ()",
        "unnest([1, 2])",
        "generate_series(1, 3)",
        "range(3)",
        "list_aggregate([1], 'sum')",
        # files, settings, state
        "read_csv('x')",
        "read_text('x')",
        "read_blob('x')",
        "glob('*')",
        "getenv('HOME')",
        "current_setting('threads')",
        "set_config('a', 'b')",
        "getvariable('x')",
        "nextval('s')",
        "query('SELECT 1')",
        "query_table('t')",
        "json_execute_serialized_sql('x')",
        "current_user",
        "current_database()",
        "version()",
        "write_log('x')",
        "error('x')",
        "pg_sleep(1)",
        # chance and time
        "random()",
        '"random"()',
        "uuid()",
        "gen_random_uuid()",
        "setseed(0.5)",
        "now()",
        "today()",
        "current_date",
        "current_timestamp",
        "localtime",
        "localtimestamp",
        "get_current_timestamp()",
        "transaction_timestamp()",
        "age(DATE '2020-01-01')",
        "strftime(now(), '%Y')",
        "coalesce(random(), 1)",
        "hash(a)",  # another number in another release of the engine
        # hidden names
        "a.random()",
        "a.read_text()",
        "a.lower()",
        "'x'.getenv()",
        "main.random()",
        "main.lower(a)",
        "system.main.random()",
        # stars, parameters, lambdas, structs
        "*",
        "t.*",
        "a.*",
        "COLUMNS(*)",
        "*COLUMNS(*)",
        "COLUMNS('a.*')",
        "COLUMNS(c -> c LIKE 'a')",
        "unpack(COLUMNS(*))",
        "?",
        "$1",
        "$name",
        ":name",
        "list_transform([1], x -> x)",
        "list_transform([1], lambda x: x)",
        "list_filter([1], x -> random() > x)",
        "[x FOR x IN [1, 2]]",
        "struct_pack(x := 1)",
        "{'x': a}",
        "x -> x",
        # other than one expression
        "",
        " ",
        "a, b",
        "a AS b",
        "a b",
        "a; SELECT 1",
        "a; DROP TABLE t",
        "1) FROM t; --",
        "a FROM t",
        "a WHERE true",
        "a LIMIT 1",
        "a ORDER BY 1",
        "a GROUP BY a",
        "a UNION SELECT 1",
        "DISTINCT a",
        "DISTINCT ON (a) b",
        "FROM t",
        "VALUES (1)",
        "PRAGMA version",
        "SET threads = 1",
        "PREPARE x AS SELECT 1",
        "COPY t TO 'x'",
        "INSTALL httpfs",
        "ATTACH 'x'",
        "CREATE MACRO f(x) AS x",
        "a::nosuchtype",
        "CAST(a AS UNION)",
        "CAST(a AS ARRAY)",
        "CAST(a AS NULL)",
        # names
        "t.a",
        "main.t.a",
        "rowid",
        "nothing",
        '"we"ird"',
        "'not closed",
        '"not closed',
        "/* not closed",
        "\x00",
        "\uff41",
    ],
)
def test_all_else_is_refused(sql):
    with pytest.raises(ExpressionError, match="where of trials"):
        check(sql)


@pytest.mark.parametrize(
    "word", ["now", "today", "yesterday", "tomorrow", "NOW", "current_timestamp"]
)
@pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMPTZ", "DATE", "TIME"])
def test_the_engine_knows_no_words_for_the_present(word, kind, engine):
    sql = check(f"TRY_CAST('{word}' AS {kind}) IS NULL")
    assert engine.execute(selected(sql)).fetchone() == (True,)


@pytest.mark.parametrize("sql", ["a > 1.5", "a < 1.6", "a = 1.54", "1.5 < a", "a <> 1.5"])
def test_text_beside_a_decimal_number_is_not_rounded(sql, engine):
    try:
        value = engine.execute(selected(check(sql))).fetchone()
    except duckdb.BinderException as error:
        value = ("an explicit cast is required" in str(error),)
    assert value == (True,)


def test_an_unknown_column_is_refused_with_the_nearest():
    with pytest.raises(ExpressionError, match=r"unknown column 'amlaut'; did you mean 'ümlaut'"):
        check("amlaut = 1")


@pytest.mark.parametrize("depth", [60, 300, 3000])
@pytest.mark.parametrize(
    ("before", "middle", "after"),
    [
        ("(", "a", ")"),
        ("lower(", "a", ")"),
        ("NOT ", "true", ""),
        ("CASE WHEN true THEN ", "a", " END"),
        ("- ", "b", ""),
        ("b + ", "b", ""),
        ("[", "b", "]"),
    ],
)
def test_deep_nesting_is_refused_or_fit_for_the_engine(depth, before, middle, after, engine):
    try:
        sql = check(before * depth + middle + after * depth)
    except ExpressionError:
        return
    engine.execute(selected(sql))


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("a = ", "something is missing beside '='"),
        ("a AND", "something is missing beside 'AND'"),
        ("(a", ") is expected at 'a'"),
        ("a)", "')' cannot stand where it does"),
        ("a = 'x", "a quotation mark or comment does not end"),
        ("CAST(a AS)", "TYPE after CAST is expected at ')'"),
    ],
)
def test_what_cannot_be_read_is_told_in_plain_words(sql, said):
    with pytest.raises(ExpressionError) as caught:
        scalar(sql, ["a"], what="where")
    assert str(caught.value) == f"where: {sql!r} is not an SQL expression: {said}"


def test_columns_are_written_under_their_other_names():
    sql = scalar("A + b > 1", ["a", "b"], what="w", rename={"a": "_typed_a"})
    assert sql == '"_typed_a" + "b" > 1'


def test_columns_of_an_expression_are_listed():
    assert columns_of('lower(a) = "two words" AND b > 1', what="w") == {"a", "two words", "b"}


words = st.sampled_from(
    [
        "a",
        "b",
        '"a"',
        "'x'",
        "(",
        ")",
        ",",
        ".",
        ";",
        "--",
        "/*",
        "*/",
        "*",
        "+",
        "-",
        "/",
        "%",
        "||",
        "=",
        "<",
        ">",
        "->",
        "->>",
        "::",
        ":=",
        "",
        "=>",
        "[",
        "]",
        "{",
        "}",
        "?",
        "$1",
        "$$",
        "@",
        "!",
        "~",
        "SELECT",
        "FROM",
        "WHERE",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "CAST",
        "AS",
        "INTEGER",
        "NOT",
        "NULL",
        "IS",
        "IN",
        "BETWEEN",
        "AND",
        "OR",
        "lower",
        "coalesce",
        "random",
        "now",
        "count",
        "sum",
        "unnest",
        "OVER",
        "COLUMNS",
        "lambda",
        "x",
        ":",
        "1",
        "1.5",
        "1e9",
        "0x1",
        "''",
        "\\",
        "\n",
        "INTERVAL",
        "DAY",
        "DATE",
        "'2020-01-01'",
        "LIKE",
        "FILTER",
        "DISTINCT",
        "ORDER",
        "BY",
        "LIMIT",
        "UNION",
        "VALUES",
        "EXISTS",
        "ANY",
        "read_text",
        "getenv",
        "current_date",
        "t.a",
        "EXTRACT",
        "YEAR",
        "COLLATE",
        "TRY_CAST",
        "AT",
        "TIME",
        "ZONE",
        "#",
        "^",
        "&",
        "|",
        "é",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(words, max_size=9).map(" ".join) | st.text(max_size=25))
def test_any_text_is_refused_or_is_one_select_to_the_engine(text):
    try:
        sql = check(text)
    except ExpressionError:
        return
    try:
        statements = duckdb.extract_statements(selected(sql))
    except duckdb.ParserException as error:
        raise AssertionError(f"{text!r} became {sql!r}: {error}") from error
    assert [statement.type for statement in statements] == [duckdb.StatementType.SELECT]
