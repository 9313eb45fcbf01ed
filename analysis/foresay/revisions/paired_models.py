"""Paired differences of the terms of a two-way model: what each cluster adds to both fits.

A coefficient is linearised over clusters, as for its own robust error. The same cluster's parts of
both fits are subtracted before they are squared, so that what the fits share cancels. A marginal
effect is averaged over trials that are held fixed, as in its own error.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import special

from foresay.comparisons.regressions import FittedModel
from foresay.counts import FloatArray
from foresay.revisions.keys import text_key
from foresay.revisions.paired import SAME, PairedDifference

_NO_SPREAD = 1e-20
_NO_MOVE = 1e-9
"""Two fits to the same trials differ by less."""


def paired_models(
    before: Sequence[FittedModel],
    after: Sequence[FittedModel],
    clusters: Sequence[str],
    level: float,
) -> dict[tuple[str, ...], PairedDifference]:
    """Return the differences of the terms of models that both sides have.

    Parameters
    ----------
    before, after : sequence of FittedModel
        With the same columns as clusters.
    clusters : sequence of str
        What these columns are called, for notes.
    level : float
        Of the intervals, in 0..1.

    Returns
    -------
    dict
        By group and part, as `foresay.comparisons.long_tables.long_regression` names them.
    """
    first = {one.values: one for one in before}
    found = {}
    for two in after:
        if two.values not in first:
            continue
        one = first[two.values]
        group = text_key([value for _, value in two.values])
        for quantity, term, values, influences in _terms(one, two):
            against = two.data.against(term)
            if against != one.data.against(term):
                note = f"not paired: held against {one.data.against(term)} before"
                made = PairedDifference(values=(), note=note)
            else:
                made = _paired(one, two, values, influences, clusters, level)
            found[(*group, *text_key([quantity, term, "", against, "", ""]))] = made
    return found


_Term = tuple[str, str, tuple[float, float], tuple[FloatArray, FloatArray]]


def _terms(one: FittedModel, two: FittedModel) -> Iterator[_Term]:
    """Yield the terms that both models have, on both scales."""
    a, b = one.fitted, two.fitted
    for place, term in enumerate(b.terms):
        if term not in a.terms:
            continue
        other = a.terms.index(term)
        values = float(a.estimate[other]), float(b.estimate[place])
        yield "coefficient", term, values, (a.influence[other], b.influence[place])
        values = float(a.marginal[other]), float(b.marginal[place])
        parts = a.marginal_influence[other], b.marginal_influence[place]
        yield "marginal effect", term, values, parts


def _paired(
    one: FittedModel,
    two: FittedModel,
    values: tuple[float, float],
    influences: tuple[FloatArray, FloatArray],
    clusters: Sequence[str],
    level: float,
) -> PairedDifference:
    if not np.isfinite(values).all():
        return PairedDifference(values=())
    if not set(one.clusters) & set(two.clusters):
        what = " and ".join(clusters)
        return PairedDifference(values=(), note=f"not paired: before and after share no {what}")
    place = {label: n for n, label in enumerate(dict.fromkeys([*one.clusters, *two.clusters]))}
    moved = np.zeros(len(place))
    for sign, model, parts in ((-1, one, influences[0]), (1, two, influences[1])):
        np.add.at(moved, [place[label] for label in model.clusters], sign * parts)
    value, count = values[1] - values[0], len(place)
    variance = count / max(count - 1, 1) * float(moved @ moved)
    if abs(value) < _NO_MOVE and variance <= _NO_SPREAD:
        return PairedDifference(
            values=(), value=0.0, low=0.0, high=0.0, standard_error=0.0, note=SAME
        )
    if count < 2 or not variance > _NO_SPREAD:
        return PairedDifference(values=(), note="not paired: no variation between clusters")
    error = math.sqrt(variance)
    half = float(special.stdtrit(count - 1, (1 + level) / 2)) * error
    return PairedDifference(
        values=(),
        value=value,
        low=value - half,
        high=value + half,
        standard_error=error,
        interval="cluster_t",
        n_clusters=count,
    )
