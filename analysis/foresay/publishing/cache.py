"""A cache of computed and drawn results, so that a changed page needs no computing.

Each entry is one file: the hash of an archive and the archive. It appears whole or not at all, and
one that is damaged, or that others could have written, is as good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import platform
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from foresay.errors import OutputError
from foresay.folders import cache_folder
from foresay.publishing.manifest import LEDGER, canonical_json
from foresay.publishing.software import library_versions, package_source
from foresay.publishing.writing import clear_leftovers, write_bytes
from foresay.study import Study

MOST_ENTRIES = 8
MOST_BYTES = 200_000_000
_ENDING = ".results"
_DIGEST_LENGTH = 65  # in hexadecimal, and a line end


def key(study: Study, inputs: Mapping[str, str]) -> str:
    """Return what results are found by: the hash of all that they come from.

    Parameters
    ----------
    study : Study
        What the study file says, with all choices. Its `report` is no part of the key, nor are
        pages, bibliography, formats and label.
    inputs : mapping of str to str
        Hashes of files by name; those of the data (``data/...``) and of the ledger of claims are
        part of the key. So are foresay's own code, the libraries and the kind of machine.
    """
    content: dict[str, JsonValue] = {
        "study": study.model_dump(mode="json", exclude={"report"}),
        "data": {n: hash_ for n, hash_ in inputs.items() if n.startswith("data/") or n == LEDGER},
        "package": package_source(),
        "libraries": dict(library_versions()),
        "machine": [sys.platform, platform.machine()],
    }
    return hashlib.sha256(canonical_json(content).encode("utf-8")).hexdigest()


def has(name: str) -> bool:
    """Tell whether there is an entry of that key, sound or not."""
    return (_entries() / f"{name}{_ENDING}").is_file()


def fetch(name: str, folder: Path) -> bool:
    """Fill a folder with the entry of that key; False, and nothing in it, where there is none."""
    path = _entries() / f"{name}{_ENDING}"
    with contextlib.suppress(OSError, zipfile.BadZipFile):
        if not _private(path.parent):
            return False
        content = path.read_bytes()
        digest, archive = content[:_DIGEST_LENGTH], content[_DIGEST_LENGTH:]
        if digest != _digest(archive):
            return False
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            files.extractall(folder)
        os.utime(path)  # the least recently used ones go first
        return True
    return False


def keep(name: str, folder: Path) -> None:
    """Keep all files of a folder under a key; a cache that cannot be written costs only time."""
    buffer = io.BytesIO()
    # stored as they are: pictures are compressed already, and packing the rest costs a second
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED, strict_timestamps=False) as files:
        for path in sorted(folder.rglob("*")):
            files.write(path, path.relative_to(folder).as_posix())
    archive = buffer.getvalue()
    entries = _entries()
    with contextlib.suppress(OSError, OutputError):
        entries.mkdir(parents=True, exist_ok=True, mode=0o700)
        if _private(entries) and len(archive) <= MOST_BYTES:
            write_bytes(entries / f"{name}{_ENDING}", _digest(archive) + archive)
            _forget(entries)


def _entries() -> Path:
    return cache_folder() / "results"


def _digest(archive: bytes) -> bytes:
    return hashlib.sha256(archive).hexdigest().encode() + b"\n"


def _private(folder: Path) -> bool:
    """Tell whether nobody else may write there: what is kept ends up in documents."""
    if not hasattr(os, "geteuid"):
        return True
    found = folder.stat()
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _forget(entries: Path) -> None:
    """Remove the least recently used entries beyond the bounds, and what killed runs left."""
    for partial in entries.glob(f".*{_ENDING}"):
        clear_leftovers(entries / partial.name.split("-", 2)[-1])
    found = sorted(entries.glob(f"[!.]*{_ENDING}"), key=lambda path: -path.stat().st_mtime_ns)
    total = 0
    for count, path in enumerate(found, start=1):
        total += path.stat().st_size
        if count > MOST_ENTRIES or total > MOST_BYTES:
            path.unlink(missing_ok=True)
