"""Calibration measures on calibrated confidence, and on confidence that is too high."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from foresay.measures.calibration import CALIBRATION, against_null, calibrated, levels_of
from foresay.resampling import stream
from validity.study import SEED, Case, Columns, Result, Results, Section
from validity.tables import counted, share, table

NAMES = ("ece", "ece_equal_width", "mad", "smooth_ece", "miscalibration", "calibration_l2")
DRAWS = 99
ALPHA = 0.05
SIZES = {200: 300, 1_000: 200, 5_000: 100}
GAPS = (0.0, 0.05)
SHAPE = 0.7
TOP = 0.95

REFERENCE = {
    "ece": {200: 0.078, 1_000: 0.035, 5_000: 0.015},
    "miscalibration": {200: 0.014, 1_000: 0.005, 5_000: 0.002},
    "calibration_l2": {200: 0.0003, 1_000: 0.0001, 5_000: 0.0},
}
"""Means of an independent simulation of calibrated confidence, whose confidences are not known."""

OPENING = f"""The chance of being right is drawn from a beta distribution with both shapes
{SHAPE:g}; confidence is that chance, rounded to a thousandth, or {GAPS[1]:g} more, where chances
reach up to {TOP:g}. A binned or isotonic error of calibrated confidence is not 0, which is why each
is read against its null; the debiased error is 0 on average, and finds the square of the gap
whatever the number of trials. Size and power are those of the null's p-value at {ALPHA:g}, with
{DRAWS} data sets drawn for each null."""


def draw(n: int, gap: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return confidence and whether it came true, each of shape (n,)."""
    chance = np.round(rng.beta(SHAPE, SHAPE, n) * (TOP if gap else 1.0), 3)
    return np.round(chance + gap, 3), (rng.random(n) < chance).astype(float)


def simulate(parameters: Mapping[str, Any], numbers: range) -> Columns:
    """Return each measure of each data set, and whether its null is rejected."""
    n, gap = parameters["trials"], parameters["gap"]
    measures = [CALIBRATION[name] for name in NAMES]
    columns: dict[str, list[float]] = {f"{name}.value": [] for name in NAMES}
    columns |= {f"{name}.rejected": [] for name in NAMES}
    for number in numbers:
        rng = stream(SEED, "calibration", str(n), str(gap), str(number))
        levels = levels_of(*draw(n, gap, rng))
        null = calibrated(levels, rng, DRAWS)
        held = against_null(measures, levels, null, 1 - ALPHA)
        for measure, one in zip(measures, held, strict=True):
            columns[f"{measure.name}.value"].append(float(measure.of(levels)))
            columns[f"{measure.name}.rejected"].append(one.p <= ALPHA)
    return {name: np.array(values) for name, values in columns.items()}


def summarise(parameters: Mapping[str, Any], columns: Columns) -> list[dict[str, Any]]:
    """Return one row a measure: its mean, the error of that, and how often it rejects."""
    del parameters
    return [
        {
            "measure": name,
            "mean": round(float(columns[f"{name}.value"].mean()), 6),
            "error": round(_error(columns[f"{name}.value"]), 6),
            "rejected": int(columns[f"{name}.rejected"].sum()),
        }
        for name in NAMES
    ]


def _error(values: np.ndarray) -> float:
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def text(results: Results) -> str:
    """Return the section of the page."""
    found = results["calibration"]
    if not found:
        return ""
    parts = ["## Calibration and its nulls", OPENING]
    for gap in GAPS:
        cases = [one for one in found if one["gap"] == gap]
        said = "Calibrated" if not gap else f"Confidence {share(gap, 2)} too high"
        heads = [counted(one["trials"], "trial") for one in cases]
        rows = [[name, *(_cell(one, name) for one in cases)] for name in NAMES]
        parts.append(f"{said}: mean, and in brackets the share rejected.")
        parts.append(table(["measure", *heads], rows))
    return "\n\n".join(parts)


def _cell(one: Result, name: str) -> str:
    row = one.row(measure=name)
    mean = f"{row['mean']:.4f}".replace("0.", ".", 1)
    return f"{mean} ({share(row['rejected'] / one.runs, 2)})"


SECTION = Section(
    name="calibration",
    text=text,
    cases=tuple(Case({"trials": n, "gap": gap}, runs) for gap in GAPS for n, runs in SIZES.items()),
    simulate=simulate,
    summarise=summarise,
    code=(
        "analysis/foresay/measures/calibration",
        "tests/validity/sections/calibration.py",
        "tests/validity/study.py",
    ),
)
