"""Reproduction and extraction: whole answers that are reproduced, properties read off them."""

from __future__ import annotations

import pandas as pd

from foresay.figures.figure import Figure
from foresay.figures.stacked import Piece, Words, plot_stacked
from foresay.figures.theme import BLUE, DOUBLE, PALE, SINGLE, SKY, VERMILION

QUESTION = "Does a predictor that can say the whole answer also get its property right?"


def plot_reproduction(
    estimates: pd.DataFrame,
    *,
    row: str | None = None,
    width: int = DOUBLE,
    name: str = "reproduction",
) -> Figure:
    """Plot trials by whether the whole answer is reproduced and the property right, in bars.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates of ``right_reproduced``, ``right_unreproduced``, ``wrong_reproduced``,
        ``wrong_unreproduced`` and, where it is known, ``copy_oracle``.
    row : str, optional
        The grouping column that names the bars; by default all that vary.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no row of ``right_reproduced``, or none has a number.
    """
    pieces = [
        Piece(estimand="right_reproduced", label="Both right", colour=BLUE, ink="white"),
        Piece(estimand="right_unreproduced", label="Property alone", colour=SKY),
        Piece(estimand="wrong_reproduced", label="Answer alone", colour=VERMILION, ink="white"),
        Piece(estimand="wrong_unreproduced", label="Neither", colour=PALE),
    ]
    known = (estimates["estimand"] == "copy_oracle") & estimates["value"].notna()
    mark = Piece(estimand="copy_oracle", label="Property of the predicted answer", colour="")
    reading = (
        "Blue is accuracy about the property; the first and the third part are the answers that "
        "the predictor reproduces when it is asked for them."
    )
    if known.any():
        reading += (
            " Tick: what the property of its own predicted answer would score, on the trials "
            "where that is known; its numbers stand beside the bar."
        )
    words = Words(
        question=QUESTION,
        axis="Share of trials" if width <= SINGLE else "Share of trials about a property",
        subject="Whole answer and property right or wrong",
        reading=reading,
    )
    return plot_stacked(
        estimates,
        pieces,
        words=words,
        name=name,
        width=width,
        row=row,
        mark=mark if known.any() else None,
    )
