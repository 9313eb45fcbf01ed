"""Honest tables as papers print them, and the same tables with one error put in."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from scipy import special

ARMS = ("self", "cross")
RATES = {"first_word": 0.05, "third_word": 0.3, "is_even": 0.5, "vowel": 0.72, "stance": 0.93}
"""True accuracy by property; the other arm has `GAP` less, or half."""
GAP = 0.04
Z = special.ndtri(0.975)
CLAIMS = [
    {"id": f"{kind} of {name}", "terms": terms.replace("*", name)}
    for name in RATES
    for kind, terms in (
        ("difference", "self-* - cross-* = advantage-*"),
        ("complements", "old-* + new-* = 100%"),
    )
]
Table = list[dict[str, str]]
Writer = Callable[..., str]


def honest(parameters: Mapping[str, Any], number: int, rng: np.random.Generator) -> Table:
    """Return accuracies with intervals and errors, advantages and complements, rounded correctly.

    Ties go to the even digit in every other table and up in the rest. Each number is rounded from
    its exact value and not from others that were rounded.
    """
    ties = (decimal.ROUND_HALF_EVEN, decimal.ROUND_HALF_UP)[number % 2]
    written = _writer(parameters["decimals"], parameters["unit"], ties)
    rows: Table = []
    for name, rate in RATES.items():
        n = int(parameters["items"] * rng.uniform(0.7, 1.3))
        rights = [int(rng.binomial(n, p)) for p in (rate, max(rate - GAP, rate / 2))]
        for arm, k in zip(ARMS, rights, strict=True):
            rows.append(_accuracy(f"{arm}-{name}", arm, name, (k, n), parameters, written, rng))
        rows.append(_plain("advantage", name, Fraction(rights[0] - rights[1], n), written))
        old = Fraction(int(rng.binomial(n, 0.3)), n)
        rows.append(_plain("old", name, old, written))
        rows.append(_plain("new", name, 1 - old, written))
    return rows


def _accuracy(
    row: str,
    arm: str,
    name: str,
    counts: tuple[int, int],
    parameters: Mapping[str, Any],
    written: Writer,
    rng: np.random.Generator,
) -> dict[str, str]:
    k, n = counts
    low, high = interval(parameters["interval"], k, n, rng)
    return {
        **_plain("accuracy", name, Fraction(k, n), written),
        "id": row,
        "predictor": arm,
        "low": written(low),
        "high": written(high),
        "se": written(np.sqrt(k / n * (1 - k / n) / n), 1),
        "n": str(n),
    }


def _plain(what: str, name: str, value: Fraction, written: Writer) -> dict[str, str]:
    return {
        "id": f"{what}-{name}",
        "predictor": what,
        "property": name,
        "estimand": {"accuracy": "accuracy", "advantage": "self advantage"}.get(what, "share"),
        "value": written(value),
        "low": "",
        "high": "",
        "se": "",
        "n": "",
    }


def interval(way: str, k: int, n: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return an interval for k of n; a way such as ``bootstrap 200`` says its resamples."""
    p = k / n
    if way == "normal":
        half = Z * np.sqrt(p * (1 - p) / n)
        return p - half, p + half
    if way == "wilson":
        centre, half = p + Z**2 / (2 * n), Z * np.sqrt(p * (1 - p) / n + (Z / (2 * n)) ** 2)
        return (centre - half) / (1 + Z**2 / n), (centre + half) / (1 + Z**2 / n)
    if way == "exact":
        low = special.betaincinv(k, n - k + 1, 0.025) if k else 0.0
        return low, special.betaincinv(k + 1, n - k, 0.975) if k < n else 1.0
    drawn = rng.binomial(n, p, size=int(way.split()[1])) / n
    low, high = np.quantile(drawn, (0.025, 0.975))
    return low, high


def _writer(decimals: int | None, unit: str, ties: str) -> Writer:
    def written(value: Fraction | float, extra: int = 0) -> str:
        if decimals is None:
            return repr(float(value))
        exact = Fraction(value) * (100 if unit == "percent" else 1)
        with decimal.localcontext() as context:
            context.prec = 60
            number = decimal.Decimal(exact.numerator) / decimal.Decimal(exact.denominator)
        places = decimal.Decimal(1).scaleb(-decimals - extra)
        return f"{number.quantize(places, rounding=ties)}{'%' if unit == 'percent' else ''}"

    return written


def digit(table: Table, rng: np.random.Generator) -> list[str]:
    """Change one digit of one accuracy."""
    row = _one(table, rng)
    places = [at for at, c in enumerate(row["value"]) if c.isdigit()]
    at = int(rng.choice(places[:5]))
    others = [c for c in "0123456789" if c != row["value"][at]]
    row["value"] = row["value"][:at] + str(rng.choice(others)) + row["value"][at + 1 :]
    return [row["id"]]


def swapped(table: Table, rng: np.random.Generator) -> list[str]:
    """Swap two accuracies of an arm that print differently."""
    while True:
        one, other = _one(table, rng), _one(table, rng)
        if one["predictor"] == other["predictor"] and one["value"] != other["value"]:
            one["value"], other["value"] = other["value"], one["value"]
            return [one["id"], other["id"]]


def stale_n(table: Table, rng: np.random.Generator) -> list[str]:
    """Print another n, up to a fifth away from the true one, and never the same."""
    row = _one(table, rng)
    n = int(row["n"])
    away = int(rng.integers(1, max(n // 5, 2)))
    row["n"] = str(n + away if rng.random() < 0.5 else max(n - away, 1))
    return [row["id"]]


def copied_panel(table: Table, rng: np.random.Generator) -> list[str]:
    """Print everything of one arm for the other."""
    del rng
    index = {row["id"]: row for row in table}
    for name in RATES:
        for part in ("value", "low", "high", "se"):
            index[f"cross-{name}"][part] = index[f"self-{name}"][part]
    return [f"cross-{name}" for name in RATES]


SEEDED = {
    "one digit": digit,
    "two cells": swapped,
    "stale n": stale_n,
    "copied panel": copied_panel,
}
"""Errors that are put in, by name."""


def _one(table: Table, rng: np.random.Generator) -> dict[str, str]:
    rows = [row for row in table if row["predictor"] in ARMS]
    return rows[int(rng.integers(len(rows)))]
