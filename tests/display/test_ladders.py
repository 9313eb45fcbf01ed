"""Stages as a table: gains beside what they are gains of, nothing of what has no trials."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from foresay.display.ladders import ladder_table


def test_gains_stand_beside_the_stage_and_stages_without_trials_in_a_note(
    estimate: Callable[..., dict[str, Any]],
) -> None:
    def row(rung: str, value: float, quantity: str = "value", note: str = "") -> dict[str, Any]:
        group = {"quantity": quantity, "matching": "items", "rung": rung}
        return estimate("accuracy", value, value - 0.1, value + 0.1, group=group, note=note)

    table = ladder_table(
        pd.DataFrame(
            [
                row("base", 0.3),
                row("scrambled", math.nan, note="no trials of this stage"),
                row("trained", 0.6, note="few"),
                row("trained", 0.4, "gain", note="over base; few"),
            ]
        )
    )
    assert table.columns[0].label == "Stage"
    assert {c.spanner for c in table.columns} >= {"Accuracy", "Gain in accuracy"}
    assert [row[0] for row in table.rows] == ["base", "trained"]
    assert set(table.groups) == {"items on which all comply"}
    assert "Gains: over base." in table.notes
    assert "Stages without trials: scrambled." in table.notes
    assert "† few" in table.notes
    assert "value" not in {cell for row in table.rows for cell in row}
