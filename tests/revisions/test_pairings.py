"""Paired intervals of trends, summaries and two-way models, against other ways to the same."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from foresay.comparisons.two_way import TwoWay, fit
from foresay.errors import UnsupportedError
from foresay.revisions.paired import SAME, Side, paired_differences
from foresay.revisions.paired_models import paired_models
from foresay.revisions.paired_summaries import paired_means
from foresay.revisions.reanalysis import reanalyse
from foresay.study.requests import Change
from foresay.trials import UNIT
from foresay.workbench import Workbench
from revisions.small import SETTING, rows
from studies import write_study

SOME = {"where": "split = 'held-out'"}
TREND = {
    "of": "accuracy",
    "over": "n_train",
    "by": [],
    "series": {"self": "role = 'self'", "cross": "role = 'cross'"},
    "difference": ["self", "cross"],
    "plateau": {"start": 100, "end": 400, "margin": 0.1},
}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made = rows()
    later = rows(12)["predictions"]
    said = [{**row, "n_train": 100} for row in made["predictions"]]
    said += [{**row, "n_train": 400} for row in later]
    path = write_study(
        tmp_path_factory.mktemp("pairings"),
        {"answers": made["answers"], "predictions": said},
        **SETTING,
        tables={
            "answers": {"files": "answers.csv"},
            "predictions": {"files": "predictions.csv", "conditions": ["n_train"]},
        },
        trends={"growth": TREND},
        summaries={"tasks": {"of": "gap", "over": "task", "by": ["target"]}},
    )
    with Workbench.open(path) as opened:
        yield opened


def made(bench, change, concern, **choices):
    base = bench.choices.model_copy(update=choices)
    return reanalyse(bench, Change.model_validate(change), base=base, concerns=[concern]).frame


def row_of(frame, **wanted):
    (row,) = [
        row
        for row in frame.to_dict("records")
        if all(row["identity"].get(k) == v for k, v in wanted.items())
    ]
    return row


@pytest.mark.parametrize("concern", ["growth", "tasks", "two_way"])
def test_no_change_gives_intervals_of_exactly_0(bench, concern):
    frame = made(bench, {}, concern)
    there = frame[frame["difference"].notna()]
    assert len(there) > 3
    assert (there[["difference", "difference_low", "difference_high"]] == 0).all(axis=None)
    assert there["note"].str.contains(SAME).all()


@pytest.mark.parametrize(
    "concern",
    ["growth", "tasks", "over_tasks", "two_way", "gap", "accuracy", "normalized_accuracy"],
)
@pytest.mark.parametrize(
    "change",
    [SOME, {"choices": {"compliance": "ignore"}}, {"choices": {"cluster": "task"}}],
    ids=["where", "choice", "clusters"],
)
def test_what_has_no_interval_says_why(bench, concern, change):
    try:
        frame = made(bench, change, concern)
    except UnsupportedError as error:
        pytest.skip(str(error))
    lacking = frame[frame["difference_low"].isna()]
    assert (lacking["note"] != "").all(), lacking[["identity", "note"]].to_dict("records")
    assert frame["difference_low"].notna().any()
    inside = frame.dropna(subset=["difference_low"])
    assert (inside["difference_low"] <= inside["difference"]).all()
    assert (inside["difference"] <= inside["difference_high"]).all()


def items(bench):
    """Return, for each item, sums of matches and trials by series, level and side."""
    trials = bench.trials().to_pyarrow().to_pandas()
    trials = trials[trials["included"]].assign(right=lambda t: t["match"] / UNIT)
    columns = {}
    for side in ("before", "after"):
        kept = trials["split"].eq("held-out") if side == "after" else True
        for series in ("self", "cross"):
            for level in (100, 400):
                arm = trials["role"].eq(series) & trials["n_train"].astype(float).eq(level) & kept
                columns[side, series, level, "right"] = trials["right"] * arm
                columns[side, series, level, "n"] = arm.astype(float)
    table = trials[["task", "item"]].assign(**{str(k): v for k, v in columns.items()})
    summed = table.groupby(["task", "item"]).sum()
    return {key: summed[str(key)].to_numpy() for key in columns}


def slope(drawn, side, series):
    low, high = (drawn[side, series, x, "right"] / drawn[side, series, x, "n"] for x in (100, 400))
    return (high - low) / 2  # two doublings


@pytest.mark.parametrize("series", ["self", "difference"])
def test_the_interval_of_a_slope_is_that_of_a_joint_bootstrap_by_hand(bench, series):
    frame = made(bench, SOME, "growth", interval="percentile", resamples=20_000)
    row = row_of(frame, quantity="slope", subject=series)
    sums = items(bench)
    n = len(next(iter(sums.values())))
    weights = np.random.default_rng(5).multinomial(n, np.full(n, 1 / n), size=20_000)
    drawn = {key: weights @ column for key, column in sums.items()}
    names = ["self"] if series == "self" else ["self", "cross"]
    signs = [1, -1]
    moved = sum(
        sign * (slope(drawn, "after", name) - slope(drawn, "before", name))
        for sign, name in zip(signs, names, strict=False)
    )
    near = 0.08 * moved.std()
    assert row["difference_se"] == pytest.approx(moved.std(), rel=0.05)
    low, high = np.quantile(moved, [0.025, 0.975])
    assert row["difference_low"] == pytest.approx(low, abs=near)
    assert row["difference_high"] == pytest.approx(high, abs=near)


def test_a_trend_is_paired_by_the_clusters_of_the_change(bench):
    change = {"choices": {"cluster": "task"}, **SOME}
    row = row_of(made(bench, change, "growth"), quantity="slope", subject="self")
    assert row["n_clusters"] == 3


def test_a_slope_over_other_levels_is_not_the_same_though_its_sums_are(bench):
    own = bench.shared_trend("growth", bench.choices, None, ["task", "item"])
    other = {
        group: {row: tuple((arm, 2 * w) for arm, w in arms) for row, arms in rows.items()}
        for group, rows in own.parts.items()
    }
    sides = [Side(sums=one, choices=bench.choices) for one in (own, replace(own, parts=other))]
    found = {one.part[:2]: one for one in paired_differences(*sides)}
    assert found["slope", "self"].note != SAME
    assert found["slope", "self"].value != 0


def effects(values, errors=0.05):
    return {
        f"t{n}": (float(v), float(e))
        for n, (v, e) in enumerate(zip(values, np.broadcast_to(errors, len(values)), strict=True))
    }


def test_with_equal_errors_the_difference_of_means_has_the_paired_t_interval():
    rng = np.random.default_rng(1)
    before = rng.normal(0.4, 0.1, 9)
    after = before + rng.normal(0.03, 0.02, 9)
    found = paired_means(effects(before), effects(after), 0.9)
    known = stats.ttest_rel(after, before).confidence_interval(0.9)
    assert found.value == pytest.approx((after - before).mean())
    assert (found.low, found.high) == pytest.approx((known.low, known.high))
    assert found.n_clusters == 9


def test_a_task_of_one_side_alone_is_left_out_of_that_side():
    rng = np.random.default_rng(2)
    before = effects(rng.normal(0.4, 0.1, 8))
    after = {name: one for name, one in before.items() if name != "t0"}
    found = paired_means(before, after, 0.95)
    assert found.n_clusters == 8
    assert found.low < found.value < found.high


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (effects([0.1, 0.2]), effects([0.2, 0.2]), "fewer than 3 effects"),
        (effects([0.1, 0.2, 0.4]), {"z": (0.1, 0.1)}, "share no task"),
        (effects([0.1, 0.2, 0.4]), effects([0.2, 0.3, 0.5]), "no variation"),
    ],
    ids=["few", "apart", "the same everywhere"],
)
def test_means_that_cannot_be_paired_say_why(before, after, said):
    found = paired_means(before, after, 0.95)
    assert math.isnan(found.low)
    assert said in found.note


@pytest.mark.simulation
def test_the_interval_of_a_difference_of_means_covers():
    rng, runs, tasks, covered = np.random.default_rng(3), 1_000, 12, 0
    for _ in range(runs):
        errors = rng.uniform(0.02, 0.06, tasks)
        truth = rng.normal(0.5, 0.1, tasks)
        moved = rng.normal(0.04, 0.05, tasks)
        noise = rng.normal(0, errors)
        before = effects(truth + noise, errors)
        after = effects(truth + moved + 0.6 * noise + 0.8 * rng.normal(0, errors), errors)
        found = paired_means(before, after, 0.95)
        covered += found.low <= 0.04 <= found.high
    assert stats.binom.ppf(0.0001, runs, 0.93) <= covered <= stats.binom.ppf(0.9999, runs, 0.97)


def models(bench, where=None):
    (one,) = bench.fitted_models("two_way", bench.choices, where)
    return one


def test_what_clusters_add_to_a_fit_is_its_robust_error(bench):
    fitted = models(bench).fitted
    g = fitted.n_clusters
    for influence, error in (
        (fitted.influence, fitted.standard_error),
        (fitted.marginal_influence[1:], fitted.marginal_error[1:]),
    ):
        again = np.sqrt(g / (g - 1) * (influence**2).sum(axis=1))
        np.testing.assert_allclose(again, error, rtol=1e-6)


def left_out(data: TwoWay, cluster: int) -> TwoWay:
    kept = data.cluster != cluster
    return replace(
        data,
        design=data.design[kept],
        right=data.right[kept],
        asked=data.asked[kept],
        cluster=data.cluster[kept],
    )


def test_the_error_of_a_paired_coefficient_is_that_of_clusters_left_out(bench):
    one, two = models(bench), models(bench, SOME["where"])
    found = paired_models([one], [two], ["task", "item"], 0.95)[
        "coefficient", "self", "", "", "", ""
    ]
    moved = []
    for label in one.clusters:
        fits = []
        for model in (one, two):
            number = model.clusters.index(label) if label in model.clusters else -1
            fits.append(fit(left_out(model.data, number)).estimate[-1])
        moved.append(fits[1] - fits[0])
    g = len(moved)
    known = math.sqrt((g - 1) / g * ((np.array(moved) - np.mean(moved)) ** 2).sum())
    assert found.value == two.fitted.estimate[-1] - one.fitted.estimate[-1]
    assert found.standard_error == pytest.approx(known, rel=0.1)
    # drawn apart, it would be far larger
    apart = math.hypot(one.fitted.standard_error[-1], two.fitted.standard_error[-1])
    assert found.standard_error < 0.7 * apart


def test_models_of_other_clusters_are_not_paired(bench):
    one = models(bench)
    two = replace(one, clusters=tuple(("other", n) for n in range(len(one.clusters))))
    found = paired_models([one], [two], ["task", "item"], 0.95)
    assert "share no task and item" in found["coefficient", "self", "", "", "", ""].note
