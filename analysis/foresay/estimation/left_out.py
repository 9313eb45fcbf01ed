"""What the rows of a table of calibration say of the trials behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis

from foresay.counts.reduction import sorted_groups
from foresay.measures.calibration import GRID
from foresay.study import Choices
from foresay.trials import UNIT, Population


@dataclass(frozen=True, slots=True)
class Said:
    """What the rows of each group say of the trials behind them."""

    rows: Mapping[tuple[object, ...], Mapping[str, float]]
    notes: tuple[str, ...]

    @classmethod
    def of(
        cls, population: Population, by: Sequence[str], choices: Choices, notes: Sequence[str]
    ) -> Said:
        """Count what is left out, rounded or a share."""
        table = population.trials
        used = table.included & table.confidence.notnull()
        scaled = table.confidence * GRID
        off_grid = used & ((scaled - scaled.round()).abs() > 1e-6)
        # shares of a number of runs that is not known
        a_share = used & (table.match > 0) & (table.match < UNIT)
        a_share &= (choices.truth != "each") | (table.k.fill_null(0) < 1)
        wanted: dict[str, Callable[[], Any]] = {
            "all": table.count,
            "used": lambda: used.cast("int64").sum(),
            "silent": lambda: (table.included & ~table.confidence.notnull()).cast("int64").sum(),
            "rounded": lambda: off_grid.fill_null(ibis.literal(value=False)).cast("int64").sum(),
            "shares": lambda: a_share.fill_null(ibis.literal(value=False)).cast("int64").sum(),
        }
        counted = {name: made() for name, made in wanted.items()}
        grouped = (
            table.group_by(list(by)).aggregate(**counted) if by else table.aggregate(**counted)
        )
        frame = grouped.to_pyarrow().to_pandas()
        rows = {
            values: {str(k): float(v or 0) for k, v in frame.loc[at[0], list(counted)].items()}
            for values, at in sorted_groups(frame, by)
        }
        general = list(notes)
        if choices.cells:
            general.append("calibration: every trial counts the same")
        return cls(rows, tuple(general))

    def excluded(self, values: tuple[object, ...]) -> int:
        """Return the predictions of a group that are left out."""
        return round(self.rows[values]["all"] - self.rows[values]["used"])

    def of_group(self, values: tuple[object, ...]) -> list[str]:
        """Return the notes of a group."""
        found, notes = self.rows[values], list(self.notes)
        if found["silent"]:
            notes.append(f"{found['silent']:.0f} without a confidence left out")
        if found["rounded"]:
            notes.append(f"confidence rounded to 1/{GRID}")
        if found["shares"]:
            notes.append("right is a share; the null draws one run of each trial")
        return notes
