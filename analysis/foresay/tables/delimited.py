"""Delimited text files: header, delimiter and broken rows, read by DuckDB as text."""

from __future__ import annotations

import bz2
import contextlib
import csv
import gzip
import hashlib
import io
import lzma
import shutil
from pathlib import Path
from typing import IO, Any

import duckdb

from foresay.errors import SourceError
from foresay.tables.engine import Engine, literal, quoted
from foresay.tables.problems import Example, Problem
from foresay.tables.sources import SourceFile

_DELIMITERS = ",;\t|"
_BROKEN = {
    "MISSING COLUMNS": "too few fields",
    "TOO MANY COLUMNS": "too many fields",
    "UNQUOTED VALUE": "a quotation mark that is not closed or not doubled",
    "LINE SIZE OVER MAXIMUM": "a line of more than 16 MB",
    "INVALID ENCODING": "bytes that are not UTF-8",
    "INVALID STATE": "text that is not delimited values",
    "CAST": "a value that cannot be read",
}
_DUCKDB_READS = {"", ".gz", ".zst"}


def open_bytes(file: SourceFile) -> IO[bytes]:
    """Open a possibly compressed file for reading bytes."""
    if file.compression == ".gz":
        return io.BufferedReader(gzip.open(file.path, "rb"))
    if file.compression == ".bz2":
        return bz2.open(file.path, "rb")
    if file.compression == ".xz":
        return lzma.open(file.path, "rb")
    if file.compression == ".zst":
        import pyarrow as pa

        stream: Any = pa.CompressedInputStream(pa.OSFile(str(file.path)), "zstd")
        return io.BufferedReader(stream)
    return file.path.open("rb")


def readable_path(file: SourceFile, engine: Engine) -> Path:
    """Return a path that DuckDB can read, unpacking what it cannot into the spill folder."""
    if file.compression in _DUCKDB_READS:
        return engine.check_inside(file.path)
    plain = engine.spill / f"{hashlib.sha256(file.name.encode()).hexdigest()}.plain"
    try:
        with open_bytes(file) as packed, plain.open("wb") as out:
            shutil.copyfileobj(packed, out)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise SourceError(f"{file.name}: cannot be unpacked: {error}") from error
    return plain


def read_header(file: SourceFile, delimiter: str | None) -> tuple[list[str], str]:
    """Return the column names of a delimited file, and its delimiter.

    Raises
    ------
    SourceError
        The file is empty, is not UTF-8 text, or its header names a column twice.
    """
    try:
        with open_bytes(file) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
            sample = text.read(1 << 16)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{file.name}: is not UTF-8 text (byte {error.start}); save it as UTF-8"
        ) from error
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise SourceError(f"{file.name}: cannot be read: {error}") from error
    if not sample.strip():
        raise SourceError(
            f"{file.name}: is empty, without even a header; leave it out, or write the header"
        )
    if "\x00" in sample:
        raise SourceError(f"{file.name}: holds NUL bytes, so it is not UTF-8 text")
    if delimiter is None:
        delimiter = "\t" if ".tsv" in file.name or ".tab" in file.name else _sniff(sample)
    header = next(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
    names = [name.strip() or f"column{i}" for i, name in enumerate(header)]
    lowered = [name.lower() for name in names]
    twice = sorted({name for name in names if lowered.count(name.lower()) > 1})
    if twice:
        raise SourceError(
            f"{file.name}, line 1: the header names {', '.join(map(repr, twice))} more than once; "
            "rename one of them (upper and lower case count as the same)"
        )
    return names, delimiter


def load(
    file: SourceFile, staging: str, engine: Engine, *, delimiter: str | None, table: str
) -> tuple[list[str], list[Problem]]:
    """Read a delimited file into the new table `staging`, every column as text.

    Returns
    -------
    columns : list of str
        Its header.
    problems : list of Problem
        Rows that were left out because they are broken, with their lines.
    """
    names, delimiter = read_header(file, delimiter)
    path = readable_path(file, engine)
    try:
        rejects = _read(path, staging, engine, names, delimiter)
    except duckdb.Error as error:
        # line endings of two kinds in one file stop DuckDB's reader, not Python's
        try:
            path = _rewritten(file, delimiter, engine)
            rejects = _read(path, staging, engine, names, delimiter)
        except (duckdb.Error, csv.Error, UnicodeDecodeError, OSError, EOFError) as second:
            cause = error if isinstance(second, duckdb.Error) else second
            raise SourceError(f"{file.name}: cannot be read: {first_line(cause)}") from second
    if any(kind == "UNQUOTED VALUE" for _, kind, _ in rejects):
        with contextlib.suppress(csv.Error, UnicodeDecodeError):
            path = _rewritten(file, delimiter, engine)
            rejects = _read(path, staging, engine, names, delimiter)
    return names, [_problem(file, path, table, rejects)] if rejects else []


def _read(
    path: Path, staging: str, engine: Engine, names: list[str], delimiter: str
) -> list[tuple[int, str, str]]:
    """Read the file at `path`; return (byte position, kind, text) of the rows left out."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    options = (
        f"auto_detect = false, header = true, delim = {literal(delimiter)}, quote = '\"', "
        f"escape = '\"', nullstr = '', columns = {{{columns}}}, max_line_size = 16777216, "
        "buffer_size = 33554432, store_rejects = true, rejects_limit = 0, "
        "allow_quoted_nulls = false"
    )
    engine.execute(f"DROP TABLE IF EXISTS {quoted(staging)}")
    engine.execute("DROP TABLE IF EXISTS reject_errors")
    engine.execute("DROP TABLE IF EXISTS reject_scans")
    engine.execute(
        f"CREATE TEMP TABLE {quoted(staging)} AS SELECT *, row_number() OVER () AS _row "
        f"FROM read_csv({literal(str(path))}, {options})"
    )
    found = engine.execute(
        "SELECT line_byte_position, error_type::VARCHAR, csv_line FROM reject_errors "
        "ORDER BY line_byte_position, error_type"
    ).fetchall()
    return [(int(position), str(kind), str(text or "")) for position, kind, text in found]


def _rewritten(file: SourceFile, delimiter: str, engine: Engine) -> Path:
    """Copy a file into the spill folder with line endings and quotation of one kind."""
    plain = engine.spill / f"{hashlib.sha256(file.name.encode()).hexdigest()}.rewritten"
    with open_bytes(file) as packed, plain.open("w", encoding="utf-8", newline="") as out:
        text = io.TextIOWrapper(packed, encoding="utf-8-sig", newline="")
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        limit = csv.field_size_limit(1 << 26)
        try:
            writer.writerows(csv.reader(text, delimiter=delimiter, strict=True))
        finally:
            csv.field_size_limit(limit)
    return plain


def first_line(error: Exception) -> str:
    """Return the first sentence of an engine's message, without paths of its own making."""
    return str(error).split("\n", 1)[0].strip()[:300]


def _problem(
    file: SourceFile, path: Path, table: str, rejects: list[tuple[int, str, str]]
) -> Problem:
    seen = {position: (kind, text) for position, kind, text in reversed(rejects)}
    kinds = sorted({_BROKEN.get(kind, kind.lower()) for kind, _ in seen.values()})
    read = SourceFile(
        path=path,
        name=file.name,
        kind=file.kind,
        compression=file.compression if path == file.path.resolve() else "",
        groups=(),
    )
    lines = _physical_lines(read, sorted(seen)[:10])
    examples = tuple(
        Example(file=file.name, row=line, value=seen[position][1][:200]) for position, line in lines
    )
    return Problem(
        table=table,
        file=file.name,
        column="",
        rule="every row has the fields of the header",
        severity="error",
        n_rows=len(seen),
        examples=examples,
        message=f"broken rows ({'; '.join(kinds)}) at line "
        + ", ".join(str(line) for _, line in lines)
        + (" and more" if len(seen) > len(lines) else ""),
        way_out="mend the rows, or leave them out with `broken_rows: drop` for this table",
    )


def _physical_lines(file: SourceFile, positions: list[int]) -> list[tuple[int, int]]:
    """Return (byte position, line counted from 1) for each byte position."""
    lines: list[tuple[int, int]] = []
    line = 1
    offset = 0
    with open_bytes(file) as stream:
        for position in positions:
            while offset < position:
                chunk = stream.read(min(1 << 20, position - offset))
                if not chunk:
                    break
                line += chunk.count(b"\n")
                offset += len(chunk)
            lines.append((position, line))
    return lines


def _sniff(sample: str) -> str:
    """Return the delimiter that the header line holds most often outside quotes."""
    line, quoted_part = [], False
    for character in sample:
        quoted_part ^= character == '"'
        if character in "\r\n" and not quoted_part:
            break
        if not quoted_part:
            line.append(character)
    return max(_DELIMITERS, key=lambda mark: (line.count(mark), -_DELIMITERS.index(mark)))
