"""How a table was made, in words: its choices, its numbers, what its intervals generalise to."""

from __future__ import annotations

import pandas as pd

from foresay.display.numbers import count, percent
from foresay.display.sentences import listing
from foresay.resampling.designs import named_design
from foresay.study import Choices

DESIGN = ("cluster", "within", "crossed", "strata")
"""The columns of a table of estimates that name its design."""


def generalises_to(frame: pd.DataFrame) -> str:
    """Return what all intervals of a table generalise to: "to other prompts of the same tasks".

    Parameters
    ----------
    frame : DataFrame
        A table of estimates; "" where its rows have different designs, or none.
    """
    if not set(DESIGN) <= set(frame.columns):
        return ""
    designs = frame[list(DESIGN)].astype(object).fillna("").drop_duplicates()
    if len(designs) != 1 or not designs.iloc[0]["cluster"]:
        return ""
    columns = {name: [c for c in text.split("+") if c] for name, text in designs.iloc[0].items()}
    return named_design(Choices.model_validate(columns)).generalises_to()


def shared_choices(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the choices and the data's fingerprint, by name, that are the same in all rows."""
    names = (
        *("compliance", "truth", "baseline", "weighting", *DESIGN),
        *("where", "seed", "fingerprint"),
    )
    found = []
    for name in names:
        values = list(map(str, frame[name].dropna().unique())) if name in frame else []
        if len(values) == 1 and values[0]:
            found.append((name, values[0]))
    return found


def about(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return what a table says of itself where no page does: n, level, choices, plain text.

    Parameters
    ----------
    frame : DataFrame
        A table of estimates, comparisons or calibration; columns that are not there are not said.
    """
    nouns = {"n_trials": "trials", "n_items": "items", "n_clusters": "clusters"}
    numbers = [
        f"{_span(frame[column].dropna())} {noun}"
        for column, noun in nouns.items()
        if column in frame and frame[column].notna().any()
    ]
    levels = list(frame["level"].dropna().unique()) if "level" in frame else []
    level = f" at {percent(levels[0])}" if len(levels) == 1 else ""
    drawn = generalises_to(frame)
    intervals = f"Intervals{level}{f' generalise {drawn}' if drawn else ''}."
    choices = "; ".join(f"{name}: {value}" for name, value in shared_choices(frame))
    lines = [
        f"n: {listing(numbers)}." if numbers else "",
        intervals if level or drawn else "",
        f"Choices: {choices}." if choices else "",
    ]
    return tuple(line for line in lines if line)


def _span(numbers: pd.Series[float]) -> str:
    low, high = numbers.min(), numbers.max()
    return count(low) if low == high else f"{count(low)} to {count(high)}"
