"""The tables of a report that are not estimates: what was asked, differences, choices, files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from foresay.display import (
    MISSING,
    Column,
    DisplayTable,
    comparison_tables,
    count,
    decimal,
    digits_for,
    estimates_table,
    interval_text,
    is_missing,
    label_of,
    listing,
    percent,
)
from foresay.display.comparison_tables import tested_columns, tests_used
from foresay.display.designs import about
from foresay.display.numbers import DEFAULT_DIGITS
from foresay.display.tables import cell_text, group_text, unbroken
from foresay.publishing.arms import sorted_arms
from foresay.publishing.results import Results

Row = dict[str, Any]
_GAINS = ("gain", "gain_compliance", "gain_accuracy", "gain_share")
_WORDS = {"temperature": "lowest", "agreement": "fewest repeats"}
_MEANINGS = {
    "interval": "Kind of interval; auto takes the one that simulation shows to cover best.",
    "level": "Confidence level of the intervals.",
    "resamples": "Number of bootstrap resamples, where an interval needs them.",
    "seed": "Seed that the stream of each estimate is derived from.",
}


def glance_table(results: Results) -> DisplayTable:
    """Return what was asked of whom, one row a predictor and target, grouped by target."""
    frame = sorted_arms(results.tables["glance"])
    asked = bool(results.facts["has_predictions"])
    rows = _records(frame)
    columns: list[tuple[str, bool, list[str]]] = []

    def add(label: str, cells: Sequence[str], *, number: bool = True) -> None:
        if any(cell != MISSING for cell in cells):
            columns.append((label, number, list(cells)))

    who = "predictor" if asked else "target"
    add("Predictor" if asked else "Model", [cell_text(r[who]) for r in rows], number=False)
    for column in ("role", "stage") if asked else ("stage",):
        if column in frame:
            add(label_of(column), [cell_text(r[column]) for r in rows], number=False)
    if "n_train" in frame:
        add(label_of("n_train"), [count(r["n_train"]) for r in rows])
    add("Predictions" if asked else "Behaviours", [count(r["n_trials"]) for r in rows])
    notes = []
    if asked and (frame["n_included"] != frame["n_trials"]).any():
        add("Included", [count(r["n_included"]) for r in rows])
        notes.append("Included: predictions with a usable behaviour to be held against.")
    if asked and (frame["compliance"] < 1).any():
        add("Compliance", [decimal(r["compliance"]) for r in rows])
    add("Prompts", [count(r["n_items"]) for r in rows])
    add("Repeats", [_range(r["repeats_low"], r["repeats_high"]) for r in rows])
    groups = [cell_text(r["target"]) for r in rows] if asked else []
    return _table("glance", columns, groups, frame, notes)


def differences_table(results: Results) -> DisplayTable:
    """Return the paired differences with their two terms, grouped by contrast."""
    frame = results.tables["advantage"]
    rows = _records(frame)
    before = list(frame.columns[: list(frame.columns).index("value")])
    by = [c for c in before if c not in ("estimand", "contrast", "of_value", "minus_value")]
    varying = [c for c in by if frame[c].nunique() > 1] or by[:1]
    constant = [c for c in by if c not in varying and frame[c].nunique() == 1]
    columns = [
        (label_of(c), c == "n_train", [group_text(c, r[c]) for r in rows])
        for c in varying
        if frame[c].notna().any()
    ]
    digits = {e: _digits(frame[frame["estimand"] == e]) for e in frame["estimand"].unique()}
    differences = [unbroken(_compared(r, digits[r["estimand"]])) for r in rows]
    level = percent(frame["level"].iloc[0])
    ratios = any(_is_ratio(r) for r in rows)
    words = "Difference or ratio" if ratios else "Difference"
    columns += [
        ("First term", True, [decimal(r["of_value"], bounded=not _is_ratio(r)) for r in rows]),
        ("Second term", True, [decimal(r["minus_value"], bounded=not _is_ratio(r)) for r in rows]),
        (f"{words} [{level} interval]", True, differences),
        *tested_columns(rows),
        ("Items", True, [count(r["n_items"]) for r in rows]),
    ]
    notes = [*tests_used(rows), *_families(results, frame)]
    if constant:
        said = [f"{label_of(c)}: {cell_text(frame[c].dropna().iloc[0])}" for c in constant]
        notes.append(f"All rows: {'; '.join(said)}.")
    notes += [str(r["note"]) for r in rows if r["note"]]
    named = [cell_text(r["contrast"]) for r in rows]
    return _table("differences", columns, named, frame, notes=list(dict.fromkeys(notes)))


def _is_ratio(row: Row) -> bool:
    return str(row.get("quantity", "")).startswith("ratio")


def _compared(row: Row, digits: int) -> str:
    """Return a difference with its sign, or a ratio with its leading number."""
    known = "skill" if _is_ratio(row) else "self_advantage"
    return interval_text({**row, "estimand": known}, digits)


def _families(results: Results, frame: pd.DataFrame) -> list[str]:
    """Say how the p-values of each family of the table were adjusted."""
    corrections = {"holm": "Holm", "bh": "Benjamini and Hochberg"}
    declared = results.facts.get("families", {})
    return [
        f"Adjusted p: within the family {name}, after {corrections[declared[name]['correction']]}."
        for name in dict.fromkeys(str(f) for f in frame["family"] if f)
        if name in declared
    ]


def comparisons_table(results: Results, analysis: str, quantities: Sequence[str]) -> DisplayTable:
    """Return comparisons of one kind with their tests, grouped by their titles.

    Parameters
    ----------
    results : Results
        What `analyse` computed.
    analysis : str
        ``trends``, ``over_tasks`` or ``two_way``.
    quantities : sequence of str
        The rows to print.
    """
    name = analysis.replace("_", "-")
    return comparison_tables.comparisons_table(
        results.tables[analysis], quantities=quantities, name=name
    )


def gains_table(results: Results) -> DisplayTable:
    """Return what each training gained, under what it was trained from."""
    frame = results.tables["compliance_gain"]
    shown = frame[frame["estimand"].isin(_GAINS)]
    if "wording" in shown:
        asked = shown["wording"].map(lambda value: group_text("wording", value))
        before = shown["before"].astype(str) + " \N{MIDDLE DOT} " + asked
        shown = shown.assign(before=before).drop(columns="wording")
    table = estimates_table(shown, group="before", name="compliance_gain")
    return replace(table, data=frame.reset_index(drop=True))


def choices_table(results: Results) -> DisplayTable:
    """Return the named choices with what each means."""
    chosen, meanings = results.facts["choices"], results.facts["meanings"]
    rows = [
        (name, _choice(name, chosen[name]), meaning or _MEANINGS.get(name, ""))
        for name, meaning in meanings.items()
    ]
    return _words("choices", ("Choice", "Value", "Meaning"), rows)


def contrasts_table(results: Results) -> DisplayTable:
    """Return the contrasts of the report, as they are declared."""
    found = results.facts["contrasts"]
    labels = ["Contrast", "Of", "First arm", "Second arm"]
    rows: list[tuple[str, ...]] = [
        (spec["title"] or label_of(name), label_of(spec["of"]), spec["where"], spec["minus"])
        for name, spec in found.items()
    ]
    if any(spec["versus"] for spec in found.values()):
        labels.append("Minus the same of")
        against = [spec["versus"] for spec in found.values()]
        rows = [
            (*row, f"{arms['where']}, minus {arms['minus']}" if arms else "")
            for row, arms in zip(rows, against, strict=True)
        ]
    return _words("contrasts", labels, rows)


def files_table(results: Results) -> DisplayTable:
    """Return the data files with the start of their hashes."""
    rows = [(name, digest[:16]) for name, digest in results.facts["files"].items()]
    return _words("files", ("File", "SHA-256 starts with"), rows)


def problems_table(validation: Mapping[str, Any]) -> DisplayTable | None:
    """Return what validation found; None where it found nothing."""
    found: Sequence[Row] = validation.get("problems", [])
    if not found:
        return None
    columns = [
        ("Severity", False, [str(p["severity"]) for p in found]),
        ("Table", False, [str(p["table"]) for p in found]),
        ("What", False, [str(p["message"]) for p in found]),
        ("Rows", True, [count(p["n_rows"]) if p["n_rows"] else MISSING for p in found]),
    ]
    return _table("problems", columns, [], pd.DataFrame(list(found)))


def known_targets(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Leave out targets of which nothing can be estimated; a note names them, and why."""
    known = frame.loc[frame["value"].notna() | frame["low"].notna(), "target"].unique()
    left = frame[~frame["target"].isin(known)]
    notes = [
        f"{target}: {listing(list(dict.fromkeys(part['note'])), last='and')}"
        for target, part in left.groupby("target", sort=True)
    ]
    return frame[frame["target"].isin(known)], notes


def _table(
    name: str,
    columns: Sequence[tuple[str, bool, Sequence[str]]],
    groups: Sequence[str],
    data: pd.DataFrame,
    notes: Sequence[str] = (),
) -> DisplayTable:
    return DisplayTable(
        name=name,
        columns=tuple(Column(label=label, number=number) for label, number, _ in columns),
        rows=tuple(zip(*(cells for _, _, cells in columns), strict=True)),
        groups=tuple(groups),
        notes=tuple(notes),
        about=about(data),
        data=data.reset_index(drop=True),
    )


def _words(name: str, labels: Sequence[str], rows: Sequence[tuple[str, ...]]) -> DisplayTable:
    frame = pd.DataFrame(rows, columns=list(labels))
    columns = [(label, False, [text or MISSING for text in frame[label]]) for label in labels]
    return _table(name, columns, [], frame)


def _choice(name: str, value: object) -> str:
    if value is None or value in ([], {}):
        return _WORDS.get(name, "none")
    if isinstance(value, list):
        return listing(value)
    if isinstance(value, Mapping):
        return listing([f"{key}: {count(number)}" for key, number in value.items()])
    if name == "resamples":
        return count(value)
    return percent(value) if name == "level" else str(value)


def _range(low: object, high: object) -> str:
    if is_missing(high) or high == 0:
        return MISSING
    return count(high) if low == high else f"{count(low)}\N{EN DASH}{count(high)}"


def _digits(frame: pd.DataFrame) -> int:
    """Return the decimals that most intervals of a contrast support, for all of its rows."""
    ends = frame[["low", "high"]].dropna()
    votes = Counter(digits_for(low, high) for low, high in ends.itertuples(index=False))
    return max(votes, key=lambda digits: (votes[digits], digits)) if votes else DEFAULT_DIGITS


def _records(frame: pd.DataFrame) -> list[Row]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
