"""Sentences about what the result depends on: choices, and single parts of the data."""

from __future__ import annotations

from foresay.display import (
    count,
    decimal,
    is_missing,
    label_of,
    listing,
    p_text,
    percent,
)
from foresay.publishing.results import Results
from foresay.publishing.rows import Row, records

_MOST = 4


def specifications(results: Results) -> str:
    """Say how far each curve goes, what its joint test says, and which choice moves it most."""
    summary, shares = (
        results.tables.get(name) for name in ("specification_summary", "specification_importance")
    )
    if summary is None or shares is None:
        return ""
    columns = [str(c) for c in summary.columns]
    keys = columns[: columns.index("quantity")]
    said = []
    for values, part in summary.groupby(keys, sort=False, dropna=False):
        rows = {str(row["quantity"]): row for row in records(part)}
        own = shares.set_index(keys).loc[[values]] if len(keys) > 1 else shares
        said.append(_of_curve(rows, records(own.reset_index())))
    return " ".join(said[:_MOST])


def _of_curve(rows: dict[str, Row], shares: list[Row]) -> str:
    text = (
        f"{count(rows['median']['n'])} combinations of choices have a median of "
        f"{decimal(rows['median']['value'])}, from {decimal(rows['lowest']['value'])} to "
        f"{decimal(rows['highest']['value'])}"
    )
    if "significant" in rows and not is_missing(rows["significant"]["value"]):
        text += (
            f"; {percent(rows['same_sign']['value'])} of them have the sign of the median, and "
            f"{percent(rows['significant']['value'])} are shown by their own test"
        )
    if not is_missing(rows["median"]["p_value"]):
        p = p_text(rows["median"]["p_value"])
        text += f". That there is no effect in any of them is tested with their median, {p}"
    known = [row for row in shares if not is_missing(row["share"])]
    if known:
        most = max(known, key=lambda row: float(row["share"]))
        text += (
            f". What moves the result most is {label_of(str(most['choice'])).lower()}, with "
            f"{percent(most['share'])} of the variance"
        )
    return f"{text}."


def influence(results: Results) -> str:
    """Say without which parts the verdict changes, and which one moves the result most."""
    frame = results.tables.get("influence")
    if frame is None:
        return ""
    columns = [str(c) for c in frame.columns]
    by = columns[1 : columns.index("over")]
    said = []
    for _, part in frame.groupby(by, sort=False, dropna=False) if by else [("", frame)]:
        rows = records(part)
        whole = next(row for row in rows if not row["over"])
        left = [row for row in rows if row["over"] not in ("", "cluster")]
        if left:
            said.append(_of_group(whole, left, by))
    return " ".join(said[:_MOST])


def _of_group(whole: Row, left: list[Row], by: list[str]) -> str:
    most = max(left, key=lambda row: abs(float(row["change"])))
    named = listing([f"{label_of(c).lower()} {whole[c]}" for c in by])
    text = (
        f"{f'For {named} t' if named else 'T'}he result of {decimal(whole['value'])} is "
        f"{decimal(most['value'])} without {most['over']} {most['without']}, which moves it most"
    )
    turned = [
        f"{row['over']} {row['without']}"
        for row in left
        if row["verdict"] and row["verdict"] != whole["verdict"]
    ]
    if turned:
        text += f"; its verdict changes without {listing(turned, most=6)}"
    elif whole["verdict"]:
        text += "; its verdict stays the same without any one of them"
    return f"{text}."
