"""Declared contrasts: a panel each, every difference with its interval, test and verdict."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from foresay.display import (
    count,
    is_missing,
    label_of,
    listing,
    p_text,
    plural,
    verdict_words,
    visible,
    words_of_test,
)
from foresay.display.comparisons import number_text
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.forest_panels import Panel, forests
from foresay.figures.rows import (
    joined,
    lean,
    level_phrase,
    of_items,
    records,
    require_unique,
)
from foresay.figures.theme import DOUBLE

QUESTION = "Which differences does its own test show?"
SHOWN, NOT_SHOWN, UNTESTED = "shown by its test", "not shown by its test", "not tested"
_AXES = {
    "difference": "First arm minus second arm",
    "interaction": "First difference minus second difference",
    "ratio": "First arm divided by second arm",
    "ratio of ratios": "First ratio divided by second ratio",
}


def plot_contrasts(
    comparisons: pd.DataFrame, *, width: int = DOUBLE, name: str = "contrasts"
) -> Figure:
    """Plot contrasts with their tests: differences on one axis, ratios on another.

    Parameters
    ----------
    comparisons : pandas.DataFrame
        Rows of contrasts, as `Workbench.compare` returns them.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no contrast, or two rows would be drawn in one place.
    """
    data = of_kind(comparisons, "contrast", name)
    rows = lean(data).assign(full=row_names(data))
    require_unique(rows, ["name", "full"], name)
    rows = rows.assign(ratio=[str(q).startswith("ratio") for q in rows["quantity"]])
    rows = rows.sort_values("ratio", kind="stable", ignore_index=True)
    panels = []
    for _, part in rows.groupby("name", sort=False):
        head = records(part)[0]
        ratio = bool(head["ratio"])
        same = rows.loc[rows["ratio"] == ratio, "quantity"].unique()
        axis = _AXES[str(same[0])] if len(same) == 1 else "Difference"
        margin = float(head["margin"]) if not is_missing(head["margin"]) else math.nan
        panels.append(
            Panel(
                title=_title(part),
                rows=panel_rows(part, second=[_p(r) for r in records(part)]),
                reference=1.0 if ratio else 0.0,
                margin=margin if head["hypothesis"] == "equivalence" else math.nan,
                ratio=ratio,
                axis=axis,
            )
        )
    return Figure(
        name=name,
        chart=forests(panels, width=width, kinds=kinds_of(rows)),
        data=data,
        question=QUESTION,
        caption=_caption(rows),
        alt=_alt(rows),
    )


def _title(part: pd.DataFrame) -> str:
    """Return the title of a contrast, with what its rows are where that is one column."""
    by = [c for c in grouping(part) if part[c].nunique(dropna=False) > 1]
    title = visible(part["title"].iloc[0])
    return f"{title}, by {label_of(by[0]).lower()}" if len(by) == 1 else title


def of_kind(comparisons: pd.DataFrame, kind: str, figure: str) -> pd.DataFrame:
    """Return the rows of one kind of comparison.

    Raises
    ------
    UnsupportedError
        If there are none.
    """
    if "kind" not in comparisons or not (comparisons["kind"] == kind).any():
        raise UnsupportedError(
            f"figure '{figure}' needs a {kind}; pass what compare() returned for one"
        )
    return comparisons[comparisons["kind"] == kind].reset_index(drop=True)


def grouping(data: pd.DataFrame) -> list[str]:
    """Return the grouping columns of a table of comparisons that hold anything."""
    columns = [str(c) for c in data.columns]
    return [c for c in columns[4 : columns.index("quantity")] if data[c].notna().any()]


def row_names(data: pd.DataFrame) -> list[str]:
    """Return what names each row in its panel: the grouping columns that tell rows apart."""
    names = [""] * len(data)
    for _, part in data.groupby("name", sort=False):
        by = [c for c in grouping(part) if part[c].nunique(dropna=False) > 1]
        by = by or [c for c in grouping(part) if part[c].notna().any()]
        said = joined(part, by) if by else ["all trials"] * len(part)
        for place, text in zip(part.index, said, strict=True):
            names[data.index.get_loc(place)] = text
    return names


def panel_rows(part: pd.DataFrame, second: list[str] | None = None) -> pd.DataFrame:
    """Return the rows of a panel of forests: names in `full`, numbers in words."""
    said = records(part)
    return pd.DataFrame(
        {
            "full": list(part["full"]),
            "value": part["value"].astype(float).to_numpy(),
            "low": part["low"].astype(float).to_numpy(),
            "high": part["high"].astype(float).to_numpy(),
            "shown": [kind_of(r) for r in said],
            "lost": ["not estimable" if is_missing(r["value"]) else "" for r in said],
            "text": [f"{number_text(r)}, {verdict_words(r)}" for r in said],
            "first": ["" if is_missing(r["value"]) else number_text(r) for r in said],
            "second": second or [""] * len(said),
        }
    )


def is_shown(row: dict[str, Any]) -> bool:
    """Tell whether the test of a row showed what it was to show."""
    return row["verdict"] not in ("", "not shown") and not is_missing(row["verdict"])


def kind_of(row: dict[str, Any]) -> str:
    """Return what a mark says of the test of its row; one that never was is not "not shown"."""
    if is_missing(row.get("verdict")) or row["verdict"] == "":
        return UNTESTED
    return SHOWN if is_shown(row) else NOT_SHOWN


def kinds_of(rows: pd.DataFrame) -> list[str]:
    """Return the entries of the legend: untested rows are explained where there are any."""
    drawn = [r for r in records(rows) if not is_missing(r["value"])]
    return [SHOWN, NOT_SHOWN, *([UNTESTED] if any(kind_of(r) == UNTESTED for r in drawn) else [])]


def _p(row: dict[str, Any]) -> str:
    n = "" if is_missing(row["n_items"]) else f"n = {count(row['n_items'])}"
    if is_missing(row["p_value"]):
        return n
    adjusted = not is_missing(row["p_adjusted"])
    p = f"adjusted {p_text(row['p_adjusted'])}" if adjusted else p_text(row["p_value"])
    return f"{p}, {n}" if n else p


def reasons(rows: pd.DataFrame) -> str:
    """Return a sentence that names rows without a value and why; "" if there are none."""
    lost = [
        f"{r['full']} ({r['note'] or 'no reason recorded'})"
        for r in records(rows)
        if is_missing(r["value"])
    ]
    return f" Not estimable: {listing(lost, most=6)}." if lost else ""


def _caption(rows: pd.DataFrame) -> str:
    tests = dict.fromkeys(t for r in records(rows) if (t := words_of_test(r)))
    items = [int(n) for n in rows["n_items"].dropna()]
    text = f"Paired comparisons on shared items{level_phrase(rows)}"
    if items:
        least, most = min(items), max(items)
        text += (
            f", on {plural(most, 'item')}"
            if least == most
            else (f", on {count(least)} to {count(most)} items")
        )
    text += ". Filled: shown by its own test"
    text += f" ({listing(list(tests))})" if tests else ""
    text += "; hollow: not shown, which is no proof that there is no difference"
    text += "; grey: not tested." if UNTESTED in kinds_of(rows) else "."
    text += " n: items." if items else ""
    families = list(dict.fromkeys(str(f) for f in rows["family"] if f))
    if families:
        noun = "family" if len(families) == 1 else "families"
        text += f" Adjusted p-values are those of the {noun} {listing(families)}."
    if (rows["hypothesis"] == "equivalence").any():
        text += " The pale band is the margin of equivalence."
    return text + reasons(rows)


def _alt(rows: pd.DataFrame) -> str:
    said = []
    for _, part in rows.groupby("name", sort=False):
        one = [
            f"{r['full']} "
            + (
                "not estimable"
                if is_missing(r["value"])
                else f"{number_text(r)}, {verdict_words(r)}"
            )
            for r in records(part)
        ]
        said.append(f"{part['title'].iloc[0]}: {'; '.join(one)}")
    return f"Forest plot of paired comparisons{of_items(rows)}. {'. '.join(said)}."
