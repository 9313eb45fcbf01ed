"""The figures of a report: results -> figures by name; those without data are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from foresay import figures
from foresay.errors import UnsupportedError
from foresay.figures import Figure
from foresay.publishing.results import FIGURES, Results


def illustrate(results: Results) -> dict[str, Figure]:
    """Draw every figure that the results support, in the order of the report.

    Parameters
    ----------
    results : Results
        What `analyse` computed.

    Returns
    -------
    dict of str to Figure
        By the figure's name.
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
            yield name, _DRAW[name]


def _accuracy(table: pd.DataFrame) -> Figure:
    return figures.plot_accuracy(table, row="arm")


def _informative(table: pd.DataFrame) -> Figure:
    return figures.plot_accuracy(table, row="arm", name="accuracy-informative")


def _by_property(table: pd.DataFrame) -> Figure:
    return figures.plot_accuracy(table, row="arm", name="accuracy-by-property")


def _scaling(table: pd.DataFrame) -> Figure:
    return figures.plot_scaling(table, series="series", expected=())


def _matrix(table: pd.DataFrame) -> Figure:
    return figures.plot_matrix(table)


def _advantage(table: pd.DataFrame) -> Figure:
    return figures.plot_advantage(table.assign(estimand="self_advantage"))


def _compliance(table: pd.DataFrame) -> Figure:
    return figures.plot_compliance(table, row="arm")


def _policies(table: pd.DataFrame) -> Figure:
    return figures.plot_policies(table, row="arm")


def _agreement(table: pd.DataFrame) -> Figure:
    return figures.plot_agreement(table)


_DRAW: dict[str, Callable[[pd.DataFrame], Figure]] = {
    "accuracy-against-bounds": _accuracy,
    "accuracy-informative": _informative,
    "accuracy-by-property": _by_property,
    "scaling": _scaling,
    "predictor-by-target": _matrix,
    "self-advantage": _advantage,
    "compliance": _compliance,
    "compliance-policies": _policies,
    "agreement": _agreement,
}
