from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foresay.counts import Sums
from foresay.measures import detection, determinism, measures, mechanism, projection, shift

EXAMPLE = {
    "trials": 20,
    "match": 12.5,
    "match_squared": 11.25,
    "predictions": 24,
    "compliant_predictions": 18,
    "baseline_loo": 7,
    "baseline_insample": 9,
    "pairs": 10,
    "match_paired": 6,
    "ceiling": 7.5,
    "behaviours": 60,
    "compliant_behaviours": 57,
    "items_raw": 8,
    "same_raw": 2,
    "items_answer": 16,
    "same_answer": 12,
    **{f"trials_{b}": 10 for b in ("train", "distribution", "uniform", "other")},
    **{f"match_{b}": 6 for b in ("train", "distribution", "uniform", "other")},
    "baseline_train": 4,
    "baseline_distribution": 3,
    "baseline_uniform": 2.5,
    "baseline_other": 5,
    "modal_low": 8,
    "modal_plug": 9.5,
    **{f"modal_s{j}": 10 * 0.9**j if j == 3 else 9.9 for j in range(2, 11)},
    **{f"modal_n{j}": 10 if j < 5 else 3 for j in range(2, 11)},
    **{f"trials_skill_{b}": 10 for b in ("loo", "insample", "uniform")},
    **{f"match_skill_{b}": 6 for b in ("loo", "insample", "uniform")},
    **{f"baseline_skill_{b}": 5 for b in ("loo", "insample", "uniform")},
    **{f"ceiling_skill_{b}": 7.5 for b in ("loo", "insample", "uniform")},
}

WORKED = {
    "accuracy": 0.625,
    "compliance": 0.75,
    "compliance_behaviour": 0.95,
    "baseline_mode": 0.35,
    "baseline_mode_insample": 0.45,
    "baseline_mode_train": 0.4,
    "baseline_distribution": 0.3,
    "baseline_uniform": 0.25,
    "baseline_other": 0.5,
    "advantage": 0.275,
    "ceiling_resample": 0.75,
    "ceiling_modal_lower": 0.8,
    "ceiling_modal_upper": 0.9,
    "normalized_accuracy": 0.8,
    "skill": 0.4,
    "agreement_raw": 0.25,
    "agreement_answer": 0.75,
}


def sums_of(values, names=None, times=1.0):
    names = tuple(names or values)
    numbers = np.array([[values[n] * t for n in names] for t in np.atleast_1d(times)])
    return Sums(names, numbers if np.ndim(times) else numbers[0], np.ones(len(names)))


@pytest.mark.parametrize("name", WORKED)
def test_worked_example(name):
    assert float(measures()[name].estimator(sums_of(EXAMPLE))) == pytest.approx(WORKED[name])


ELSEWHERE = {
    m.name for part in (projection, mechanism, shift, detection, determinism) for m in part.MEASURES
}
"""Measures that are worked in the tests of their own files."""
BRACKETS = {"ceiling_modal", "normalized_accuracy_modal"}


def test_every_measure_is_worked():
    assert [name for name in measures() if name not in ELSEWHERE | BRACKETS] == list(WORKED)
    assert {name for name, m in measures().items() if m.ends} == BRACKETS


def test_in_sample_choice_moves_baseline_and_advantage_only():
    found = {
        name: float(m.estimator(sums_of(EXAMPLE)))
        for name, m in measures(baseline="mode_insample").items()
        if name in WORKED
    }
    changed = {"baseline_mode": 0.45, "advantage": 0.175}
    assert found == pytest.approx({**WORKED, **changed})


@pytest.mark.parametrize("name", WORKED)
@pytest.mark.parametrize("baseline", ["mode_loo", "mode_insample"])
def test_nothing_but_the_declared_sums_is_read(name, baseline):
    measure = measures(baseline=baseline)[name]
    full, own = sums_of(EXAMPLE), sums_of(EXAMPLE, measure.sums)
    assert measure.estimator(own) == measure.estimator(full)


@pytest.mark.parametrize("name", WORKED)
def test_leading_axes_are_kept(name):
    times = np.array([1.0, 2.0, 3.0])
    found = measures()[name].estimator(sums_of(EXAMPLE, times=times))
    assert found.shape == (3,)
    assert found == pytest.approx(np.full(3, WORKED[name]))


@pytest.mark.parametrize("name", WORKED)
def test_nothing_counted_is_nan_without_a_warning(name):
    assert np.isnan(measures()[name].estimator(sums_of(dict.fromkeys(EXAMPLE, 0))))


def test_a_ceiling_of_zero_normalizes_nothing():
    never = {**EXAMPLE, "ceiling": 0}
    assert np.isnan(measures()["normalized_accuracy"].estimator(sums_of(never)))


def test_normalized_accuracy_is_accuracy_of_paired_trials_over_their_ceiling():
    e = EXAMPLE
    quotient = (e["match_paired"] / e["pairs"]) / (e["ceiling"] / e["pairs"])
    assert measures()["normalized_accuracy"].estimator(sums_of(e)) == pytest.approx(quotient)


@given(st.floats(0.01, 1e6))
def test_scale_of_the_sums_changes_nothing(times):
    for name, value in WORKED.items():
        found = float(measures()[name].estimator(sums_of(EXAMPLE, times=[times]))[0])
        assert found == pytest.approx(value)
