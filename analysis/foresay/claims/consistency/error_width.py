"""Whether a printed standard error and a printed 95 % interval can be of one estimate."""

from __future__ import annotations

from foresay.claims.consistency.finding import Finding, outcome
from foresay.claims.consistency.midpoint import Method
from foresay.claims.printed import Printed, Rounding
from foresay.claims.reported import NORMAL
from foresay.claims.wording import as_printed, computed

RULE = "standard error fits its interval"

FEWEST_CLUSTERS = 2.7764451051977987
"""97.5 % quantile of t with 4 degrees of freedom: that of an interval from five clusters."""
SLACK = 0.25
"""How much a width may be off, relatively, if no method is said.

The half-width of a percentile interval from B = 200 resamples has a simulation error of some 7 %,
and a standard error from as many one of 1 / sqrt(2 B) = 5 %; together 8.6 %, of which a quarter is
2.9. Wilson's, logit, exact and bootstrap intervals of shares with `LEAST` items on either side
have half-widths of 2.0 to 2.3 standard errors.
"""
LEAST = 5
"""Items on either side of a share from which intervals of all methods are about as wide."""
FEW_SLACK = 0.5
"""How much narrower the interval may be where the error is that of fewer than `LEAST` items.

Clusters, or an error that is not meant, make it so where n is of more. Normal intervals cut off at
0 have 1.48 standard errors and percentile intervals of one cluster with everything 1.5, both before
the simulation error of a bootstrap; intervals on other scales are wider, without a bound.
"""
SPREAD = 7.0
"""Ratio of the ends of a positive interval from which it may be one on a logarithmic scale."""
_FEW = f"with fewer than {LEAST} items on either side methods differ too much"


def error_width(  # noqa: PLR0913 (all that is printed of one estimate)
    error: Printed,
    low: Printed,
    high: Printed,
    *,
    share: Printed | None = None,
    n: int | None = None,
    multiple: float = 1.0,
    method: Method = "any",
    rounding: Rounding = "nearest",
    rows: tuple[str, ...] = (),
) -> Finding:
    """Check that the half-width of a 95 % interval is some two of the printed standard errors.

    Parameters
    ----------
    error : Printed
        The standard error times `multiple`.
    low, high : Printed
        Ends of the interval.
    share : Printed, optional
        The estimate, if it is a share of items, which cannot pass 0 and 1.
    n : int, optional
        Number of items of the share, where it is printed.
    multiple : float
        1 for a standard error, 1.96 for a half-width that says so.
    method : {"any", "normal", "logit"}
        As in `near_the_middle`. ``normal`` is 1.96 standard errors, or the t-quantile of five
        clusters or more; else `SLACK` is allowed beyond either.
    rounding, rows
        As in `same_value`.

    Notes
    -----
    The smallest and largest ratio that rounding allows are held against 1.96 to `FEWEST_CLUSTERS`.
    Not possible for shares with fewer than `LEAST` items on either side, n min(p, 1 - p), where
    methods differ by more than a half. Where n is not printed the items are told from value and
    error, (p / s)² (1 - p); where n is of more items than the error is, only an interval is named
    that is too narrow for it, with `FEW_SLACK`. Nor is it possible for wide positive intervals
    of what is no share, which may be logarithmic; for an interval of exactly one standard error
    to each side, which is none of 95 %; and where rounding allows twice the width or more.

    Examples
    --------
    >>> from foresay.claims.numbers import parse_number
    >>> numbers = map(parse_number, (".016", ".463", ".525"))
    >>> error_width(*numbers).arithmetic
    'printed error .016, interval [.463, .525]; its half-width .031 is 1.9375 standard errors'
    >>> error_width(*map(parse_number, (".160", ".463", ".525"))).verdict
    'differs'
    """
    words = "error" if multiple == 1 else "half-width"
    printed = (
        f"printed {words} {as_printed(error)}, interval [{as_printed(low)}, {as_printed(high)}]"
    )
    standard = error.value / multiple
    half = (high.value - low.value) / 2
    if not (standard > 0 and half > 0):
        return _not_possible("an error and a width above 0 are needed", printed, rows)
    least, most = error.span(rounding).floats()
    thin, wide = (e / multiple for e in (least, most))
    # span of the width: that of its ends
    narrow, broad = (high.span(rounding) - low.span(rounding)).floats()
    if thin <= 0 or narrow <= 0 or wide > 2 * thin or broad > 2 * narrow:
        return _not_possible("rounding allows twice the width or more", printed, rows)
    smallest, largest = narrow / 2 / wide, broad / 2 / thin
    few = share is not None and _few(share, standard)
    if reason := _reason(share, n, low, high, few=few):
        return _not_possible(reason, printed, rows)
    if smallest <= 1 <= largest and multiple == 1:
        return _not_possible("the interval is one standard error to each side", printed, rows)
    slack = 0.0 if method == "normal" else SLACK
    reaches = largest >= NORMAL * (1 - (FEW_SLACK if few else slack)) - 1e-3
    fits = reaches and smallest <= FEWEST_CLUSTERS * (1 + slack)
    if few and reaches and not fits:
        return _not_possible(_FEW, printed, rows)
    ratio = half / standard
    return Finding(
        rule=RULE,
        verdict=outcome(holds=fits),
        rows=rows,
        arithmetic=(
            f"{printed}; its half-width {computed(half, error.unit)} is "
            f"{_plain(ratio)} standard errors"
        ),
        numbers={"ratio": ratio, "half_width": half},
    )


def _plain(ratio: float) -> str:
    return f"{ratio:.4f}".rstrip("0").rstrip(".")


def _few(share: Printed, standard: float) -> bool:
    """Whether an error is that of fewer than `LEAST` independent items on a side."""
    p = share.value
    return min(p, 1 - p) ** 2 * max(p, 1 - p) < LEAST * standard**2


def _reason(share: Printed | None, n: int | None, low: Printed, high: Printed, *, few: bool) -> str:
    if share is not None:
        p = share.value
        if not 0 < p < 1 or (few and (n is None or n * min(p, 1 - p) < LEAST)):
            return _FEW
    elif low.value > 0 and high.value > SPREAD * low.value:
        return "so wide a positive interval may be one on a logarithmic scale"
    return ""


def _not_possible(reason: str, printed: str, rows: tuple[str, ...]) -> Finding:
    return Finding(rule=RULE, verdict="not possible", rows=rows, arithmetic=printed, reason=reason)
