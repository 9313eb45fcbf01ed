"""Disjoint sets of an item's repeats: how often their commonest answers have nothing in common."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import comb

from foresay.trials.profiles import Profile, half

_State = tuple[int, int, int, int, bool]


def odd_half(k: int) -> int:
    """Return the largest odd number of repeats of which `k` hold two disjoint sets; 0 below two.

    Odd sets are tied less often, and tied answers are commonest each: sets of an even size share
    one so often that their difference would be too rare for a bound on that of larger sets.

    Examples
    --------
    >>> [odd_half(k) for k in (1, 2, 5, 6, 10)]
    [0, 1, 1, 3, 5]
    """
    n = half(k)
    return n - 1 if n and n % 2 == 0 else n


@lru_cache(maxsize=4096)
def disjoint(profile: Profile, n: int) -> Fraction:
    """Return the chance that two disjoint sets of `n` repeats share no commonest answer.

    Parameters
    ----------
    profile : tuple of int
        Repeats with each answer; k in all.
    n : int
        Repeats of each set, from 1 to k / 2.

    Examples
    --------
    >>> disjoint((1, 1), 1), disjoint((2, 2), 2)
    (Fraction(1, 1), Fraction(1, 3))
    """
    # drawn into either set, the most of one answer in each, and whether an answer is most in both
    states: dict[_State, int] = {(0, 0, 0, 0, False): 1}
    for own in profile:
        found: dict[_State, int] = {}
        for (one, two, most, more, shared), ways in states.items():
            for first in range(min(own, n - one) + 1):
                for second in range(min(own - first, n - two) + 1):
                    high, top = max(most, first), max(more, second)
                    still = shared and (high, top) == (most, more)
                    both = still or (first, second) == (high, top)
                    state = (one + first, two + second, high, top, both)
                    drawn = comb(own, first) * comb(own - first, second)
                    found[state] = found.get(state, 0) + ways * drawn
        states = found
    apart = sum(
        ways
        for (one, two, _, _, shared), ways in states.items()
        if one == n and two == n and not shared
    )
    k = sum(profile)
    return Fraction(apart, comb(k, n) * comb(k - n, n))
