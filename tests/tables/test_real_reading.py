"""Real tables of other people, read where they stand beside the project."""

from __future__ import annotations

import csv
import json
import tarfile
from pathlib import Path

import pytest

from foresay.errors import SourceError
from tables.read_given import read

REAL = Path(__file__).parents[3] / "shared" / "real"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real tables are not beside the project"),
]


def rows_by_python(paths) -> int:
    limit = csv.field_size_limit(1 << 27)
    try:
        total = 0
        for path in paths:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                total += sum(1 for _ in csv.DictReader(stream))
        return total
    finally:
        csv.field_size_limit(limit)


def test_the_broken_rows_of_a_self_report_are_named_by_line():
    root = REAL / "temperature-self-report"
    found = read(root, {}, table="responses", glob="selfref_data/*.csv")
    (problem,) = found.problems
    assert problem.file == "selfref_data/gpt-4o-2024-08-06_responses.csv"
    assert problem.n_rows == 2
    lines = (root / problem.file).read_bytes().decode("utf-8-sig").split("\n")
    for example in problem.examples:
        assert example.value.split("\n")[0] in lines[example.row - 1]
    assert [example.row for example in problem.examples] == [2591, 2602]
    assert len(found.rows) == rows_by_python(sorted(root.glob("selfref_data/*.csv"))) - 2


def test_the_predictions_of_a_self_report_are_read_whole_with_columns_from_names():
    found = read(
        REAL / "temperature-self-report",
        {},
        glob="temppred_data/*.csv",
        pattern=r"/(?P<from_name>[^_]+)_(?P<to_name>[^_]+)_temp",
        columns={"behaviour": {"sql": "CASE WHEN temperature > 1.0 THEN 'HIGH' ELSE 'LOW' END"}},
    )
    assert len(found.rows) == 8524
    assert found.column("from_name") == found.column("predictor_model")
    assert set(found.column("behaviour")) == {"HIGH", "LOW"}
    assert not found.problems


def test_stated_confidence_is_read_whole():
    root = REAL / "stated-confidence"
    paths = sorted(root.glob("data/processed/*/*.csv"))
    for folder in sorted({path.parent for path in paths}):
        here = [path for path in paths if path.parent == folder]
        glob = f"{folder.relative_to(root).as_posix()}/*.csv"
        found = read(root, {}, glob=glob)
        assert len(found.rows) == rows_by_python(here), folder.name
        assert not found.problems, folder.name


def test_rows_of_introspection_pair_by_position():
    root = REAL / "introspection-icl"
    folder = "data/processed/responses/gpt-4o/test"
    paths = [f"{folder}/original.json", f"{folder}/hypothetical_0shot.json"]
    for path in paths:
        written = json.loads((root / path).read_text(encoding="utf-8"))
        found = read(root, {}, glob=path)
        assert found.column("_row") == list(range(1, len(written) + 1))
        for name in found.columns[:-2]:
            for row, value in zip(written, found.column(name), strict=True):
                if isinstance(row.get(name), str):
                    assert value == (row[name] or None)


def test_the_runs_of_a_stability_study_are_read_and_shadow_files_skipped(tmp_path):
    with tarfile.open(REAL / "llm-stability/experiments/strict_json_schema/runs.tgz") as archive:
        archive.extractall(tmp_path, filter="data")
    paths = [p for p in sorted(tmp_path.rglob("*.csv")) if not p.name.startswith(".")]
    assert paths
    paths[0].with_name(f"._{paths[0].name}").write_bytes(b"\x00\x05\x16\x07")
    found = read(tmp_path, {}, table="responses", glob="**/*.csv")
    assert len(found.rows) == rows_by_python(paths) == 7035
    assert not found.problems


def test_samples_of_an_evaluation_harness_are_read():
    root = REAL / "eval-logs"
    (path,) = root.glob("tests/data/lm_eval/*.jsonl")
    found = read(root, {}, table="responses", glob=path.relative_to(root).as_posix())
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(found.rows) == len(lines)
    assert json.loads(found.column("doc")[0]) == json.loads(lines[0])["doc"]


def test_what_is_no_table_is_refused_in_words():
    root = REAL / "eval-logs"
    found = read(root, {}, glob="tests/data/inspect/data_arc_qwen.json", at="samples")
    assert found.rows
    with pytest.raises(SourceError, match=r"nothing stands at 'sample'; there is: .*samples"):
        read(root, {}, glob="tests/data/inspect/data_arc_qwen.json", at="sample")
