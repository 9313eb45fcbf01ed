"""Panels with a labelled row per predictor or task: the shape that most figures share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from foresay.figures.theme import INK, LINE_BREAK, SIZE, short_labels, text_width

_PADDING = 12
_SPACING = 18
_GAP = 10
LABEL_PADDING = 8
"""Half a mark: one at the left end of the axis does not touch the label."""
_SHARED = 0.75
"""Panels side by side have the same rows; of those, at least this share is theirs."""
_NARROWEST = 130
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
    """

    labels: dict[str, str]
    extent: float
    height: int

    def channel(self) -> alt.Y:
        """Return the vertical channel of column ``label``, in the order of the labels."""
        axis = alt.Axis(
            minExtent=self.extent,
            maxExtent=self.extent,
            ticks=False,
            domain=False,
            labelPadding=LABEL_PADDING,
            labelExpr=f"split(datum.label, '{LINE_BREAK}')",
            labelLineHeight=SIZE + 1,
        )
        # no padding, so that bounds of neighbouring rows join to one line
        scale = alt.Scale(type="band", padding=0)
        order = list(self.labels.values())
        return alt.Y("label:N", sort=order, title=None, axis=axis, scale=scale)


def rows_for(full: Sequence[str], width: int, height: int = 26) -> Rows:
    """Return the `Rows` for texts in order; labels take at most a third of the figure.

    A label that is too wide is broken into two lines where it has a middle dot.
    """
    labels = short_labels(list(full), width / 3, breakable=True)
    lines = [label.split(LINE_BREAK) for label in labels.values()]
    extent = max((text_width(line) for label in lines for line in label), default=0) + 10
    tall = height + 6 if any(len(label) > 1 for label in lines) else height
    return Rows(labels=labels, extent=extent, height=tall)


def draw(
    layers: Sequence[alt.Chart],
    data: pd.DataFrame,
    rows: Rows,
    width: int,
    *,
    columns: Sequence[str] = (),
) -> alt.TopLevelMixin:
    """Return the layers over `data`, one panel per value of its column ``panel``.

    Parameters
    ----------
    layers : sequence of charts without data
    data : pandas.DataFrame
        With columns ``panel`` and ``label``, and those named in `columns`.
    columns : sequence of str
        Text columns that are printed to the right of each row, where there is room for them.
    """
    names = short_labels(list(data["panel"]), max(width / 2, _NARROWEST))
    data = data.assign(panel=data["panel"].map(names))
    widths = [_GAP + max(text_width(t) for t in [*data[column], ""]) for column in columns]
    text = sum(widths)
    own = data[["panel", "label"]].drop_duplicates()
    sparse = len(own) < _SHARED * len(names) * len(rows.labels)
    across, text = _fit(1 if sparse else len(names), width - rows.extent - _PADDING, text)
    room = width - rows.extent - _PADDING - (across - 1) * _SPACING
    plot = max(room / across - text, 60)
    shown, start = list(layers), plot + _GAP
    for column, size in zip(columns if text else (), widths, strict=False):
        shown.append(
            alt.Chart()
            .mark_text(align="left", color=INK)
            .transform_filter(f"datum.{column} !== ''")
            .encode(y=rows.channel(), x=alt.value(start), text=f"{column}:N")
        )
        start += size
    height = rows.height * len(rows.labels)
    chart = alt.layer(*shown).properties(width=round(plot), height=height)
    if len(names) == 1:
        return chart.properties(data=data)
    if across > 1:
        return chart.facet(
            facet=_facet(list(names.values())),
            data=data,
            columns=across,
            spacing={"row": 22, "column": _SPACING},
        )
    # one below the other, each with its own rows alone
    step = chart.properties(height=alt.Step(rows.height, **{"for": "position"}))
    stacked: alt.TopLevelMixin = step.facet(
        facet=_facet(list(names.values())), data=data, columns=1, spacing={"row": 22}
    ).resolve_scale(y="independent")
    return stacked


def _fit(panels: int, room: float, text: float) -> tuple[int, float]:
    """Return how many panels stand side by side, and the room for text at their right."""
    for across in range(min(panels, 3), 0, -1):
        if (room - (across - 1) * _SPACING) / across - text >= _NARROWEST:
            return across, text
    return 1, text if room - text >= _NARROWEST / 2 else 0.0


def draw_lines(
    layers: Sequence[alt.Chart], data: pd.DataFrame, width: int, height: int = 220
) -> alt.TopLevelMixin:
    """Return the layers over `data`, one panel per value of ``panel``, no rows.

    Parameters
    ----------
    layers : sequence of charts without data
    data : pandas.DataFrame
        With a column ``panel``.
    width, height : int
        Width of the whole figure, height of a panel.
    """
    number = data["panel"].nunique()
    # the vertical axis: its title, numbers and ticks
    room = width - 60
    across, _ = _fit(number, room, 0.0)
    if number == _SQUARE:
        across = min(across, 2)
    plot = (room - (across - 1) * _SPACING) / across
    # headings are bold
    names = short_labels(list(data["panel"]), plot / 1.08, tall=True)
    data = data.assign(panel=data["panel"].map(names))
    chart = alt.layer(*layers).properties(width=round(plot), height=height)
    if len(names) == 1:
        return chart.properties(data=data)
    return chart.facet(
        facet=_facet(list(names.values())),
        data=data,
        columns=across,
        spacing={"row": 22, "column": _SPACING},
    )


def _facet(order: list[str]) -> alt.Facet:
    header = alt.Header(
        labelAnchor="start",
        labelPadding=4,
        title=None,
        labelExpr=f"split(datum.label, '{LINE_BREAK}')",
        labelLineHeight=SIZE + 1,
    )
    return alt.Facet("panel:N", sort=order, title=None, header=header)
