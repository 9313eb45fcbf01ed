"""Leaving out: the parts that trials can be without, and what the sums give without each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from foresay.comparisons.shared import SharedContrast
from foresay.counts import Estimator, FloatArray
from foresay.counts.groups import Label
from foresay.counts.units import Mask, Units
from foresay.estimation.facts import Context
from foresay.estimation.shared import SharedEstimates
from foresay.measures.macro import over_cells
from foresay.resampling.jackknife import delete_one
from foresay.study import Choices
from foresay.tables.engine import literal, quoted
from foresay.trials import ITEM

Estimates: TypeAlias = SharedContrast | SharedEstimates
"""A contrast or an estimand, as sums that were reduced once."""

MODEL = "model"
ROLES = ("predictor", "target")
"""The columns that name a model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A part that is left out.

    Parameters
    ----------
    text : str
        What it is called.
    rows : array of bool, shape (units,)
        The units that belong to it.
    condition : str
        The SQL condition on trials that leaves it out.
    """

    text: str
    rows: Mask
    condition: str

    @classmethod
    def of(cls, units: Units, values: Mapping[str, object]) -> Leaving:
        """Return the part that has a value in each of some columns."""
        rows = np.logical_and.reduce([units.has(c, value) for c, value in values.items()])
        same = [f"{quoted(c)} IS NOT DISTINCT FROM {literal(v)}" for c, v in values.items()]
        return cls(
            text=" \N{MIDDLE DOT} ".join(_named(value) for value in values.values()),
            rows=np.asarray(rows),
            condition=_other(*next(iter(values.items())))
            if len(values) == 1
            else f"NOT ({' AND '.join(same)})",
        )


def _named(value: object) -> str:
    return "(none)" if value is None else str(value)


def _other(column: str, value: object) -> str:
    return f"{quoted(column)} IS DISTINCT FROM {literal(value)}"


def parts_of(units: Units, column: str) -> Iterator[Leaving]:
    """Yield the parts that a column tells apart, sorted; nothing where units have no such column.

    Parameters
    ----------
    units : Units
        All units.
    column : str
        A key of theirs; or ``model``, which is a model as predictor and as target.
    """
    if column == MODEL:
        there = [role for role in ROLES if role in units.keys]
        names = dict.fromkeys(label for role in there for label in units.labels[role])
        for name in sorted((n for n in names if n is not None), key=str):
            found = [units.has(role, name) for role in there]
            yield Leaving(
                text=str(name),
                rows=np.asarray(np.logical_or.reduce(found)),
                condition=" AND ".join(_other(role, name) for role in there),
            )
    elif column in units.keys:
        for label in units.labels[column]:
            yield Leaving.of(units, {column: label})


def without(shared: Estimates, leaving: Leaving, context_of: Callable[[str], Context]) -> Estimates:
    """Return the sums without a part; rows made of them say nothing that only the engine knows."""
    units, context = shared.units.only(~leaving.rows), context_of(leaving.condition)
    if isinstance(shared, SharedEstimates):
        return replace(shared, units=units, facts={}, context=context)
    nothing = {"n_items": 0, "unpaired": 0, "excluded": 0, "pooled": (), "apart": False}
    facts = dict.fromkeys(shared.facts, nothing)
    return replace(shared, units=units, facts=facts, context=context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """An estimate without each cluster of a group.

    Parameters
    ----------
    columns : tuple of str
        What tells clusters apart.
    labels : tuple of tuple
        The clusters.
    values : array of shape (clusters,)
        The estimate without each.
    """

    columns: tuple[str, ...]
    labels: tuple[Label, ...]
    values: FloatArray


def without_clusters(shared: Estimates, units: Units, choices: Choices) -> Deleted:
    """Return the estimate of one group without each of its clusters.

    Parameters
    ----------
    shared : SharedContrast or SharedEstimates
        What is estimated.
    units : Units
        Those of the group, of `shared.counted`.
    choices : Choices
        Its clusters and weights are used.
    """
    layout = shared.layout(choices)
    columns = layout.outer or layout.clusters
    found = units.clusters(columns, layout.cells)
    if isinstance(shared, SharedContrast) and not set(columns) <= {*ITEM, *shared.by}:
        # an item whose cluster is not its own may lose its partner
        return Deleted(
            columns=columns,
            labels=found.labels,
            values=_one_by_one(shared, units, columns, found.labels, choices),
        )
    cells = [str(cell) for cell in found.cells]
    if isinstance(shared, SharedContrast):
        measure = over_cells(shared.compared.measure, cells)
        estimator: Estimator = replace(shared.compared, measure=measure).estimator
    else:
        estimator = over_cells(shared.measure, cells).estimator
    return Deleted(columns=columns, labels=found.labels, values=delete_one(found.counts, estimator))


def _one_by_one(
    shared: SharedContrast,
    units: Units,
    columns: Sequence[str],
    labels: Sequence[Label],
    choices: Choices,
) -> FloatArray:
    values = np.full(len(labels), np.nan)
    group = tuple((c, units.labels[c][units.keys[c][0]]) for c in shared.by)
    for n, label in enumerate(labels):
        leaving = Leaving.of(shared.units, dict(zip(columns, label, strict=True)))
        left = without(shared, leaving, lambda _: shared.context)
        quick = choices.model_copy(update={"interval": "cluster_t"})
        rows = dict(left.rows(quick))
        if group in rows:
            values[n] = rows[group]["value"]
    return values
