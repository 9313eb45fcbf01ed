"""Rows of before and after as text: names, numbers, a table to print."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from foresay.display import (
    MISSING,
    Column,
    DisplayTable,
    decimal,
    digits_for,
    interval_text,
    label_of,
    listing,
    part_words,
    percent,
)
from foresay.display.numbers import UNBOUNDED
from foresay.revisions.paired import SAME

_PARTS = ("quantity", "subject", "over", "against", "x", "x_from")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table of before and after."""
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def title_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the title that all rows have, where their groups tell them apart; else ""."""
    titles = {str(row["title"]) for row in rows}
    alone = len(rows) > 1 and len(titles) == 1
    return titles.pop() if alone else ""


def names_of(rows: Sequence[Mapping[str, Any]], *, short: bool = False) -> list[str]:
    """Return what each row is called: its title, and the groups that tell it from the others.

    Groups that all rows share are left to `shared`; with `short` a title that all share, too.
    """
    same = shared(rows)
    left_out = bool(short and title_of(rows))
    names = []
    for row in rows:
        identity = {c: v for c, v in row["identity"].items() if c not in same}
        parts = [] if left_out else [str(row["title"])]
        parts += [_group(c, v) for c, v in identity.items() if c not in _PARTS]
        if "quantity" in row["identity"]:
            parts.append(part_words({**dict.fromkeys(_PARTS), **row["identity"]}))
        names.append(" \N{MIDDLE DOT} ".join(parts))
    return names


def shared(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the groups that all rows have in common."""
    if not rows:
        return {}
    first: Mapping[str, str] = rows[0]["identity"]
    return {
        c: v
        for c, v in first.items()
        if c not in _PARTS and all(row["identity"].get(c) == v for row in rows)
    }


def _group(column: str, value: str) -> str:
    number = value.replace(".", "", 1).removeprefix("-").isdecimal()
    return f"{label_of(column).lower()} {value}" if number else value


def numbers_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Return before, after and difference of a row as they are printed, each with its interval."""
    digits = digits_for(row["before_low"], row["before_high"])
    told = {}
    for side in ("before", "after"):
        ends = {
            "value": row[side],
            "low": row[f"{side}_low"],
            "high": row[f"{side}_high"],
            "estimand": row["scale"],
        }
        told[side] = interval_text(ends, digits)
    bounded = row["scale"] not in UNBOUNDED
    value = decimal(row["difference"], digits, bounded=bounded, signed=True)
    bounds = [float(row["difference_low"]), float(row["difference_high"])]
    if any(map(math.isnan, bounds)) or _is_same(row):
        told["difference"] = "0" if row["difference"] == 0 else value
    else:
        low, high = (decimal(end, digits, bounded=bounded) for end in bounds)
        told["difference"] = f"{value} [{low}, {high}]"
    return told


def _is_same(row: Mapping[str, Any]) -> bool:
    return row["difference"] == 0 and SAME in str(row["note"])


def before_after_table(frame: pd.DataFrame, name: str) -> DisplayTable:
    """Return rows of before and after as a table to print, their notes below it.

    Parameters
    ----------
    frame : DataFrame
        As `foresay.revisions.reanalysis.Reanalysis.frame`.
    name : str
        Base of its file names.
    """
    rows = records(frame)
    notes: dict[str, str] = {}
    cells = []
    for called, row in zip(names_of(rows, short=True), rows, strict=True):
        told = numbers_of(row)
        mark = ""
        if row["note"]:
            mark = notes.setdefault(str(row["note"]), chr(ord("a") + len(notes) % 26))
        cells.append(
            (
                called,
                told["before"],
                told["after"],
                told["difference"] + (f" ({mark})" if mark else ""),
                str(row["changed"]) or MISSING,
            )
        )
    levels = sorted({float(level) for level in frame["level"].dropna()})
    heads = ["Before", "After", "Difference"]
    said = [f"In brackets: {listing([percent(v) for v in levels])} intervals."]
    if same := shared(rows):
        said.append("All rows: " + "; ".join(f"{label_of(c)}: {v}" for c, v in same.items()) + ".")
    return DisplayTable(
        name=name,
        columns=(
            Column(label=title_of(rows) or "Number"),
            *(Column(label=head, number=True) for head in heads),
            Column(label="Changed verdict"),
        ),
        rows=tuple(cells),
        notes=(*said, *(f"({mark}) {text}" for text, mark in notes.items())),
        data=as_csv_frame(frame),
    )


def as_csv_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the identity as one column of text."""
    told = ["; ".join(f"{c}: {v}" for c, v in one.items()) for one in frame["identity"]]
    return frame.assign(identity=told).drop(columns="scale")


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows for JSON: what is missing is null."""
    return [
        {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in row.items()}
        for row in records(frame)
    ]


def frame_of(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the rows that `plain_rows` made as a table again."""
    texts = ("estimand", "title", "identity", "scale", "interval", "note", "changed")
    frame = pd.DataFrame([dict(row) for row in rows])
    numbers = [c for c in frame.columns if c not in texts and not c.startswith("verdict_")]
    return frame.astype(dict.fromkeys(numbers, "float64"))
