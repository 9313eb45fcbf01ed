from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import random

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foresay.errors import SourceError, StudyError
from tables.read_given import read

PLAIN = b"item,prediction\ni1,a\ni2,b\n"
PACKED = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda data: pa.compress(data, codec="zstd", asbytes=True),
}


def refusal(root, content, name="a.csv", **source) -> str:
    with pytest.raises(SourceError) as refused:
        read(root, {name: content}, **source)
    return str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.rstrip(),
        PLAIN.replace(b"\n", b"\r\n"),
        PLAIN.replace(b"\n", b"\r"),
        b"item,prediction\r\ni1,a\ni2,b\r\n",
        b"item,prediction\ni1,a\ri2,b\r\n",
        b"\xef\xbb\xbf" + PLAIN,
        b'\xef\xbb\xbf"item","prediction"\n"i1","a"\n"i2","b"\n',
        b"item,prediction\n\ni1,a\n\n\ni2,b\n\n",
        b"\n\nitem,prediction\ni1,a\ni2,b\n",
        b"item,prediction\ni1,a,\ni2,b,\n",
        b" item , prediction \ni1,a\ni2,b\n",
        PLAIN.replace(b",", b";"),
        PLAIN.replace(b",", b"\t"),
        PLAIN.replace(b",", b"|"),
        b'"item;x"' + PLAIN[4:],
    ],
)
def test_dialects_are_one_table(tmp_path, content):
    found = read(tmp_path, {"a.csv": content})
    assert [row[1:] for row in found.rows] == [("a", "a.csv", 1), ("b", "a.csv", 2)]
    assert not found.problems


@pytest.mark.parametrize("ending", PACKED)
def test_compressed_files_are_read(tmp_path, ending):
    found = read(tmp_path, {f"a.csv.{ending}": PACKED[ending](PLAIN)})
    assert found.column("item") == ["i1", "i2"]


@pytest.mark.parametrize("ending", PACKED)
@pytest.mark.parametrize("kept", [0.5, 0.999])
def test_truncated_and_mislabelled_files_are_refused(tmp_path, ending, kept):
    draws = random.Random(1)
    data = PLAIN + b"".join(b"i,%d\n" % draws.randrange(10**9) for _ in range(20_000))
    packed = PACKED[ending](data)
    said = refusal(tmp_path, packed[: int(len(packed) * kept)], f"a.csv.{ending}")
    assert "copy it again" in said
    said = refusal(tmp_path, PLAIN, f"a.csv.{ending}")
    assert "copy it again" in said


def test_quoted_cells_hold_lines_quotes_and_delimiters(tmp_path):
    content = b'item,prediction\ni1,"a\nb"\ni2,"c\r\nd, ""e"""\ni3,it is 5" long\ni4,x"y"z\n'
    assert read(tmp_path, {"a.csv": content}).column("prediction") == [
        "a\nb",
        'c\r\nd, "e"',
        'it is 5" long',
        'x"y"z',
    ]


def test_identifiers_are_text_and_only_nothing_is_missing(tmp_path):
    content = b'item,prediction\n007,NA\n1.0,nan\n1e3,null\n,NULL\n"",None\n'
    found = read(tmp_path, {"a.csv": content})
    assert found.column("item") == ["007", "1.0", "1e3", None, None]
    assert found.column("prediction") == ["NA", "nan", "null", "NULL", "None"]


def test_an_empty_reply_is_a_reply_also_beside_broken_rows(tmp_path):
    for rest in (b"", b"broken\n"):
        found = read(tmp_path, {"a.csv": b'item,response\ni1,""\ni2,\n' + rest}, table="responses")
        assert found.column("response") == ["", None]


BROKEN = b'item,prediction\ni1,"a\nb"\ni2\ni3,c,d\ni4,"e" f\ni5,g\n'


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("ending", [None, *PACKED])
def test_broken_rows_are_named_by_line_and_the_others_keep_their_number(tmp_path, end, ending):
    content = BROKEN.replace(b"\n", end)
    name = f"a.csv.{ending}" if ending else "a.csv"
    found = read(tmp_path, {name: PACKED[ending](content) if ending else content})
    assert found.column("_row") == [1, 5]
    (problem,) = found.problems
    assert [(example.row, example.value) for example in problem.examples] == [
        (4, "i2"),
        (5, "i3,c,d"),
        (6, 'i4,"e" f'),
    ]
    assert (problem.n_rows, problem.severity) == (3, "error")
    assert "at line 4, 5, 6" in problem.message
    assert "broken_rows: drop" in problem.way_out


def test_lines_are_counted_as_grep_counts_them(tmp_path):
    found = read(tmp_path, {"a.csv": b'item,prediction\ni1,"a\rb\r"\ni2,c\r\ni3\n'})
    assert [example.row for example in found.problems[0].examples] == [4]


def test_broken_rows_are_left_out_with_a_warning_where_asked(tmp_path):
    found = read(tmp_path, {"a.csv": BROKEN}, broken_rows="drop")
    assert found.column("item") == ["i1", "i5"]
    assert [problem.severity for problem in found.problems] == ["warning"]


def test_many_broken_rows_are_counted_and_ten_shown(tmp_path):
    found = read(tmp_path, {"a.csv": b"a,b\n" + b"1\n" * 30})
    assert found.problems[0].n_rows == 30
    assert len(found.problems[0].examples) == 10
    assert "and more" in found.problems[0].message


@pytest.mark.parametrize("broken_rows", ["error", "drop"])
@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'item,prediction\ni1,a\ni2,"b\ni3,c\ni4,d\n', 3),
        (b'item,prediction\ni1,a\ni2,"b', 3),
        (b'item,"prediction\ni1,a\n', 1),
    ],
)
def test_a_quote_that_never_closes_is_refused_with_its_line(tmp_path, content, line, broken_rows):
    said = refusal(tmp_path, content, broken_rows=broken_rows)
    assert f"a.csv, line {line}: a quotation mark opens here" in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty, without even a header"),
        (b"\n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"item,x,item\n1,2,3\n", "line 1: the header: 'item' stand more than once"),
        (b"item,prediction\ni1,caf\xe9\n", "line 2: is not UTF-8 text (byte 0xe9)"),
        (b"i,p\n" + b"i,a\n" * 300_000 + b"\xe9,b\n", "line 300002: is not UTF-8 text"),
        (b"i,p\n" + b"i,a\n" * 300_000 + b"\xc3", "line 300002: is not UTF-8 text"),
        (PLAIN.decode().encode("utf-16"), "is UTF-16 text"),
        (b"item,prediction\ni1,a\x00b\n", "line 2: holds a NUL byte"),
        (b"i,p\n" + b"i,a\n" * 300_000 + b"\x00,b\n", "line 300002: holds a NUL byte"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, content, words):
    assert words in refusal(tmp_path, content)


def test_a_header_alone_is_a_table_of_no_rows(tmp_path):
    for content in (b"item,prediction\n", b"item,prediction"):
        found = read(tmp_path, {"a.csv": content})
        assert found.columns == ["item", "prediction", "_file", "_row"]
        assert found.rows == []


def test_columns_without_a_name_get_one_that_is_free(tmp_path):
    found = read(tmp_path, {"a.csv": b",column0,,item\n1,2,3,4\n"})
    assert found.columns == ["column0_", "column0", "column2", "item", "_file", "_row"]


def test_a_files_own_bookkeeping_is_a_covariate(tmp_path):
    found = read(tmp_path, {"a.csv": b"item,_row,_File,x_row\ni1,5,x,y\n"})
    assert found.columns == ["item", "xx_row", "x_File", "x_row", "_file", "_row"]
    assert found.rows == [("i1", "5", "x", "y", "a.csv", 1)]


def test_columns_that_differ_only_in_case_are_told_apart(tmp_path):
    content = b"answer,Answer,answer_1,x\n1,2,3,4\n"
    found = read(tmp_path, {"a.csv": content}, columns={"prediction": "Answer_3"})
    assert found.columns[:4] == ["prediction", "answer_2", "answer_1", "x"]
    assert found.rows[0][:4] == ("2", "1", "3", "4")
    with pytest.raises(StudyError, match="did you mean 'answer_"):
        read(tmp_path, {"a.csv": content}, columns={"prediction": "answer"})


def test_hostile_headers_are_only_names(tmp_path):
    name = 'a\'b""c{}[]; DROP TABLE trials; --'
    found = read(tmp_path, {"a.csv": f'item,"{name}","x\ny"\ni1,5,6\n'})
    assert found.columns[:3] == ["item", name.replace('""', '"'), "x\ny"]


def test_files_are_put_under_each_other_by_name(tmp_path):
    files = {"a.csv": PLAIN, "b.csv": b"Prediction,x,item\nc,1,i3\n", "c.csv": b"item\ni4\n"}
    found = read(tmp_path, files)
    assert found.columns == ["item", "prediction", "x", "_file", "_row"]
    assert found.rows[2:] == [("i3", "c", "1", "b.csv", 1), ("i4", None, None, "c.csv", 1)]


def test_a_file_of_one_column_is_read(tmp_path):
    assert read(tmp_path, {"a.csv": b"item\ni1\ni2\n"}).column("item") == ["i1", "i2"]


def test_long_cells_and_long_headers_are_read(tmp_path):
    found = read(tmp_path, {"a.csv": b"item,prediction\ni1," + b"x" * 1_000_000 + b"\n"})
    assert len(found.column("prediction")[0]) == 1_000_000
    header = ",".join(f"{'c' * 400}{i}" for i in range(300))
    found = read(tmp_path, {"a.csv": f"{header}\n{','.join('1' * 300)}\n"})
    assert len(found.columns) == 302
    assert len(found.rows) == 1


def test_a_cell_of_more_than_16_megabytes_is_a_broken_row(tmp_path):
    found = read(tmp_path, {"a.csv": b"item,p\ni1," + b"x" * 17_000_000 + b"\ni2,b\n"})
    assert found.column("item") == ["i2"]
    assert "16 MB" in found.messages[0]


@pytest.mark.parametrize("last", [b"", b"broken\n"])
def test_row_numbers_are_right_in_a_long_file(tmp_path, last):
    content = b"item,prediction\n" + b"".join(b'i%d,"a\nb"\n' % i for i in range(1, 100_001))
    found = read(tmp_path, {"a.csv": content + last})
    assert found.column("item") == [f"i{row}" for row in found.column("_row")]
    assert len(found.rows) == 100_000


@pytest.mark.parametrize("name", ["x[1].csv", "s*r.csv", "q?.csv", "it's {a,b}.csv"])
def test_a_name_is_no_glob_to_the_engine(tmp_path, name):
    wrong = b"item,prediction\nwrong,a\n"
    others = dict.fromkeys(("x1.csv", "sour.csv", "qq.csv", "it's a.csv"), wrong)
    found = read(tmp_path, {name: PLAIN, **others}, glob=name)
    assert found.column("item") == ["i1", "i2"]
    assert set(found.column("_file")) == {name}


def test_the_delimiter_can_be_named(tmp_path):
    content = PLAIN.replace(b",", b":")
    assert read(tmp_path, {"a.csv": content}, delimiter=":").column("item") == ["i1", "i2"]


cells = st.text(alphabet='ab ,;"\n\r\té', max_size=6)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(cells, cells, cells), max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_what_python_writes_is_read_back(tmp_path, rows, end):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b", "c"), *rows])
    found = read(tmp_path, {"a.csv": out.getvalue()})
    assert [row[:3] for row in found.rows] == [tuple(x or None for x in row) for row in rows]
    assert found.column("_row") == list(range(1, len(rows) + 1))
