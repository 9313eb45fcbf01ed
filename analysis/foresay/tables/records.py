"""JSON files: lists of records, one record a line, or a list somewhere inside a document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from foresay.errors import SourceError
from foresay.tables.delimited import first_line, open_bytes, readable_path
from foresay.tables.engine import Engine, literal, quoted
from foresay.tables.sources import SourceFile


def load(file: SourceFile, staging: str, engine: Engine, *, at: str | None) -> list[str]:
    """Read a JSON file into the new table `staging`; nested values become JSON text.

    Parameters
    ----------
    file : SourceFile
        A ``json`` or ``jsonl`` file.
    staging : str
        Name of the table that is made.
    engine : Engine
        Where it is made.
    at : str or None
        Dotted path to the list of records inside the document.

    Returns
    -------
    list of str
        The names of the fields.

    Raises
    ------
    SourceError
        Not JSON (with the line), not a list of records, or nothing at the path.
    """
    if at is not None:
        return _load_inner(file, staging, engine, at)
    path = readable_path(file, engine)
    if not _has_content(file):
        raise SourceError(f"{file.name}: is empty; leave it out, or write [] for no records")
    layout = "newline_delimited" if file.kind == "jsonl" else "auto"
    size = max(16_777_216, path.stat().st_size * (50 if file.compression else 1) + 1024)
    options = (
        f"format = '{layout}', records = true, sample_size = -1, maximum_depth = 2, "
        f"convert_strings_to_integers = false, timestampformat = '%Y', dateformat = '%Y', "
        f"map_inference_threshold = -1, maximum_object_size = {min(size, 4_000_000_000)}"
    )
    inner = f"{staging}_typed"
    try:
        engine.execute(
            f"CREATE TEMP TABLE {quoted(inner)} AS SELECT *, row_number() OVER () AS _row "
            f"FROM read_json({literal(str(path))}, {options})"
        )
    except duckdb.Error as error:
        raise SourceError(_why(file, path, error)) from error
    described = engine.execute(f"DESCRIBE {quoted(inner)}").fetchall()
    plain = ", ".join(f"{_plain(row[0], row[1])} AS {quoted(row[0])}" for row in described)
    engine.execute(
        f"CREATE TEMP TABLE {quoted(staging)} AS SELECT {plain} FROM {quoted(inner)} ORDER BY _row"
    )
    engine.execute(f"DROP TABLE {quoted(inner)}")
    return [row[0] for row in described if row[0] != "_row"]


def _plain(name: str, type_: str) -> str:
    """Return SQL for a field as a scalar: nested values as JSON text, mixed ones as text."""
    if type_ == "JSON":
        return f"{quoted(name)} ->> '$'"
    if type_.startswith(("STRUCT", "MAP")) or type_.endswith("]"):
        return f"to_json({quoted(name)})::VARCHAR"
    return quoted(name)


def _why(file: SourceFile, path: Path, error: duckdb.Error) -> str:
    """Say why a file cannot be read, naming the line of the first broken record."""
    if file.kind == "jsonl":
        with open_bytes(file) as stream:
            for number, line in enumerate(stream, start=1):
                try:
                    record = json.loads(line) if line.strip() else {}
                except (ValueError, RecursionError) as broken:
                    return f"{file.name}, line {number}: is not JSON: {first_line(broken)}"
                if not isinstance(record, dict):
                    return f'{file.name}, line {number}: is not a record such as {{"a": 1}}'
    message = first_line(error).replace(str(path), file.name)
    return f"{file.name}: cannot be read as JSON records: {message}"


def _has_content(file: SourceFile) -> bool:
    with open_bytes(file) as stream:
        return bool(stream.read(1 << 16).strip())


def _load_inner(file: SourceFile, staging: str, engine: Engine, at: str) -> list[str]:
    """Load the records at a dotted path; documents like this are small, so Python reads them."""
    try:
        with open_bytes(file) as stream:
            document: Any = json.load(stream)
    except (ValueError, RecursionError, OSError, EOFError) as error:
        raise SourceError(f"{file.name}: is not JSON: {first_line(error)}") from error
    walked = []
    for part in at.split("."):
        walked.append(part)
        inner = document.get(part) if isinstance(document, dict) else None
        if inner is None:
            keys = ", ".join(map(str, document)) if isinstance(document, dict) else "no keys"
            raise SourceError(
                f"{file.name}: nothing stands at {'.'.join(walked)!r}; there is: {keys[:200]}"
            )
        document = inner
    if not isinstance(document, list) or not all(isinstance(row, dict) for row in document):
        raise SourceError(f"{file.name}: what stands at {at!r} is not a list of records")
    plain = engine.spill / f"{staging}.jsonl"
    plain.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in document) or "",
        encoding="utf-8",
    )
    inner_file = SourceFile(
        path=plain, name=file.name, kind="jsonl", compression="", groups=file.groups
    )
    if not document:
        engine.execute(f"CREATE TEMP TABLE {quoted(staging)} AS SELECT 0::BIGINT AS _row LIMIT 0")
        return []
    return load(inner_file, staging, engine, at=None)
