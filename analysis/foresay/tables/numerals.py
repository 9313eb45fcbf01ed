"""Whether the number that a text states is even, read from its digits and never computed."""

from __future__ import annotations

import unicodedata

import regex

from foresay.tables.texts import tidy

_DIGIT = regex.compile(r"\d")
_SPACED_GROUP = regex.compile(r"(?<=\d)[\u00a0\u2007\u2009\u202f](?=\d{3}(?!\d))")
_CANDIDATE = regex.compile(
    r"""
    (?P<name>[\p{L}_][\p{L}\p{M}\p{N}_]*\d(?:[.,]\d+)*)     # x86, v2.0.1: not numbers
    | [\p{L}_][\p{L}\p{M}_]*
    | (?P<number>
        (?:(?<![\p{L}\p{N}.])\.)?\d(?:\d|[.,'_\u066b\u066c](?=\d))*
        (?:[eE][+-]?\d{1,6}(?!\d))?
      )
      (?P<more>\p{No})?                                     # 2², 2½: more than decimal digits
    """,
    regex.VERBOSE,
)
_EXPONENT = regex.compile(r"(?P<mantissa>[^eE]+)(?:[eE](?P<exponent>[+-]?\d+))?")
_GROUPED = regex.compile(
    r"(?:\d{1,3}(?P<mark>[,'_\u066c])\d{3}(?:(?P=mark)\d{3})*|\d{1,2}(?:,\d{2})+,\d{3})"
    r"(?:[.\u066b](?P<fraction>\d+))?",
)
_POINT_GROUPED = regex.compile(
    r"\d{1,3}(?:(?:\.\d{3}){2,}|(?:\.\d{3})+(?=,))(?:,(?P<fraction>\d+))?"
)
_PLAIN = regex.compile(r"\d*(?:[.\u066b](?P<fraction>\d+))?")
_AMBIGUOUS = regex.compile(r"[1-9]\d{0,2}\.\d{3}|\d+,\d+")


def parity(text: str) -> tuple[bool | None, str | None]:
    """Return whether the one number in `text` is even, or why that cannot be said.

    Parameters
    ----------
    text : str
        Any text; words may stand around the number.

    Returns
    -------
    even : bool or None
        None where there is no number, more than one, or none that is certainly an integer.
    reason : str or None
        A few words why `even` is None.

    Notes
    -----
    Digits of any script count. The sign is ignored. Groups of three (or Indian groups) are read
    with ``, ' _`` and no-break or thin spaces, a decimal point as a point, ``3.0`` and ``1e3`` as
    integers. ``1.000`` and ``3,5`` mean different things in different places and are refused.
    Digits that belong to a name (``x86``) are no number. Numbers in words are not read.
    """
    if not _DIGIT.search(text):
        return None, "the response states no number in digits"
    found: list[tuple[str, bool]] = []
    for match in _CANDIDATE.finditer(tidy(_SPACED_GROUP.sub("_", text))):
        if match["number"] and (match["number"], bool(match["more"])) not in found:
            found.append((match["number"], bool(match["more"])))
            if len(found) > 1:
                return None, "the response states more than one number"
    if not found:
        return None, "the response states no number in digits"
    number, more = found[0]
    if more:
        return None, "the number has a power or fraction sign"
    return _parity_of(number)


def _parity_of(number: str) -> tuple[bool | None, str | None]:
    parts = _EXPONENT.fullmatch(number)
    if parts is None:
        return None, "the number is not written as a decimal number"
    mantissa, exponent = parts["mantissa"], int(parts["exponent"] or 0)
    if _AMBIGUOUS.fullmatch(mantissa) and not _GROUPED.fullmatch(mantissa):
        return None, "the number has a mark that may be a decimal or a thousands mark"
    for form in (_GROUPED, _POINT_GROUPED, _PLAIN):
        if match := form.fullmatch(mantissa):
            digits = [unicodedata.digit(c) for c in mantissa if c.isdecimal()]
            return _parity_of_digits(digits, exponent - len(match["fraction"] or ""))
    return None, "the number has marks in places where no convention has them"


def _parity_of_digits(digits: list[int], exponent: int) -> tuple[bool | None, str | None]:
    """Return the parity of ``digits * 10 ** exponent``."""
    while digits and digits[-1] == 0:
        digits.pop()
        exponent += 1
    if not digits or exponent > 0:
        return True, None
    if exponent < 0:
        return None, "the number is not an integer"
    return digits[-1] % 2 == 0, None
