"""Claims of a study's ledger before and after a change: their verdicts, numbers and reasons."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from foresay.claims import Claim, Ledger, read_ledger
from foresay.claims.asking import Asking
from foresay.claims.claim import NEEDS
from foresay.claims.judged import Judged
from foresay.claims.ledger import FILE
from foresay.claims.recompute import judge
from foresay.claims.rounded import rounded_like
from foresay.claims.wording import computed
from foresay.display import MISSING, Column, DisplayTable, count, listing, plural
from foresay.revisions.before_after import records
from foresay.study import Choices
from foresay.workbench import Workbench

COLUMNS = (
    *("id", "kind", "sentence", "place", "reported", "verdict_before", "verdict_after", "changed"),
    *("before", "before_low", "before_high", "after", "after_low", "after_high"),
    *("reason_before", "reason_after", "printed_before", "printed_after"),
)
"""Columns of a table of claims before and after; `changed` is whether the verdict is another."""

_MOST = 6


def ledger_of(bench: Workbench) -> Ledger | None:
    """Return the ledger beside a study file; None where there is none.

    Raises
    ------
    StudyError
        It cannot be read.
    """
    path = bench.path.parent / FILE
    return read_ledger(path) if path.is_file() else None


def claim_verdicts(
    before: Workbench,
    after: Workbench,
    claims: Mapping[str, Claim],
    *,
    base: Choices,
    choices: Mapping[str, Any],
    where: str | None,
    progress: Callable[[str], None] = lambda _: None,
) -> pd.DataFrame:
    """Judge claims as they are, and under a change.

    Parameters
    ----------
    before, after : Workbench
        The study, and the study with the tables of the change.
    claims : mapping of str to Claim
        By id.
    base : Choices
        The choices before, where a claim has none of its own.
    choices : mapping
        The choices that the change names; they replace those of claims too.
    where : str, optional
        Condition on trials that the change adds.
    progress : callable
        Told what is being computed.

    Returns
    -------
    DataFrame
        One row a claim: `COLUMNS`.
    """
    sides = [
        (_with_base(claims, base, before), before, {}, None),
        (_with_base(claims, base, after), after, dict(choices), where),
    ]
    asking = [
        (own, Asking(bench, list(own.values()), choices=named, where=condition))
        for own, bench, named, condition in sides
    ]
    rows = []
    for place, (name, claim) in enumerate(claims.items(), start=1):
        progress(f"claim {place} of {len(claims)}, before and after: {name}")
        rows.append(_row(name, claim, *(judge(own[name], ask) for own, ask in asking)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _with_base(claims: Mapping[str, Claim], base: Choices, bench: Workbench) -> dict[str, Claim]:
    """Return claims that ask for the choices of a version where the opened study has others."""
    own = bench.choices.model_dump()
    other = {name: value for name, value in base.model_dump().items() if value != own[name]}
    return {
        name: claim.model_copy(update={"choices": {**other, **claim.choices}})
        for name, claim in claims.items()
    }


def _row(name: str, claim: Claim, before: Judged, after: Judged) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": name,
        "kind": claim.kind,
        "sentence": claim.sentence,
        "place": str(claim.place),
        "reported": claim.reported,
        "changed": before.verdict != after.verdict,
    }
    for side, found in (("before", before), ("after", after)):
        row |= {
            f"verdict_{side}": found.verdict,
            side: found.value,
            f"{side}_low": found.low,
            f"{side}_high": found.high,
            f"reason_{side}": "; ".join(p for p in (found.reason, found.arithmetic) if p),
            f"printed_{side}": _printed(claim, found),
        }
    return row


def _printed(claim: Claim, found: Judged) -> str:
    """Return a recomputed number in the digits of the claim, with its interval."""
    if math.isnan(found.value):
        return ""
    like = None
    if claim.kind in NEEDS:  # of others, the printed number is a p-value
        like = claim.printed() or (claim.ends[0] if claim.ends else None)

    def text(number: float) -> str:
        if like is None:
            return computed(number, digits=3)
        return rounded_like(like, number, claim.rounding)

    if math.isnan(found.low):
        return text(found.value)
    return f"{text(found.value)} [{text(found.low)}, {text(found.high)}]"


def shown(frame: pd.DataFrame, *, named: bool) -> pd.DataFrame:
    """Return the claims that a reply prints: those that were named, else those that changed."""
    return frame if named or not len(frame) else frame[frame["changed"].astype(bool)]


def claims_table(frame: pd.DataFrame, name: str = "claims") -> DisplayTable:
    """Return claims before and after as a table to print.

    Parameters
    ----------
    frame : DataFrame
        As from `claim_verdicts`.
    name : str
        Base of its file names.
    """
    rows = records(frame)
    return DisplayTable(
        name=name,
        columns=tuple(Column(label=label) for label in ("Claim", "Before", "After", "Why, after")),
        rows=tuple(
            (
                f"{row['sentence']} ({row['id']})",
                *(
                    ": ".join(t for t in (row[f"verdict_{s}"], row[f"printed_{s}"]) if t)
                    for s in ("before", "after")
                ),
                row["reason_after"] or MISSING,
            )
            for row in rows
        ),
        data=frame,
    )


def claims_in_words(frame: pd.DataFrame, *, named: bool) -> str:
    """Say which claims were checked, and which verdicts changed.

    Parameters
    ----------
    frame : DataFrame
        As from `claim_verdicts`.
    named : bool
        Whether the request names them; otherwise they are all that the ledger has.
    """
    if not len(frame):
        return ""
    one = len(frame) == 1
    which = "that the request names" if named else "of the ledger"
    who = f"The one claim {which} was" if one else f"The {count(len(frame))} claims {which} were"
    start = f"{who} checked before and after"
    changed = [row for row in records(frame) if row["changed"]]
    if not changed:
        found = frame["verdict_after"].value_counts(sort=False).items()
        told = listing([f"{count(number)} {verdict}" for verdict, number in found])
        return f"{start}: no verdict changed ({told})."
    numbers = [row for row in changed if row["kind"] in NEEDS]
    words = [row for row in changed if row["kind"] not in NEEDS]
    parts = []
    if words:
        parts.append(f"{plural(len(words), 'verdict')} changed, on {_named(words)}")
    else:
        parts.append("no verdict on a statement in words changed")
    if numbers:
        parts.append(
            f"of those that state a number, {count(len(numbers))} would state another "
            f"or have another verdict: {_named(numbers)}"
        )
    return f"{start}: {'; '.join(parts)}."


def _named(rows: Sequence[dict[str, Any]]) -> str:
    told = [
        f"{row['id']} ({row['verdict_before']} before, {row['verdict_after']} after)"
        for row in rows
    ]
    return listing(told, most=_MOST)
