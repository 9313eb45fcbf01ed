"""What a contrast tests, and in which words the result is given."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from foresay.comparisons.arms import Comparison, exponential
from foresay.comparisons.equivalence import Measured, Unvarying, equivalence, superiority
from foresay.comparisons.mcnemar import mcnemar
from foresay.comparisons.permutations import sign_flip
from foresay.counts.crossed import CrossedCounts
from foresay.counts.nested import NestedCounts
from foresay.resampling.designs import AnyCounts
from foresay.resampling.jackknife import jackknife
from foresay.study import Contrast

SHOWN = {"difference": "different", "equivalence": "equivalent", "superiority": "superior"}
"""The verdict of each hypothesis where its test rejects; otherwise `NOT_SHOWN`."""

NOT_SHOWN = "not shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """Result of the test of a contrast.

    Parameters
    ----------
    p_value : float
        ``nan`` where there is no test.
    test : str
        ``sign_flip``, ``mcnemar``, ``tost`` or ``superiority_t``, ``t``, or ``none``.
    hypothesis : str
        What was to be shown.
    margin : float
        ``nan`` where the hypothesis has none.
    verdict : str
        A value of `SHOWN`, or `NOT_SHOWN`, or "" where there is no test.
    notes : tuple of str
        Reasons and warnings.
    """

    p_value: float = math.nan
    test: str = "none"
    hypothesis: str = "difference"
    margin: float = math.nan
    verdict: str = ""
    notes: tuple[str, ...] = ()

    def columns(self) -> dict[str, object]:
        """Return the columns of the table of contrasts; `p_adjusted` and `family` come later."""
        return {
            "p_value": self.p_value,
            "p_adjusted": math.nan,
            "family": "",
            "test": self.test,
            "hypothesis": self.hypothesis,
            "margin": self.margin,
            "verdict": self.verdict,
        }


def verdict(p_value: float, hypothesis: str, level: float) -> str:
    """Return the verdict at error rate `level`; "" where p is missing."""
    if math.isnan(p_value):
        return ""
    return SHOWN[hypothesis] if p_value <= level else NOT_SHOWN


def examine(
    spec: Contrast,
    compared: Comparison,
    counts: AnyCounts,
    *,
    level: float,
    flips: int,
    rng: np.random.Generator,
) -> Tested:
    """Test what a contrast is to show.

    Parameters
    ----------
    spec : Contrast
        `test`, `hypothesis` and `margin` are used.
    compared : Comparison
        What is compared.
    counts : Counts, NestedCounts or CrossedCounts
        Sums of its arms per pattern. Of two levels, the outer clusters are flipped; two crossed
        kinds of clusters cannot be, and a t test takes its place.
    level : float
        Confidence level; the error rate of the verdict is ``1 - level``.
    flips : int
        Sign flips to draw where not all can be counted.
    rng : numpy.random.Generator
        The stream of the test.

    Returns
    -------
    Tested
        Undefined is ``nan`` with a reason in its notes.
    """
    margin = math.nan if spec.margin is None else spec.margin
    empty = Tested(hypothesis=spec.hypothesis, margin=margin)
    alpha = 1 - level
    if counts.n_clusters < 2 or not math.isfinite(float(compared.tested(counts.totals))):
        return empty
    if spec.hypothesis != "difference":
        return _against_margin(spec, compared, counts, margin, alpha)
    if spec.test == "none":
        return empty
    return _of_no_difference(spec, compared, counts, alpha, flips, rng)


def _of_no_difference(
    spec: Contrast,
    compared: Comparison,
    counts: AnyCounts,
    alpha: float,
    flips: int,
    rng: np.random.Generator,
) -> Tested:
    if isinstance(counts, CrossedCounts):
        return _t_test(compared, counts, alpha)
    single = counts.outer_counts if isinstance(counts, NestedCounts) else counts
    if spec.test == "mcnemar":
        paired = mcnemar(single, compared)
        if paired.reason:
            return Tested(notes=(paired.reason,))
        p = paired.p_value
        return Tested(p_value=p, test="mcnemar", verdict=verdict(p, "difference", alpha))
    flipped = sign_flip(single, compared, flips=flips, rng=rng)
    p = flipped.p_value
    notes = () if flipped.swaps else (UNEQUAL,)
    return Tested(p_value=p, test="sign_flip", verdict=verdict(p, "difference", alpha), notes=notes)


def _t_test(compared: Comparison, counts: AnyCounts, alpha: float) -> Tested:
    found = measured(compared, counts)
    if isinstance(found, str):
        return Tested(notes=(found,))
    p = min(1.0, 2 * min(found.above(0.0), found.below(0.0)))
    said = "two crossed kinds of clusters cannot be flipped: t test"
    return Tested(p_value=p, test="t", verdict=verdict(p, "difference", alpha), notes=(said,))


UNEQUAL = "p-value for many clusters: arms differ in trials within clusters"


def _against_margin(
    spec: Contrast, compared: Comparison, counts: AnyCounts, margin: float, alpha: float
) -> Tested:
    """Test equivalence or superiority on the scale where no difference is 0."""
    found = measured(compared, counts)
    if isinstance(found, str):
        return Tested(hypothesis=spec.hypothesis, margin=margin, notes=(found,))
    bound = math.log(margin) if spec.scale == "ratio" else margin
    equivalent = spec.hypothesis == "equivalence"
    made = (equivalence if equivalent else superiority)(found, bound, alpha)
    notes: tuple[str, ...] = ()
    if not math.isnan(made.low):
        low, high = made.low, made.high
        if spec.scale == "ratio":
            low, high = exponential(low), exponential(high)
        notes = (f"{100 * (1 - 2 * alpha):g}% interval {low:.3f} to {high:.3f}",)
    named = {"equivalence": "tost", "superiority": "superiority_t"}[spec.hypothesis]
    return Tested(
        p_value=math.nan if spec.test == "none" else made.p_value,
        test="none" if spec.test == "none" else named,
        hypothesis=spec.hypothesis,
        margin=margin,
        verdict=verdict(made.p_value, spec.hypothesis, alpha),
        notes=notes,
    )


def measured(compared: Comparison, counts: AnyCounts) -> Measured | Unvarying | str:
    """Return estimate, jackknife error and Satterthwaite degrees, or why there are none."""
    value = float(compared.tested(counts.totals))
    found = jackknife(counts, compared.tested)
    if math.isnan(found.standard_error) or found.degrees < 1:
        return "undefined without one of the clusters: not tested"
    if found.standard_error > 0:
        return Measured(
            value=value, standard_error=found.standard_error, degrees=found.satterthwaite
        )
    kind = compared.tested_kind
    if not (math.isfinite(kind.low) and math.isfinite(kind.high)):
        return "no variation between clusters: not tested"
    return Unvarying(value=value, lowest=kind.low, highest=kind.high, clusters=counts.n_clusters)
