"""Interactions: the four arms of a contrast with `versus`, its two differences, and theirs.

The numbers that an interaction is made of stand beside it, on the same items and the same draws'
clusters: a difference of differences alone does not say which arm moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from foresay.comparisons.arms import ARMS
from foresay.comparisons.pairing import contributed, facts_of, on_shared_items, with_arms
from foresay.counts import Estimator, FloatArray, Sums
from foresay.counts.reduction import reduce
from foresay.errors import ChoiceError
from foresay.estimation.facts import Context
from foresay.estimation.relations import (
    Request,
    cells_of,
    check_columns,
    design_of,
    relation,
)
from foresay.estimation.table import key_of, named_choices, tidy
from foresay.measures.kinds import Difference
from foresay.measures.macro import over_cells
from foresay.measures.measure import Measure
from foresay.measures.registry import find_measure
from foresay.resampling import estimate, stream
from foresay.study import Choices, Contrast
from foresay.tables.engine import Engine
from foresay.tables.expressions import scalar
from foresay.trials import Population

PARTS = (
    ("arm", "first", "where"),
    ("arm", "first", "minus"),
    ("arm", "second", "where"),
    ("arm", "second", "minus"),
    ("difference", "first", ""),
    ("difference", "second", ""),
    ("interaction", "", ""),
)
"""`quantity` of the rows of an interaction, in order, and which of pairs and arms it is of."""

_UNNAMED = {
    "first": "first comparison",
    "second": "second comparison",
    "where": "first arm",
    "minus": "second arm",
}

_SIGNS = (
    *((1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0)),
    *((1.0, -1.0, 0.0, 0.0), (0.0, 0.0, 1.0, -1.0), (1.0, -1.0, -1.0, 1.0)),
)


def interaction(
    population: Population,
    name: str,
    spec: Contrast,
    *,
    by: Sequence[str],
    choices: Choices,
    context: Context,
    engine: Engine,
) -> pd.DataFrame:
    """Estimate the arms of a contrast with `versus`, their two differences, and the difference.

    Parameters
    ----------
    population : Population
        Trials under `choices`.
    name : str
        Name of the contrast.
    spec : Contrast
        A difference with `versus`.
    by : sequence of str
        Grouping columns.
    choices, context, engine
        As for `estimates`.

    Returns
    -------
    DataFrame
        Seven tidy rows a group: `estimand` (of an arm), `by`, `quantity` (see `PARTS`), `pair` and
        `arm` (their names, "" where a row is of both), the columns of `estimates`. The last row
        has the value of the contrast itself.

    Raises
    ------
    ChoiceError
        The contrast has no `versus`, or is a ratio.
    """
    if spec.versus is None or spec.scale == "ratio":
        raise ChoiceError(
            f"contrast {name}: has no four arms whose differences could be shown; an interaction "
            "is a difference with versus"
        )
    check_columns(by, population, f"contrast {name}: by")
    measure = find_measure(spec.of, baseline=choices.baseline)
    table = relation(population, Request(measures=(measure,), by=tuple(by), choices=choices))
    arms = {
        arm: scalar(sql, population.columns, what=f"contrast {name}")
        for arm, sql in zip(ARMS, spec.conditions, strict=True)
    }
    table = with_arms(table, arms, engine, apart=f"contrast {name}")
    truth = "predictions" not in measure.sums
    table = on_shared_items(table, by, [ARMS[:2], ARMS[2:]], needs_truth=truth)
    facts = facts_of(table, by)
    names = dict(_UNNAMED)
    names |= zip(("where", "minus"), spec.arms, strict=False)
    names |= zip(("first", "second"), spec.pairs, strict=False)
    rows: list[dict[str, Any]] = []
    sums = contributed(table, measure, ARMS)
    layout = design_of(choices, population).layout(cells_of(choices, table.columns, by))
    for group in reduce(table, sums, by=by, layout=layout):
        known = facts[tuple(value for _, value in group.values)]
        for part, signs in zip(PARTS, _SIGNS, strict=True):
            row = _row(name, measure, group, known, part, signs, choices, context)
            told = {"pair": names.get(part[1], ""), "arm": names.get(part[2], "")}
            rows.append({**row, "quantity": part[0], **told})
    return tidy(rows, [*by, "quantity", "pair", "arm"])


def _row(
    name: str,
    measure: Measure,
    group: Any,
    facts: dict[str, Any],
    part: tuple[str, str, str],
    signs: Sequence[float],
    choices: Choices,
    context: Context,
) -> dict[str, Any]:
    measure = over_cells(measure, group.cells)
    used = {arm: sign for arm, sign in zip(ARMS, signs, strict=True) if sign}
    counts = group.restricted([f"{arm}.{s}" for arm in used for s in measure.sums])
    single = len(used) == 1
    reach = len(used) / 2 * (measure.kind.high - measure.kind.low)
    made = estimate(
        counts,
        _signed(measure, used),
        kind=measure.arm(next(iter(used))).kind if single else Difference(-reach, reach),
        interval=choices.interval,
        level=choices.level,
        resamples=choices.resamples,
        rng=stream(choices.seed, name, *part, measure.name, key_of(group.values), context.where),
    )
    notes = [made.note, "the two differences are on different items" if facts["apart"] else ""]
    return {
        "estimand": measure.name,
        **dict(group.values),
        "value": made.value,
        "low": made.low,
        "high": made.high,
        "level": made.level,
        "standard_error": made.standard_error,
        "interval": made.interval,
        "n_trials": round(sum(group.total(f"{arm}.trials") for arm in used)),
        "n_items": int(facts["n_items"]),
        "n_clusters": counts.n_clusters,
        "n_excluded": int(facts["excluded"]) + int(facts["unpaired"]),
        "design_effect": np.nan,
        **named_choices(choices),
        "where": context.where,
        "note": "; ".join(note for note in notes if note),
        "fingerprint": context.fingerprint,
    }


def _signed(measure: Measure, signs: dict[str, float]) -> Estimator:
    def combined(sums: Sums) -> FloatArray:
        parts = [sign * measure.estimator(sums.arm(arm)) for arm, sign in signs.items()]
        return np.asarray(np.sum(parts, axis=0))

    return combined
