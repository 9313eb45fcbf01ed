"""Calibration in a report: its measures and curves by arm, and by the rank of the answer."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from foresay.errors import UnsupportedError
from foresay.measures.calibration import CALIBRATION, TOTAL_VARIATION, CalibrationMeasure
from foresay.measures.measure import Measure

if TYPE_CHECKING:
    from foresay.publishing.analyses import Desk

MEASURES = (
    "calibration_l2",
    "ece",
    "brier",
    "miscalibration",
    "discrimination",
    "uncertainty",
    "calibration_slope",
    "auroc",
)
BY_RANK = ("calibration_l2", "calibration_slope", "calibration_skill")
_RANKS = 3
_CURVE = "reliability"


def calibration(desk: Desk) -> pd.DataFrame:
    """Return the measures of calibration of each arm, with their nulls."""
    desk.require_predictions()
    if reason := desk.bench.supports("calibration_l2"):
        raise UnsupportedError(reason)
    found = desk.bench.calibration(MEASURES, by=desk.arms.by, where=_chosen(desk))
    return _in_blocks(desk.arms.labelled(found), MEASURES)


def curves(desk: Desk) -> pd.DataFrame:
    """Return the reliability curve of each arm."""
    desk.require_predictions()
    if reason := desk.bench.supports("calibration_l2"):
        raise UnsupportedError(reason)
    return _labelled(desk, desk.bench.reliability(by=desk.arms.by, where=_chosen(desk)))


def by_rank(desk: Desk) -> pd.DataFrame:
    """Return calibration against the target's first, second and third commonest answer."""
    desk.require_predictions()
    found = desk.bench.calibration(BY_RANK, by=[*desk.arms.by, "rank"], where=_chosen(desk))
    return _in_blocks(desk.arms.labelled(found[found["rank"] <= _RANKS]), BY_RANK)


def distances(desk: Desk) -> pd.DataFrame:
    """Return the distance between each arm's distribution of answers and the target's."""
    desk.require_predictions()
    found = desk.bench.calibration("total_variation", by=desk.arms.by, where=_chosen(desk))
    return desk.arms.labelled(found)


def definitions(used: Collection[str]) -> list[dict[str, str]]:
    """Return what the measures of calibration that are `used` mean."""
    listed: list[CalibrationMeasure | Measure] = [*CALIBRATION.values(), TOTAL_VARIATION]
    return [defined(m) for m in listed if m.name in used]


def defined(measure: CalibrationMeasure | Measure) -> dict[str, str]:
    """Return what a measure is: its name, definition, formula in TeX, and source."""
    return {
        "estimand": measure.name,
        "definition": measure.definition,
        "formula": measure.formula,
        "source": measure.source,
    }


def _in_blocks(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of each measure together, its arms in their order."""
    place = frame["estimand"].map({name: j for j, name in enumerate(names)})
    return frame.iloc[place.argsort(kind="stable")].reset_index(drop=True)


def _chosen(desk: Desk) -> str | None:
    """Return a condition for the arms without training and those with the most."""
    if "n_train" not in desk.arms.frame:
        return None
    most = desk.arms.frame["n_train"].max()
    if not most > 0:
        return None
    return f"coalesce(n_train, 0) IN (0, {int(most)})"


def _labelled(desk: Desk, curve: pd.DataFrame) -> pd.DataFrame:
    labelled = desk.arms.labelled(curve.assign(estimand=_CURVE))
    return labelled.drop(columns="estimand")
