"""The figure of a request: each number before and after, the difference printed beside it."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from foresay.display import digits_for, interval_text, listing, percent, visible
from foresay.figures import Figure
from foresay.figures.dumbbell import COLUMNS, Pair, dumbbells
from foresay.figures.rows import records
from foresay.figures.theme import DOUBLE, SINGLE
from foresay.revisions.before_after import as_csv_frame, names_of, numbers_of, shared, title_of
from foresay.revisions.before_after import records as rows_of

NAME = "before-and-after"
_BEFORE, _AFTER = "Before", "After"
_MOST = 40


def plot_before_after(frame: pd.DataFrame) -> Figure:
    """Plot rows of before and after with their intervals, in two widths.

    Parameters
    ----------
    frame : DataFrame
        As `foresay.revisions.reanalysis.Reanalysis.frame`; the first forty rows are drawn.
    """
    rows = _rows(frame)
    single = _drawn(frame, rows, SINGLE, f"{NAME}-single")
    return replace(_drawn(frame, rows, DOUBLE, NAME), single=single)


def _rows(frame: pd.DataFrame) -> pd.DataFrame:
    told = rows_of(frame)[:_MOST]
    made = []
    for name, row in zip(names_of(told, short=True), told, strict=True):
        printed = numbers_of(row)
        for arm, side in ((_BEFORE, "before"), (_AFTER, "after")):
            ends = {
                "value": row[side],
                "low": row[f"{side}_low"],
                "high": row[f"{side}_high"],
            }
            digits = digits_for(row["before_low"], row["before_high"])
            text = interval_text({**ends, "estimand": row["scale"]}, digits)
            missing = math.isnan(row[side]) and arm == _AFTER
            made.append(
                {
                    "panel": "",
                    "full": visible(name),
                    "arm": arm,
                    **ends,
                    "text": text,
                    "printed": printed["difference"],
                    "lost": "no value" if missing else "",
                }
            )
    return pd.DataFrame(made, columns=list(COLUMNS))


def _drawn(frame: pd.DataFrame, rows: pd.DataFrame, width: int, name: str) -> Figure:
    axis = visible(title_of(rows_of(frame))) or "Value"
    pair = Pair(first=_BEFORE, second=_AFTER, axis=axis)
    levels = sorted({float(level) for level in frame["level"].dropna()})
    held = "; ".join(visible(value) for value in shared(rows_of(frame)).values())
    said = [
        f"{r['full']}: {r['text']} {str(r['arm']).lower()}"
        + (f", difference {r['printed']}" if r["arm"] == _AFTER else "")
        for r in records(rows)
    ]
    more = f" The first {_MOST} of {len(frame)} numbers." if len(frame) > _MOST else ""
    return Figure(
        name=name,
        chart=dumbbells(rows, pair, width=width),
        data=as_csv_frame(frame),
        question="What does the requested change do to the numbers?",
        caption=f"Before and after the requested change, with {listing(list(map(percent, levels)))}"
        f" intervals{f' ({held})' if held else ''}; at the right the difference with its paired "
        f"interval, where there is one.{more}",
        alt=f"Two marks for each number, before and after. {'; '.join(said)}.",
    )
