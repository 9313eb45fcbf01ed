"""What one cell of a table says: an estimate with its error or interval, two ends, a count."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from foresay.claims.numbers import find_numbers
from foresay.claims.printed import Printed
from foresay.claims.statements import Statement, find_statements

_FRACTION = re.compile(r"[0-9]\s?/\s?[0-9]")
_PLUS_MINUS = re.compile(r"\+\s?/\s?[-\u2212]|\+[-\u2212]")
_SUBSCRIPT = re.compile(
    r"\${0,2}_\s?(?:\{\s?(?:\\pm|±)?\s?(?P<braced>(?:[0-9]+\.?[0-9]*|\.[0-9]+)\s?(?:\\?%)?)\s?\}"
    r"|(?P<bare>[0-9])(?![0-9.{]))"
)
_INDEXED = re.compile(r"_\s?\{|[0-9]\s?_|_\s?[0-9]")
_GROUPED = re.compile(
    r"[1-9][0-9]{0,2}(?:(?P<mark>[ ,'_\u2019\u00a0\u2007\u2009\u202f])[0-9]{3})"
    r"(?:(?P=mark)[0-9]{3}){0,4}"
)
_POINTS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4}")
_PAIR = re.compile(r"\s{0,3}[,;]\s{0,3}")
_AROUND = " \t$[]()"


@lru_cache(maxsize=65_536)
def parse_cell(text: str) -> Printed | None:
    """Return the first number of a cell; None where there is none, a fraction or an index."""
    found = [] if not text or is_fraction(text) else find_numbers(_plain(text))
    return found[0] if found else None


def is_fraction(text: str) -> bool:
    """Whether a cell holds something like ``12/100``, whose first number is not its value."""
    return "/" in text and _FRACTION.search(text) is not None


@lru_cache(maxsize=65_536)
def stated(text: str, within: str = "") -> Statement | None:
    """Return the estimate of a cell with what stands beside it; None where there is none.

    Parameters
    ----------
    text : str
        The cell.
    within : {"", "error", "spread"}
        What the head says of a number in brackets or behind ±: a standard error, or a standard
        deviation, which says nothing about the estimate and is left out.

    Examples
    --------
    >>> stated("60.0 (9.9)", "error").half_width.text, stated("60.0 (9.9)").half_width
    ('9.9', None)
    >>> stated("$.60_{.049}$").half_width.text
    '.049'
    """
    plain = _plain(text)
    found = [] if is_fraction(text) else find_statements(plain)
    if not found or found[0].value is None:
        return None
    first = found[0]
    if within == "spread" and first.kind == "half_width":
        return replace(first, kind="number", half_width=None)
    if len(found) != 2 or first.kind != "number":
        return first
    second = found[1]
    if second.kind == "interval":
        return replace(first, low=second.low, high=second.high)
    bracketed = plain[first.end : second.start].strip() in ("(", "[")
    if within == "error" and second.kind == "number" and bracketed:
        return replace(first, half_width=second.value)
    return first


def ends_of(text: str, *, interval: bool) -> tuple[Printed, Printed] | None:
    """Return both ends that a cell such as ``[.490, .498]`` holds; None where it has none.

    Parameters
    ----------
    text : str
        The cell.
    interval : bool
        Whether the head says that it is an interval: then the brackets may be missing.
    """
    plain = _plain(text)
    found = find_statements(plain) if plain else []
    if len(found) == 1 and found[0].kind in ("interval", "range") and found[0].value is None:
        low, high = found[0].low, found[0].high
        return None if low is None or high is None else (low, high)
    numbers = find_numbers(plain) if interval else []
    if len(numbers) != 2 or not _PAIR.fullmatch(plain[numbers[0].end : numbers[1].start]):
        return None
    low, high = numbers
    if (plain[: low.start] + plain[high.end :]).strip(_AROUND):
        return None
    return low.in_unit(high.unit), high.in_unit(low.unit)


def half_width_of(text: str) -> Printed | None:
    """Return the only number of a cell; None where there are more, which are no half-width."""
    found = find_numbers(_plain(text)) if text else []
    return parse_cell(text) if len(found) == 1 else None


@lru_cache(maxsize=65_536)
def count_of(text: str) -> Printed | None:
    """Return the number of items of a cell; None where it is none, or could be more than one.

    Groups of three digits behind a comma, a space, an apostrophe or an underscore are one number.
    Behind a point they are not: ``1.000`` may be 1 or a thousand.

    Examples
    --------
    >>> [count_of(text).value for text in ("1 000", "1'000", "1,000", "n = 40")]
    [1000.0, 1000.0, 1000.0, 40.0]
    >>> [count_of(text) for text in ("10 00", "1.000", "1 000 of 2 000")]
    [None, None, None]
    """
    bare = text.strip(" \t$")
    if _GROUPED.fullmatch(bare):
        bare = re.sub(r"[^0-9]", "", bare)
    elif _POINTS.fullmatch(bare):
        return None
    found = find_numbers(bare) if bare and not is_fraction(bare) else []
    return found[0] if len(found) == 1 else None


def _plain(text: str) -> str:
    """Return a cell with ± for its other spellings and LaTeX subscripts; "" if indices are left."""
    if "+" in text:
        text = _PLUS_MINUS.sub(" ± ", text)
    if "_" not in text:
        return text
    text = _SUBSCRIPT.sub(lambda found: f" ± {found['braced'] or found['bare']}", text)
    return "" if _INDEXED.search(text) else text
