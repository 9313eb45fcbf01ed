"""What a row adds to the sums of baselines and ceilings, each over the trials that have it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

from foresay.trials.ceilings import MODAL_COLUMNS

PARTIAL = ("train", "distribution", "uniform", "other")
"""Endings of the baselines that some trials may lack; ``baseline_train`` and so on."""
BASELINES = ("loo", "insample", *PARTIAL)
"""Endings of all baselines."""


def names_in_units() -> frozenset[str]:
    """Return the sums that are in units of ``1 / UNIT``."""
    shares = [name for name in MODAL_COLUMNS if not name.startswith("modal_n")]
    of_skill = [*(f"{name}_skill" for name in ("match", "baseline", "ceiling", *shares))]
    return frozenset(
        [
            *(f"{name}_{ending}" for name in ("match", "baseline") for ending in PARTIAL),
            *shares,
            *(f"{name}_{ending}" for name in of_skill for ending in BASELINES),
        ]
    )


def bound_contributions(table: Any) -> dict[str, Callable[[], Any]]:
    """Return what a row adds to each sum, as functions that give integer Ibis expressions.

    ``trials_train``, ``match_train`` and ``baseline_train`` are over the included trials that the
    baseline scores; ``trials_skill_train`` and its like over those of them whose item has two
    repeats; ``modal_low`` and its like over all trials whose item has two repeats.
    """
    paired = table.included & (table.k >= 2)
    known: dict[str, Callable[[], Any]] = {}

    def add(name: str, there: Callable[[], Any], column: str | None) -> None:
        if column is None:
            known[name] = lambda: there().cast("int64")
        else:
            known[name] = lambda: ibis.ifelse(there(), table[column], 0)

    for column in MODAL_COLUMNS:
        add(column, lambda: paired, column)
    for ending in BASELINES:
        score = f"baseline_{ending}"

        def scored(score: str = score) -> Any:
            return table.included & table[score].notnull()

        def both(score: str = score) -> Any:
            return paired & table[score].notnull()

        if ending in PARTIAL:
            add(f"trials_{ending}", scored, None)
            add(f"match_{ending}", scored, "match")
            add(score, scored, score)
        add(f"trials_skill_{ending}", both, None)
        for name, column in {"match": "match", "baseline": score, "ceiling": "ceiling"}.items():
            add(f"{name}_skill_{ending}", both, column)
        for column in MODAL_COLUMNS:
            add(f"{column}_skill_{ending}", both, column)
    return known
