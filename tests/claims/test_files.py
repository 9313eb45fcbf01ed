from __future__ import annotations

import json

import pandas as pd
import pytest

from foresay.claims import audit, read_rows
from foresay.errors import SourceError

FIRST = '{"model": "a", "accuracy": 19.0, "n": 20}'
TABLE = [{"model": "a", "accuracy": "19.0", "n": "20"}, {"model": "b", "accuracy": "", "n": "7"}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.csv", "model,accuracy,n\na,19.0,20\nb,,7\n"),
        ("t.txt", "model,accuracy,n\r\na,19.0,20\r\nb,,7\r\n"),
        ("semicolons.csv", "\ufeffmodel;accuracy;n\na;19.0;20\nb;;7\n"),
        ("bars.csv", "model|accuracy|n\na|19.0|20\nb||7\n"),
        ("t.tsv", "model\taccuracy\tn\na\t19.0\t20\nb\t\t7\n"),
        ("t.json", '[{"model": "a", "accuracy": 19.0, "n": 20}, {"model": "b", "n": 7}]'),
        ("t.JSON", f'{{"of": "x", "rows": [{FIRST}, {{"model": "b", "accuracy": NaN, "n": 7}}]}}'),
        ("t.jsonl", '{"model": "a", "accuracy": 19.0, "n": 20}\n\n{"model": "b", "n": 7}\n'),
    ],
)  # fmt: skip
def test_every_kind_of_file_gives_the_same_rows_with_the_zeros_that_are_printed(
    tmp_path, name, text
):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    assert read_rows(path) == TABLE


def test_parquet_is_read_as_the_numbers_that_it_holds(tmp_path):
    path = tmp_path / "t.parquet"
    pd.DataFrame({"model": ["a", None], "accuracy": [0.25, float("nan")], "n": [20, 7]}).to_parquet(
        path
    )
    assert read_rows(path) == [
        {"model": "a", "accuracy": "0.25", "n": "20"},
        {"model": "", "accuracy": "", "n": "7"},
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", b"\xff\xfe\x00binary", r"not UTF-8 \(line 1\); save it as UTF-8"),
        ("t.json", b'[{"x": "\xff"}]', r"not UTF-8 \(line 1\)"),
        ("t.jsonl", b'{"x": 1}\n{"x": "\xff"}', r"not UTF-8 \(line 2\)"),
        ("t.csv", b"PK\x03\x04\x00", "workbook or archive"),
        ("t.csv", b"Table 1,,\na,b,c\n1,2,3\n", "two columns without a name"),
        ("t.csv", b"a,b\n1\n", "row 1: 1 cells under 2 columns; leave empty what is missing"),
        ("t.csv", b'a,b\n"1,2\n', "cannot be read as a table"),
        ("t.csv", b"a,b\n1,2,3\n", "row 1: 3 cells under 2 columns"),
        ("t.csv", b"a,a\n1,2\n", "two columns 'a'"),
        ("t.json", b"{", "cannot be read as a table"),
        ("t.json", b"[1, 2]", "no list of objects"),
        ("t.json", b"[]", "no list of objects"),
        ("t.json", b'{"a": [{"x": 1}], "b": [{"x": 1}]}', "2 lists of objects"),
        ("t.json", b'[{"x": {"y": 1}}]', "'x' holds a dict"),
        ("t.json", b"[" * 100_000, "cannot be read as a table"),
        ("t.jsonl", b"[1]\n", "each line has to be one object"),
        ("t.parquet", b"PAR1nothing", "not a Parquet file"),
        ("t.xlsx", b"PK", "save its sheet as CSV"),
    ],
)
def test_a_file_that_is_no_table_is_an_error_that_names_it(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=said) as error:
        read_rows(path)
    assert name in str(error.value)


def test_a_folder_and_a_missing_file_are_errors(tmp_path):
    with pytest.raises(SourceError, match="is a folder; name the file"):
        read_rows(tmp_path)
    with pytest.raises(SourceError, match="there is no file"):
        read_rows(tmp_path / "none.csv")


def test_a_file_beyond_the_bound_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("foresay.claims.files.MOST_BYTES", 3)
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no table of printed numbers"):
        read_rows(path)


def test_a_lone_surrogate_of_json_can_be_written_again(tmp_path):
    path = tmp_path / "t.json"
    path.write_text('[{"model": "\\ud800", "accuracy": ".5", "n": "10"}]', encoding="utf-8")
    said = audit(path).to_json()
    assert said.encode("utf-8")
    assert read_rows(path)[0]["model"] == "\\ud800"
    assert json.loads(said)["estimates"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\r\na;b\r\n1;2\r\n",
        "\ufeffa;b\n1;2\n",
        "a,b\n1,2,\n",
        "a,b\n1,2,,\n\n",
    ],
)
def test_what_spreadsheets_add_is_no_cell(tmp_path, text):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8", newline="")
    assert read_rows(tmp_path / "t.csv") == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("t.md", "| m | accuracy |\n|---|---|\n| a | .5 |\n", "Markdown"),
        ("t.csv", "m | accuracy\n--- | ---:\na | .5\n", "Markdown"),
        ("t.tex", "\\begin{tabular}{lr}\nm & accuracy \\\\\n\\end{tabular}", "LaTeX"),
        ("t.txt", "\\begin{table}\n", "LaTeX"),
        ("t.HTML", "<table><tr><td>m</td></tr></table>", "HTML"),
        ("t.csv", "\ufeff\n<!DOCTYPE html>\n<html>", "HTML"),
        ("t.docx", "PK", "a Word document"),
        ("t", "%PDF-1.5\n", "a PDF"),
    ],
)
def test_a_document_is_refused_with_what_is_read(tmp_path, name, text, kind):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=f"is {kind}, .* read are CSV, .*save the table as CSV"):
        read_rows(path)


def test_a_document_that_is_not_there_is_a_missing_file(tmp_path):
    with pytest.raises(SourceError, match="there is no file"):
        read_rows(tmp_path / "t.md")
