"""Whether one cell that is printed at two places has one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from foresay.claims.consistency.equality import same_value
from foresay.claims.consistency.finding import Finding
from foresay.claims.printed import Printed, Rounding

RULE = "one value for the same labels"


def one_value(
    values: Sequence[Printed],
    rows: Sequence[str],
    *,
    declared: bool = True,
    rounding: Rounding = "nearest",
) -> list[Finding]:
    """Check that rows with the same labels print one value, after rounding.

    Parameters
    ----------
    values : sequence of Printed
        Two or more; each is held against the one with the most decimals.
    rows : sequence of str
        Where they are from.
    declared : bool
        Whether the user says that rows with the same labels are the same measurement. Two figures
        may show different items under the same labels, so that a difference is only *not possible*
        to judge without it; the numbers are given.
    rounding
        As in `same_value`.

    Notes
    -----
    The tolerance is that of `same_value`.
    """
    finest = max(range(len(values)), key=lambda at: (-values[at].step, -at))
    found = []
    for at, value in enumerate(values):
        if at == finest:
            continue
        pair = (rows[at], rows[finest])
        made = replace(same_value(value, values[finest], rounding=rounding, rows=pair), rule=RULE)
        if made.verdict == "differs" and not declared:
            reason = "nothing says that rows with the same labels are the same measurement"
            made = replace(made, verdict="not possible", reason=reason)
        found.append(made)
    return found
