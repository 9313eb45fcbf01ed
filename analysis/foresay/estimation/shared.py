"""Estimates of one measure under many choices, from sums that were reduced once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from foresay.counts import Group, Layout
from foresay.counts.reduction import contributions
from foresay.counts.units import Units, read_units
from foresay.errors import UnsupportedError
from foresay.estimation.facts import Context, Facts, group_facts
from foresay.estimation.notes import absent_cells
from foresay.estimation.relations import (
    Request,
    cells_of,
    check_columns,
    design_of,
    lacking,
    relation,
)
from foresay.estimation.table import bookkeeping, estimate_row, with_cells
from foresay.measures.measure import Measure
from foresay.resampling import Design
from foresay.study import Choices
from foresay.trials import Population

Values = tuple[tuple[str, object], ...]
"""Grouping columns and their values."""

_COUNTING_ITEMS = Layout(clusters=("task", "item"), outer=("task",))
_PLAIN = Layout(clusters=("task", "item"))


@dataclass(frozen=True, kw_only=True)
class SharedEstimates:
    """The sums of one measure over some trials, and what its rows carry.

    Parameters
    ----------
    measure : Measure
        What is estimated.
    units : Units
        Its sums, with all columns that designs and groups name.
    request : Request
        The measure, the grouping columns, and the choices that the sums were made under.
    columns : tuple of str
        Columns of the relation that was summed.
    facts : mapping of tuple to Facts
        By group.
    context : Context
        What every row carries.
    population : Population
        The trials, which designs are checked against.
    """

    measure: Measure
    units: Units
    request: Request
    columns: tuple[str, ...]
    facts: Mapping[tuple[object, ...], Facts]
    context: Context
    population: Population
    _designs: dict[str, Design] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        population: Population,
        measure: Measure,
        *,
        by: Sequence[str],
        choices: Choices,
        keys: Sequence[str],
        context: Context,
    ) -> SharedEstimates:
        """Reduce the trials once.

        Parameters
        ----------
        population : Population
            Trials under `choices`.
        measure : Measure
            What is estimated.
        by : sequence of str
            Grouping columns.
        choices : Choices
            Those that change what a trial contributes are used.
        keys : sequence of str
            Columns that clusters, cells or left-out parts will be made of; those that the
            relation has not are left aside.
        context : Context
            What every row carries.

        Raises
        ------
        ChoiceError, UnsupportedError
            As `foresay.estimation.table.estimates`.
        """
        by = tuple(dict.fromkeys(by))
        check_columns(by, population, "by")
        if reason := lacking(measure, population, choices):
            raise UnsupportedError(f"{measure.name} {reason}")
        named = [c for c in dict.fromkeys([*choices.cluster, *keys]) if c in population.columns]
        request = Request(
            # the relation of behaviours has the columns that clusters name, and no others
            measures=(measure,),
            by=by,
            choices=choices.model_copy(update={"cluster": named, "within": [], "crossed": []}),
        )
        table = relation(population, request)
        sums = list(dict.fromkeys([*request.sums, *bookkeeping(request)]))
        kept = [c for c in dict.fromkeys([*by, *keys]) if c in table.columns]
        return cls(
            measure=measure,
            units=read_units(table, contributions(table, sums), kept),
            request=request,
            columns=tuple(table.columns),
            facts=group_facts(table, request, context, _COUNTING_ITEMS),
            context=context,
            population=population,
        )

    @property
    def name(self) -> str:
        """What its rows call it."""
        return self.measure.name

    @property
    def by(self) -> tuple[str, ...]:
        """The grouping columns."""
        return self.request.by

    @property
    def counted(self) -> Units:
        """The units that count."""
        return self.units

    def layout(self, choices: Choices) -> Layout:
        """Return what clusters and cells are made of under some choices."""
        return self.under(choices)[2]

    def under(self, choices: Choices) -> tuple[Request, Context, Layout]:
        """Return what is asked under some choices: weights, cells and clusters.

        Raises
        ------
        ChoiceError
            The design cannot be.
        """
        own = replace(self.request, choices=choices)
        request, context = with_cells(own, self.context, self.columns)
        named = str([choices.cluster, choices.within, choices.crossed, choices.strata])
        if named not in self._designs:
            self._designs[named] = design_of(choices, self.population)
        cells = cells_of(request.choices, self.columns, request.by)
        return request, context, self._designs[named].layout(cells)

    def rows(self, choices: Choices) -> Iterator[tuple[Values, dict[str, Any]]]:
        """Yield each group and its row, the same as `foresay.estimation.table.estimates` gives."""
        request, context, layout = self.under(choices)
        groups = list(self.units.groups(request.by, layout))
        cells = sorted({cell for group in groups for cell in group.cells})
        for group in groups:
            told = replace(context, notes=(*context.notes, *absent_cells(group, cells)))
            yield (
                group.values,
                estimate_row(self.measure, group, self._facts(group, layout), request, told),
            )

    def _facts(self, group: Group, layout: Layout) -> Facts:
        known = self.facts.get(tuple(value for _, value in group.values), Facts())
        plain = (layout.clusters, layout.outer, layout.runs) == (_PLAIN.clusters, (), ())
        return replace(known, n_items=None) if plain else known
