"""Rules that look at several estimates of a table, or at its rows, together."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from foresay.claims.cell_numbers import parse_cell
from foresay.claims.columns import Layout
from foresay.claims.consistency.duplicates import duplicate_rows
from foresay.claims.consistency.equality import same_value
from foresay.claims.consistency.finding import Finding
from foresay.claims.consistency.one_value import one_value
from foresay.claims.consistency.registry import known_labels, promised_arms
from foresay.claims.consistency.repeated_panels import Panel, repeated_panels
from foresay.claims.consistency.same_n import NOT_SAID, same_n
from foresay.claims.consistency.same_n import RULE as SAME_N
from foresay.claims.count_rules import count_findings
from foresay.claims.files import Row
from foresay.claims.premises import Premises
from foresay.claims.reported import Reported
from foresay.claims.sum_rules import sum_findings
from foresay.errors import ChoiceError
from foresay.study import nearest

ARMS = ("predictor", "stage", "wording", "role", "arm")
"""Label columns whose values are arms, if the user names none."""
MODELS = ("predictor", "target", "model")
"""Label columns that hold names of models."""

_ESTIMAND = "estimand"
_NO_PANEL = re.compile(r"baseline|ceiling|uniform|chance|count|number")
"""These belong to the target, so that two predictors rightly print the same."""


def table_findings(
    rows: Sequence[Row], found: Sequence[Reported], layout: Layout, premises: Premises
) -> Iterator[Finding]:
    """Yield the findings on a whole table.

    Parameters
    ----------
    rows : sequence of dict
        Its cells as text.
    found : sequence of Reported
        Its estimates.
    layout : Layout
        What its columns are.
    premises : Premises
        What is taken for granted.
    """
    named = layout.roles.get("id", "")
    columns = [column for column in (rows[0] if rows else ()) if column != named]
    names = [row.get(named) or f"row {at}" for at, row in enumerate(rows, start=1)]
    yield from duplicate_rows(
        [tuple(row[column] for column in columns) for row in rows], names, layout.labels
    )
    yield from _as_printed(rows, names, layout, premises)
    yield from _one_value(found, premises)
    yield from count_findings(rows, found, layout, premises)
    yield from sum_findings(found, layout, premises)
    yield from _same_n(found, layout, premises)
    yield from repeated_panels(panels_of(found, layout), items=premises.items)
    used: dict[str, list[str]] = defaultdict(list)
    for one in found:
        for label in dict.fromkeys(cell for column, cell in one.labels if column in MODELS):
            if label:
                used[label].append(one.id)
    yield from known_labels(used, premises.models)
    known = [*layout.labels, _ESTIMAND, "place"]
    for column in dict.fromkeys(name for arm in premises.promised or () for name in arm):
        if column not in known:
            raise ChoiceError(
                f"promised: no label column is called {column!r}; {nearest(column, known)}"
            )
    labels = [{**dict(one.labels), _ESTIMAND: one.estimand, "place": one.place} for one in found]
    yield from promised_arms(labels, [one.id for one in found], premises.promised)


def panels_of(found: Sequence[Reported], layout: Layout) -> list[Panel]:
    """Return every panel of a table: estimates that differ in one label column, or estimand, only.

    Notes
    -----
    Baselines and ceilings are left out: they belong to the target, not to who predicts it.
    """
    panels = []
    axes = [*layout.labels, _ESTIMAND] if len(layout.measures) > 1 else list(layout.labels)
    told = [one for one in found if not _NO_PANEL.search(one.estimand.lower())]
    errors = {one.id: error for one in told if (error := one.least_standard_error) is not None}
    for axis in axes:
        groups: dict[tuple[str, ...], dict[str, Reported]] = defaultdict(dict)
        for one in told:
            labels = {**dict(one.labels), _ESTIMAND: one.estimand}
            position = labels.pop(axis)
            key = (one.place, *labels.values())
            # two estimands of one arm may be equal by what they are; a column of a wide table whose
            # name is no estimand is a property like any label
            apart = "" if axis == _ESTIMAND or one.kind == "other" else one.estimand
            # of rows with one position, the first stands for it
            groups[key].setdefault(f"{axis} {position} {apart}", one)
        for key, members in groups.items():
            about = ", ".join(part for part in key[1:] if part)
            panels.append(
                Panel(
                    name=f"{about} ({key[0]})" if key[0] else about,
                    values={at: one.value for at, one in members.items()},
                    n={at: one.n for at, one in members.items() if one.n is not None},
                    errors={at: errors[one.id] for at, one in members.items() if one.id in errors},
                    rows=tuple(one.id for one in members.values()),
                    about=about,
                )
            )
    return panels


def _as_printed(
    rows: Sequence[Row], names: Sequence[str], layout: Layout, premises: Premises
) -> Iterator[Finding]:
    printed, value = layout.roles.get("as_printed"), layout.roles.get("value")
    if printed is None or value is None:
        return
    for row, name in zip(rows, names, strict=True):
        one, other = parse_cell(row[printed]), parse_cell(row[value])
        if one is not None and other is not None and one.unit == other.unit:
            yield same_value(one, other, rounding=premises.rounding, rows=(name,))


def _one_value(found: Sequence[Reported], premises: Premises) -> Iterator[Finding]:
    groups: dict[tuple[object, ...], list[Reported]] = defaultdict(list)
    for one in found:
        if one.labels:
            groups[one.labels, one.estimand].append(one)
    for group in groups.values():
        if len(group) > 1:
            yield from one_value(
                [one.value for one in group],
                [one.id for one in group],
                declared=premises.same_labels,
                rounding=premises.rounding,
            )


def _same_n(found: Sequence[Reported], layout: Layout, premises: Premises) -> Iterator[Finding]:
    for column in premises.same_items:
        if column not in layout.labels:
            hint = nearest(column, list(layout.labels))
            raise ChoiceError(f"same_items: no label column is called {column!r}; {hint}")
    arms = premises.same_items or tuple(column for column in ARMS if column in layout.labels)
    groups: dict[tuple[object, ...], list[Reported]] = defaultdict(list)
    for one in found:
        rest = tuple(pair for pair in one.labels if pair[0] not in arms)
        groups[rest, one.estimand, one.place].append(one)
    if not arms:
        reason = "nothing says which rows are arms with the same items; --same-items COLUMN does"
        yield Finding(rule=SAME_N, verdict="not possible", reason=reason)
        return
    several = [group for group in groups.values() if len(group) > 1]
    for group in several:
        made = same_n(
            [one.n for one in group],
            [one.id for one in group],
            declared=bool(premises.same_items),
        )
        if made.reason == NOT_SAID:
            said = " ".join(f"--same-items {shlex.quote(column)}" for column in arms)
            made = replace(made, reason=f"{NOT_SAID}, and n differs; {said} would")
        yield made
    if not several:
        reason = f"no two estimates differ in {' or '.join(repr(arm) for arm in arms)} alone"
        yield Finding(rule=SAME_N, verdict="not possible", reason=reason)
