from __future__ import annotations

from collections import Counter
from typing import Any, Literal

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresay.tables import keys, uniqueness
from foresay.tables.problems import Problem
from foresay.tables.schemas import TABLES
from foresay.tables.validation import validate_tables

Policy = Literal["error", "drop_exact"]


def items(rows: list[tuple[str | None, str | None, float | None]]) -> Any:
    columns = {
        "task": pa.array([row[0] for row in rows], pa.string()),
        "item": pa.array([row[1] for row in rows], pa.string()),
        "complexity": pa.array([row[2] for row in rows], pa.float64()),
        "_file": pa.array([f"{'ab'[k % 2]}.csv" for k in range(len(rows))], pa.string()),
        "_row": pa.array(range(1, len(rows) + 1), pa.int64()),
    }
    return ibis.memtable(pa.table(columns))


def found(table: Any, duplicates: Policy = "error") -> dict[str, Problem]:
    problems = uniqueness.duplicate_problems(
        table, TABLES["items"], ("task", "item"), 100, file="", duplicates=duplicates
    )
    return {problem.rule: problem for problem in problems}


@pytest.mark.parametrize("confirmed", [0, 1 << 17])
def test_copies_and_conflicts_are_told_apart_and_counted(
    confirmed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uniqueness, "CONFIRMED", confirmed)
    problems = found(
        items(
            [
                ("t", "once", 1),
                ("t", "copied", 1),
                ("t", "copied", 1),
                ("t", "copied", 1),
                ("t", "both", 1),
                ("t", "both", 1),
                ("t", "both", 2),
                ("t", "conflict", None),
                ("t", "conflict", 3),
            ]
        )
    )
    copies, conflicts = problems["no row twice"], problems["one row for each key"]
    assert (copies.n_rows, copies.severity) == (3, "error")
    assert "3 exact copies of rows, of 2 keys" in copies.message
    assert [example.value for example in copies.examples] == [
        "task=t, item=copied (as row 3 of a.csv)",
        "task=t, item=copied (as row 3 of a.csv)",
        "task=t, item=both (as row 5 of a.csv)",
    ]
    assert (conflicts.n_rows, conflicts.severity) == (5, "error")
    assert "share 2 keys" in conflicts.message
    assert conflicts.examples[-1].value == "task=t, item=conflict: complexity=(missing)"


def test_copies_may_be_dropped_but_conflicts_never() -> None:
    problems = found(items([("t", "a", 1), ("t", "a", 1), ("t", "a", 2)]), "drop_exact")
    assert problems["no row twice"].severity == "note"
    assert "left out" in problems["no row twice"].message
    assert problems["one row for each key"].severity == "error"


def test_missing_values_are_equal_to_each_other_and_to_nothing_else() -> None:
    assert found(items([(None, "a", 1), ("", "a", 1), ("None", "a", 1)])) == {}
    assert found(items([(None, "a", None), (None, "a", None)]))["no row twice"].n_rows == 1


def test_parts_of_a_key_are_not_run_together() -> None:
    assert found(items([("ab", "c", 1), ("a", "bc", 1)])) == {}


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["s", "t", None]),
        st.sampled_from(["a", "b", "ab", None]),
        st.sampled_from([1.0, 2.0, None]),
    ),
    min_size=1,
    max_size=12,
)


@given(rows=ROWS, part_rows=st.sampled_from([50, 1 << 25]), confirmed=st.sampled_from([0, 1 << 17]))
@settings(max_examples=10, deadline=None)
def test_counts_equal_those_of_plain_counting(
    rows: list[tuple[str | None, str | None, float | None]], part_rows: int, confirmed: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "PART_ROWS", part_rows)
        patch.setattr(uniqueness, "CONFIRMED", confirmed)
        problems = found(items(rows))
        shuffled = found(items(rows).order_by(ibis.desc("_row")))
    contents = Counter(rows)
    kinds = Counter((task, item) for task, item, _ in contents)
    n = Counter((task, item) for task, item, _ in rows)
    copies = sum(count - 1 for count in contents.values())
    conflicts = sum(n[key] for key, kind in kinds.items() if kind > 1)
    assert problems == shuffled
    assert sum(p.n_rows for r, p in problems.items() if r == "no row twice") == copies
    assert sum(p.n_rows for r, p in problems.items() if r == "one row for each key") == conflicts


def test_conditions_belong_to_the_key() -> None:
    table = items([("t", "a", 1), ("t", "a", 2)]).mutate(style=ibis._["complexity"].cast("string"))
    assert not validate_tables({"items": table}).ok
    assert validate_tables({"items": table}, conditions={"items": ["style"]}).ok


# ibis 12 asks DuckDB 2 by a name that DuckDB is about to drop
@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
def test_a_table_of_the_engine_is_read_like_one_in_memory() -> None:
    backend = ibis.duckdb.connect()
    backend.con.execute(
        "CREATE TABLE items AS SELECT 't' AS task, item, 1.0 AS complexity, 'a.csv' AS _file, "
        "row_number() OVER () AS _row FROM (VALUES ('a'), ('a'), ('b')) AS rows(item)"
    )
    assert found(backend.table("items"))["no row twice"].n_rows == 1
    backend.disconnect()
