"""Ceilings from repeats: how a case is simulated and summed up."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from foresay.counts import Counts, collapse
from foresay.measures import find_measure
from foresay.resampling import estimate, stream
from foresay.trials import UNIT
from foresay.trials.ceilings import MODAL_COLUMNS, in_units, modal_columns
from foresay.trials.profiles import same, squared
from validity.fingerprints import INFERENCE
from validity.study import LEVEL, SEED, Columns

CODE = (
    *INFERENCE,
    "analysis/foresay/trials/profiles.py",
    "analysis/foresay/trials/ceilings.py",
    "analysis/foresay/measures/ceilings.py",
    "tests/validity/repeating.py",
)
ITEMS = 500
GOOD = 0.8
"""How often the predictor says the likeliest answer; else it says any."""
MIX = ((0.6, (0.97,)), (0.25, (0.5, 0.45)), (0.15, ()))
"""Shares of kinds of items, and the chances of their first answers; the rest is spread evenly."""
BIASES = ("unbiased", "plug_in_resample", "plug_in_modal", "leave_one_out")
COVERED = ("ceiling_resample", "normalized_accuracy", "ceiling_modal")


def _spread(first: tuple[float, ...], answers: int) -> np.ndarray:
    rest = answers - len(first)
    return np.array([*first, *[(1 - sum(first)) / rest] * rest])


def chances(law: str, answers: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """Return the chances of the answers of `n` items, shape (n, answers)."""
    if law == "Dirichlet":
        return rng.dirichlet(np.full(answers, 0.3), n)
    kinds = rng.choice(len(MIX), size=n, p=[share for share, _ in MIX])
    return np.stack([_spread(first, answers) for _, first in MIX])[kinds]


@cache
def truth(law: str, answers: int) -> dict[str, float]:
    """Return the true ceilings and the true normalised accuracy."""
    if law == "mix":
        kinds = [(share, _spread(first, answers)) for share, first in MIX]
        resample = sum(share * float((p * p).sum()) for share, p in kinds)
        modal = sum(share * float(p.max()) for share, p in kinds)
    else:
        resample = 1.3 / (0.3 * answers + 1)
        drawn = np.random.default_rng(SEED).dirichlet(np.full(answers, 0.3), 2_000_000)
        modal = float(drawn.max(axis=1).mean())
    accuracy = GOOD * modal + (1 - GOOD) / answers
    return {
        "ceiling_resample": resample,
        "ceiling_modal": modal,
        "normalized_accuracy": accuracy / resample,
    }


@cache
def _columns(profile: tuple[int, ...]) -> tuple[int, ...]:
    k = sum(profile)
    own = modal_columns(profile)
    return (
        in_units(same(profile, 2)),
        in_units(squared(profile, k)),
        *(int(own[name] or 0) for name in MODAL_COLUMNS),
    )


def counts_of(parameters: Mapping[str, Any], rng: np.random.Generator) -> Counts:
    """Simulate the items of a study and return their sums; every item is a cluster."""
    answers, k = parameters["answers"], parameters["repeats"]
    p = chances(parameters["law"], answers, ITEMS, rng)
    counts = rng.multinomial(k, p)
    good = rng.random(ITEMS) < GOOD
    guess = np.where(good, p.argmax(axis=1), rng.integers(answers, size=ITEMS))
    match = counts[np.arange(ITEMS), guess]
    profiles = np.sort(counts, axis=1)[:, ::-1].tolist()
    rows = np.array([_columns(tuple(n for n in row if n)) for row in profiles], np.int64)
    names = ("ceiling", "squared", *MODAL_COLUMNS)
    ones = np.ones(ITEMS, np.int64)
    sums = dict(zip(names, rows.T, strict=True))
    shares = {name: UNIT for name in names if not name.startswith("modal_n")}
    return collapse(
        {"match_paired": match * (UNIT // k), "pairs": ones, **sums},
        unit={**shares, "match_paired": UNIT},
    )


def simulate(parameters: Mapping[str, Any], numbers: range) -> Columns:
    """Return the bias of each estimate, and what its interval covered, for each data set."""
    true = truth(parameters["law"], parameters["answers"])
    columns: Columns = {name: np.full(len(numbers), np.nan) for name in BIASES}
    columns |= {f"{name}.covered": np.zeros(len(numbers), bool) for name in COVERED}
    key = (parameters["law"], parameters["answers"], parameters["repeats"])
    for place, number in enumerate(numbers):
        rng = stream(SEED, "ceilings", *key, number)
        counts = counts_of(parameters, rng)
        means = {n: float(counts.totals[n]) / ITEMS for n in ("squared", "modal_plug")}
        found = {}
        for name in ("ceiling_resample", "normalized_accuracy", *_ENDS):
            measure = find_measure(name)
            restricted = counts.restricted(measure.sums)
            found[name] = estimate(
                restricted, measure.estimator, kind=measure.kind, level=LEVEL, rng=rng
            )
        low, high = (found[name] for name in _ENDS)
        resample, modal = true["ceiling_resample"], true["ceiling_modal"]
        columns["unbiased"][place] = found["ceiling_resample"].value - resample
        columns["plug_in_resample"][place] = means["squared"] - resample
        columns["plug_in_modal"][place] = means["modal_plug"] - modal
        columns["leave_one_out"][place] = low.value - modal
        for name in ("ceiling_resample", "normalized_accuracy"):
            one = found[name]
            columns[f"{name}.covered"][place] = one.low <= true[name] <= one.high
        columns["ceiling_modal.covered"][place] = low.low <= modal <= high.high
    return columns


_ENDS = ("ceiling_modal_lower", "ceiling_modal_upper")


def summarise(parameters: Mapping[str, Any], columns: Columns) -> list[dict[str, Any]]:
    """Return one row: mean biases, and how often each interval covered."""
    runs = len(columns[BIASES[0]])
    true = truth(parameters["law"], parameters["answers"])
    return [
        {
            "runs": runs,
            **{name: round(true[name], 4) for name in ("ceiling_resample", "ceiling_modal")},
            **{f"bias_{name}": round(float(columns[name].mean()), 5) for name in BIASES},
            **{f"covered_{n}": int(columns[f"{n}.covered"].sum()) for n in COVERED},
        }
    ]
