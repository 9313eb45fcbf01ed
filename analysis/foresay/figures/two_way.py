"""The two-way model: what self-prediction adds beyond predictor and target, as probabilities."""

from __future__ import annotations

import pandas as pd

from foresay.display import is_missing, label_of, plural, verdict_words, visible
from foresay.display.comparisons import number_text
from foresay.errors import UnsupportedError
from foresay.figures.contrasts import (
    grouping,
    kinds_of,
    of_kind,
    panel_rows,
    reasons,
)
from foresay.figures.figure import Figure
from foresay.figures.forest_panels import Panel, forests
from foresay.figures.rows import joined, level_phrase, name_of, panel_start, records
from foresay.figures.theme import DOUBLE

QUESTION = "What does self-prediction add beyond the predictor's skill and the target's ease?"
_AXIS = "Change in the probability of a match"
_GROUPS = {"predictor": "Predictor", "target": "Target"}


def plot_two_way(
    comparisons: pd.DataFrame, *, width: int = DOUBLE, name: str = "two-way-model"
) -> Figure:
    """Plot the marginal effects of the two-way model: self first, then predictors and targets.

    Parameters
    ----------
    comparisons : pandas.DataFrame
        Rows of regressions, as `Workbench.compare` returns them.
    width : int
        Width of the figure in CSS pixels.
    name : str
        Base of its file names.

    Raises
    ------
    UnsupportedError
        If there is no regression, or no term of it has a marginal effect.
    """
    data = of_kind(comparisons, "regression", name)
    data = data[data["quantity"] == "marginal effect"].reset_index(drop=True)
    if data["value"].isna().all():
        raise UnsupportedError(f"figure '{name}' has no effect to show; no term can be estimated")
    rows = data.assign(group=_groups(data), full=[_term(r) for r in records(data)])
    panels = []
    for group, whole in rows.groupby("group", sort=False):
        for heading in ("", *_GROUPS.values()):
            part = whole[[_heading(r["subject"]) == heading for r in records(whole)]]
            if part.empty:
                continue
            if not heading:  # self stands first
                part = part.iloc[::-1]
            title = (
                f"{heading}, against {name_of(part['against'].iloc[0])}"
                if heading
                else ("Self, and what is held fixed" if len(part) > 1 else "Self")
            )
            panels.append(
                Panel(title=panel_start(group) + title, rows=panel_rows(part), axis=_AXIS)
            )
    return Figure(
        name=name,
        chart=forests(panels, width=width, kinds=kinds_of(rows)),
        data=data,
        question=QUESTION,
        caption=_caption(rows),
        alt=_alt(rows),
    )


def _groups(data: pd.DataFrame) -> list[str]:
    """Return the model that each row is of, where there are several: title and group."""
    several = data["name"].nunique() > 1
    titles = [visible(t) if several else "" for t in data["title"]]
    by = [c for c in grouping(data) if data[c].nunique(dropna=False) > 1]
    groups = joined(data, by)
    return [
        " \N{MIDDLE DOT} ".join(p for p in pair if p) for pair in zip(titles, groups, strict=True)
    ]


def _heading(term: str) -> str:
    head, bracket, _ = term.partition("[")
    return _GROUPS.get(head, "") if bracket else ""


def _term(row: dict[str, object]) -> str:
    """Return a term in words: the model that it is of, or the name of its column."""
    term = str(row["subject"])
    if _heading(term):
        return name_of(term.partition("[")[2].removesuffix("]"))
    return "Self" if term == "self" else visible(label_of(term))


def _caption(rows: pd.DataFrame) -> str:
    trials, clusters = int(rows["n_trials"].max()), int(rows["n_clusters"].max())
    return (
        f"Marginal effects of the two-way model on the probability of a match{level_phrase(rows)}, "
        f"from {plural(trials, 'trial')} in {plural(clusters, 'cluster')}. Self: what predicting "
        "oneself adds, predictor and target held fixed. Filled: shown by its t test with "
        f"cluster-robust errors; hollow: not shown.{reasons(rows)}"
    )


def _alt(rows: pd.DataFrame) -> str:
    said = [
        f"{r['full']} not estimable"
        if is_missing(r["value"])
        else f"{r['full']} {number_text(r)}, {verdict_words(r)}"
        for r in records(rows.iloc[::-1])
    ]
    size = plural(int(rows["n_trials"].max()), "trial")
    start = f"Forest plot of marginal effects on the probability of a match (n = {size})"
    return f"{start}. {'; '.join(said)}."
