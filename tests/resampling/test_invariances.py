"""What no relabelling, reordering or rewriting of the same data may change."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresay.counts import Counts, collapse, collapse_crossed, collapse_nested, ratio
from foresay.measures import Difference, Proportion
from foresay.resampling import INTERVALS, estimate, stream

PROPORTION = Proportion("match", "trials")
DRAWN = ["percentile", "basic", "bca", "studentized"]

clusters = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 3)).map(lambda pair: (min(pair), sum(pair) + 1)),
    min_size=2,
    max_size=25,
)
"""Right answers and trials of each cluster."""


def share(sums):
    return ratio(sums["match"], sums["trials"])


def numbers(counts, interval="auto", *, level=0.9, estimator=share, kind=PROPORTION):
    made = estimate(
        counts,
        estimator,
        kind=kind,
        interval=interval,
        level=level,
        resamples=141,  # so that the quantiles at 5 and 95 % are replicates themselves
        rng=stream(4, "invariance"),
    )
    return made.value, made.low, made.high, made.standard_error, made.note


def same(one, other):
    return all(
        a == b or (isinstance(a, float) and math.isnan(a) and math.isnan(b))
        for a, b in zip(one, other, strict=True)
    )


def columns(rows):
    match, trials = np.array(rows, np.int64).T
    return {"match": match, "trials": trials}


def shuffled(rows, seed):
    return [rows[i] for i in np.random.default_rng(seed).permutation(len(rows))]


@pytest.mark.parametrize("interval", INTERVALS)
@settings(max_examples=30)
@given(rows=clusters, seed=st.integers(0, 9))
def test_the_order_of_clusters_changes_no_byte(interval, rows, seed):
    one = numbers(collapse(columns(rows)), interval)
    assert same(one, numbers(collapse(columns(shuffled(rows, seed))), interval))


@pytest.mark.parametrize("interval", ["auto", *DRAWN])
@settings(max_examples=30)
@given(rows=clusters, seed=st.integers(0, 9))
def test_the_labels_of_outer_clusters_items_and_runs_change_no_byte(interval, rows, seed):
    rng = np.random.default_rng(seed)
    first = np.arange(len(rows)) % 4
    second = np.arange(len(rows)) // 4
    names = rng.permutation(4)
    one = collapse_nested(columns(rows), outer=first)
    other = collapse_nested(columns(rows), outer=names[first] + 10)
    assert same(numbers(one, interval), numbers(other, interval))
    # items are relabelled; runs keep their order, as they are numbered by their names
    names = rng.permutation(second.max() + 1)
    one_way = collapse_crossed(columns(rows), item=second, run=first)
    other_way = collapse_crossed(columns(rows), item=names[second], run=first * 3 + 1)
    assert same(numbers(one_way, interval), numbers(other_way, interval))


@pytest.mark.parametrize("interval", INTERVALS)
@settings(max_examples=30)
@given(rows=clusters, times=st.lists(st.integers(1, 3), min_size=25, max_size=25))
def test_splitting_a_pattern_changes_no_byte(interval, rows, times):
    """Clusters written one by one, or as patterns with how often each is there."""
    many = np.array(times[: len(rows)], np.int64)
    whole = collapse(columns(rows), multiplicity=many)
    single = collapse(columns([row for row, n in zip(rows, many, strict=True) for _ in range(n)]))
    assert same(numbers(whole, interval), numbers(single, interval))


def test_patterns_that_nobody_merged_have_the_same_closed_forms():
    """Counts made by hand may hold a pattern twice: nothing but their sums may matter."""
    rows = [(1, 2), (0, 3), (3, 3), (2, 5)]
    whole = collapse(columns(rows), multiplicity=np.array([6, 4, 5, 3]))
    order = [0, 0, 1, 2, 2, 3]
    twice = Counts(
        names=whole.names,
        numerators=np.ascontiguousarray(whole.numerators[order]),
        scale=whole.scale,
        multiplicity=np.array(
            [
                2,
                whole.multiplicity[0] - 2,
                *whole.multiplicity[1:2],
                1,
                whole.multiplicity[2] - 1,
                whole.multiplicity[3],
            ]
        ),
        stratum=np.zeros(6, np.int64),
    )
    for interval in (name for name in INTERVALS if name not in DRAWN):
        one, other = numbers(whole, interval)[:4], numbers(twice, interval)[:4]
        assert one == pytest.approx(other, nan_ok=True), interval


@pytest.mark.parametrize("interval", INTERVALS)
@settings(max_examples=30)
@given(rows=clusters, levels=st.tuples(st.floats(0.5, 0.98), st.floats(0.5, 0.98)))
def test_a_higher_level_is_never_narrower(interval, rows, levels):
    low, high = sorted(levels)
    inner = numbers(collapse(columns(rows)), interval, level=low)
    outer = numbers(collapse(columns(rows)), interval, level=high)
    if math.isnan(inner[1]):
        assert math.isnan(outer[1])
        return
    if "instead" in inner[4] + outer[4]:
        return  # another interval took its place, and the note says so
    assert outer[1] <= inner[1] + 1e-9
    assert inner[2] <= outer[2] + 1e-9


@settings(max_examples=30)
@given(rows=clusters, scale=st.floats(0.1, 10), shift=st.floats(-5, 5))
def test_percentile_intervals_follow_an_increasing_change_of_scale(rows, scale, shift):
    counts, wide = collapse(columns(rows)), Difference(-math.inf, math.inf)

    def changed(sums):
        return np.asarray(np.exp(scale * share(sums)) + shift)

    plain = numbers(counts, "percentile", kind=wide)
    other = numbers(counts, "percentile", estimator=changed, kind=wide)
    for before, after in zip(plain[:3], other[:3], strict=True):
        if math.isnan(before):
            assert math.isnan(after)
        else:
            assert after == pytest.approx(float(np.exp(scale * before) + shift))
