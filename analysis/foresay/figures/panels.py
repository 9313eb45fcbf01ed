"""Panels with a labelled row per predictor or task: the shape that most figures share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from foresay.display import visible
from foresay.figures.theme import (
    INK,
    LINE_BREAK,
    NARROW,
    SIZE,
    place_x,
    plain,
    short_labels,
    text_width,
)

_PADDING = 12
_SPACING = 18
_GAP = 10
LABEL_PADDING = 8
"""Half a mark: one at the left end of the axis does not touch the label."""
_SHARED = 0.75
"""Panels side by side have the same rows; of those, at least this share is theirs."""
_NARROWEST = 130
_SMALLEST = 118
"""Panels of lines are small multiples in a narrow figure."""
_REACH = 7
_LINE = 20
"""What a line of labels takes between the marks of two rows."""
_SQUARE = 4
"""Panels that stand two by two, not three and one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of a figure: their labels, in order, and the room they take.

    Parameters
    ----------
    labels : dict of str to str
        The label of each full text, short enough, no two the same.
    extent : float
        Pixels to the left of the plots.
    height : int
        Pixels of one row.
    reach : int
        Pixels that marks reach to above and below the middle of a row.
    above : bool
        Whether labels stand above the marks of their rows and not beside them.
    """

    labels: dict[str, str]
    extent: float
    height: int
    reach: int = _REACH
    above: bool = False

    def channel(self) -> alt.Y:
        """Return the vertical channel of column ``label``, in the order of the labels."""
        # no padding, so that bounds of neighbouring rows join to one line
        scale = plain(type="band", padding=0)
        order = list(self.labels.values())
        return alt.Y("label:N", sort=order, title=None, axis=self.axis(), scale=scale)

    def axis(self) -> dict[str, Any]:
        """Return the axis of the labels."""
        return plain(
            minExtent=self.extent,
            maxExtent=self.extent,
            ticks=False,
            domain=False,
            labels=not self.above,
            labelPadding=LABEL_PADDING,
            labelExpr=f"split(datum.label, '{LINE_BREAK}')",
            labelLineHeight=SIZE + 1,
            labelOverlap=False,
        )

    def names(self) -> list[alt.Chart]:
        """Return the layers of labels that stand above their marks; none where the axis has them.

        A white edge keeps them apart from the lines behind.
        """
        if not self.above:
            return []
        place: dict[str, Any] = {"align": "left", "dy": -(self.reach + _LINE // 2), "limit": 0}
        once = alt.Chart().transform_aggregate(groupby=["label"])
        looks: list[dict[str, Any]] = [
            {"stroke": "white", "strokeWidth": 4, "strokeJoin": "round", "aria": False},
            {"color": INK},
        ]
        return [
            once.mark_text(**place, **look).encode(
                y=self.channel(), x=place_x(-LABEL_PADDING), text=alt.Text("label:N")
            )
            for look in looks
        ]

    def bar(self, share: float = 1.0) -> dict[str, float] | float:
        """Return the height of a bar that fills `share` of what marks may fill of a row."""
        return 2 * self.reach if self.above else {"band": share}


def rows_for(
    full: Sequence[str],
    width: int,
    height: int = 26,
    reach: int = _REACH,
    *,
    beside: float = 0.0,
) -> Rows:
    """Return the `Rows` for texts in order; labels take at most a third of the figure.

    A label that is too wide is broken into two lines where it has a middle dot. In a narrow
    figure labels that would be too wide stand above their marks, in one line over its width.

    Parameters
    ----------
    full : sequence of str
        The texts.
    width : int
        Width of the figure in pixels.
    height, reach : int
        Height of a row, and how far from its middle its marks reach.
    beside : float
        The share of the width that labels may take which stand beside their marks, in one line,
        however narrow the figure is; 0 leaves that to their length.
    """
    if beside:
        labels = short_labels(list(full), width * beside)
        extent = max(map(text_width, labels.values()), default=0) + 10
        return Rows(labels=labels, extent=extent, height=height, reach=reach)
    if width < NARROW and max((text_width(visible(t)) for t in full), default=0) > width / 3:
        labels = short_labels(list(full), width - 2 * LABEL_PADDING)
        tall = 2 * reach + _LINE
        return Rows(labels=labels, extent=LABEL_PADDING, height=tall, reach=reach, above=True)
    labels = short_labels(list(full), width / 3, breakable=True)
    lines = [label.split(LINE_BREAK) for label in labels.values()]
    extent = max((text_width(line) for label in lines for line in label), default=0) + 10
    tall = height + 6 if any(len(label) > 1 for label in lines) else height
    return Rows(labels=labels, extent=extent, height=tall, reach=reach)


def draw(
    layers: Sequence[alt.Chart],
    data: pd.DataFrame,
    rows: Rows,
    width: int,
    *,
    columns: Sequence[str] = (),
) -> alt.LayerChart | alt.FacetChart:
    """Return the layers over `data`, one panel per value of its column ``panel``.

    Parameters
    ----------
    layers : sequence of charts without data
    data : pandas.DataFrame
        With columns ``panel`` and ``label``, and those named in `columns`.
    columns : sequence of str
        Text columns that are printed to the right of each row, where there is room for them.
    """
    panels = list(dict.fromkeys(data["panel"]))
    widths = [_GAP + max(text_width(t) for t in [*data[column], ""]) for column in columns]
    text = sum(widths)
    own = data[["panel", "label"]].drop_duplicates()
    sparse = rows.above or len(own) < _SHARED * len(panels) * len(rows.labels)
    across, text = _fit(1 if sparse else len(panels), width - rows.extent - _PADDING, text)
    room = width - rows.extent - _PADDING - (across - 1) * _SPACING
    plot = max(room / across - text, 60)
    # headings are bold
    names = short_labels(panels, (plot + text) / 1.08, tall=True)
    data = data.assign(panel=data["panel"].map(names))
    shown, start = list(layers), plot + _GAP
    for column, size in zip(columns if text else (), widths, strict=False):
        shown.append(
            alt.Chart()
            .mark_text(align="left", color=INK)
            .transform_filter(f"datum.{column} !== ''")
            .encode(y=rows.channel(), x=place_x(start), text=alt.Text(f"{column}:N"))
        )
        start += size
    shown += rows.names()
    height = rows.height * len(rows.labels)
    # each change of a chart copies it whole, so it is made with all that it has
    sides: dict[str, Any] = {"width": round(plot), "height": height}
    if len(names) == 1:
        return alt.layer(*shown, data=data, **sides)
    facet = _facet(list(names.values()), padding=10 if rows.above else 4)
    if across > 1:
        return alt.layer(*shown, **sides).facet(
            facet=facet, data=data, columns=across, spacing={"row": 22, "column": _SPACING}
        )
    # one below the other, each with its own rows alone
    step = alt.Step(rows.height, **{"for": "position"})
    stacked: alt.FacetChart = (
        alt.layer(*shown, width=round(plot), height=step)
        .facet(facet=facet, data=data, columns=1, spacing={"row": 22})
        .resolve_scale(y="independent")
    )
    return stacked


def _fit(panels: int, room: float, text: float, least: float = _NARROWEST) -> tuple[int, float]:
    """Return how many panels stand side by side, and the room for text at their right."""
    for across in range(min(panels, 3), 0, -1):
        if (room - (across - 1) * _SPACING) / across - text >= least:
            return across, text
    return 1, text if room - text >= _NARROWEST / 2 else 0.0


def draw_lines(
    layers: Sequence[alt.Chart],
    data: pd.DataFrame,
    width: int,
    height: int = 220,
    *,
    number: int = 0,
) -> alt.LayerChart | alt.FacetChart:
    """Return the layers over `data`, one panel per value of ``panel``, no rows.

    Parameters
    ----------
    layers : sequence of charts without data
    data : pandas.DataFrame
        With a column ``panel``.
    width, height : int
        Width of the whole figure, height of a panel; small multiples are lower.
    number : int
        Panels that the width is shared out for; by default those of `data`.
    """
    number = number or data["panel"].nunique()
    # the vertical axis: its title, numbers and ticks
    room = width - 60
    across, _ = _fit(number, room, 0.0, _SMALLEST if width < NARROW else _NARROWEST)
    if number == _SQUARE:
        across = min(across, 2)
    plot = (room - (across - 1) * _SPACING) / across
    if width < NARROW and across > 1:
        height = min(height, round(plot))
    # headings are bold
    names = short_labels(list(data["panel"]), plot / 1.08, tall=True)
    data = data.assign(panel=data["panel"].map(names))
    if number == 1:
        return alt.layer(*layers, data=data, width=round(plot), height=height)
    return alt.layer(*layers, width=round(plot), height=height).facet(
        facet=_facet(list(names.values())),
        data=data,
        columns=across,
        spacing={"row": 22, "column": _SPACING},
    )


def _facet(order: list[str], padding: int = 4) -> alt.Facet:
    header = alt.Header(
        labelAnchor="start",
        labelPadding=padding,
        title=None,
        labelExpr=f"split(datum.label, '{LINE_BREAK}')",
        labelLineHeight=SIZE + 1,
    )
    return alt.Facet("panel:N", sort=order, title=None, header=header)
