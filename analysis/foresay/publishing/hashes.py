"""Hashes of what a version is made from and of what came out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePath

from foresay.errors import SourceError, VersionError
from foresay.publishing.manifest import MANIFEST_FILE


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_inputs(files: Mapping[str, Path]) -> dict[str, str]:
    """Hash the files that a report is made from.

    Nothing is remembered between runs: times and sizes of files can stay while bytes change.

    Parameters
    ----------
    files : mapping of str to Path
        Each file by the name it shall have in the manifest, see `relative_names`.

    Returns
    -------
    dict of str to str
        SHA-256 in hexadecimal, by name in order of the names.

    Raises
    ------
    SourceError
        A file cannot be read.
    """

    def digest(name: str) -> str:
        try:
            return hash_file(files[name])
        except OSError as error:
            raise SourceError(f"cannot read the input '{name}': {error.strerror}") from error

    names = sorted(files)
    with ThreadPoolExecutor() as pool:
        return dict(zip(names, pool.map(digest, names), strict=True))


def relative_names(folder: Path, paths: Iterable[Path]) -> dict[str, Path]:
    """Name files relative to a folder, with forward slashes, so that no place of a machine shows.

    Parameters
    ----------
    folder : Path
        The study's folder.
    paths : iterable of Path
        Files, below the folder or not.

    Returns
    -------
    dict of str to Path
        Each file by its relative name.
    """
    base = folder.resolve()
    return {
        PurePath(os.path.relpath(path.resolve(), base)).as_posix(): path for path in sorted(paths)
    }


def hash_outputs(folder: Path) -> dict[str, str]:
    """Hash every file below a folder but its manifest and what file browsers leave there.

    Parameters
    ----------
    folder : Path
        A version, finished or being made.

    Returns
    -------
    dict of str to str
        SHA-256 in hexadecimal, by relative name in order of the names.

    Raises
    ------
    VersionError
        A file cannot be read.
    """
    files = {path.relative_to(folder).as_posix(): path for path in _output_files(folder)}
    try:
        return {name: hash_file(path) for name, path in sorted(files.items())}
    except OSError as error:
        raise VersionError(f"cannot read '{error.filename}': {error.strerror}") from error


def _output_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        left_by_browser = name.name.startswith(".") or name.name in {"Thumbs.db", "desktop.ini"}
        if path.is_file() and name.as_posix() != MANIFEST_FILE and not left_by_browser:
            yield path
