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
EQUAL = {"third_word": 0.3, "is_even": 0.5, "vowel": 0.72}
"""The same of tables whose arms are all equally good, as many as the parameter ``arms`` says."""
CLUSTERS = 8
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

    With more than two arms all have the same true accuracies, and there are no advantages. Ties
    go to the even digit in every other table and up in the rest. Each number is rounded from its
    exact value and not from others that were rounded.
    """
    ties = (decimal.ROUND_HALF_EVEN, decimal.ROUND_HALF_UP)[number % 2]
    written = _writer(parameters["decimals"], parameters["unit"], ties)
    rows: Table = []
    arms = arms_of(parameters)
    for name, rate in rates_of(parameters).items():
        n = int(parameters["items"] * rng.uniform(0.7, 1.3))
        others = rate if len(arms) > len(ARMS) else max(rate - GAP, rate / 2)
        drawn = [
            _drawn(parameters["interval"], n, p, rng) for p in (rate, *[others] * len(arms[1:]))
        ]
        for arm, one in zip(arms, drawn, strict=True):
            rows.append(_accuracy(f"{arm}-{name}", arm, name, one, parameters, written, rng))
        if arms == ARMS:
            gap = Fraction(int(drawn[0][0].sum() - drawn[1][0].sum()), n)
            rows.append(_plain("advantage", name, gap, written))
        old = Fraction(int(rng.binomial(n, 0.3)), n)
        rows.append(_plain("old", name, old, written))
        rows.append(_plain("new", name, 1 - old, written))
    return rows


def arms_of(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the arms of a table."""
    return (*ARMS, "third", "fourth", "fifth", "sixth")[: parameters["arms"]]


def rates_of(parameters: Mapping[str, Any]) -> dict[str, float]:
    """Return the properties of a table with the true accuracy of the first arm."""
    return RATES if parameters["arms"] == len(ARMS) else EQUAL


def _drawn(way: str, n: int, rate: float, rng: np.random.Generator) -> np.ndarray:
    """Return who is right: counts of each of `CLUSTERS` clusters of items, or one count of all.

    The second row is how many items there are.
    """
    if way != "clusters":
        return np.array([[int(rng.binomial(n, rate))], [n]])
    sizes = rng.multinomial(n, np.full(CLUSTERS, 1 / CLUSTERS))
    rates = rng.beta(20 * rate, 20 * (1 - rate), CLUSTERS)
    return np.stack([rng.binomial(sizes, rates), sizes])


def _accuracy(
    row: str,
    arm: str,
    name: str,
    drawn: np.ndarray,
    parameters: Mapping[str, Any],
    written: Writer,
    rng: np.random.Generator,
) -> dict[str, str]:
    k, n = (int(part) for part in drawn.sum(axis=1))
    error = np.sqrt(k / n * (1 - k / n) / n)
    if drawn.shape[1] > 1:
        away = drawn[0] - k / n * drawn[1]
        error = np.sqrt((away**2).sum() * CLUSTERS / (CLUSTERS - 1)) / n
        half = special.stdtrit(CLUSTERS - 1, 0.975) * error
        low, high = k / n - half, k / n + half
    else:
        low, high = interval(parameters["interval"], k, n, rng)
    return {
        **_plain("accuracy", name, Fraction(k, n), written),
        "id": row,
        "predictor": arm,
        "low": written(low),
        "high": written(high),
        "se": written(error, 1),
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
    if way == "logit":
        off = min(max(p, 0.5 / n), 1 - 0.5 / n)  # half an item away from an end
        half = Z / np.sqrt(n * off * (1 - off))
        low, high = special.expit(special.logit(off) + np.array([-half, half]))
        return min(low, p), max(high, p)
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
    _change(row, rng)
    return [row["id"]]


def _change(row: dict[str, str], rng: np.random.Generator) -> None:
    places = [at for at, c in enumerate(row["value"]) if c.isdigit()]
    at = int(rng.choice(places[:5]))
    others = [c for c in "0123456789" if c != row["value"][at]]
    row["value"] = row["value"][:at] + str(rng.choice(others)) + row["value"][at + 1 :]


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
    names = [row["property"] for row in table if row["predictor"] == "self"]
    for name in names:
        for part in ("value", "low", "high", "se"):
            index[f"cross-{name}"][part] = index[f"self-{name}"][part]
    return [f"cross-{name}" for name in names]


def another_error(table: Table, rng: np.random.Generator) -> list[str]:
    """Print the error of a quarter of the items, or of four times as many."""
    row = _one(table, rng)
    body = row["se"].removesuffix("%")
    places = len(body.partition(".")[2])
    changed = float(body) * (2 if rng.random() < 0.5 else 0.5)
    row["se"] = f"{changed:.{places}f}{row['se'][len(body) :]}"
    return [row["id"]]


def one_sum(table: Table, rng: np.random.Generator) -> list[str]:
    """Change one digit of a difference or of a share that adds up with another."""
    rows = [row for row in table if row["predictor"] not in ARMS and not row["n"]]
    row = rows[int(rng.integers(len(rows)))]
    _change(row, rng)
    return [row["id"]]


def wide(table: Table) -> Table:
    """Return the table with a row a property: its arms, their difference, and two shares."""
    index = {row["id"]: row["value"] for row in table}
    names = [row["property"] for row in table if row["predictor"] == "self"]
    heads = {
        "self": "self",
        "cross": "cross",
        "advantage": "advantage",
        "old": "compliant",
        "new": "non-compliant",
    }
    return [
        {"id": name, "property": name}
        | {
            head: index[f"{part}-{name}"]
            for part, head in heads.items()
            if f"{part}-{name}" in index
        }
        for name in names
    ]


def long_rows(found: tuple[str, ...]) -> set[str]:
    """Return the rows of the table that the cells of its wide form stand for."""
    parts = {"compliant": "old", "non-compliant": "new"}
    pairs = (cell.split(": ") for cell in found)
    return {f"{parts.get(head, head)}-{name}" for name, head in pairs}


SEEDED = {
    "one digit": digit,
    "two cells": swapped,
    "stale n": stale_n,
    "copied panel": copied_panel,
    "another error": another_error,
    "one sum": one_sum,
}
"""Errors that are put in, by name."""


def _one(table: Table, rng: np.random.Generator) -> dict[str, str]:
    rows = [row for row in table if row["predictor"] in ARMS]
    return rows[int(rng.integers(len(rows)))]
