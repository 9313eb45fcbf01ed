"""Points: a predictor and an item each, with what was reported and what was, as whole numbers.

Numbers of a study are put on a grid of whole numbers, from the smallest to the largest that there
is, so that sums do not depend on the order of rows. Correlations do not change when numbers are
shifted or stretched; a grid of four million steps changes them in the seventh digit at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis

from foresay.errors import UnsupportedError
from foresay.measures.correlations import POINT_SUMS, REPEATED
from foresay.trials import ITEM, Population

STEPS = 2**21
"""Steps of the grid from its middle to either end."""


def lacking_points(population: Population) -> str:
    """Say what a population lacks for a correlation; "" if nothing."""
    if not population.has_predictions or "prediction" not in population.trials.columns:
        return "needs a numeric column `prediction`; add it to the predictions or trials table"
    if population.repeats is None:
        return "needs numeric behaviours; add a column `behaviour` to trials, or a table answers"
    return ""


def points(population: Population, keys: Sequence[str]) -> Any:
    """Return one row a predictor and item that both have numbers.

    Parameters
    ----------
    population : Population
        Trials and repeats of behaviour.
    keys : sequence of str
        Further columns of trials that tell points apart: groups, clusters.

    Returns
    -------
    ibis.Table
        `keys`, ``predictor``, the item's columns, and whole numbers: `reported` and `actual` (the
        means on the grid), `POINT_SUMS` and `REPEATED` of each row.

    Raises
    ------
    UnsupportedError
        There are no numbers on either side.
    """
    if reason := lacking_points(population):
        raise UnsupportedError(f"correlation {reason}")
    trials = population.trials
    asked = trials.filter(trials.included & trials.compliant)
    told = dict.fromkeys([*keys, "predictor", *ITEM])
    said = _means(asked, "prediction", list(told), "x")
    repeats: Any = population.repeats
    usable = _numeric(repeats.filter(repeats.usable))
    done = _means(usable, "behaviour", list(ITEM), "y", source="answer")
    joined = said.inner_join(done, list(ITEM))
    doubled = [f"{name}_right" for name in ITEM if f"{name}_right" in joined.columns]
    joined = joined.drop(*doubled) if doubled else joined
    return joined.mutate(
        points=ibis.literal(1, "int64"),
        reported=joined.x,
        actual=joined.y,
        xx=joined.x * joined.x,
        yy=joined.y * joined.y,
        xy=joined.x * joined.y,
    ).select(*told, "reported", "actual", *POINT_SUMS, *REPEATED)


def _numeric(repeats: Any) -> Any:
    """Return the repeats of properties that are numbers throughout: first characters are not."""
    words = repeats.filter(_number(repeats.answer).isnull()).select("property").distinct()
    return repeats.anti_join(words, ["property"])


def _means(table: Any, name: str, keys: list[str], of: str, *, source: str = "") -> Any:
    """Return, for each of `keys`, the mean of a numeric column and what repeats say of it."""
    number = _number(table[source or name])
    found = table.aggregate(low=number.min(), high=number.max()).to_pyarrow().to_pylist()[0]
    if found["low"] is None:
        where = "no property has them throughout" if name == "behaviour" else "it holds none"
        raise UnsupportedError(f"correlation needs numbers in the column `{name}`; {where}")
    middle = (found["low"] + found["high"]) / 2
    reach = max((found["high"] - found["low"]) / 2, 1e-300)
    on_grid = ((number - middle) / reach * STEPS).round().cast("int64")
    rows = table.mutate(_value=on_grid).filter(number.notnull())
    grouped = rows.group_by(keys).aggregate(
        k=lambda t: t.count(),
        s=lambda t: t["_value"].sum().cast("int64"),
        ss=lambda t: (t["_value"] * t["_value"]).sum().cast("int64"),
    )
    k, s = grouped.k.cast("float64"), grouped.s.cast("float64")
    mean = (s / k).round().cast("int64")
    repeated = grouped.k >= 2
    pairs = ((s * s - grouped.ss.cast("float64")) / (k * (k - 1)).nullif(0.0)).round()
    return grouped.select(
        *keys,
        **{
            of: mean,
            f"{of}_repeated": repeated.cast("int64"),
            f"{of}_mean": ibis.ifelse(repeated, mean, 0),
            f"{of}_square": ibis.ifelse(repeated, mean * mean, 0),
            f"{of}_pairs": ibis.ifelse(repeated, pairs.cast("int64"), 0).fill_null(0),
        },
    )


def _number(column: Any) -> Any:
    """Return the finite numbers that a column spells; missing elsewhere."""
    numeric = column.type().is_numeric() or column.type().is_boolean()
    value = column.cast("float64") if numeric else column.try_cast("float64")
    return ibis.ifelse(value.isnan() | value.isinf(), None, value)
