from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tracemalloc
from collections import Counter
from fractions import Fraction
from math import prod

import numpy as np
import pytest
from scipy import stats

from foresay.counts import collapse, ratio
from foresay.measures.kinds import Proportion
from foresay.resampling import draw, estimate, explain_draws, recorded_draws, stream
from foresay.resampling import draws as draws_module
from foresay.resampling import singles as singles_module
from foresay.resampling import weights as weights_module

UNIT = 26_771_144_400  # shares of up to 25 repeats are whole in this unit


@pytest.fixture(params=[1, 3, 10**9], ids=["multinomial", "mixed", "clusters"])
def heavy(request, monkeypatch):
    """Every way of drawing: all patterns as counts, the commoner ones, none."""
    monkeypatch.setattr(weights_module, "HEAVY", request.param)
    return request.param


def enumerated(groups: list[list[tuple[int, ...]]]) -> dict[tuple[int, ...], Fraction]:
    """The exact law of the sums: every ordered resample of every stratum is as likely."""
    law: Counter[tuple[int, ...]] = Counter()
    resamples = [list(itertools.product(group, repeat=len(group))) for group in groups]
    for chosen in itertools.product(*resamples):
        law[tuple(np.sum([row for group in chosen for row in group], axis=0))] += 1
    total = prod(len(r) for r in resamples)
    return {sums: Fraction(n, total) for sums, n in law.items()}


CASES = {
    "all different": [[(1, 2), (0, 3), (4, 4)]],
    "two of a kind": [[(1, 2), (1, 2), (0, 3), (4, 4)]],
    "four of a kind": [[(1, 2), (1, 2), (1, 2), (1, 2), (5, 5)]],
    "strata": [[(1, 1), (1, 1), (0, 1)], [(2, 3), (0, 3), (3, 3)]],
    "a stratum of one": [[(1, 1), (0, 1), (0, 1)], [(7, 9)]],
}


@pytest.mark.parametrize("added", [10**9, 0], ids=["counted", "added up"])
@pytest.mark.parametrize("groups", CASES.values(), ids=CASES)
def test_law_of_the_sums_against_exact_enumeration(groups, heavy, added, monkeypatch):
    monkeypatch.setattr(singles_module, "MANY_SINGLES", added)
    rows = np.array([row for group in groups for row in group])
    stratum = np.repeat(np.arange(len(groups)), [len(g) for g in groups])
    counts = collapse({"s": rows[:, 0], "m": rows[:, 1]}, stratum=stratum)
    law = enumerated(groups)
    drawn = draw(counts, 40_000, stream(1, str(heavy)))
    found = Counter(map(tuple, drawn.sums.numerators.astype(int) * counts.scale))
    assert set(found) <= set(law)
    expected = np.array([float(p) * 40_000 for p in law.values()])
    observed = np.array([found[sums] for sums in law])
    # rare cells are pooled, as the chi-squared law asks
    rare = expected < 10
    if rare.any():
        expected = np.append(expected[~rare], expected[rare].sum())
        observed = np.append(observed[~rare], observed[rare].sum())
    if len(expected) > 1:
        assert stats.chisquare(observed, expected).pvalue > 1e-4


def test_accuracy_follows_the_binomial_law(heavy):
    counts = collapse({"match": np.repeat([0, 1], [30, 70]), "trials": np.ones(100, np.int64)})
    matches = draw(counts, 20_000, stream(2, str(heavy))).sums["match"]
    assert matches.mean() == pytest.approx(70, abs=4 * np.sqrt(21 / 20_000))
    assert matches.var() == pytest.approx(21, rel=0.05)
    cells = np.arange(60, 81)
    expected = stats.binom(100, 0.7).pmf(cells) * 20_000
    observed = [(matches == k).sum() for k in cells]
    z = (np.array(observed) - expected) / np.sqrt(expected)
    assert np.abs(z).max() < 4.5


def test_as_many_clusters_are_drawn_as_there_are(heavy):
    rng = np.random.default_rng(1)
    counts = collapse({"x": rng.integers(0, 9, 200), "one": np.ones(200, np.int64)})
    assert (draw(counts, 500, stream(1)).sums["one"] == 200).all()


@pytest.mark.parametrize("cells", [1, 7, 64, 2**19])
def test_blocks_of_any_length_give_a_sound_law(cells, monkeypatch, heavy):
    monkeypatch.setattr(draws_module, "BLOCK_CELLS", cells)
    counts = collapse({"x": np.array([0, 0, 0, 1, 2, 5]), "one": np.ones(6, np.int64)})
    sums = draw(counts, 3_000, stream(1)).sums
    assert (sums["one"] == 6).all()
    assert sums["x"].mean() == pytest.approx(8, abs=4 * np.sqrt(6 * 3.222 / 3_000))


LARGE = {
    "all different": lambda rng: rng.permutation(9_000),
    "pairs across chunks": lambda rng: np.arange(9_001) // 2,
    "three at a time, and many": lambda rng: np.append(np.arange(9_003) // 3, np.zeros(500, int)),
}


@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)
def test_adding_up_and_counting_have_the_same_law(make):
    x = make(np.random.default_rng(1))
    stratum = (x > np.median(x)).astype(np.int64)
    counts = collapse({"x": x, "one": np.ones_like(x)}, stratum=stratum)
    within = np.sqrt(sum((stratum == h).sum() * x[stratum == h].var() for h in (0, 1)))
    for errors_of in ([], [lambda t: t["x"]]):
        drawn = draw(counts, 300, stream(1), errors_of=errors_of).sums
        assert (drawn["one"] == len(x)).all()
        assert drawn["x"].mean() == pytest.approx(x.sum(), abs=4 * within / np.sqrt(300))
        assert drawn["x"].std() == pytest.approx(within, rel=4 / np.sqrt(600))


@pytest.mark.parametrize("n_sums", [1, 3], ids=["added up", "counted"])
@pytest.mark.parametrize("n", [150, 2_500, 9_001, 70_000])
def test_moments_of_many_single_clusters_against_theory(n, n_sums):
    x = np.random.default_rng(n).permutation(n)
    names = ["x", "y", "z"][:n_sums]
    drawn = draw(collapse(dict.fromkeys(names, x)), 400, stream(1, str(n))).sums["x"]
    error = x.std() * np.sqrt(n)
    assert drawn.mean() == pytest.approx(x.sum(), abs=4 * error / np.sqrt(400))
    assert drawn.std() == pytest.approx(error, rel=4 / np.sqrt(800))


@pytest.mark.parametrize("size", [130, 128, 2_048, 16_384, 3_000])
def test_every_place_of_a_chunk_is_as_likely(size):
    picks = weights_module.places(size, 40 * size, stream(1, str(size)))
    assert (picks.min(), picks.max()) == (0, size - 1)
    assert stats.chisquare(np.bincount(picks)).pvalue > 1e-4


SHAPES = {
    "tiny": [(1, 2, 0), (0, 3, 1), (4, 4, 1)],
    "shared": [(1, 2, 0), (1, 2, 0), (0, 3, 5), (4, 4, 0)],
}


@pytest.mark.parametrize("rows", SHAPES.values(), ids=SHAPES)
def test_counting_chunk_by_chunk_follows_the_exact_law(rows, heavy, monkeypatch):
    monkeypatch.setattr(singles_module, "MANY_SINGLES", 0)
    counts = collapse({name: np.array(rows)[:, j] for j, name in enumerate("abc")})
    law = enumerated([rows])
    sums = draw(counts, 20_000, stream(7, str(heavy))).sums.numerators.astype(int) * counts.scale
    found = Counter(map(tuple, sums))
    assert set(found) <= set(law)
    expected = np.array([float(p) for p in law.values()]) * 20_000
    assert stats.chisquare([found[cell] for cell in law], expected).pvalue > 1e-4


def test_every_way_has_the_same_distribution(monkeypatch):
    """Kolmogorov and Smirnov, of a sum without ties to speak of."""
    x = np.random.default_rng(5).integers(0, 10**6, 400)
    x[:200] = x[0]
    counts = collapse({"x": x, "y": x // 3, "z": np.ones_like(x)})
    found = {}
    for threshold in (1, 32, 10**9):
        for chunked in (0, 10**9):
            monkeypatch.setattr(weights_module, "HEAVY", threshold)
            monkeypatch.setattr(singles_module, "MANY_SINGLES", chunked)
            key = stream(3, str(threshold), str(chunked))
            found[threshold, chunked] = draw(counts, 4_000, key).sums["x"]
    first = found.pop((1, 0))
    assert min(stats.ks_2samp(first, other).pvalue for other in found.values()) > 1e-3


@pytest.mark.parametrize("n", [60, 20_000], ids=["one matrix", "chunk by chunk"])
@pytest.mark.parametrize("n_sums", [2, 5])
def test_all_sums_of_a_replicate_come_from_the_same_clusters(n, n_sums):
    x = np.random.default_rng(n).integers(0, 1_000, n)
    names = [f"s{j}" for j in range(n_sums)]
    counts = collapse({name: x * (j + 1) + 7 for j, name in enumerate(names)})
    sums = draw(counts, 40, stream(1)).sums
    assert np.ptp(sums["s0"]) > 0
    for j, name in enumerate(names):
        assert (sums[name] - 7 * n == (j + 1) * (sums["s0"] - 7 * n)).all()


@pytest.mark.parametrize("cells", [2**15, 2**20])
def test_memory_of_large_chunks_changes_no_byte(cells, monkeypatch):
    x = np.random.default_rng(1).permutation(2**14)
    counts = collapse({"x": x, "y": x // 2, "z": x**2})
    expected = draw(counts, 30, stream(1)).sums.numerators.tobytes()
    monkeypatch.setattr(singles_module, "CELLS", cells)
    assert draw(counts, 30, stream(1)).sums.numerators.tobytes() == expected


@pytest.mark.parametrize("cells", [3, 64, 2**18])
def test_counts_alone_do_not_depend_on_blocks(cells, monkeypatch):
    counts = collapse({"x": np.repeat([0, 1, 5], [40, 50, 60])})
    expected = draw(counts, 200, stream(1)).sums.numerators.tobytes()
    monkeypatch.setattr(draws_module, "BLOCK_CELLS", cells)
    assert draw(counts, 200, stream(1)).sums.numerators.tobytes() == expected


def test_sums_too_large_for_exact_products_are_not_made_chunk_by_chunk():
    x = np.random.default_rng(1).integers(2**45, 2**50, 9_000)
    three = collapse({"x": x, "y": x // 2, "z": x // 3})
    assert explain_draws(three, 10).sums == "one matrix of weights"
    two = collapse({"x": x // 2**4, "y": x // 2**5})
    assert explain_draws(two, 10).sums == "chunk by chunk"
    drawn = draw(two, 200, stream(1)).sums["x"]
    error = (x // 2**4).std() * np.sqrt(9_000)
    assert drawn.mean() == pytest.approx((x // 2**4).sum(), abs=4 * error / np.sqrt(200))


def test_path_is_named():
    clusters = collapse({"x": np.arange(40)})
    multinomial = collapse({"x": np.arange(80) // 40})
    both = collapse({"x": np.where(np.arange(80) < 40, 0, np.arange(80))})
    fixed = collapse({"x": np.arange(3)}, stratum=np.arange(3))
    paths = [draw(c, 5, stream(1)).path for c in (clusters, multinomial, both, fixed)]
    assert paths == ["clusters", "multinomial", "multinomial+clusters", "fixed"]


EXPLAINED = {
    "clusters": np.arange(40),
    "multinomial": np.arange(80) // 40,
    "multinomial+clusters": np.where(np.arange(80) < 40, 0, np.arange(80)),
}


@pytest.mark.parametrize("path", EXPLAINED)
def test_the_explained_path_is_the_one_taken_and_the_cheapest(path):
    counts = collapse({"x": EXPLAINED[path]})
    plan = explain_draws(counts, 500)
    assert plan.path == draw(counts, 5, stream(1)).path == path
    assert plan.cost[path] == min(plan.cost.values())
    assert plan.cost["clusters"] == 500 * counts.n_clusters
    assert (plan.n_clusters, plan.n_patterns, plan.n_sums) == (
        counts.n_clusters,
        counts.n_patterns,
        1,
    )


@pytest.mark.parametrize("n_sums", [1, 3])
@pytest.mark.parametrize("n", [500, 30_000], ids=["one matrix", "chunk by chunk"])
def test_the_explained_memory_is_about_what_is_held(n, n_sums):
    x = np.random.default_rng(1).permutation(n)
    counts = collapse({f"s{j}": x + j for j in range(n_sums)})
    draw(counts, 400, stream(1))
    tracemalloc.start()
    draw(counts, 400, stream(1))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / 4 < explain_draws(counts, 400).memory < peak * 4


def test_what_is_recorded_is_what_was_computed_and_only_inside():
    counts = collapse({"match": np.repeat([0, 1], [40, 60]), "trials": np.ones(100, np.int64)})

    def made(interval):
        return estimate(
            counts,
            lambda sums: ratio(sums["match"], sums["trials"]),
            kind=Proportion("match", "trials"),
            interval=interval,
            resamples=200,
            rng=stream(1),
        )

    with recorded_draws() as found:
        results = [made("percentile"), made("auto")]
    made("basic")
    assert [(r.interval, r.path) for r in found] == [(e.interval, e.path) for e in results]
    assert found[0].plan == explain_draws(counts, 200)


def test_strata_of_one_cluster_never_vary_and_are_counted():
    counts = collapse({"x": np.array([5, 6, 1, 2, 2])}, stratum=np.array([0, 1, 2, 2, 2]))
    drawn = draw(counts, 200, stream(1))
    assert drawn.n_fixed == 2
    assert drawn.sums["x"].min() == 5 + 6 + 3
    assert drawn.sums["x"].max() == 5 + 6 + 6


def test_row_order_changes_no_byte():
    rng = np.random.default_rng(3)
    x, m = rng.integers(0, 5, 300), rng.integers(5, 9, 300)
    order = rng.permutation(300)
    one = draw(collapse({"x": x, "m": m}), 50, stream(1)).sums.numerators
    other = draw(collapse({"x": x[order], "m": m[order]}), 50, stream(1)).sums.numerators
    assert one.tobytes() == other.tobytes()


def test_errors_within_replicates_match_the_textbook_formula():
    counts = collapse(
        {"s": np.repeat([0, 1, 3], [20, 30, 25]), "m": np.repeat([1, 2, 3], [20, 30, 25])}
    )
    drawn = draw(counts, 40, stream(1), errors_of=[lambda t: ratio(t["s"], t["m"])])
    # the three patterns tell how often each was drawn: two sums and the number of clusters
    system = np.vstack([counts.numerators.T, np.ones(3)])
    sums = np.column_stack([drawn.sums.numerators, np.full(40, 75)])
    weights = np.rint(np.linalg.solve(system, sums.T).T)
    for w, error in zip(weights, drawn.errors[0], strict=True):
        s, m = np.repeat(counts.numerators, w.astype(int), axis=0).T
        residual = s - s.sum() / m.sum() * m
        expected = np.sqrt(75 / 74 * (residual**2).sum()) / m.sum()
        assert error == pytest.approx(expected, rel=1e-6)


def test_memory_stays_bounded_with_many_clusters():
    rng = np.random.default_rng(1)
    counts = collapse({"x": rng.integers(0, 2**40, 100_000), "one": np.ones(100_000, np.int64)})
    tracemalloc.start()
    draw(counts, 60, stream(1))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40e6  # all weights at once would be 48 MB, all indices another 48


SCRIPT = """
import hashlib, numpy as np
from foresay.counts import collapse
UNIT = 26_771_144_400
from foresay.measures.kinds import Proportion
from foresay.resampling import draw, estimate, explain_draws, recorded_draws, stream
rng = np.random.default_rng(1)
columns = {f"s{j}": rng.integers(0, 10 * UNIT, 3000) for j in range(12)}
drawn = draw(collapse(columns, unit=dict.fromkeys(columns, UNIT)), 400, stream(1))
print(hashlib.sha256(drawn.sums.numerators.tobytes()).hexdigest())
"""


def test_number_of_threads_changes_no_byte():
    digests = set()
    for threads in ("1", "2"):
        names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
        env = {**os.environ, **dict.fromkeys(names, threads)}
        env["PYTHONPATH"] = os.pathsep.join(sys.path)
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=env, check=True
        )
        digests.add(run.stdout)
    assert len(digests) == 1


def test_sums_too_large_for_a_float_are_rounded_once():
    rng = np.random.default_rng(1)
    x = rng.integers(2**45, 2**50, 3_000)
    counts = collapse({"x": x, "u": np.full(3_000, UNIT)}, unit={"x": UNIT})
    drawn = draw(counts, 20, stream(1))
    strata, _ = weights_module.strata_of(counts.stratum, counts.multiplicity)
    weights = next(draws_module._blocks(counts.n_patterns, strata, 20, stream(1)))
    for row, total in zip(weights, drawn.sums.numerators[:, 0], strict=True):
        exact = sum(int(w) * int(v) for w, v in zip(row, counts.numerators[:, 0], strict=True))
        assert total == pytest.approx(exact, rel=3e-16)
