"""Total variation: how far a predictor's distribution of answers is from the target's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from foresay.counts.reduction import contributions, reduce
from foresay.estimation.calibration import NULLS, Pairs
from foresay.estimation.facts import Context
from foresay.estimation.relations import check_columns, design_of
from foresay.estimation.table import key_of, named_choices, tidy
from foresay.measures.calibration.variation import TOTAL_VARIATION
from foresay.resampling import estimate, stream
from foresay.study import Choices

_FLOOR = "the null is the floor that finite repeats set"


def total_variation(
    pairs: Pairs, *, by: Sequence[str], choices: Choices, context: Context
) -> pd.DataFrame:
    """Estimate the mean total variation of each group, with its floor.

    Parameters
    ----------
    pairs : Pairs
        Of `foresay.trials.distributions.variations`.
    by : sequence of str
        Grouping columns.
    choices : Choices
        The named choices.
    context : Context
        What the rows carry.

    Returns
    -------
    DataFrame
        As of `foresay.estimation.calibration.calibration`; `null_mean` is the floor: what repeats
        drawn from the predictor's own distribution would give.
    """
    by = tuple(dict.fromkeys(by))
    population, measure = pairs.population, TOTAL_VARIATION
    check_columns(by, population, "by")
    table = population.trials
    layout = design_of(choices, population).layout()
    rows: list[dict[str, Any]] = []
    sums = contributions(table, [*measure.sums, "match_high"])
    for group in reduce(table, sums, by=by, layout=layout):
        counts = group.restricted(measure.sums)
        made = estimate(
            counts,
            measure.estimator,
            kind=measure.kind,
            interval=choices.interval,
            level=choices.level,
            resamples=choices.resamples,
            rng=stream(choices.seed, measure.name, key_of(group.values), context.where),
        )
        n = group.total("trials")
        rows.append(
            {
                "estimand": measure.name,
                **dict(group.values),
                "source": pairs.source,
                "value": made.value,
                "low": made.low,
                "high": made.high,
                "null_mean": group.total("match_high") / n,
                **dict.fromkeys(NULLS[1:], np.nan),
                "level": made.level,
                "standard_error": made.standard_error,
                "interval": made.interval,
                "n_trials": round(n),
                "n_items": counts.n_clusters,
                "n_clusters": counts.n_clusters,
                "n_excluded": 0,
                "design_effect": np.nan,
                **named_choices(choices),
                "weighting": "micro",
                "where": context.where,
                "note": "; ".join(
                    n for n in (*context.notes, *pairs.notes, _FLOOR, made.note) if n
                ),
                "fingerprint": context.fingerprint,
            }
        )
    return tidy(rows, (*by, "source"), extra=NULLS)
