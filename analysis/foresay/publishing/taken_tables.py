"""The tables that a page printed, for files of their own beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from foresay.display.layout import TABLE_TYPE, DisplayTable
from foresay.publishing.execution import Executed, option, outputs_of
from foresay.publishing.qmd import Cell, Document

_MARKS = re.compile(r"\\(?=[^A-Za-z0-9\s])|(?<!\\)[*`]|(?<![\w\\])_|(?<!\\)_(?!\w)")


def taken_tables(document: Document, executed: Executed) -> Iterator[DisplayTable]:
    """Yield each table that a labelled cell printed, with the label and caption of the cell.

    Parameters
    ----------
    document, executed
        The parsed report, and what its run gave.

    Yields
    ------
    DisplayTable
        Named by its label; the text that it prints, without the data behind it.
    """
    for index, block in enumerate(document.blocks):
        if not isinstance(block, Cell) or not block.label.startswith("tbl-"):
            continue
        if option(block, "include", {}, otherwise=True) is False:
            continue
        told = [
            output["data"][TABLE_TYPE]
            for output in outputs_of(executed, index)
            if TABLE_TYPE in output.get("data", {})
        ]
        caption = _MARKS.sub("", str(block.options.get("tbl-cap") or ""))
        for at, each in enumerate(told):
            name = block.label if not at else f"{block.label}-{at + 1}"
            words = {"name": name, "caption": caption, "label": name}
            yield DisplayTable.from_json({**each, **words})
