"""Loops of numpy that draw clusters and add up their sums."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

SEED = 1
BATCH = 2**18
LOOP, BATCHED, COUNTED = "loop", "batches", "counts and a product"


def loop(columns: list[NDArray[np.int64]], resamples: int) -> NDArray[np.float64]:
    rng, n = np.random.default_rng(SEED), len(columns[0])
    found = np.empty((resamples, len(columns)))
    for b in range(resamples):
        drawn = rng.integers(n, size=n)
        for j, column in enumerate(columns):
            found[b, j] = column[drawn].sum()
    return found


def batches(columns: list[NDArray[np.int64]], resamples: int) -> NDArray[np.float64]:
    rng, n = np.random.default_rng(SEED), len(columns[0])
    found = np.empty((resamples, len(columns)))
    step = max(1, BATCH // n)
    for start in range(0, resamples, step):
        drawn = rng.integers(n, size=(min(step, resamples - start), n))
        for j, column in enumerate(columns):
            found[start : start + step, j] = column[drawn].sum(axis=1)
    return found


def counted(columns: list[NDArray[np.int64]], resamples: int) -> NDArray[np.float64]:
    rng, n = np.random.default_rng(SEED), len(columns[0])
    matrix = np.column_stack(columns).astype(np.float64)
    found = np.empty((resamples, len(columns)))
    for b in range(resamples):
        found[b] = np.bincount(rng.integers(n, size=n), minlength=n) @ matrix
    return found


LOOPS: dict[str, Callable[[list[NDArray[np.int64]], int], NDArray[np.float64]]] = {
    LOOP: loop,
    BATCHED: batches,
    COUNTED: counted,
}
