"""Every calibration measure by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from foresay.counts import FloatArray
from foresay.measures.calibration.errors import (
    calibration_l2,
    ece,
    ece_equal_width,
    mad,
    smooth_ece,
)
from foresay.measures.calibration.levels import Levels
from foresay.measures.calibration.ranking import auroc
from foresay.measures.calibration.recalibration import calibration_intercept, calibration_slope
from foresay.measures.calibration.scores import (
    brier,
    calibration_skill,
    discrimination,
    log_score,
    miscalibration,
    uncertainty,
)
from foresay.measures.kinds import Difference

INFINITE = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationMeasure:
    """One measure of calibration.

    Parameters
    ----------
    name, title, definition, formula, source : str
        As of `foresay.measures.Measure`.
    of : callable
        From `Levels` with sums of shape ``(..., levels)`` to values of shape ``(...)``.
    kind : Difference
        Its bounds.
    tail : {"upper", "both"}
        What counts as far from calibrated: large values, or values far to either side.
    """

    name: str
    title: str
    of: Callable[[Levels], FloatArray]
    kind: Difference
    tail: Literal["upper", "both"] = "upper"
    definition: str
    formula: str
    source: str = ""


_SHARE = Difference(low=0.0, high=1.0)
_LINE = Difference(low=-INFINITE, high=INFINITE)
_KUMAR = "Kumar, Liang & Ma 2019, arXiv:1909.10155"
_CORP = "Dimitriadis, Gneiting & Jordan 2021, doi:10.1073/pnas.2016191118"
_GAP = r"\sum_b \frac{n_b}{n} |\bar f_b - \bar x_b|"
_COX = r"\operatorname{logit} P(x = 1) = a + b \operatorname{logit} f"
_ISOTONIC = "isotonic fit of right on confidence"

_LISTED = (
    CalibrationMeasure(
        name="calibration_l2",
        title="Calibration error, squared and debiased",
        of=calibration_l2,
        kind=Difference(low=-1.0, high=1.0),
        definition="The squared distance between confidence and the share right, over 15 bins of "
        "equal mass, less what chance adds; about 0, and as often below it as above, where "
        "confidence is calibrated. Chance is that of independent trials.",
        formula=r"\sum_b \frac{n_b}{n}\left[(\bar f_b - \bar x_b)^2 - "
        r"\frac{\bar x_b (1 - \bar x_b)}{n_b - 1}\right]",
        source=_KUMAR,
    ),
    CalibrationMeasure(
        name="ece",
        title="ECE, equal mass",
        of=ece,
        kind=_SHARE,
        definition="The mean distance between confidence and the share right over 15 bins of "
        "equal mass; above 0 by chance alone, so it is read against its null.",
        formula=_GAP,
        source="Naeini, Cooper & Hauskrecht 2015; Guo et al. 2017, arXiv:1706.04599",
    ),
    CalibrationMeasure(
        name="ece_equal_width",
        title="ECE, equal width",
        of=ece_equal_width,
        kind=_SHARE,
        definition="The same over 15 bins of equal width, some of which may hold few trials.",
        formula=_GAP,
        source="Guo et al. 2017, arXiv:1706.04599",
    ),
    CalibrationMeasure(
        name="mad",
        title="MAD, as published",
        of=mad,
        kind=_SHARE,
        definition="The mean distance between confidence and the share right over decile bins, "
        "every bin counting the same; equal confidences leave few and unequal bins. For "
        "comparison with published values.",
        formula=r"\frac{1}{B}\sum_b |\bar f_b - \bar x_b|",
        source="Binder et al. 2024, arXiv:2410.13787",
    ),
    CalibrationMeasure(
        name="smooth_ece",
        title="Smooth ECE",
        of=smooth_ece,
        kind=_SHARE,
        definition="The mean distance between confidence and the share right after smoothing by a "
        "kernel whose bandwidth is that distance itself; it has no bins.",
        formula=r"\sigma: \int_0^1 \left|\frac1n\sum_i (x_i - f_i) K_\sigma(f_i, t)\right| dt "
        r"= \sigma",
        source="Błasiok & Nakkiran 2023, arXiv:2309.12236",
    ),
    CalibrationMeasure(
        name="brier",
        title="Brier score",
        of=brier,
        kind=_SHARE,
        definition="The mean squared distance between confidence and what happened: "
        "miscalibration less discrimination plus uncertainty.",
        formula=r"\frac1n\sum_i (f_i - x_i)^2 = \text{MCB} - \text{DSC} + \text{UNC}",
        source="Brier 1950",
    ),
    CalibrationMeasure(
        name="miscalibration",
        title="Miscalibration (MCB)",
        of=miscalibration,
        kind=_SHARE,
        definition=f"The part of the Brier score that the {_ISOTONIC} would take away; above 0 by "
        "chance alone.",
        formula=r"\bar S(f) - \bar S(\hat p)",
        source=_CORP,
    ),
    CalibrationMeasure(
        name="discrimination",
        title="Discrimination (DSC)",
        of=discrimination,
        kind=_SHARE,
        tail="both",
        definition=f"How much better the {_ISOTONIC} scores than one constant.",
        formula=r"\bar S(\bar x) - \bar S(\hat p)",
        source=_CORP,
    ),
    CalibrationMeasure(
        name="uncertainty",
        title="Uncertainty (UNC)",
        of=uncertainty,
        kind=Difference(low=0.0, high=0.25),
        tail="both",
        definition="The Brier score of a predictor that always states the share that was right: "
        "the constant predictor.",
        formula=r"\bar x (1 - \bar x)",
        source=_CORP,
    ),
    CalibrationMeasure(
        name="calibration_skill",
        title="Skill over a constant",
        of=calibration_skill,
        kind=Difference(low=-INFINITE, high=1.0),
        tail="both",
        definition="One minus the Brier score over that of the best constant; by rank, over a "
        "predictor that always states the rank's mean. Above 0 there is more than the mean.",
        formula=r"1 - \frac{\text{Brier}}{\text{UNC}}",
        source="Brier skill score: Murphy 1973",
    ),
    CalibrationMeasure(
        name="calibration_slope",
        title="Calibration slope",
        of=calibration_slope,
        kind=_LINE,
        tail="both",
        definition="The slope of right on the log odds of confidence: 1 is calibrated, below 1 "
        "confidence is too extreme, 0 it says nothing.",
        formula=_COX,
        source="Cox 1958, doi:10.1093/biomet/45.3-4.562",
    ),
    CalibrationMeasure(
        name="calibration_intercept",
        title="Calibration intercept",
        of=calibration_intercept,
        kind=_LINE,
        tail="both",
        definition="The log odds of being right where confidence is one half: 0 is calibrated.",
        formula=_COX,
        source="Cox 1958, doi:10.1093/biomet/45.3-4.562",
    ),
    CalibrationMeasure(
        name="auroc",
        title="AUROC of confidence",
        of=auroc,
        kind=_SHARE,
        tail="both",
        definition="The chance that a right prediction has more confidence than a wrong one, ties "
        "counting half; blind to calibration.",
        formula=r"P(f_{\text{right}} > f_{\text{wrong}}) + \tfrac12 P(f_{\text{right}} = "
        r"f_{\text{wrong}})",
        source="Hanley & McNeil 1982, doi:10.1148/radiology.143.1.7063747",
    ),
    CalibrationMeasure(
        name="log_score",
        title="Log score",
        of=log_score,
        kind=Difference(low=0.0, high=INFINITE),
        definition="The mean surprise in nats at what happened; confidences of 0 and 1 are "
        "clipped, and the note counts them.",
        formula=r"-\frac1n\sum_i \left[x_i \log f_i + (1 - x_i)\log(1 - f_i)\right]",
        source="Good 1952",
    ),
)

CALIBRATION: Mapping[str, CalibrationMeasure] = MappingProxyType(
    {measure.name: measure for measure in _LISTED}
)
"""Every measure of calibration by name, in the order in which tables list them."""
