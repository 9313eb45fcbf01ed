"""Behaviour change: predictions that follow the new behaviour, the old one, or neither."""

from __future__ import annotations

import pandas as pd

from foresay.display import grouping_columns, value_text
from foresay.figures.figure import Figure
from foresay.figures.forest import Wording, plot_forest
from foresay.figures.rows import joined, records, varying
from foresay.figures.stacked import Piece, Words, plot_stacked
from foresay.figures.theme import BLUE, DOUBLE, ORANGE, PALE, SINGLE

QUESTION = "When a model's behaviour is changed, do predictions follow the new behaviour?"
SHARE_QUESTION = "How many items did the training shift, and how many would noise alone?"
_NOISE = {"shifted_share": "Items shifted", "shift_noise": "Shifted by noise alone"}


def plot_shift(
    estimates: pd.DataFrame,
    *,
    row: str | None = None,
    width: int = DOUBLE,
    name: str = "behaviour-change",
) -> Figure:
    """Plot what predictions about shifted items are: new behaviour, old behaviour, neither.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates of ``shift_new``, ``shift_old`` and ``shift_neither``, which sum to 1; with
        ``accuracy_unshifted`` the caption names it.
    row : str, optional
        The grouping column that names the bars; by default all that vary.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no row of ``shift_new``, or none has a number.
    """
    pieces = [
        Piece(estimand="shift_new", label="New behaviour", colour=BLUE, ink="white"),
        Piece(estimand="shift_old", label="Old behaviour", colour=ORANGE),
        Piece(estimand="shift_neither", label="Neither", colour=PALE),
    ]
    words = Words(
        question=QUESTION,
        axis="Share of predictions" if width <= SINGLE else "Share of predictions, shifted items",
        subject="Predictions about items whose behaviour was shifted",
        reading=f"The three parts sum to 1.{_unshifted(estimates)}",
    )
    return plot_stacked(estimates, pieces, words=words, name=name, width=width, row=row)


def plot_shifted_share(
    estimates: pd.DataFrame, *, width: int = DOUBLE, name: str = "shifted-share"
) -> Figure:
    """Plot the share of items that were shifted, beside that which noise alone would shift.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates of ``shifted_share`` and ``shift_noise``.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no row of ``shifted_share``.
    """
    both = estimates[estimates["estimand"].isin(list(_NOISE))]
    by = grouping_columns(both)
    order = list(_NOISE)
    rank = both["estimand"].map(order.index)
    together = both.assign(estimand="shifted_share", _rank=rank)
    together.insert(list(both.columns).index("value"), "cause", both["estimand"].map(_NOISE))
    together = together.sort_values([*by, "_rank"], kind="stable").drop(columns="_rank")
    together = together.reset_index(drop=True)
    words = Wording(
        question=SHARE_QUESTION,
        axis="Share of items",
        subject="Items whose commonest behaviour differs from the base's",
        reading="What noise alone would shift is how often two sets of repeats of one model have "
        "other commonest answers.",
    )
    return plot_forest(together, "shifted_share", wording=words, width=width, name=name)


def _unshifted(estimates: pd.DataFrame) -> str:
    rows = estimates[(estimates["estimand"] == "accuracy_unshifted") & estimates["value"].notna()]
    if rows.empty:
        return ""
    named = varying(rows)
    labels = joined(rows, named) if named else ["all"] * len(rows)
    said = [
        f"{label} {value_text(row, 3)}" for label, row in zip(labels, records(rows), strict=True)
    ]
    return f" Accuracy on the items that were not shifted: {'; '.join(said[:8])}."
