"""Sentences about compliance gains, reproduction, projection and behaviour change."""

from __future__ import annotations

from foresay.display import (
    direction,
    interval_text,
    is_missing,
    listing,
    percent,
    plural,
    value_text,
)
from foresay.publishing.results import Results
from foresay.publishing.rows import Row, arm_name, rows_of, same_group

_MOST = 4
_DIGITS = 3


def compliance_gain(results: Results) -> str:
    """Say how much of each training's gain is compliance."""
    said = []
    for row in rows_of(results, "compliance_gain", "gain")[: _MOST + 2]:
        parts = {
            name: same_group(results, "compliance_gain", row, name)
            for name in ("gain_compliance", "gain_share")
        }
        who = f"{row['predictor']} gains {interval_text(row, _DIGITS)} over {row['before']}"
        part, share = parts["gain_compliance"], parts["gain_share"]
        if part is None or is_missing(part["value"]):
            why = "" if part is None or not part["note"] else f" ({part['note']})"
            said.append(f"{who}; what of it is compliance cannot be told{why}.")
            continue
        of = value_text(part, _DIGITS)
        if share is None or is_missing(share["value"]) or row["value"] <= 0:
            said.append(f"{who}; {of} is compliance.")
        elif share["value"] > 1:
            said.append(
                f"{who}; compliance alone is {of}, more than the gain: accuracy among compliant "
                "replies fell."
            )
        else:
            said.append(f"{who}; {of} of it ({percent(share['value'])}) is compliance.")
    return " ".join(said)


def reproduction(results: Results) -> str:
    """Say for the arms that reproduce most how well they read properties off."""
    rows = sorted(
        rows_of(results, "reproduction", "reproduction"), key=lambda r: (-r["value"], r["arm"])
    )
    said = []
    for row in rows[:2]:
        read = same_group(results, "reproduction", row, "extraction")
        text = (
            f"{row['arm']} reproduces {percent(row['value'])} of the whole answers of "
            f"{row['target']}"
        )
        if read is not None and not is_missing(read["value"]):
            text += (
                "; where it does, it is right about the property at a rate of "
                f"{interval_text(read, _DIGITS)}"
            )
        gap = same_group(results, "reproduction", row, "copy_gap")
        if gap is not None and not is_missing(gap["value"]):
            text += (
                ". Against reading the property off its own predicted answer its accuracy is "
                f"{_gap(gap)}"
            )
        said.append(f"{text}.")
    return " ".join(said)


def projection(results: Results) -> str:
    """Say which predictors answer for themselves, and which for the target."""
    rows = rows_of(results, "projection", "projection")
    if not rows:
        return ""
    above, below = (
        [r for r in rows if direction(r) == word] for word in ("higher than", "lower than")
    )
    parts = []
    if above:
        parts.append(f"{_who(above)} match their own behaviour more often than the target's")
    if below:
        parts.append(f"{_who(below)} match the target's behaviour more often than their own")
    rest = [r for r in rows if r not in above and r not in below]
    if rest:
        parts.append(f"of {_who(rest)} it cannot be told")
    joined = "; ".join(parts)
    return (
        f"Of {plural(len(rows), 'arm')} whose predictor behaves otherwise than its target on some "
        f"items, on these items {joined}."
    )


def shift(results: Results) -> str:
    """Say what predictions about changed targets follow."""
    said = []
    for row in rows_of(results, "shift", "shift_new")[:_MOST]:
        old = same_group(results, "shift", row, "shift_old")
        text = (
            f"On items whose behaviour was shifted, predictions of {row['arm']} about "
            f"{row['target']} are its new behaviour at a rate of {interval_text(row, _DIGITS)}"
        )
        if old is not None and not is_missing(old["value"]):
            text += f" and its old behaviour at a rate of {interval_text(old, _DIGITS)}"
        said.append(f"{text}.")
    return " ".join(said)


def shifted_share(results: Results) -> str:
    """Say how many items were shifted, task by task, and how many noise alone would shift."""
    said = []
    for row in rows_of(results, "shifted_share", "shifted_share")[: _MOST + 2]:
        noise = same_group(results, "shifted_share", row, "shift_noise", keys=("target", "task"))
        text = f"{percent(row['value'])} of the items of {row['task']}"
        if noise is not None and not is_missing(noise["value"]):
            text += f" (noise alone: {percent(noise['value'])})"
        said.append((str(row["target"]), text))
    targets = list(dict.fromkeys(target for target, _ in said))
    return " ".join(
        f"{target} behaves otherwise than its base on "
        f"{listing([text for who, text in said if who == target])}."
        for target in targets
    )


def _gap(row: Row) -> str:
    if direction(row, 0.0) == "lower than":
        return f"lower by {interval_text({**row, **_turned(row)}, _DIGITS)}"
    if direction(row, 0.0) == "higher than":
        return f"higher by {interval_text(row, _DIGITS)}"
    return f"not distinguishable ({interval_text(row, _DIGITS)})"


def _turned(row: Row) -> Row:
    return {"value": -row["value"], "low": -row["high"], "high": -row["low"]}


def _who(rows: list[Row]) -> str:
    return listing([arm_name(row, rows) for row in rows], most=6)
