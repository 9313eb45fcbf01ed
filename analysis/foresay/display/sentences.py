"""Sentences: the words around numbers, so that a direction is never typed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foresay.display.numbers import count, interval_text, is_missing, percent

ESTIMANDS = {
    "accuracy": "Accuracy",
    "advantage": "Advantage over baseline",
    "agreement_answer": "Agreement of answers",
    "agreement_raw": "Agreement of replies",
    "baseline_distribution": "Distribution baseline",
    "baseline_mode": "Mode baseline",
    "baseline_other": "Baseline of another model",
    "baseline_uniform": "Uniform baseline",
    "ceiling_modal": "Modal ceiling",
    "ceiling_resample": "Resample ceiling",
    "compliance": "Compliance",
    "compliance_behaviour": "Compliance of behaviour",
    "normalized_accuracy": "Normalised accuracy",
    "self_advantage": "Self advantage",
}
"""How reports print the names of estimands; others are printed with spaces for underscores."""

COLUMNS = {
    "design_effect": "Design effect",
    "level": "Level",
    "n_clusters": "Clusters",
    "n_excluded": "Excluded",
    "n_items": "Items",
    "n_train": "Training examples",
    "n_trials": "Trials",
    "of_value": "First term",
    "minus_value": "Second term",
    "p_value": "p",
    "standard_error": "SE",
}
"""How tables print the names of columns."""


def label_of(name: object) -> str:
    """Return the printed name of an estimand or a column.

    Examples
    --------
    >>> label_of("baseline_mode"), label_of("training_seed")
    ('Mode baseline', 'Training seed')
    """
    text = str(name)
    known = ESTIMANDS.get(text) or COLUMNS.get(text)
    if known:
        return known
    plain = text.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def listing(parts: Sequence[object], *, last: str = "and", most: int | None = None) -> str:
    """Join words as a sentence does; beyond `most`, say how many more there are.

    Examples
    --------
    >>> listing(["a", "b", "c"]), listing("abcde", most=3)
    ('a, b and c', 'a, b, c and 2 more')
    """
    words = [str(part) for part in parts]
    if most is not None and len(words) > most:
        words = [*words[:most], f"{count(len(words) - most)} more"]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def plural(number: int, noun: str, nouns: str | None = None) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> plural(1, "item"), plural(1200, "item")
    ('1 item', '1,200 items')
    """
    return f"{count(number)} {noun if number == 1 else nouns or noun + 's'}"


def direction(row: Mapping[str, Any], reference: float = 0.0) -> str:
    """Say where an estimate lies against `reference`, by its interval.

    Returns
    -------
    str
        ``higher than``, ``lower than``, ``not distinguishable from`` (the interval holds the
        reference) or ``not comparable with`` (no value or no interval).
    """
    value, low, high = row.get("value"), row.get("low"), row.get("high")
    if value is None or low is None or high is None or any(map(is_missing, (value, low, high))):
        return "not comparable with"
    if low > reference:
        return "higher than"
    return "lower than" if high < reference else "not distinguishable from"


def comparison(row: Mapping[str, Any], of: str, minus: str) -> str:
    """Return a sentence about a contrast row: which term is higher, by how much, on how much.

    Parameters
    ----------
    row : mapping or pandas Series
        A row of a contrasts table: ``value, low, high, level, n_items, note``.
    of, minus : str
        The two terms, as they stand inside a sentence.
    """
    verdict = direction(row)
    start = f"{of[:1].upper()}{of[1:]} was {verdict} {minus}"
    if verdict == "not comparable with":
        note = row.get("note", "")
        reason = "no interval" if is_missing(note) or not note else note
        return f"{start} ({reason})."
    parts = [f"difference {interval_text({'estimand': 'self_advantage', **_plain(row)})}"]
    if not is_missing(row.get("level")):
        parts.append(f"{percent(row['level'])} interval")
    if not is_missing(row.get("n_items")):
        parts.append(plural(int(row["n_items"]), "item"))
    return f"{start} ({', '.join(parts)})."


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row.get(key) for key in ("value", "low", "high")}
