from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations, product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.trials.profiles import agree, half, largest, left_out, same, squared

TRUTHS = [(Fraction(1, 2), Fraction(1, 2)), (Fraction(3, 5), Fraction(3, 10), Fraction(1, 10))]


def partitions(k, most=None):
    """Yield every profile of `k` repeats."""
    if k == 0:
        yield ()
        return
    for first in range(min(k, most or k), 0, -1):
        for rest in partitions(k - first, first):
            yield (first, *rest)


PROFILES = [profile for k in range(2, 7) for profile in partitions(k)]


def repeats_of(profile):
    return [answer for answer, n in enumerate(profile) for _ in range(n)]


def modes(drawn):
    counts = Counter(drawn)
    return {answer for answer, n in counts.items() if n == max(counts.values())}


def modes_match(one, two):
    """The chance that the modes of two sets are the same answer, each drawn from its ties."""
    return Fraction(len(modes(one) & modes(two)), len(modes(one)) * len(modes(two)))


def disjoint(repeats, first, second):
    places = range(len(repeats))
    for one in combinations(places, first):
        rest = [p for p in places if p not in one]
        for two in combinations(rest, second):
            yield [repeats[p] for p in one], [repeats[p] for p in two]


def mean(values):
    values = list(values)
    return sum(values, Fraction(0)) / len(values)


def outcomes(truth, k):
    """Yield every profile that `k` repeats can have, and its chance."""
    for drawn in product(range(len(truth)), repeat=k):
        profile = tuple(sorted(Counter(drawn).values(), reverse=True))
        yield profile, prod((truth[y] for y in drawn), start=Fraction(1))


def expected(statistic, truth, k):
    return sum(chance * statistic(profile) for profile, chance in outcomes(truth, k))


@pytest.mark.parametrize("profile", PROFILES, ids=str)
def test_every_chance_is_the_mean_over_all_draws(profile):
    repeats, k = repeats_of(profile), sum(profile)
    for n in range(1, k + 1):
        subsets = list(combinations(repeats, n))
        assert same(profile, n) == mean(Fraction(len(set(s)) == 1) for s in subsets)
        shares = [[Fraction(c, n) for c in Counter(s).values()] for s in subsets]
        assert largest(profile, n) == mean(max(s) for s in shares)
        assert squared(profile, n) == mean(sum(p * p for p in s) for s in shares)
    for first in range(1, k):
        for second in range(1, k - first + 1):
            drawn = disjoint(repeats, first, second)
            assert agree(profile, first, second) == mean(modes_match(*pair) for pair in drawn)


@pytest.mark.parametrize("profile", PROFILES, ids=str)
def test_leaving_one_out_is_the_mode_of_all_others(profile):
    assert left_out(profile) == agree(profile, sum(profile) - 1, 1)


@pytest.mark.parametrize("truth", TRUTHS, ids=["two", "three"])
@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_chances_are_unbiased_over_all_outcomes(truth, k):
    for n in range(1, k + 1):
        assert expected(lambda p, n=n: same(p, n), truth, k) == sum(y**n for y in truth)
    n = half(k)
    of_modes = expected(lambda p: agree(p, n, n), truth, k)
    law = [sum(c for a, c in _mode_law(truth, n) if a == y) for y in range(len(truth))]
    assert of_modes == sum(q * q for q in law)


def _mode_law(truth, n):
    for drawn in product(range(len(truth)), repeat=n):
        tied = modes(drawn)
        for answer in tied:
            yield answer, prod((truth[y] for y in drawn), start=Fraction(1)) / len(tied)


@pytest.mark.parametrize("truth", TRUTHS, ids=["two", "three"])
@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_the_modal_ceiling_lies_between_its_ends(truth, k):
    modal = max(truth)
    assert expected(left_out, truth, k) <= modal <= expected(lambda p: largest(p, k), truth, k)
    assert all(modal**n <= expected(lambda p, n=n: same(p, n), truth, k) for n in range(2, k + 1))


@pytest.mark.parametrize("truth", TRUTHS, ids=["two", "three"])
@pytest.mark.parametrize("k", [3, 5])
@pytest.mark.parametrize("fewer", [2, 3])
def test_a_part_of_the_repeats_expects_what_fewer_repeats_would(truth, k, fewer):
    for statistic in (largest, squared):
        of_parts = expected(lambda p, f=statistic: f(p, fewer), truth, k)
        of_fewer = expected(lambda p, f=statistic: f(p, fewer), truth, fewer)
        assert of_parts == of_fewer


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6).filter(lambda c: sum(c) > 1))
def test_the_order_of_answers_changes_nothing(counts):
    backwards = tuple(reversed(counts))
    assert left_out(tuple(counts)) == left_out(backwards)
    assert agree(tuple(counts), 1, 1) == agree(backwards, 1, 1) == same(backwards, 2)


def test_hundreds_of_answers_are_no_obstacle():
    profile = (1,) * 600
    assert agree(profile, 3, 3) == same(profile, 2) == 0
    assert largest((300, 300), 2) == Fraction(1, 2) + same((300, 300), 2) / 2
