"""The reliability curve: share right at each confidence, its isotonic fit and consistency band."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import numpy as np
import pandas as pd

from foresay.counts import AnyCounts, Layout
from foresay.counts.reduction import contributions, reduce
from foresay.estimation.calibration import BOUNDS, Pairs
from foresay.estimation.facts import Context
from foresay.estimation.left_out import Said
from foresay.estimation.leveled import SUMS, Seen, narrowed, observed_levels, usable
from foresay.estimation.relations import check_columns, design_of
from foresay.estimation.table import key_of, named_choices
from foresay.measures.calibration import (
    BINS,
    GRID,
    Levels,
    binned,
    calibrated,
    equal_mass,
    recalibrated,
)
from foresay.measures.kinds import Proportion
from foresay.resampling import estimate, stream
from foresay.study import Choices

POINT, FIT = "bin", "fit"
"""Parts of a curve: the share right in each bin, and the isotonic fit at each confidence."""

BAND_DRAWS = 500
"""Calibrated data sets behind a consistency band."""

_NUMBERS = ("confidence", "value", "low", "high", "band_low", "band_high")


def reliability(
    pairs: Pairs,
    *,
    by: Sequence[str],
    choices: Choices,
    context: Context,
) -> pd.DataFrame:
    """Return the reliability curve of each group.

    Parameters
    ----------
    pairs : Pairs
        Confidence and match of trials.
    by : sequence of str
        Grouping columns.
    choices : Choices
        The named choices.
    context : Context
        What the rows carry.

    Returns
    -------
    DataFrame
        The columns of `by`, `source`, `part`, `place` (number of the bin or level from 0),
        `n_trials`, `confidence` (mean of the bin, or the level), `value`, `low`, `high`,
        `band_low`, `band_high`, `level`, `interval`, `n_clusters`, choices, `note`.
        Rows of part ``bin``: the share right in up to 15 equal-mass bins (each confidence is a bin
        where there are no more) with its clustered interval. Rows of part ``fit``: the isotonic
        fit (CORP) at each confidence, and where `level` of the fits lie whose data are calibrated.

    Raises
    ------
    ChoiceError
        A column is unknown.
    """
    by = tuple(dict.fromkeys(by))
    population = pairs.population
    check_columns(by, population, "by")
    table = usable(population.trials, choices.truth)
    layout = design_of(choices, population).layout()
    table = narrowed(table, by, layout)
    seen = observed_levels(table, by)
    said = Said.of(population, by, choices, pairs.notes)
    points = _points(table, seen, by, layout)
    rows: list[dict[str, Any]] = []
    for group in seen.values():
        values = tuple(zip(by, group.values, strict=True))
        notes = [*context.notes, *said.of_group(group.values)]
        if choices.compliance == "bounds":
            notes.append(BOUNDS)
        shared = {
            **dict(values),
            "source": pairs.source,
            "level": choices.level,
            "n_excluded": said.excluded(group.values),
            **named_choices(choices),
            "weighting": "micro",
            "where": context.where,
            "fingerprint": context.fingerprint,
        }
        key = (pairs.source, key_of(values), context.where)
        own = _bin_rows(group.levels, points[group.values], choices, key)
        own += _fit_rows(group, choices, key)
        for row in own:
            note = "; ".join(n for n in (*notes, row.pop("note", "")) if n)
            rows.append({**shared, **row, "note": note})
    return _tidy(rows, by)


def _tidy(rows: Sequence[Mapping[str, Any]], by: Sequence[str]) -> pd.DataFrame:
    first = [*by, "source", "part", "place", "n_trials", *_NUMBERS]
    named = [*first, "level", "interval", "n_clusters", "n_excluded"]
    rest = [c for c in rows[0] if c not in (*named, "note")] if rows else []
    columns = [*named, *rest, "note"]
    frame = pd.DataFrame([{c: row.get(c) for c in columns} for row in rows], columns=columns)
    for name in (*_NUMBERS, "level"):
        frame[name] = frame[name].astype("float64")
    for name in ("place", "n_trials", "n_clusters", "n_excluded"):
        frame[name] = frame[name].astype("int64")
    return frame


def bins_of(levels: Levels) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the bin of each level: its own where there are few, else of equal mass."""
    if len(levels.value) <= BINS:
        return np.arange(len(levels.value), dtype=np.int64)
    return equal_mass(levels)


def _points(
    table: Any, seen: Mapping[str, Seen], by: Sequence[str], layout: Layout
) -> dict[tuple[object, ...], list[AnyCounts]]:
    """Return the counts of each bin of each group."""
    if not seen:
        return {}
    known = pd.concat(
        [
            pd.DataFrame(
                {
                    "_of": name,
                    "_at": np.rint(group.levels.value * GRID).astype(np.int64),
                    "_bin": bins_of(group.levels),
                }
            )
            for name, group in seen.items()
        ],
        ignore_index=True,
    )
    bins = ibis.memtable(known)
    joined = table.inner_join(
        bins, [table["_group"] == bins["_of"], table["_level"] == bins["_at"]]
    )
    found: dict[tuple[object, ...], list[AnyCounts]] = {}
    sums = contributions(joined, list(SUMS))
    # a bin is a group, in the order of its number: cells would make a list for every cluster
    for group in reduce(joined, sums, by=(*by, "_bin"), layout=layout):
        values = tuple(value for _, value in group.values[:-1])
        found.setdefault(values, []).append(group.restricted(SUMS))
    return found


def _bin_rows(
    levels: Levels, counts: Sequence[AnyCounts], choices: Choices, key: tuple[str, ...]
) -> list[dict[str, Any]]:
    bins = bins_of(levels)
    whole = binned(levels, bins)
    rows = []
    for place, (n, f, y) in enumerate(zip(whole.n, whole.f, whole.y, strict=True)):
        own = counts[place]
        trials, match, squared = own.names
        made = estimate(
            own,
            lambda sums, t=trials, m=match: np.asarray(sums[m] / sums[t]),  # type: ignore[misc]
            kind=Proportion(match, trials, squared),
            interval=choices.interval,
            level=choices.level,
            resamples=choices.resamples,
            rng=stream(choices.seed, "reliability", *key, str(place)),
        )
        rows.append(
            {
                "part": POINT,
                "place": place,
                "n_trials": round(n),
                "confidence": f / n,
                "value": y / n,
                "low": made.low,
                "high": made.high,
                "interval": made.interval,
                "n_clusters": made.n_clusters,
                "note": made.note,
            }
        )
    return rows


def _fit_rows(group: Seen, choices: Choices, key: tuple[str, ...]) -> list[dict[str, Any]]:
    levels = group.levels
    fit = recalibrated(levels)
    rng = stream(choices.seed, "consistency", *key)
    drawn = recalibrated(calibrated(levels, rng, BAND_DRAWS, group.runs))
    tail = (1 - choices.level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return [
        {
            "part": FIT,
            "place": place,
            "n_trials": round(float(levels.mass[place])),
            "confidence": float(levels.value[place]),
            "value": float(fit[place]),
            "band_low": float(low[place]),
            "band_high": float(high[place]),
            "interval": "none",
            "n_clusters": 0,
        }
        for place in range(len(levels.value))
    ]
