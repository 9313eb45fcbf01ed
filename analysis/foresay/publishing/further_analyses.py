"""Analyses of a report that need columns or stages that not every study has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from foresay.errors import UnsupportedError
from foresay.estimation.correlations import NAMES as CORRELATIONS
from foresay.publishing.declared import NOT_UNDER_BOUNDS
from foresay.study import Contrast, known_comparisons

if TYPE_CHECKING:
    from foresay.publishing.analyses import Desk

_SAME = 1e-9


def templates(desk: Desk) -> pd.DataFrame:
    """Return accuracy by training template and test template, for each target."""
    _one_value(desk)
    return desk.bench.templates()


def ladder(desk: Desk) -> pd.DataFrame:
    """Return every stage, as asked and at matched compliance."""
    _one_value(desk)
    return desk.bench.ladder()


def determinism(desk: Desk) -> pd.DataFrame:
    """Return entropy and distinct answers before and after training."""
    return desk.bench.determinism()


def entropy_matched(desk: Desk) -> pd.DataFrame:
    """Return the arms of every contrast of accuracies whose items differ in entropy."""
    _one_value(desk)
    parts: list[pd.DataFrame] = []
    for one in known_comparisons(desk.bench.study).values():
        spec = one.spec
        if not isinstance(spec, Contrast) or spec.versus is not None or spec.of != "accuracy":
            continue
        try:
            table = desk.bench.entropy_matched(one.name)
        except UnsupportedError as error:
            if not one.by_study and not parts:
                reason = str(error)
                if "repeat" in reason:
                    raise
            continue
        entropy = table[table["estimand"].eq("entropy") & table["matching"].eq("none")]
        gap = entropy.loc[entropy["quantity"] == "difference", "value"]
        if gap.notna().any() and bool((gap.abs() > _SAME).any()):
            table.insert(1, "contrast", one.title)
            parts.append(table)
    if not parts:
        raise UnsupportedError("the arms of no contrast have items that differ in entropy")
    return pd.concat(parts, ignore_index=True)


def complexity(desk: Desk) -> pd.DataFrame:
    """Return accuracy and its baseline by complexity, for each target."""
    _one_value(desk)
    return desk.bench.complexity()


def detection(desk: Desk) -> pd.DataFrame:
    """Return hits, false alarms and d' of every arm."""
    desk.require_predictions()
    names = ("hit_rate", "false_alarm_rate", "d_prime")
    return desk.arms.labelled(desk.estimate(names, desk.arms.by))


def correlation(desk: Desk) -> pd.DataFrame:
    """Return correlations of reported with actual values for every arm."""
    desk.require_predictions()
    return desk.arms.labelled(desk.estimate(CORRELATIONS, desk.arms.by))


def _one_value(desk: Desk) -> None:
    desk.require_predictions()
    if desk.bench.choices.compliance == "bounds":
        raise UnsupportedError(NOT_UNDER_BOUNDS)
