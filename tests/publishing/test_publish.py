"""What goes to the page besides results; rendering itself is in tests/cli/test_render.py."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from foresay.publishing.publish import Order, _metadata, sections
from foresay.publishing.results import Results
from foresay.study import read_study
from studies import answers, write_study

FACTS = {
    "has_predictions": False,
    "contrasts": {},
    "estimands": [{}],
    "problems": 0,
    "fingerprint": "abc",
}


def results(**tables: pd.DataFrame) -> Results:
    return Results(tables=tables, missing={"x": "because"}, facts=FACTS)


def test_sections_follow_what_there_is():
    frame = pd.DataFrame({"estimand": ["accuracy", "ceiling_resample"], "value": [0.5, None]})
    has = sections(results(accuracy=frame), ["agreement"])
    assert has["accuracy"]
    assert not has["ceiling"]
    assert has["fig-agreement"]
    assert not has["fig-scaling"]
    assert not has["accuracy-informative"]
    assert has["left-out"]
    assert has["page-accuracy"]
    assert not has["page-calibration"]
    assert not has["problems"]
    assert sections(results(accuracy=frame.assign(value=0.5)), [])["ceiling"]


@pytest.mark.parametrize(("label", "shown"), [("1.0", "Version 1.0"), (None, "Draft")])
def test_what_a_study_says_of_itself_is_text(tmp_path: Path, label, shown):
    report = {"authors": ["**A**"], "date": "2026-11-22"}
    path = write_study(
        tmp_path, {"answers": answers("m", "i", "a")}, title="<b> $x$", report=report
    )
    order = Order(
        study=path, data=None, formats=("html",), label=label, versions=tmp_path, engine="embedded"
    )
    data = _metadata(order, read_study(path), results(), [])
    assert data["title"] == r"\<b\> \$x\$"
    assert data["author"] == [{"name": r"\*\*A\*\*"}]
    assert str(data["subtitle"]).replace("\\", "").startswith(f"{shown} · data abc")
