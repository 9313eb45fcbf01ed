"""Agreement: how far repeated answers of a target agree, which bounds every prediction of it."""

from __future__ import annotations

import pandas as pd

from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.forest import Wording, plot_forest
from foresay.figures.theme import DOUBLE

QUESTION = "How often does a target repeat its own answer?"
_WORDS = {
    "agreement_answer": (
        "Agreement of answers",
        "The share of items whose repeated answers are all the same.",
    ),
    "agreement_raw": (
        "Agreement of replies",
        "The share of items whose repeated replies are the same, letter by letter.",
    ),
    "ceiling_resample": (
        "Resample ceiling",
        "The chance that two answers to one item agree: the score of running the target again.",
    ),
}


def plot_agreement(
    estimates: pd.DataFrame,
    *,
    estimand: str | None = None,
    row: str = "task",
    width: int = DOUBLE,
    name: str = "agreement",
) -> Figure:
    """Plot agreement of repeats, or the resample ceiling, a row per task.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates of one of ``agreement_answer``, ``agreement_raw``, ``ceiling_resample``.
    estimand : str, optional
        Which; by default the first of these that the table has.
    row : str
        The grouping column that names the rows; the others that vary make panels.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If the table has none of them.
    """
    there = set(estimates["estimand"].astype(str)) if "estimand" in estimates.columns else set()
    chosen = estimand or next((e for e in _WORDS if e in there), "")
    if chosen not in _WORDS:
        raise UnsupportedError(
            f"figure '{name}' needs rows of one of {', '.join(_WORDS)}; "
            f"got {chosen or 'none of them'}; they need repeated responses of the target"
        )
    subject, reading = _WORDS[chosen]
    words = Wording(question=QUESTION, axis=subject, subject=subject, reading=reading)
    return plot_forest(estimates, chosen, row=row, wording=words, width=width, name=name)
