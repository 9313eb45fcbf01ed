from __future__ import annotations

import pandas as pd

from foresay.publishing.illustrations import illustrate, of_analysis
from foresay.publishing.results import FIGURES, TITLES, Results

ROW = {"estimand": "agreement_answer", "target": "m", "task": "t", "value": 0.5, "low": 0.4}
REST = {"high": 0.6, "level": 0.95, "n_items": 9, "interval": "exact", "note": ""}


def results(**tables):
    return Results(tables=tables, missing={})


def test_figures_of_analyses_that_are_there_are_drawn():
    drawn = illustrate(results(agreement=pd.DataFrame([{**ROW, **REST}])))
    assert list(drawn) == ["agreement"]
    assert drawn["agreement"].name == "agreement"


def test_what_a_figure_cannot_hold_is_left_out():
    twice = pd.DataFrame([{**ROW, **REST}] * 2)
    assert illustrate(results(agreement=twice)) == {}


def test_every_figure_has_its_function():
    assert [name for table in TITLES for name, _ in of_analysis(table)] == list(FIGURES)
    assert list(of_analysis("glance")) == []
