"""Coverage of intervals: how a case is simulated and summed up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from foresay.measures.kinds import Mean, Proportion
from foresay.resampling import INTERVALS
from foresay.resampling.intervals import (
    BOOTSTRAP_INTERVALS,
    MEAN_INTERVALS,
    MODEL_INTERVAL,
    PROPORTION_INTERVALS,
)
from resampling.laws import LAWS
from resampling.simulations import data_sets, found
from validity.fingerprints import INFERENCE
from validity.study import LEVEL, SEED, Columns

CODE = (
    *INFERENCE,
    "tests/resampling/laws.py",
    "tests/resampling/simulations.py",
    "tests/validity/covering.py",
)


def intervals_for(design: str) -> tuple[str, ...]:
    """Return the intervals that apply to a design, ``auto`` first; `INTERVALS` is the source.

    The interval of the beta-binomial model has a section of its own.
    """
    law = LAWS[design]
    one_level = design.split(maxsplit=1)[0] not in ("two-level", "two-way")
    closed = {"cluster_t"} | (set(MEAN_INTERVALS) if isinstance(law.kind, Mean) else set())
    if isinstance(law.kind, Proportion):
        closed = set(PROPORTION_INTERVALS)
    return tuple(
        name
        for name in INTERVALS
        if (one_level or name != "studentized")
        and name != MODEL_INTERVAL
        and (name in closed or name not in PROPORTION_INTERVALS)
    )


def simulate(parameters: Mapping[str, Any], numbers: range) -> Columns:
    """Return, for each interval and data set, the bounds, coverage and what was said."""
    law = LAWS[parameters["design"]]
    names = intervals_for(parameters["design"])
    closed = tuple(name for name in names if name not in BOOTSTRAP_INTERVALS)
    columns: Columns = {}
    for name in names:
        for what in ("low", "high"):
            columns[f"{name}.{what}"] = np.full(len(numbers), np.nan)
        for what in ("covered", "noted", "replaced"):
            columns[f"{name}.{what}"] = np.zeros(len(numbers), bool)
    columns["auto.interval"] = np.full(len(numbers), "", dtype="<U24")
    truth = law.truth(parameters["rate"])
    studies = data_sets(
        parameters["design"],
        parameters["clusters"],
        parameters["rate"],
        numbers,
        SEED,
        inner=parameters["inner"] or None,
    )
    for place, (counts, rng) in enumerate(studies):
        wanted = names if numbers[place] < parameters["drawn"] else closed
        made = found(counts, law, wanted, rng, level=LEVEL, resamples=parameters["resamples"])
        for name, one in made.items():
            columns[f"{name}.low"][place] = one.low
            columns[f"{name}.high"][place] = one.high
            columns[f"{name}.covered"][place] = one.low <= truth <= one.high
            columns[f"{name}.noted"][place] = one.note != ""
            columns[f"{name}.replaced"][place] = one.interval != name
        columns["auto.interval"][place] = made["auto"].interval
    return columns


def summarise(parameters: Mapping[str, Any], columns: Columns) -> list[dict[str, Any]]:
    """Return one row an interval: coverage, width, what was undefined or said."""
    rows = []
    for name in intervals_for(parameters["design"]):
        total = len(columns["auto.low"])
        runs = parameters["drawn"] if name in BOOTSTRAP_INTERVALS else total
        low, high = (columns[f"{name}.{what}"][:runs] for what in ("low", "high"))
        covered = columns[f"{name}.covered"][:runs]
        defined = np.isfinite(low) & np.isfinite(high)
        row = {
            "interval": name,
            "runs": runs,
            "covered": int(covered.sum()),
            "width": round(float((high - low)[defined].mean()), 6) if defined.any() else None,
            "undefined": int((~defined).sum()),
            "noted": int(columns[f"{name}.noted"][:runs].sum()),
            "missed_in_silence": int((~covered & ~columns[f"{name}.noted"][:runs]).sum()),
            "replaced": int(columns[f"{name}.replaced"][:runs].sum()),
        }
        if name == "auto":
            taken, times = np.unique(columns["auto.interval"], return_counts=True)
            row["taken"] = dict(zip(taken.tolist(), times.tolist(), strict=True))
        rows.append(row)
    return rows
