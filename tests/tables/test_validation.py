from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from foresay.tables.problems import Example, Problem, Validation
from foresay.tables.validation import validate_tables

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

CODES = "SELECT 'm' || (k % 4) AS predictor, 'm0' AS target, 't' AS task, 'i' || (k % 90) AS item, "
TRIALS = (
    CODES + "'p' AS property, CASE k % 7 WHEN 0 THEN 2.0 ELSE 1.0 END AS match, "
    "CASE WHEN k % 5 = 0 THEN NULL ELSE k % 3 END::BIGINT AS sample, 'nan' AS wording, "
    "'f' || (k % 2) || '.csv' AS _file, k // 2 + 1 AS _row FROM range(400) AS rows(k)"
)


def validated(tmp_path: Path, *, order: str, threads: int, memory: str | None = None) -> Validation:
    from foresay.tables.engine import Engine

    engine = Engine([tmp_path], threads=threads, memory=memory)
    try:
        engine.execute(f"CREATE TEMP TABLE trials AS {TRIALS} ORDER BY {order}")
        return validate_tables({"trials": engine.table("trials")})
    finally:
        engine.close()


def test_the_same_bytes_whatever_the_order_the_threads_and_the_memory(tmp_path: Path) -> None:
    first = validated(tmp_path, order="k", threads=1).to_json()
    assert first == validated(tmp_path, order="hash(k)", threads=2).to_json()
    assert first == validated(tmp_path, order="-k", threads=2, memory="512MB").to_json()
    assert '"rule": "one row for each key"' in first
    assert '"rule": "no row twice"' in first


def test_problems_of_reading_are_part_of_the_verdict(tmp_path: Path) -> None:
    from foresay.tables.engine import Engine

    read = Problem(
        table="items",
        file="i.csv",
        column="",
        rule="as many cells as columns",
        severity="error",
        n_rows=1,
        examples=(Example(file="i.csv", row=9, value="a,b,c"),),
        message="one row of i.csv is ragged",
        way_out="mend the row",
    )
    engine = Engine([tmp_path])
    engine.execute(
        "CREATE TEMP TABLE items AS SELECT 't' AS task, 'i' AS item, 'i.csv' AS _file, 1 AS _row"
    )
    tables: dict[str, Any] = {"items": engine.table("items")}
    found = validate_tables(tables, reading_problems=[read])
    engine.close()
    assert found.problems == (read,)
    assert not found.ok


def test_a_broken_table_does_not_stop_the_rules_across_tables(tmp_path: Path) -> None:
    from foresay.tables.engine import Engine

    engine = Engine([tmp_path])
    engine.execute(
        "CREATE TEMP TABLE items AS SELECT 't' AS task, 1.5 AS held_out_task, "
        "'' AS _file, 1 AS _row"
    )
    engine.execute(
        "CREATE TEMP TABLE answers AS SELECT 'm' AS model, 't' AS task, 'i' AS item, "
        "'p' AS property, 'x' AS answer, 'a.csv' AS _file, 1 AS _row"
    )
    engine.execute("CREATE TEMP TABLE models AS SELECT 'k' AS model, '' AS _file, 1 AS _row")
    names = ("items", "answers", "models")
    found = validate_tables({name: engine.table(name) for name in names})
    engine.close()
    assert [(p.table, p.column, p.rule) for p in found.problems] == [
        ("answers", "model", "registered model"),
        ("items", "held_out_task", "holds true or false"),
        ("items", "item", "required column"),
    ]
    assert [(t.name, t.n_rows, t.key) for t in found.tables] == [
        ("models", 1, ("model",)),
        ("answers", 1, ("model", "task", "item", "property")),
        ("items", 1, ("task",)),
    ]
