"""Claims in reports: their verdicts as an analysis, and what a page prints of one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from foresay.claims import Claim, check, read_ledger
from foresay.claims.ledger import FILE
from foresay.claims.rounded import rounded_like
from foresay.claims.showing import agreement
from foresay.claims.verdicts import Verdict
from foresay.claims.wording import computed
from foresay.display import (
    MISSING,
    DisplayTable,
    count,
    decimal,
    digits_for,
    escape_markdown,
    frame_table,
    is_missing,
    listing,
)
from foresay.errors import ReportError, UnsupportedError
from foresay.publishing.manifest import canonical_json
from foresay.publishing.problems import nearest
from foresay.publishing.results import Results

if TYPE_CHECKING:
    import pandas as pd

    from foresay.publishing.analyses import Desk

_HASHED = ("id", "reported", "value", "low", "high", "n", "choices", "fingerprint")


def claims(desk: Desk) -> pd.DataFrame:
    """Return every claim of the study's ledger with its verdict, robustness where declared."""
    file = desk.bench.path.parent / FILE
    if not file.is_file():
        raise UnsupportedError(f"the study has no ledger of claims ({FILE} beside its file)")
    ledger = read_ledger(file)
    desk.claims = {
        name: claim.model_dump(mode="json", exclude_defaults=True)
        for name, claim in ledger.claims.items()
    }
    return check(desk.bench, ledger, robustness=bool(ledger.specifications)).rows


class ClaimNumber:
    """The number of a claim, recomputed and rounded as the ledger prints it.

    As text it is the number alone. In HTML it is a span that also holds the claim's id, verdict,
    interval, and a hash of what was claimed and recomputed; on a site it leads to its row on the
    page of claims.
    """

    def __init__(self, row: Mapping[str, Any], claim: Claim) -> None:
        self._row = row
        self._text = _number(row, claim)

    def __str__(self) -> str:
        return self._text

    def _repr_markdown_(self) -> str:
        data = {
            "claim": str(self._row["id"]),
            "verdict": str(self._row["verdict"]),
            "value": _exact(self._row["value"]),
            "low": _exact(self._row["low"]),
            "high": _exact(self._row["high"]),
            "hash": hash_of(self._row),
        }
        said = " ".join(f'data-{name}="{value}"' for name, value in data.items() if value)
        title = f"Claim {data['claim']}: {data['verdict']}, {recomputed(self._row) or MISSING}"
        text = escape_markdown(self._text.replace(" ", "\N{NO-BREAK SPACE}"))
        return f'[{text}]{{.claim title="{title}" {said}}}'


def verdicts_of(results: Results) -> dict[str, Verdict]:
    """Return the verdict on each claim."""
    return {name: row["verdict"] for name, row in _rows(results).items()}


def claim_number(results: Results, name: str) -> ClaimNumber:
    """Return the number of a claim.

    Raises
    ------
    ReportError
        There is no ledger, no claim of that id (with the nearest), or it prints no number.
    """
    rows = _rows(results)
    known = results.facts.get("claims", {})
    if not rows:
        raise ReportError(
            f"no claim {name!r}: {results.missing.get('Claims and their verdicts', 'no ledger')}"
        )
    if name not in rows:
        hint = nearest(name, known) or f"; there are: {listing(sorted(known), most=20)}"
        raise ReportError(f"no claim {name!r}{hint}")
    claim = Claim.model_validate(known[name])
    if claim.value is None and claim.interval is None:
        raise ReportError(
            f"claim {name!r} is of kind {claim.kind} and prints no number; give it a value, or "
            "print a claim that has one"
        )
    return ClaimNumber(rows[name], claim)


def claims_table(results: Results) -> DisplayTable:
    """Return one row a claim: what was printed, what was recomputed, and the verdict."""
    import pandas as pd

    rows = [
        {
            "Claim": row["id"],
            "Kind": row["kind"],
            "Printed": row["reported"] or MISSING,
            "Recomputed": recomputed(row) or MISSING,
            "Verdict": row["verdict"],
            "Robust": _robust(row),
        }
        for row in _rows(results).values()
    ]
    frame = pd.DataFrame(rows)
    if (frame["Robust"] == MISSING).all():
        frame = frame.drop(columns="Robust")
    return frame_table(frame, name="claims")


def claims_list(results: Results) -> str:
    """Return each claim with its sentence, arithmetic and reason, as Markdown with an anchor.

    The choices that most claims have are told once.
    """
    rows = list(_rows(results).values())
    told = [row["choices"] for row in rows if row["choices"]]
    usual = max(dict.fromkeys(told), key=told.count, default="")
    first = [f"Choices, where a claim does not name others: {usual}."] * bool(usual)
    return "\n".join([*(f"{escape_markdown(one)}\n" for one in first), *_entries(rows, usual)])


def answer(results: Results) -> str:
    """Say how many claims have which verdict."""
    verdicts = [row["verdict"] for row in _rows(results).values() if row["status"] != "withdrawn"]
    if not verdicts:
        return ""
    counts = {name: verdicts.count(name) for name in dict.fromkeys(verdicts)}
    supported = counts.pop("supported", 0)
    rest = listing([f"{count(times)} {name}" for name, times in counts.items()])
    said = f"Of {count(len(verdicts))} claims the data support {count(supported)}"
    return f"{said}; {rest}." if rest else f"{said}."


def hash_of(row: Mapping[str, Any]) -> str:
    """Return a short hash of what was claimed and recomputed, and of the data."""
    content = {name: None if is_missing(row[name]) else row[name] for name in _HASHED}
    return hashlib.sha256(canonical_json(content).encode("utf-8")).hexdigest()[:16]


def recomputed(row: Mapping[str, Any]) -> str:
    """Return the recomputed number with its interval; "" where there is none."""
    if is_missing(row["value"]):
        return ""
    if is_missing(row["low"]) or is_missing(row["high"]):
        return computed(row["value"])
    digits = digits_for(row["low"], row["high"])
    value, low, high = (decimal(row[name], digits) for name in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


def _rows(results: Results) -> dict[str, Mapping[str, Any]]:
    frame = results.tables.get("claims")
    records = [] if frame is None else frame.to_dict("records")
    return {str(row["id"]): {str(k): v for k, v in row.items()} for row in records}


def _number(row: Mapping[str, Any], claim: Claim) -> str:
    printed, ends = claim.printed(), claim.ends
    if printed is not None:
        return rounded_like(printed, row["value"], claim.rounding)
    pairs = zip(ends or (), ("low", "high"), strict=False)
    texts = [rounded_like(end, row[name], claim.rounding) for end, name in pairs]
    return f"[{', '.join(texts)}]"


def _exact(value: object) -> str:
    return "" if is_missing(value) else repr(float(str(value)))


def _robust(row: Mapping[str, Any]) -> str:
    known, agree = row["n_specifications"], row["n_agree"]
    if is_missing(known) or not known:
        return MISSING
    return f"{count(agree)} of {count(known)}"


def _entries(rows: Sequence[Mapping[str, Any]], usual: str) -> Iterator[str]:
    for row in rows:
        place = f" ({row['place']})" if row["place"] else ""
        told = {
            "Printed": row["reported"],
            "Arithmetic": row["arithmetic"],
            "Why": row["reason"],
            "Choices": "" if row["choices"] == usual else row["choices"],
            "Robustness": agreement(row["n_agree"], row["n_specifications"]),
        }
        facts = [f"{row['sentence']}{place}", *(f"{k}: {v}." for k, v in told.items() if v)]
        name = str(row["id"])
        term = f"[{escape_markdown(name)}]{{#claim-{name}}}: {escape_markdown(row['verdict'])}"
        yield f"{term}\n\n:   " + "\n\n    ".join(escape_markdown(fact) for fact in facts) + "\n"
