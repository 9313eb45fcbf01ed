"""The libraries and loops that foresay is timed beside; each draws whole units of a case."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from measuring.statistics import SEED, Case

BATCH_CELLS = 10_000_000

NUMPY = "numpy loop"
SCIPY = "scipy.stats.bootstrap"
ARCH = "arch IIDBootstrap"
PANDAS = "pandas DataFrame.sample loop"

Call = Callable[[Case, int], object]


def scipy_bootstrap(case: Case, resamples: int, method: str = "percentile") -> object:
    return stats.bootstrap(
        case.columns,
        case.statistic,
        n_resamples=resamples,
        batch=max(1, min(resamples, BATCH_CELLS // case.n)),
        paired=len(case.columns) > 1,
        vectorized=True,
        method=method,
        rng=np.random.default_rng(SEED),
    )


def numpy_loop(case: Case, resamples: int) -> object:
    rng = np.random.default_rng(SEED)
    found = np.empty(resamples)
    for b in range(resamples):
        drawn = rng.integers(case.n, size=case.n)
        found[b] = case.statistic(*(column[drawn] for column in case.columns))
    return np.quantile(found, [0.025, 0.975])


def arch_bootstrap(case: Case, resamples: int, method: str = "percentile") -> object:
    from arch.bootstrap import IIDBootstrap

    made = IIDBootstrap(*case.columns, seed=np.random.default_rng(SEED))

    def statistic(*columns: NDArray[np.float64]) -> float:
        return float(case.statistic(*columns))

    return made.conf_int(statistic, reps=resamples, method=method, size=0.95)


def frame_sample(case: Case, resamples: int) -> object:
    import pandas as pd

    frame = pd.DataFrame(dict(zip(case.names, case.columns, strict=True)))
    rng = np.random.default_rng(SEED)
    found = [
        case.statistic(*frame.sample(frac=1, replace=True, random_state=rng).to_numpy().T)
        for _ in range(resamples)
    ]
    return np.quantile(found, [0.025, 0.975])


PEERS: dict[str, Call] = {
    SCIPY: scipy_bootstrap,
    NUMPY: numpy_loop,
    ARCH: arch_bootstrap,
    PANDAS: frame_sample,
}
"""Everyone's percentile interval."""

BCA: dict[str, Call] = {
    SCIPY: lambda case, resamples: scipy_bootstrap(case, resamples, "BCa"),
    ARCH: lambda case, resamples: arch_bootstrap(case, resamples, "bca"),
}
"""Those that have BCa; both leave out each unit in turn, on all the others."""


def installed(who: str) -> bool:
    """Say whether a peer can be timed here; arch is in the development group alone."""
    return who != ARCH or importlib.util.find_spec("arch") is not None
