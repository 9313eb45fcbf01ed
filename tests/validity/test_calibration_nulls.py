"""The stored means of calibrated data against an independent simulation, and against theory."""

from __future__ import annotations

import pytest

from validity import running
from validity.sections.calibration import ALPHA, NAMES, REFERENCE

CASES = running.results()["calibration"]
CALIBRATED = {one["trials"]: one for one in CASES if one["gap"] == 0}
TOO_HIGH = {one["trials"]: one for one in CASES if one["gap"] > 0}
SIZES = sorted(CALIBRATED)


@pytest.mark.parametrize("trials", SIZES)
@pytest.mark.parametrize("name", REFERENCE)
def test_calibrated_means_are_those_of_another_simulation(name: str, trials: int) -> None:
    row = CALIBRATED[trials].row(measure=name)
    rounding = 0.00005 if name == "calibration_l2" else 0.0005
    assert row["mean"] == pytest.approx(REFERENCE[name][trials], abs=rounding + 4 * row["error"])


@pytest.mark.parametrize("trials", SIZES)
def test_debiased_error_is_the_square_of_the_gap_at_every_size(trials: int) -> None:
    row = TOO_HIGH[trials].row(measure="calibration_l2")
    assert row["mean"] == pytest.approx(0.05**2, abs=4 * row["error"])
    none = CALIBRATED[trials].row(measure="calibration_l2")
    assert none["mean"] == pytest.approx(0, abs=4 * none["error"])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("trials", SIZES)
def test_the_null_is_rejected_as_often_as_it_says(name: str, trials: int) -> None:
    one = CALIBRATED[trials]
    error = (ALPHA * (1 - ALPHA) / one.runs) ** 0.5
    assert one.row(measure=name)["rejected"] / one.runs <= ALPHA + 3 * error


@pytest.mark.parametrize("name", NAMES)
def test_more_trials_find_the_gap_more_often(name: str) -> None:
    power = [TOO_HIGH[n].row(measure=name)["rejected"] / TOO_HIGH[n].runs for n in SIZES]
    assert power == sorted(power)
    assert power[-1] > 0.9
