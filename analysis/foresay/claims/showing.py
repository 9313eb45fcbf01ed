"""Checked claims as text, JSON and a page."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from foresay.claims.recompute import Checked
from foresay.claims.wording import computed
from foresay.display import DisplayTable, count, frame_table, plural, visible

if TYPE_CHECKING:
    import pandas as pd

_WIDTH = 12
_SHOWN = {
    "verdict": "verdict",
    "id": "claim",
    "sentence": "sentence",
    "place": "place",
    "reported": "printed",
    "recomputed": "recomputed",
    "agreement": "robust",
    "why": "why",
    "choices": "choices",
}


def headline(checked: Checked, *, strict: bool = False) -> str:
    """Return how many claims have each verdict, as a sentence; those withdrawn stand apart.

    Without `strict` it says too that claims which could not be assessed do not fail.
    """
    counts, made = checked.counts(), checked.made
    said = ", ".join(f"{count(number)} {name}" for name, number in counts.items() if number)
    total = plural(len(made), "claim")
    words = f"{total}: {said}" if said else total
    withdrawn = len(checked.ledger.claims) - len(made)
    if withdrawn:
        words += f"; {count(withdrawn)} withdrawn"
    if counts["not assessed"] and not strict:
        unknown = plural(counts["not assessed"], "claim")
        words += f"; {unknown} could not be assessed, which fails with --strict only"
    return words


def as_text(checked: Checked, *, strict: bool = False) -> str:
    """Return every claim with its verdict, its arithmetic and why."""
    lines = []
    for row in _records(checked):
        printed = f" ({visible(row['reported'])})" if row["reported"] else ""
        lines.append(
            f"{row['verdict']:<{_WIDTH}}  {row['id']}: {visible(row['sentence'])}{printed}"
        )
        why = (row["reason"], row["arithmetic"], row["agreement"])
        lines += [f"{'':<{_WIDTH}}  {visible(part)}" for part in why if part]
    return "\n".join([*lines, headline(checked, strict=strict)]) + "\n"


def as_json(checked: Checked, *, study: str) -> str:
    """Return everything for a machine; numbers that are missing are null."""
    content: dict[str, Any] = {
        "study": study,
        "counts": checked.counts(),
        "withdrawn": len(checked.ledger.claims) - len(checked.made),
        "claims": json.loads(checked.rows.to_json(orient="records", double_precision=15) or "[]"),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def as_table(checked: Checked) -> DisplayTable:
    """Return the claims as a table to print."""
    import pandas as pd

    frame: pd.DataFrame = pd.DataFrame(_records(checked), columns=list(_SHOWN))
    return frame_table(
        frame, labels=_SHOWN, name="claims", notes=[headline(checked, strict=True)]
    ).titled("Claims, held against the data", "tbl-claims")


def _records(checked: Checked) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = checked.rows.to_dict("records")  # type: ignore[assignment]  # keys are text
    for row in rows:
        if row["status"] == "withdrawn":
            row["verdict"], row["reason"] = "withdrawn", ""
        row["recomputed"] = _recomputed(row)
        row["agreement"] = agreement(row["n_agree"], row["n_specifications"])
        row["why"] = "; ".join(part for part in (row["reason"], row["arithmetic"]) if part)
    return rows


def _recomputed(row: dict[str, Any]) -> str:
    if math.isnan(row["value"]):
        return ""
    value = computed(row["value"])
    if math.isnan(row["low"]):
        return value
    return f"{value} [{computed(row['low'])}, {computed(row['high'])}]"


def agreement(n_agree: float, n_specifications: float) -> str:
    """Return in how many specifications a claim is supported; "" where none was asked."""
    if math.isnan(n_specifications) or not n_specifications:
        return ""
    which = plural(int(n_specifications), "specification")
    return f"supported in {count(int(n_agree))} of {which}"
