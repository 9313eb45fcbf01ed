"""Behaviour that seems shifted where nothing was: how well repeats foretell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from foresay.resampling import stream
from foresay.trials.splits import disjoint, odd_half
from validity.study import SEED, Case, Columns, Results, Section
from validity.tables import share, table

RUNS = 200
ITEMS, ANSWERS, CONCENTRATION = 200, 4, 0.5
OPENING = f"""{ITEMS} items whose {ANSWERS} answers have Dirichlet chances (concentration
{CONCENTRATION}); base and target answer each item k times with the same chances, so that nothing is
shifted. *seems shifted*: the share of items where the two share no commonest answer. *noise*: the
share that the base's own repeats foretell. Single replies are held against single replies; modes
of k against those of the largest odd sets that fit twice into k, which are noisier, so that the
noise is rather too high and the share beyond it rather too low. *false*: how often the share
beyond noise is two standard errors over 0."""


def simulate(parameters: Mapping[str, Any], numbers: range) -> Columns:
    """Return the share that seems shifted, the noise, and whether it seems a finding."""
    k, truth = parameters["repeats"], parameters["truth"]
    n = 1 if truth == "first" else odd_half(k)
    names = ("shifted", "noise")
    columns: Columns = {name: np.zeros(len(numbers)) for name in names}
    columns["beyond.rejected"] = np.zeros(len(numbers), bool)
    for place, number in enumerate(numbers):
        rng = stream(SEED, "shifts", truth, str(k), str(number))
        chances = rng.dirichlet(np.full(ANSWERS, CONCENTRATION), ITEMS)
        seen = [rng.multinomial(k, chances) for _ in range(2)]
        if truth == "first":
            one, other = (_first(rng, counts) for counts in seen)
            apart = one != other
        else:
            modes = [counts == counts.max(axis=1, keepdims=True) for counts in seen]
            apart = ~(modes[0] & modes[1]).any(axis=1)
        profiles = [tuple(sorted((int(c) for c in row if c), reverse=True)) for row in seen[0]]
        worked = {p: float(disjoint(p, n)) for p in Counter(profiles)}
        noise = np.array([worked[p] for p in profiles])
        difference = apart - noise
        error = difference.std(ddof=1) / np.sqrt(ITEMS)
        columns["shifted"][place], columns["noise"][place] = apart.mean(), noise.mean()
        columns["beyond.rejected"][place] = difference.mean() > 2 * error
    return columns


def _first(rng: np.random.Generator, counts: np.ndarray) -> np.ndarray:
    """Return one of the repeats of each item."""
    place = rng.integers(counts.sum(axis=1))
    return np.asarray((place[:, None] >= counts.cumsum(axis=1)).sum(axis=1))


def summarise(parameters: Mapping[str, Any], columns: Columns) -> list[dict[str, Any]]:
    """Return the means, and how often nothing seems something."""
    del parameters
    return [
        {
            "runs": len(columns["shifted"]),
            "shifted": round(float(columns["shifted"].mean()), 6),
            "noise": round(float(columns["noise"].mean()), 6),
            "false": int(columns["beyond.rejected"].sum()),
        }
    ]


def text(results: Results) -> str:
    """Return the section of the page."""
    cases = results["shifts"]
    if not cases:
        return ""
    rows = [
        [
            {"first": "single reply", "modal": "mode of k"}[one["truth"]],
            str(one["repeats"]),
            share(one.rows[0]["shifted"]),
            share(one.rows[0]["noise"]),
            share(float(Fraction(one.rows[0]["false"], one.rows[0]["runs"]))),
        ]
        for one in cases
    ]
    head = ["truth", "k", "seems shifted", "noise", "false"]
    return "\n\n".join(["## Behaviour that seems shifted", OPENING, table(head, rows)])


SECTION = Section(
    name="shifts",
    text=text,
    cases=tuple(
        Case({"truth": truth, "repeats": k}, RUNS)
        for truth in ("first", "modal")
        for k in (2, 5, 6, 7, 10, 20)
    ),
    simulate=simulate,
    summarise=summarise,
    code=(
        "analysis/foresay/trials/profiles.py",
        "analysis/foresay/trials/splits.py",
        "analysis/foresay/resampling/streams.py",
        "tests/validity/sections/shifts.py",
    ),
)
