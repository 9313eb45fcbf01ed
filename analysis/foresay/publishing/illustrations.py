"""The figures of a report: results -> figures by name; those without data are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

import pandas as pd

from foresay.errors import UnsupportedError
from foresay.figures import DOUBLE, GALLERY, SINGLE, Figure
from foresay.publishing.results import FIGURES, Results

_OF_ARMS = {"row": "arm"}
_OPTIONS: MappingProxyType[str, dict[str, Any]] = MappingProxyType(
    {
        "headline": {
            **_OF_ARMS,
            "subject": "Accuracy of at most one self- and one cross-prediction of each target",
        },
        "accuracy-against-bounds": _OF_ARMS,
        "accuracy-informative": {
            **_OF_ARMS,
            "subject": "Accuracy of each arm on the cells of task and property in which no answer "
            "is very common",
        },
        "accuracy-by-property": {
            **_OF_ARMS,
            "subject": "Accuracy about each property",
        },
        "normalised-accuracy": _OF_ARMS,
        "compliance": _OF_ARMS,
        "compliance-policies": _OF_ARMS,
        "scaling": {"series": "series", "expected": ()},
    }
)
"""How a table of the report is plotted, where that is not the usual way."""

_AS = {
    "headline": "accuracy-against-bounds",
    "accuracy-informative": "accuracy-against-bounds",
    "accuracy-by-property": "accuracy-against-bounds",
    "self-advantage": "contrasts",
}
"""Figures that are those of the gallery under another name."""

_QUESTIONS = {
    "headline": "How well is each model predicted, by itself and by another?",
    "accuracy-informative": "How accurate is each predictor where there is something to predict?",
    "accuracy-by-property": "Which properties are predicted, and how well?",
}
"""What those ask, where it is not what the gallery's asks."""


def illustrate(results: Results) -> dict[str, Figure]:
    """Draw every figure that the results support, in the order of the report.

    Parameters
    ----------
    results : Results
        What `analyse` computed.

    Returns
    -------
    dict of str to Figure
        By the figure's name, in two columns and in one.
    """
    drawn: dict[str, Figure] = {}
    for analysis, table in results.tables.items():
        for name, draw in of_analysis(analysis):
            try:
                drawn[name] = draw(table)
            except UnsupportedError:
                continue  # more than a figure can hold; the tables have it all
    return drawn


def of_analysis(analysis: str) -> Iterator[tuple[str, Callable[[pd.DataFrame], Figure]]]:
    """Give the figures that show one analysis: name, and the function from its table."""
    for name, shown in FIGURES.items():
        if shown == analysis:
            yield name, partial(_draw, name)


def gallery_name(name: str) -> str:
    """Return the name under which the gallery has a figure of the report."""
    return _AS.get(name, name)


def question_of(name: str) -> str:
    """Return what a figure of the report answers."""
    return _QUESTIONS.get(name) or GALLERY[gallery_name(name)].question


def _draw(name: str, table: pd.DataFrame) -> Figure:
    given = _PREPARED[name](table) if name in _PREPARED else table
    plot = partial(GALLERY[gallery_name(name)].plot, given, name=name, **_OPTIONS.get(name, {}))
    wide, narrow = (replace(plot(width=w), question=question_of(name)) for w in (DOUBLE, SINGLE))
    return replace(wide, single=narrow)


def _with_roles(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(arm=table["role"] + ": " + table["arm"]).drop(columns="role")


def as_comparisons(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of differences in the form that all comparisons share."""
    columns = [str(c) for c in table.columns]
    known = ("estimand", "contrast", "of_value", "minus_value")
    by = [c for c in columns[: columns.index("value")] if c not in known]
    frame = table.assign(kind="contrast", name=table["estimand"], title=table["contrast"])
    rest = [c for c in columns if c not in {*known, *by, "quantity"}]
    return frame[["kind", "name", "title", "estimand", *by, "quantity", *rest]]


_PREPARED: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "headline": _with_roles,
    "self-advantage": as_comparisons,
}
