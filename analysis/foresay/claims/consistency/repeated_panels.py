"""The same vector of numbers printed for two things that are said to differ."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from foresay.claims.consistency.finding import Finding
from foresay.claims.printed import Printed
from foresay.claims.wording import as_printed, computed

RULE = "no panel twice"

LEAST = 3
"""Numbers that a panel needs."""

CHANCE = 1e-3
"""Largest chance that a table has one coincidence or more, for a finding."""

ITEMS = 10_000
"""Items that are taken for granted where n is not printed; more make coincidences likelier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A vector of printed numbers.

    Parameters
    ----------
    name : str
        What the panel is about.
    values : mapping
        Position (such as the property) to what is printed there.
    n : mapping
        Position to number of items, where printed.
    errors : mapping
        Position to the smallest standard error that is printed, also as an interval.
    rows : tuple of str
        Ids of its rows.
    about : str
        What it claims; panels that claim the same thing may be equal. Empty: its name.
    """

    name: str
    values: Mapping[str, Printed]
    n: Mapping[str, int]
    rows: tuple[str, ...]
    about: str = ""
    errors: Mapping[str, float] = field(default_factory=dict)


def repeated_panels(panels: Sequence[Panel], *, items: int = ITEMS) -> list[Finding]:
    """Return one finding for each set of panels that print the same numbers.

    Parameters
    ----------
    panels : sequence of Panel
        Panels of a table.
    items : int
        Number of items where neither n nor an error is printed.

    Notes
    -----
    Two panels are compared that have the same positions, `LEAST` or more; they are repeated where
    every number prints the same. Two shares of n independent items with *equal* true rates print
    the same in step u with a chance of at most u / (2 √π s), where s = sqrt(p(1 - p) / n): the
    largest density of their difference times the step, which is 1 / n where that is more than u.
    Where n is not printed, s is the printed standard error or that of the printed interval, the
    smaller of the two panels'; where neither is, `items` are taken for granted.
    Rates that differ print the same less often. Arms whose answers are nearly the same item by item
    print the same more often: for those this is no bound.
    The chance for a panel is the product over its positions, for a table that times the number
    of pairs compared (Boole). Only where this is at most `CHANCE` is it a finding, so that at most
    one honest table in 1,000 has one; else the check is not possible, as with numbers of few
    digits, equal numbers near 0 or 1, or numbers that are no shares.
    Three numbers are enough where they are printed finely against their errors: at one decimal of a
    percent and rates of one half for two panels of some 30,000 items, for six of some 5,000. With
    more items two honest panels of equal rates do print three equal numbers more often than
    promised, and the check is not possible however the panels came about.

    Examples
    --------
    >>> def chance(n, panels):  # that some two of these panels print three equal numbers
    ...     return math.comb(panels, 2) * (0.001 / (2 * math.sqrt(math.pi * 0.25 / n))) ** 3
    >>> [chance(n, panels) <= CHANCE for n, panels in [(30_000, 2), (5_000, 6), (10_000, 6)]]
    [True, True, False]
    >>> from foresay.claims.numbers import parse_number
    >>> values = {name: parse_number(text) for name, text in
    ...           [("first", "41.5 %"), ("second", "19.0 %"), ("even", "40.4 %")]}
    >>> two = [Panel(name=name, values=values, n={}, rows=(name,)) for name in ("before", "after")]
    >>> repeated_panels(two)[0].verdict
    'differs'
    """
    groups: dict[tuple[str, ...], list[Panel]] = defaultdict(list)
    for panel in panels:
        if len(panel.values) >= LEAST:
            groups[tuple(sorted(panel.values))].append(panel)
    pairs = sum(len(group) * (len(group) - 1) // 2 for group in groups.values())
    if not pairs:
        reason = f"no two panels have the same {LEAST} positions or more"
        return [Finding(rule=RULE, verdict="not possible", reason=reason)]
    found = []
    for positions, group in groups.items():
        same: dict[tuple[object, ...], list[Panel]] = defaultdict(list)
        for panel in group:
            same[tuple(_shown(panel.values[p]) for p in positions)].append(panel)
        for alike in same.values():
            # of panels that claim the same thing, the first stands for them
            apart = list({panel.about or panel.name: panel for panel in reversed(alike)}.values())
            if len(apart) > 1:
                found.append(_judged(apart[::-1], pairs, items))
    if not found:
        words = f"{pairs:,} pairs of panels compared, no two print the same numbers"
        return [Finding(rule=RULE, verdict="passed", arithmetic=words)]
    return found


def _shown(value: Printed) -> tuple[object, ...]:
    return value.natural, value.step


def _judged(alike: Sequence[Panel], pairs: int, items: int) -> Finding:
    one, other = alike[:2]
    chance = min(1.0, pairs * math.prod(_coincidence(one, other, at, items) for at in one.values))
    printed = ", ".join(as_printed(value) for value in one.values.values())
    more = f" (and {len(alike) - 2} more)" if len(alike) > 2 else ""
    known = all(at in part for at in one.values for part in (_known(one), _known(other)))
    assumed = "" if known else f", taking n = {items:,} where neither n nor an error is printed"
    size = f"at most {computed(chance)}" if chance >= 1e-6 else "below .000001"
    return Finding(
        rule=RULE,
        verdict="not possible" if chance > CHANCE else "differs",
        rows=tuple(row for panel in alike for row in panel.rows),
        arithmetic=f"{one.name} and {other.name}{more} print the same: {printed}",
        reason=f"the chance of a coincidence among {pairs:,} pairs is {size}{assumed}",
        numbers={"chance": chance, "pairs": float(pairs)},
    )


def _known(panel: Panel) -> set[str]:
    return {*panel.n, *panel.errors}


def _coincidence(one: Panel, other: Panel, position: str, items: int) -> float:
    value = one.values[position]
    # a number over 1 without a unit can only be a share if it is percent
    scale = 100 if value.value > 1 else 1
    p, step = value.value / scale, float(value.step) / scale
    if not 0 < p < 1:
        return 1.0
    sizes: list[float] = []
    errors: list[float] = []
    for panel in (one, other):
        if position in panel.n or position not in panel.errors:
            n = panel.n.get(position, items)
            sizes.append(n)
            errors.append(math.sqrt(p * (1 - p) / n))
        else:
            errors.append(panel.errors[position] / scale)
            sizes.append(p * (1 - p) / errors[-1] ** 2)
    error = min(errors)
    step = max(step, 1 / max(sizes))
    return min(1.0, step / (2 * math.sqrt(math.pi) * error)) if error > 0 else 1.0
