"""Stages of training as a table to print: accuracy and compliance, and the gain over the lowest."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from foresay.display.estimates import estimates_table
from foresay.display.layout import DisplayTable
from foresay.display.sentences import listing
from foresay.display.tables import cell_text

MATCHINGS = {
    "none": "as asked",
    "items": "items on which all comply",
    "weights": "compliant replies, same mix",
}
"""What each matching of stages is called."""

_GAIN = "stage_gain_"
_LABELS = {
    "rung": "Stage",
    f"{_GAIN}accuracy": "Gain in accuracy",
    f"{_GAIN}compliance": "Gain in compliance",
}


def ladder_table(ladder: pd.DataFrame) -> DisplayTable:
    """Return the stages that have trials, under each way of matching them.

    Parameters
    ----------
    ladder : pandas.DataFrame
        What `Workbench.ladder` returned.
    """
    notes = ladder["note"].fillna("").astype(str)
    lowest = notes.str.extract(r"^over ([^;]+)")[0].dropna()
    gains = ladder["quantity"] == "gain"
    frame = ladder.assign(
        estimand=ladder["estimand"].where(~gains, _GAIN + ladder["estimand"].astype(str)),
        matching=ladder["matching"].map(MATCHINGS),
        note=notes.str.replace(r"^over [^;]+(?:; )?", "", regex=True),
    ).drop(columns="quantity")
    known = frame.groupby("rung")["value"].transform("count") > 0
    lost = [cell_text(rung) for rung in dict.fromkeys(frame.loc[~known, "rung"])]
    said = [f"Gains: over {listing(list(dict.fromkeys(lowest)))}."] if len(lowest) else []
    said += [f"Stages without trials: {listing(lost)}."] if lost and known.any() else []
    shown = frame[known] if known.any() else frame
    grouping = [c for c in ("target", "predictor") if c in frame and frame[c].nunique() > 1]
    table = estimates_table(
        shown.sort_values("estimand", kind="stable"),
        rows=[*grouping, "rung"],
        group="matching",
        labels=_LABELS,
        notes=said,
        name="ladder",
    )
    return replace(table, data=ladder.reset_index(drop=True))
