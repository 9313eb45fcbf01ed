"""The declared comparisons of a report: those that the tables support, and why not the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from foresay.comparisons.long_tables import nothing_found, stacked_comparisons
from foresay.errors import UnsupportedError
from foresay.study import Contrast, Declared, Kind, known_comparisons

if TYPE_CHECKING:
    from foresay.publishing.analyses import Desk

NOT_UNDER_BOUNDS = "differences are not defined under the compliance policy bounds"


def of_kind(kind: Kind) -> Callable[[Desk], pd.DataFrame]:
    """Return the analysis of all comparisons of a kind, in one table; see `Workbench.compare`."""

    def analysis(desk: Desk) -> pd.DataFrame:
        return _stacked(desk, kind)

    return analysis


def _stacked(desk: Desk, kind: Kind) -> pd.DataFrame:
    desk.require_predictions()
    if desk.bench.choices.compliance == "bounds":
        raise UnsupportedError(NOT_UNDER_BOUNDS)
    parts, reason = [], ""
    for one in known_comparisons(desk.bench.study).values():
        if one.kind != kind:
            continue
        try:
            table = desk.bench.compare(one.name)
            why = nothing_found(table)
        except UnsupportedError as error:
            why = str(error)
        if not why:
            parts.append(table)
        elif one.by_study:
            desk.missing[one.title] = why
        reason = reason or why
    if not parts:
        raise UnsupportedError(reason)
    return stacked_comparisons(parts)


def interactions(desk: Desk) -> pd.DataFrame:
    """Return the arms and differences of every difference of differences that has all of them."""
    desk.require_predictions()
    if desk.bench.choices.compliance == "bounds":
        raise UnsupportedError(NOT_UNDER_BOUNDS)
    parts = []
    for one in known_comparisons(desk.bench.study).values():
        if not _is_interaction(one):
            continue
        try:
            table = desk.bench.interaction(one.name)
        except UnsupportedError:
            continue  # the table of differences says why
        if len(table) and table["value"].notna().all():
            table.insert(1, "contrast", one.title)
            parts.append(table)
    if not parts:
        raise UnsupportedError("the study file declares no contrast with versus that has all arms")
    whole = pd.concat(parts, ignore_index=True)
    by = [c for part in parts for c in part.columns[: list(part.columns).index("quantity")]]
    first = list(dict.fromkeys(by))
    return whole[[*first, *(c for c in whole.columns if c not in first)]]


def _is_interaction(one: Declared) -> bool:
    spec = one.spec
    return isinstance(spec, Contrast) and spec.versus is not None and spec.scale == "difference"
