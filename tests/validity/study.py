"""What the validity study is made of: sections, their cases, and the results of a case.

A case is simulated data set by data set. Each data set has a random stream of its own, keyed by
the case and its number, so that the numbers depend neither on the number of processes nor on the
order in which they are done, and any block of data sets can be made again by itself: a result
keeps a digest of every block of `BLOCK` of them, which a test does anew for some.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

BLOCK = 25
"""Data sets behind one digest of the trace."""

SEED = 3
LEVEL = 0.95
RESAMPLES = 599

Columns = dict[str, np.ndarray]
"""What one number of each data set is, by name; arrays of shape (data sets,)."""


@dataclass(frozen=True)
class Case:
    """One simulated situation.

    Parameters
    ----------
    parameters : mapping
        Everything that decides what is simulated, in plain values.
    runs : int
        Data sets.
    """

    parameters: Mapping[str, Any]
    runs: int

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def key(self) -> str:
        """Return its name in the results."""
        said = json.dumps(self.parameters, ensure_ascii=True)
        return f"{said} x {self.runs}"


@dataclass(frozen=True)
class Result:
    """What a case gave.

    Parameters
    ----------
    parameters, runs
        Those of the case.
    rows : sequence of dict
        The summary.
    trace : sequence of str
        One digest for each block of data sets.
    """

    parameters: Mapping[str, Any]
    runs: int
    rows: Sequence[Mapping[str, Any]]
    trace: Sequence[str] = field(default_factory=tuple)

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name]

    def row(self, **wanted: Any) -> Mapping[str, Any]:
        """Return the one row with these values."""
        found = [row for row in self.rows if all(row[k] == v for k, v in wanted.items())]
        if len(found) != 1:
            raise KeyError(f"{len(found)} rows with {wanted} in {self.parameters}")
        return found[0]


Results = Mapping[str, Sequence[Result]]
"""Results of all sections, by the section's name."""


@dataclass(frozen=True)
class Section:
    """One part of the study and of the page.

    Parameters
    ----------
    name : str
        Name of its file of results.
    cases : sequence of Case
        May be empty: such a section reads what others have simulated.
    simulate : callable
        From the parameters of a case and the numbers of data sets to `Columns`. Those of
        ``.covered`` and ``.rejected`` are what the trace is made of.
    summarise : callable
        From the parameters and all columns to the rows that are kept.
    text : callable
        From all results to the section of the page.
    code : tuple of str
        Files and folders that the numbers depend on, from the root of the project.
    """

    name: str
    text: Callable[[Results], str]
    cases: Sequence[Case] = ()
    simulate: Callable[[Mapping[str, Any], range], Columns] | None = None
    summarise: Callable[[Mapping[str, Any], Columns], list[dict[str, Any]]] | None = None
    code: tuple[str, ...] = ()


def trace(columns: Columns) -> list[str]:
    """Return a digest of what was covered, or rejected, in each block of data sets."""
    names = sorted(name for name in columns if name.endswith((".covered", ".rejected")))
    table = np.stack([columns[name] for name in names], axis=1)
    blocks = range(0, len(table), BLOCK)
    return [
        hashlib.sha256(table[start : start + BLOCK].astype(np.uint8).tobytes()).hexdigest()[:8]
        for start in blocks
    ]


def joined(parts: Sequence[Columns]) -> Columns:
    """Return the columns of consecutive parts as one."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
