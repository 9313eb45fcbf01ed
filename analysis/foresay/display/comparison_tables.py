"""Comparisons as a table to print: each number with its test, its verdict and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from foresay.display.comparisons import number_text
from foresay.display.designs import about
from foresay.display.layout import Column, DisplayTable
from foresay.display.numbers import MISSING, is_missing, p_cell, percent
from foresay.display.sentences import label_of, listing, plural
from foresay.display.tables import cell_text, group_text, unbroken
from foresay.display.verdicts import part_words, verdict_words, words_of_test

Row = dict[str, Any]
Columns = list[tuple[str, bool, list[str]]]


def comparisons_table(
    frame: pd.DataFrame, *, quantities: Sequence[str] | None = None, name: str = "comparisons"
) -> DisplayTable:
    """Return comparisons with their tests as a table to print, grouped by their titles.

    Parameters
    ----------
    frame : pandas.DataFrame
        What `Workbench.compare` returns, or several of them stacked.
    quantities : sequence of str, optional
        The rows to print; by default all.
    name : str
        Base of its file names.
    """
    if quantities is not None:
        frame = frame[frame["quantity"].isin(list(quantities))].reset_index(drop=True)
    rows = [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
    names = [str(c) for c in frame.columns]
    by = [
        c
        for c in names[4 : names.index("quantity")]
        if frame[c].notna().any() and frame[c].nunique(dropna=False) > 1
    ]
    levels = frame["level"].dropna().unique()
    interval = f" [{percent(levels[0])} interval]" if len(levels) == 1 else ""
    columns: Columns = [
        *((label_of(c), c == "n_train", [group_text(c, r[c]) for r in rows]) for c in by),
        ("What", False, [part_words(r) for r in rows]),
        (f"Value{interval}", True, [unbroken(number_text(r)) for r in rows]),
        *tested_columns(rows),
        ("n", True, [_n(r) for r in rows]),
    ]
    notes = [*tests_used(rows), *dict.fromkeys(str(r["note"]) for r in rows if r["note"])]
    titled = frame["title"].nunique() > 1
    return DisplayTable(
        name=name,
        columns=tuple(Column(label=label, number=number) for label, number, _ in columns),
        rows=tuple(zip(*(cells for _, _, cells in columns), strict=True)),
        groups=tuple(cell_text(r["title"]) for r in rows) if titled else (),
        notes=tuple(notes),
        about=about(frame),
        data=frame.reset_index(drop=True),
    )


def tested_columns(rows: Sequence[Row]) -> Columns:
    """Return the columns of what tests showed: p, adjusted p where there is one, the verdict."""
    columns = [("p", True, [unbroken(p_cell(r["p_value"])) for r in rows])]
    if any(not is_missing(r.get("p_adjusted")) for r in rows):
        columns.append(("Adjusted p", True, [unbroken(p_cell(r["p_adjusted"])) for r in rows]))
    return [*columns, ("Verdict", False, [_verdict(r) for r in rows])]


def _verdict(row: Row) -> str:
    tested = not is_missing(row["p_value"]) or row.get("hypothesis") != "difference"
    return verdict_words(row) if tested else MISSING


def tests_used(rows: Sequence[Row]) -> list[str]:
    """Return a note that names the tests of a table; nothing where nothing was tested."""
    named = dict.fromkeys(text for row in rows if (text := words_of_test(row)))
    return [f"Tests: {listing(list(named))}."] if named else []


def _n(row: Row) -> str:
    """Say what a number rests on: effects, items or trials."""
    for column, noun in (("n_effects", "effect"), ("n_items", "item"), ("n_trials", "trial")):
        if not is_missing(row.get(column)):
            return plural(int(row[column]), noun)
    return MISSING
