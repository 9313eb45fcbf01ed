"""One group's numbers: estimates of several functions of the same sums, as parts of tidy rows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from foresay.counts import Estimator, Group
from foresay.estimation.facts import Context
from foresay.estimation.table import key_of, named_choices, tidy
from foresay.measures.kinds import Kind
from foresay.resampling import estimate, stream
from foresay.study import Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class OneGroup:
    """The sums of one group, and what all its numbers carry.

    Parameters
    ----------
    name : str
        Who asks, for the streams.
    group : Group
        Its counts.
    choices : Choices
        Interval, level, resamples and seed are used.
    context : Context
        What rows carry.
    """

    name: str
    group: Group
    choices: Choices
    context: Context

    def number(
        self,
        key: str,
        estimator: Estimator,
        sums: Sequence[str],
        kind: Kind,
        *,
        level: float | None = None,
        n_trials: int,
        note: str = "",
    ) -> dict[str, Any]:
        """Estimate one function of some sums.

        Parameters
        ----------
        key : str
            What tells it from the group's other numbers.
        estimator : Estimator
            The function.
        sums : sequence of str
            Names of the sums that it reads; clusters without any of them have no part.
        kind : Kind
            What kind of number it gives.
        level : float, optional
            Confidence level; that of the choices by default.
        n_trials : int
            Trials that it rests on; without any it is undefined.
        note : str
            Stands before the notes of the estimate.
        """
        choices = self.choices
        counts = self.group.restricted(list(dict.fromkeys(sums))) if sums else None
        fixed = {
            **dict(self.group.values),
            "level": choices.level,
            "n_trials": n_trials,
            "n_clusters": counts.n_clusters if counts is not None else 0,
            "n_items": 0,
            "n_excluded": 0,
            "design_effect": math.nan,
            **named_choices(choices),
            "where": self.context.where,
            "fingerprint": self.context.fingerprint,
        }
        if not n_trials or counts is None or not counts.n_patterns:
            said = "; ".join(n for n in (note, "undefined: no trials") if n)
            return {**fixed, **nothing(), "n_clusters": 0, "note": said}
        made = estimate(
            counts,
            estimator,
            kind=kind,
            interval=choices.interval,
            level=choices.level if level is None else level,
            resamples=choices.resamples,
            rng=stream(choices.seed, self.name, key, key_of(self.group.values), self.context.where),
        )
        return {
            **fixed,
            "value": made.value,
            "low": made.low,
            "high": made.high,
            "standard_error": made.standard_error,
            "interval": made.interval,
            "note": "; ".join(n for n in (*self.context.notes, note, made.note) if n),
        }


def nothing() -> dict[str, Any]:
    """Return the numbers of what is undefined."""
    missing = math.nan
    return {
        "value": missing,
        "low": missing,
        "high": missing,
        "standard_error": missing,
        "interval": "none",
    }


def tidy_parts(
    rows: Sequence[Mapping[str, Any]], by: Sequence[str], parts: Sequence[str]
) -> pd.DataFrame:
    """Return rows as a tidy table: `estimand`, `by`, what tells its numbers apart, the numbers."""
    return tidy(rows, [*by, *parts])
