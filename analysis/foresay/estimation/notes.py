"""What the note of an estimate says of its baseline, its ceiling, and of what there was none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from foresay.counts import Group
from foresay.estimation.facts import Facts
from foresay.estimation.relations import endings_of
from foresay.measures.measure import Measure
from foresay.resampling.obstacles import UNDEFINED
from foresay.study import Choices

_ALL = {"compliant_predictions", "compliant_behaviours"}


def counts_all(measure: Measure) -> bool:
    """Return whether a measure leaves out no row, so that none is excluded."""
    return bool(_ALL & set(measure.sums))


def needs_repeats(measure: Measure) -> bool:
    """Return whether a measure counts only items with two repeats."""
    return "pairs" in measure.sums or measure.counted.startswith("trials_skill_")


def absent_cells(group: Group, cells: Sequence[str]) -> Iterator[str]:
    """Yield which cells a macro mean lacks that other groups of its table have."""
    absent = [cell for cell in cells if cell not in group.cells]
    if group.cells and absent:
        said = ", ".join(absent[:5]) + (" and more" if len(absent) > 5 else "")
        yield (
            f"averages {len(group.cells)} of the {len(cells)} cells of this table: no trials in "
            f"{said}"
        )


def notes_of(measure: Measure, facts: Facts, choices: Choices) -> Iterator[str]:
    """Yield what a reader of an estimate should know of its baseline and ceiling.

    Parameters
    ----------
    measure : Measure
        What was estimated.
    facts : Facts
        Of its group.
    choices : Choices
        The named choices.
    """
    endings = endings_of(measure.sums)
    if facts.tied_cells and endings & {"loo", "insample"}:
        yield f"mode tied in {facts.tied_cells} of {facts.cells} cells"
    if facts.train_tied and "train" in endings:
        yield f"mode tied in {facts.train_tied} of {facts.cells} cells"
    if facts.untrained_cells and "train" in endings:
        yield (
            f"{facts.untrained_cells} of {facts.cells} cells have no item of the train split "
            "besides what is scored, and are left out"
        )
    if facts.seen_cells and "uniform" in endings:
        yield f"options are the distinct answers seen in {facts.seen_cells} of {facts.cells} cells"
    if "other" in endings:
        yield f"the baseline is {choices.baseline_predictor}"
    if choices.truth == "modal" and needs_repeats(measure):
        yield (
            "truth is the mode of all repeats, the ceiling that of disjoint halves of them, which "
            "agree less often"
        )


def empty(measure: Measure, choices: Choices) -> str:
    """Say what it means that a measure has no trial to count."""
    endings = endings_of(measure.sums)
    reasons = (
        (
            measure.counted.startswith("trials_skill_"),
            "no trial has both a baseline and two usable repeats of the target",
        ),
        (needs_repeats(measure), "no item has two usable repeats of the target"),
        (
            bool(set(measure.sums) & {"items_answer", "items_raw"}),
            "no item has as many repeats as are compared",
        ),
        ("train" in endings, "no cell has items of the train split besides those that are scored"),
        ("distribution" in endings, "no cell has two items"),
        (
            "uniform" in endings,
            "the number of options is not known; name it with the choice options",
        ),
        ("other" in endings, f"{choices.baseline_predictor} has no prediction about these items"),
    )
    return next((why for holds, why in reasons if holds), "no trial has a usable behaviour")


def unlike(measure: Measure, value: float, note: str) -> str:
    """Return the note of an estimate, with the true reason where a skill is undefined."""
    if np.isnan(value) and measure.counted.startswith("trials_skill_"):
        return note.replace(UNDEFINED, "undefined: the ceiling is not above the baseline")
    return note
