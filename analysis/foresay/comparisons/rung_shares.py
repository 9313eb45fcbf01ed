"""Shares of the stages of a ladder: as asked, or among compliant replies with the same mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from foresay.counts import FloatArray, Group, Sums, ratio
from foresay.counts.groups import in_cell
from foresay.measures.kinds import Difference, Proportion


@dataclass(frozen=True, slots=True)
class Share:
    """A share of each rung: the sums of its numerator and denominator."""

    numerator: str
    denominator: str

    def sums(self, rung: str) -> list[str]:
        """Return the names of its sums."""
        return [f"{rung}.{self.numerator}", f"{rung}.{self.denominator}"]

    def of(self, sums: Sums, rung: str) -> FloatArray:
        """Return the share of a rung, shape ``(...)``."""
        above, under = self.sums(rung)
        return ratio(sums[above], sums[under])

    def kind(self, rung: str) -> Proportion | Difference:
        """Return what kind of number it is."""
        return Proportion(*self.sums(rung))

    def trials(self, group: Group, rung: str) -> int:
        """Return how many trials it rests on."""
        return round(group.total(f"{rung}.{self.denominator}"))


@dataclass(frozen=True, slots=True)
class Weighted:
    """The share of matches among compliant replies, every cell weighted alike for all rungs.

    Parameters
    ----------
    cells : tuple of int
        Cells in which every rung has compliant replies; -1 for the only one.
    rungs : tuple of str
        Those whose trials make the weights.
    """

    cells: tuple[int, ...]
    rungs: tuple[str, ...]
    denominator: ClassVar[str] = "right"

    def sums(self, rung: str) -> list[str]:
        """Return the names of its sums."""
        own = [
            f"{rung}.right.match",
            *(f"{r}.{s}" for r in self.rungs for s in ("right", "trials")),
        ]
        return [_in(name, j) for j in self.cells for name in own]

    def of(self, sums: Sums, rung: str) -> FloatArray:
        """Return the share of a rung, shape ``(...)``."""
        total, weights = np.asarray(0.0), np.asarray(0.0)
        for j in self.cells:
            counted = [sums[_in(f"{r}.right", j)] for r in self.rungs]
            # a resample can lack what the cell has: it is then left out for all rungs
            there = np.all([each > 0 for each in counted], axis=0)
            own = ratio(sums[_in(f"{rung}.right.match", j)], sums[_in(f"{rung}.right", j)])
            weight = np.where(there, sum(sums[_in(f"{r}.trials", j)] for r in self.rungs), 0.0)
            total, weights = total + np.where(there, weight * own, 0.0), weights + weight
        return ratio(np.asarray(total), np.asarray(weights))

    def kind(self, rung: str) -> Proportion | Difference:  # noqa: ARG002 - as for `Share`
        """Return what kind of number it is."""
        return Difference(0.0, 1.0)

    def trials(self, group: Group, rung: str) -> int:
        """Return how many trials it rests on."""
        totals = group.counts.totals
        return round(sum(float(totals[_in(f"{rung}.right", j)]) for j in self.cells))


def _in(name: str, j: int) -> str:
    return name if j < 0 else in_cell(name, j)


def weighted(group: Group, rungs: Sequence[str]) -> tuple[Weighted, str]:
    """Return the weighted share over the cells that all rungs have, and what is left out."""
    totals = group.counts.totals
    cells = range(len(group.cells)) if group.cells else (-1,)
    used = [j for j in cells if all(float(totals[_in(f"{rung}.right", j)]) > 0 for rung in rungs)]
    lost = sum(
        float(totals[_in(f"{rung}.trials", j)]) for j in cells if j not in used for rung in rungs
    )
    note = f"{round(lost):,} trials in cells where a stage never complies, left out" if lost else ""
    return Weighted(tuple(used), tuple(rungs)), note


def gain_of(sums: Sums, *, share: Share | Weighted, rung: str, lowest: str) -> FloatArray:
    """Return the share of a rung minus that of the lowest, shape ``(...)``."""
    return np.asarray(share.of(sums, rung) - share.of(sums, lowest))
