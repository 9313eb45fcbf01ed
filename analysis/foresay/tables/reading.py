"""The only place that opens data files: files -> staged tables -> canonical Ibis tables."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from foresay.errors import SourceError
from foresay.study import Study, TableSource
from foresay.tables import delimited, records
from foresay.tables.column_names import unreserved
from foresay.tables.engine import Engine, literal, quoted
from foresay.tables.mapping import map_columns
from foresay.tables.opening import first_line, path_literal
from foresay.tables.problems import Problem
from foresay.tables.sources import SourceFile, find_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The canonical tables of a study.

    Parameters
    ----------
    tables : mapping of str to ibis.Table
        By canonical name, each with `_file` and `_row`.
    files : mapping of str to sequence of SourceFile
        What each was read from.
    problems : tuple of Problem
        What reading found.
    """

    tables: Mapping[str, Any]
    files: Mapping[str, Sequence[SourceFile]]
    problems: tuple[Problem, ...]

    def digests(self) -> dict[str, str]:
        """Return file name -> SHA-256 of its bytes, sorted by name."""
        unique = {file.name: file for files in self.files.values() for file in files}
        return {name: unique[name].digest() for name in sorted(unique)}


def read_tables(study: Study, root: Path, engine: Engine) -> Tables:
    """Read every table of a study into the engine.

    Text files are read once into temporary tables; Parquet stays where it is and is scanned.

    Raises
    ------
    SourceError
        With all files that are missing or cannot be read.
    StudyError, ExpressionError
        A mapping does not fit the files.
    """
    tables: dict[str, Any] = {}
    files: dict[str, list[SourceFile]] = {}
    problems: list[Problem] = []
    unreadable: list[str] = []
    for name, source in study.tables.items():
        try:
            files[name] = find_files(name, source, root, engine)
            found = _read_table(name, source, files[name], engine)
        except SourceError as error:
            unreadable.append(str(error))
            continue
        tables[name] = engine.table(name)
        problems += found
    if unreadable:
        raise SourceError("\n".join(unreadable))
    return Tables(tables=tables, files=files, problems=tuple(problems))


def fingerprint(digests: Mapping[str, str]) -> str:
    """Return one short digest of many files: 12 hexadecimal digits."""
    text = "".join(f"{name}\0{digests[name]}\n" for name in sorted(digests))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _read_table(
    name: str, source: TableSource, files: Sequence[SourceFile], engine: Engine
) -> list[Problem]:
    staging = f"_staged_{name}"
    parts = [file for file in files if file.kind != "parquet"]
    selects, problems = _stage(name, source, files, staging, engine)
    lazy = not parts
    kind = "VIEW" if lazy else "TABLE"
    try:
        engine.execute(
            f"CREATE TEMP {kind} {quoted(staging)} AS {' UNION ALL BY NAME '.join(selects)}"
        )
    except duckdb.Error as error:
        raise SourceError(
            f"table {name}: its files do not fit under each other: {first_line(error)}; "
            "give a column one type in all files"
        ) from error
    for number in range(len(parts)):
        engine.execute(f"DROP TABLE {quoted(f'{staging}_{number}')}")
    staged = {
        row[0]: row[1]
        for row in engine.execute(f"DESCRIBE {quoted(staging)}").fetchall()
        if row[0] not in ("_file", "_row")
    }
    mapped = map_columns(name, source, staged, quoted(staging), engine)
    try:
        engine.execute(f"CREATE TEMP {kind} {quoted(name)} AS {mapped.sql}")
        if lazy:  # a view says only when it is read that an expression cannot be computed
            engine.execute(f"SELECT * FROM {quoted(name)} LIMIT 0")
    except duckdb.Error as error:
        raise SourceError(
            f"table {name}: its columns cannot be computed: {first_line(error)}; "
            "TRY_CAST gives a missing value where a cast fails"
        ) from error
    if not lazy:
        engine.execute(f"DROP TABLE {quoted(staging)}")
    return [*problems, *mapped.problems]


def _stage(
    name: str, source: TableSource, files: Sequence[SourceFile], staging: str, engine: Engine
) -> tuple[list[str], list[Problem]]:
    """Read each text file into a table of its own; return a SELECT a file, and what was found."""
    problems: list[Problem] = []
    selects: list[str] = []
    unreadable: list[str] = []
    number = 0
    for file in sorted(files, key=lambda one: (one.kind == "parquet", one.name)):
        try:
            _refuse_at(file, source)
            if file.kind == "parquet":
                pairs, scan = _parquet(file, engine)
                selects.append(_select(pairs, file, scan, "file_row_number + 1"))
                continue
            part = f"{staging}_{number}"
            if file.kind == "csv":
                columns, broken = delimited.load(
                    file, part, engine, delimiter=source.delimiter, table=name
                )
                problems += broken if source.broken_rows == "error" else _as_notes(broken)
            else:
                columns = records.load(file, part, engine, at=source.at)
            same = dict(zip(columns, columns, strict=True))
            selects.append(_select(same, file, quoted(part), "_row"))
            number += 1
        except SourceError as error:
            unreadable.append(f"table {name}: {error}")
    if unreadable:
        raise SourceError("\n".join(unreadable))
    return selects, problems


def _refuse_at(file: SourceFile, source: TableSource) -> None:
    if source.at is not None and file.kind != "json":
        raise SourceError(f"{file.name}: `at` is for documents that end in .json; leave it out")


def _select(columns: Mapping[str, str], file: SourceFile, source: str, row: str) -> str:
    """Return the SELECT of one file, with the columns from its name and its bookkeeping.

    `columns` maps a column's name in `source` to its name in the table.
    """
    lowered = {name.lower() for name in columns.values()}
    for name, _ in file.groups:
        if name.lower() in lowered:
            raise SourceError(
                f"{file.name}: the pattern's group {name!r} is also a column of the file; "
                "give the group another name"
            )
    kept = [f"{quoted(there)} AS {quoted(name)}" for there, name in columns.items()]
    groups = [f"{literal(value)} AS {quoted(name)}" for name, value in file.groups]
    bookkeeping = [f"{literal(file.name)} AS _file", f"CAST({row} AS BIGINT) AS _row"]
    return f"SELECT {', '.join([*kept, *groups, *bookkeeping])} FROM {source}"


def _parquet(file: SourceFile, engine: Engine) -> tuple[dict[str, str], str]:
    path = engine.check_inside(file.path)
    if file.compression:
        raise SourceError(f"{file.name}: Parquet is compressed inside; unpack the file")
    scan = f"read_parquet({path_literal(path)}, file_row_number = true)"
    try:
        described = engine.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
    except duckdb.Error as error:
        message = first_line(error).replace(str(path), file.name)
        way_out = (
            "rename its column file_row_number"
            if "file_row_number" in message
            else "write or copy it again"
        )
        raise SourceError(
            f"{file.name}: is not a complete Parquet file: {message}; {way_out}"
        ) from error
    names = [str(row[0]) for row in described if row[0] != "file_row_number"]
    return dict(zip(names, unreserved(names), strict=True)), scan


def _as_notes(problems: Sequence[Problem]) -> list[Problem]:
    import dataclasses

    return [
        dataclasses.replace(
            problem,
            severity="warning",
            message=f"{problem.message}; left out, as `broken_rows: drop` says",
        )
        for problem in problems
    ]
