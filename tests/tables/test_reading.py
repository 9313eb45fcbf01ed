from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foresay.errors import ForesayError, SourceError
from foresay.study import parse_study
from foresay.tables.engine import Engine, explained_engine
from foresay.tables.reading import fingerprint, read_tables
from tables.read_given import read, write


def parquet(path: Path, **columns) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_files_of_all_kinds_are_one_table(tmp_path):
    parquet(tmp_path / "d.parquet", item=[4, 5], sample=[1, 2])
    files = {
        "a.csv": "item,sample\n1,1\n",
        "b.json": '[{"item": 2, "sample": 1.0}]',
        "c.jsonl": '{"sample": "1", "item": "3"}',
    }
    found = read(tmp_path, files)
    assert found.column("item") == ["1", "2", "3", "4", "5"]
    assert found.column("sample") == [1, 1, 1, 1, 2]
    assert found.column("_row") == [1, 1, 1, 1, 2]


def test_groups_of_a_pattern_are_columns_of_every_kind(tmp_path):
    parquet(tmp_path / "p_q.parquet", item=["3"])
    files = {"a_b.csv": "item\n1\n", "c_d.json": '[{"item": 2}]'}
    found = read(tmp_path, files, pattern=r"^(?P<predictor>[^_]+)_(?P<target>[^.]+)")
    assert found.column("predictor") == ["a", "c", "p"]
    assert found.column("target") == ["b", "d", "q"]


def test_parquet_is_left_where_it_is_and_scanned(tmp_path):
    parquet(tmp_path / "a.parquet", item=["1"], _row=["x"])
    study = parse_study({"study": "a", "tables": {"trials": {"files": "*.parquet"}}})
    engine = Engine([tmp_path])
    try:
        tables = read_tables(study, tmp_path, engine)
        parquet(tmp_path / "a.parquet", item=["1", "2"], _row=["x", "y"])
        rows = tables.tables["trials"].to_pyarrow().to_pylist()
        assert rows[1] == {"item": "2", "x_row": "y", "_file": "a.parquet", "_row": 2}
    finally:
        engine.close()


def test_a_parquet_name_is_no_glob(tmp_path):
    parquet(tmp_path / "x[1].parquet", item=["right"])
    parquet(tmp_path / "x1.parquet", item=["wrong"])
    assert read(tmp_path, {}, glob="x[1].parquet").column("item") == ["right"]


def test_parquet_files_of_other_columns_are_put_under_each_other_by_name(tmp_path):
    parquet(tmp_path / "a.parquet", item=[1], x=[0.5])
    parquet(tmp_path / "b.parquet", y=["t"], item=["two"])
    found = read(tmp_path, {})
    assert found.column("item") == ["1", "two"]
    assert found.column("y") == [None, "t"]


def test_parquet_files_whose_types_do_not_fit_are_refused(tmp_path):
    parquet(tmp_path / "a.parquet", item=[1], x=[{"a": 1}])
    parquet(tmp_path / "b.parquet", item=[2], x=[[1]])
    with pytest.raises(SourceError, match="the tables cannot be computed"):
        scanned(tmp_path, {})


@pytest.mark.parametrize("kept", [0, 3, 100, -1])
def test_a_truncated_parquet_is_one_clear_message(tmp_path, kept):
    path = parquet(tmp_path / "a.parquet", item=[str(i) for i in range(1000)])
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(SourceError) as refused:
        read(tmp_path, {})
    assert "a.parquet: is not a complete Parquet file" in str(refused.value)
    assert str(tmp_path) not in str(refused.value)
    assert "\n" not in str(refused.value)


def scanned(tmp_path: Path, columns: dict) -> None:
    study = parse_study({"study": "a", "tables": {"trials": {"files": "*", "columns": columns}}})
    engine = Engine([tmp_path])
    try:
        tables = read_tables(study, tmp_path, engine)
        with explained_engine("estimation"):
            tables.tables["trials"].to_pyarrow()
    finally:
        engine.close()


def test_a_damaged_page_is_explained_by_whoever_meets_it(tmp_path):
    path = parquet(tmp_path / "a.parquet", item=[str(i * 7919) for i in range(5000)])
    data = bytearray(path.read_bytes())
    data[4:2000] = b"\xff" * 1996
    path.write_bytes(data)
    with pytest.raises(SourceError, match="estimation: the tables cannot be computed"):
        scanned(tmp_path, {})


def test_a_cast_that_fails_far_down_is_explained_by_whoever_meets_it(tmp_path):
    parquet(tmp_path / "a.parquet", item=["1"] * 5000 + ["x"])
    with pytest.raises(SourceError, match="TRY_CAST"):
        scanned(tmp_path, {"n": {"sql": "CAST(item AS INTEGER)"}})


def test_every_file_that_cannot_be_read_is_named_at_once(tmp_path):
    files = {"a.csv": "", "b.json": "[", "c.csv": "item\n1\n", "d.parquet": "x"}
    write(tmp_path, files)
    study = {
        "study": "a",
        "tables": {"trials": {"files": "*"}, "models": {"files": "modles.csv"}},
    }
    engine = Engine([tmp_path])
    try:
        with pytest.raises(SourceError) as refused:
            read_tables(parse_study(study), tmp_path, engine)
    finally:
        engine.close()
    lines = str(refused.value).splitlines()
    assert [line.split(":")[1].strip() for line in lines[:3]] == ["a.csv", "b.json", "d.parquet"]
    assert "no file matches 'modles.csv'" in lines[3]


def test_a_packed_parquet_is_refused(tmp_path):
    with pytest.raises(SourceError, match="compressed inside"):
        read(tmp_path, {"a.parquet.gz": "x"})


@pytest.mark.parametrize("content", [b"\x00" * 50, b"\xff\xfe", b'"', b"\n", b"\x1f\x8b"])
@pytest.mark.parametrize(
    "name", ["a.csv", "a.json", "a.jsonl", "a.parquet", "a.csv.gz", "a.json.xz", "a.jsonl.zst"]
)
def test_rubbish_is_never_a_traceback(tmp_path, name, content):
    with pytest.raises(ForesayError):
        read(tmp_path, {name: content})


def test_the_fingerprint_is_of_names_and_bytes(tmp_path):
    write(tmp_path, {"a.csv": "item\n1\n", "b.csv": "item\n2\n"})
    study = parse_study({"study": "a", "tables": {"trials": {"files": ["b.csv", "a.csv"]}}})
    engine = Engine([tmp_path])
    try:
        digests = read_tables(study, tmp_path, engine).digests()
    finally:
        engine.close()
    assert list(digests) == ["a.csv", "b.csv"]
    assert fingerprint(digests) == fingerprint(dict(reversed(digests.items())))
    assert fingerprint(digests) != fingerprint({**digests, "c.csv": ""})
    assert len(fingerprint({})) == 12
