"""What the paired comparisons of self- with cross-prediction show, counted in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foresay.display import count, direction, interval_text, is_missing, plural, tally
from foresay.publishing.results import Results
from foresay.publishing.rows import Row, records

_COMPARED = {
    "higher than": "more accurate than",
    "lower than": "less accurate than",
    "not distinguishable from": "not distinguishable from",
    "not comparable with": "not comparable with",
}


def self_and_cross(results: Results) -> str:
    """Hold self- against cross-prediction, over all declared comparisons."""
    rows = _compared(results)
    if not rows:
        return ""
    verdicts = [shown_direction(row) for row in rows]
    largest = max(rows, key=lambda row: abs(row["value"]))
    number = interval_text({**largest, "estimand": "self_advantage"})
    if len({row["estimand"] for row in rows}) > 1:
        return _over_contrasts(rows, verdicts, f"{number}, {largest['contrast']}", largest)
    if len(rows) == 1:
        return (
            f"Self-prediction is {_COMPARED[verdicts[0]]} cross-prediction (difference {number}, "
            f"{plural(int(largest['n_items']), 'item')})."
        )
    counted = tally(verdicts, "paired comparisons", above="more accurate", below="less accurate")
    return (
        f"Against cross-prediction, self-prediction is {counted}; the largest difference is "
        f"{number}{_group(largest, rows)}."
    )


def _compared(results: Results) -> list[Row]:
    """Return the paired differences: of the declared family with `self_advantage`, else of all.

    Differences of differences, ratios, and contrasts on a part of the items of another one are
    not among them.
    """
    frame = results.tables.get("advantage")
    if frame is None:
        return []
    rows = [row for row in records(frame) if not is_missing(row["value"])]
    rows = [row for row in rows if row.get("quantity", "difference") == "difference"]
    specs = results.facts.get("contrasts", {})
    families = {
        row["family"]
        for row in rows
        if row["estimand"] == "self_advantage" and isinstance(row.get("family"), str)
    } - {""}
    if families:
        return [row for row in rows if row["family"] in families]
    plain = [row for row in rows if not _is_part(specs, str(row["estimand"]))]
    known = [row for row in plain if specs.get(row["estimand"], {}).get("of") in (None, "accuracy")]
    own = any(row["estimand"] == "self_advantage" for row in known)
    return known if own else []


def _is_part(specs: dict[str, Any], name: str) -> bool:
    """Tell whether a contrast is another one under a further condition on both arms."""
    if name not in specs:
        return False
    arms = [str(specs[name][arm]) for arm in ("where", "minus")]
    return any(
        all(
            mine.startswith(f"{spec[arm]} AND ")
            for mine, arm in zip(arms, ("where", "minus"), strict=True)
        )
        for other, spec in specs.items()
        if other != name
    )


def _over_contrasts(rows: list[Row], verdicts: list[str], number: str, largest: Row) -> str:
    """Count the comparisons of several contrasts, together and by what each is against."""
    own = all(str(row["estimand"]).startswith("self_advantage") for row in rows)
    who = "self-prediction" if own else "the first arm"
    words = {"above": "more accurate", "below": "less accurate"}
    parts = []
    for title in dict.fromkeys(str(row["contrast"]) for row in rows):
        of = [v for row, v in zip(rows, verdicts, strict=True) if str(row["contrast"]) == title]
        parts.append(f"{title}: {tally(of, **words)}")
    return (
        f"Over {plural(len(rows), 'paired comparison')}, {who} is {tally(verdicts, **words)} "
        f"({'; '.join(parts)}); the largest difference is {number}{_group(largest, rows)}."
    )


def shown_direction(row: Row) -> str:
    """Say where a difference lies: by its test where there is one, else by its interval."""
    said = row.get("verdict")
    if row.get("hypothesis") != "difference" or is_missing(said) or not said:
        return direction(row)
    if said == "not shown":
        return "not distinguishable from"
    return "higher than" if row["value"] > 0 else "lower than"


def _group(row: Row, rows: Sequence[Row]) -> str:
    """Name the group of a comparison among several."""
    said = ""
    if len({each.get("target") for each in rows}) > 1:
        said += f", about {row['target']}"
    if not is_missing(row.get("n_train")) and len({each["n_train"] for each in rows}) > 1:
        said += f", after {count(row['n_train'])} training questions"
    return said
