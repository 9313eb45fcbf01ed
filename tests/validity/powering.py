"""Power: what the planner promises from a pilot study, and how often fresh studies find the effect.

One number of a case is one pilot with its fresh studies; it is the seed of their world.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from validity.fingerprints import COMPARISONS
from validity.study import Columns

CODE = (
    *COMPARISONS,
    "analysis/foresay/planning",
    "analysis/foresay/simulation",
    "analysis/foresay/trials",
    "analysis/foresay/estimation",
    "tests/planning/simulations.py",
    "tests/validity/powering.py",
)
STUDIES = 100


def simulate(parameters: Mapping[str, Any], numbers: range) -> Columns:
    """Return, for each pilot, the effect, the promised power, and how many studies found it."""
    from planning.simulations import power_against_planner  # loads the whole of foresay

    made = []
    for number in numbers:
        with TemporaryDirectory() as folder:
            made.append(
                power_against_planner(
                    Path(folder),
                    items=parameters["items"] // 2,  # of each of two tasks
                    studies=STUDIES,
                    pilot_items=100,
                    seed=number,
                    self_advantage=parameters["advantage"],
                    knowledge=0.5,
                    projection=0.0,
                )
            )
    return {
        "effect": np.array([one.effect for one in made]),
        "promised": np.array([one.promised for one in made]),
        "found.rejected": np.array([one.found for one in made]),
        "studies": np.array([one.studies for one in made]),
    }


def summarise(parameters: Mapping[str, Any], columns: Columns) -> list[dict[str, Any]]:
    """Return the means over pilots, and the sums of fresh studies."""
    return [
        {
            "effect": round(float(columns["effect"].mean()), 6),
            "promised": round(float(columns["promised"].mean()), 6),
            "found": int(columns["found.rejected"].sum()),
            "studies": int(columns["studies"].sum()),
        }
    ]
