"""What the numbers of a study depend on, for a report: choices, and single parts of the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from foresay.errors import ChoiceError, UnsupportedError
from foresay.publishing.declared import NOT_UNDER_BOUNDS
from foresay.study import SELF_ADVANTAGE_NAME

if TYPE_CHECKING:
    from foresay.comparisons.specification_curves import SpecificationCurve
    from foresay.publishing.analyses import Desk

CLUSTERS = 5
"""How many of the most influential clusters a report names."""


def of_curves(part: str) -> Callable[[Desk], pd.DataFrame]:
    """Return the analysis of one table of all declared specification curves.

    Parameters
    ----------
    part : str
        A table of `foresay.comparisons.specification_curves.SpecificationCurve`.
    """

    def analysis(desk: Desk) -> pd.DataFrame:
        made: list[pd.DataFrame] = [getattr(curve, part) for curve in curves(desk).values()]
        return pd.concat(made, ignore_index=True)

    return analysis


def curves(desk: Desk) -> dict[str, SpecificationCurve]:
    """Return every declared specification curve, computed once for all tables of a report."""
    desk.require_predictions()
    declared = desk.bench.study.specifications
    if not declared:
        raise UnsupportedError("the study file declares no specification curve")
    if not desk.curves:
        for name, grid in declared.items():
            try:
                desk.curves[name] = desk.bench.specification_curve(name)
            except (ChoiceError, UnsupportedError) as error:
                desk.missing[grid.title or name] = str(error)
    if not desk.curves:
        raise UnsupportedError("no declared specification curve has a combination with a result")
    return desk.curves


def influence(desk: Desk) -> pd.DataFrame:
    """Return the self advantage without each task, property and model, and single clusters."""
    desk.require_predictions()
    if desk.bench.choices.compliance == "bounds":
        raise UnsupportedError(NOT_UNDER_BOUNDS)
    frame = desk.bench.influence(SELF_ADVANTAGE_NAME, clusters=CLUSTERS)
    left = frame[frame["over"].isin(["task", "property", "model"])]
    if not left["value"].notna().any():
        raise UnsupportedError("no task, property or model can be left out of the self advantage")
    return frame[frame["over"].eq("") | frame["value"].notna()].reset_index(drop=True)
