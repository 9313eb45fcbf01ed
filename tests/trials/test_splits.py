from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations

import pytest

from foresay.trials.splits import disjoint, odd_half


def commonest(said):
    counts = Counter(said)
    return {answer for answer, n in counts.items() if n == max(counts.values())}


def enumerated(profile, n):
    """The same by trying all pairs of disjoint sets."""
    said = [answer for answer, count in enumerate(profile) for _ in range(count)]
    places = range(len(said))
    tried = apart = 0
    for first in combinations(places, n):
        for second in combinations([p for p in places if p not in first], n):
            tried += 1
            apart += not commonest(said[p] for p in first) & commonest(said[p] for p in second)
    return Fraction(apart, tried)


@pytest.mark.parametrize(
    "profile", [(2,), (1, 1), (2, 1), (3, 1), (2, 2), (3, 2, 1), (2, 2, 2), (4, 1, 1), (3, 3, 1)]
)
def test_chances_are_those_of_all_splits(profile):
    for n in range(1, sum(profile) // 2 + 1):
        assert disjoint(profile, n) == enumerated(profile, n)


def test_halves_are_odd():
    assert [odd_half(k) for k in (1, 2, 3, 4, 7, 12, 100)] == [0, 1, 1, 1, 3, 5, 11]
