"""The study at a glance: what was asked of whom, how many."""

from __future__ import annotations

import ibis
import pandas as pd

from foresay.trials import Population


def glance(population: Population) -> pd.DataFrame:
    """Count what was asked of each predictor about each target.

    Parameters
    ----------
    population : Population
        Trials and behaviours.

    Returns
    -------
    DataFrame
        `predictor, target, role, stage, n_train` (where known), `n_trials` (predictions),
        `n_included` (with a usable truth), `n_items` (prompts), `n_tasks`, `n_properties`,
        `compliance` (share of predictions in the asked form) and `repeats_low`, `repeats_high`
        (usable repeats of the target's behaviour behind an item).
    """
    table = population.trials
    known = [c for c in ("predictor", "target", "role", "stage", "n_train") if c in table.columns]
    key = table.task.length().cast("string") + ":" + table.task + table.item
    grouped = table.mutate(_prompt=key).group_by(known)
    counted = grouped.aggregate(
        n_trials=lambda t: t.count(),
        n_included=lambda t: t.included.cast("int64").sum(),
        n_items=lambda t: t["_prompt"].nunique(),
        n_tasks=lambda t: t.task.nunique(),
        n_properties=lambda t: t.property.nunique() if "property" in t.columns else ibis.literal(0),
        compliance=lambda t: t.compliant.cast("float64").mean(),
        repeats_low=lambda t: ibis.ifelse(t.included, t.k, None).min(),
        repeats_high=lambda t: ibis.ifelse(t.included, t.k, None).max(),
    )
    frame: pd.DataFrame = counted.to_pyarrow().to_pandas()
    return frame.sort_values(known, kind="stable", na_position="first").reset_index(drop=True)
