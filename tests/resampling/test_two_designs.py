"""Draws and intervals of two levels and of two ways."""

from __future__ import annotations

import itertools
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from foresay.counts import collapse, ratio
from foresay.counts.crossed import collapse_crossed
from foresay.counts.nested import collapse_nested
from foresay.measures import Difference, Proportion, Ratio
from foresay.resampling import INTERVALS, draw, estimate, jackknife, stream
from foresay.resampling import draws as draws_module
from foresay.resampling import weights as weights_module
from foresay.resampling.clustered_proportions import clustered_proportion
from foresay.resampling.two_way import two_way_acceleration, two_way_degrees, two_way_variance

PROPORTION = Proportion("match", "trials")


def share(sums):
    return ratio(sums["match"], sums["trials"])


def of(counts, interval="auto", kind=PROPORTION, estimator=share, **options):
    options = {"resamples": 800, "rng": stream(1, "two"), **options}
    return estimate(counts, estimator, kind=kind, interval=interval, **options)


def nested(groups, **more):
    """From a list of outer clusters, each a list of (match, trials) of its inner ones."""
    rows = np.array([row for group in groups for row in group], np.int64)
    outer = np.repeat(np.arange(len(groups)), [len(g) for g in groups])
    levels = ("task", "item")
    sums = {"match": rows[:, 0], "trials": rows[:, 1]}
    return collapse_nested(sums, outer=outer, levels=levels, **more)


def crossed(table):
    """From (match, trials) of every item and run, shape (items, runs, 2)."""
    table = np.asarray(table, np.int64)
    item, run = np.indices(table.shape[:2])
    sums = {"match": table[..., 0].reshape(-1), "trials": table[..., 1].reshape(-1)}
    return collapse_crossed(sums, item=item.reshape(-1), run=run.reshape(-1))


@pytest.fixture(params=["a call a kind", "patterns one by one", "copies at once"])
def way(request, monkeypatch):
    """Every way of drawing inner clusters."""
    if request.param != "a call a kind":
        monkeypatch.setattr(weights_module, "HEAVY", 10**9)
    if request.param == "copies at once":
        monkeypatch.setattr(draws_module, "FEW_KINDS", 0)
        monkeypatch.setattr(draws_module, "HEAVY", 10**9)
    return request.param


def law_of_two_levels(groups):
    """The exact law of the sums: outer clusters, then inner ones of every copy."""
    law: Counter[tuple[int, ...]] = Counter()
    for chosen in itertools.product(range(len(groups)), repeat=len(groups)):
        inner = [itertools.product(groups[c], repeat=len(groups[c])) for c in chosen]
        of_copies = [list(x) for x in inner]
        chance = Fraction(1, len(groups) ** len(groups))
        for copies in of_copies:
            chance /= len(copies)
        for rows in itertools.product(*of_copies):
            law[tuple(np.sum([r for copy in rows for r in copy], axis=0).tolist())] += chance
    return law


def law_of_two_ways(table):
    """The exact law of the sums: items and runs independently, each cell their product."""
    table = np.asarray(table)
    items, runs = table.shape[:2]
    law: Counter[tuple[int, ...]] = Counter()
    for i in itertools.product(range(items), repeat=items):
        for r in itertools.product(range(runs), repeat=runs):
            sums = table[list(i)][:, list(r)].sum(axis=(0, 1))
            law[tuple(sums.tolist())] += Fraction(1, items**items * runs**runs)
    return law


def fits(found, law, n):
    """Chi-squared p of drawn sums against their exact law, rare sums pooled."""
    assert set(found) <= set(law)
    assert sum(law.values()) == 1
    expected = np.array([float(p) * n for p in law.values()])
    observed = np.array([found[sums] for sums in law])
    rare = expected < 10
    if rare.any():
        expected = np.append(expected[~rare], expected[rare].sum())
        observed = np.append(observed[~rare], observed[rare].sum())
    return stats.chisquare(observed, expected).pvalue


def drawn_sums(counts, n, *key):
    sums = draw(counts, n, stream(3, *key)).sums
    return Counter(map(tuple, (sums.numerators / sums.scale).astype(int).tolist()))


TWO_LEVELS = {
    "two tasks": [[(1, 1), (0, 1)], [(2, 3), (1, 3), (0, 3)]],
    "three tasks": [[(1, 1), (0, 1)], [(2, 2), (0, 2)], [(1, 3), (3, 3)]],
    "equal tasks": [[(1, 1), (0, 1)], [(0, 1), (1, 1)], [(2, 2), (2, 2)]],
    "a task of one item": [[(1, 1), (0, 1)], [(5, 7)]],
}


@pytest.mark.parametrize("groups", TWO_LEVELS.values(), ids=TWO_LEVELS)
def test_two_levels_against_exact_enumeration(groups, way):
    found = drawn_sums(nested(groups), 30_000, way)
    assert fits(found, law_of_two_levels(groups), 30_000) > 1e-4


TWO_WAYS = {
    "2 x 2": [[(1, 1), (0, 1)], [(2, 3), (1, 2)]],
    "3 x 2": [[(1, 1), (0, 1)], [(2, 3), (1, 2)], [(0, 1), (0, 2)]],
    "3 x 3 with equal items": [[(1, 1), (0, 1), (1, 2)]] * 2 + [[(2, 2), (1, 2), (0, 1)]],
    "a missing cell": [[(1, 1), (0, 0)], [(2, 3), (1, 2)], [(0, 1), (3, 3)]],
}


@pytest.mark.parametrize("table", TWO_WAYS.values(), ids=TWO_WAYS)
def test_two_ways_against_exact_enumeration(table):
    found = drawn_sums(crossed(table), 30_000, "ways")
    assert fits(found, law_of_two_ways(table), 30_000) > 1e-4


def test_percentile_of_two_levels_against_the_exact_law():
    groups = TWO_LEVELS["two tasks"]
    law = law_of_two_levels(groups)
    values = np.array([m / n for m, n in law])
    chance = np.array([float(p) for p in law.values()])
    found = of(nested(groups), "percentile", level=0.8, resamples=40_000)
    for bound, target in ((found.low, 0.1), (found.high, 0.9)):
        assert chance[values < bound - 1e-9].sum() <= target + 0.01
        assert chance[values <= bound + 1e-9].sum() >= target - 0.01


def layout(clusters=8, inner=12, seed=1):
    """Unequal tasks with unequal items."""
    rng = np.random.default_rng(seed)
    groups = []
    for rate in rng.beta(6, 2, clusters):
        m = rng.integers(1, 5, inner + int(rng.integers(0, 5)))
        groups.append([(int(rng.binomial(k, rate)), int(k)) for k in m])
    return groups


def table_of(items=40, runs=4, seed=1):
    rng = np.random.default_rng(seed)
    rate = stats.norm.cdf(0.8 + rng.normal(size=(items, 1)) + 0.3 * rng.normal(size=runs))
    m = rng.integers(1, 4, (items, runs))
    return np.stack([rng.binomial(m, rate), m], axis=-1)


def test_strata_of_tasks_are_drawn_within():
    groups = [[(0, 1), (0, 1)]] * 3 + [[(1, 1), (1, 1)]] * 3
    stratum = np.repeat([0, 1], 6)
    sums = draw(nested(groups, stratum=stratum), 200, stream(1)).sums
    assert (share(sums) == 0.5).all()
    assert len(set(share(draw(nested(groups), 200, stream(1)).sums))) > 2


def test_variance_of_two_levels_is_that_between_and_within():
    # equal tasks of equal items: B/C + W/(C G) with divisors C and G, as the law says
    rng = np.random.default_rng(2)
    x = rng.integers(0, 5, (7, 9))
    counts = nested([[(int(v), 4) for v in row] for row in x])
    replicates = share(draw(counts, 40_000, stream(1)).sums)
    means = x.mean(axis=1) / 4
    within = (x / 4).var(axis=1).mean() / (7 * 9)
    assert replicates.var() == pytest.approx(means.var() / 7 + within, rel=0.03)


def test_variance_of_two_ways_counts_cells_three_times():
    # of product weights, mean by mean: items + runs + cells, each with its own divisor
    rng = np.random.default_rng(2)
    x = rng.integers(0, 5, (12, 6)) / 4
    counts = crossed(np.stack([x * 4, np.full(x.shape, 4)], axis=-1))
    replicates = share(draw(counts, 60_000, stream(1)).sums)
    items, runs = x.mean(axis=1).var() / 12, x.mean(axis=0).var() / 6
    rest = x - x.mean(axis=1, keepdims=True) - x.mean(axis=0) + x.mean()
    expected = items + runs + (rest**2).mean() / (12 * 6)
    assert replicates.var() == pytest.approx(expected, rel=0.03)


def test_paths_are_named():
    assert draw(nested(TWO_LEVELS["two tasks"]), 5, stream(1)).path == "two-level: clusters"
    many = nested([[(1, 1)] * 40 + [(0, 1)] * 60] * 2)
    assert draw(many, 5, stream(1)).path == "two-level: multinomial"
    assert draw(crossed(table_of()), 5, stream(1)).path == "two-way: clusters"
    assert of(nested(layout()), "bca").path == "two-level: clusters"
    assert of(nested(layout()), "auto").path == "closed form"


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("make", [lambda: nested(layout()), lambda: crossed(table_of())])
def test_every_interval_of_a_proportion(interval, make):
    found = of(make(), interval)
    assert 0 < found.low < found.value < found.high < 1
    assert found.standard_error > 0
    if interval == "studentized":
        assert "studentized is for one level of clusters: logit_satterthwaite" in found.note


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize("make", [lambda: nested(layout()), lambda: crossed(table_of())])
def test_every_interval_of_a_ratio(interval, make):
    found = of(make(), interval, kind=Ratio())
    assert 0 < found.low < found.value < found.high


def test_closed_forms_of_two_levels_are_those_of_the_outer_clusters():
    groups = layout()
    sums = np.array([np.sum(g, axis=0) for g in groups])
    flat = collapse({"match": sums[:, 0], "trials": sums[:, 1]})
    for name in ("auto", "cluster_t", "korn_graubard", "t_satterthwaite"):
        one, other = of(nested(groups), name), of(flat, name)
        assert (one.low, one.high) == pytest.approx((other.low, other.high), rel=1e-12)
        assert one.n_clusters == 8


def test_bca_of_two_levels_takes_the_acceleration_of_the_outer_clusters():
    counts = nested(layout())
    outer = jackknife(counts.outer_counts, share)
    assert jackknife(counts, share) == outer


def test_two_way_variance_against_statsmodels():
    table = table_of(60, 5)
    counts = crossed(table)
    found = clustered_proportion(counts, PROPORTION)
    item, run = np.indices(table.shape[:2])
    trials = table[..., 1].reshape(-1)
    rows = np.repeat(np.arange(len(trials)), trials)
    scores = [[1] * m + [0] * (n - m) for m, n in table.reshape(-1, 2)]
    x = np.concatenate(scores).astype(float)
    parts = []
    for groups in (item.reshape(-1), run.reshape(-1), np.arange(len(trials))):
        fit = sm.OLS(x, np.ones(len(x))).fit(
            cov_type="cluster",
            cov_kwds={"groups": groups[rows], "use_correction": False},
        )
        n = len(np.unique(groups))
        parts.append(fit.cov_params()[0, 0] * n / (n - 1))
    assert found.variance == pytest.approx(parts[0] + parts[1] - parts[2])
    assert found.value == pytest.approx(x.mean())
    assert found.degrees == 4


def test_two_way_jackknife_and_linearised_errors_agree():
    counts = crossed(table_of(300, 30))
    linear = clustered_proportion(counts, PROPORTION)
    found = jackknife(counts, share)
    assert found.standard_error == pytest.approx(linear.standard_error, rel=0.02)
    assert found.satterthwaite == pytest.approx(linear.satterthwaite, rel=0.05)
    assert found.degrees == 29


def test_two_way_parts():
    assert two_way_variance(3.0, 2.0, 1.0) == 4.0
    assert two_way_variance(3.0, 0.1, 1.0) == 3.0
    # runs that hardly differ leave the degrees of the items, runs that are all there is their own
    assert two_way_degrees(3.0, (3.0, 99.0), (0.0, 2.0)) == pytest.approx(99.0)
    assert two_way_degrees(3.0, (0.0, 99.0), (3.0, 2.0)) == pytest.approx(2.0)
    assert two_way_degrees(0.0, (0.0, 99.0), (0.0, 2.0)) == 99.0
    assert two_way_acceleration((1.0, 0.2), (0.0, 0.0)) == pytest.approx(0.2)
    assert two_way_acceleration((1.0, 0.2), (1.0, 0.2)) == pytest.approx(0.4 / 2**1.5)
    assert two_way_acceleration((0.0, 0.0), (0.0, 0.0)) == 0.0


def test_runs_that_do_not_differ_leave_the_error_of_the_items():
    one = np.random.default_rng(1).integers(0, 2, 200)
    table = np.stack([np.stack([one, np.ones_like(one)], axis=-1)] * 4, axis=1)
    flat = collapse({"match": 4 * one, "trials": np.full(200, 4)})
    found, alone = of(crossed(table), "cluster_t"), of(flat, "cluster_t")
    assert found.standard_error == pytest.approx(alone.standard_error)
    found, alone = of(crossed(table), "t_satterthwaite"), of(flat, "t_satterthwaite")
    assert (found.low, found.high) == pytest.approx((alone.low, alone.high), rel=1e-6)


@pytest.mark.parametrize("interval", ["auto", "percentile", "bca"])
def test_few_units_name_their_level(interval):
    note = of(nested(layout(clusters=6)), interval).note
    assert note == "fewer than 30 clusters of task: interval approximate"
    note = of(nested(layout(clusters=3, inner=3)), interval).note
    assert "fewer than 30 clusters of item" in note
    note = of(crossed(table_of(40, 4)), interval).note
    assert note == "fewer than 30 clusters of run: interval approximate"
    assert of(crossed(table_of(40, 30)), interval).note == ""


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize(
    ("counts", "note"),
    [
        (
            nested([[(1, 2), (2, 2)]]),
            "fewer than 2 clusters of task: interval undefined",
        ),
        (
            nested([[(1, 2)], [(2, 2)], [(0, 2)]]),
            "fewer than 2 clusters of item in every task: interval undefined",
        ),
        (crossed(table_of(20, 1)), "fewer than 2 clusters of run: interval undefined"),
        (crossed(table_of(1, 6)), "fewer than 2 clusters of item: interval undefined"),
    ],
    ids=["one task", "single items", "one run", "one item"],
)
def test_one_unit_of_a_level_has_no_interval(interval, counts, note):
    found = of(counts, interval)
    assert np.isfinite(found.value)
    assert np.isnan([found.low, found.high, found.standard_error]).all()
    assert found.note == note


def test_a_task_of_one_item_is_noted():
    found = of(nested([*layout(), [(1, 2)]]))
    assert "task with a single item, which is kept as it is: 1" in found.note


@pytest.mark.parametrize("interval", INTERVALS)
@pytest.mark.parametrize(
    "counts",
    [nested([[(1, 1)] * 3] * 40), crossed([[(1, 1)] * 3] * 40)],
    ids=["two-level", "two-way"],
)
def test_all_right_is_no_certainty(interval, counts):
    found = of(counts, interval)
    assert found.interval == "exact"
    n = counts.n_clusters
    assert (found.low, found.high) == pytest.approx((0.025 ** (1 / n), 1))
    assert "all right: exact bound, no standard error" in found.note
    other = of(counts, interval, kind=Difference())
    assert other.low < 1
    assert np.isnan(other.standard_error)


@pytest.mark.parametrize("interval", ["auto", "bca"])
def test_order_and_labels_change_no_byte(interval):
    groups = layout()
    mixed = [group[::-1] for group in groups[::-1]]
    one, other = of(nested(groups), interval), of(nested(mixed), interval)
    assert (one.low, one.high, one.standard_error) == (other.low, other.high, other.standard_error)
    table = table_of()
    one, other = of(crossed(table), interval), of(crossed(table[::-1]), interval)
    assert (one.low, one.high, one.standard_error) == (other.low, other.high, other.standard_error)


def test_nothing_to_count_is_undefined():
    found = of(nested([[(0, 0), (0, 0)], [(0, 0), (0, 0)]]))
    assert np.isnan(found.value)
    assert found.note == "undefined: nothing in the denominator"
