"""Which files a table is made of: globs, formats, compression, and columns from their names."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from foresay.errors import SourceError
from foresay.study import TableSource, nearest
from foresay.tables.engine import Engine

Kind = Literal["csv", "json", "jsonl", "parquet"]

_KINDS: dict[str, Kind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_COMPRESSED = {".gz", ".bz2", ".xz", ".zst"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One data file.

    Parameters
    ----------
    path : Path
        Where it is.
    name : str
        Path relative to the study's data folder, with forward slashes; how messages name it.
    kind : {"csv", "json", "jsonl", "parquet"}
        What it holds.
    compression : str
        Suffix such as ``".gz"``; empty for none.
    groups : tuple of (str, str)
        Columns taken from its name by the table's pattern.
    """

    path: Path
    name: str
    kind: Kind
    compression: str
    groups: tuple[tuple[str, str], ...]

    def digest(self) -> str:
        """Return the SHA-256 of the file's bytes, in hexadecimal."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


def find_files(table: str, source: TableSource, root: Path, engine: Engine) -> list[SourceFile]:
    """Return the files of a table as `list_files`, refusing those outside the engine's folders."""
    files = list_files(table, source, root)
    for file in files:
        engine.check_inside(file.path)
    return files


def list_files(table: str, source: TableSource, root: Path) -> list[SourceFile]:
    """Return the files of a table, sorted by name, each once.

    Parameters
    ----------
    table : str
        Name of the table, for messages.
    source : TableSource
        Its globs and pattern.
    root : Path
        Folder that the globs are relative to.

    Raises
    ------
    SourceError
        A glob matches nothing, a file is of an unknown kind or outside, or the pattern misses.
    """
    found: dict[str, SourceFile] = {}
    for glob in source.files:
        matches = _matches(glob, root, table)
        if not matches:
            raise SourceError(
                f"table {table}: no file matches {glob!r} in {root}; {_what_is_there(glob, root)}"
            )
        for path in matches:
            name = path.relative_to(root).as_posix()
            found[name] = _source_file(path, name, source, table)
    return [found[name] for name in sorted(found)]


def _matches(glob: str, root: Path, table: str) -> list[Path]:
    if "\x00" in glob or not glob.strip():
        raise SourceError(f"table {table}: {glob!r} is not a file name or glob")
    if PurePosixPath(glob).is_absolute() or ".." in PurePosixPath(glob).parts:
        raise SourceError(
            f"table {table}: {glob!r} leads out of the study's folder; files are relative to it "
            "(another folder is named with --data)"
        )
    hidden = any(part.startswith(".") for part in PurePosixPath(glob).parts)
    try:
        if (root / glob).is_file():  # a name may hold brackets
            return [root / glob]
        return [
            path
            for path in sorted(root.glob(glob))
            if path.is_file()
            and (hidden or not any(p.startswith(".") for p in path.relative_to(root).parts))
        ]
    except (ValueError, IndexError, NotImplementedError, OSError) as error:
        raise SourceError(
            f"table {table}: {glob[:200]!r} is not a file name or glob: {error}"
        ) from error


def _source_file(path: Path, name: str, source: TableSource, table: str) -> SourceFile:
    kind, compression = _kind(path)
    if kind is None:
        raise SourceError(
            f"table {table}: {name} is of an unknown kind; known endings: "
            f"{', '.join(_KINDS)}, also followed by {', '.join(sorted(_COMPRESSED))}"
        )
    groups: tuple[tuple[str, str], ...] = ()
    if source.pattern is not None:
        match = re.search(source.pattern, name)
        if match is None:
            raise SourceError(
                f"table {table}: the pattern {source.pattern!r} does not match {name}; "
                "change the pattern, or the files"
            )
        groups = tuple((k, v) for k, v in match.groupdict().items() if v is not None)
    return SourceFile(path=path, name=name, kind=kind, compression=compression, groups=groups)


def _kind(path: Path) -> tuple[Kind | None, str]:
    """Return what a file holds and its compression, both from its name."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    compression = suffixes.pop() if suffixes and suffixes[-1] in _COMPRESSED else ""
    return (_KINDS.get(suffixes[-1]) if suffixes else None), compression


def _what_is_there(glob: str, root: Path) -> str:
    folder = root / PurePosixPath(glob).parent
    while not folder.is_dir() and folder != root:
        folder = folder.parent
    if not folder.is_dir():
        return f"the folder {root} does not exist"
    names = sorted(
        path.relative_to(root).as_posix()
        for path in folder.iterdir()
        if path.is_file() and not path.name.startswith(".") and _kind(path)[0] is not None
    )
    return nearest(glob, names) if names else f"{folder} holds no tables"
