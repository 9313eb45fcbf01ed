from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from foresay.errors import UnsupportedError
from foresay.estimation.correlations import correlations
from foresay.study import override
from studies import open_study, prediction

CHOICES = {"truth": "each", "resamples": 400}


def study_of(tmp_path, reported, actual, **choices):
    """Rows of repeats for each item: what is reported of it, and what it is."""
    said, did = [], []
    for i, (says, does) in enumerate(zip(reported, actual, strict=True)):
        said += [
            prediction("m", "m", f"i{i}", None if v is None else f"{v}", sample=n)
            for n, v in enumerate(says)
        ]
        did += [
            {"model": "m", "task": "t", "item": f"i{i}", "property": "p", "sample": n, "answer": v}
            for n, v in enumerate(does)
        ]
    return open_study(
        tmp_path, {"predictions": said, "answers": did}, choices={**CHOICES, **choices}
    )


def found(study, *names, by=(), **choices):
    chosen = override(study.choices, choices)
    table = correlations(
        study.population(choices=chosen),
        names or ("correlation", "rank_correlation", "correlation_corrected"),
        by=by,
        choices=chosen,
        context=study._context(None),
    )
    return {row["estimand"]: row for row in table.to_dict("records")}


def drawn(n=60, repeats=3, noise=1.0, seed=1):
    rng = np.random.default_rng(seed)
    true = rng.normal(size=(n, 2)) @ np.linalg.cholesky([[1, 0.7], [0.7, 1]]).T
    x, y = (true[:, [j]] + noise * rng.normal(size=(n, repeats)) for j in (0, 1))
    return x.round(4), y.round(4)


def test_values_are_scipys_on_the_means_of_repeats(tmp_path):
    x, y = drawn()
    rows = found(study_of(tmp_path, x, y))
    mx, my = x.mean(axis=1), y.mean(axis=1)
    assert rows["correlation"]["value"] == pytest.approx(stats.pearsonr(mx, my)[0], abs=1e-5)
    assert rows["rank_correlation"]["value"] == pytest.approx(
        stats.spearmanr(mx, my).statistic, abs=1e-3
    )
    assert rows["correlation"]["n_items"] == 60


def test_the_interval_of_pearsons_is_near_fishers_for_normal_data(tmp_path):
    x, y = drawn(n=300, repeats=1)
    row = found(study_of(tmp_path, x, y), "correlation")["correlation"]
    low, high = stats.pearsonr(x[:, 0], y[:, 0]).confidence_interval()
    assert row["low"] == pytest.approx(low, abs=0.02)
    assert row["high"] == pytest.approx(high, abs=0.02)


def test_reliabilities_are_those_of_the_analysis_of_variance(tmp_path):
    x, y = drawn(n=200, repeats=4)
    names = ("reliability_reported", "reliability_actual")
    rows = found(study_of(tmp_path, x, y), *names)
    for name, values in zip(names, (x, y), strict=True):
        within = values.var(axis=1, ddof=1).mean() / values.shape[1]
        between = values.mean(axis=1).var(ddof=1)
        assert rows[name]["value"] == pytest.approx(1 - within / between, abs=0.01)


def test_correction_divides_by_the_root_of_both_reliabilities(tmp_path):
    x, y = drawn(n=200, repeats=4)
    study = study_of(tmp_path, x, y)
    rows = found(
        study, "correlation", "correlation_corrected", "reliability_reported", "reliability_actual"
    )
    product = rows["reliability_reported"]["value"] * rows["reliability_actual"]["value"]
    assert rows["correlation_corrected"]["value"] == pytest.approx(
        rows["correlation"]["value"] / product**0.5, abs=1e-9
    )


def test_a_side_without_repeats_is_not_corrected_for_and_named(tmp_path):
    x, y = drawn(n=80)
    row = found(study_of(tmp_path, x[:, :1], y), "correlation_corrected")["correlation_corrected"]
    assert "no repeats of predictions" in row["note"]


def test_what_is_no_number_has_no_part(tmp_path):
    x, y = drawn(n=20, repeats=1)
    said = [["?"] if i < 5 else row for i, row in enumerate(x.tolist())]
    row = found(study_of(tmp_path, said, y), "correlation")["correlation"]
    assert row["n_items"] == 15
    assert row["value"] == pytest.approx(stats.pearsonr(x[5:, 0], y[5:, 0])[0], abs=1e-5)


@pytest.mark.parametrize("interval", ["percentile", "bca", "auto"])
def test_intervals_of_ranks_agree(tmp_path, interval):
    x, y = drawn(n=120)
    row = found(study_of(tmp_path, x, y), "rank_correlation", interval=interval)["rank_correlation"]
    auto = found(study_of(tmp_path / "auto", x, y), "rank_correlation")["rank_correlation"]
    assert row["low"] == pytest.approx(auto["low"], abs=0.06)
    assert row["high"] == pytest.approx(auto["high"], abs=0.06)


def test_points_on_a_line_have_no_interval_but_a_reason(tmp_path):
    rows = found(study_of(tmp_path, [[i] for i in range(5)], [[2 * i] for i in range(5)]))
    assert rows["correlation"]["value"] == pytest.approx(1)
    assert np.isnan(rows["correlation"]["low"])
    assert "one line" in rows["correlation"]["note"]
    assert "one order" in rows["rank_correlation"]["note"]


def test_what_does_not_vary_has_no_correlation(tmp_path):
    rows = found(study_of(tmp_path, [[1]] * 5, [[i] for i in range(5)]))
    assert np.isnan(rows["correlation"]["value"])
    assert "does not vary" in rows["correlation"]["note"]


def test_two_levels_are_refused_for_ranks_alone(tmp_path):
    x, y = drawn(n=40)
    rows = found(study_of(tmp_path, x, y), cluster=["target"], within=["item"])
    assert "one kind of clusters" in rows["rank_correlation"]["note"]
    assert np.isfinite(rows["correlation"]["value"])


def test_words_are_refused_with_the_column(tmp_path):
    study = study_of(tmp_path, [["a"], ["b"]], [[1], [2]])
    with pytest.raises(UnsupportedError, match="numbers in the column `prediction`"):
        found(study, "correlation")


def test_the_order_of_rows_changes_no_byte(tmp_path):
    x, y = drawn(n=50)
    one = found(study_of(tmp_path / "a", x, y))
    two = found(study_of(tmp_path / "b", x, y, seed=1))
    back = study_of(tmp_path / "c", x[::-1], y[::-1])
    for other in (two, found(back)):
        for name, row in one.items():
            assert (row["value"], row["low"]) == (other[name]["value"], other[name]["low"])


@pytest.mark.simulation
def test_attenuation_is_undone_and_the_intervals_cover(tmp_path):
    from foresay.counts import collapse
    from foresay.measures.correlations import CORRELATION, CORRELATION_CORRECTED
    from foresay.resampling import estimate, stream

    covered, values, plain = 0, [], []
    runs = 400
    for run in range(runs):
        x, y = drawn(n=100, repeats=3, seed=run + 10)
        counts = collapse(sums_of(x, y))
        made = estimate(
            counts,
            CORRELATION_CORRECTED.estimator,
            kind=CORRELATION_CORRECTED.kind,
            rng=stream(run),
        )
        values.append(made.value)
        plain.append(float(CORRELATION.estimator(counts.totals)))
        covered += made.low <= 0.7 <= made.high
    assert np.mean(plain) < 0.6
    assert np.mean(values) == pytest.approx(0.7, abs=0.02)
    assert 0.92 <= covered / runs <= 0.98


def sums_of(x, y):
    rows = {"points": np.ones(len(x), np.int64)}
    for name, values in (("x", x), ("y", y)):
        scaled = np.round(values * 1e4)
        k, s = values.shape[1], scaled.sum(axis=1)
        mean = np.round(s / k).astype(np.int64)
        pairs = np.round((s**2 - (scaled**2).sum(axis=1)) / (k * (k - 1))).astype(np.int64)
        rows |= {
            name: mean,
            name * 2: mean * mean,
            f"{name}_repeated": np.ones(len(x), np.int64),
            f"{name}_mean": mean,
            f"{name}_square": mean * mean,
            f"{name}_pairs": pairs,
        }
    return {**rows, "xy": rows["x"] * rows["y"]}
