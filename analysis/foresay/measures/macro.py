"""Macro weights: the mean over cells, such as task and property, of a measure within each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foresay.counts import FloatArray, Sums
from foresay.errors import ChoiceError
from foresay.measures.kinds import Difference, Kind, Mean, Proportion
from foresay.measures.measure import Measure


def cell_prefix(number: int) -> str:
    """Return the prefix of the sums of a cell: ``cell0``, ``cell1``, ..."""
    return f"cell{number}"


def macro(measure: Measure, cells: Sequence[str]) -> Measure:
    """Return the mean over cells of a measure, every cell counting the same.

    Parameters
    ----------
    measure : Measure
        What is averaged.
    cells : sequence of str
        Names of the cells. The sums of cell number j carry the prefix ``cell{j}``
        (``cell0.match``); a cluster that lies in one cell has zeros in the sums of the others.

    Returns
    -------
    Measure
        Its estimator is ``nan`` where any cell is undefined: leaving such a cell out would change
        what is estimated. `undefined_cells` names them. Its kind is `Mean` for proportions, else a
        difference with the bounds of the measure.

    Raises
    ------
    ChoiceError
        There is no cell, or two have the same name.

    Examples
    --------
    >>> from foresay.measures import find_measure
    >>> macro(find_measure("compliance"), ["animals", "words"]).sums[:2]
    ('cell0.compliant_predictions', 'cell0.predictions')
    """
    if not cells:
        raise ChoiceError(f"macro {measure.name}: there are no cells; group by at least one column")
    twice = sorted({cell for cell in cells if list(cells).count(cell) > 1})
    if twice:
        raise ChoiceError(
            f"macro {measure.name}: cell {twice[0]!r} is named twice; give every cell its own name"
        )
    arms = [measure.arm(cell_prefix(j)) for j in range(len(cells))]

    def mean_of_cells(sums: Sums) -> FloatArray:
        return np.asarray(sum(arm.estimator(sums) for arm in arms) / len(arms))

    return Measure(
        name=measure.name,
        title=f"{measure.title}, mean over cells",
        sums=tuple(name for arm in arms for name in arm.sums),
        estimator=mean_of_cells,
        kind=_kind(measure.kind),
        population=measure.population,
        definition=f"The mean over {len(arms)} cells, every cell counting the same, of: "
        f"{measure.definition[:1].lower()}{measure.definition[1:]}",
        formula=rf"\frac{{1}}{{{len(arms)}}}\sum_c \hat\theta_c, \quad \theta = {measure.formula}",
        source=measure.source,
        mean_of=tuple(arms),
    )


def _kind(kind: Kind) -> Kind:
    """Return the kind of a mean of numbers of one kind."""
    if isinstance(kind, (Proportion, Mean)):
        return Mean()
    return Difference(low=kind.low, high=kind.high)


def over_cells(measure: Measure, cells: Sequence[str]) -> Measure:
    """Return a measure as it is computed from the sums of some cells.

    Parameters
    ----------
    measure : Measure
        What is measured.
    cells : sequence of str
        Names of the cells; without any it is the measure itself, with one that of the cell, with
        more the mean of `macro`.
    """
    if len(cells) > 1:
        return macro(measure, cells)
    return measure.arm(cell_prefix(0)) if cells else measure


def undefined_cells(measure: Measure, cells: Sequence[str], sums: Sums) -> tuple[str, ...]:
    """Return the names of the cells in which a measure is undefined.

    Parameters
    ----------
    measure : Measure
        The measure that `macro` averages, not the average.
    cells : sequence of str
        As for `macro`.
    sums : Sums
        The observed sums with their prefixes, no leading axis.
    """
    found = (float(measure.arm(cell_prefix(j)).estimator(sums)) for j in range(len(cells)))
    return tuple(cell for cell, value in zip(cells, found, strict=True) if not np.isfinite(value))
