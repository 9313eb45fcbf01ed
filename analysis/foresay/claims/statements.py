"""Values with their intervals, and ranges, as papers print them: neighbouring numbers put together.

``49.4 ± 0.3``, ``.494 [.490, .498]``, ``49.4 % (95 % CI 49.0 to 49.8)``, ``49.0 to 49.8 %``,
``between .490 and .498``, ``3-5``. A change, such as ``rose from 3 to 5``, is two numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from foresay.claims.numbers import find_numbers
from foresay.claims.printed import Printed

Kind = Literal["number", "interval", "range", "half_width"]

_PLUS_MINUS = re.compile(r"\s{0,3}\$?(?:±|\+/-|\+-|\\pm)\$?\s{0,3}")
_TO = re.compile(r"\s{0,3}(?:,|;|--?|[\u2013\u2014]|\.\.\.?|\bto\b|\band\b)\s{0,3}")
_RANGE = re.compile(r"\s?(?:--?|[\u2013\u2014])\s?|\s{1,3}to\s{1,3}")
_WAY = r"(?:bootstrap|percentile|credible|confidence|Wilson|exact)"
_NAMED = (
    rf"(?:{_WAY}\s)?"
    r"(?:CIs?|C\.I\.|CrI|confidence interval|interval)\s{0,2}[:,=]?\s{0,2}"
    r"(?:(?:of|from|between|is|was)\s)?"
)
_CI = re.compile(rf"[\s-]{{0,3}}{_NAMED}")
_LABEL = re.compile(rf"(?<!\w){_NAMED}[\[(]?\s{{0,2}}\$?$")
_CI_EQUALS = re.compile(r"(?:CI|interval)\s{0,2}[=:]\s{0,2}")
_OPEN = re.compile(
    rf"[\s,;:]{{0,3}}(?:with (?:a )?)?[\[(]?\s{{0,2}}(?:{_NAMED}|{_WAY}\s)?\$?[\[(]?\s{{0,2}}"
)
_BETWEEN = re.compile(r"\bbetween\s{1,3}$")
_AND = re.compile(r"\s{1,3}and\s{1,3}")
_CHANGE = re.compile(
    r"\b(?:rose|rises|rising|fell|falls|falling|grew|grows|growing|went|goes|going|dropp?(?:ed|s|ing)?"
    r"|increas(?:ed?|es|ing)|decreas(?:ed?|es|ing)|improv(?:ed?|es|ing)|declin(?:ed?|es|ing)"
    r"|chang(?:ed?|es|ing)|mov(?:ed?|es|ing)|climb(?:ed|s|ing)?|up|down|raised|lowered|reduced)"
    r"\s(?:\w{1,15}\s){0,3}?(?:from\s)?$"
)
_BEFORE = 48
_CLOSED = re.compile(r"\s{0,2}\$?[\])]")
_LONGEST_GAP = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A number with what is printed about it, or an interval or range without one.

    Parameters
    ----------
    kind : {"number", "interval", "range", "half_width"}
        Which form it has.
    value : Printed or None
        The number that the interval is about.
    low, high : Printed or None
        Ends of an interval or range.
    half_width : Printed or None
        What stands behind ±; whether it is a standard error or an interval is seldom said.
    level : Printed or None
        Such as 95 %.
    start, end : int
        Where it stands in the text.
    """

    kind: Kind
    value: Printed | None = None
    low: Printed | None = None
    high: Printed | None = None
    half_width: Printed | None = None
    level: Printed | None = None
    start: int = 0
    end: int = 0


def find_statements(text: str) -> list[Statement]:
    """Return every number, interval and range of a text, in its order.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Statement
        Each number of the text belongs to exactly one.

    Examples
    --------
    >>> (one,) = find_statements(".494 (95 % CI .490 to .498)")
    >>> one.kind, one.value.text, one.low.text, one.high.text, one.level.text
    ('interval', '.494', '.490', '.498', '95 %')
    >>> [one.kind for one in find_statements("49.4 ± 0.3 in 3-5 runs of 30")]
    ['half_width', 'range', 'number']
    """
    numbers = find_numbers(text)
    found: list[Statement] = []
    at = 0
    while at < len(numbers):
        made, used = _statement(text, numbers, at)
        found.append(made)
        at += used
    return found


def _statement(text: str, numbers: list[Printed], at: int) -> tuple[Statement, int]:
    first = numbers[at]
    ends = _interval(text, numbers, at)
    if ends is not None:
        return ends, (ends.level is not None) + 2
    if at + 1 < len(numbers):
        second = numbers[at + 1]
        gap = _gap(text, first, second)
        if gap is not None and _PLUS_MINUS.fullmatch(gap):
            value, half = _one_unit(first, second)
            return _placed("half_width", value=value, half_width=half), 2
        if gap is not None and _OPEN.fullmatch(gap):
            ends = _interval(text, numbers, at + 1)
            if ends is not None and ends.low is not None and ends.high is not None:
                low, high = (end.in_unit(first.unit) for end in (ends.low, ends.high))
                whole = replace(ends, value=first, low=low, high=high, start=first.start)
                return whole, 3 + (ends.level is not None)
        if gap is not None and _is_range(text, first, gap) and first.exact <= second.exact:
            low, high = _one_unit(first, second)
            return _placed("range", low=low, high=high), 2
    return _placed("number", value=first), 1


def _is_range(text: str, first: Printed, gap: str) -> bool:
    before = text[max(0, first.start - _BEFORE) : first.start]
    if _AND.fullmatch(gap):
        return _BETWEEN.search(before) is not None
    return _RANGE.fullmatch(gap) is not None and _CHANGE.search(before) is None


def _interval(text: str, numbers: list[Printed], at: int) -> Statement | None:
    """Return the interval that begins with a number: its level, or its low end."""
    level, near = None, [_unnamed(one) for one in numbers[at : at + 3]]
    if near[0].unit == "percent" and len(near) > 1:
        gap = _gap(text, near[0], near[1])
        named = None if gap is None else _CI.match(gap)
        if gap is not None and named is not None and _OPEN.fullmatch(gap, named.end()):
            level, near = near[0], near[1:]
    if len(near) < 2:
        return None
    low, high = near[:2]
    gap = _gap(text, low, high)
    if gap is None or not _TO.fullmatch(gap):
        return None
    opened = text[max(0, low.start - 3) : low.start].rstrip(" $")[-1:] in ("[", "(")
    closed = _CLOSED.match(text, high.end)
    labelled = level is not None or _LABEL.search(text[max(0, low.start - _BEFORE) : low.start])
    if not labelled and not (opened and closed):
        return None
    low, high = _one_unit(low, high)
    start = low.start if level is None else level.start
    return _placed("interval", low=low, high=high, level=level, start=start)


def _unnamed(number: Printed) -> Printed:
    """Return the low end of ``CI = .490, .498`` without what it is called."""
    named = _CI_EQUALS.match(number.text)
    if named is None:
        return number
    cut = named.end()
    return replace(number, text=number.text[cut:], name="", start=number.start + cut)


def _gap(text: str, one: Printed, other: Printed) -> str | None:
    if other.start - one.end > _LONGEST_GAP or other.name or one.end > other.start:
        return None
    return text[one.end : other.start]


def _one_unit(one: Printed, other: Printed) -> tuple[Printed, Printed]:
    """Give both the unit that is printed behind one of them."""
    return one.in_unit(other.unit), other.in_unit(one.unit)


def _placed(kind: Kind, *, start: int | None = None, **parts: Printed | None) -> Statement:
    numbers = [part for part in parts.values() if part is not None]
    return Statement(
        kind=kind,
        start=min(n.start for n in numbers) if start is None else start,
        end=max(n.end for n in numbers),
        **parts,
    )
