"""What sort of difference there is between two files of one name."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

from foresay.errors import VersionError
from foresay.revisions.rows import read_table

_TEXTS = frozenset({".html", ".json", ".svg", ".md", ".tex", ".csv", ".css", ".js", ".txt"})


def file_difference(before: Path, after: Path) -> str:
    """Say how two files differ, in words; an empty text where every byte is the same.

    Tables are compared by their cells, texts by their lines, all else by bytes.

    Raises
    ------
    VersionError
        A file cannot be read.
    """
    if not before.is_file():
        return "is new" if after.is_file() else ""
    if not after.is_file():
        return "was not made again"
    try:
        one, two = before.read_bytes(), after.read_bytes()
    except OSError as error:
        raise VersionError(f"cannot read '{error.filename}': {error.strerror}") from error
    if one == two:
        return ""
    try:
        if before.suffix == ".csv":
            return _cells(before, after)
        if before.suffix in _TEXTS:
            return _lines(one.decode("utf-8"), two.decode("utf-8"))
    except ValueError:
        pass  # not text after all
    at = next(i for i, (a, b) in enumerate(zip_longest(one, two)) if a != b)
    return f"differs from byte {at + 1:,} on ({len(one):,} and {len(two):,} bytes)"


def _cells(before: Path, after: Path) -> str:
    one, two = read_table(before), read_table(after)
    if len(one) != len(two):
        return f"has {len(two):,} rows instead of {len(one):,}"
    columns: dict[str, int] = {}
    for old, new in zip(one, two, strict=True):
        for column in {**old, **new}:
            if old.get(column) != new.get(column):
                columns[column] = columns.get(column, 0) + 1
    if not columns:
        return "says the same in other bytes"
    listed = ", ".join(f"{column} ({n})" for column, n in columns.items())
    return f"has other cells, by column: {listed}"


def _lines(one: str, two: str) -> str:
    old, new = one.splitlines(), two.splitlines()
    differ = [n for n, (a, b) in enumerate(zip_longest(old, new), start=1) if a != b]
    if not differ:
        return "has other line ends"
    return f"differs in {len(differ):,} of {max(len(old), len(new)):,} lines, first in {differ[0]}"
