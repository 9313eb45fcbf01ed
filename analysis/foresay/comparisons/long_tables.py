"""Comparisons of every kind as rows of one table: what was compared, the number, its test.

A contrast is a row a group. A trend has rows for points, slopes and plateaus; a summary for the
effects, their mean, the next effect and the mean without each; a regression for the coefficient
of a term, on the logit scale, and for its marginal effect, on the probability scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from foresay.comparisons.hypotheses import verdict
from foresay.comparisons.summaries import Summary
from foresay.estimation.table import CHOICES
from foresay.study import Contrast, Declared, Trend

PARTS = ("quantity", "subject", "over", "against", "x_from", "x")
"""What a row is; which series, term or task; the level of a trend, and both ends of a plateau.
`over` is the axis of a trend, or the column of a summary's effects; `against` the predictor or
target that a term is held against, or what a slope is for (``doubling`` or ``unit``)."""

NUMBERS = (
    *("value", "low", "high", "level", "standard_error", "reference"),
    *("p_value", "p_adjusted", "family", "test", "hypothesis", "margin", "verdict"),
    *("weight", "n_effects", "n_trials", "n_items", "n_clusters"),
)
"""Columns of numbers and tests, in order."""

_TEXTS = (
    *("quantity", "subject", "over", "against", "family", "test", "hypothesis", "verdict"),
    *("note", "where"),
)
_UNKNOWN: dict[str, Any] = {
    **dict.fromkeys([*PARTS, *NUMBERS], math.nan),
    **dict.fromkeys(_TEXTS, ""),
    "hypothesis": "difference",
    "test": "none",
    "fingerprint": "",
}
MAIN = {"contrast": (), "trend": ("point",), "summary": ("mean",), "regression": ("coefficient",)}
"""The quantities without which a comparison says nothing; all of them where none is named."""


def long_contrast(table: pd.DataFrame, declared: Declared, by: Sequence[str]) -> pd.DataFrame:
    """Return a table of contrasts as rows of comparisons; a ratio's reference is 1."""
    spec = declared.spec
    assert isinstance(spec, Contrast)  # noqa: S101  # its kind says so
    quantity: str = "interaction" if spec.versus is not None else spec.scale
    if spec.versus is not None and spec.scale == "ratio":
        quantity = "ratio of ratios"
    rows = [
        {**row, "quantity": quantity, "reference": 1.0 if spec.scale == "ratio" else 0.0}
        for row in _records(table)
    ]
    return _long(rows, declared, by, of=spec.of)


def long_trend(table: pd.DataFrame, declared: Declared, by: Sequence[str]) -> pd.DataFrame:
    """Return points, slopes and plateaus as rows of comparisons."""
    spec = declared.spec
    assert isinstance(spec, Trend)  # noqa: S101  # its kind says so
    rows = []
    for row in _records(table):
        point, slope = row["quantity"] == "point", row["quantity"] == "slope"
        step = "doubling" if spec.scale == "log2" else "unit"
        told: dict[str, Any] = {
            "reference": None if point else 0.0,
            "against": step if slope else "",
        }
        if row["quantity"] == "plateau":  # its levels have columns here
            between = f"from {row['x_from']:g} to {row['x']:g}"
            told["note"] = str(row["note"]).removeprefix(between).lstrip(";: ")
        rows.append({**row, **told, "subject": row["series"], "over": spec.over})
    return _long(rows, declared, by, of=spec.of)


def long_summary(made: Summary, declared: Declared, by: Sequence[str], over: str) -> pd.DataFrame:
    """Return effects, their mean, the next effect and the mean without each as rows."""
    rows: list[dict[str, Any]] = []
    for effect in _records(made.effects):
        # what tests an effect alone belongs to the effect's own table
        told = dict.fromkeys(("p_value", "p_adjusted", "family", "verdict", "test"))
        note = str(effect["note"]).partition("; not adjusted:")[0]
        note = "" if note.startswith("not adjusted:") else note
        what = {"quantity": "effect", "subject": str(effect[over]), "note": note}
        rows.append({**effect, **told, **what})
    for one in _records(made.summary):
        rows.append({**_t_tested(one), "quantity": "mean", "subject": ""})
        ends = {"low": one["prediction_low"], "high": one["prediction_high"]}
        told = {"quantity": "next effect", "subject": "", "value": None, "standard_error": None}
        rows.append({**one, **ends, **told, "p_value": None})
    for one in _records(made.leave_one_out):
        told = {"quantity": "without", "subject": str(one["without"])}
        rows.append({**_t_tested(one), **told})
    of = str(made.effects["estimand"].iloc[0]) if len(made.effects) else ""
    rows = [{**row, "reference": 0.0, "over": over} for row in rows]
    frame = _long(rows, declared, by, of=of)
    order = {q: n for n, q in enumerate(("effect", "mean", "next effect", "without"))}
    place = frame["quantity"].map(order)
    keys = [*by, "_place"]
    sorting = frame.assign(_place=place).sort_values(keys, kind="stable").index
    return frame.loc[sorting].reset_index(drop=True)


def long_regression(table: pd.DataFrame, declared: Declared, by: Sequence[str]) -> pd.DataFrame:
    """Return coefficients and marginal effects as rows of comparisons."""
    rows: list[dict[str, Any]] = []
    for row in _records(table):
        base = {**row, "subject": row["term"], "reference": 0.0}
        coefficient = {**base, "quantity": "coefficient", "value": row["estimate"]}
        rows.append(_t_tested(coefficient))
        if row["term"] == "intercept":
            continue
        effect = {
            **base,
            "quantity": "marginal effect",
            "value": row["marginal_effect"],
            "low": row["marginal_low"],
            "high": row["marginal_high"],
            "standard_error": row["marginal_standard_error"],
        }
        rows.append(_t_tested({**effect, "p_value": _p_of(effect, row)}))
    return _long(rows, declared, by, of="accuracy")


def _p_of(effect: dict[str, Any], row: dict[str, Any]) -> float:
    """Return the p-value of a marginal effect: it is 0 where the coefficient is, by Wald."""
    from scipy import special

    value, error = float(effect["value"]), float(effect["standard_error"])
    if not error > 0:
        return math.nan
    return 2 * float(special.stdtr(max(int(row["n_clusters"]) - 1, 1), -abs(value / error)))


def _t_tested(row: dict[str, Any]) -> dict[str, Any]:
    p = float(row["p_value"])
    said = verdict(p, "difference", 1 - float(row["level"]))
    return {**row, "test": "none" if math.isnan(p) else "t", "verdict": said}


def _long(
    rows: Sequence[dict[str, Any]], declared: Declared, by: Sequence[str], *, of: str
) -> pd.DataFrame:
    head = {"kind": declared.kind, "name": declared.name, "title": declared.title, "estimand": of}
    names = [*head, *by, *PARTS, *NUMBERS]
    chosen = [c for c in CHOICES if any(c in row for row in rows)]
    columns = [*names, *chosen, "where", "note", "fingerprint"]
    made = [{**_UNKNOWN, **{k: v for k, v in row.items() if v is not None}, **head} for row in rows]
    frame = pd.DataFrame([{c: row.get(c) for c in columns} for row in made], columns=columns)
    for column in [c for c in ("x_from", "x", *NUMBERS) if c not in _TEXTS]:
        frame[column] = frame[column].astype("float64")
    return frame


def stacked_comparisons(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return comparisons over each other, all grouping columns before the numbers."""
    by: dict[str, None] = {}
    rest: dict[str, None] = {}
    for part in parts:
        columns = [str(c) for c in part.columns]
        by |= dict.fromkeys(columns[4 : columns.index("quantity")])
        rest |= dict.fromkeys(columns[columns.index("quantity") :])
    tail = ("where", "note", "fingerprint")
    ordered = [*(c for c in rest if c not in tail), *tail]
    whole = pd.concat([part.astype(object) for part in parts], ignore_index=True)
    whole = whole[["kind", "name", "title", "estimand", *by, *ordered]]
    for column in [c for c in ("x_from", "x", *NUMBERS) if c not in _TEXTS]:
        whole[column] = whole[column].astype("float64")
    return whole


def nothing_found(table: pd.DataFrame) -> str:
    """Return why a comparison found no number at all; "" where it found one."""
    if table.empty:
        return "no trial is left to compare"
    main = MAIN[str(table["kind"].iloc[0])]
    rows = table[table["quantity"].isin(main)] if main else table
    if table["kind"].iloc[0] == "regression":
        rows = rows[rows["subject"] == "self"]
    if table["kind"].iloc[0] == "trend" and rows["value"].notna().any():
        slopes = table[table["quantity"] == "slope"]
        if slopes["value"].isna().all():
            return f"no series has two levels of {table['over'].iloc[0]}"
    if rows["value"].notna().any():
        return ""
    reasons = dict.fromkeys(str(note) for note in rows["note"] if note)
    if reasons and table["kind"].iloc[0] == "regression":
        return f"self {'; '.join(reasons)}"
    return "; ".join(reasons) or "no trial is left to compare"


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
