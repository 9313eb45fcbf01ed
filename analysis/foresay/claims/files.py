"""Files of printed numbers, read as text: CSV, TSV, JSON, JSON lines and Parquet."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from foresay.display import is_missing
from foresay.errors import SourceError

Row = dict[str, str]

MOST_BYTES = 200_000_000
"""Larger files are data and not somebody's table of printed numbers."""

_DOCUMENTS = {
    ".md": "Markdown",
    ".markdown": "Markdown",
    ".qmd": "Markdown",
    ".rmd": "Markdown",
    ".tex": "LaTeX",
    ".html": "HTML",
    ".htm": "HTML",
    ".docx": "a Word document",
    ".odt": "a text document",
    ".rtf": "a text document",
    ".rst": "reStructuredText",
    ".pdf": "a PDF",
}
"""Endings of files whose tables are not read."""
_MARKUP = {
    "Markdown": re.compile(r"[^\n]*\|[^\n]*\n[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*\|[ \t|:-]*(?:\r?\n|$)"),
    "LaTeX": re.compile(r"\s*\\(?:begin|documentclass|toprule|hline|multicolumn)\b"),
    "HTML": re.compile(r"\s*<(?:!doctype html|html|table|thead|tbody|tr|div)\b", re.IGNORECASE),
    "a PDF": re.compile(r"%PDF-"),
}
"""How such a table begins, whatever the file is called."""

_SEPARATORS = ";\t|"
_TOLD = re.compile(r"sep=([,;\t|])\r?\n?")


def file_rows(path: Path) -> list[Row]:
    """Return the rows of a file, every cell as the text that stands there.

    Parameters
    ----------
    path : Path
        Its ending says what it is: ``.csv`` (also with semicolons, tabs or bars), ``.tsv``,
        ``.json`` (a list of objects, also as the only list in an object), ``.jsonl`` or
        ``.parquet``; any other ending is read as CSV.

    Raises
    ------
    SourceError
        The file is missing, too large, not what its ending says, or holds no table.
    """
    ending = path.suffix.lower()
    if ending in (".xlsx", ".xls", ".ods", ".numbers"):
        raise SourceError(f"{str(path)!r} is a workbook; save its sheet as CSV and audit that")
    read = {".json": _json, ".jsonl": _json_lines, ".ndjson": _json_lines, ".parquet": _parquet}
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SourceError(
                f"{str(path)!r} has more than {MOST_BYTES // 10**6} MB, which is no table of "
                "printed numbers; give a table with a row an estimate"
            )
        if ending in _DOCUMENTS:
            raise _document(path, _DOCUMENTS[ending])
        return read.get(ending, _delimited)(path)
    except FileNotFoundError:
        raise SourceError(f"there is no file {str(path)!r}") from None
    except IsADirectoryError:
        raise SourceError(f"{str(path)!r} is a folder; name the file in it") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"{str(path)!r} is not UTF-8 (line {line}); save it as UTF-8, which a spreadsheet "
            "calls 'CSV UTF-8'"
        ) from None
    except (OSError, ValueError, RecursionError, csv.Error) as error:
        said = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise SourceError(f"{str(path)!r} cannot be read as a table: {said}") from None


def _document(path: Path, kind: str) -> SourceError:
    return SourceError(
        f"{str(path)!r} is {kind}, in which tables are not read; read are CSV, TSV, JSON, JSON "
        "lines and Parquet: save the table as CSV, with the names of its columns in the first line"
    )


def cell_text(cell: object) -> str:
    """Return a cell as text; "" where it is missing. A whole float is written without its zero."""
    if is_missing(cell):
        return ""
    if isinstance(cell, float):
        if math.isinf(cell):
            return ""
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(float(cell))
    return str(cell)


def record_rows(records: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return records as rows that all have every column."""
    columns = list(dict.fromkeys(str(name) for record in records for name in record))
    return [{name: cell_text(record.get(name)) for name in columns} for record in records]


def _delimited(path: Path) -> list[Row]:
    content = path.read_bytes()
    if content.startswith(b"PK\x03\x04"):
        raise SourceError(f"{str(path)!r} is a workbook or archive; save its sheet as CSV")
    whole = content.decode("utf-8-sig")
    for kind, begins in _MARKUP.items():
        if begins.match(whole[:20_000]):
            raise _document(path, kind)
    file = io.StringIO(whole, newline="")
    separator = "\t" if path.suffix.lower() in (".tsv", ".tab") else ","
    head = file.readline()
    told = _TOLD.fullmatch(head)  # a spreadsheet's own line
    if told is None:
        file.seek(0)
    if told is not None:
        separator = told[1]
    elif separator not in head:
        separator = max(_SEPARATORS, key=head.count) if _any(head) else ","
    lines = [line for line in csv.reader(file, delimiter=separator, strict=True) if line]
    columns, *body = lines or [[]]
    _check_names(path, columns)
    for number, line in enumerate(body, start=1):
        while len(line) > len(columns) and not line[-1]:
            line.pop()
        if len(line) != len(columns):
            way = "quote cells that hold a separator"
            way = "leave empty what is missing" if len(line) < len(columns) else way
            raise SourceError(
                f"{str(path)!r}, row {number}: {len(line)} cells under {len(columns)} columns; "
                f"{way}"
            )
    return [dict(zip(columns, line, strict=True)) for line in body]


def _check_names(path: Path, columns: Sequence[str]) -> None:
    twice = next((name for name in columns if columns.count(name) > 1), None)
    if twice == "":
        raise SourceError(
            f"{str(path)!r} has two columns without a name; put the names of all columns into its "
            "first line, and a title nowhere"
        )
    if twice is not None:
        raise SourceError(f"{str(path)!r} has two columns {twice!r}; rename one")


def _any(head: str) -> bool:
    return any(sign in head for sign in _SEPARATORS)


def _loads(text: str) -> Any:
    # numbers stay the text that they are: 19.0 says more than 19
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=lambda _: None)


def _json(path: Path) -> list[Row]:
    found = _loads(path.read_text(encoding="utf-8-sig"))
    if isinstance(found, dict):
        lists = [value for value in found.values() if _is_table(value)]
        if len(lists) != 1:
            raise SourceError(
                f"{str(path)!r} is an object with {len(lists)} lists of objects; give a list of "
                "objects, one a row"
            )
        (found,) = lists
    if not _is_table(found):
        raise SourceError(f"{str(path)!r} is no list of objects; give one with an object a row")
    return _flat(path, found)


def _is_table(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value) and value != []


def _json_lines(path: Path) -> list[Row]:
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    records = [_loads(line) for line in lines if line.strip()]
    if not _is_table(records):
        raise SourceError(f"{str(path)!r}: each line has to be one object")
    return _flat(path, records)


def _flat(path: Path, records: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return records of JSON as rows; a lone surrogate, which no file can hold, is written out."""
    rows = record_rows(list(records))
    for number, record in enumerate(records, start=1):
        for name, cell in record.items():
            if isinstance(cell, dict | list):
                raise SourceError(
                    f"{str(path)!r}, row {number}: {name!r} holds a {type(cell).__name__}; "
                    "give each number a column of its own"
                )
    return [{_plain(name): _plain(cell) for name, cell in row.items()} for row in rows]


def _plain(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _parquet(path: Path) -> list[Row]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(path).read()
    except pa.ArrowException as error:
        raise SourceError(f"{str(path)!r} is not a Parquet file: {error}") from None
    return _flat(path, table.to_pylist())
