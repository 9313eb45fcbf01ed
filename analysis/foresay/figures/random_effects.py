"""A summary over tasks: each task's effect and weight, their mean, and the mean without each."""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt
import pandas as pd

from foresay.display import (
    count,
    is_missing,
    label_of,
    listing,
    p_text,
    percent,
    plural,
    verdict_words,
    visible,
)
from foresay.display.comparisons import number_text
from foresay.figures.contrasts import grouping, of_kind
from foresay.figures.figure import Figure
from foresay.figures.forest_panels import Drawn, arrows, cut_off
from foresay.figures.panels import Rows, rows_for
from foresay.figures.rows import joined, lean, level_phrase, name_of, of_items, records
from foresay.figures.theme import (
    BLUE,
    DOUBLE,
    GREY,
    INK,
    NUMBER_TEXT,
    PURPLE,
    SIZE,
    place_x,
    plain,
    shorten,
    text_width,
)

QUESTION = "Does the result depend on which tasks were chosen?"
_MEAN = "Mean"
_BESIDE, _GAP, _LEAST = 560, 12, 110


def plot_random_effects(
    comparisons: pd.DataFrame, *, width: int = DOUBLE, name: str = "over-tasks"
) -> Figure:
    """Plot summaries over tasks: effects, mean, where the next task may lie, leave-one-out.

    Parameters
    ----------
    comparisons : pandas.DataFrame
        Rows of summaries, as `Workbench.compare` returns them.
    width : int
        Width of the figure in CSS pixels; where it is narrow, the parts stand under each other.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no summary.
    """
    data = of_kind(comparisons, "summary", name)
    by = [c for c in grouping(data) if data[c].nunique(dropna=False) > 1]
    titles = data["title"] if data["name"].nunique() > 1 else [""] * len(data)
    groups = [
        " \N{MIDDLE DOT} ".join(p for p in (visible(t), g) if p)
        for t, g in zip(titles, joined(data, by), strict=True)
    ]
    rows = lean(data).assign(block=groups)
    rows = rows.assign(full=[_name(r) for r in records(rows)])
    lines = rows_for([n for n in rows["full"] if n], width, 22 if width < _BESIDE else 24, 9)
    domain = _domain(rows)
    blocks = [
        _block(_titled(str(block), by), part, lines, domain, width)
        for block, part in rows.groupby("block", sort=False)
    ]
    return Figure(
        name=name,
        chart=blocks[0] if len(blocks) == 1 else alt.vconcat(*blocks, spacing=14),
        data=data,
        question=QUESTION,
        caption=_caption(rows),
        alt=_alt(rows),
    )


def _name(row: dict[str, object]) -> str:
    if row["quantity"] == "mean":
        return _MEAN
    if row["quantity"] == "next effect":
        return f"Next {label_of(row['over']).lower()}"
    return name_of(row["subject"])


def _titled(block: str, by: Sequence[str]) -> str:
    return f"{label_of(by[0])}: {block}" if len(by) == 1 and block else block


def _domain(rows: pd.DataFrame) -> list[float]:
    """Return the ends of the axis: all intervals, and what fits of where the next may lie."""
    near = rows[rows["quantity"] != "next effect"]
    ends = pd.concat([near[c].astype(float) for c in ("value", "low", "high")]).dropna().abs()
    single = near[near["quantity"] == "without"][["low", "high"]].astype(float).abs().max().max()
    effects = near[near["quantity"] != "without"][["low", "high"]].astype(float).abs().max().max()
    # the mean of two tasks has a huge interval; it runs off the edge rather than squeeze the rest
    most = max((e for e in ends if e == e), default=0.1)  # noqa: PLR0124  # not missing
    if not is_missing(effects) and not is_missing(single):
        most = max(effects, min(single, 1.3 * effects))
    reach = math.ceil(float(most) * 20 + 1e-9) / 20
    return [-reach, reach]


def _block(title: str, part: pd.DataFrame, lines: Rows, domain: list[float], width: int) -> Drawn:
    effects = part[part["quantity"] != "without"]
    without = part[part["quantity"] == "without"]
    over = label_of(part["over"].iloc[0]).lower()
    order = [lines.labels[n] for n in effects["full"]]
    beside = width >= _BESIDE
    texts = ["first", "second"]
    drawn = cut_off(_rows(effects, lines), domain)
    sizes = {c: max(map(text_width, drawn[c])) for c in texts}
    left_out = cut_off(_rows(without, lines), domain)
    wide = max([0.0, *map(text_width, left_out["first"])])
    room = width - lines.extent - 12
    if beside:
        room -= 24 + wide + _GAP
        while texts and (room - sum(sizes[c] + _GAP for c in texts)) / 2 < _LEAST:
            texts.pop()
        plot = other = round((room - sum(sizes[c] + _GAP for c in texts)) / 2)
    else:
        while texts and room - sum(sizes[c] + _GAP for c in texts) < _LEAST:
            texts.pop()
        plot = round(room - sum(sizes[c] + _GAP for c in texts))
        other = round(room - wide - _GAP)
    printed = [(c, sizes[c]) for c in texts]
    # one below the other the parts share an axis
    title_left = "Effect, and its weight in the mean" if len(texts) > 1 else "Effect"
    alone = beside or without.empty
    left = _forest(drawn, order, lines, domain, plot, printed, title_left if alone else "")
    if without.empty:
        chart: Drawn = left
    else:
        mean = effects.loc[effects["quantity"] == "mean", "value"]
        reference = float(mean.iloc[0]) if len(mean) else math.nan
        names = order if beside else [n for n in order if n in set(left_out["label"])]
        axis = f"Mean without this {over}" if beside else f"Effect; below: mean without this {over}"
        right = _without(left_out, names, lines, domain, other, reference, axis, labels=not beside)
        chart = (
            alt.hconcat(left, right, spacing=24) if beside else alt.vconcat(left, right, spacing=10)
        )
    if not title:
        return chart
    text = alt.TitleParams(shorten(title, width - 10), anchor="start", fontSize=SIZE)
    return chart.properties(title=text)


def _rows(part: pd.DataFrame, lines: Rows) -> pd.DataFrame:
    said = records(part)
    return pd.DataFrame(
        {
            "label": [lines.labels[n] for n in part["full"]],
            "full": list(part["full"]),
            "what": list(part["quantity"]),
            "value": part["value"].astype(float).to_numpy(),
            "low": part["low"].astype(float).to_numpy(),
            "high": part["high"].astype(float).to_numpy(),
            "weight": part["weight"].astype(float).to_numpy(),
            "first": [number_text(r) for r in said],
            "second": [_weight(r) for r in said],
            "text": [f"{number_text(r)} {_weight(r)}".strip() for r in said],
        }
    )


def _weight(row: dict[str, object]) -> str:
    if row["quantity"] != "effect":
        return ""
    return "no weight" if is_missing(row["weight"]) else percent(row["weight"])


def _forest(
    rows: pd.DataFrame,
    order: list[str],
    lines: Rows,
    domain: list[float],
    plot: int,
    texts: Sequence[tuple[str, float]],
    title: str,
) -> Drawn:
    x, low, y = _channels(order, lines, domain, title, labels=True)
    tooltip = [alt.Tooltip("full:N", title="Row"), alt.Tooltip("text:N", title="Value")]
    zero = alt.Chart().mark_rule(strokeWidth=1.5, color=INK)
    rule = alt.Chart().mark_rule(clip=True).transform_filter("isValid(datum.low)")
    marks = alt.Chart().transform_filter("isValid(datum.value)")
    size = alt.Size(
        "weight:Q", scale=plain(domain=[0, 1], range=[20, 260], clamp=True), legend=None
    )
    layers: list[alt.Chart] = [
        zero.encode(x=alt.XDatum(0, scale=plain(domain=domain, nice=False))),
        _of(rule, "effect")
        .mark_rule(strokeWidth=2, color=BLUE, clip=True)
        .encode(y=y, x=low, x2=alt.X2("high:Q")),
        _of(rule, "mean")
        .mark_rule(strokeWidth=4, color=INK, clip=True)
        .encode(y=y, x=low, x2=alt.X2("high:Q")),
        _of(rule, "next effect")
        .mark_rule(strokeWidth=2, strokeDash=[5, 3], color=PURPLE, clip=True)
        .encode(y=y, x=low, x2=alt.X2("high:Q")),
        _of(marks, "effect")
        .transform_filter("isValid(datum.weight)")
        .mark_point(filled=True, shape="square", color=BLUE, opacity=1)
        .encode(y=y, x=x, size=size, tooltip=tooltip),
        _of(marks, "effect")
        .transform_filter("!isValid(datum.weight)")
        .mark_point(
            filled=True, shape="square", fill="white", stroke=BLUE, strokeWidth=1.5, size=50
        )
        .encode(y=y, x=x, tooltip=tooltip),
        _of(marks, "mean")
        .mark_point(filled=True, shape="diamond", color=INK, size=240, opacity=1)
        .encode(y=y, x=x, tooltip=tooltip),
    ]
    for what, color in (("effect", BLUE), ("mean", INK), ("next effect", PURPLE)):
        heads = arrows(rows[rows["what"] == what], y, x, color)
        layers += [_of(head, what) for head in heads]
    start = plot + _GAP
    for column, wide in texts:
        words = alt.Chart().mark_text(align="left", color=INK)
        layers.append(words.encode(y=y, x=place_x(start), text=alt.Text(f"{column}:N")))
        start = round(start + wide + _GAP)
    return alt.layer(*layers, data=rows, width=plot, height=lines.height * len(order))


def _without(
    rows: pd.DataFrame,
    order: list[str],
    lines: Rows,
    domain: list[float],
    plot: int,
    mean: float,
    title: str,
    *,
    labels: bool,
) -> Drawn:
    x, low, y = _channels(order, lines, domain, title, labels=labels)
    scale = plain(domain=domain, nice=False)
    zero = alt.Chart().mark_rule(strokeWidth=1.5, color=INK).encode(x=alt.XDatum(0, scale=scale))
    layers = [zero]
    if not math.isnan(mean):
        whole = alt.Chart().mark_rule(strokeWidth=1.5, strokeDash=[2, 2], color=GREY)
        layers.append(whole.encode(x=alt.XDatum(mean, scale=scale)))
    tooltip = [alt.Tooltip("full:N", title="Without"), alt.Tooltip("text:N", title="Mean")]
    rule = alt.Chart().mark_rule(strokeWidth=2, color=INK, clip=True)
    point = alt.Chart().mark_point(filled=True, shape="diamond", color=INK, size=90, opacity=1)
    layers += [
        rule.transform_filter("isValid(datum.low)").encode(y=y, x=low, x2=alt.X2("high:Q")),
        point.transform_filter("isValid(datum.value)").encode(y=y, x=x, tooltip=tooltip),
        *arrows(rows, y, x, INK),
        alt.Chart()
        .mark_text(align="left", color=INK)
        .encode(y=y, x=place_x(plot + _GAP), text=alt.Text("first:N")),
    ]
    return alt.layer(*layers, data=rows, width=plot, height=lines.height * len(order))


def _of(chart: alt.Chart, what: str) -> alt.Chart:
    found: alt.Chart = chart.transform_filter(f"datum.what === '{what}'")
    return found


def _channels(
    order: list[str], lines: Rows, domain: list[float], title: str, *, labels: bool
) -> tuple[alt.X, alt.X, alt.Y]:
    scale = plain(domain=domain, nice=False, zero=False)
    axis = (
        plain(labelExpr=NUMBER_TEXT, tickCount=4)
        if title
        else plain(labels=False, ticks=False, domain=False, tickCount=4)
    )
    across = lines.axis() if labels else plain(labels=False, ticks=False, domain=False)
    bands = plain(type="band", padding=0, domain=order)
    y = alt.Y("label:N", sort=order, title=None, axis=across, scale=bands)
    x, low = (
        alt.X(f"{c}:Q", scale=scale, axis=axis, title=title or None) for c in ("value", "low")
    )
    return x, low, y


def _caption(rows: pd.DataFrame) -> str:
    over = label_of(rows["over"].iloc[0]).lower()
    told = []
    for block, part in ((str(b), p) for b, p in rows.groupby("block", sort=False)):
        mean = records(part[part["quantity"] == "mean"])[0]
        about = f"{block}: " if block else ""
        if is_missing(mean["value"]):
            told.append(f"{about}no mean ({mean['note']})")
            continue
        said = f"{about}mean {number_text(mean)}, {verdict_words(mean)} (t test, "
        told.append(f"{said}{p_text(mean['p_value'])}, {plural(int(mean['n_effects']), over)})")
    lost = rows[(rows["quantity"] == "effect") & rows["weight"].isna()]
    none = list(dict.fromkeys(lost["full"]))
    text = (
        f"{label_of(rows['estimand'].iloc[0])} by {over}{level_phrase(rows)}; squares grow with "
        f"the weight, the diamond is the random-effects mean, the dashed line where a further "
        f"{over} may lie. {_sentence(told)}. The other part leaves out one {over} at a time. "
        "Arrow heads: runs on beyond the axis."
    )
    items = [int(n) for n in rows.loc[rows["quantity"] == "effect", "n_items"].dropna()]
    if items:
        same = min(items) == max(items)
        span = count(max(items)) if same else f"{count(min(items))} to {count(max(items))}"
        text += f" Each effect is of {span} {'item' if max(items) == 1 else 'items'}."
    return text + (f" Without weight: {listing(none)}." if none else "")


def _sentence(told: Sequence[str]) -> str:
    text = "; ".join(told)
    return text[:1].upper() + text[1:]


def _alt(rows: pd.DataFrame) -> str:
    said = []
    for block, part in ((str(b), p) for b, p in rows.groupby("block", sort=False)):
        one = [
            f"{'without ' if r['quantity'] == 'without' else ''}{r['full']} {number_text(r)}"
            for r in records(part)
        ]
        said.append(f"{block}: {'; '.join(one)}" if block else "; ".join(one))
    size = of_items(rows[rows["quantity"] == "effect"])
    return f"Forest plot with a random-effects mean{size}. {'. '.join(said)}."
