"""The reliability curve: bins by hand, isotonic fit, and how often calibrated fits stay inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foresay.measures.calibration import Levels, calibrated, recalibrated
from foresay.resampling import stream
from studies import open_study


def trial(item: int, confidence: float, match: int) -> dict[str, Any]:
    return {
        "predictor": "m",
        "target": "m",
        "task": "t",
        "item": str(item),
        "property": "p",
        "confidence": confidence,
        "match": match,
    }


def test_few_confidences_are_bins_of_their_own(tmp_path: Path) -> None:
    rows = [trial(i, f, x) for i, (f, x) in enumerate([(0.2, 0), (0.2, 1), (0.7, 1), (0.7, 1)])]
    with open_study(tmp_path, {"trials": rows * 1}) as bench:
        bins = bench.reliability(by=()).query("part == 'bin'")
    assert bins[["confidence", "value", "n_trials"]].to_numpy().tolist() == [
        [0.2, 0.5, 2],
        [0.7, 1, 2],
    ]


def test_many_confidences_make_fifteen_bins(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    rows = [trial(i, round(f, 3), int(rng.random() < f)) for i, f in enumerate(rng.random(300))]
    with open_study(tmp_path, {"trials": rows}) as bench:
        found = bench.reliability(by=())
        error = bench.estimate("ece", by=())["value"].iloc[0]
    bins, fit = found.query("part == 'bin'"), found.query("part == 'fit'")
    assert len(bins) == 15
    assert bins["n_trials"].sum() == fit["n_trials"].sum() == 300
    gaps = (bins["confidence"] - bins["value"]).abs()
    assert (gaps * bins["n_trials"]).sum() / 300 == pytest.approx(error)
    assert (fit["value"].diff().dropna() >= 0).all()
    assert bins["value"].between(bins["low"], bins["high"]).all()
    assert (fit["band_low"] <= fit["band_high"]).all()


@pytest.mark.simulation
def test_the_band_holds_calibrated_fits_as_often_as_it_says() -> None:
    levels = Levels.observed(np.arange(1, 10) / 10, np.full(9, 60), np.zeros(9))
    band = recalibrated(calibrated(levels, stream(1, "band"), 2_000))
    low, high = np.quantile(band, [0.025, 0.975], axis=0)
    fresh = recalibrated(calibrated(levels, stream(1, "fresh"), 2_000))
    inside = ((fresh >= low) & (fresh <= high)).mean(axis=0)
    assert (inside > 0.93).all()
