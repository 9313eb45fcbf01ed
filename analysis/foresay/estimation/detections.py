"""Trials of detection: which of them count, and what a study lacks for them."""

from __future__ import annotations

from typing import Any

import ibis

from foresay.counts.further_sums import truth
from foresay.errors import ChoiceError
from foresay.study import Choices
from foresay.trials import Population

COLUMNS = ("signal", "detected")


def lacking_detection(population: Population) -> str:
    """Say what a population lacks for detection; "" if nothing."""
    if not population.has_predictions:
        return "needs predictions, and the study has none; add a predictions or trials table"
    missing = [name for name in COLUMNS if name not in population.trials.columns]
    if not missing:
        return ""
    meanings = {
        "signal": "whether there is something to detect",
        "detected": "whether the prediction says so",
    }
    said = " and ".join(f"`{name}` ({meanings[name]})" for name in missing)
    return f"needs a true-or-false column {said}; map it in the trials or predictions table"


def with_detection(table: Any, choices: Choices) -> Any:
    """Mark the trials that count, and those whose report does.

    Parameters
    ----------
    table : ibis.Table
        Trials with `COLUMNS`, true or false, also as yes/no, t/f, y/n, 1/0.
    choices : Choices
        `compliance`: what becomes of replies that are not in the asked form. They are left out
        under ``drop_either``, taken as parsed under ``ignore``, and report nothing otherwise.
        Compliant replies without a value of `detected` are left out and counted.

    Raises
    ------
    ChoiceError
        A value is neither true nor false; names one.
    """
    for name in COLUMNS:
        wrong = table.filter(table[name].notnull() & truth(table[name]).isnull())
        found = wrong.aggregate(n=wrong.count(), one=wrong[name].cast("string").min())
        row = found.to_pyarrow().to_pylist()[0]
        if row["n"]:
            raise ChoiceError(
                f"detection: the column {name!r} holds {row['one']!r}, where true or false is "
                f"expected; {row['n']} trials have neither there"
            )
    known = truth(table.signal).notnull()
    compliant = table.compliant
    # a compliant reply of which nobody noted what it reports is no report of nothing
    known &= truth(table.detected).notnull() | ~compliant
    if choices.compliance == "ignore":
        compliant = ibis.literal(value=True)
    if choices.compliance == "drop_either":
        known &= compliant
    return table.mutate(counted_detection=known, counted_report=compliant)
