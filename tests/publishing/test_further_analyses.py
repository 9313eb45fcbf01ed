from __future__ import annotations

from types import SimpleNamespace

import pytest

from foresay.errors import UnsupportedError
from foresay.publishing import further_analyses
from foresay.publishing.analyses import Desk
from foresay.publishing.results import FIGURES, TITLES
from studies import answers, open_study, prediction

NAMES = (
    *("templates", "ladder", "determinism", "entropy_matched"),
    *("complexity", "detection", "correlation"),
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A study that has everything: two models before and after training, two templates."""
    said, did = [], []
    for i in range(12):
        did += answers("m", f"i{i}", ["1", "2"] if i % 2 else ["1", "1"])
        did += answers("t", f"i{i}", ["1", "1"])
        for model, right in (("m", i % 3 == 0), ("t", i % 4 > 0)):
            for template in ("u", "v"):
                row = prediction(
                    model,
                    model,
                    f"i{i}",
                    "1" if right else f"{i % 5}",
                    template=template,
                    training_template="u",
                    signal=i % 2,
                    detected=int(right),
                )
                said.append(row)
    tables = {
        "answers": did,
        "predictions": said,
        "models": [
            {"model": "m", "base": None, "stage": "base"},
            {"model": "t", "base": "m", "stage": "self-trained"},
        ],
        "items": [{"task": "t", "item": f"i{i}", "complexity": i % 3} for i in range(12)],
    }
    sources = {name: {"files": f"{name}.csv"} for name in tables}
    sources["predictions"]["conditions"] = ["template"]
    contrast = {"of": "accuracy", "where": "predictor = 't'", "minus": "predictor = 'm'"}
    study = open_study(
        tmp_path_factory.mktemp("whole"),
        tables,
        tables=sources,
        contrasts={"trained": {**contrast, "title": "Trained"}},
        choices={"truth": "each", "resamples": 100},
    )
    yield Desk(study)
    study.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_study_that_has_everything_has_every_analysis(desk, name):
    table = getattr(further_analyses, name)(desk)
    assert table["value"].notna().any()
    assert table["fingerprint"].nunique() == 1
    assert name in TITLES
    assert name in FIGURES.values()


def test_entropy_is_matched_where_arms_differ_in_it(desk):
    table = further_analyses.entropy_matched(desk)
    assert set(table["contrast"]) == {"Trained"}


def test_bounds_have_no_single_value():
    bounded = SimpleNamespace(
        require_predictions=lambda: None,
        bench=SimpleNamespace(choices=SimpleNamespace(compliance="bounds")),
    )
    for name in ("templates", "ladder", "entropy_matched", "complexity"):
        with pytest.raises(UnsupportedError, match="bounds"):
            getattr(further_analyses, name)(bounded)
