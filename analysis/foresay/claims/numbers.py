"""Printed numbers: finds them in any text and reads what is printed, in time linear in its length.

Read are ``49.4``, ``.494``, ``1,234`` (also with thin or no-break spaces, and as LaTeX has them),
``-.02`` with any minus sign, ``1.2e-3`` (also as a power of ten), ``49.4 %``, ``17 points``,
``p < .01``.
Digits that belong to a name (``gpt-3.5``, ``70b``, ``M2``), to a version (``3.5.1``) or to a date
(``2024-10-17``) are no numbers, nor are powers of ten beyond 100. A decimal comma is not read:
``0,494`` is two numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from foresay.claims.printed import Printed, Unit
from foresay.errors import ChoiceError

_THIN = "\u00a0\u2007\u2009\u202f"
_TOKEN = re.compile(
    rf"""
    (?P<word>[^\W\d_]\w*+(?:[-.'\u2019/]\w++)*+)
    | (?P<date>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?![0-9]))
    | (?P<number>
        (?P<sign>(?<![\w%)\]}}\-\u2013\u2212])[+\-\u2212\u2013])?
        (?:
          (?P<grouped>[1-9][0-9]{{0,2}}
            (?:(?P<mark>,|\{{,\}}|\\,|[{_THIN}])[0-9]{{3}})(?:(?P=mark)[0-9]{{3}}){{0,9}})
            (?![0-9])(?:\.(?P<after>[0-9]{{1,40}}))?
          | (?P<plain>[0-9]{{1,40}}(?:\.[0-9]{{1,40}})?|\.[0-9]{{1,40}})
        )
        (?:[eE](?P<exponent>[+\-\u2212]?[0-9]{{1,3}})
          | [ {_THIN}]?(?:[x\u00d7·*]|\\times|\\cdot)[ {_THIN}]?10
            (?:\^\{{?(?P<power>[+\-\u2212]?[0-9]{{1,3}})\}}? | (?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}}))
        )?
        (?P<unit>[ {_THIN}]?(?:\\?%|percent(?:age[ -]points?)?\b|per[ ]cent\b|pp\b|points?\b))?
        (?![\w⁰¹²³⁴⁵⁶⁷⁸⁹]|\.[0-9])
      )
    | (?P<other>[0-9][\w.]*+)
    """,
    re.VERBOSE,
)
_BEFORE = re.compile(
    r"(?:(?P<name>[^\W\d_]\w{0,15})\$?\s{0,2})?"
    r"(?P<relation><=|>=|[<>=≤≥~≈]|\\leq?\b|\\geq?\b|\\approx\b|\\sim\b)\s{0,2}\$?$"
)
_RELATION = re.compile(r"[<>=≤≥~≈\\]")
_REACH = 28
_SAME = {"≤": "<=", r"\le": "<=", r"\leq": "<=", "≥": ">=", r"\ge": ">=", r"\geq": ">="}
_ABOUT = {"≈", r"\approx", r"\sim"}
_RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹\u2212\u2013", "+-0123456789--")
_LARGEST = 100
"""Powers of ten beyond this are not read, so that no arithmetic with floats overflows."""
_AROUND = " \t\r\n$*_`" + _THIN


def find_numbers(text: str) -> list[Printed]:
    """Return every number of a text, in its order.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Printed
        With positions in `text`; the relation before a number (``p < .01``) is part of it.

    Examples
    --------
    >>> [n.text for n in find_numbers("gpt-4o: 49.4 % of 74,853 (p < .01)")]
    ['49.4 %', '74,853', 'p < .01']
    """
    return list(_numbers(text))


def parse_number(text: str) -> Printed:
    """Return the one number that a text is; marks of emphasis and ``$`` may stand around it.

    Raises
    ------
    ChoiceError
        The text is no number, or holds more than one.

    Examples
    --------
    >>> n = parse_number("49.4 %")
    >>> n.value, n.decimals, n.unit
    (0.494, 1, 'percent')
    >>> span = parse_number(".494").span("half_up")
    >>> span.floats(), span.with_low, span.with_high
    ((0.4935, 0.4945), True, False)
    """
    found = find_numbers(text)
    if len(found) == 1:
        only = found[0]
        if not (text[: only.start] + text[only.end :]).strip(_AROUND):
            return only
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    what = "holds more than one number" if len(found) > 1 else "is not a printed number"
    raise ChoiceError(f"{shown!r} {what}; write one number, such as .494, 49.4 % or 1,234")


def _numbers(text: str) -> Iterator[Printed]:
    for match in _TOKEN.finditer(text):
        exponent = _exponent(match)
        if match["number"] is None or abs(exponent) > _LARGEST:
            continue
        start, end = match.span("number")
        before = _before(text, start)
        relation, name = "=", ""
        if before is not None:
            start -= len(before[0])
            name = before["name"] or ""
            said = before["relation"]
            relation = "~" if said in _ABOUT else _SAME.get(said, said)
        yield _printed(match, exponent, relation, name, text[start:end], start)


def _before(text: str, start: int) -> re.Match[str] | None:
    near = text[max(0, start - _REACH) : start]
    return _BEFORE.search(near) if _RELATION.search(near) else None


def _printed(
    match: re.Match[str], exponent: int, relation: str, name: str, text: str, start: int
) -> Printed:
    if match["grouped"] is not None:
        whole, after = re.sub(r"[^0-9]", "", match["grouped"]), match["after"] or ""
    else:
        whole, _, after = match["plain"].partition(".")
    figures = whole + after
    shift = exponent - len(after)
    exact = Fraction(int(figures) * 10**shift) if shift >= 0 else Fraction(int(figures), 10**-shift)
    negative = (match["sign"] or "+") != "+"
    return Printed(
        text=text,
        exact=-exact if negative else exact,
        decimals=len(after) - exponent,
        digits=len(figures.lstrip("0")),
        unit=_unit(match["unit"]),
        relation=relation,
        name=name,
        start=start,
        end=start + len(text),
    )


def _exponent(match: re.Match[str]) -> int:
    power = match["exponent"] or match["power"] or match["raised"]
    return int(power.translate(_RAISED)) if power else 0


def _unit(said: str | None) -> Unit:
    if said is None:
        return ""
    return "points" if "point" in said or said.endswith("pp") else "percent"
