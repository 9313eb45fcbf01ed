"""JSON files: lists of records, one record a line, or a list somewhere inside a document.

Every field is read as text: ``"1.10"`` stays ``1.10``, a number is written as short as it can be,
what is nested stays JSON. What is a number is settled where a column is mapped, as for delimited
files.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Self

import duckdb

from foresay.errors import SourceError
from foresay.tables.column_names import unreserved
from foresay.tables.engine import Engine, literal, quoted
from foresay.tables.opening import (
    first_line,
    open_bytes,
    path_literal,
    readable_path,
    spilled,
    survey,
)
from foresay.tables.sources import SourceFile


def load(file: SourceFile, staging: str, engine: Engine, *, at: str | None) -> list[str]:
    """Read a JSON file into the new table `staging`, every field as text.

    Parameters
    ----------
    file : SourceFile
        A ``json`` or ``jsonl`` file.
    staging : str
        Name of the table that is made, with `_row`: the number of the record, from 1.
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
    marked = survey(file)
    if at is not None:
        path = spilled(file, engine, "jsonl")
        _write_inner(file, path, at)
        layout = "newline_delimited"
    else:
        path = readable_path(file, engine, without_mark=marked)
        start = _start(file)
        if not start:
            raise SourceError(f"{file.name}: is empty; leave it out, or write [] for no records")
        layout = "newline_delimited" if file.kind == "jsonl" else "unstructured"
        if start == "[":  # also under a name that promises one record a line
            layout = "array"
    objects = f"{staging}_objects"
    _read_objects(file, path, objects, layout, engine)
    keys = _keys(file, objects, engine)
    columns = unreserved(keys)
    selected = [f"{_text(key)} AS {quoted(c)}" for key, c in zip(keys, columns, strict=True)]
    engine.execute(
        f"CREATE TEMP TABLE {quoted(staging)} AS SELECT {', '.join([*selected, '_row'])} "
        f"FROM {quoted(objects)} ORDER BY _row"
    )
    engine.execute(f"DROP TABLE {quoted(objects)}")
    return columns


def _read_objects(file: SourceFile, path: Path, objects: str, layout: str, engine: Engine) -> None:
    """Read each record as one JSON value into the table `objects`."""
    if path.stat().st_size == 0:
        engine.execute(f"CREATE TEMP TABLE {quoted(objects)} (json JSON, _row BIGINT)")
        return
    size = max(16_777_216, path.stat().st_size * (50 if file.compression else 1) + 1024)
    options = f"format = '{layout}', maximum_object_size = {min(size, 4_000_000_000)}"
    try:
        engine.execute(
            f"CREATE TEMP TABLE {quoted(objects)} AS SELECT json, row_number() OVER () AS _row "
            f"FROM read_json_objects({path_literal(path)}, {options})"
        )
    except duckdb.Error as error:
        raise SourceError(_why(file, first_line(error))) from error
    # the engine finds nothing in a file of one broken character
    if layout != "array" and not engine.execute(f"FROM {quoted(objects)} LIMIT 1").fetchall():
        raise SourceError(_why(file, "there is no record"))


def _keys(file: SourceFile, objects: str, engine: Engine) -> list[str]:
    """Return the names of all fields, in the order in which they first come."""
    odd = engine.execute(
        f"SELECT min(_row), count(*) FROM {quoted(objects)} "
        "WHERE coalesce(json_type(json), 'NULL') <> 'OBJECT'"
    ).fetchone()
    if odd[1]:
        raise SourceError(
            f'{file.name}: record {odd[0]} is not a record such as {{"a": 1}}; a table is a list '
            "of records, one record a line, or a list at the path given by `at`"
        )
    found = engine.execute(
        f"SELECT key, count(*) FROM (SELECT _row, unnest(keys) AS key, "
        f"generate_subscripts(keys, 1) AS place FROM (SELECT _row, json_keys(json) AS keys "
        f"FROM {quoted(objects)})) GROUP BY key ORDER BY min(_row), min(place)"
    ).fetchall()
    keys = [str(row[0]) for row in found]
    if any(not key.strip() for key in keys):
        raise SourceError(f"{file.name}: a record has a field without a name; name it")
    twice = engine.execute(
        f"SELECT min(_row) FROM {quoted(objects)} "
        "WHERE len(json_keys(json)) > len(list_distinct(json_keys(json)))"
    ).fetchone()[0]
    if twice is not None:
        raise SourceError(f"{file.name}: record {twice} has a field twice; leave one out")
    return keys


def _text(key: str) -> str:
    """Return SQL for a field as text; null and NaN, which Python writes for it, are missing."""
    pointer = literal("/" + key.replace("~", "~0").replace("/", "~1"))
    return (
        f"CASE WHEN json_type(json, {pointer}) = 'DOUBLE' "
        f"THEN nullif(json ->> {pointer}, 'NaN') ELSE json ->> {pointer} END"
    )


def _why(file: SourceFile, otherwise: str) -> str:
    """Say why a file cannot be read, naming the line of the first broken record."""
    with open_bytes(file) as stream:
        if file.kind == "json":
            try:
                json.load(stream)
            except (ValueError, RecursionError) as broken:
                return f"{file.name}: is not JSON: {first_line(broken)}"
        for number, line in enumerate(stream if file.kind == "jsonl" else (), start=1):
            try:
                text = line.decode("utf-8-sig")
                json.dumps(json.loads(text) if text.strip() else {}, ensure_ascii=False).encode()
            except (ValueError, RecursionError) as broken:
                return f"{file.name}, line {number}: is not JSON: {_one_line(broken)}"
    return f"{file.name}: cannot be read as JSON records: {otherwise}"


def _one_line(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else first_line(error)


def _start(file: SourceFile) -> str:
    """Return the first character that is no space; empty for none."""
    with open_bytes(file) as stream:
        while chunk := stream.read(1 << 16):
            if text := chunk.removeprefix(b"\xef\xbb\xbf").strip():
                return chr(text[0])
    return ""


class _Number(float):
    """A number that keeps its text."""

    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number


def _write_inner(file: SourceFile, path: Path, at: str) -> None:
    """Write the records at a dotted path one a line; documents like this are small."""
    try:
        with open_bytes(file) as stream:
            text = stream.read().decode("utf-8-sig")
        document: Any = json.loads(text, parse_float=_Number, parse_int=_Number)
        inner = _inner(document, at, file)
        path.write_text("".join(f"{_json(row)}\n" for row in inner), encoding="utf-8")
    except UnicodeEncodeError as error:
        raise SourceError(
            f"{file.name}: holds half of a surrogate pair, which is not a character"
        ) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{file.name}: is not JSON: {first_line(error)}") from error


def _inner(document: Any, at: str, file: SourceFile) -> list[dict[str, Any]]:
    walked: list[str] = []
    for part in at.split("."):
        walked.append(part)
        inner = document.get(part) if isinstance(document, dict) else None
        if isinstance(document, list) and part.isdecimal() and int(part) < len(document):
            inner = document[int(part)]
        if inner is None:
            keys = ", ".join(map(str, document)) if isinstance(document, dict) else "no keys"
            raise SourceError(
                f"{file.name}: nothing stands at {'.'.join(walked)!r}; there is: {keys[:200]}"
            )
        document = inner
    if not isinstance(document, list) or not all(isinstance(row, dict) for row in document):
        raise SourceError(f"{file.name}: what stands at {at!r} is not a list of records")
    return document


def _json(value: Any) -> str:
    if isinstance(value, _Number):
        return value.text
    if isinstance(value, dict):
        parts = (f"{json.dumps(k, ensure_ascii=False)}:{_json(v)}" for k, v in value.items())
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
