"""What the intervals of a table generalise to, in words."""

from __future__ import annotations

import pandas as pd

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
    designs = frame[list(DESIGN)].drop_duplicates().astype(str)
    if len(designs) != 1:
        return ""
    columns = {name: [c for c in text.split("+") if c] for name, text in designs.iloc[0].items()}
    return named_design(Choices.model_validate(columns)).generalises_to()
