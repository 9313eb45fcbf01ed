from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foresay.errors import ExpressionError, SourceError, StudyError
from tables.read_given import read


def mapped(tmp_path, content, columns, **source):
    return read(tmp_path, {"a.csv": content}, columns=columns, **source)


def test_a_column_is_a_source_a_constant_or_an_expression(tmp_path):
    found = mapped(
        tmp_path,
        "id,guess,other\n1, HIGH.,x\n2,low,y\n",
        {
            "item": "ID",
            "wording": {"source": "other"},
            "task": {"value": "it's"},
            "sample": {"value": 3},
            "split": {"value": None},
            "prediction": {"sql": "upper(trim(guess, ' .'))"},
        },
    )
    assert found.columns == [
        *("item", "wording", "task", "sample", "_raw_sample", "split", "prediction"),
        *("guess", "_file", "_row"),
    ]
    assert found.column("item") == ["1", "2"]
    assert found.column("task") == ["it's", "it's"]
    assert found.column("sample") == [3, 3]
    assert found.column("split") == [None, None]
    assert found.column("prediction") == ["HIGH", "LOW"]


def test_names_of_canonical_columns_do_not_depend_on_case(tmp_path):
    found = mapped(tmp_path, "ITEM,s\n1,2\n", {"Sample": "S"})
    assert found.columns == ["sample", "_raw_sample", "item", "_file", "_row"]
    assert found.rows[0][:3] == (2, None, "1")


WHOLE_NUMBERS = [
        ("1", 1), ("1.0", 1), (" 2 ", 2), ("1e3", 1000), ("-1", -1), ("", None),
        ("1.5", "raw"), ("x", "raw"), ("99999999999999999999", "raw"), ("nan", "raw"),
        ("inf", "raw"), ("1,000", "raw"),
]  # fmt: skip


def test_whole_numbers_are_read_or_kept_as_text(tmp_path):
    rows = "\n".join(f'i,"{text}"' for text, _ in WHOLE_NUMBERS)
    found = mapped(tmp_path, f"item,sample\n{rows}\n", {})
    read_as = zip(found.column("sample"), found.column("_raw_sample"), strict=True)
    for (text, value), got in zip(WHOLE_NUMBERS, read_as, strict=True):
        assert got == ((None, text) if value == "raw" else (value, None)), text


NUMBERS = [
        ("0.7", 0.7), (" 1 ", 1.0), ("1e-3", 0.001), (".5", 0.5), ("", None), ("1.55", 1.55),
        ("x", "raw"), ("nan", "raw"), ("inf", "raw"), ("1e400", "raw"), ("0,7", "raw"),
]  # fmt: skip


def test_numbers_are_read_or_kept_as_text(tmp_path):
    rows = "\n".join(f'i,"{text}"' for text, _ in NUMBERS)
    found = mapped(tmp_path, f"item,temperature\n{rows}\n", {})
    read_as = zip(found.column("temperature"), found.column("_raw_temperature"), strict=True)
    for (text, value), got in zip(NUMBERS, read_as, strict=True):
        assert got == ((None, text) if value == "raw" else (value, None)), text


BOOLEANS = [
        ("true", True), ("TRUE", True), ("T", True), ("yes", True), ("Y", True), ("1", True),
        ("false", False), ("False", False), ("f", False), ("No", False), ("n", False),
        ("0", False), (" true ", True), ("", None), ("maybe", "raw"), ("2", "raw"), ("na", "raw"),
]  # fmt: skip


def test_booleans_are_read_in_their_usual_spellings(tmp_path):
    rows = "\n".join(f'i,"{text}"' for text, _ in BOOLEANS)
    found = mapped(tmp_path, f"item,compliant\n{rows}\n", {})
    read_as = zip(found.column("compliant"), found.column("_raw_compliant"), strict=True)
    for (text, value), got in zip(BOOLEANS, read_as, strict=True):
        assert got == ((None, text) if value == "raw" else (value, None)), text


def test_numbers_in_text_files_are_numbers_in_expressions(tmp_path):
    found = mapped(
        tmp_path,
        "t,n,b\n1.55,10,true\n0.7,9,false\n1.0,,true\n",
        {
            "behaviour": {"sql": "CASE WHEN t > 1.0 THEN 'HIGH' ELSE 'LOW' END"},
            "x": {"sql": "t > 1.5"},
            "y": {"sql": "n + 1"},
            "z": {"sql": "CASE WHEN b THEN 1 ELSE 0 END"},
            "item": {"sql": "concat_ws('-', t, n)"},
        },
    )
    assert found.column("behaviour") == ["HIGH", "LOW", "LOW"]
    assert found.column("x") == [True, False, False]
    assert found.column("y") == [11, 10, None]
    assert found.column("z") == [1, 0, 1]
    assert found.column("item") == ["1.55-10", "0.7-9", "1.0"]
    assert found.column("t") == ["1.55", "0.7", "1.0"], "a covariate stays as it stands"


def test_identifiers_keep_their_zeros_and_digits_in_expressions(tmp_path):
    ids = ["007", "123456789012345678901", "123456789012345678902"]
    found = mapped(tmp_path, "id\n" + "\n".join(ids), {"item": {"sql": "concat('i', id)"}})
    assert found.column("item") == [f"i{one}" for one in ids]
    found = mapped(tmp_path, "id\n" + "\n".join(ids[1:]), {"item": {"sql": "concat('i', id)"}})
    assert found.column("item") == [f"i{one}" for one in ids[1:]]


@pytest.mark.parametrize("sql", ["t > 1.0", "t * 2", "-t", "t BETWEEN 0 AND 1", "(t) IN (1, 2)"])
def test_a_cell_that_is_no_number_is_named_where_it_is_calculated_with(tmp_path, sql):
    found = mapped(tmp_path, 't\n1.5\nHIGH\n0.5\n""\n', {"x": {"sql": sql}})
    (problem,) = found.problems
    assert (problem.column, problem.n_rows, problem.severity) == ("t", 1, "error")
    assert [(example.row, example.value) for example in problem.examples] == [(2, "HIGH")]


def test_text_that_is_mostly_numbers_stays_text_where_it_is_used_as_text(tmp_path):
    rows = "\n".join(map(str, range(300)))
    found = mapped(tmp_path, f"p\n{rows}\nnone\n", {"x": {"sql": "p = 'none'"}})
    assert found.column("x").count(True) == 1
    assert not found.problems


def test_rows_are_kept_by_a_condition_on_source_columns(tmp_path):
    found = mapped(tmp_path, "item,n\ni1,5\ni2,10\ni3,\n", {}, where="n > 9.0 AND _row < 3")
    assert found.column("item") == ["i2"]
    assert found.column("_row") == [2]


@pytest.mark.parametrize(
    ("columns", "source", "error", "words"),
    [
        ({"prediction": "gues"}, {}, StudyError, "not have; did you mean 'guess'"),
        ({"x": {"sql": "gues = 1"}}, {}, ExpressionError, "unknown column 'gues'"),
        ({"x": {"sql": "sum(guess)"}}, {}, ExpressionError, "column 'x' of trials"),
        ({}, {"where": "gues = 1"}, ExpressionError, "where of trials"),
        ({}, {"where": "(SELECT true)"}, ExpressionError, "where of trials"),
        ({"_x": "guess"}, {}, StudyError, "reserved"),
        ({"_row": "guess"}, {}, StudyError, "reserved"),
        ({}, {"conditions": "gues"}, StudyError, "did you mean 'guess'"),
        ({"x": {"sql": "CAST(guess AS INTEGER)"}}, {}, SourceError, "TRY_CAST"),
        ({"x": {"sql": "guess + 'a'"}}, {}, SourceError, "table trials: its columns"),
        ({}, {"pattern": "(?P<guess>a)"}, SourceError, "is also a column of the file"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(tmp_path, columns, source, error, words):
    with pytest.raises(error) as refused:
        mapped(tmp_path, "id,guess\n1,a\n", columns, **source)
    assert words in str(refused.value)


def test_covariates_keep_apart_from_bookkeeping_and_each_other(tmp_path):
    found = mapped(tmp_path, "t,_typed_t,_id,x_id,_raw_sample,sample\n1,2,3,4,5,x\n",
                   {"y": {"sql": "t + 1"}})  # fmt: skip
    row = dict(zip(found.columns, found.rows[0], strict=True))
    assert row["y"] == 2
    assert (row["x_typed_t"], row["xx_id"], row["x_id"], row["x_raw_sample"]) == (
        "2",
        "3",
        "4",
        "5",
    )
    assert (row["sample"], row["_raw_sample"]) == (None, "x")


def test_typed_parquet_columns_are_taken_as_they_are(tmp_path):
    table = pa.table(
        {
            "item": pa.array([1, 2], pa.int32()),
            "sample": pa.array([1, None], pa.int16()),
            "temperature": pa.array([0.1, float("nan")], pa.float32()),
            "confidence": pa.array([0.5, float("nan")], pa.float64()),
            "compliant": pa.array([True, None]),
            "prediction": pa.array(["a", ""]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    found = read(tmp_path, {}, columns={"behaviour": {"sql": "temperature > 0.05"}})
    assert found.column("item") == ["1", "2"]
    assert found.column("sample") == [1, None]
    assert found.column("temperature") == [0.1, None]
    assert found.column("confidence") == [0.5, None]
    assert found.column("compliant") == [True, None]
    assert found.column("prediction") == ["a", None]
    assert found.column("_row") == [1, 2]
