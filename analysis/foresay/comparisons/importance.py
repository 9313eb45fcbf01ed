"""Which choice moves the results of a specification curve most: their variance, split exactly.

A set of choices explains the variance of the means over the specifications that agree in it. The
share of one choice is its Shapley value: what it adds to the sets of the others, averaged over
all orders in which choices can be added. The shares add up to 1, interactions are divided evenly
among the choices that take part in them, and combinations that were left out need no correction.

What a choice explains *alone* is its main effect (in a full grid that of a balanced analysis of
variance); the rest of its share is interaction. Not a statement about the error of any result, and
not about choices that were not varied.

References
----------
Owen 2014, doi:10.1137/130936233; Song, Nelson & Staum 2016, doi:10.1137/15M1048070.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foresay.counts import FloatArray, IntArray

MOST_CHOICES = 14
"""Choices that matter up to which all their sets are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one choice does to the results.

    Parameters
    ----------
    choice : str
        Its name.
    share : float
        Its Shapley share of the variance, in 0..1; ``nan`` where nothing varies.
    alone : float
        The share that it explains by itself, in 0..1.
    """

    choice: str
    share: float
    alone: float


def importance(values: FloatArray, branches: Mapping[str, Sequence[str]]) -> list[Share]:
    """Return the share of each choice in the variance of the results.

    Parameters
    ----------
    values : array of shape (specifications,)
        Finite results.
    branches : mapping of str to sequence of str
        For each choice, the branch of each specification.

    Returns
    -------
    list of Share
        In the order of `branches`; ``nan`` where the results do not vary, or more than
        `MOST_CHOICES` choices do.

    Examples
    --------
    >>> found = importance(np.array([0.0, 0.0, 1.0, 1.0]), {"a": "xxyy", "b": "xyxy"})
    >>> [(one.choice, one.share) for one in found]
    [('a', 1.0), ('b', 0.0)]
    """
    codes = {
        name: np.unique(list(texts), return_inverse=True)[1] for name, texts in branches.items()
    }
    varied = [name for name, code in codes.items() if len(code) and code.max() > 0]
    spread = float(np.var(values)) if len(values) else 0.0
    nothing = spread <= (1e-12 * float(np.abs(values).max(initial=0.0))) ** 2
    if nothing or len(varied) > MOST_CHOICES:
        return [Share(choice=name, share=math.nan, alone=math.nan) for name in branches]
    explained = _explained(values, [codes[name] for name in varied])
    weight = [
        math.factorial(size) * math.factorial(len(varied) - size - 1) / math.factorial(len(varied))
        for size in range(len(varied))
    ]
    shares = dict.fromkeys(branches, (0.0, 0.0))
    for number, name in enumerate(varied):
        bit = 1 << number
        added = sum(
            weight[chosen.bit_count()] * (explained[chosen | bit] - explained[chosen])
            for chosen in range(1 << len(varied))
            if not chosen & bit
        )
        shares[name] = (added / spread, explained[bit] / spread)
    return [Share(choice=name, share=s, alone=a) for name, (s, a) in shares.items()]


def _codes(texts: Sequence[str]) -> IntArray:
    return np.unique(list(texts), return_inverse=True)[1].reshape(-1).astype(np.int64)


def _explained(values: FloatArray, codes: Sequence[IntArray]) -> list[float]:
    """Return the variance that every set of choices explains; bit j of its place is choice j."""
    middle = values - values.mean()
    places: list[IntArray] = [np.zeros(len(values), np.int64)]
    explained = [0.0]
    for chosen in range(1, 1 << len(codes)):
        last = chosen.bit_length() - 1
        before = places[chosen ^ (1 << last)]
        code = before * (int(codes[last].max()) + 1) + codes[last]
        place = np.unique(code, return_inverse=True)[1].reshape(-1)
        many = np.bincount(place)
        places.append(place)
        means = np.bincount(place, weights=middle) / many
        explained.append(float((many * means**2).sum()) / len(values))
    return explained
