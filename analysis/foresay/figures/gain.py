"""The gain of a training: how much of it is compliance with the asked form."""

from __future__ import annotations

import pandas as pd

from foresay.figures.figure import Figure
from foresay.figures.rows import name_of, natural
from foresay.figures.stacked import Piece, Words, plot_stacked
from foresay.figures.theme import BLUE, DOUBLE, ORANGE, SINGLE

QUESTION = "How much of what training gained is compliance with the asked form?"


def plot_gain(
    estimates: pd.DataFrame,
    *,
    row: str | None = None,
    width: int = DOUBLE,
    name: str = "compliance-gain",
) -> Figure:
    """Plot the two parts of each training's gain in accuracy, and the gain with its interval.

    Parameters
    ----------
    estimates : pandas.DataFrame
        The table of `Workbench.compliance_gain`.
    row : str, optional
        The grouping column that names the bars; by default all that vary.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no row of ``gain_compliance``, or none has a number.
    """
    pieces = [
        Piece(estimand="gain_compliance", label="Compliance", colour=ORANGE),
        Piece(estimand="gain_accuracy", label="Accuracy among compliant", colour=BLUE, ink="white"),
    ]
    words = Words(
        question=QUESTION,
        axis="Gain in accuracy" if width <= SINGLE else "Accuracy after minus before training",
        subject="The gain in accuracy of each training",
        reading="The two parts sum to the gain, which the tick marks; a part to the left of 0 "
        "took accuracy away.",
    )
    mark = Piece(estimand="gain", label="Gain", colour="")
    if "predictor" in estimates:
        by_name = estimates["predictor"].map(lambda v: natural(name_of(v)))
        estimates = estimates.loc[by_name.sort_values(kind="stable").index]
    return plot_stacked(
        estimates, pieces, words=words, name=name, width=width, row=row, mark=mark, shares=False
    )
