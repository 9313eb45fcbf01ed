"""Self minus cross: the paired advantage of a model at predicting itself."""

from __future__ import annotations

import pandas as pd

from foresay.figures.figure import Figure
from foresay.figures.forest import Wording, plot_forest
from foresay.figures.theme import DOUBLE, SINGLE

QUESTION = "Does a model predict itself better than another model predicts it?"
AXIS = "Accuracy of self minus cross (right of 0: self is better)"


def plot_advantage(
    contrasts: pd.DataFrame,
    *,
    contrast: str = "self_advantage",
    width: int = DOUBLE,
    name: str = "self-advantage",
) -> Figure:
    """Plot the paired differences self minus cross, a row per target (and cross predictor).

    Parameters
    ----------
    contrasts : pandas.DataFrame
        Tidy contrasts; all grouping columns that vary name the rows together.
    contrast : str
        The name of the contrast, its ``estimand``.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no row of that contrast.
    """
    words = Wording(
        question=QUESTION,
        axis="Self minus cross" if width <= SINGLE else AXIS,
        subject="Accuracy of self-prediction minus cross-prediction on the same items",
        reading="To the right of 0 self-prediction is better; hollow where the interval holds 0.",
    )
    return plot_forest(contrasts, contrast, reference=0.0, wording=words, width=width, name=name)
