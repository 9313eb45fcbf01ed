"""A row of the study's numbers as a judgement, and the printed numbers held against it."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

from foresay.claims.claim import Claim
from foresay.claims.judged import Judged, not_assessed
from foresay.claims.printed import Printed, Rounding
from foresay.claims.spans import Span
from foresay.claims.verdicts import Verdict
from foresay.claims.wording import as_printed, computed, stands_for
from foresay.display import count, is_missing

_CHOICES = (
    *("compliance", "truth", "baseline", "ceiling", "weighting", "cluster", "within", "crossed"),
    *("strata", "interval", "level", "seed", "resamples", "where"),
)
_COUNTED = 2
"""A whole number from here on is shown as a count, even where it is a value."""
_SIMPLEST = 10**7
_NOISE = Fraction(1, 2**48)


def exact(value: float) -> Fraction:
    """Return the simplest fraction that a float stands for, such as 989/2000 for .4945.

    Ties of rounding are decided by the fraction, since the float is a hair above or below it.
    """
    given = Fraction(value)
    simple = given.limit_denominator(_SIMPLEST)
    return simple if abs(simple - given) <= _NOISE * max(abs(given), _NOISE) else given


def of_row(row: dict[str, Any], claim: Claim, verdict: Verdict = "supported") -> Judged:
    """Return a row's numbers as a judgement."""
    return Judged(
        verdict=verdict,
        value=_number(row, "value"),
        low=_number(row, "low"),
        high=_number(row, "high"),
        n=_number(row, f"n_{claim.n_of}"),
        choices=", ".join(
            f"{name}={row[name]}"
            for name in _CHOICES
            if name in row and not is_missing(row[name]) and row[name] != ""
        ),
        fingerprint=str(row.get("fingerprint", "")),
    )


def undefined(row: dict[str, Any], claim: Claim) -> list[Judged]:
    """Return that a row has no value, with the reason that it gives; nothing if it has one."""
    if not math.isnan(_number(row, "value")):
        return []
    note = str(row.get("note") or "") or "its value is not defined"
    return [replace(of_row(row, claim, "not assessed"), reason=f"{claim.of}: {note}")]


def printed_parts(claim: Claim, row: dict[str, Any], *, value: bool = True) -> list[Judged]:
    """Return what the numbers printed with a claim come to, against a row.

    Parameters
    ----------
    claim : Claim
        Its value, interval and n are used, as far as they are there.
    row : dict
        Of the study's numbers.
    value : bool
        Whether `claim.value` is the row's value; of a test it is the p-value.
    """
    parts = []
    known = of_row(row, claim)
    printed = claim.printed()
    if value and printed is not None:
        parts.append(_value(printed, known, claim))
    if claim.ends is not None:
        for end, name in zip(claim.ends, ("low", "high"), strict=True):
            parts.append(_held(end, getattr(known, name), known, claim.rounding, f"{name} end"))
    n = claim.printed("n")
    if n is not None:
        what = f"number of {claim.n_of}"
        parts.append(_held(n, known.n, known, claim.rounding, what, exact=True))
    return parts


def matches(printed: Printed, value: float, rounding: Rounding) -> bool:
    """Whether a number prints as it is printed."""
    return printed.span(rounding).contains(exact(value))


def about(printed: Printed) -> Span:
    """Return the true values for which a number stands that is printed with ``≈``.

    Notes
    -----
    It is rounded to its last digit that is no zero at the end of a whole number: ``≈ 7000`` stands
    for 6,500 to 7,500, and ``≈ .5`` for .45 to .55. Of a 1 with zeros only, the first zero counts
    as a digit, since the 1 alone would hold half as much and half as much again: ``≈ 100`` stands
    for 95 to 105.

    Examples
    --------
    >>> from foresay.claims.numbers import parse_number
    >>> [about(parse_number(text)).floats() for text in ("≈ 7000", "≈ 100", "≈ 50 %", "≈ .50")]
    [(6500.0, 7500.0), (95.0, 105.0), (0.45, 0.55), (0.495, 0.505)]
    """
    whole = str(abs(int(printed.exact))) if printed.decimals == 0 else "0"
    zeros = len(whole) - len(whole.rstrip("0")) if whole != "0" else 0
    if zeros and whole.rstrip("0") == "1":
        zeros -= 1
    return replace(printed, relation="=", decimals=printed.decimals - zeros).span()


def printed_about(printed: Printed, value: float, what: str = "", *, right: bool) -> str:
    """Return a number printed with ``≈`` and a recomputed one as a sentence."""
    unit = printed.unit
    whole = float(value).is_integer() and not unit and abs(value) >= _COUNTED
    said = count(int(value)) if whole else computed(value, "percent" if unit else "")
    name, span = f"{what}: " if what else "", stands_for(about(printed), unit)
    return (
        f"{name}printed {as_printed(printed)}, which stands for {span}; recomputed {said}; "
        f"{'fits' if right else 'differs'}"
    )


def _held(
    printed: Printed,
    value: float,
    known: Judged,
    rounding: Rounding,
    what: str = "",
    *,
    exact: bool = False,
) -> Judged:
    if math.isnan(value):
        return replace(not_assessed(f"no {what or 'value'} was computed"), fingerprint="")
    right = matches(printed, value, rounding)
    return replace(
        known,
        verdict="supported" if right else "contradicted",
        arithmetic=arithmetic(printed, value, rounding, what, right=right, exact=exact),
    )


def arithmetic(
    printed: Printed,
    value: float,
    rounding: Rounding,
    what: str = "",
    *,
    right: bool,
    exact: bool = False,
) -> str:
    """Return a printed and a recomputed number as a sentence; a count is `exact`."""
    unit = printed.unit
    whole = float(value).is_integer() and not unit and (exact or abs(value) >= _COUNTED)
    said = count(int(value)) if whole else computed(value, "percent" if unit else "")
    plain = whole or printed.relation != "="  # a bound says itself what it stands for
    stands = "" if plain else f", which stands for {stands_for(printed.span(rounding), unit)}"
    name = f"{what}: " if what else ""
    fits = "fits" if right else "differs"
    if not right and what in ("", "low end", "high end"):
        fits += other_unit(printed, value, rounding)
    return f"{name}printed {as_printed(printed)}{stands}; recomputed {said}; {fits}"


def other_unit(printed: Printed, value: float, rounding: Rounding) -> str:
    """Return a question where a number fits with the other unit: ``63.3`` for .633."""
    other = replace(printed, unit="" if printed.unit else "percent")
    if printed.relation != "=":  # a bound fits with almost any unit
        return ""
    if printed.unit == "points" or not matches(other, value, rounding):
        return ""
    number = printed.text.rstrip("% ").removesuffix("percent").rstrip()
    return f"; did you mean {number}{'' if printed.unit else ' %'}?"


def _value(printed: Printed, known: Judged, claim: Claim) -> Judged:
    if printed.relation != "~":
        return _held(printed, known.value, known, claim.rounding)
    exactly = float(printed.natural)
    if claim.margin is None:
        span = about(printed)
        low, high = span.floats()
        right = span.contains(exact(known.value))
        said = printed_about(printed, known.value, right=right)
        near = not right and known.low <= high and known.high >= low
        reason = (
            "no margin is said, and the interval reaches into what the printed value stands for"
        )
        return replace(
            known,
            verdict="supported" if right else "unresolved" if near else "contradicted",
            arithmetic=f"{said}; interval {_span(known)}" if near else said,
            reason=reason if near else "",
        )
    said = f"printed {as_printed(printed)}; recomputed {computed(known.value)}"
    return within(known, claim.margin, around=exactly, said=said)


def within(known: Judged, margin: float, *, around: float = 0.0, said: str = "") -> Judged:
    """Return whether an interval lies within a margin of some value, outside, or across its end."""
    low, high = known.low - around, known.high - around
    words = f"interval {_span(known)}, margin {computed(margin)} around {computed(around)}"
    arithmetic = f"{said}; {words}" if said else words
    if math.isnan(low) or math.isnan(high):
        return replace(known, verdict="not assessed", reason="no interval was computed")
    if -margin < low and high < margin:
        return replace(known, verdict="supported", arithmetic=arithmetic)
    if low > margin or high < -margin:
        return replace(known, verdict="contradicted", arithmetic=arithmetic)
    reason = "the interval reaches across the margin"
    return replace(known, verdict="unresolved", arithmetic=arithmetic, reason=reason)


def _span(known: Judged) -> str:
    return f"{computed(known.low)} to {computed(known.high)}"


def of_what(row: dict[str, Any], claim: Claim) -> str:
    """Return which of several rows this is, for the arithmetic; "" for the only one."""
    named = [f"{name} {row[name]}" for name in claim.each]
    if len(claim.arms) > 2:
        named.append(str(row.get("arms", "")).partition(": ")[2])
    return ", ".join(named)


def named(judged: Judged, row: dict[str, Any], claim: Claim) -> Judged:
    """Return a part that says which row it is about, where there are several."""
    what = of_what(row, claim)
    if not what:
        return judged
    reason = f"{what}: {judged.reason}" if judged.reason else ""
    return replace(judged, arithmetic=f"{what}: {judged.arithmetic}", reason=reason)


def _number(row: dict[str, Any], name: str) -> float:
    value = row.get(name)
    return math.nan if is_missing(value) else float(value)  # type: ignore[arg-type]  # a number or missing
