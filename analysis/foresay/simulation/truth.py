"""What is true in a world: the values that estimates of endless prompts would have."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foresay.simulation.generation import Behaviours, behave
from foresay.simulation.world import TARGET, World

_PROMPTS = 200_000


def true_values(world: World, seed: int, *, prompts: int = _PROMPTS) -> pd.DataFrame:
    """Return the true value of each estimand under ``compliance: count_wrong, truth: each``.

    The tasks of a seed are its own (their habits are drawn once), the prompts are endless:
    integrals over prompts are means over `prompts` further ones, everything else is exact.

    Parameters
    ----------
    world : World
        What is true.
    seed : int
        Seed of the simulated study, for the habits of its tasks.
    prompts : int
        Prompts of the means; their error is below ``0.5 / sqrt(prompts)``.

    Returns
    -------
    DataFrame
        `estimand, predictor, target, n_train, value`: ``accuracy`` and ``compliance`` of each
        predictor, ``ceiling_resample`` of the target, ``self_advantage`` by `n_train`.
    """
    many = world.model_copy(update={"items": max(1, prompts // world.tasks)})
    rng = np.random.Generator(np.random.PCG64DXSM([seed, 1]))
    behaviours = behave(many, rng)
    rows: list[dict[str, object]] = []
    accuracy: dict[tuple[bool, int], float] = {}
    for name, _, own, n in world.predictors():
        accuracy[own, n] = _accuracy(world, behaviours, own=own, n_train=n)
        known = {"predictor": name, "target": TARGET, "n_train": n}
        rows.append({"estimand": "accuracy", **known, "value": accuracy[own, n]})
        rows.append({"estimand": "compliance", **known, "value": world.compliance(n)})
    ceiling = float((behaviours.probability**2).sum(axis=2).mean())
    rows.append({"estimand": "ceiling_resample", "target": TARGET, "value": ceiling})
    for n in sorted(world.n_train):
        gain = accuracy[True, n] - accuracy[False, n]
        rows.append({"estimand": "self_advantage", "target": TARGET, "n_train": n, "value": gain})
    return pd.DataFrame(rows, columns=["estimand", "predictor", "target", "n_train", "value"])


def _accuracy(world: World, behaviours: Behaviours, *, own: bool, n_train: int) -> float:
    """Return the chance of a match: knowing, projecting or following the habit of the task."""
    known = world.known(own=own, n_train=n_train)
    projected = behaviours.own_mode if own else behaviours.other_mode

    def right(said: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> float:
        chance = np.take_along_axis(behaviours.probability, said[..., None], axis=2)
        return float(chance.mean())

    guessed = world.projection * right(projected) + (1 - world.projection) * right(
        behaviours.task_mode
    )
    matched = known * right(behaviours.own_mode) + (1 - known) * guessed
    return world.compliance(n_train) * matched
