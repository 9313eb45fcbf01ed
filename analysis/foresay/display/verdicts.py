"""Verdicts in words: what the test of a comparison showed, never more than it showed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foresay.display.numbers import decimal, is_missing

NOT_TESTED = "not tested"


def verdict_words(row: Mapping[str, Any]) -> str:
    """Say what the test of a comparison showed.

    Parameters
    ----------
    row : mapping or pandas Series
        A row of a table of comparisons: ``value, hypothesis, margin, verdict`` and, for ratios,
        ``reference``.

    Examples
    --------
    >>> verdict_words({"value": 0.1, "hypothesis": "difference", "verdict": "not shown"})
    'not distinguishable from 0'
    >>> verdict_words(
    ...     {"value": 0.01, "hypothesis": "equivalence", "verdict": "equivalent", "margin": 0.05}
    ... )
    'within .050 of 0'
    """
    said = row.get("verdict", "")
    if is_missing(said) or said == "":
        return NOT_TESTED
    reference = row.get("reference", 0.0)
    reference = 0.0 if is_missing(reference) else float(reference)
    ratio = reference == 1.0
    margin = "" if is_missing(row.get("margin")) else decimal(row["margin"], 3, bounded=not ratio)
    near = f"within a factor of {margin}" if ratio else f"within {margin} of 0"
    match row.get("hypothesis"):
        case "equivalence":
            return near if said == "equivalent" else f"not shown to be {near}"
        case "superiority":
            return f"higher than {margin}" if said == "superior" else f"not shown above {margin}"
    if said == "not shown":
        return f"not distinguishable from {reference:g}"
    return f"{'higher' if float(row['value']) > reference else 'lower'} than {reference:g}"


def words_of_test(row: Mapping[str, Any]) -> str:
    """Name the test of a comparison in words; "" for none.

    Examples
    --------
    >>> words_of_test({"test": "sign_flip"})
    'flips of the signs of clusters'
    """
    return _TESTS.get(str(row.get("test", "")), "")


_TESTS = {
    "sign_flip": "flips of the signs of clusters",
    "mcnemar": "mid-p McNemar test",
    "tost": "two one-sided t tests",
    "superiority_t": "one-sided t test",
    "t": "t test",
}


def part_words(row: Mapping[str, Any]) -> str:
    """Say which number of a comparison a row is.

    Examples
    --------
    >>> part_words({"quantity": "point", "subject": "self", "x": 1000.0})
    'self at 1,000'
    >>> part_words({"quantity": "without", "subject": "animals"})
    'mean without animals'
    """
    pattern = _PARTS.get(str(row["quantity"]), str(row["quantity"]))
    levels = {
        name: "" if is_missing(row.get(name)) else f"{float(row[name]):,g}"
        for name in ("x", "x_from")
    }
    return pattern.format(**levels, **{k: row.get(k, "") for k in ("subject", "against", "over")})


_PARTS = {
    "point": "{subject} at {x}",
    "slope": "{subject}, per {against}",
    "plateau": "{subject}, change from {x_from} to {x}",
    "effect": "{subject}",
    "next effect": "next {over}",
    "without": "mean without {subject}",
    "coefficient": "{subject} (logit)",
    "marginal effect": "{subject} (probability)",
}
