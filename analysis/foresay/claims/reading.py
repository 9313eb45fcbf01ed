"""A table of printed numbers, read into reported estimates. Cells are text, as they are printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from foresay.claims.cell_numbers import count_of, ends_of, half_width_of, parse_cell, stated
from foresay.claims.cells import mostly_text, numeric_columns, refuse_decimal_commas
from foresay.claims.columns import Layout, Measure, names_an_interval, recognise
from foresay.claims.files import Row, file_rows, record_rows
from foresay.claims.numbers import find_numbers
from foresay.claims.printed import Printed, Unit
from foresay.claims.reported import Reported, kind_of
from foresay.errors import ChoiceError

if TYPE_CHECKING:
    import pandas as pd

_ERROR = re.compile(r"half.?width|margin of error|\bs\.?e\.?m?\b|std.?err|standard.?error|stderr")
_MULTIPLE = re.compile(r"([0-9](?:\.[0-9]+)?)\s*[x\u00d7*]?\s*(?:se|sem|s\.e\.|standard errors?)\b")
_MOST = 10**15
_MAIN = re.compile(r"accura|\bacc\b")
_GROUPS = re.compile(
    r"n\s{0,2}=\s{0,2}(?P<n>[0-9](?:[0-9]|[ ,'_\u2019\u00a0\u2007\u2009\u202f](?=[0-9]))*)",
    re.IGNORECASE,
)
"""An n in the cell of its estimate, with all digits that are set apart in it."""
_LEVEL = re.compile(r"[0-9.]+\s?%")
_UNITS: dict[str, Unit] = {
    "percent": "percent",
    "%": "percent",
    "points": "points",
    "percentage points": "points",
    "pp": "points",
}


def read_rows(table: str | Path | pd.DataFrame | Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return the rows of a table as text.

    Parameters
    ----------
    table : path, DataFrame or sequence of mappings
        A file of text keeps the zeros that are printed at the end of ``19.0``; cells that are
        floats already do not, and count as less precise: 19.0 as a float is read as ``19``. See
        `file_rows` for the kinds of files.

    Raises
    ------
    SourceError
        A file is missing, no table, or not UTF-8.
    """
    if isinstance(table, str | Path):
        return file_rows(Path(table))
    # a table of pandas has `to_dict`; pandas is not imported for its type alone
    of_pandas = getattr(table, "to_dict", None)
    records = of_pandas("records") if of_pandas else cast("Sequence[Mapping[str, Any]]", table)
    return record_rows(records)


def reported(
    rows: Sequence[Row], mapping: Mapping[str, str] | None = None, *, join: bool = True
) -> tuple[list[Reported], Layout]:
    """Return the estimates of a table, and what its columns were taken for.

    Parameters
    ----------
    rows : sequence of dict
        From `read_rows`.
    mapping : mapping, optional
        See `recognise`.
    join : bool
        Whether rows that are the error of another row are put into that row.

    Raises
    ------
    ChoiceError
        There are no rows, no column of estimates, or numbers with a decimal comma.

    Notes
    -----
    In a long table, rows of one estimate belong together: a row whose estimand is a standard error
    or half-width goes to the estimate with the same labels (to the accuracy, where several have
    them). A cell such as ``49.4 ± 0.3`` or ``.494 [.490, .498]`` is taken apart. Where no unit is
    said, the estimands that cannot pass 1 are percent if most of them do.
    """
    if not rows:
        raise ChoiceError("the table has no rows; give one with a row an estimate")
    numeric = numeric_columns(rows)
    hint = "" if numeric else mostly_text(rows)
    layout = recognise(list(rows[0]), numeric, mapping, hint=hint)
    refuse_decimal_commas(rows, layout)
    found = _with_units(list(_estimates(rows, layout)))
    return (joined(found) if join else found), layout


def _estimates(rows: Sequence[Row], layout: Layout) -> Iterator[Reported]:
    roles = layout.roles
    several = len(layout.measures) > 1
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        name = row.get(roles.get("id", ""), "") or f"row {number}"
        seen[name] = seen.get(name, 0) + 1
        name = name if seen[name] == 1 else f"{name} (row {number})"
        labels = tuple((c, row[c].strip()) for c in layout.labels)
        place = ", ".join(row[roles[r]] for r in ("source", "place") if row.get(roles.get(r, "")))
        for measure in layout.measures:
            made = _estimate(row, measure, roles)
            if made is not None:
                title = f"{name}: {measure.column}" if several else name
                estimand = measure.estimand or row.get(roles.get("estimand", ""), "")
                yield replace(
                    made,
                    id=title,
                    row=number,
                    column=measure.column,
                    estimand=estimand,
                    kind=kind_of(estimand, labels),
                    labels=labels,
                    place=place,
                    rows=(title,),
                )


def _estimate(row: Row, measure: Measure, roles: Mapping[str, str]) -> Reported | None:
    value_text = row.get(roles.get("as_printed", ""), "") if not measure.estimand else ""
    said = stated(value_text or row[measure.column], measure.within)
    if said is None:
        return None
    unit_said = row.get(roles.get("unit", ""), "").strip().lower()
    if not unit_said and "%" in _LEVEL.sub("", measure.column):
        unit_said = "percent"
    parts: dict[str, Printed | None] = {
        "value": said.value,
        "low": said.low,
        "high": said.high,
        "error": said.half_width,
    }
    multiple = 1.0 if measure.within == "error" and said.half_width is not None else None
    for role in ("low", "high", "half_width", "error"):
        column = measure.besides.get(role, "")
        text = row.get(column, "")
        half = role == "half_width"
        ends = ends_of(text, interval=names_an_interval(column)) if half and text else None
        cell = half_width_of(text) if half else parse_cell(text)
        if ends is not None:
            parts["low"], parts["high"] = ends
        elif cell is not None:
            parts["error" if half else role] = cell
            multiple = 1.0 if role == "error" else multiple
    printed_units = (part.unit for part in parts.values() if part is not None and part.unit)
    unit: Unit = _UNITS.get(unit_said, "") or next(printed_units, "")
    value, low, high, error = (p and p.in_unit(unit) for p in parts.values())
    if value is None:
        return None
    count, where = _n(row, measure, value_text or row[measure.column])
    whole = count is not None and count.exact.denominator == 1 and 0 < count.exact <= _MOST
    return Reported(
        id="",
        row=0,
        value=value,
        low=low,
        high=high,
        error=error,
        multiple=multiple,
        n=int(count.exact) if count is not None and whole else None,
        printed_n=count,
        n_from=where,
    )


def _n(row: Row, measure: Measure, text: str) -> tuple[Printed | None, str]:
    """Return n and where it stands: in the column of n, else beside the estimate in its cell."""
    column = measure.besides.get("n", "")
    count = count_of(row.get(column, ""))
    if count is not None:
        return count, f"the column {column!r}"
    named = [one for one in find_numbers(text) if one.name.lower() == "n"] if "n" in text else []
    if len(named) != 1:
        return None, ""
    whole = _GROUPS.match(text, named[0].start)
    count = count_of(whole["n"]) if whole else named[0]
    return (count, "the cell of the estimate") if count else (None, "")


def _with_units(found: Sequence[Reported]) -> list[Reported]:
    """Take proportions for percent where nothing says their unit and most of them pass 1.

    Differences are percent where the proportions beside them are. A number below 1 with two
    decimals more than those above it is a proportion among percents: .318 beside 49.4.
    """
    bare: dict[str, list[float]] = {}
    decimals: dict[str, int] = {}
    for one in found:
        if not one.value.unit and one.kind != "other":
            bare.setdefault(one.estimand, []).append(abs(one.value.value))
        if one.value.unit or abs(one.value.exact) > 1:
            decimals.setdefault(one.estimand, one.value.decimals)
            decimals[one.estimand] = min(decimals[one.estimand], one.value.decimals)
    percent = {name for name, values in bare.items() if sorted(values)[len(values) // 2] > 1}
    if any(kind_of(name) != "difference" for name in percent):
        percent |= {name for name in bare if kind_of(name) == "difference"}
    known: dict[int, Printed] = {}

    def of_percent(number: Printed) -> Printed:
        # cells with the same text hold one number, which `found` keeps
        if id(number) not in known:
            known[id(number)] = number.in_unit("percent")
        return known[id(number)]

    made = []
    for one in found:
        finer = one.value.decimals - decimals.get(one.estimand, one.value.decimals)
        if one.estimand in percent and not one.value.unit and (finer < 2 or one.value.value > 1):
            parts = {
                part: of_percent(number)
                for part in ("value", "low", "high", "error")
                if (number := getattr(one, part)) is not None
            }
            made.append(replace(one, **parts))  # type: ignore[arg-type]  # none of them is None
        else:
            made.append(one)
    return made


def joined(found: Sequence[Reported]) -> list[Reported]:
    """Return estimates with rows that are the error of another row put into that row."""
    errors = [one for one in found if _ERROR.search(one.estimand.lower().replace("_", " "))]
    if not errors:
        return list(found)
    named = {one.id for one in errors}
    owners: dict[tuple[Any, ...], list[Reported]] = {}
    for one in found:
        if one.id not in named:
            owners.setdefault((one.labels, one.place), []).append(one)
    given: dict[str, Reported] = {}
    for error in errors:
        near = owners.get((error.labels, error.place), [])
        main = [one for one in near if _MAIN.search(one.estimand.lower())] or near
        if len(main) == 1 and main[0].error is None and main[0].id not in given:
            said = _MULTIPLE.search(error.estimand.lower())
            half = re.search(r"half|margin", error.estimand.lower())
            multiple = float(said[1]) if said else None if half else 1.0
            given[main[0].id] = replace(
                main[0],
                error=error.value,
                multiple=multiple,
                n=main[0].n or error.n,
                rows=(*main[0].rows, error.id),
            )
            named.discard(error.id)
    # an error that belongs to no estimate stays as a row of its own
    taken = {row for one in given.values() for row in one.rows[1:]}
    return [given.get(one.id, one) for one in found if one.id not in taken]
