"""Accuracy over the mode baseline: how a case is simulated and summed up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from foresay.counts import collapse
from foresay.measures import find_measure
from foresay.resampling import estimate, stream
from foresay.trials import UNIT
from validity.fingerprints import INFERENCE
from validity.study import LEVEL, RESAMPLES, SEED, Columns

CODE = (*INFERENCE, "tests/validity/guessing.py")
ACCURACY = 0.6
WAYS = ("train", "insample", "loo", "chosen again")


def scores(answers: np.ndarray, n_answers: int) -> dict[str, np.ndarray]:
    """Return what the mode scores on each item, in-sample and leave-one-out, ties split."""
    counts = np.bincount(answers, minlength=n_answers)
    modes = counts == counts.max()
    left = np.tile(counts, (len(answers), 1))
    left[np.arange(len(answers)), answers] -= 1
    best = left == left.max(axis=1, keepdims=True)
    own = best[np.arange(len(answers)), answers]
    return {"insample": modes[answers] / modes.sum(), "loo": own / best.sum(axis=1)}


def simulate(parameters: Mapping[str, Any], numbers: range) -> Columns:
    """Return, for each way to take the mode, the error and what its interval covered."""
    law, items = np.array(parameters["law"]), parameters["items"]
    n_answers = len(law)
    columns: Columns = {}
    for way in WAYS:
        columns[f"{way}.error"] = np.full(len(numbers), np.nan)
        columns[f"{way}.covered"] = np.zeros(len(numbers), bool)
    for place, number in enumerate(numbers):
        rng = stream(SEED, "baselines", *parameters["law"], items, number)
        answers = rng.choice(n_answers, size=items, p=law)
        match = (rng.random(items) < ACCURACY).astype(np.int64)
        learnt = int(np.bincount(rng.choice(n_answers, size=items, p=law)).argmax())
        guesses = {"train": (answers == learnt).astype(float), **scores(answers, n_answers)}
        true = {way: ACCURACY - float(law.max()) for way in WAYS}
        true["train"] = ACCURACY - float(law[learnt])
        for way, score in guesses.items():
            measure = find_measure("advantage", baseline="mode_insample")
            ones = np.ones(items, np.int64)
            counts = collapse(
                {
                    "match": match * UNIT,
                    "baseline_insample": np.round(score * UNIT).astype(np.int64),
                    "trials": ones,
                },
                unit={"match": UNIT, "baseline_insample": UNIT},
            )
            made = estimate(counts, measure.estimator, kind=measure.kind, level=LEVEL, rng=rng)
            columns[f"{way}.error"][place] = made.value - true[way]
            columns[f"{way}.covered"][place] = made.low <= true[way] <= made.high
        again = _chosen_again(match, answers, n_answers, rng)
        way = WAYS[-1]
        value = match.mean() - np.bincount(answers).max() / items
        columns[f"{way}.error"][place] = value - true[way]
        low, high = np.quantile(again, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        columns[f"{way}.covered"][place] = low <= true[way] <= high
    return columns


def _chosen_again(
    match: np.ndarray, answers: np.ndarray, n_answers: int, rng: np.random.Generator
) -> np.ndarray:
    """Return replicates in each of which the mode is chosen anew, which foresay does not do."""
    items = len(match)
    weights = rng.multinomial(items, np.full(items, 1 / items), size=RESAMPLES)
    counts = np.stack([weights[:, answers == y].sum(axis=1) for y in range(n_answers)], axis=1)
    return np.asarray((weights @ match - counts.max(axis=1)) / items)


def summarise(parameters: Mapping[str, Any], columns: Columns) -> list[dict[str, Any]]:
    """Return one row a way to take the mode: mean error and coverage."""
    del parameters
    return [
        {
            "mode": way,
            "runs": len(columns[f"{way}.error"]),
            "bias": round(float(columns[f"{way}.error"].mean()), 5),
            "covered": int(columns[f"{way}.covered"].sum()),
        }
        for way in WAYS
    ]
