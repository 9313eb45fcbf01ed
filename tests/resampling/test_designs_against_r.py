"""Strata and two levels against R's boot and survey: reference/designs.R made the numbers."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from foresay.counts import collapse, ratio
from foresay.counts.nested import collapse_nested
from foresay.measures import Proportion
from foresay.resampling import draw, estimate, jackknife, stream
from foresay.resampling.bootstrap_intervals import basic, bca, percentile, studentized
from foresay.resampling.jackknife import delta_errors

REFERENCE = Path(__file__).parent / "reference"
KIND = Proportion("right", "size")


def share(sums):
    return ratio(sums["right"], sums["size"])


@pytest.fixture(scope="module")
def clusters():
    with (REFERENCE / "clusters.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    sums = {name: np.array([int(r[name]) for r in rows]) for name in ("right", "size")}
    _, stratum = np.unique([r["stratum"] for r in rows], return_inverse=True)
    return sums, stratum


@pytest.fixture(scope="module")
def from_r():
    found = {}
    for line in (REFERENCE / "designs.csv").read_text().splitlines():
        name, *numbers = line.split(",")
        if name[0] == "#":
            continue
        values = np.array(numbers, float)
        found[(name, values[0]) if len(values) == 3 else name] = values
    return found


@pytest.mark.parametrize("level", [0.8, 0.95])
@pytest.mark.parametrize(
    ("method", "interval"),
    [("logit", "logit_t"), ("beta", "korn_graubard"), ("mean", "cluster_t")],
)
def test_two_levels_against_survey(level, method, interval, clusters, from_r):
    sums, outer = clusters
    counts = collapse_nested(sums, outer=outer)
    found = estimate(counts, share, kind=KIND, interval=interval, level=level, rng=stream(1))
    assert (found.low, found.high) == pytest.approx(from_r[f"two-level.{method}", level][1:])
    assert found.standard_error == pytest.approx(from_r["two-level.error"][0])


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_intervals_within_strata_from_the_replicates_of_boot(level, clusters, from_r):
    sums, stratum = clusters
    counts = collapse(sums, stratum=stratum)
    value, t = float(share(counts.totals)), from_r["t"]
    error = float(delta_errors(counts, share, counts.multiplicity.astype(float)))
    found = {
        "percent": percentile(t, level),
        "basic": basic(value, t, level),
        "student": studentized(value, error, t, np.sqrt(from_r["v"]), level),
        "bca": bca(value, t, level, from_r["acceleration"][0]),
    }
    for name, bounds in found.items():
        # R interpolates quantiles in another way, so a bound may move within its neighbours
        assert bounds == pytest.approx(from_r[name, level][1:], abs=4e-3), name


def test_acceleration_within_strata(clusters, from_r):
    sums, stratum = clusters
    found = jackknife(collapse(sums, stratum=stratum), share)
    # the jackknife against the linear influence: they differ in the second order
    assert found.acceleration == pytest.approx(from_r["acceleration"][0], abs=0.01)


def test_replicates_and_their_errors_have_the_law_of_boot(clusters, from_r):
    sums, stratum = clusters
    counts = collapse(sums, stratum=stratum)
    drawn = draw(counts, 20_000, stream(1), errors_of=[share])
    ours, theirs = share(drawn.sums), from_r["t"]
    se = np.sqrt(theirs.var() / len(theirs))
    assert ours.mean() == pytest.approx(theirs.mean(), abs=4 * se)
    assert ours.std() == pytest.approx(theirs.std(), rel=4 / np.sqrt(2 * len(theirs)))
    errors, expected = drawn.errors[0], np.sqrt(from_r["v"])
    assert np.median(errors) == pytest.approx(np.median(expected), rel=0.04)
    assert errors.std() == pytest.approx(expected.std(), rel=0.12)
