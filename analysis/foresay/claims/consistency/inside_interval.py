"""Whether an estimate lies inside its own interval, and the interval is the right way round."""

from __future__ import annotations

from foresay.claims.consistency.finding import Finding, outcome
from foresay.claims.printed import Printed, Rounding
from foresay.claims.wording import as_printed

RULE = "estimate inside its interval"


def inside_interval(
    value: Printed,
    low: Printed,
    high: Printed,
    *,
    rounding: Rounding = "nearest",
    rows: tuple[str, ...] = (),
) -> Finding:
    """Check that some true values behind three printed numbers have low <= value <= high.

    Parameters
    ----------
    value, low, high : Printed
        The estimate and the ends of its interval.
    rounding, rows
        As in `same_value`.

    Notes
    -----
    The tolerance is that of rounding: an estimate that prints equal to an end is inside. Every
    interval in use holds its estimate, with one exception: percentile intervals of an estimator
    with a bias larger than half their width.

    Examples
    --------
    >>> from foresay.claims.numbers import parse_number
    >>> inside_interval(*map(parse_number, (".494", ".509", ".516"))).arithmetic
    'printed .494 [.509, .516]; .494 lies below the interval'
    """
    said, least, most = (one.span(rounding).floats() for one in (value, low, high))
    start, end = low.value, high.value
    printed = f"printed {as_printed(value)} [{as_printed(low)}, {as_printed(high)}]"
    above, below = least[0] > said[1], said[0] > most[1]
    turned = start > end
    if turned:
        words = f"the low end {as_printed(low)} is above the high end {as_printed(high)}"
    elif above or below:
        words = f"{as_printed(value)} lies {'below' if above else 'above'} the interval"
    else:
        words = f"{as_printed(value)} lies inside"
    return Finding(
        rule=RULE,
        verdict=outcome(holds=not (turned or above or below)),
        rows=rows,
        arithmetic=f"{printed}; {words}",
        numbers={"value": value.value, "low": start, "high": end},
    )
