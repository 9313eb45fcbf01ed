"""Confidence of predictions: stated, or the probability of the answer that was predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from foresay.errors import UnsupportedError
from foresay.trials.population import Population

QUESTION = ("predictor", "target", "task", "item", "property", "wording")
"""Columns that name what a predictor was asked, where they are there."""

NO_CONFIDENCE = (
    "needs a confidence; add a column `confidence` to predictions, or a table probabilities"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidences:
    """Trials with a confidence in each.

    Parameters
    ----------
    population : Population
        Its trials have the column `confidence`, in 0..1, missing where there is none.
    source : {"stated", "token"}
        Where it comes from.
    """

    population: Population
    source: str


def with_confidence(
    population: Population, probabilities: Any | None, conditions: Sequence[str] = ()
) -> Confidences:
    """Return trials with their confidence.

    Parameters
    ----------
    population : Population
        Trials under some choices.
    probabilities : ibis.Table or None
        Canonical `probabilities`. Where trials have no `confidence`, that of a prediction is the
        probability of the answer it gives.
    conditions : sequence of str
        Columns of `probabilities` beyond the standard key that tell its rows apart.

    Raises
    ------
    UnsupportedError
        There is neither.
    """
    trials = population.trials
    if "confidence" in trials.columns:
        return Confidences(population=population, source="stated")
    if probabilities is None or "prediction" not in trials.columns:
        raise UnsupportedError(f"calibration {NO_CONFIDENCE}")
    on = asked(trials, probabilities, conditions)
    listed = probabilities.select(
        **{f"_{name}": probabilities[name] for name in on},
        _answer=probabilities.answer,
        confidence=probabilities.probability,
    )
    joined = trials.left_join(
        listed,
        [
            *(trials[name].identical_to(listed[f"_{name}"]) for name in on),
            trials.prediction == listed._answer,  # noqa: SLF001  # a column
        ],
    )
    joined = joined.drop("_answer", *(f"_{name}" for name in on))
    return Confidences(
        population=replace(population, trials=population.keep(joined)), source="token"
    )


def asked(trials: Any, probabilities: Any, conditions: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that name what was asked in both tables."""
    named = dict.fromkeys([*QUESTION, *conditions])
    return tuple(c for c in named if c in trials.columns and c in probabilities.columns)
