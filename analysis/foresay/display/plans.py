"""Plans on a terminal: what a study of some size would find, what repeats would buy."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from foresay.display.escaping import visible
from foresay.display.numbers import MISSING, count, decimal, is_missing, percent
from foresay.display.sentences import label_of, plural
from foresay.display.tables import cell_text
from foresay.planning.flips import FEW

_WIDE = 100_000
_MOST_NOTES = 5
_CHOICES = ("compliance", "truth", "baseline", "weighting", "cluster", "where", "seed")


def planned_by(frame: pd.DataFrame) -> list[str]:
    """Return the grouping columns of a plan: those between ``estimand`` and its first number."""
    columns = [str(column) for column in frame.columns]
    ends = [columns.index(c) for c in ("effect", "clusters", "repeats") if c in columns]
    return columns[columns.index("estimand") + 1 : min(ends)]


def effect_text(effect: object, none: float = 0.0) -> str:
    r"""Return an effect as it was asked for: a difference with its sign, a ratio with a cross.

    Examples
    --------
    >>> effect_text(0.05), effect_text(-0.125), effect_text(1.1, 1.0)
    ('+.05', '\u2212.125', '\xd71.1')
    """
    if is_missing(effect):
        return MISSING
    value = float(effect)  # type: ignore[arg-type]
    digits = len(f"{value:.6f}".rstrip("0").partition(".")[2])
    if none == 1:
        return f"\N{MULTIPLICATION SIGN}{decimal(value, digits, bounded=False)}"
    return decimal(value, digits, signed=True)


def power_text(detectable: pd.DataFrame, power: pd.DataFrame | None = None) -> str:
    """Return a plan as plain text: the smallest effects that are found, and the power of some.

    Parameters
    ----------
    detectable : pandas.DataFrame
        Minimum detectable effects.
    power : pandas.DataFrame, optional
        Power for the same groups and numbers of clusters.
    """
    by = planned_by(detectable)
    first = detectable.iloc[0]
    precision = bool(detectable["reference"].isna().all())
    effects = [] if power is None else list(dict.fromkeys(power["effect"].dropna()))
    none = _none(first)
    heads = [f"power at {effect_text(e, none)}" for e in effects]
    found = [] if precision else [f"found {percent(first['wanted'])}"]
    table = _table(["estimand", *map(label_of, by)], ["clusters", "s.e.", *found, *heads])
    known = {} if power is None else _cells(power, [*by, "clusters", "effect"], "power")
    for row in _records(detectable):
        key = tuple(cell_text(row[c]) for c in [*by, "clusters"])
        own = row["n_clusters"] == row["clusters"]
        cells = [str(row["estimand"]), *(visible(cell_text(row[c])) for c in by)]
        cells.append(MISSING if is_missing(row["clusters"]) else count(row["clusters"]) + "*" * own)
        cells.append(decimal(row["standard_error"]))
        if found:
            cells.append(_smallest(row["effect"], none))
        cells += [decimal(known.get((*key, cell_text(e))), 2) for e in effects]
        table.add_row(*(Text(cell) for cell in cells))
    start = "Standard error of the estimate in a study of each size."
    lines = [start if precision else _heading(first, power), ""]
    notes = _notes(detectable if power is None else pd.concat([detectable, power]), by)
    tests = "" if precision else _tests(detectable)
    end = [_own(detectable), tests, *notes, f"It assumes {first['assumes']}.", _choices(detectable)]
    return _text(lines, table, [line for line in end if line])


def precision_text(frame: pd.DataFrame) -> str:
    """Return as plain text what repeats of how many items buy in precision of the ceiling."""
    by = planned_by(frame)
    bounded = bool((frame["least"] < frame["standard_error"] * (1 - 1e-9)).any())
    ends = [*(["least"] if bounded else []), *(["floor"] if frame["floor"].notna().any() else [])]
    heads = ["repeats", "items", "replies", "s.e.", *ends]
    table = _table(["estimand", *map(label_of, by)], heads)
    for row in _records(frame):
        own = not is_missing(row["items"]) and row["n_items"] == row["items"]
        cells = [str(row["estimand"]), *(visible(cell_text(row[c])) for c in by)]
        cells += [count(row["repeats"]), count(row["items"]) + "*" * own, count(row["replies"])]
        cells.append(decimal(row["standard_error"], 4))
        cells += [decimal(row[end], 4) for end in ends]
        table.add_row(*(Text(cell) for cell in cells))
    start = "Standard error of the resample ceiling."
    start += " Floor: what no number of repeats goes below." if "floor" in ends else ""
    own = "* as many items as the study has" if (frame["items"] == frame["n_items"]).any() else ""
    notes = _notes(frame, by)
    return _text([start, ""], table, [line for line in (own, *notes, _choices(frame)) if line])


def _heading(first: pd.Series[Any], power: pd.DataFrame | None) -> str:
    text = f"Found {percent(first['wanted'])}: the smallest effect ({first['direction']}) that so "
    text += f"many studies of that size find at level {percent(1 - first['level'])}."
    if power is None:
        return text
    return f"{text} Power: the share that finds an effect, of {count(power['runs'].max())} each."


def _tests(frame: pd.DataFrame) -> str:
    """Say by which test the planned studies find an effect."""
    tests = set(frame["test"]) - {""}
    if not tests:
        return ""
    level = percent(frame["level"].iloc[0])
    interval = f"a {level} interval (t) that excludes no effect"
    flips = "p of the sign flips of compare"
    if tests == {"sign_flip"}:
        return f"Test: {flips}."
    if tests == {"interval"}:
        return f"Test: {interval}."
    return f"Test: {interval}; with fewer than {FEW} clusters {flips}."


def _own(frame: pd.DataFrame) -> str:
    own = (frame["clusters"] == frame["n_clusters"]).any()
    return "* as many clusters as the study has" if own else ""


def _smallest(effect: object, none: float) -> str:
    if is_missing(effect):
        return MISSING
    if none == 1:
        return f"\N{MULTIPLICATION SIGN}{decimal(effect, bounded=False)}"
    return decimal(effect, signed=True)


def _none(row: pd.Series[Any]) -> float:
    return 1.0 if row["direction"] == "above 1" else 0.0


def _cells(frame: pd.DataFrame, keys: Sequence[str], value: str) -> dict[tuple[str, ...], object]:
    return {tuple(cell_text(row[k]) for k in keys): row[value] for row in _records(frame)}


def _notes(frame: pd.DataFrame, by: Sequence[str]) -> list[str]:
    """Return each note once, with the groups that it is about where it is not about all."""
    noted: dict[str, dict[str, None]] = {}
    groups: dict[str, None] = {}
    for row in _records(frame):
        group = ", ".join(f"{label_of(c)} {cell_text(row[c])}" for c in by)
        groups[group] = None
        if row["note"]:
            noted.setdefault(str(row["note"]), {})[group] = None
    said = [
        visible(note if len(about) == len(groups) else f"{'; '.join(about)}: {note}")
        for note, about in noted.items()
    ]
    more = len(said) - _MOST_NOTES
    return (
        said
        if more <= 0
        else [*said[:_MOST_NOTES], f"and {plural(more, 'further note')}; -o writes all"]
    )


def _choices(frame: pd.DataFrame) -> str:
    first = frame.iloc[0]
    parts = [f"{name}: {visible(str(first[name]))}" for name in _CHOICES if str(first[name])]
    return " \N{MIDDLE DOT} ".join(parts)


def _table(texts: Sequence[str], numbers: Sequence[str]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in texts:
        table.add_column(Text(visible(name)), no_wrap=True)
    for name in numbers:
        table.add_column(Text(name), justify="right", no_wrap=True)
    return table


def _text(start: Sequence[str], table: Table, end: Sequence[str]) -> str:
    buffer = io.StringIO()
    console = Console(file=buffer, width=_WIDE, force_terminal=False, no_color=True)
    console.print(table)
    shown = [line.rstrip() for line in buffer.getvalue().splitlines()]
    return "".join(f"{line}\n" for line in [*start, *shown, "", *end])


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
