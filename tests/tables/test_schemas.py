from __future__ import annotations

import warnings

import ibis
import pandera.errors
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresay.tables.schemas import TABLES, is_bookkeeping, schema

KEYS = {
    "models": "model",
    "responses": "model task item wording temperature sample",
    "answers": "model task item property wording temperature sample",
    "predictions": "predictor target task item property wording temperature sample",
    "probabilities": "predictor target task item property wording answer",
    "items": "task item",
    "trials": "predictor target task item property wording temperature sample",
}


def test_the_design_s_tables_and_keys() -> None:
    assert {name: " ".join(spec.key) for name, spec in TABLES.items()} == KEYS


@pytest.mark.parametrize("name", TABLES)
def test_each_key_column_is_described_and_never_missing_where_required(name: str) -> None:
    spec = TABLES[name]
    assert list(spec.columns)[: len(spec.key)] == list(spec.key)
    for column in spec.columns.values():
        assert column.name in spec.columns
        assert column.meaning
        if column.name in spec.key and column.required:
            assert column.type == "text"
            assert not column.nullable


@pytest.mark.parametrize("name", TABLES)
def test_pandera_schema_says_the_same(name: str) -> None:
    declared = schema(name)
    assert list(declared.columns) == list(TABLES[name].columns)
    for column in TABLES[name].columns.values():
        found = declared.columns[column.name]
        assert (found.required, found.nullable) == (column.required, column.nullable)
        assert [check.name for check in found.checks] == [rule.name for rule in column.rules]


def test_optional_key_columns_count_where_they_are() -> None:
    spec = TABLES["predictions"]
    present = ["item", "task", "target", "predictor", "property", "sample", "x"]
    assert spec.present_key(present) == (
        *("predictor", "target", "task", "item", "property"),
        "sample",
    )


def test_covariates_leave_out_bookkeeping() -> None:
    assert TABLES["items"].covariates(["task", "_raw_n", "_row", "_file", "z", "a"]) == ("a", "z")
    assert is_bookkeeping("_raw_match")


@given(st.lists(st.none() | st.floats(-2, 2) | st.just(float("nan")), min_size=1, max_size=8))
@settings(max_examples=6, deadline=None)
def test_pandera_alone_comes_to_the_same_verdict(values: list[float | None]) -> None:
    """The compiled aggregate and pandera's own run judge by the same schema object."""
    from foresay.tables.validation import validate_tables

    n = len(values)
    table = ibis.memtable(
        pa.table(
            {
                **{name: [name] * n for name in ("predictor", "target", "task", "property")},
                "item": [str(i) for i in range(n)],
                "match": pa.array(values, pa.float64()),
            }
        )
    )
    with warnings.catch_warnings():
        # ibis asks pandas for an option that pandas 3 is about to drop
        warnings.filterwarnings("ignore", "The 'future.infer_string' option")
        try:
            schema("trials").validate(table, lazy=True)
            sound = True
        except pandera.errors.SchemaErrors:
            sound = False
    assert validate_tables({"trials": table}).ok == sound
