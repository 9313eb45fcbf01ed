"""Profiles: how often an item's answers were given, and what random parts of its repeats give.

A profile is the numbers of an item's answers from most to least, such as ``(3, 1, 1)``: all that
a ceiling depends on. Items have few distinct ones (7 for five repeats, 42 for ten), so that each
is worked out once, exactly, whatever the number of items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import comb
from typing import TypeAlias

Profile: TypeAlias = tuple[int, ...]
"""Numbers of repeats with each answer of an item, all at least 1."""

LARGEST_HALF = 12
"""Most repeats of a half whose mode is compared; larger halves take seconds an item."""


def same(profile: Profile, n: int) -> Fraction:
    """Return the chance that `n` of the repeats, drawn without replacement, are the same.

    Parameters
    ----------
    profile : tuple of int
        Repeats with each answer; k in all.
    n : int
        From 1 to k.

    Returns
    -------
    Fraction
        ``sum_y C(n_y, n) / C(k, n)``, unbiased for ``sum_y p_y^n``.

    Examples
    --------
    >>> same((3, 1, 1), 2)
    Fraction(3, 10)
    """
    return Fraction(sum(comb(count, n) for count in profile), comb(sum(profile), n))


def squared(profile: Profile, n: int) -> Fraction:
    """Return the plug-in ``sum_y (n_y / n)^2`` that `n` of the repeats are expected to give.

    Too high by ``(1 - sum_y p_y^2) / n``.

    Examples
    --------
    >>> squared((3, 1, 1), 5)
    Fraction(11, 25)
    """
    return Fraction(1, n) + Fraction(n - 1, n) * same(profile, 2)


def largest(profile: Profile, n: int) -> Fraction:
    """Return the share of the commonest answer that `n` of the repeats are expected to give.

    The plug-in ``max_y n_y / n``; too high for ``max_y p_y``.

    Examples
    --------
    >>> largest((3, 1, 1), 5), largest((1, 1), 1)
    (Fraction(3, 5), Fraction(1, 1))
    """
    ways = comb(sum(profile), n)
    # the expectation of the largest number is the sum of the chances to exceed 0, 1, 2, ...
    exceeding = sum(ways - _bounded(profile, most)[n] for most in range(n))
    return Fraction(exceeding, ways * n)


def left_out(profile: Profile) -> Fraction:
    """Return the chance that one repeat is the mode of all others, ties split.

    The leave-one-out accuracy of the mode, for two repeats or more: too low for ``max_y p_y``.

    Examples
    --------
    >>> left_out((3, 1, 1)), left_out((1, 1)), left_out((2, 2, 1))
    (Fraction(3, 5), Fraction(0, 1), Fraction(0, 1))
    """
    total = Fraction(0)
    for own, number, others in _choices_of(profile):
        most = others[0] if others else 0
        if own - 1 > most:
            total += number * own
        elif own - 1 == most:
            total += Fraction(number * own, 1 + others.count(most))
    return total / sum(profile)


def agree(profile: Profile, first: int, second: int) -> Fraction:
    """Return the chance that the modes of two disjoint sets of repeats agree, ties split.

    Parameters
    ----------
    profile : tuple of int
        Repeats with each answer; k in all.
    first, second : int
        Repeats of the two sets, at least 1 each and at most k together. With a second of 1 it is
        the chance that a single run hits the mode of `first`; for ``k - 1`` and 1 `left_out`.

    Examples
    --------
    >>> agree((3, 1), 2, 2), agree((2, 2), 1, 1) == same((2, 2), 2)
    (Fraction(1, 2), True)
    """
    k = sum(profile)
    total = Fraction(0)
    for own, number, others in _choices_of(profile):
        for one in range(1, min(own, first) + 1):
            for two in range(1, min(own - one, second) + 1):
                pairs = _ways(others, (one, two), (first - one, second - two))
                chance = sum(
                    Fraction(ways, (1 + ties) * (1 + more)) for (ties, more), ways in pairs.items()
                )
                total += number * comb(own, one) * comb(own - one, two) * chance
    return total / (comb(k, first) * comb(k - first, second))


def half(k: int) -> int:
    """Return the repeats of each of the two halves whose modes are compared, for `k` repeats.

    Examples
    --------
    >>> [half(k) for k in (2, 3, 5, 10, 100)]
    [1, 1, 2, 5, 12]
    """
    return min(k // 2, LARGEST_HALF)


def _choices_of(profile: Profile) -> Iterator[tuple[int, int, Profile]]:
    """Yield each distinct number of repeats, how many answers have it, and the other answers."""
    for own, number in Counter(profile).items():
        others = list(profile)
        others.remove(own)
        yield own, number, tuple(sorted(others, reverse=True))


@lru_cache(maxsize=4096)
def _bounded(profile: Profile, most: int) -> list[int]:
    """Count the ways to draw 0, 1, ... k repeats with no answer more than `most` times."""
    ways = [1]
    for count in profile:
        more = [0] * (len(ways) + count)
        for taken in range(min(most, count) + 1):
            chosen = comb(count, taken)
            for used, number in enumerate(ways):
                more[used + taken] += number * chosen
        ways = more
    return ways


@lru_cache(maxsize=65_536)
def _ways(others: Profile, most: tuple[int, int], n: tuple[int, int]) -> dict[tuple[int, int], int]:
    """Count the ways to draw two disjoint sets of `n` repeats, by ties with the largest number.

    In neither set is any answer drawn more than `most` times; the ties are answers drawn so often.
    """
    states = {(0, 0, 0, 0): 1}
    left = sum(others)
    for own in others:
        left -= own
        found: dict[tuple[int, int, int, int], int] = {}
        for (one, two, ties, more), ways in states.items():
            for first in range(min(own, most[0], n[0] - one) + 1):
                for second in range(min(own - first, most[1], n[1] - two) + 1):
                    if left < n[0] - one - first + n[1] - two - second:
                        continue  # what follows cannot fill the sets
                    drawn = comb(own, first) * comb(own - first, second)
                    at = (
                        one + first,
                        two + second,
                        ties + (first == most[0]),
                        more + (second == most[1]),
                    )
                    found[at] = found.get(at, 0) + ways * drawn
        states = found
    return {(ties, more): ways for (*drawn, ties, more), ways in states.items() if (*drawn,) == n}
