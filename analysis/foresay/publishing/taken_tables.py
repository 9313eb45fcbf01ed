"""The tables that a page printed, for files of their own beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from foresay.display.layout import TABLE_TYPE, DisplayTable
from foresay.publishing.execution import Output, option
from foresay.publishing.qmd import Cell

_MARKS = re.compile(r"\\(?=[^A-Za-z0-9\s])|(?<!\\)[*`]|(?<![\w\\])_|(?<!\\)_(?!\w)")


def taken_tables(cell: Cell, outputs: Sequence[Output]) -> Iterator[DisplayTable]:
    """Yield each table that a labelled cell printed, with the label and caption of the cell.

    Parameters
    ----------
    cell, outputs
        A cell of a report, and what it gave.

    Yields
    ------
    DisplayTable
        Named by its label; the text that it prints, without the data behind it.
    """
    if not cell.label.startswith("tbl-"):
        return
    if option(cell, "include", {}, otherwise=True) is False:
        return
    told = [
        output["data"][TABLE_TYPE] for output in outputs if TABLE_TYPE in output.get("data", {})
    ]
    caption = _MARKS.sub("", str(cell.options.get("tbl-cap") or ""))
    for at, each in enumerate(told):
        name = cell.label if not at else f"{cell.label}-{at + 1}"
        words = {"name": name, "caption": caption, "label": name}
        yield DisplayTable.from_json({**each, **words})
