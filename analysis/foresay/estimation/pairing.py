"""Calibration of a study: which pairs are meant, and their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import pandas as pd

from foresay.errors import ChoiceError
from foresay.estimation.calibration import Pairs, calibration
from foresay.estimation.distances import total_variation
from foresay.estimation.facts import Context
from foresay.estimation.reliability import reliability
from foresay.estimation.table import named_choices, tidy
from foresay.measures.calibration import CALIBRATION, TOTAL_VARIATION
from foresay.study import Choices, nearest
from foresay.trials.confidences import NO_CONFIDENCE, with_confidence
from foresay.trials.distributions import most_repeated, needed, ranked, variations
from foresay.trials.population import Population

Of = Literal["confidence", "distribution"]
"""What is calibrated: confidence in a prediction, or probabilities against the target's shares."""

NAMES = (*CALIBRATION, TOTAL_VARIATION.name)
"""Every measure of calibration."""

RANKED = "ranks decided on the other half of the target's repeats"
OF_ANSWER = "confidence is the probability of the predicted answer"


class Populate(Protocol):
    """Gives the population of a condition and choices."""

    def __call__(
        self, *, where: str | None = None, choices: Choices | None = None, uses: Sequence[str] = ()
    ) -> Population:
        """Return it; `uses` are columns that will be asked of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What calibration is asked of.

    Parameters
    ----------
    populate : callable
        Gives the population.
    tables : mapping of str to ibis.Table
        Canonical tables of the study.
    conditions : sequence of str
        Columns of `probabilities` beyond the standard key that tell its rows apart.
    by : tuple of str
        Grouping columns.
    where : str or None
        Condition on trials.
    choices : Choices
        The named choices.
    context : Context
        What the rows carry.
    of : {"confidence", "distribution"} or None
        What is calibrated; by default confidence, unless `by` names `rank`.
    """

    populate: Populate
    tables: Mapping[str, Any]
    conditions: Sequence[str]
    by: tuple[str, ...]
    where: str | None
    choices: Choices
    context: Context
    of: Of | None = None

    def __post_init__(self) -> None:
        if self.of not in (None, "confidence", "distribution"):
            raise ChoiceError(
                f"calibration of {self.of!r} is not known; {nearest(str(self.of), list(_OF))}"
            )

    @property
    def is_of_distributions(self) -> bool:
        """Whether the predictor's distribution is held against the target's."""
        return "rank" in self.by if self.of is None else self.of == "distribution"

    @property
    def used(self) -> Choices:
        """The choices that really hold: a distribution is that of the target's repeats.

        Truth is the share of repeats, at the chosen temperature or else at the one with most.
        """
        if not self.is_of_distributions:
            return self.choices
        temperature = self.choices.temperature
        if temperature is None and "answers" in self.tables:
            temperature = most_repeated(self.tables["answers"])
        return self.choices.model_copy(update={"truth": "each", "temperature": temperature})

    @property
    def population(self) -> Population:
        """The trials of the question."""
        uses = [column for column in self.by if column != "rank"]
        if self.is_of_distributions:
            needed(self.tables)
        return self.populate(where=self.where, choices=self.used, uses=uses)

    @property
    def pairs(self) -> Pairs:
        """Pairs of a confidence and whether it came true.

        Raises
        ------
        UnsupportedError
            A table or column is missing.
        """
        if self.is_of_distributions:
            made = ranked(self.population, self.tables, self.used, self.conditions)
            return Pairs(population=made, source="distribution", notes=(RANKED,))
        found = with_confidence(self.population, self.tables.get("probabilities"), self.conditions)
        notes = (OF_ANSWER,) if found.source == "token" else ()
        return Pairs(population=found.population, source=found.source, notes=notes)


_OF = ("confidence", "distribution")


def calibration_table(
    asked: Asked,
    names: Sequence[str] | None = None,
    *,
    nulls: bool = True,
    constant: bool = False,
) -> pd.DataFrame:
    """Return the table of calibration that is asked for; see `calibration`.

    Parameters
    ----------
    asked : Asked
        Of what.
    names : sequence of str, optional
        Measures, of `NAMES`; by default all that the pairs support.
    nulls, constant
        As for `calibration`.

    Raises
    ------
    ChoiceError
        A measure is unknown, or the distance of distributions is asked for by rank.
    UnsupportedError
        A table or column is missing.
    """
    if names is None:
        with_distance = asked.is_of_distributions and "rank" not in asked.by
        names = NAMES if with_distance else tuple(CALIBRATION)
    paired = [name for name in names if name != TOTAL_VARIATION.name]
    parts = []
    if paired:
        parts.append(
            calibration(
                asked.pairs,
                paired,
                by=asked.by,
                choices=asked.used,
                context=asked.context,
                nulls=nulls,
                constant=constant,
            )
        )
    if TOTAL_VARIATION.name in names:
        parts.append(_distance(asked))
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def _distance(asked: Asked) -> pd.DataFrame:
    if "rank" in asked.by:
        raise ChoiceError(f"{TOTAL_VARIATION.name} is of whole distributions; leave rank out of by")
    whole = Asked(
        populate=asked.populate,
        tables=asked.tables,
        conditions=asked.conditions,
        by=asked.by,
        where=asked.where,
        choices=asked.choices,
        context=asked.context,
        of="distribution",
    )
    made = variations(whole.population, whole.tables, whole.used, whole.conditions)
    pairs = Pairs(population=made, source="distribution")
    return total_variation(pairs, by=whole.by, choices=whole.used, context=whole.context)


def reliability_table(asked: Asked) -> pd.DataFrame:
    """Return the reliability curves that are asked for; see `reliability`.

    Raises
    ------
    UnsupportedError
        A table or column is missing.
    """
    return reliability(asked.pairs, by=asked.by, choices=asked.used, context=asked.context)


def lacking_calibration(name: str, population: Population, tables: Mapping[str, Any]) -> str:
    """Say what a study lacks for a measure of calibration; "" if nothing."""
    if not population.has_predictions:
        return "needs predictions, and the study has none; add a predictions or trials table"
    if "probabilities" in tables:
        return ""
    if name == TOTAL_VARIATION.name:
        return "needs a table probabilities"
    return "" if "confidence" in population.trials.columns else NO_CONFIDENCE


def unsupported(names: Sequence[str], reason: str, asked: Asked) -> pd.DataFrame:
    """Return one row of estimates for each measure that the tables cannot support."""
    rows = [
        {
            "estimand": name,
            "level": asked.choices.level,
            "interval": "none",
            **dict.fromkeys(("n_trials", "n_items", "n_clusters", "n_excluded"), 0),
            **named_choices(asked.choices),
            "where": asked.context.where,
            "note": f"{name}: {reason}",
            "fingerprint": asked.context.fingerprint,
        }
        for name in names
    ]
    return tidy(rows, asked.by)
