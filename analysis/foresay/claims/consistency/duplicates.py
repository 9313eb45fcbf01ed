"""Rows of a table that are exact copies of each other."""

from __future__ import annotations

from collections.abc import Sequence

from foresay.claims.consistency.finding import Finding

RULE = "no row twice"


def duplicate_rows(
    cells: Sequence[tuple[str, ...]], ids: Sequence[str], columns: Sequence[str]
) -> list[Finding]:
    """Return one finding for each set of equal rows, or one that there are none.

    Parameters
    ----------
    cells : sequence of tuple of str
        The cells of each row, without the column that names rows.
    ids : sequence of str
        Names of the rows.
    columns : sequence of str
        Columns that say what a row is about. Without any, equal rows are two measurements that
        happen to agree, and the check is not possible.

    Notes
    -----
    Equal means the same text in every column. There is no tolerance: two rows that say what they
    are about name the same thing twice.

    Examples
    --------
    >>> duplicate_rows([("a", ".5"), ("b", ".5"), ("a", ".5")], ["1", "2", "3"], ["model"])[0].rows
    ('1', '3')
    """
    if not columns or not cells:
        reason = "no column says what a row is about" if cells else "the table has no rows"
        return [Finding(rule=RULE, verdict="not possible", reason=reason)]
    places: dict[tuple[str, ...], list[str]] = {}
    for row, name in zip(cells, ids, strict=True):
        places.setdefault(row, []).append(name)
    twice = [names for names in places.values() if len(names) > 1]
    if not twice:
        words = f"{len(cells):,} rows, no two of them equal in every column"
        return [Finding(rule=RULE, verdict="passed", arithmetic=words)]
    return [
        Finding(
            rule=RULE,
            verdict="differs",
            rows=tuple(names),
            arithmetic=f"{len(names)} rows are equal in every column",
            numbers={"rows": float(len(names))},
        )
        for names in twice
    ]
