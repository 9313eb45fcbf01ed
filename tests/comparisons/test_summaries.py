from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from foresay.comparisons.random_effects import random_effects
from foresay.comparisons.summaries import clusters_across, limits_of, summarize
from foresay.errors import ChoiceError
from foresay.study import SELF_ADVANTAGE, Choices
from studies import answers, open_study, prediction

REFERENCE = pd.read_csv(Path(__file__).parent / "reference" / "random_effects.csv")
SETS = {
    "varied": ([0.10, 0.32, -0.05, 0.21, 0.44], [0.04, 0.06, 0.05, 0.09, 0.07]),
    "alike": ([0.10, 0.12, 0.11, 0.09], [0.05, 0.06, 0.04, 0.05]),
    "two": ([0.02, 0.30], [0.05, 0.08]),
}


@pytest.mark.parametrize("name", SETS)
def test_against_metafor(name):
    made = random_effects(*map(np.array, SETS[name]), 0.95)
    expected = REFERENCE.set_index("set").loc[name]
    for column, value in expected.items():
        found = getattr(made, column)
        assert found == pytest.approx(value, rel=1e-6, abs=1e-9, nan_ok=True), column


def test_equal_errors_by_hand():
    # equal weights: the mean, and the variance of the effects less the error's
    values, error = np.array([0.1, 0.3, 0.5]), 0.05
    made = random_effects(values, np.full(3, error), 0.95)
    assert made.value == pytest.approx(0.3)
    assert made.tau2 == pytest.approx(0.04 - error**2)
    assert made.standard_error == pytest.approx(0.2 / np.sqrt(3))
    assert made.high - made.value == pytest.approx(stats.t.ppf(0.975, 2) * 0.2 / np.sqrt(3))
    assert made.i2 == pytest.approx(1 - 2 / made.q)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.lists(
        st.tuples(st.floats(-1, 1), st.floats(0.02, 0.5)), min_size=2, max_size=8, unique=True
    ),
    st.sampled_from([-2.0, 0.25, 1.0]),
)
def test_shifting_scaling_and_order(effects, shift):
    values, errors = map(np.array, zip(*effects, strict=True))
    made = random_effects(values, errors, 0.95)
    assert made.weights.sum() == pytest.approx(1)
    assert values.min() - 1e-9 <= made.value <= values.max() + 1e-9
    moved = random_effects(values + shift, errors, 0.95)
    assert moved.value == pytest.approx(made.value + shift, abs=1e-6)
    percent = random_effects(100 * values, 100 * errors, 0.95)
    assert percent.low == pytest.approx(100 * made.low, abs=1e-4)
    turned = random_effects(values[::-1], errors[::-1], 0.95)
    assert turned.value == pytest.approx(made.value, abs=1e-6)


def table(rows):
    frame = pd.DataFrame(rows, columns=["task", "value", "standard_error"])
    return frame.assign(estimand="accuracy", level=0.95, fingerprint="f")


def test_leave_one_out_is_the_summary_of_the_rest():
    rows = list(zip("abcde", *SETS["varied"], strict=True))
    made = summarize(table(rows), over="task")
    assert made.summary["n_effects"].tolist() == [5]
    assert made.effects["weight"].sum() == pytest.approx(1)
    for left, row in zip("abcde", made.leave_one_out.itertuples(), strict=True):
        rest = summarize(table([r for r in rows if r[0] != left]), over="task").summary
        assert row.without == left
        assert row.value == pytest.approx(rest["value"][0])
        assert row.high == pytest.approx(rest["high"][0])


def test_what_has_no_error_is_left_out_by_name():
    rows = [("a", 0.4, 0.05), ("b", 0.5, 0.05), ("c", 1.0, np.nan), ("d", np.nan, np.nan)]
    made = summarize(table(rows), over="task")
    assert made.summary["value"][0] == pytest.approx(0.45)
    assert "left out: c, d" in made.summary["note"][0]
    assert made.effects["weight"].isna().tolist() == [False, False, True, True]


def test_an_effect_without_variation_counts_with_the_error_of_its_exact_bound():
    rows = [("a", 0.4, 0.05), ("b", 0.5, 0.05), ("c", 0.0, np.nan), ("d", np.nan, np.nan)]
    frame = table(rows)
    frame["low"] = [0.3, 0.4, -0.2, np.nan]
    frame["high"] = [0.5, 0.6, 0.2, np.nan]
    made = summarize(frame, over="task")
    error = 0.4 / (2 * stats.norm.ppf(0.975))
    whole = random_effects(np.array([0.4, 0.5, 0.0]), np.array([0.05, 0.05, error]), 0.95)
    assert made.summary["value"][0] == pytest.approx(whole.value)
    assert made.summary["n_effects"][0] == 3
    assert made.effects["standard_error"][2] == pytest.approx(error)
    assert made.effects["weight"].isna().tolist() == [False, False, False, True]
    note = made.summary["note"][0]
    assert "no variation between clusters, error from the exact bound: c" in note
    assert "without an error, left out: d" in note
    assert made.leave_one_out["without"].tolist() == ["a", "b", "c"]


def test_intervals_end_where_the_estimand_does():
    frame = table([("a", 0.7, 0.05), ("b", 0.99, 0.02), ("c", 0.9, 0.05)])
    free = summarize(frame, over="task").summary.iloc[0]
    cut = summarize(frame, over="task", limits=(0.0, 1.0))
    assert free["high"] > 1
    assert free["prediction_low"] < 0
    row = cut.summary.iloc[0]
    assert (row["high"], row["prediction_high"]) == (1, 1)
    assert (row["low"], row["prediction_low"]) == (free["low"], max(0, free["prediction_low"]))
    for end in ("low", "high"):
        assert cut.leave_one_out[end].between(0, 1).all()


def test_limits_are_those_of_the_estimand_or_of_its_difference():
    contrasts = {
        "self": SELF_ADVANTAGE,
        "ratio": SELF_ADVANTAGE.model_copy(update={"scale": "ratio"}),
    }
    known = [limits_of(name, contrasts, Choices()) for name in ("accuracy", "self", "ratio", "?")]
    assert known == [(0, 1), (-1, 1), (0, np.inf), (-np.inf, np.inf)]


def test_one_effect_is_no_summary():
    made = summarize(table([("a", 0.4, 0.05)]), over="task")
    assert np.isnan(made.summary["value"][0])
    assert "fewer than 2 effects" in made.summary["note"][0]


def test_each_group_has_its_own():
    frame = pd.concat(
        [
            table([("a", v, 0.05), ("b", v + 0.1, 0.05)]).assign(target=t)
            for t, v in (("y", 0.5), ("x", 0.1))
        ]
    )
    made = summarize(frame, over="task", by=("target",))
    assert made.summary["target"].tolist() == ["x", "y"]
    assert made.summary["value"].tolist() == pytest.approx([0.15, 0.55])


def test_it_wants_one_estimand_grouped_by_the_column():
    with pytest.raises(ChoiceError, match="not grouped by 'task'"):
        summarize(table([("a", 0.4, 0.05)]).drop(columns="task"), over="task")
    two = pd.concat([table([("a", 0.4, 0.05)]), table([("a", 0.4, 0.05)]).assign(estimand="b")])
    with pytest.raises(ChoiceError, match="one estimand at a time"):
        summarize(two, over="task")


def test_clusters_that_several_effects_share_are_counted_and_noted(tmp_path):
    said = [
        prediction(who, "m", f"i{n}", "a", training_seed=seed)
        for n in range(3)
        for who, seed in (("x", 1), ("y", 2))
    ]
    given = [row for n in range(3) for row in answers("m", f"i{n}", ["a"])]
    with open_study(tmp_path, {"answers": given, "predictions": said}) as study:
        population = study.population()
        assert clusters_across(population, "predictor", study.choices) == 3
        assert clusters_across(population, "task", study.choices) == 0
    made = summarize(table([("a", 0.4, 0.05), ("b", 0.5, 0.05)]), over="task", shared_clusters=3)
    assert "3 clusters are in several of the effects" in made.summary["note"][0]
