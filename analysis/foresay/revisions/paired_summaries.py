"""Paired differences of a random-effects mean: its effects are left out one at a time.

The mean before and the mean after are two functions of the same tasks (or whatever the effects
are), so that what is drawn is a task with both of its effects. The interval is that of the
jackknife over tasks, t with one degree less than there are tasks: it says how much the difference
would vary over other such tasks, as the interval of a summary does. Where all effects have the same
error it is the interval of the paired t-test on the effects.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import special

from foresay.comparisons.long_tables import PARTS
from foresay.comparisons.random_effects import random_effects
from foresay.display import is_missing
from foresay.revisions.keys import cell_key, text_key
from foresay.revisions.paired import SAME, PairedDifference

Effects = dict[str, tuple[float, float]]
"""Value and error of each effect by its name."""

_LEAST = 3
_NO_VALUE = "no difference: the place of one more effect is an interval without a value"


def paired_summaries(
    before: pd.DataFrame, after: pd.DataFrame, by: Sequence[str], level: float
) -> dict[tuple[str, ...], PairedDifference]:
    """Return the differences of the means of a summary, and of the means without each effect.

    Parameters
    ----------
    before, after : DataFrame
        As from `foresay.comparisons.long_tables.long_summary`.
    by : sequence of str
        Its grouping columns.
    level : float
        Of the intervals, in 0..1.

    Returns
    -------
    dict
        By group and part; effects, which are estimates of their own, are not among them.
    """
    sides = [_effects(frame, by) for frame in (before, after)]
    found: dict[tuple[str, ...], PairedDifference] = {}
    for _, row in after[after["quantity"] != "effect"].iterrows():
        group = text_key([row[c] for c in by])
        first, second = (side.get(group, {}) for side in sides)
        key = (*group, *text_key([row[c] for c in PARTS]))
        if row["quantity"] == "next effect":
            found[key] = PairedDifference(values=(), note=_NO_VALUE)
            continue
        left = cell_key(row["subject"])  # of the mean, none
        one, two = (_without(side, left) for side in (first, second))
        found[key] = paired_means(one, two, level, what=str(row["over"]))
    return found


def paired_means(
    before: Mapping[str, tuple[float, float]],
    after: Mapping[str, tuple[float, float]],
    level: float,
    *,
    what: str = "task",
) -> PairedDifference:
    """Return the difference of two random-effects means of the same tasks.

    Parameters
    ----------
    before, after : mapping of str to (float, float)
        Value and standard error of each effect, by its name.
    level : float
        Of the interval, in 0..1.
    what : str
        What the effects are, for notes.
    """
    if before == after:
        return PairedDifference(
            values=(), value=0.0, low=0.0, high=0.0, standard_error=0.0, note=SAME
        )
    if not set(before) & set(after):
        return PairedDifference(values=(), note=f"not paired: before and after share no {what}")
    names = sorted({*before, *after})
    value = _mean(after, level) - _mean(before, level)
    left = np.array(
        [_mean(_without(after, n), level) - _mean(_without(before, n), level) for n in names]
    )
    if not np.isfinite([value, *left]).all():
        return PairedDifference(
            values=(),
            note=f"not paired: fewer than {_LEAST} effects, of which each is left out in turn",
        )
    count = len(names)
    error = math.sqrt((count - 1) / count * float(((left - left.mean()) ** 2).sum()))
    if not error > 0:
        return PairedDifference(values=(), note=f"not paired: no variation between {what}s")
    half = float(special.stdtrit(count - 1, (1 + level) / 2)) * error
    return PairedDifference(
        values=(),
        value=value,
        low=value - half,
        high=value + half,
        standard_error=error,
        interval="jackknife_t",
        n_clusters=count,
        note=f"paired over {count} {what}s, each left out in turn",
    )


def _effects(frame: pd.DataFrame, by: Sequence[str]) -> dict[tuple[str, ...], Effects]:
    """Return the effects of each group that have a weight in its mean."""
    found: dict[tuple[str, ...], Effects] = {}
    if not len(frame):
        return found
    for _, row in frame[frame["quantity"] == "effect"].iterrows():
        if not is_missing(row["weight"]):
            group = text_key([row[c] for c in by])
            effect = (float(row["value"]), float(row["standard_error"]))
            found.setdefault(group, {})[cell_key(row["subject"])] = effect
    return found


def _without(effects: Mapping[str, tuple[float, float]], name: str) -> Effects:
    return {one: effect for one, effect in effects.items() if one != name}


def _mean(effects: Mapping[str, tuple[float, float]], level: float) -> float:
    values = np.array([value for value, _ in effects.values()])
    errors = np.array([error for _, error in effects.values()])
    return random_effects(values, errors, level).value
