"""Layout: which columns tell the units of a design apart, and which cells are averaged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Columns of a relation of trials, by what the reduction does with them.

    Parameters
    ----------
    clusters : tuple of str
        Units that are drawn whole; the inner ones of two levels, the items of two ways.
    outer : tuple of str
        Units of the outer level of two; empty for one level.
    runs : tuple of str
        Units of the second of two ways; empty for one way.
    strata : tuple of str
        Columns within which clusters (outer ones, where there are two levels) are drawn.
    cells : tuple of str
        Columns whose combinations are cells with sums of their own; empty to add all trials up.
    """

    clusters: tuple[str, ...]
    outer: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it names, each once."""
        named = (*self.strata, *self.outer, *self.clusters, *self.runs, *self.cells)
        return tuple(dict.fromkeys(named))

    @property
    def levels(self) -> tuple[str, str]:
        """What its two kinds of units are, for notes; the same twice where there is one kind."""
        inner = _said(tuple(c for c in self.clusters if c not in self.outer) or self.clusters)
        if self.outer:
            return _said(self.outer), inner
        return inner, _said(self.runs) if self.runs else inner


def _said(columns: tuple[str, ...]) -> str:
    """Name units by their columns; items are named within their task."""
    named = [c for c in columns if not (c == "task" and "item" in columns)]
    return " and ".join(named)
