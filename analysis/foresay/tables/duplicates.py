"""Exact copies of rows, left out where a study says so."""

from __future__ import annotations

from typing import Any

from foresay.tables.schemas import is_bookkeeping


def without_exact_copies(table: Any) -> Any:
    """Return `table` with one row of each set of exact copies: the first by file and row.

    Parameters
    ----------
    table : ibis.Table
        A canonical table with `_file` and `_row`.

    Returns
    -------
    ibis.Table
        The same columns. Rows are copies when every column but the bookkeeping is equal,
        covariates included; missing values are equal to each other.
    """
    compared = [c for c in table.columns if not is_bookkeeping(c)]
    kept = table.group_by(compared).aggregate(
        _row=lambda t: t._row.argmin(t._file + t._row.cast("string").lpad(20, "0")),  # noqa: SLF001
        _file=lambda t: t._file.min(),  # noqa: SLF001  # a column, not an attribute
    )
    return kept
