"""Plans of a study as tidy tables: one row a group and case, with the choices behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from foresay.errors import ChoiceError, UnsupportedError
from foresay.estimation.facts import Context
from foresay.estimation.table import named_choices
from foresay.planning.answers import Answered
from foresay.planning.defaults import (
    REPEATS,
    default_clusters,
    default_effects,
    default_items,
)
from foresay.planning.detectable import minimum_detectable_effect
from foresay.planning.from_study import Planned
from foresay.planning.power import power
from foresay.planning.repeats import ceiling_precision
from foresay.study import Choices

ASSUMES = "clusters like this study's, tilted to the effect"

Rows = list[dict[str, Any]]


def power_table(
    planned: Sequence[Planned],
    *,
    effects: Sequence[float] | None,
    clusters: Sequence[int] | None,
    choices: Choices,
    context: Context,
    runs: int,
    wanted: float = 0.8,
) -> pd.DataFrame:
    """Return the power of each group for effects and numbers of clusters.

    Parameters
    ----------
    planned : sequence of Planned
        What is planned, at least one.
    effects, clusters : sequences, optional
        As for `foresay.planning.power`; by default effects around the one that the study's own
        size finds with power `wanted`, and half, once, twice and four times its clusters.
    choices : Choices
        `level` and `seed` are used; all are named in the rows.
    context : Context
        What the rows carry.
    runs : int
        Simulated studies of each case.
    wanted : float
        Power that default effects are laid around.

    Returns
    -------
    DataFrame
        `estimand`, the grouping columns, `effect, clusters, power, low, high, runs`; `test`, by
        which a study finds the effect, ``interval`` or ``sign_flip``; `n_clusters`, those of the
        study; `reference`, what the estimand is held against; `level`, `assumes`,
        the choices, and `note`.

    Raises
    ------
    UnsupportedError
        No group can be planned from.
    ChoiceError
        An effect needs a reference, or a number makes no sense.
    """
    for each in planned:
        if each.lacks_reference:
            raise ChoiceError(
                f"an effect on {each.estimand} is its difference from a value: name one, such as "
                "reference=0.5 (--reference 0.5)"
            )
    laid = effects if effects is not None else default_effects(planned, wanted, choices.level)

    def rows_of(each: Planned) -> Rows:
        sizes = clusters if clusters is not None else default_clusters(each)
        return _records(
            power(
                each.counts,
                each.estimator,
                effects=laid,
                clusters=sizes,
                scale=each.scale,
                level=choices.level,
                runs=runs,
                seed=choices.seed,
                key=each.key,
                flipped=each.flipped,
            )
        )

    columns = ["effect", "clusters", "power", "low", "high", "runs", "test"]
    return _stack(planned, rows_of, columns, choices, context)


def detectable_table(
    planned: Sequence[Planned],
    *,
    clusters: Sequence[int] | None,
    wanted: float,
    choices: Choices,
    context: Context,
    runs: int,
) -> pd.DataFrame:
    """Return the minimum detectable effect of each group for numbers of clusters.

    Parameters
    ----------
    planned, clusters, choices, context, runs
        As for `power_table`.
    wanted : float
        Power.

    Returns
    -------
    DataFrame
        `estimand`, the grouping columns, `clusters, effect, wanted, direction, standard_error`
        and, as in `power_table`, `test, n_clusters, reference, level, assumes`, the choices and
        `note`.
        `direction` is what the effect is above. Without a reference an effect is missing, and the
        standard error is all that is planned.

    Raises
    ------
    UnsupportedError, ChoiceError
        As for `power_table`.
    """

    def rows_of(each: Planned) -> Rows:
        made = minimum_detectable_effect(
            each.counts,
            each.estimator,
            clusters=clusters if clusters is not None else default_clusters(each),
            wanted=wanted,
            scale=each.scale,
            level=choices.level,
            runs=runs,
            seed=choices.seed,
            key=each.key,
            precision=each.lacks_reference,
            flipped=each.flipped,
        )
        return [{**row, "direction": f"above {each.scale.none:g}"} for row in _records(made)]

    columns = ["clusters", "effect", "wanted", "direction", "standard_error", "test"]
    return _stack(planned, rows_of, columns, choices, context)


def precision_table(
    answered: Sequence[Answered],
    *,
    repeats: Sequence[int] | None,
    items: Sequence[int] | None,
    choices: Choices,
    context: Context,
) -> pd.DataFrame:
    """Return the standard error of the resample ceiling of each group.

    Parameters
    ----------
    answered : sequence of Answered
        Answer counts of each group.
    repeats, items : sequences of int, optional
        As for `foresay.planning.ceiling_precision`; by default 2, 3, 5, 10 and 20 repeats of half,
        once, twice and four times the study's items.
    choices, context
        As for `power_table`.

    Returns
    -------
    DataFrame
        `estimand`, the grouping columns, the columns of `ceiling_precision`, `n_items` (those of
        the study), the choices and `note`.

    Raises
    ------
    UnsupportedError
        No group can be planned from.
    """
    rows: Rows = []
    reasons: list[str] = []
    columns = ["repeats", "items", "replies", "standard_error", "floor", "share_between", "least"]
    columns.append("design_effect")
    for each in answered:
        known = {"estimand": "ceiling_resample", **dict(each.values), "n_items": len(each.counts)}
        try:
            made = _records(
                ceiling_precision(
                    each.counts,
                    repeats=repeats if repeats is not None else REPEATS,
                    items=items if items is not None else default_items(each),
                    clusters=each.clusters.tolist(),
                )
            )
        except UnsupportedError as error:
            reasons.append(str(error))
            made = [{**dict.fromkeys(columns, np.nan), "note": f"undefined: {error}"}]
        rows += [{**known, **row} for row in made]
    _refuse_nothing(reasons, len(answered))
    by = [name for name, _ in answered[0].values]
    return _tidy(rows, by, [*columns, "n_items"], choices, context)


def _stack(
    planned: Sequence[Planned],
    rows_of: Callable[[Planned], Rows],
    columns: Sequence[str],
    choices: Choices,
    context: Context,
) -> pd.DataFrame:
    rows: Rows = []
    reasons: list[str] = []
    planned_with = {"auto", "t_satterthwaite", "logit_satterthwaite"}
    other = f"planned with interval auto, not {choices.interval}"
    note = "" if choices.interval in planned_with else other
    for each in planned:
        known = {
            "estimand": each.estimand,
            **dict(each.values),
            "n_clusters": each.counts.n_clusters,
            "reference": each.reference,
            "level": choices.level,
            "assumes": ASSUMES,
        }
        reason = each.undefined
        try:
            made = [] if reason else rows_of(each)
        except UnsupportedError as error:
            reason = str(error)
        if reason:
            reasons.append(reason)
            made = [{**_blank(columns), "note": f"undefined: {reason}"}]
        rows += [{**known, **row, "note": _joined(row["note"], each.note, note)} for row in made]
    _refuse_nothing(reasons, len(planned))
    by = [name for name, _ in planned[0].values]
    extra = ["n_clusters", "reference", "level", "assumes"]
    return _tidy(rows, by, [*columns, *extra], choices, context)


def _blank(columns: Sequence[str]) -> dict[str, Any]:
    return {column: "" if column == "test" else np.nan for column in columns}


def _refuse_nothing(reasons: Sequence[str], groups: int) -> None:
    """Refuse a plan in which no group can be planned from."""
    if len(reasons) == groups:
        raise UnsupportedError("; ".join(dict.fromkeys(reasons)) or "there is nothing to plan from")


def _joined(*notes: object) -> str:
    return "; ".join(str(note) for note in notes if note)


def _tidy(
    rows: Rows, by: Sequence[str], columns: Sequence[str], choices: Choices, context: Context
) -> pd.DataFrame:
    named = {k: v for k, v in named_choices(choices).items() if k != "resamples"}
    tail = {**named, "where": context.where}
    order = ["estimand", *by, *columns, *tail, "note", "fingerprint"]
    known = {**tail, "fingerprint": context.fingerprint}
    frame = pd.DataFrame([{**known, **row} for row in rows], columns=order)
    for column in ("clusters", "runs", "repeats", "items", "replies"):
        if column in frame:  # missing in a group that cannot be planned from
            frame[column] = frame[column].astype("Int64")
    for column in ("effect", "power", "low", "high", "standard_error", "floor", "least"):
        if column in frame:
            frame[column] = frame[column].astype("float64")
    return frame


def _records(frame: pd.DataFrame) -> Rows:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
