"""Detection: hits and false alarms of each arm on one axis, d' in print."""

from __future__ import annotations

import pandas as pd

from foresay.display import is_missing
from foresay.figures.dumbbell import COLUMNS, Pair, dumbbells
from foresay.figures.figure import Figure
from foresay.figures.forest import Wording, plot_forest
from foresay.figures.rows import (
    common_digits,
    constants,
    joined,
    level_phrase,
    missing_sentence,
    of_items,
    records,
    require_unique,
    select,
    texts,
    varying,
)
from foresay.figures.theme import DOUBLE, SINGLE

QUESTION = "Is what is there reported more often than what is not?"
ALARMS, HITS = "False alarms", "Hits"
_ARMS = {"false_alarm_rate": ALARMS, "hit_rate": HITS}


def plot_detection(
    estimates: pd.DataFrame, *, width: int = DOUBLE, name: str = "detection"
) -> Figure:
    """Plot hit rate and false alarm rate of each group, joined by a line, and print d'.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates of ``hit_rate``, ``false_alarm_rate`` and, if there, ``d_prime``.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no hit rate, or two rows would be drawn in one place.
    """
    data = select(estimates, ["hit_rate", "false_alarm_rate", "d_prime"], name)
    named = varying(data)
    parts = [
        texts(part.assign(full=joined(part, named) if named else "all"), common_digits(part))
        for _, part in data.groupby("estimand", sort=False)
    ]
    rows = pd.concat(parts).sort_index()
    require_unique(rows, ["estimand", "full"], name)
    primes = {r["full"]: r for r in records(rows[rows["estimand"] == "d_prime"])}
    drawn = [
        {
            "panel": "",
            "full": r["full"],
            "arm": _ARMS[r["estimand"]],
            "value": r["value"],
            "low": r["low"],
            "high": r["high"],
            "text": r["text"],
            "printed": _prime(primes.get(r["full"]), short=width <= SINGLE),
            "lost": "",
        }
        for r in records(rows)
        if r["estimand"] in _ARMS
    ]
    held = constants(data)
    return Figure(
        name=name,
        chart=dumbbells(
            pd.DataFrame(drawn, columns=list(COLUMNS)),
            Pair(first=ALARMS, second=HITS, axis="Share of trials reported", high=1.0),
            width=width,
        ),
        data=data,
        question=QUESTION,
        caption=(
            f"Share of trials with a signal (hits, filled) and without one (false alarms, hollow) "
            f"on which it is reported{level_phrase(data)}{of_items(data)}"
            f"{f' ({held})' if held else ''}. At the right d\N{PRIME}, 0 for no detection."
            f"{missing_sentence(rows[rows['estimand'] != 'd_prime'], 'full')}"
        ),
        alt=_alt(rows, primes),
    )


def _prime(row: dict[str, object] | None, *, short: bool) -> str:
    if row is None or is_missing(row["value"]):
        return ""
    plain = short or is_missing(row["low"])
    return f"d\N{PRIME} {row['value_text'] if plain else row['text']}"


def _alt(rows: pd.DataFrame, primes: dict[str, dict[str, object]]) -> str:
    said = []
    for full, part in rows.groupby("full", sort=False):
        values = {r["estimand"]: r["text"] or "not estimable" for r in records(part)}
        words = [
            f"{_ARMS[e].lower()} {values[e]}"
            for e in ("hit_rate", "false_alarm_rate")
            if e in values
        ]
        prime = _prime(primes.get(str(full)), short=False)
        said.append(f"{full}: {', '.join([*words, *([prime] if prime else [])])}")
    return f"Dumbbell plot of detection{of_items(rows)}. {'. '.join(said)}."


CORRELATION_QUESTION = "Do reported values go with actual ones?"


def plot_correlation(
    estimates: pd.DataFrame, *, width: int = DOUBLE, name: str = "correlation"
) -> Figure:
    """Plot the correlation of reported with actual values of each group.

    Parameters
    ----------
    estimates : pandas.DataFrame
        Tidy estimates of ``correlation``; other estimands of the same table are left aside.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no correlation, or two rows would be drawn in one place.
    """
    words = Wording(
        question=CORRELATION_QUESTION,
        axis="Correlation",
        subject="Correlation of reported with actual values over items",
    )
    return plot_forest(estimates, "correlation", reference=0, wording=words, width=width, name=name)
