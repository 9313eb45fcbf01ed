"""How many repeats of each prompt buy how much precision of the resample ceiling."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from foresay.errors import UnsupportedError

_FEWEST = 4


def ceiling_precision(
    answer_counts: Sequence[Sequence[int]], *, repeats: Sequence[int], items: Sequence[int]
) -> pd.DataFrame:
    """Return the standard error of the resample ceiling for other numbers of repeats and items.

    The ceiling of an item is a U-statistic of its k repeats; by Hoeffding's decomposition its
    variance is ``4 (k - 2) / (k (k - 1)) z1 + 2 / (k (k - 1)) z2``, where
    ``z1 = sum p^3 - (sum p^2)^2`` and ``z2 = sum p^2 - (sum p^2)^2``. The means of z1, z2 and the
    variance between items are estimated without bias from the study's own repeats.

    Parameters
    ----------
    answer_counts : sequence of sequences of int
        For each item, how often each of its answers was given; items with fewer than 4 repeats
        are left out.
    repeats : sequence of int
        Numbers of repeats of the planned study, each at least 2.
    items : sequence of int
        Numbers of items of the planned study, each at least 1.

    Returns
    -------
    DataFrame
        `repeats, items, replies, standard_error`, and `share_between`: the part of the variance
        that further repeats cannot reduce, 0..1.

    Raises
    ------
    UnsupportedError
        Fewer than 2 items with 4 repeats.

    References
    ----------
    Hoeffding 1948, doi:10.1214/aoms/1177730196.
    """
    used = [np.asarray(c, np.int64) for c in answer_counts if sum(c) >= _FEWEST]
    if len(used) < 2:
        raise UnsupportedError(
            f"planning repeats needs at least 2 items with {_FEWEST} repeats; there are {len(used)}"
        )
    moments = np.array([_moments(counts) for counts in used])
    two, three, squared = moments.mean(axis=0)
    within_one = max(three - squared, 0.0)
    within_two = max(two - squared, 0.0)
    observed = moments[:, 0].var(ddof=1)
    own = np.mean([_within(int(c.sum()), within_one, within_two) for c in used])
    between = max(float(observed - own), 0.0)
    rows = []
    for k in repeats:
        within = _within(k, within_one, within_two)
        for n in items:
            total = between + within
            rows.append(
                {
                    "repeats": k,
                    "items": n,
                    "replies": k * n,
                    "standard_error": float(np.sqrt(total / n)),
                    "share_between": between / total if total > 0 else float("nan"),
                }
            )
    return pd.DataFrame(rows)


def _within(k: int, one: float, two: float) -> float:
    """Variance of an item's ceiling over its own repeats."""
    return (4 * (k - 2) * one + 2 * two) / (k * (k - 1))


def _moments(counts: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return unbiased estimates of sum p^2, sum p^3 and (sum p^2)^2 from one item's repeats."""
    n = counts.astype(np.float64)
    k = float(n.sum())
    falling2 = n * (n - 1)
    falling3 = falling2 * (n - 2)
    falling4 = falling3 * (n - 3)
    two = falling2.sum() / (k * (k - 1))
    three = falling3.sum() / (k * (k - 1) * (k - 2))
    # two disjoint pairs: of the same answer, or of two answers
    pairs = falling4.sum() + falling2.sum() ** 2 - (falling2**2).sum()
    return two, three, pairs / (k * (k - 1) * (k - 2) * (k - 3))
