from __future__ import annotations

import gzip
import json

import pytest

from foresay.errors import SourceError
from tables.read_given import read

RECORDS = [{"item": "i1", "prediction": "a"}, {"item": "i2", "prediction": "b"}]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", json.dumps(RECORDS)),
        ("a.json", json.dumps(RECORDS, indent=2)),
        ("a.json", "\ufeff" + json.dumps(RECORDS)),
        ("a.json", "\n".join(map(json.dumps, RECORDS))),
        ("a.jsonl", "\n".join(map(json.dumps, RECORDS))),
        ("a.jsonl", "\ufeff" + "\r\n".join(map(json.dumps, RECORDS)) + "\r\n\r\n"),
        ("a.jsonl", json.dumps(RECORDS)),
        ("a.ndjson.gz", gzip.compress("\n".join(map(json.dumps, RECORDS)).encode(), mtime=0)),
    ],
)
def test_layouts_are_one_table(tmp_path, name, content):
    found = read(tmp_path, {name: content})
    assert found.rows == [("i1", "a", name, 1), ("i2", "b", name, 2)]


def test_one_record_is_a_table_of_one_row(tmp_path):
    assert read(tmp_path, {"a.json": '{"item": "i1"}'}).rows == [("i1", "a.json", 1)]


@pytest.mark.parametrize(("value", "text"), [
    ("007", "007"),
    ("1.10", "1.10"),
    ("2020-01-01", "2020-01-01"),
    ("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"),
    ("", None),
    ("null", "null"),
    ("NaN", "NaN"),
    (2, "2"),
    (1.5, "1.5"),
    (10**40, str(10**40)),
    (True, "true"),
    (None, None),
    (float("nan"), None),
    ([1, {"b": None}], '[1,{"b":null}]'),
    ({"z": 1, "a": "é"}, '{"z":1,"a":"é"}'),
])  # fmt: skip
def test_every_value_is_text_whatever_stands_beside_it(tmp_path, value, text):
    others = ["word", 3, 0.5, {"k": 1}, [2], None]
    names = [f"f{i}" for i in range(len(others))]
    records = [dict.fromkeys(names, value), dict(zip(names, others, strict=True))]
    for name, at in (("a.json", None), ("b.json", "r.0.s")):
        content = json.dumps(records if at is None else {"r": [{"s": records}]})
        found = read(tmp_path, {name: content}, glob=name, **({"at": at} if at else {}))
        assert found.rows[0][:-2] == (text,) * len(others)


def test_fields_come_in_the_order_in_which_they_are_met(tmp_path):
    found = read(tmp_path, {"a.jsonl": '{"b": 1, "a": 2}\n{"c/d~e": 3, "a": 4}\n'})
    assert found.columns[:3] == ["b", "a", "c/d~e"]
    assert found.rows[1][:3] == (None, "4", "3")


def test_fields_that_differ_only_in_case_are_told_apart(tmp_path):
    found = read(tmp_path, {"a.jsonl": '{"item": 1, "Item": 2}\n{"Item": 3}'})
    assert found.columns[:2] == ["item_1", "Item_2"]
    assert [row[:2] for row in found.rows] == [("1", "2"), (None, "3")]


def test_an_empty_list_is_a_table_of_no_rows(tmp_path):
    assert read(tmp_path, {"a.json": "[]"}).rows == []
    assert read(tmp_path, {"a.json": '{"r": []}'}, at="r").rows == []


def test_a_files_own_bookkeeping_is_a_covariate(tmp_path):
    found = read(tmp_path, {"a.jsonl": '{"_row": 7, "_file": "z", "item": 2}'})
    assert found.rows == [("7", "z", "2", "a.jsonl", 1)]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", "", "is empty"),
        ("a.jsonl", "\n \n", "is empty"),
        ("a.json", '[{"item": 1},\n{"item": 2,]', "line 2 column"),
        ("a.json", '[{"item": 1},\n{"item": 2}', "line 2 column"),
        ("a.jsonl", '{"item": 1}\n{"item":\n{"item": 3}\n', "a.jsonl, line 2: is not JSON"),
        ("a.jsonl", '{"item": 1}\n{"item": "i2', "a.jsonl, line 2: is not JSON"),
        ("a.json", "3", "record 1 is not a record"),
        ("a.json", '"x"', "record 1 is not a record"),
        ("a.json", '[{"item": 1}, 2]', "record 2 is not a record"),
        ("a.json", "[null]", "record 1 is not a record"),
        ("a.jsonl", '{"item": 1}\n[2]\n', "record 2 is not a record"),
        ("a.jsonl", '{"item": 1, "item": 2}', "record 1 has a field twice"),
        ("a.jsonl", "{", "line 1: is not JSON"),
        ("a.jsonl", '{"": 1}', "field without a name"),
        ("a.jsonl", b'{"item": "\xe9"}', "line 1: is not UTF-8"),
        ("a.json", '[{"item": 1}]'.encode("utf-16"), "is UTF-16 text"),
        ("a.jsonl", b'{"item": "a\x00b"}', "line 1: holds a NUL byte"),
        ("a.jsonl", '{"item": 1}\n{"item": "\\ud800"}', "line 2: is not JSON"),
        ("a.jsonl.gz", gzip.compress(b'{"item": 1}\n' * 9999, mtime=0)[:-9], "copy it again"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, name, content, words):
    with pytest.raises(SourceError) as refused:
        read(tmp_path, {name: content})
    assert words in str(refused.value)
    assert "foresay-" not in str(refused.value), "no path of a spill folder"


@pytest.mark.parametrize(
    ("content", "at", "words"),
    [
        ('{"r": {"ids": []}}', "r.idz", "nothing stands at 'r.idz'; there is: ids"),
        ('{"r": null}', "r", "nothing stands at 'r'"),
        ('{"r": [1]}', "r.7", "nothing stands at 'r.7'"),
        ('[{"item": 1}]', "r", "nothing stands at 'r'"),
        ('{"r": 1}', "r", "is not a list of records"),
        ('{"r": {"item": 1}}', "r", "is not a list of records"),
        ('{"r": [1, 2]}', "r", "is not a list of records"),
        ('{"r": [\n{"item":}]}', "r", "line 2 column"),
        ('{"r": ' + "[" * 100_000 + "]" * 100_000 + "}", "r", "is not JSON"),
        ('{"r": [{"item": "\\ud800"}]}', "r", "surrogate"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(tmp_path, content, at, words):
    with pytest.raises(SourceError) as refused:
        read(tmp_path, {"a.json": content}, at=at)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", "item\n1\n"), ("a.jsonl", '{"item": 1}'), ("a.parquet", "x")]
)
def test_a_path_is_for_documents_only(tmp_path, name, content):
    with pytest.raises(SourceError, match=r"`at` is for documents that end in \.json"):
        read(tmp_path, {name: content}, at="r")


def test_record_numbers_are_right_in_a_long_file(tmp_path):
    content = json.dumps([{"item": f"i{i}"} for i in range(1, 50_001)])
    found = read(tmp_path, {"a.json": content})
    assert found.column("item") == [f"i{row}" for row in found.column("_row")]


def test_a_long_text_is_read(tmp_path):
    found = read(tmp_path, {"a.jsonl": json.dumps({"item": "x" * 18_000_000})})
    assert len(found.column("item")[0]) == 18_000_000
