"""Delimited text files: header, delimiter and broken rows, read by the engine as text.

A file whose rows all fit is read by the engine alone. One with a broken row, or in a dialect that
stops the engine, is split into rows by Python's csv module, which knows the line of every row.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import duckdb

from foresay.errors import SourceError
from foresay.tables.column_names import named, refuse_twice, unreserved
from foresay.tables.engine import Engine, literal, quoted
from foresay.tables.opening import (
    open_bytes,
    path_literal,
    readable_path,
    spilled,
    survey,
)
from foresay.tables.problems import Example, Problem
from foresay.tables.sources import SourceFile

_DELIMITERS = ",;\t|"
_LONGEST = 16_777_216
_UNQUOTED = "a quotation mark that is not closed or not doubled"
_TOO_LONG = "a row of more than 16 MB"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row as it stands: `fields` is None where it cannot be split, for the reason `broken`."""

    line: int
    raw: str
    fields: list[str] | None
    broken: str = ""


_Cells: TypeAlias = tuple[int | str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    names: list[str]
    delimiter: str
    first: bool
    """Whether it is the very first line."""


def load(
    file: SourceFile, staging: str, engine: Engine, *, delimiter: str | None, table: str
) -> tuple[list[str], list[Problem]]:
    """Read a delimited file into the new table `staging`, every column as text.

    Parameters
    ----------
    file : SourceFile
        A ``csv`` file.
    staging : str
        Name of the table that is made, with `_row`: the number of the row in the file, from 1,
        broken rows counted.
    engine : Engine
        Where it is made.
    delimiter : str or None
        One character; None for the one that the header holds most often.
    table : str
        Canonical table, for the problems.

    Returns
    -------
    columns : list of str
        Its header.
    problems : list of Problem
        Rows that were left out because they are broken, with their lines.

    Raises
    ------
    SourceError
        The file is empty, damaged, not UTF-8 text, names a column twice, or a quotation mark is
        never closed.
    """
    survey(file)
    header = _read_header(file, delimiter)
    if header.first and _read_by_engine(file, staging, engine, header):
        return header.names, []
    broken = _read_by_rows(file, staging, engine, header)
    return header.names, [_problem(file, table, broken)] if broken else []


def _read_by_engine(file: SourceFile, staging: str, engine: Engine, header: _Header) -> bool:
    """Return whether the engine could read every row."""
    try:
        return not _read(readable_path(file, engine), staging, engine, header)
    except duckdb.Error:
        return False


def _read_by_rows(file: SourceFile, staging: str, engine: Engine, header: _Header) -> list[_Row]:
    """Split the file into rows in Python and hand the good ones over; return the others."""
    path = spilled(file, engine, "parquet")
    broken = _rewrite(file, path, header)
    columns = ", ".join(f"c{i} AS {quoted(name)}" for i, name in enumerate(header.names))
    engine.execute(f"DROP TABLE IF EXISTS {quoted(staging)}")
    engine.execute(
        f"CREATE TEMP TABLE {quoted(staging)} AS SELECT {columns}, r AS _row "
        f"FROM read_parquet({path_literal(path)})"
    )
    path.unlink()
    return broken


def _read(path: Path, staging: str, engine: Engine, header: _Header) -> bool:
    """Read the file at `path`; return whether rows were rejected."""
    types = ", ".join(f"c{i}: 'VARCHAR'" for i in range(len(header.names)))
    options = (
        f"auto_detect = false, header = true, delim = {literal(header.delimiter)}, quote = '\"', "
        f"escape = '\"', nullstr = '', columns = {{{types}}}, max_line_size = {_LONGEST}, "
        f"buffer_size = {2 * _LONGEST}, store_rejects = true, rejects_limit = 0, "
        "allow_quoted_nulls = false"
    )
    columns = ", ".join(f"c{i} AS {quoted(name)}" for i, name in enumerate(header.names))
    for name in (staging, "reject_errors", "reject_scans"):
        engine.execute(f"DROP TABLE IF EXISTS {quoted(name)}")
    engine.execute(
        f"CREATE TEMP TABLE {quoted(staging)} AS SELECT {columns}, row_number() OVER () AS _row "
        f"FROM read_csv({path_literal(path)}, {options})"
    )
    return bool(engine.execute("SELECT count(*) FROM reject_errors").fetchone()[0])


def _read_header(file: SourceFile, delimiter: str | None) -> _Header:
    rows = _rows(file, delimiter or ",")
    line = next((row for row in rows if row.raw.strip()), None)
    if line is None:
        raise SourceError(
            f"{file.name}: is empty, without even a header; leave it out, or write the header"
        )
    if delimiter is None:
        delimiter = "\t" if {".tsv", ".tab"} & _suffixes(file) else _commonest(line.raw)
        line = next(row for row in _rows(file, delimiter) if row.raw.strip())
    if line.fields is None:
        raise SourceError(f"{file.name}, line {line.line}: the header has {line.broken}")
    names = named(line.fields)
    refuse_twice(names, f"{file.name}, line {line.line}: the header")
    return _Header(names=unreserved(names), delimiter=delimiter, first=line.line == 1)


def _suffixes(file: SourceFile) -> set[str]:
    return {suffix.lower() for suffix in Path(file.name).suffixes[-2:]}


def _rows(file: SourceFile, delimiter: str) -> Iterator[_Row]:
    """Yield every row of the file, the header and empty lines included.

    Raises
    ------
    SourceError
        A quotation mark is never closed, so that the rest of the file is one cell.
    """
    limit = csv.field_size_limit(_LONGEST)
    taken: list[str] = []
    end = ""

    def lines(text: io.TextIOWrapper) -> Iterator[str]:
        for line in text:
            taken.append(line)
            yield line

    try:
        with open_bytes(file) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
            reader = csv.reader(lines(text), delimiter=delimiter, strict=True)
            number = 1
            while True:
                taken.clear()
                fields: list[str] | None = None
                broken = ""
                try:
                    fields = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    broken = _TOO_LONG if "limit" in str(error) else _UNQUOTED
                    if "end of data" in str(error):
                        raise SourceError(
                            f"{file.name}, line {number}: a quotation mark opens here that is "
                            "never closed, so that the rest of the file cannot be split into "
                            'rows; close it, or double it ("") if it is part of the text'
                        ) from error
                raw = "".join(taken)
                yield _Row(line=number, raw=raw, fields=fields, broken=broken)
                number += raw.count(end := end or _line_end(raw))
    finally:
        csv.field_size_limit(limit)


def _line_end(raw: str) -> str:
    """Return what ends a line: a line feed, as grep counts, or the carriage return of old files."""
    return "\r" if raw.endswith("\r") else "\n"


def _rewrite(file: SourceFile, path: Path, header: _Header) -> list[_Row]:
    """Write the good rows as text columns c0, c1, ... and their number r; return the others."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    n = len(header.names)
    broken: list[_Row] = []
    schema = pa.schema([("r", pa.int64()), *((f"c{i}", pa.string()) for i in range(n))])
    with pq.ParquetWriter(path, schema) as out:
        for batch in _batched(_good_rows(file, header, broken)):
            columns = [list(column) for column in zip(*batch, strict=True)]
            out.write_table(pa.table(columns, schema=schema))
    return broken


def _batched(rows: Iterator[_Cells]) -> Iterator[list[_Cells]]:
    """Yield lists of up to 50,000 rows."""
    while batch := list(islice(rows, 50_000)):
        yield batch


def _good_rows(file: SourceFile, header: _Header, broken: list[_Row]) -> Iterator[_Cells]:
    n = len(header.names)
    number = -1  # the header is row 0
    for row in _rows(file, header.delimiter):
        if row.fields == [] and (number < 0 or n > 1):
            continue  # an empty line; in a file of one column, a missing value
        number += 1
        if number == 0:
            continue
        if why := _why_broken(row, n):
            broken.append(_Row(line=row.line, raw=row.raw[:200], fields=None, broken=why))
        else:
            yield (number, *_cells(row, n, header.delimiter))


def _cells(row: _Row, n: int, delimiter: str) -> list[str | None]:
    """Return the cells of a row: nothing is missing, ``""`` is empty text."""
    fields = row.fields or [""]
    if '""' in row.raw and "" in fields:
        cell = re.compile(
            rf'("(?:[^"]|"")*"|[^{re.escape(delimiter)}]*)(?:{re.escape(delimiter)}|$)'
        )
        stand = [match[1] for match in cell.finditer(row.raw.rstrip("\r\n"))]
        return [
            field or ("" if raw == '""' else None)
            for field, raw in zip(fields[:n], stand, strict=False)
        ]
    return [field or None for field in fields[:n]]


def _why_broken(row: _Row, n: int) -> str:
    if row.fields is None:
        return row.broken
    if len(row.raw) > _LONGEST // 4:  # four bytes a character at most
        return _TOO_LONG if len(row.raw.encode()) > _LONGEST - 32 else ""
    if len(row.fields) < n and not (n == 1 and not row.fields):
        return "too few fields"
    # a delimiter at the end of a row is a habit of some programs, not a field
    if len(row.fields) > n and row.fields[n:] != [""]:
        return "too many fields"
    return ""


def _problem(file: SourceFile, table: str, broken: list[_Row]) -> Problem:
    shown = broken[:10]
    lines = ", ".join(str(row.line) for row in shown)
    return Problem(
        table=table,
        file=file.name,
        column="",
        rule="every row has the fields of the header",
        severity="error",
        n_rows=len(broken),
        examples=tuple(
            Example(file=file.name, row=row.line, value=row.raw.rstrip("\r\n")) for row in shown
        ),
        message=f"broken rows ({'; '.join(sorted({row.broken for row in broken}))}) at line "
        f"{lines}{' and more' if len(broken) > len(shown) else ''}",
        way_out="mend the rows, or leave them out with `broken_rows: drop` for this table",
    )


def _commonest(header: str) -> str:
    """Return the delimiter that the header holds most often outside quotes."""
    outside = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=lambda mark: (outside.count(mark), -_DELIMITERS.index(mark)))
