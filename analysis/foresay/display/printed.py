"""Any table that foresay returns as a table to print, by what its columns say that it is."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from pandas.api.types import is_numeric_dtype

from foresay.display.calibration import calibration_table
from foresay.display.comparison_tables import comparisons_table
from foresay.display.designs import DESIGN, about
from foresay.display.estimates import estimates_table, grouping_columns
from foresay.display.layout import DisplayTable
from foresay.display.sentences import label_of, listing
from foresay.display.tables import frame_table

# said once below a table, not in a column of it
_SAID = frozenset(
    {
        *("compliance", "truth", "temperature_of_truth", "baseline", "ceiling", "weighting"),
        *("seed", "resamples", "where", "fingerprint", "level", "interval", "note", *DESIGN),
    }
)


def printed_table(frame: pd.DataFrame, name: str = "") -> DisplayTable:
    """Return any table of foresay as a table to print, with a caption and a label.

    Parameters
    ----------
    frame : pandas.DataFrame
        What a method of `Workbench` returns: estimates, contrasts, comparisons, calibration,
        reliability, plans.
    name : str
        Base of its file names; by default after what it holds.

    Returns
    -------
    DisplayTable
        Its notes hold n, level and choices.

    Raises
    ------
    UnsupportedError
        If it is a table of estimates without rows.
    """
    columns = {str(c) for c in frame.columns}
    if {"kind", "title", "quantity"} <= columns:
        name = name or "comparisons"
        titles = list(dict.fromkeys(frame["title"].astype(str)))
        return comparisons_table(frame, name=name).titled(_caption(titles, []), f"tbl-{name}")
    if "null_mean" in columns:
        name, by = name or "calibration", grouping_columns(frame)
        table = calibration_table(frame, rows=by, name=name, notes=_notes(frame))
        return table.titled(_of_estimands(frame, by), f"tbl-{name}")
    if {"estimand", "value", "low", "high"} <= columns:
        name, by = name or "estimates", grouping_columns(frame)
        extra = [c for c in ("p_value", "n_items") if c in columns and frame[c].notna().any()]
        table = estimates_table(frame, name=name, columns=extra)
        return table.titled(_of_estimands(frame, by), f"tbl-{name}")
    name = name or ("reliability" if "band_low" in columns else "table")
    shown = frame[[c for c in frame.columns if str(c) not in _SAID]]
    caption = f"{label_of(name)}."
    if "estimand" in columns:
        caption = _of_estimands(frame, [])
        shown = shown.assign(estimand=[label_of(e) for e in frame["estimand"]])
    shown, same = _said_once(shown)
    told = frame_table(shown, name=name, notes=[*same, *_notes(frame)])
    told = replace(told, about=about(frame), data=frame.reset_index(drop=True))
    return told.titled(caption, f"tbl-{name}")


def _said_once(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Take columns of text that are the same in all rows out of a table, into a note."""
    same = [
        str(c)
        for c in frame.columns
        if len(frame) > 1 and frame[c].nunique() == 1 and not is_numeric_dtype(frame[c])
    ]
    if not same:
        return frame, []
    pairs = "; ".join(f"{label_of(c)}: {frame[c].iloc[0]}" for c in same)
    return frame.drop(columns=same), [f"All rows: {pairs}."]


def _notes(frame: pd.DataFrame) -> list[str]:
    return (
        list(dict.fromkeys(str(note) for note in frame["note"] if note)) if "note" in frame else []
    )


def _of_estimands(frame: pd.DataFrame, by: list[str]) -> str:
    return _caption([label_of(e) for e in dict.fromkeys(frame["estimand"].astype(str))], by)


def _caption(what: list[str], by: list[str]) -> str:
    words = listing(what, most=4)
    return f"{words}{f', by {listing([label_of(c).lower() for c in by])}' if by else ''}."
