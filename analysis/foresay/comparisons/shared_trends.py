"""A trend as sums of units that were reduced once, and what each of its rows is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from foresay.comparisons.curves import Curves
from foresay.comparisons.pairing import contributed
from foresay.comparisons.trends import prepared
from foresay.counts import Layout
from foresay.counts.units import Units, read_units
from foresay.estimation.facts import Context
from foresay.estimation.relations import cells_of, design_of
from foresay.measures.macro import over_cells
from foresay.measures.measure import Measure
from foresay.study import Choices, Trend
from foresay.tables.engine import Engine
from foresay.trials import ITEM, Population

TrendRow: TypeAlias = tuple[str, str, float, float]
"""Series, quantity, and both levels; missing where the row has none."""

Parts: TypeAlias = tuple[tuple[str, float], ...]
"""Arms and their weights, whose sum is a row."""


@dataclass(frozen=True, kw_only=True)
class SharedTrend:
    """The sums of all arms of a trend, and what its rows are made of.

    Parameters
    ----------
    name : str
        What it is called.
    spec : Trend
        What is asked.
    measure : Measure
        The estimand of each arm.
    by : tuple of str
        Grouping columns.
    counted : Units
        Sums of the arms over the items that count.
    columns : tuple of str
        Columns of the relation that was summed.
    parts : mapping
        Group -> row -> the arms that it is a weighted sum of.
    context : Context
        What every row carries.
    population : Population
        The trials, which designs are checked against.
    """

    name: str
    spec: Trend
    measure: Measure
    by: tuple[str, ...]
    counted: Units
    columns: tuple[str, ...]
    parts: Mapping[tuple[object, ...], Mapping[TrendRow, Parts]]
    context: Context
    population: Population

    @classmethod
    def read(
        cls,
        population: Population,
        name: str,
        spec: Trend,
        *,
        by: Sequence[str],
        choices: Choices,
        keys: Sequence[str],
        context: Context,
        engine: Engine,
    ) -> SharedTrend:
        """Reduce the trials of all series and levels once.

        Parameters
        ----------
        population, spec, by, choices, context, engine
            As for `foresay.comparisons.trends.trend`, which raises the same.
        name : str
            What it is called.
        keys : sequence of str
            Columns that clusters or cells will be made of.
        """
        made = prepared(population, spec, by=by, choices=choices, engine=engine)
        columns = tuple(made.table.columns)
        kept = dict.fromkeys([*by, *ITEM, *(c for c in keys if c in columns)])
        sums = contributed(made.table, made.measure, list(made.arms.values()))
        units = read_units(made.table, sums, list(kept))
        layout = design_of(choices, population).layout(cells_of(choices, columns, by))
        quick = choices.model_copy(update={"interval": "cluster_t"})
        parts = {}
        for group in units.groups(tuple(by), layout):
            measure = over_cells(made.measure, group.cells)
            curves = Curves(
                spec, measure, group, made.arms, made.levels, quick, context.where
            ).rows()
            parts[tuple(value for _, value in group.values)] = {
                (row["series"], row["quantity"], row["x_from"], row["x"]): row["parts"]
                for row in curves
            }
        return cls(
            name=name,
            spec=spec,
            measure=made.measure,
            by=tuple(by),
            counted=units,
            columns=columns,
            parts=parts,
            context=context,
            population=population,
        )

    def layout(self, choices: Choices) -> Layout:
        """Return what clusters and cells are made of under some choices."""
        return design_of(choices, self.population).layout(cells_of(choices, self.columns, self.by))
