"""Fresh studies of a simulated world: how often they find an effect, and what a pilot promised.

Nothing here is a test; a full run uses the same function with more studies.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from foresay.simulation import World, simulate, true_values
from foresay.workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What was promised, and what came.

    Parameters
    ----------
    effect : float
        The true self advantage.
    promised : float
        Power that the planner gave, from one pilot study.
    found : int
        Fresh studies whose sign-flip test finds the effect at .05.
    studies : int
        All of them.
    """

    effect: float
    promised: float
    found: int
    studies: int


def power_against_planner(
    folder: Path,
    *,
    items: int,
    studies: int,
    seed: int = 1,
    pilot_items: int | None = None,
    runs: int = 4_000,
    **world: Any,
) -> Comparison:
    """Compare the planner's power, from one pilot study, with fresh studies of the same world.

    One large study is simulated and its prompts dealt out: some to a pilot, `items` of each task to
    every fresh study, so that all come from the same tasks. The planner is asked for the power at
    the true effect.

    Parameters
    ----------
    folder : Path
        An empty folder to write to.
    items : int
        Prompts of each task in a fresh study.
    studies : int
        Fresh studies.
    seed : int
        Seed.
    pilot_items : int, optional
        Prompts of each task in the pilot; as many as in a fresh study by default.
    runs : int
        Simulated studies of the planner.
    **world
        Parameters of `foresay.simulation.World`.
    """
    pilot_items = pilot_items or items
    parameters = {"tasks": 2, "properties": 2, "repeats": 3, "n_train": (1_000,), **world}
    made = World(items=pilot_items + items * studies, **parameters)
    simulated = simulate(made, seed)
    table = simulated.tables["predictions"]
    number = table["item"].str.rpartition("-")[2].astype(int) - 1
    sheet = np.where(number < pilot_items, 0, 1 + (number - pilot_items) // items)
    simulated.tables["predictions"] = table.assign(sheet=sheet)
    simulated.study["tables"]["predictions"]["conditions"] = ["sheet"]
    path = simulated.write(folder)
    truth = true_values(made, seed).set_index("estimand").loc["self_advantage", "value"]
    effect = float(np.ravel(truth)[0])
    with Workbench.open(path) as bench:
        promised = bench.power(
            effects=[effect],
            clusters=[items * made.tasks],
            where="sheet = '0'",
            by="target",
            runs=runs,
        )
        fresh = bench.contrast(by="sheet", where="sheet <> '0'", resamples=1_000)
    excluded = fresh["p_value"] <= 0.05
    return Comparison(
        effect=effect,
        promised=float(promised["power"].iloc[0]),
        found=int(excluded.sum()),
        studies=len(fresh),
    )
