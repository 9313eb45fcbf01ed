"""Whether an estimate is where it should be within its own interval."""

from __future__ import annotations

import math
from typing import Literal

from foresay.claims.consistency.finding import Finding, outcome
from foresay.claims.printed import Printed, Rounding
from foresay.claims.wording import as_printed, computed

RULE = "estimate near the middle of its interval"

Method = Literal["any", "normal", "logit"]
Scale = Literal["any", "difference"]

SLACK = 0.25
"""How far from the middle an estimate may be, as a share of the half-width, if no method is said.

The ends of a percentile interval from B = 200 resamples have a simulation error of
sqrt(.025 * .975 / B) / φ(1.96) = .19 standard errors, their middle .13, which is .07 of the
half-width of 1.96. A quarter is 3.7 of that, and leaves room for the skew of a bootstrap.
"""


def near_the_middle(
    value: Printed,
    low: Printed,
    high: Printed,
    *,
    method: Method = "any",
    scale: Scale = "any",
    rounding: Rounding = "nearest",
    rows: tuple[str, ...] = (),
) -> Finding:
    """Check that an estimate lies near the middle of its interval.

    Parameters
    ----------
    value, low, high : Printed
        The estimate and the ends of its interval.
    method : {"any", "normal", "logit"}
        What interval is claimed. ``normal`` is symmetric about its estimate, ``logit`` (and
        Wilson's) on the logit scale: no tolerance but that of rounding. ``any`` is an interval
        whose method is not said.
    scale : {"any", "difference"}
        Whether the interval may have been made on another scale: the logit one where all numbers
        are from 0 to 1, the logarithmic one where all are above 0. That of a difference is not.
    rounding, rows
        As in `same_value`.

    Notes
    -----
    Under ``any`` an estimate may lie anywhere between the middle of the interval and the middle on
    those scales, which is where Wilson's, logit, exact, logarithmic and bootstrap intervals have
    it, and `SLACK` of the half-width beyond either, plus rounding.
    Not possible where rounding alone is more than a quarter of the half-width.

    Examples
    --------
    >>> from foresay.claims.numbers import parse_number
    >>> near_the_middle(*map(parse_number, (".485", ".479", ".491")), method="normal").verdict
    'passed'
    """
    printed = f"printed {as_printed(value)} [{as_printed(low)}, {as_printed(high)}]"
    said, start, end = value.value, low.value, high.value
    half = (end - start) / 2
    steps = (
        float(value.step + (low.step + high.step) / 2) / 2
        if rounding != "truncation"
        else (float(value.step + (low.step + high.step) / 2))
    )
    if half <= 0 or not math.isfinite(half):
        return _not_possible(printed, rows, "the interval has no width")
    if steps > SLACK * half:
        reason = (
            "rounding moves the estimate within its interval by up to "
            f"{computed(steps / half, digits=2)} times its half-width"
        )
        return _not_possible(printed, rows, reason)
    middle = (start + end) / 2
    middles = [middle]
    if method == "logit":
        middles = [_logit_middle(start, end)]
    elif method == "any" and scale == "any" and start >= 0:
        bent = _logit_middle if end <= 1 else _geometric_mean
        middles = [middle, bent(start, end)]
    slack = (SLACK * half if method == "any" else 0.0) + steps + 1e-12
    least, most = min(middles) - slack, max(middles) + slack
    off = (said - middle) / half
    away = computed(abs(off), digits=2)
    words = f"the middle is {computed(middle, value.unit)}, and the estimate is " + (
        "there"
        if away == "0"
        else f"{away} times the half-width of {computed(half, value.unit)} "
        f"{'above' if off > 0 else 'below'} it"
    )
    return Finding(
        rule=RULE,
        verdict=outcome(holds=least <= said <= most),
        rows=rows,
        arithmetic=f"{printed}; {words}",
        numbers={"middle": middle, "half_width": half, "off": off},
    )


def _not_possible(printed: str, rows: tuple[str, ...], reason: str) -> Finding:
    return Finding(rule=RULE, verdict="not possible", rows=rows, arithmetic=printed, reason=reason)


def _logit_middle(low: float, high: float) -> float:
    """Return where an interval that is symmetric on the logit scale has its estimate."""
    if low <= 0:
        return 0.0
    if high >= 1:
        return 1.0
    odds = math.sqrt(low / (1 - low) * high / (1 - high))
    return odds / (1 + odds)


def _geometric_mean(low: float, high: float) -> float:
    return math.sqrt(low * high)
