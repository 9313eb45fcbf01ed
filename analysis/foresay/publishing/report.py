"""What a report's cells call: tables, figures, numbers and sentences of one study by name.

A page's first cell is ``from foresay.publishing.report import open_report`` and
``report = open_report()``. `foresay render` computes everything beforehand and hands it over;
a page that is run on its own computes it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from foresay.display import (
    DisplayTable,
    Number,
    count,
    decimal,
    escape_markdown,
    estimates_table,
    frame_table,
    interval_text,
    label_of,
    listing,
)
from foresay.display.tables import cell_text
from foresay.errors import ReportError
from foresay.figures import Figure
from foresay.measures.registry import measures
from foresay.publishing import findings
from foresay.publishing.analyses import Results
from foresay.publishing.illustrations import illustrate
from foresay.study import Choices, nearest

RESULTS = "FORESAY_RESULTS"
"""Environment variable: the folder of computed results."""
STUDY = "FORESAY_STUDY"
"""Environment variable: the study file, for a page that is run on its own."""


class Prose:
    """Text for a page: escaped Markdown, so that nothing a model wrote becomes markup."""

    def __init__(self, text: str, *, escaped: bool = False) -> None:
        self._markdown = text if escaped else escape_markdown(text)
        self._text = text

    def __str__(self) -> str:
        return self._text

    def _repr_markdown_(self) -> str:
        return self._markdown


class Report:
    """Everything that a page prints, by name.

    Parameters
    ----------
    results : Results
        What `analyse` computed.
    validation : dict
        Validation as in `Validation.to_json`.
    """

    def __init__(self, results: Results, validation: dict[str, Any]) -> None:
        self.results = results
        self.validation = validation

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Every figure that the results support."""
        return illustrate(self.results)

    def figure(self, name: str) -> Figure | Prose:
        """Return a figure by name; where the tables do not support it, a line that says so."""
        if name in self.figures:
            return self.figures[name]
        return self._left_out(name)

    def caption(self, name: str) -> Prose:
        """Return the caption of a figure, with its numbers."""
        if name not in self.figures:
            return Prose("")
        return Prose(self.figures[name].caption_markdown, escaped=True)

    def alt(self, name: str) -> str:
        """Return the text of a figure for those who do not see it."""
        return self.figures[name].alt if name in self.figures else ""

    def table(self, name: str, **options: Any) -> DisplayTable | Prose:
        """Return a table of results by name; options as for `estimates_table`."""
        if name not in self.results.tables:
            return self._left_out(name)
        frame = self.results.tables[name]
        if "estimand" not in frame.columns:
            return frame_table(_varying(frame), name=name, **options)
        return estimates_table(frame, name=name, **options)

    def differences(self) -> DisplayTable | Prose:
        """Return the paired differences with their two terms."""
        if "advantage" not in self.results.tables:
            return self._left_out("advantage")
        frame = self.results.tables["advantage"]
        known = ("estimand", "contrast", "value", "of_value", "minus_value")
        by = [c for c in frame.columns[: list(frame.columns).index("value")] if c not in known]
        rows = [
            {
                "contrast": row["contrast"],
                **{label_of(c): cell_text(row[c]) for c in by},
                "first arm": decimal(row["of_value"]),
                "second arm": decimal(row["minus_value"]),
                "difference": interval_text({**row, "estimand": "self_advantage"}),
                "items": count(row["n_items"]),
                "note": row["note"],
            }
            for row in frame.to_dict("records")
        ]
        shown = pd.DataFrame(rows)
        if not shown["note"].astype(bool).any():
            shown = shown.drop(columns="note")
        return frame_table(shown, group="contrast", name="differences")

    def value(self, name: str) -> Number:
        """Return a single number by name, such as ``value("predictions")``.

        Raises
        ------
        ReportError
            With the nearest known name.
        """
        facts = self.results.facts
        names = {f"{key}s": len(values) for key, values in facts["names"].items()}
        known = {**names, **{k: v for k, v in facts.items() if isinstance(v, (int, float))}}
        if name not in known or isinstance(known[name], bool):
            raise ReportError(f"no value {name!r}; {nearest(name, sorted(known))}")
        value = known[name]
        text = count(value) if isinstance(value, int) else f"{value:g}"
        return Number(text=text, value=float(value))

    def say(self, name: str) -> Prose:
        """Return a sentence or paragraph by name, written from the numbers.

        Raises
        ------
        ReportError
            With the nearest known name.
        """
        known: dict[str, Callable[[Results], str]] = {
            "design": findings.design,
            "compliance": findings.compliance,
            "policy_effect": findings.policy_effect,
            "agreement": findings.agreement,
            "informative": findings.informative,
            "title": lambda r: str(r.facts["title"]),
            "description": lambda r: str(r.facts["description"]).strip(),
            "where": lambda r: str(r.facts["where"]) or "no condition",
            "fingerprint": lambda r: str(r.facts["fingerprint"]),
        }
        if name not in known:
            raise ReportError(f"no sentence {name!r}; {nearest(name, sorted(known))}")
        return Prose(known[name](self.results))

    def overview(self) -> Prose:
        """Return what was found, as a list."""
        lines = [f"- {escape_markdown(line)}" for line in findings.overview(self.results)]
        return Prose("\n".join(lines), escaped=True)

    def choices(self) -> DisplayTable:
        """Return the named choices with what each means."""
        chosen = self.results.facts["choices"]
        rows = []
        for name, field in Choices.model_fields.items():
            value = chosen[name]
            shown = listing(value) if isinstance(value, list) else value
            meaning = field.description or _MEANINGS.get(name, "")
            rows.append(
                {
                    "choice": name,
                    "value": "default" if shown in (None, "") else str(shown),
                    "meaning": meaning,
                }
            )
        return frame_table(pd.DataFrame(rows), name="choices")

    def estimands(self) -> DisplayTable:
        """Return the definitions of the estimands that the report uses."""
        used = set()
        for frame in self.results.tables.values():
            if "estimand" in frame:
                used |= set(frame["estimand"])
        known = measures(baseline=self.results.facts["choices"]["baseline"])
        rows = [
            {"estimand": label_of(name), "definition": measure.definition, "source": measure.source}
            for name, measure in known.items()
            if name in used
        ]
        return frame_table(pd.DataFrame(rows), name="estimands")

    def contrasts(self) -> DisplayTable:
        """Return the declared contrasts, as they stand in the study file."""
        rows = [
            {
                "contrast": spec["title"] or label_of(name),
                "of": label_of(spec["of"]),
                "first arm": spec["where"],
                "second arm": spec["minus"],
            }
            for name, spec in self.results.facts["contrasts"].items()
        ]
        return frame_table(pd.DataFrame(rows), name="contrasts")

    def files(self) -> DisplayTable:
        """Return the data files with the start of their hashes."""
        files = self.results.facts["files"]
        rows = [{"file": name, "SHA-256": digest[:16]} for name, digest in files.items()]
        return frame_table(pd.DataFrame(rows), name="files")

    def problems(self) -> DisplayTable | Prose:
        """Return what validation found."""
        found: Sequence[dict[str, Any]] = self.validation.get("problems", [])
        if not found:
            return Prose("Validation found nothing to report.")
        rows = [
            {
                "severity": problem["severity"],
                "table": problem["table"],
                "column": problem["column"] or "",
                "what": problem["message"],
                "rows": problem["n_rows"],
            }
            for problem in found
        ]
        return frame_table(pd.DataFrame(rows), name="problems")

    def left_out(self) -> Prose:
        """Return what this report leaves out, and why."""
        missing = self.results.missing
        if not missing:
            return Prose("Nothing was left out.")
        lines = [f"- {label_of(name)}: {escape_markdown(why)}" for name, why in missing.items()]
        return Prose("\n".join(lines), escaped=True)

    def _left_out(self, name: str) -> Prose:
        reason = self.results.missing.get(
            name.replace("-", "_"), "the study's tables do not hold it"
        )
        return Prose(f"{label_of(name)} is left out: {reason}.")


def _varying(frame: pd.DataFrame) -> pd.DataFrame:
    """Drop counts that are the same in every row; the text names them."""
    same = [
        c
        for c in frame.columns
        if c not in ("predictor", "target", "n_trials") and frame[c].nunique(dropna=False) == 1
    ]
    return frame.drop(columns=same) if len(frame) > 1 else frame


_MEANINGS = {
    "interval": "Kind of interval; auto takes the one that simulation shows to cover best.",
    "level": "Confidence level of the intervals.",
    "resamples": "Number of bootstrap resamples, where an interval needs them.",
    "seed": "Seed that the stream of each estimate is derived from.",
}


def open_report() -> Report:
    """Return the report of the study that is being rendered.

    Raises
    ------
    ReportError
        No study is named, in the environment or by a `study.yml` here.
    """
    kept = os.environ.get(RESULTS)
    if kept:
        from foresay.publishing.stored import load

        return Report(*load(Path(kept)))
    from foresay.publishing.analyses import analyse
    from foresay.workbench import Workbench

    study = os.environ.get(STUDY, "study.yml")
    if not Path(study).exists():
        raise ReportError(
            f"no study is named: {study} is not there; set {STUDY} to a study.yml, or render with "
            "`foresay render STUDY`"
        )
    import json

    with Workbench.open(study) as bench:
        validation = json.loads(bench.validate().to_json())
        return Report(analyse(bench), validation)
