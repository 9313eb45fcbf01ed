"""Influence: a result without each task, property, model, and without single clusters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from foresay.display import count, is_missing, label_of, listing
from foresay.display.numbers import decimal
from foresay.errors import UnsupportedError
from foresay.figures.figure import Figure
from foresay.figures.forest_panels import Drawn
from foresay.figures.panels import Rows, draw, rows_for
from foresay.figures.rows import common_digits, joined, level_phrase, name_of, records
from foresay.figures.theme import (
    BLUE,
    DOUBLE,
    INK,
    NARROW,
    NUMBER_TEXT,
    PALE,
    SIZE,
    plain,
    shorten,
)

QUESTION = "Does the result hang on a single task, property, model or cluster?"
_MOST_ROWS, _MOST_GROUPS = 60, 4
_ROW, _GAP, _BESIDE = 16, 18, 3


def plot_influence(
    influence: pd.DataFrame, *, width: int = DOUBLE, name: str = "influence"
) -> Figure:
    """Plot what a result is without each of its parts, beside what it is as a whole.

    Parameters
    ----------
    influence : pandas.DataFrame
        As `foresay.comparisons.influence.influence`.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If no part can be left out, or there are more rows or groups than can be read.
    """
    if "without" not in influence:
        raise UnsupportedError(f"figure '{name}' needs a table of influence")
    columns = [str(c) for c in influence.columns]
    by = columns[1 : columns.index("over")]
    varying = [c for c in by if influence[c].nunique(dropna=False) > 1]
    names = joined(influence, varying)
    one = f"{label_of(varying[0]).lower()} " if len(varying) == 1 else ""
    groups = influence.assign(block=[f"{one}{n}" for n in names])
    parts = [
        (str(block), part)
        for block, part in groups.groupby("block", sort=False)
        if (part["over"].ne("") & part["value"].notna()).any()
    ]
    if not parts:
        raise UnsupportedError(f"figure '{name}': without any of its parts nothing is left")
    most = max(len(part) for _, part in parts)
    if len(parts) > _MOST_GROUPS or most > _MOST_ROWS:
        raise UnsupportedError(
            f"figure '{name}' would hold {len(parts)} groups of up to {most} rows, of at most "
            f"{_MOST_GROUPS} and {_MOST_ROWS}; ask for fewer with by, over or clusters"
        )
    charts: list[Any] = [_block(block, part, width) for block, part in parts]
    return Figure(
        name=name,
        chart=charts[0] if len(charts) == 1 else alt.vconcat(*charts, spacing=24),
        data=influence,
        question=QUESTION,
        caption=_caption(parts),
        alt=_alt(parts),
    )


def _block(block: str, part: pd.DataFrame, width: int) -> Drawn:
    """Return one group: a panel for each kind of part, beside each other where there is room."""
    whole = records(part[part["over"] == ""])[0]
    left = part[part["over"].ne("") & part["value"].notna()]
    digits = common_digits(part)
    data = pd.DataFrame(
        {
            "panel": [f"Without one {_kind(over)}" for over in left["over"]],
            "full": left["without"].map(name_of).to_numpy(),
            "value": left["value"].astype(float).to_numpy(),
            "low": left["low"].astype(float).to_numpy(),
            "high": left["high"].astype(float).to_numpy(),
            "whole": float(whole["value"]),
            "text": [_number(row, digits) for row in records(left)],
        }
    )
    domain = _domain(data, whole)
    kinds = list(dict.fromkeys(data["panel"]))
    if width >= NARROW and 1 < len(kinds) <= _BESIDE:
        chart = _beside(data, whole, domain, width)
    else:
        chart = _panel(data, whole, domain, width)
    title = " \N{MIDDLE DOT} ".join(p for p in (label_of(part["estimand"].iloc[0]), block) if p)
    whole_block: Drawn = chart.properties(title=_heading(shorten(title, width - 10), size=SIZE + 1))
    return whole_block


def _beside(data: pd.DataFrame, whole: dict[str, Any], domain: list[float], width: int) -> Drawn:
    """Return the kinds of part beside each other: plots of one width, the numbers left out."""
    parts = dict(list(data.groupby("panel", sort=False)))
    share = 1 / len(parts)
    sizes = {k: rows_for(list(p["full"]), width, beside=share).extent for k, p in parts.items()}
    plot = (width - sum(sizes.values()) - (len(parts) - 1) * _GAP) / len(parts)
    titled = [
        _panel(part, whole, domain, round(sizes[kind] + plot), columns=()).properties(
            title=_heading(shorten(str(kind), sizes[kind] + plot))
        )
        for kind, part in parts.items()
    ]
    return alt.hconcat(*titled, spacing=_GAP)


def _heading(text: str, size: int = SIZE) -> alt.TitleParams:
    return alt.TitleParams(text, anchor="start", fontSize=size, fontWeight="bold", color=INK)


def _panel(
    data: pd.DataFrame,
    whole: dict[str, Any],
    domain: list[float],
    width: int,
    columns: Sequence[str] = ("text",),
) -> Drawn:
    """Return the rows of one kind of part, or of several under each other."""
    rows = rows_for(list(data["full"]), width, height=_ROW, beside=0.4 if columns else 0.7)
    data = data.assign(label=data["full"].map(rows.labels))
    return draw(_layers(domain, whole, rows), data, rows, width, columns=columns)


def _kind(over: object) -> str:
    return label_of(str(over)).lower()


def _number(row: dict[str, Any], digits: int) -> str:
    return decimal(row["value"], digits)


def _domain(data: pd.DataFrame, whole: dict[str, Any]) -> list[float]:
    """Return the ends of the axis, which all parts of a result share."""
    ends = [*data["value"], *data["low"], *data["high"]]
    ends += [whole["low"], whole["high"], whole["reference"]]
    known = [float(e) for e in ends if math.isfinite(float(e))]
    pad = 0.03 * (max(known) - min(known) or 0.02)
    return [min(known) - pad, max(known) + pad]


def _layers(domain: list[float], whole: dict[str, Any], rows: Rows) -> list[alt.Chart]:
    reference = float(whole["reference"])
    scale = plain(domain=domain, nice=False, zero=False)
    axis = plain(labelExpr=NUMBER_TEXT, tickCount=4, grid=True)
    x, low = (alt.X(f"{c}:Q", scale=scale, axis=axis, title=None) for c in ("value", "low"))
    y = rows.channel()
    layers: list[alt.Chart] = []
    if math.isfinite(float(whole["low"])):
        band = alt.Chart().mark_rect(color=PALE)
        layers.append(
            band.encode(
                x=alt.XDatum(float(whole["low"]), scale=scale),
                x2=alt.X2Datum(float(whole["high"])),
            )
        )
    if math.isfinite(reference):
        null = alt.Chart().mark_rule(strokeWidth=1.5, color=INK)
        layers.append(null.encode(x=alt.XDatum(reference, scale=scale)))
    middle = alt.Chart().mark_rule(strokeWidth=1.2, strokeDash=[5, 3], color=INK)
    layers.append(middle.encode(x=alt.XDatum(float(whole["value"]), scale=scale)))
    layers.append(
        alt.Chart()
        .mark_rule(strokeWidth=1.5, color=BLUE)
        .transform_filter("isValid(datum.low)")
        .encode(y=y, x=low, x2=alt.X2("high:Q"))
    )
    # the stick of a cluster, which has no interval, starts at the whole
    layers.append(
        alt.Chart()
        .mark_rule(strokeWidth=1.5, color=BLUE)
        .transform_filter("!isValid(datum.low)")
        .encode(y=y, x=x, x2=alt.X2("whole:Q"))
    )
    told = [alt.Tooltip("full:N", title="Without"), alt.Tooltip("text:N", title="Value")]
    mark = alt.Chart().mark_point(filled=True, size=45, opacity=1, color=BLUE)
    layers.append(mark.encode(y=y, x=x, tooltip=told))
    return layers


def _caption(parts: Sequence[tuple[str, pd.DataFrame]]) -> str:
    whole = pd.concat([part for _, part in parts])
    text = (
        f"{label_of(whole['estimand'].iloc[0])}{level_phrase(whole)} without each part, as if it "
        "had never been asked."
    )
    for block, part in parts:
        text += f" {f'{block}: ' if block else ''}{_said(part)}."
    text += " Dashed line and pale band: the result of all trials with its interval."
    if (whole["over"] == "cluster").any():
        text += " Single clusters, of which the most influential are shown, have no interval."
    lost = whole[whole["over"].ne("") & whole["value"].isna()]
    if len(lost):
        named = [f"{_kind(r['over'])} {name_of(r['without'])}" for r in records(lost)]
        text += f" Nothing is left without {listing(named, most=6)}."
    return text


def _said(part: pd.DataFrame) -> str:
    """Return in words what the whole is, and from where to where it goes without one part."""
    digits = common_digits(part)
    whole = records(part[part["over"] == ""])[0]
    text = f"{_number(whole, digits)} on {count(whole['n_trials'])} trials"
    for over, rows in part[part["over"].ne("") & part["value"].notna()].groupby("over", sort=False):
        least, most = rows["value"].min(), rows["value"].max()
        text += (
            f"; without one {_kind(over)} from {decimal(least, digits)} to {decimal(most, digits)}"
        )
    verdicts = part[part["over"].ne("") & part["verdict"].ne("")]
    turned = verdicts[verdicts["verdict"] != whole["verdict"]]
    if len(turned) and not is_missing(whole["verdict"]):
        named = [f"{_kind(r['over'])} {name_of(r['without'])}" for r in records(turned)]
        text += f"; the verdict changes without {listing(named, most=6)}"
    return text


def _alt(parts: Sequence[tuple[str, pd.DataFrame]]) -> str:
    said = [f"{f'{block}: ' if block else ''}{_said(part)}" for block, part in parts]
    return f"Forest plot of a result without each of its parts. {'. '.join(said)}."
