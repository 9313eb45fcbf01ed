"""Mid-p McNemar: two proportions of the same clusters, one 0/1 trial of each arm in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from foresay.comparisons.arms import Comparison
from foresay.counts import Counts, FloatArray
from foresay.measures.kinds import Proportion


@dataclass(frozen=True, slots=True, kw_only=True)
class McNemar:
    """Result of the mid-p McNemar test.

    Parameters
    ----------
    p_value : float
        Two-sided mid-p; ``nan`` where the test does not apply.
    first_only, second_only : int
        Clusters where only the first arm is right, and only the second.
    reason : str
        Why it does not apply; "" where it does.
    """

    p_value: float = float("nan")
    first_only: int = 0
    second_only: int = 0
    reason: str = ""


def mcnemar(counts: Counts, compared: Comparison) -> McNemar:
    """Test that two arms are right equally often.

    Parameters
    ----------
    counts : Counts
        Sums of the arms ``of`` and ``minus`` per pattern.
    compared : Comparison
        A comparison of two arms by a proportion.

    Returns
    -------
    McNemar
        With a reason where a cluster has more than one trial of an arm, or shares instead of 0
        and 1: the test takes pairs for independent, and clustered pairs are not.

    Notes
    -----
    With ``n = b + c`` clusters where one arm alone is right, ``p = 2 P(X <= min(b, c)) -
    P(X = min(b, c))`` for X binomial (n, 1/2). It is not exact, but was never above the nominal
    level by more than a hair in the cited study, and less conservative than the exact test.

    References
    ----------
    Fagerland, Lydersen & Laake 2013, doi:10.1186/1471-2288-13-91.
    """
    kind = compared.measure.kind
    if compared.crossed or not isinstance(kind, Proportion):
        return McNemar(reason="McNemar compares two proportions: not tested")
    right = [_column(counts, f"{arm}.{kind.numerator}") for arm in compared.arms]
    asked = [_column(counts, f"{arm}.{kind.denominator}") for arm in compared.arms]
    if not all(bool((one == 1).all()) for one in asked):
        return McNemar(
            reason="McNemar needs one trial of each arm in a cluster, and some have more or "
            "none: not tested"
        )
    if not all(bool(np.isin(one, (0.0, 1.0)).all()) for one in right):
        return McNemar(reason="McNemar needs matches of 0 or 1, and some are shares: not tested")
    first = int(counts.multiplicity[right[0] > right[1]].sum())
    second = int(counts.multiplicity[right[1] > right[0]].sum())
    return McNemar(p_value=mid_p(first, second), first_only=first, second_only=second)


def _column(counts: Counts, name: str) -> FloatArray:
    column = counts.names.index(name)
    return np.asarray(counts.numerators[:, column] / counts.scale[column])


def mid_p(first_only: int, second_only: int) -> float:
    """Return the two-sided mid-p value for two numbers of discordant pairs.

    Examples
    --------
    >>> round(mid_p(1, 7), 6)
    0.039062
    """
    n, least = first_only + second_only, min(first_only, second_only)
    upto = float(special.bdtr(least, n, 0.5))
    before = float(special.bdtr(least - 1, n, 0.5)) if least else 0.0
    return min(1.0, upto + before)
