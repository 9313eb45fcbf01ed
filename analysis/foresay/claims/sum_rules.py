"""Rules on columns that follow from each other: differences of their terms, parts of a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from foresay.claims.column_sums import Sum
from foresay.claims.columns import Layout
from foresay.claims.consistency.finding import Finding
from foresay.claims.consistency.sums import COMPLEMENTS, DIFFERENCE, complements, difference
from foresay.claims.premises import Premises
from foresay.claims.printed import Unit
from foresay.claims.reported import Reported

MATCHES = 2
SHARE = 0.5
"""Columns that only their names suggest are a sum if this many rows are, and this share of them."""

_NO_COLUMNS = {
    DIFFERENCE: "no columns are a difference and its two terms; map them, or give relations",
    COMPLEMENTS: "no columns are parts of one whole; map them, or give relations",
}
_RULE = {"difference": DIFFERENCE, "complement": COMPLEMENTS}


def sum_findings(
    found: Sequence[Reported], layout: Layout, premises: Premises
) -> Iterator[Finding]:
    """Yield a finding for each row of each sum, or that there is none.

    Notes
    -----
    Columns that are mapped have to add up in every row. Where only their names suggest it (a
    ``gap`` may be of other columns, ``correct`` and ``incorrect`` may leave out a third part),
    they are taken for a sum if `MATCHES` rows are one, and `SHARE` of them: else the check is not
    possible. Of a suggested difference the other sign counts too, for all rows together.
    """
    index = {(one.row, one.column): one for one in found}
    rows = list(dict.fromkeys(one.row for one in found))
    for rule, reason in _NO_COLUMNS.items():
        sums = [one for one in layout.sums if _RULE[one.kind] == rule]
        if not sums:
            yield Finding(rule=rule, verdict="not possible", reason=reason)
        for one in sums:
            members = [
                tuple(index[row, column] for column in one.columns)
                for row in rows
                if all((row, column) in index for column in one.columns)
            ]
            yield from _judged(one, members, premises)


def _judged(
    one: Sum, members: Sequence[tuple[Reported, ...]], premises: Premises
) -> Iterator[Finding]:
    columns = ", ".join(repr(column) for column in one.columns)
    rule = _RULE[one.kind]
    if not members:
        reason = f"no row prints all of {columns}"
        yield Finding(rule=rule, verdict="not possible", reason=reason)
        return
    if one.kind == "complement":
        made = [_whole(parts, premises) for parts in members]
    else:
        made = [_difference(parts, premises) for parts in members]
        if not one.said and _fitting(made) < len(made):
            turned = [_difference(_turned(parts), premises) for parts in members]
            made = max(made, turned, key=_fitting)
    fits = _fitting(made)
    if not one.said and (fits < MATCHES or fits < SHARE * len(made)):
        reason = (
            f"the names of {columns} suggest it, and {fits} of {len(made)} rows fit; map the "
            "columns if it is so"
        )
        made = [
            f if f.verdict == "passed" else replace(f, verdict="not possible", reason=reason)
            for f in made
        ]
    yield from made


def _fitting(made: Sequence[Finding]) -> int:
    return sum(one.verdict == "passed" for one in made)


def _turned(parts: tuple[Reported, ...]) -> tuple[Reported, ...]:
    whole, first, second = parts
    return whole, second, first


def _difference(parts: tuple[Reported, ...], premises: Premises) -> Finding:
    whole, first, second = (one.value for one in parts)
    rows = tuple(row for one in parts for row in one.rows[:1])
    unit = first.unit or second.unit
    if whole.unit and not unit and max(abs(first.exact), abs(second.exact)) > 1:
        unit = "percent"
    first, second = first.in_unit(unit), second.in_unit(unit)
    # behind percents a bare difference is one of points, or a proportion
    readings = [whole.in_unit("points"), whole] if unit and not whole.unit else [whole]
    made = [
        difference(first, second, one, rounding=premises.rounding, rows=rows) for one in readings
    ]
    return next((one for one in made if one.verdict == "passed"), made[0])


def _whole(parts: tuple[Reported, ...], premises: Premises) -> Finding:
    values = [one.value for one in parts]
    unit: Unit = next((value.unit for value in values if value.unit), "")
    values = [value.in_unit(unit) for value in values]
    percent = not unit and any(value.exact > 1 for value in values)
    return complements(
        values,
        Fraction(100 if percent else 1),
        rounding=premises.rounding,
        rows=tuple(row for one in parts for row in one.rows[:1]),
    )
