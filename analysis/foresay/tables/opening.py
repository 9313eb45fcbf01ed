"""Opening data files: unpacked, complete, UTF-8, under a path that the engine takes literally."""

from __future__ import annotations

import bz2
import codecs
import gzip
import hashlib
import io
import lzma
import re
import shutil
import zlib
from pathlib import Path
from typing import IO, Any

from foresay.errors import SourceError
from foresay.tables.engine import Engine, literal
from foresay.tables.sources import SourceFile

_ENGINE_READS = {"", ".gz", ".zst"}
_CHUNK = 1 << 20
UNREADABLE = (OSError, EOFError, lzma.LZMAError, zlib.error)
"""What reading a damaged file raises."""


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


def survey(file: SourceFile) -> bool:
    """Read a text file through once; return whether it starts with a byte order mark.

    Raises
    ------
    SourceError
        It cannot be read, its compression breaks off, or it is not UTF-8 text (with the line).
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    start = b""
    try:
        with open_bytes(file) as stream:
            while chunk := stream.read(_CHUNK):
                start = start or chunk[:4]
                if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    raise SourceError(f"{file.name}: is UTF-16 text; save it as UTF-8")
                _check_chunk(chunk, decoder, line, file.name)
                line += chunk.count(b"\n")
            _check_chunk(b"", decoder, line, file.name)
    except UNREADABLE as error:
        raise SourceError(
            f"{file.name}: cannot be read: {error}; it is damaged or incomplete, copy it again"
        ) from error
    return start.startswith(codecs.BOM_UTF8)


def _check_chunk(chunk: bytes, decoder: codecs.IncrementalDecoder, line: int, name: str) -> None:
    try:
        decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError as error:
        at = line + error.object.count(b"\n", 0, error.start)
        raise SourceError(
            f"{name}, line {at}: is not UTF-8 text (byte 0x{error.object[error.start]:02x}); "
            "save it as UTF-8"
        ) from error
    if (position := chunk.find(b"\x00")) >= 0:
        at = line + chunk.count(b"\n", 0, position)
        raise SourceError(f"{name}, line {at}: holds a NUL byte, so it is not UTF-8 text")


def readable_path(file: SourceFile, engine: Engine, *, without_mark: bool = False) -> Path:
    """Return a path that the engine can read, unpacking what it cannot into the spill folder.

    Parameters
    ----------
    file : SourceFile
        A file that `survey` has passed.
    engine : Engine
        Whose folders and spill folder count.
    without_mark : bool
        Leave out the byte order mark that it starts with.
    """
    path = engine.check_inside(file.path)
    if file.compression in _ENGINE_READS and not without_mark:
        return path
    plain = spilled(file, engine, "plain")
    with open_bytes(file) as packed, plain.open("wb") as out:
        if without_mark:
            packed.read(len(codecs.BOM_UTF8))
        shutil.copyfileobj(packed, out)
    return plain


def spilled(file: SourceFile, engine: Engine, ending: str) -> Path:
    """Return the place in the spill folder for a version of `file`."""
    return engine.spill / f"{hashlib.sha256(file.name.encode()).hexdigest()}.{ending}"


def path_literal(path: Path) -> str:
    """Return a path as an SQL literal whose brackets, stars and question marks are no glob."""
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path)))


def first_line(error: Exception) -> str:
    """Return the first sentence of an engine's message."""
    return str(error).split("\n", 1)[0].strip()[:300]
