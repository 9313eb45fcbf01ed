"""Calibration: pure functions of the sums of trials at each confidence."""

from foresay.measures.calibration.bins import BINS, binned, equal_mass
from foresay.measures.calibration.levels import CLIP, GRID, Levels, levels_of
from foresay.measures.calibration.nulls import (
    DRAWS,
    NOTHING,
    Null,
    Runs,
    against_null,
    calibrated,
)
from foresay.measures.calibration.registry import CALIBRATION, CalibrationMeasure
from foresay.measures.calibration.scores import recalibrated
from foresay.measures.calibration.variation import TOTAL_VARIATION

__all__ = [
    "BINS",
    "CALIBRATION",
    "CLIP",
    "DRAWS",
    "GRID",
    "NOTHING",
    "TOTAL_VARIATION",
    "CalibrationMeasure",
    "Levels",
    "Null",
    "Runs",
    "against_null",
    "binned",
    "calibrated",
    "equal_mass",
    "levels_of",
    "recalibrated",
]
