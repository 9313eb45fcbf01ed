"""Whether what is computed as "before" is what a version published."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from foresay.comparisons.long_tables import PARTS
from foresay.display import csv_text
from foresay.estimation.table import CHOICES
from foresay.publishing.manifest import MANIFEST_FILE, differences, read_manifest
from foresay.publishing.versions import DRAFT
from foresay.revisions.listing import find_version
from foresay.revisions.rows import read_table

if TYPE_CHECKING:
    from foresay.publishing.publish import Order

_NUMBERS = ("value", "low", "high")
_TELL_APART = (*CHOICES, "where")
_TITLES = ("title", "kind", "name", "contrast", "quantity", "reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a version says of some numbers.

    Parameters
    ----------
    same : int
        Rows that it has with the same value and interval.
    differing : tuple of str
        Rows that it has with other ones, in words.
    absent : int
        Rows that none of its tables has.
    """

    same: int
    differing: tuple[str, ...]
    absent: int


def compare_with(folder: Path, tables: Sequence[pd.DataFrame]) -> Published:
    """Compare tables of numbers with the tables of a version, number by number.

    Parameters
    ----------
    folder : Path
        The version.
    tables : sequence of DataFrame
        Estimates, contrasts or comparisons as the study's own commands give them.
    """
    known = [row for path in sorted((folder / "tables").glob("*.csv")) for row in _rows(path)]
    same, absent, differing = 0, 0, []
    for row in (r for frame in tables for r in _as_published(frame)):
        found = [other for other in known if _is_same_row(row, other)]
        if any(all(row[n] == other[n] for n in _NUMBERS) for other in found):
            same += 1
        elif found:
            told = ", ".join(f"{n} {found[0][n] or 'missing'}" for n in _NUMBERS)
            now = ", ".join(f"{n} {row[n] or 'missing'}" for n in _NUMBERS)
            named = [row[c] for c in _identity(row) if row[c]]
            differing.append(f"{' '.join([row['estimand'], *named])}: {told}; now {now}")
        else:
            absent += 1
    return Published(same=same, differing=tuple(differing), absent=absent)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    rows = read_table(path)
    if rows and {"estimand", *_NUMBERS} <= rows[0].keys():
        yield from rows


def _as_published(frame: pd.DataFrame) -> Iterator[dict[str, str]]:
    """Yield rows with the cells that a file has."""
    yield from csv.DictReader(io.StringIO(csv_text(frame)))


def _identity(row: Mapping[str, Any]) -> list[str]:
    columns = list(row)
    own = columns[columns.index("estimand") + 1 : columns.index("value")]
    own += [c for c in PARTS if c in columns and c not in own]
    return [c for c in own if c not in _TITLES]


def _is_same_row(row: Mapping[str, str], other: Mapping[str, str]) -> bool:
    if row["estimand"] != other["estimand"] or row.get("name", "") != other.get("name", ""):
        return False
    columns = dict.fromkeys([*_identity(row), *_identity(other)])
    return all(_alike(row.get(c, ""), other.get(c, "")) for c in columns) and all(
        _alike(row[c], other[c]) for c in _TELL_APART if c in row and c in other
    )


def _alike(one: str, two: str) -> bool:
    return one == two or one.removesuffix(".0") == two.removesuffix(".0")


def first_of(lines: Sequence[str], most: int = 5) -> list[str]:
    """Return the first lines, and how many more there are."""
    more = [f"and {len(lines) - most} more"] if len(lines) > most else []
    return [*lines[:most], *more]


def traced(found: Published, label: str) -> str:
    """Say whether what stands under before is what was published."""
    total = found.same + len(found.differing) + found.absent
    parts = []
    called = "the draft" if label == DRAFT else f"version {label}"
    if found.same == total and total:
        return f"The numbers before are those of {called}, digit by digit."
    if found.same:
        parts.append(f"{found.same} of {total} numbers before are those of {called}")
    if found.differing:
        parts.append(f"{len(found.differing)} are not what it published")
    if found.absent:
        parts.append(f"{found.absent} are in none of the tables of {called}")
    return f"{'; '.join(parts)}." if parts else ""


def damaged(changed: Sequence[str], label: str) -> list[str]:
    """Say that the files of a version are no longer those that it was rendered with."""
    if not changed:
        return []
    told = ", ".join(first_of(changed))
    return [f"version {label} is no longer as it was rendered ({told}); restore its files"]


def warnings(found: Published, order: Order) -> list[str]:
    """Say where before is not what the version published, and what moved since.

    Parameters
    ----------
    found : Published
        What the version says of the numbers before.
    order : Order
        What would make the version anew.
    """
    if not found.differing:
        return []
    from foresay.publishing.publish import manifest_of
    from foresay.study import read_study

    label = order.label or DRAFT
    made = read_manifest(find_version(label, order.versions) / MANIFEST_FILE)
    moved = [str(one) for one in differences(made, manifest_of(order, read_study(order.study)))]
    return [
        f"before is not what version {label} published: {one}" for one in first_of(found.differing)
    ] + [
        f"made from something else since: {one}"
        for one in first_of(moved or ["nothing that the manifest names"])
    ]
