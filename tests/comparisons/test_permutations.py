from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from foresay.comparisons import permutations
from foresay.comparisons.arms import ARMS, SIGNS, Comparison
from foresay.comparisons.flip_scores import scores
from foresay.comparisons.permutations import flip, sign_flip
from foresay.counts import Sums, collapse
from foresay.measures import find_measure

ACCURACY = find_measure("accuracy")
NORMALIZED = find_measure("normalized_accuracy")
PAIR = Comparison(name="c", measure=ACCURACY)
CROSSED = Comparison(name="c", measure=ACCURACY, crossed=True)


def rng(seed=1):
    return np.random.default_rng(seed)


def counts_of(arms, multiplicity=None):
    """Arms as lists of (match, trials), one a cluster."""
    columns = {}
    for name, pairs in zip(ARMS, arms, strict=False):
        match, trials = np.array(pairs, dtype=np.int64).T
        columns |= {f"{name}.match": match, f"{name}.match_squared": match}
        columns[f"{name}.trials"] = trials
    return collapse(columns, multiplicity=multiplicity)


def enumerated(contributed, alternative="two-sided"):
    """All sign flips, one by one."""
    observed = sum(contributed)
    sums = [
        sum(s * u for s, u in zip(signs, contributed, strict=True))
        for signs in itertools.product((1, -1), repeat=len(contributed))
    ]
    far = {
        "two-sided": lambda t: abs(t) >= abs(observed) - 1e-9,
        "greater": lambda t: t >= observed - 1e-9,
        "less": lambda t: t <= observed + 1e-9,
    }[alternative]
    return sum(map(far, sums)) / len(sums)


def test_three_clusters_by_hand():
    # differences 1, 1, 1: only all as they are, and all turned, are as far from 0: 2 of 8
    found = sign_flip(counts_of([[(1, 1)] * 3, [(0, 1)] * 3]), PAIR, flips=10, rng=rng())
    assert found.p_value == pytest.approx(2 / 8)
    assert found.exact
    assert found.swaps


contributions = st.lists(
    st.one_of(st.integers(-4, 4).map(float), st.floats(-1, 1, allow_subnormal=False)),
    min_size=1,
    max_size=9,
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(contributions, st.sampled_from(["two-sided", "greater", "less"]))
def test_the_law_is_that_of_all_flips(values, alternative):
    values = [0.0 if abs(v) < 1e-6 else round(v, 6) for v in values]
    found = flip(
        np.array(values),
        np.ones(len(values), np.int64),
        alternative=alternative,
        flips=10,
        rng=rng(),
    )
    assert found.exact
    assert found.p_value == pytest.approx(enumerated(values, alternative))


def test_the_whole_law_matches_scipy():
    d = rng(4).integers(-3, 4, 12).astype(float)
    expected = stats.permutation_test(
        (d,), np.sum, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    )
    found = flip(d, np.ones(12, np.int64), flips=10, rng=rng())
    assert found.p_value == pytest.approx(expected.pvalue)


def test_single_pairs_are_the_sign_test():
    right = [(1, 1)] * 14 + [(0, 1)] * 5 + [(1, 1)] * 30
    other = [(0, 1)] * 14 + [(1, 1)] * 5 + [(1, 1)] * 30
    found = sign_flip(counts_of([right, other]), PAIR, flips=10, rng=rng())
    assert found.p_value == pytest.approx(stats.binomtest(5, 19).pvalue)


def swapped(counts, pattern_swaps, arms):
    """The statistic recomputed with the arms of some clusters of each pattern swapped."""
    table = counts.numerators.astype(float)
    partner = {"of": "minus", "minus": "of"}
    if len(arms) == 4:
        partner = {
            "of": "versus_of",
            "versus_of": "of",
            "minus": "versus_minus",
            "versus_minus": "minus",
        }
    place = [
        counts.names.index(f"{partner[name.split('.')[0]]}.{name.split('.')[1]}")
        for name in counts.names
    ]
    stay = (counts.multiplicity - pattern_swaps) @ table
    return Sums(counts.names, stay + pattern_swaps @ table[:, place], counts.scale.astype(float))


@pytest.mark.parametrize("crossed", [False, True])
def test_flipping_scores_is_swapping_arms_of_equal_size(crossed):
    compared = CROSSED if crossed else PAIR
    generator = rng(7)
    trials = generator.integers(1, 5, 12)
    arms = [
        list(zip(generator.binomial(trials, 0.6), trials, strict=True))
        for _ in range(4 if crossed else 2)
    ]
    counts = counts_of(arms)
    contributed = scores(counts, compared)
    value = float(compared.estimator(counts.totals))
    assert (contributed * counts.multiplicity).sum() == pytest.approx(value)
    for _ in range(20):
        swaps = generator.integers(0, counts.multiplicity + 1)
        recomputed = float(compared.estimator(swapped(counts, swaps, compared.arms)))
        flipped = ((counts.multiplicity - 2 * swaps) * contributed).sum()
        assert flipped == pytest.approx(recomputed)


def test_scores_of_unequal_arms_are_worked_by_hand():
    # of: 1/1 and 0/1, minus: 2/3 and 0/2; .5 against .4; null value .45 for both
    counts = counts_of([[(1, 1), (0, 1)], [(2, 3), (0, 2)]])
    first = (1 - 0.45) / 2 - (2 - 0.45 * 3) / 5
    second = (0 - 0.45) / 2 - (0 - 0.45 * 2) / 5
    assert sorted(scores(counts, PAIR)) == pytest.approx(sorted([first, second]))
    assert first + second == pytest.approx(0.1)
    assert not sign_flip(counts, PAIR, flips=10, rng=rng()).swaps


def test_any_ratio_of_sums_has_scores_that_sum_to_the_difference():
    names = [f"{a}.{s}" for a in ARMS[:2] for s in ("match_paired", "ceiling", "pairs")]
    values = {n: rng(i).integers(1, 9, 15) for i, n in enumerate(names)}
    counts = collapse(values, unit={"of.ceiling": 7})
    compared = Comparison(name="c", measure=NORMALIZED)
    total = (scores(counts, compared) * counts.multiplicity).sum()
    assert total == pytest.approx(float(compared.estimator(counts.totals)))


def test_an_arm_without_trials_is_undefined():
    counts = counts_of([[(1, 1), (1, 1)], [(0, 0), (0, 0)]])
    assert np.isnan(sign_flip(counts, PAIR, flips=10, rng=rng()).p_value)


def test_main_effects_alone_are_no_interaction():
    """.9 and .5 under one wording, .5 and .1 under the other: far apart, and no interaction."""
    generator = rng(3)
    arms = [[(int(generator.random() < r), 1) for _ in range(200)] for r in (0.9, 0.5, 0.5, 0.1)]
    counts = counts_of(arms)
    assert sign_flip(counts, CROSSED, flips=999, rng=rng()).p_value > 0.05
    assert sign_flip(counts, PAIR, flips=999, rng=rng()).p_value < 0.001


def drawn_p(values, clusters, monkeypatch, *, flips=40_000, alternative="two-sided"):
    monkeypatch.setattr(permutations, "_null_law", lambda size, many: None)
    return flip(values, clusters, alternative=alternative, flips=flips, rng=rng(5))


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_drawn_flips_agree_with_all_flips(monkeypatch, alternative):
    """Patterns of one cluster and of many: single signs and binomial draws."""
    values = np.array([1.0, -2.0, 3.0, 0.5, 1.5])
    clusters = np.array([30, 14, 3, 20, 1])
    exact = flip(values, clusters, alternative=alternative, flips=1, rng=rng())
    assert exact.exact
    drawn = drawn_p(values, clusters, monkeypatch, alternative=alternative)
    assert not drawn.exact
    error = np.sqrt(exact.p_value * (1 - exact.p_value) / 40_000)
    assert abs(drawn.p_value - exact.p_value) < 4 * error + 1e-4


def test_p_is_never_zero(monkeypatch):
    drawn = drawn_p(np.array([1.0]), np.array([300]), monkeypatch, flips=99)
    assert drawn.p_value == pytest.approx(1 / 100)
    assert flip(np.array([1.0]), np.array([300]), flips=1, rng=rng()).p_value > 0


@pytest.mark.filterwarnings("error")
def test_blocks_do_not_change_the_answer(monkeypatch):
    values, clusters = rng(2).normal(size=40), np.array([1] * 30 + [20] * 10)
    whole = drawn_p(values, clusters, monkeypatch, flips=500)
    assert whole.flips == 500
    assert 0 < whole.p_value <= 1


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=12))
def test_row_order_split_patterns_and_swapped_arms_change_nothing(pairs):
    first = [(a, 2) for a, _ in pairs]
    second = [(b, 2) for _, b in pairs]
    p = sign_flip(counts_of([first, second]), PAIR, flips=99, rng=rng()).p_value
    turned = sign_flip(counts_of([first[::-1], second[::-1]]), PAIR, flips=99, rng=rng())
    assert turned.p_value == p
    mirrored = sign_flip(counts_of([second, first]), PAIR, flips=99, rng=rng())
    assert mirrored.p_value == pytest.approx(p)
    contributed = scores(counts_of([first, second]), PAIR)
    many = counts_of([first, second]).multiplicity
    split = flip(np.repeat(contributed, many), np.ones(many.sum(), np.int64), flips=99, rng=rng())
    assert split.p_value == pytest.approx(p)


def test_a_ratio_of_two_tests_what_the_difference_tests():
    counts = counts_of([[(2, 3), (3, 3), (1, 3), (3, 3)], [(1, 3), (1, 3), (1, 3), (0, 3)]])
    compared = Comparison(name="c", measure=ACCURACY, scale="ratio")
    one = sign_flip(counts, compared, flips=9, rng=rng()).p_value
    assert one == sign_flip(counts, PAIR, flips=9, rng=rng()).p_value


def test_a_ratio_of_ratios_is_tested_on_its_logarithm():
    """.8/.4 against .4/.2: the same ratio, though not the same difference."""
    generator = rng(9)
    arms = [[(int(generator.random() < r), 1) for _ in range(400)] for r in (0.8, 0.4, 0.4, 0.2)]
    counts = counts_of(arms)
    compared = Comparison(name="c", measure=ACCURACY, crossed=True, scale="ratio")
    assert sign_flip(counts, compared, flips=999, rng=rng()).p_value > 0.05
    assert sign_flip(counts, CROSSED, flips=999, rng=rng()).p_value < 0.01
    assert len(SIGNS) == len(ARMS)


def test_an_estimate_that_is_no_ratio_of_sums_is_linearised():
    """Accuracy squared: the delta method gives nearly the test of the accuracies."""
    squared = replace(
        find_measure("advantage"),
        sums=("match", "trials"),
        estimator=lambda sums: (sums["match"] / sums["trials"]) ** 2,
    )
    generator = rng(12)
    arms = [[(int(generator.random() < r), 1) for _ in range(300)] for r in (0.7, 0.6)]
    counts = counts_of(arms)
    compared = Comparison(name="c", measure=squared)
    total = (scores(counts, compared) * counts.multiplicity).sum()
    assert total == pytest.approx(float(compared.estimator(counts.totals)), rel=1e-3)
    contributed = scores(counts, compared)
    error = np.sqrt((contributed**2 * counts.multiplicity).sum())
    found = sign_flip(counts, compared, flips=9999, rng=rng())
    assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(total) / error), abs=0.02)
