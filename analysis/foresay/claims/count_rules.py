"""A printed number of right items against the share and the n that are printed beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from foresay.claims.cell_numbers import count_of
from foresay.claims.columns import Layout
from foresay.claims.consistency.equality import RULE
from foresay.claims.consistency.finding import Finding, outcome
from foresay.claims.files import Row
from foresay.claims.premises import Premises
from foresay.claims.printed import Printed
from foresay.claims.reported import Reported
from foresay.claims.wording import as_printed, computed
from foresay.display import count

SHARE = 0.5
"""A column that only its name suggests is one of right items if this share of the rows fit."""
CHANCE = 1e-3
"""And a column ``k``, which may be the k of top-k, if as many fit by chance no more often."""


def count_findings(
    rows: Sequence[Row], found: Sequence[Reported], layout: Layout, premises: Premises
) -> Iterator[Finding]:
    """Yield a finding for each row that prints a share, its n and the number of right items.

    Notes
    -----
    A column that is mapped to ``k`` has to fit in every row. One that its name suggests counts if
    `SHARE` of the rows fit, since its n may be another; a column ``k`` too, if it is at most n in
    all rows and `CHANCE` rules out that it fits by coincidence. Tables with several columns of
    shares are passed over: nothing says which of them it is the number of.
    """
    shares = [one for one in found if one.kind == "count share" and one.n is not None]
    named = layout.roles.get("k", "")
    column = named or next((c for c in layout.labels if c.strip().lower() == "k"), "")
    if not column or len({one.column for one in shares}) != 1:
        return
    known = [(one, k) for one in shares if (k := count_of(rows[one.row - 1][column])) is not None]
    whole = all(k.exact.denominator == 1 and k.exact >= 0 for _, k in known)
    if not known or not whole:
        return
    if not named and any(k.exact > (one.n or 0) for one, k in known):
        return
    made = [_judged(one, k, premises) for one, k in known]
    fits = sum(finding.verdict == "passed" for finding in made)
    enough = fits >= SHARE * len(made) and fits > 0
    if not named:
        enough = enough and _chance([one for one, _ in known], fits, premises) <= CHANCE
    if not enough and column not in layout.mapped:
        reason = (
            f"{fits} of {len(made)} rows fit {column!r} as the number of right items; map it to k "
            "if it is that"
        )
        made = [
            one if one.verdict == "passed" else replace(one, verdict="not possible", reason=reason)
            for one in made
        ]
        if not named and fits < SHARE * len(made):
            return  # the k of top-k
    yield from made


def _judged(one: Reported, k: Printed, premises: Premises) -> Finding:
    n = one.n or 1
    share = Fraction(k.exact) / n
    holds = one.value.span(premises.rounding).contains(share)
    return Finding(
        rule=RULE,
        verdict=outcome(holds=holds),
        rows=one.rows[:1],
        arithmetic=(
            f"{count(int(k.exact))} of {count(n)} is {computed(float(share), one.value.unit)}; "
            f"printed {as_printed(one.value)}"
        ),
        numbers={"share": float(share)},
    )


def _chance(shares: Sequence[Reported], fits: int, premises: Premises) -> float:
    """Return a bound of the chance that as many shares fit numbers that are none of theirs."""
    expected = sum(one.value.span(premises.rounding).width for one in shares)
    if expected <= 0:
        return 0.0
    return math.exp(min(0.0, fits * math.log(expected) - math.lgamma(fits + 1)))
