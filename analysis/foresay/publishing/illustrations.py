"""The figures of a report: results -> figures by name; those without data are left out."""

from __future__ import annotations

from collections.abc import Callable

from foresay import figures
from foresay.errors import UnsupportedError
from foresay.figures import Figure
from foresay.publishing.analyses import Results


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
    for name, draw in _FIGURES.items():
        try:
            drawn[name] = draw(results)
        except (KeyError, UnsupportedError):
            continue  # the analysis was left out, and the report says why
    return drawn


def _accuracy(results: Results) -> Figure:
    return figures.plot_accuracy(results.tables["accuracy"], row="arm")


def _informative(results: Results) -> Figure:
    return figures.plot_accuracy(
        results.tables["accuracy_informative"], row="arm", name="accuracy-informative"
    )


def _by_property(results: Results) -> Figure:
    return figures.plot_accuracy(
        results.tables["accuracy_by_property"], row="arm", name="accuracy-by-property"
    )


def _scaling(results: Results) -> Figure:
    return figures.plot_scaling(results.tables["scaling"], series="series", expected=())


def _matrix(results: Results) -> Figure:
    return figures.plot_matrix(results.tables["matrix"])


def _advantage(results: Results) -> Figure:
    frame = results.tables["advantage"].copy()
    frame["estimand"] = "self_advantage"
    return figures.plot_advantage(frame)


def _compliance(results: Results) -> Figure:
    return figures.plot_compliance(results.tables["compliance"], row="arm")


def _policies(results: Results) -> Figure:
    return figures.plot_policies(results.tables["policies"], row="arm")


def _agreement(results: Results) -> Figure:
    return figures.plot_agreement(results.tables["agreement"])


_FIGURES: dict[str, Callable[[Results], Figure]] = {
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
"""Figures by name, in the order of the report."""
