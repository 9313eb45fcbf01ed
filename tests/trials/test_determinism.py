from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest

from foresay.trials.determinism import distinct, entropy

PROFILES = [(5,), (4, 1), (3, 2), (3, 1, 1), (2, 2, 1), (1, 1, 1, 1, 1)]
SHARES = [(1.0,), (0.5, 0.5), (0.7, 0.2, 0.1), (0.25, 0.25, 0.25, 0.25)]


def repeats(profile):
    return [answer for answer, count in enumerate(profile) for _ in range(count)]


def expectation(shares, k, of):
    """The mean of `of` over all sequences of k answers."""
    total = 0.0
    for drawn in product(range(len(shares)), repeat=k):
        counts = tuple(c for c in np.bincount(drawn) if c)
        total += math.prod(shares[a] for a in drawn) * of(counts)
    return total


def series(shares, n):
    terms = (sum(p * (1 - p) ** v for p in shares) / v for v in range(1, n))
    return sum(terms) / math.log(2)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("n", [2, 3, 5])
def test_distinct_answers_are_the_mean_over_all_choices_of_repeats(profile, n):
    chosen = [len(set(c)) for c in combinations(repeats(profile), n)]
    assert distinct(profile, n) == Fraction(sum(chosen), len(chosen))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("n", [2, 3, 4])
def test_entropy_of_n_is_the_mean_of_that_of_all_choices_of_n_repeats(profile, n):
    of_each = []
    for chosen in combinations(repeats(profile), n):
        counts = tuple(c for c in np.bincount(chosen) if c)
        of_each.append(entropy(counts, n))
    assert entropy(profile, n) == pytest.approx(np.mean(of_each), abs=1e-12)


@pytest.mark.parametrize("profile", PROFILES)
def test_entropy_of_all_repeats_is_the_closed_form(profile):
    from scipy.special import psi

    k = sum(profile)
    closed = sum(count / k * (psi(k) - psi(count)) for count in profile) / math.log(2)
    assert entropy(profile, k) == pytest.approx(closed, abs=1e-12)


@pytest.mark.parametrize("shares", SHARES)
@pytest.mark.parametrize(("k", "n"), [(3, 2), (3, 3), (5, 3), (6, 6)])
def test_entropy_is_unbiased_for_the_first_terms_of_its_series(shares, k, n):
    assert expectation(shares, k, lambda p: entropy(p, n)) == pytest.approx(
        series(shares, n), abs=1e-12
    )


@pytest.mark.parametrize("shares", SHARES)
@pytest.mark.parametrize(("k", "n"), [(3, 2), (5, 4)])
def test_distinct_answers_are_unbiased(shares, k, n):
    true = sum(1 - (1 - p) ** n for p in shares)
    assert expectation(shares, k, lambda p: float(distinct(p, n))) == pytest.approx(true, abs=1e-12)


@pytest.mark.parametrize("shares", SHARES)
def test_the_bias_that_remains_is_never_upwards_and_goes_with_repeats(shares):
    true = -sum(p * math.log2(p) for p in shares)
    gaps = [true - series(shares, n) for n in (2, 5, 10, 25, 2_000)]
    assert all(gap >= -1e-12 for gap in gaps)
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 1e-3


def test_entropy_has_less_bias_than_the_plug_in_with_five_repeats():
    def plug_in(profile):
        return -sum(c / sum(profile) * math.log2(c / sum(profile)) for c in profile)

    shares = SHARES[2]
    true = -sum(p * math.log2(p) for p in shares)
    ours = expectation(shares, 5, lambda p: entropy(p, 5)) - true
    assert abs(ours) < abs(expectation(shares, 5, plug_in) - true) / 2
