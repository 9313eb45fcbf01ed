"""Exact copies of rows, left out where a study says so."""

from __future__ import annotations

from typing import Any

from foresay.tables.schemas import BOOKKEEPING


def without_exact_copies(table: Any) -> Any:
    """Return `table` with one row of each set of exact copies: the first by file and row.

    Parameters
    ----------
    table : ibis.Table
        A canonical table with `_file` and `_row`.

    Returns
    -------
    ibis.Table
        The same columns, the rows in no order. Rows are copies when every column but `_file` and
        `_row` is equal, covariates included; missing values are equal to each other.
    """
    import ibis

    compared = [c for c in table.columns if c not in BOOKKEEPING]
    file, row = BOOKKEEPING
    # file and row together: the first row of the first file, not the least of each
    first = ibis.struct({"file": table[file], "row": table[row]}).min()
    kept = table.group_by(compared).aggregate(first_=first)
    return kept.mutate(**{file: kept["first_"]["file"], row: kept["first_"]["row"]}).select(
        *table.columns
    )
