"""Whether arms that are said to have the same items have the same number of them."""

from __future__ import annotations

from collections.abc import Sequence

from foresay.claims.consistency.finding import Finding, outcome
from foresay.display import count

RULE = "equal n of arms with the same items"
NOT_SAID = "nothing says that these arms have the same items"
SHOWN = 6
"""Arms whose n stands in the sentence."""


def same_n(numbers: Sequence[int | None], rows: Sequence[str], *, declared: bool = True) -> Finding:
    """Check that all arms have one n.

    Parameters
    ----------
    numbers : sequence of int or None
        Number of items of each arm; None where not printed.
    rows : sequence of str
        Their rows.
    declared : bool
        Whether the table or the user says that the arms have the same items. Different n is no
        contradiction without it, so that the check is then not possible; the numbers are given.

    Notes
    -----
    Counts are exact, so there is no tolerance.

    Examples
    --------
    >>> same_n([70918, 69598], ["before", "after"]).arithmetic
    'n = 70,918 (before) and 69,598 (after)'
    """
    known = [(n, row) for n, row in zip(numbers, rows, strict=True) if n is not None]
    names = tuple(row for _, row in known)
    words = "n = " + " and ".join(f"{count(n)} ({row})" for n, row in known[:SHOWN])
    if len(known) > SHOWN:
        words += f" and {count(len(known) - SHOWN)} more"
    if len(known) < 2:
        return Finding(
            rule=RULE, verdict="not possible", rows=names, reason="n is printed for fewer than two"
        )
    equal = len({n for n, _ in known}) == 1
    if not equal and not declared:
        return Finding(
            rule=RULE,
            verdict="not possible",
            rows=names,
            arithmetic=words,
            reason=NOT_SAID,
        )
    return Finding(rule=RULE, verdict=outcome(holds=equal), rows=names, arithmetic=words)
