"""Differences of the arms that claims name, those of the same trials computed together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from foresay.errors import ForesayError
from foresay.study import Contrast

if TYPE_CHECKING:
    import pandas as pd

    from foresay.workbench import Workbench


class Pairs:
    """Contrasts of an opened study that will be asked for.

    Parameters
    ----------
    bench : Workbench
        The study.
    """

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._waiting: dict[str, dict[str, tuple[Contrast, dict[str, Any]]]] = {}
        self._known: dict[str, pd.DataFrame | ForesayError] = {}

    def add(self, spec: Contrast, by: Sequence[str], asked: Mapping[str, Any]) -> None:
        """Say that a contrast will be asked for: with these groups, condition and choices."""
        together, alone = _named(spec, by, asked)
        choices = {name: value for name, value in asked.items() if name != "where"}
        self._waiting.setdefault(together, {})[alone] = (spec, choices)

    def table(self, spec: Contrast, by: Sequence[str], asked: Mapping[str, Any]) -> pd.DataFrame:
        """Return a contrast; the first computes all that were added with its groups and condition.

        Raises
        ------
        ForesayError
            As `Workbench.contrast`.
        """
        together, alone = _named(spec, by, asked)
        if alone not in self._known:
            self.add(spec, by, asked)
            waiting = self._waiting.pop(together)
            found = self._bench.contrasts(list(waiting.values()), by=by, where=asked.get("where"))
            self._known |= dict(zip(waiting, found, strict=True))
        table = self._known[alone]
        if isinstance(table, ForesayError):
            raise table
        return table


def _named(spec: Contrast, by: Sequence[str], asked: Mapping[str, Any]) -> tuple[str, str]:
    """Return what tells groups and conditions apart, and what tells all contrasts apart."""
    said = {name: value for name, value in asked.items() if name != "where"}
    together = [list(by), asked.get("where")]
    alone = [*together, spec.model_dump(), said]
    return json.dumps(together), json.dumps(alone, sort_keys=True, default=str)
