"""What a report's cells call: tables, figures, numbers and sentences of one study by name.

A page's first cell is ``from foresay.publishing.report import open_report`` and
``report = open_report()``. `foresay render` computes and draws everything beforehand and hands it
over; a page that is run on its own computes it.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foresay.display import (
    DisplayTable,
    Number,
    count,
    escape_markdown,
    estimates_table,
    frame_table,
    listing,
    variations,
)
from foresay.display.calibration import calibration_table
from foresay.errors import ReportError
from foresay.publishing import answers, printed_tables
from foresay.publishing.claims import ClaimNumber, claim_number, claims_list, claims_table
from foresay.publishing.definitions import definition_list
from foresay.publishing.drawn import Drawn
from foresay.publishing.lacking import in_readers_words
from foresay.publishing.manifest import MANIFEST_FILE, Manifest, read_manifest
from foresay.publishing.problems import nearest
from foresay.publishing.reproduction import REPRODUCTION
from foresay.publishing.results import FIGURES, RESULTS, TITLES, Results
from foresay.publishing.sentences import SENTENCES

if TYPE_CHECKING:
    from foresay.figures import Figure

STUDY = "FORESAY_STUDY"
"""Environment variable: the study file, for a page that is run on its own."""

_SHORT = {"baseline_mode": "Mode baseline", "advantage": "Advantage", "n_trials": "Trials"}


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
    figures : mapping of str to Figure or Drawn
        The figures by name.
    made : Manifest, optional
        What the version is made from; None for a page that is run on its own.
    """

    def __init__(
        self,
        results: Results,
        validation: dict[str, Any],
        figures: Mapping[str, Figure | Drawn],
        made: Manifest | None = None,
    ) -> None:
        self.results = results
        self.validation = validation
        self.figures = figures
        self.made = made

    def figure(self, name: str) -> Figure | Drawn | Prose:
        """Return a figure by name; where the tables do not support it, a line that says so.

        Raises
        ------
        ReportError
            No figure has that name; with the nearest known one.
        """
        _check(name, FIGURES, "figure")
        return self.figures[name] if name in self.figures else self._left_out(FIGURES[name])

    def caption(self, name: str) -> Prose:
        """Return the caption of a figure, with its numbers; nothing for one that is left out.

        On paper it goes where the figure before it goes.
        """
        _check(name, FIGURES, "figure")
        if name not in self.figures:
            return Prose("")
        text = self.figures[name].caption_markdown
        return Prose(f"[{text}]{{.figure-note}}", escaped=True)

    def alt(self, name: str) -> str:
        """Return the text of a figure for those who do not see it."""
        return self.figures[name].alt if name in self.figures else ""

    def table(
        self, name: str, *, only: Sequence[str] | None = None, **options: Any
    ) -> DisplayTable | Prose:
        """Return a table of results by name.

        Parameters
        ----------
        name : str
            An analysis, such as ``"accuracy"``.
        only : sequence of str, optional
            The estimands to print; by default all.
        **options
            As for `estimates_table`.

        Raises
        ------
        ReportError
            No table has that name; with the nearest known one.
        """
        _check(name, TITLES, "table")
        if name not in self.results.tables:
            return self._left_out(name)
        frame = self.results.tables[name]
        ways = {
            "glance": lambda _: printed_tables.glance_table(self.results),
            "compliance_gain": lambda _: printed_tables.gains_table(self.results),
            **variations.PRINTED,
        }
        if name in ways:
            return ways[name](frame)
        if "null_mean" in frame.columns:
            return calibration_table(frame, name=name, **options)
        if "estimand" not in frame.columns:
            return frame_table(frame, name=name, **options)
        notes: list[str] = []
        if only is not None:
            frame, notes = printed_tables.known_targets(frame[frame["estimand"].isin(list(only))])
        if frame.empty:
            return self._left_out(name)
        return estimates_table(frame, name=name, labels=_SHORT, notes=notes, **options)

    def differences(self) -> DisplayTable | Prose:
        """Return the paired differences with their two terms."""
        if not self.results.has("advantage"):
            return self._left_out("advantage")
        return printed_tables.differences_table(self.results)

    def comparisons(self, name: str, *quantities: str) -> DisplayTable | Prose:
        """Return trends, summaries or models with their tests, the rows of some quantities."""
        _check(name, ("trends", "over_tasks", "two_way"), "comparison")
        if not self.results.has(name):
            return self._left_out(name)
        return printed_tables.comparisons_table(self.results, name, quantities)

    def choices(self) -> DisplayTable:
        """Return the named choices with what each means."""
        return printed_tables.choices_table(self.results)

    def estimands(self) -> Prose:
        """Return the definitions of the estimands that the report uses, as a list of terms."""
        return Prose(definition_list(self.results.facts["estimands"]), escaped=True)

    def contrasts(self) -> DisplayTable:
        """Return the contrasts of the report, as they are declared."""
        return printed_tables.contrasts_table(self.results)

    def files(self) -> DisplayTable:
        """Return the data files with the start of their hashes."""
        return printed_tables.files_table(self.results)

    def claim(self, name: str) -> ClaimNumber:
        """Return the number of a claim, recomputed and rounded as the ledger prints it."""
        return claim_number(self.results, name)

    def claims(self, *, full: bool = False) -> DisplayTable | Prose:
        """Return the claims with their verdicts: a table, or in `full` with all arithmetic."""
        if not self.results.has("claims"):
            return self._left_out("claims")
        if full:
            return Prose(claims_list(self.results), escaped=True)
        return claims_table(self.results)

    def made_with(self, name: str) -> DisplayTable | Prose:
        """Return what makes the same bytes, by name of `REPRODUCTION`; a line on a page of its own.

        Raises
        ------
        ReportError
            With the nearest known name.
        """
        _check(name, REPRODUCTION, "part of a reproduction")
        if self.made is None:
            return Prose("This page was run on its own; `foresay render` makes versions.")
        made = REPRODUCTION[name](self.made)
        if isinstance(made, DisplayTable):
            return made
        return Prose(made) if name == "seed" else Prose(f"```sh\n{made}\n```", escaped=True)

    def problems(self) -> DisplayTable | Prose:
        """Return what validation found."""
        found = printed_tables.problems_table(self.validation)
        return Prose("Validation found nothing to report.") if found is None else found

    def value(self, name: str) -> Number:
        """Return a single number by name, such as ``value("predictions")``.

        Raises
        ------
        ReportError
            With the nearest known name.
        """
        facts = self.results.facts
        lists = facts["names"].items()
        names = {
            key.removesuffix("y") + "ies" if key[-1] == "y" else f"{key}s": len(values)
            for key, values in lists
        }
        numbers = {k: v for k, v in facts.items() if isinstance(v, (int, float))}
        known = {k: v for k, v in {**names, **numbers}.items() if not isinstance(v, bool)}
        _check(name, known, "value")
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
        _check(name, SENTENCES, "sentence")
        return Prose(SENTENCES[name](self.results))

    def overview(self) -> Prose:
        """Return the answer in up to three sentences, as a list."""
        return _bullets(answers.overview(self.results))

    def checked(self) -> Prose:
        """Say what was read, and what validation found."""
        return Prose(answers.validation(self.validation))

    def left_out(self) -> Prose:
        """Return what this report leaves out, and why; things with one reason in one line."""
        missing = self.results.missing
        if not missing:
            return Prose("Nothing was left out.")
        reasons: dict[str, list[str]] = {}
        for what, why in missing.items():
            reasons.setdefault(in_readers_words(why), []).append(what)
        return _bullets([f"{'; '.join(whats)}: {why}." for why, whats in reasons.items()])

    def _left_out(self, name: str) -> Prose:
        title = TITLES[name]
        reason = self.results.missing.get(title, "the study's tables do not hold it")
        return Prose(f"{title} is left out: {in_readers_words(reason)}.")


def _bullets(lines: Sequence[str]) -> Prose:
    return Prose("\n".join(f"- {escape_markdown(line)}" for line in lines), escaped=True)


def _check(name: str, known: Collection[str], kind: str) -> None:
    if name not in known:
        hint = nearest(name, known) or f"; there are: {listing(sorted(known), most=20)}"
        raise ReportError(f"no {kind} {name!r}{hint}")


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

        Drawn.has_script = False  # a new page, also where a kernel serves several
        made = Path(kept) / MANIFEST_FILE
        return Report(*load(Path(kept)), made=read_manifest(made) if made.is_file() else None)
    study = os.environ.get(STUDY, "study.yml")
    if not Path(study).exists():
        raise ReportError(
            f"no study is named: {study} is not there; set {STUDY} to a study.yml, or render with "
            "`foresay render STUDY`"
        )
    return _computed(Path(study))


def _computed(study: Path) -> Report:
    import json

    from foresay.publishing.analyses import analyse
    from foresay.publishing.illustrations import illustrate
    from foresay.workbench import Workbench

    with Workbench.open(study) as bench:
        validation = json.loads(bench.validate().to_json())
        results = analyse(bench)
    return Report(results, validation, illustrate(results))
