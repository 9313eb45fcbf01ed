"""Projection: predictions scored against the target and against the predictor itself."""

from __future__ import annotations

import pandas as pd

from foresay.figures.figure import Figure
from foresay.figures.forest import Wording, plot_forest
from foresay.figures.theme import DOUBLE, SINGLE

QUESTION = "Does a model predict another one as if it were itself?"


def plot_projection(
    estimates: pd.DataFrame, *, width: int = DOUBLE, name: str = "projection"
) -> Figure:
    """Plot the match with the own behaviour minus that with the target's, a row per predictor.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates of ``projection``; all grouping columns that vary name the rows together.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no row of ``projection``.
    """
    words = Wording(
        question=QUESTION,
        axis="Own minus target's" if width <= SINGLE else "Match with own minus target's behaviour",
        subject="Match with the predictor's own behaviour minus that with the target's, on items "
        "where the two differ",
        reading="To the right of 0 a predictor answers for itself, to the left it knows the "
        "target; hollow where the interval holds 0.",
    )
    return plot_forest(
        estimates, "projection", reference=0.0, wording=words, width=width, name=name
    )
