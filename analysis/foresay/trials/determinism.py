"""How varied a target's answers to an item are: entropy and distinct answers of N repeats."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from foresay.errors import UnsupportedError
from foresay.trials.behaviours import ITEM, UNIT
from foresay.trials.ceilings import profiles, with_columns
from foresay.trials.profiles import Profile


def entropy(profile: Profile, n: int) -> float:
    """Return the entropy of an item's answers that `n` repeats can tell of, in bits.

    Parameters
    ----------
    profile : tuple of int
        Repeats with each answer; k in all.
    n : int
        From 2 to k.

    Returns
    -------
    float
        Unbiased, for every k >= n, for the first n - 1 terms of the series ::

            H = sum_{v >= 1} (1 / v) sum_y p_y (1 - p_y)^v

        so it is the same quantity whatever the number of repeats. What is left out is never
        negative, ``sum_{v >= n} (1 / v) sum_y p_y (1 - p_y)^v``, and 0 for an item that always has
        the same answer. With n = k it is ``sum_y (n_y / k) (psi(k) - psi(n_y))``.

    References
    ----------
    Zhang 2012, doi:10.1162/NECO_a_00266; the closed form is that of Schuermann & Grassberger.

    Examples
    --------
    >>> round(entropy((1, 1), 2) * math.log(2), 12), entropy((5,), 5)
    (1.0, 0.0)
    """
    k = sum(profile)
    total = Fraction(0)
    for count in profile:
        # the chance that none of v others, drawn from the k - 1 others, has this answer
        missed = Fraction(1)
        for v in range(1, n):
            missed *= Fraction(max(k - count - v + 1, 0), k - v)
            total += Fraction(count, k) * missed / v
    return float(total) / math.log(2)


def distinct(profile: Profile, n: int) -> Fraction:
    """Return how many different answers `n` of the repeats are expected to have.

    Parameters
    ----------
    profile : tuple of int
        Repeats with each answer; k in all.
    n : int
        From 1 to k.

    Returns
    -------
    Fraction
        ``sum_y 1 - C(k - n_y, n) / C(k, n)``: exactly unbiased for n repeats (rarefaction).

    References
    ----------
    Hurlbert 1971, doi:10.2307/1934145.

    Examples
    --------
    >>> distinct((3, 1, 1), 2), distinct((3, 1, 1), 5)
    (Fraction(17, 10), Fraction(3, 1))
    """
    k = sum(profile)
    ways = math.comb(k, n)
    return sum((1 - Fraction(math.comb(k - count, n), ways) for count in profile), Fraction(0))


def determinism_facts(answer_shares: Any, n: int) -> Any:
    """Return the entropy and the distinct answers of `n` repeats of each item.

    Parameters
    ----------
    answer_shares : ibis.Table
        See `foresay.trials.behaviours.shares`.
    n : int
        Repeats that are compared, at least 2.

    Returns
    -------
    ibis.Table
        The item's columns, `entropy` (bits) and `distinct` (answers), both in units of
        ``1 / UNIT`` and missing where there are fewer than `n` repeats.
    """

    def columns(profile: Profile) -> dict[str, int | None]:
        if sum(profile) < n:
            return {"entropy": None, "distinct": None}
        return {
            "entropy": round(entropy(profile, n) * UNIT),
            "distinct": round(distinct(profile, n) * UNIT),
        }

    return with_columns(profiles(answer_shares, ITEM), columns)


def fewest_repeats(answer_shares: Any) -> int:
    """Return the smallest number of repeats of an item that has at least two.

    Raises
    ------
    UnsupportedError
        No item has two.
    """
    several = answer_shares.filter(answer_shares.k >= 2)
    fewest = several.k.min().to_pyarrow().as_py()
    if fewest is None:
        raise UnsupportedError(
            "entropy needs items with two repeats or more of the target's answer; there are none"
        )
    return int(fewest)
