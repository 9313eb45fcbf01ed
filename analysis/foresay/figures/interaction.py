"""An interaction: four arm means with lines, and beside them two differences and theirs."""

from __future__ import annotations

import altair as alt
import pandas as pd

from foresay.display import (
    grouping_columns,
    is_missing,
    label_of,
    plural,
)
from foresay.display.comparisons import number_text
from foresay.errors import UnsupportedError
from foresay.figures.contrasts import NOT_SHOWN, SHOWN, UNTESTED, kind_of
from foresay.figures.figure import Figure
from foresay.figures.forest_panels import Drawn, Panel, forests
from foresay.figures.panels import rows_for
from foresay.figures.rows import (
    joined,
    lean,
    level_phrase,
    name_of,
    of_items,
    reason_of,
    records,
)
from foresay.figures.theme import (
    DASHES,
    DOUBLE,
    NUMBER_TEXT,
    SERIES,
    SHAPES,
    SIZE,
    legend_for,
    plain,
    short_labels,
    shorten,
)

QUESTION = "Does the difference itself differ?"
_THEIRS = "difference of the two"
_KINDS = {SHOWN: SHOWN, NOT_SHOWN: NOT_SHOWN, UNTESTED: "not tested here"}
"""The differences may well be tested, as contrasts of their own."""
_HEIGHT, _AXIS = 170, 42
_BESIDE = 560
"""From this width on the two parts stand side by side."""


def plot_interaction(
    interaction: pd.DataFrame, *, width: int = DOUBLE, name: str = "interaction"
) -> Figure:
    """Plot the parts of an interaction.

    Parameters
    ----------
    interaction : pandas.DataFrame
        What `Workbench.interaction` returns; several of them may stand over each other with a
        column ``title`` that tells them apart.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If the table is not one of an interaction.
    """
    columns = grouping_columns(interaction)
    if not {"quantity", "pair", "arm"} <= set(columns):
        raise UnsupportedError(
            f"figure '{name}' needs the parts of an interaction; pass what interaction() returned"
        )
    data = interaction.reset_index(drop=True)
    told = [c for c in columns if c not in ("quantity", "pair", "arm")]
    split = [c for c in told if data[c].nunique(dropna=False) > 1]
    rows = lean(data).assign(
        block=joined(data, split),
        pair=data["pair"].map(name_of),
        arm=data["arm"].map(name_of),
        reason=[reason_of(r) for r in records(data)],
    )
    blocks = [_block(str(block), part, width) for block, part in rows.groupby("block", sort=False)]
    return Figure(
        name=name,
        chart=blocks[0] if len(blocks) == 1 else alt.vconcat(*blocks, spacing=18),
        data=data,
        question=QUESTION,
        caption=_caption(rows),
        alt=_alt(rows),
    )


def _block(title: str, part: pd.DataFrame, width: int) -> Drawn:
    beside = width >= _BESIDE
    left = width * 2 // 5 if beside else width
    right = width - left - 20
    if not beside:
        # under each other their plots start in one line, right of what both have at their left
        extent = rows_for(_names(part), width).extent
        left, right = width - max(0, round(extent) - _AXIS), width - max(0, _AXIS - round(extent))
    shown = [_arms(part, left), _differences(part, right)]
    both = alt.hconcat(*shown, spacing=20) if beside else alt.vconcat(*shown, spacing=12)
    apart: Drawn = both.resolve_scale(fill="independent", color="independent", shape="independent")
    if not title:
        return apart
    heading = alt.TitleParams(shorten(title, width - 10), anchor="start", fontSize=SIZE)
    titled: Drawn = apart.properties(title=heading)
    return titled


def _arms(part: pd.DataFrame, width: int) -> Drawn:
    """Return the four arms: a line for each arm of a comparison, over the two comparisons."""
    arms = part[part["quantity"] == "arm"]
    pairs = short_labels(list(arms["pair"]), (width - 60) / 2)
    names = short_labels(list(arms["arm"]), width / 2)
    # what the comparison is held against stands first
    pair_order, arm_order = list(pairs)[::-1], list(names)
    aside = {arm: 0.05 * (2 * n - 1) for n, arm in enumerate(arm_order)}
    drawn = pd.DataFrame(
        {
            "arm": [names[a] for a in arms["arm"]],
            "hue": [SERIES[arm_order.index(a) % len(SERIES)] for a in arms["arm"]],
            "place": [
                pair_order.index(p) + aside[a]
                for p, a in zip(arms["pair"], arms["arm"], strict=True)
            ],
            "value": arms["value"].to_numpy(),
            "low": arms["low"].to_numpy(),
            "high": arms["high"].to_numpy(),
            "text": [
                f"{r['pair']}, {r['arm']}: {number_text({**r, 'quantity': 'point'})}"
                for r in records(arms)
            ],
        }
    )
    order = list(names.values())
    x = alt.X(
        "place:Q",
        scale=plain(domain=[-0.35, 1.35], nice=False, zero=False),
        axis=None,
        title=None,
    )
    title = label_of(part["estimand"].iloc[0])
    y_axis = plain(labelExpr=NUMBER_TEXT, tickCount=5)
    scale = plain(zero=False, padding=12)
    y = alt.Y("value:Q", scale=scale, axis=y_axis, title=title)
    low = alt.Y("low:Q", scale=scale, axis=y_axis, title=title)
    legend = legend_for(order, width - 60)
    # lines and rules carry their own colour, so that the legend shows the shapes of the points
    own = alt.Color("hue:N", scale=None)
    dash = alt.StrokeDash(
        "arm:N", scale=plain(domain=order, range=list(DASHES[: len(order)])), legend=None
    )
    hue, shape = (
        channel("arm:N", scale=plain(domain=order, range=list(looks[: len(order)])), legend=legend)
        for channel, looks in ((alt.Color, SERIES), (alt.Shape, SHAPES))
    )
    line = alt.Chart().mark_line(strokeWidth=2).transform_filter("isValid(datum.value)")
    rule = alt.Chart().mark_rule(strokeWidth=1.5).transform_filter("isValid(datum.low)")
    point = alt.Chart().mark_point(filled=True, size=70, opacity=1)
    point = point.transform_filter("isValid(datum.value)")
    told = [alt.Tooltip("text:N", title="Arm")]
    layers = [
        line.encode(x=x, y=y, color=own, strokeDash=dash),
        rule.encode(x=x, y=low, y2=alt.Y2("high:Q"), color=own),
        point.encode(x=x, y=y, color=hue, shape=shape, tooltip=told),
    ]
    under = pd.DataFrame({"place": range(len(pair_order)), "pair": [pairs[p] for p in pair_order]})
    labels = alt.Chart(under).mark_text(baseline="top")
    layers.append(labels.encode(x=x, y=alt.value(_HEIGHT + 8), text=alt.Text("pair:N")))
    return alt.layer(*layers, data=drawn, width=width - 60, height=_HEIGHT)


def _names(part: pd.DataFrame) -> list[str]:
    rows = records(part[part["quantity"] != "arm"])
    return [r["pair"] if r["quantity"] == "difference" else _THEIRS for r in rows]


def _differences(part: pd.DataFrame, width: int) -> Drawn:
    rows = part[part["quantity"] != "arm"]
    said = records(rows)
    panel = pd.DataFrame(
        {
            "full": _names(part),
            "value": rows["value"].to_numpy(),
            "low": rows["low"].to_numpy(),
            "high": rows["high"].to_numpy(),
            "shown": [_KINDS[kind_of(r)] for r in said],
            "lost": ["not estimable" if is_missing(r["value"]) else "" for r in said],
            "text": [number_text(r) for r in said],
            "first": ["" if is_missing(r["value"]) else number_text(r) for r in said],
            "second": [""] * len(said),
        }
    )
    arms = list(dict.fromkeys(part.loc[part["quantity"] == "arm", "arm"]))
    axis = shorten(" minus ".join(arms), width / 2)
    return forests(
        [Panel(title="", rows=panel, axis=axis)], width=width, kinds=list(_KINDS.values())
    )


def _caption(rows: pd.DataFrame) -> str:
    arms = list(dict.fromkeys(rows.loc[rows["quantity"] == "arm", "arm"]))
    items = int(rows["n_items"].max())
    text = (
        f"{label_of(rows['estimand'].iloc[0])} of four arms, the differences "
        f"{' minus '.join(arms)}, and the difference of the two{level_phrase(rows)}, on "
        f"{plural(items, 'item')}. Lines that are parallel have the same difference. Filled: shown "
        "by its test; hollow: not shown; grey: not tested here."
    )
    lost = [r for r in records(rows) if is_missing(r["value"])]
    return text + (f" Not estimable: {lost[0]['reason']}." if lost else "")


def _alt(rows: pd.DataFrame) -> str:
    said = []
    for r in records(rows):
        number = (
            "not estimable"
            if is_missing(r["value"])
            else number_text(
                {**r, "quantity": "point" if r["quantity"] == "arm" else r["quantity"]}
            )
        )
        name = {"arm": f"{r['arm']}, {r['pair']}", "difference": f"difference, {r['pair']}"}
        about = f"{r['block']}: " if r["block"] else ""
        said.append(f"{about}{name.get(str(r['quantity']), _THEIRS)} {number}")
    return f"Interaction plot{of_items(rows)}. {'; '.join(said)}."
