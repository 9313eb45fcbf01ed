"""Which software results come from: the package's own files and the libraries that matter."""

from __future__ import annotations

import hashlib
import importlib.metadata
import sys
from pathlib import Path

from foresay.errors import OutputError
from foresay.publishing.hashes import hash_file

# The libraries that numbers, figures and documents come from, by the name that pip knows.
_LIBRARIES = (
    "altair",
    "duckdb",
    "great-tables",
    "ibis-framework",
    "nbclient",
    "numpy",
    "pandas",
    "pandera",
    "pyarrow",
    "pypandoc-binary",
    "scipy",
    "sqlglot",
    "statsmodels",
    "typst",
    "vl-convert-python",
)


def package_source() -> str:
    """Return one SHA-256 over the package's own files: a changed analysis is another version.

    The shipped report sources are left out: those that are read are inputs.
    """
    package = Path(__file__).resolve().parents[1]
    whole = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        name = path.relative_to(package)
        if "__pycache__" in name.parts or name.parts[0] == "reports" or not path.is_file():
            continue
        whole.update(f"{name.as_posix()}\0{hash_file(path)}\n".encode())
    return whole.hexdigest()


def library_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that matter, without importing them."""
    versions = {"python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for name in _LIBRARIES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError as error:
            raise OutputError(
                f"the library {name} is not installed, so its version cannot be recorded; "
                "install foresay anew"
            ) from error
    return versions
