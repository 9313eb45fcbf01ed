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
    return figures.plot_contrasts(as_comparisons(table), name="self-advantage")


def _interactions(table: pd.DataFrame) -> Figure:
    return figures.plot_interaction(table)


def _over_tasks(table: pd.DataFrame) -> Figure:
    return figures.plot_random_effects(table)


def _two_way(table: pd.DataFrame) -> Figure:
    return figures.plot_two_way(table)


def _trends(table: pd.DataFrame) -> Figure:
    return figures.plot_trend(table)


def _compliance(table: pd.DataFrame) -> Figure:
    return figures.plot_compliance(table, row="arm")


def _policies(table: pd.DataFrame) -> Figure:
    return figures.plot_policies(table, row="arm")


def _gain(table: pd.DataFrame) -> Figure:
    return figures.plot_gain(table)


def _reproduction(table: pd.DataFrame) -> Figure:
    return figures.plot_reproduction(table)


def _projection(table: pd.DataFrame) -> Figure:
    return figures.plot_projection(table)


def _two_scorings(table: pd.DataFrame) -> Figure:
    return figures.plot_two_scorings(table)


def _shift(table: pd.DataFrame) -> Figure:
    return figures.plot_shift(table)


def _shifted_share(table: pd.DataFrame) -> Figure:
    return figures.plot_shifted_share(table)


def _agreement(table: pd.DataFrame) -> Figure:
    return figures.plot_agreement(table)


def _normalized(table: pd.DataFrame) -> Figure:
    return figures.plot_normalized(table, row="arm")


def _ceiling_by_k(table: pd.DataFrame) -> Figure:
    return figures.plot_ceiling_by_k(table)


def _agreement_by_n(table: pd.DataFrame) -> Figure:
    return figures.plot_agreement_by_n(table)


def _reliability(table: pd.DataFrame) -> Figure:
    return figures.plot_reliability(table)


def as_comparisons(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of differences in the form that all comparisons share."""
    columns = [str(c) for c in table.columns]
    known = ("estimand", "contrast", "of_value", "minus_value")
    by = [c for c in columns[: columns.index("value")] if c not in known]
    frame = table.assign(kind="contrast", name=table["estimand"], title=table["contrast"])
    rest = [c for c in columns if c not in {*known, *by, "quantity"}]
    return frame[["kind", "name", "title", "estimand", *by, "quantity", *rest]]


_DRAW: dict[str, Callable[[pd.DataFrame], Figure]] = {
    "accuracy-against-bounds": _accuracy,
    "accuracy-informative": _informative,
    "accuracy-by-property": _by_property,
    "scaling": _scaling,
    "trend": _trends,
    "predictor-by-target": _matrix,
    "self-advantage": _advantage,
    "interaction": _interactions,
    "over-tasks": _over_tasks,
    "two-way-model": _two_way,
    "compliance": _compliance,
    "compliance-policies": _policies,
    "compliance-gain": _gain,
    "reproduction": _reproduction,
    "projection": _projection,
    "two-scorings": _two_scorings,
    "behaviour-change": _shift,
    "shifted-share": _shifted_share,
    "agreement": _agreement,
    "normalised-accuracy": _normalized,
    "ceiling-by-k": _ceiling_by_k,
    "agreement-by-n": _agreement_by_n,
    "determinism": figures.plot_determinism,
    "entropy-matched": figures.plot_entropy_matched,
    "templates": figures.plot_templates,
    "complexity": figures.plot_complexity,
    "stage-ladder": figures.plot_ladder,
    "detection": figures.plot_detection,
    "correlation": figures.plot_correlation,
    "reliability": _reliability,
}
