from __future__ import annotations

import pytest

from foresay.errors import UnsupportedError
from foresay.publishing import variation_findings, variations
from foresay.publishing.analyses import Desk
from foresay.publishing.results import Results
from studies import answers, open_study, prediction

GRID = {
    "of": "self_advantage",
    "choices": {
        "compliance": {"count_wrong": "x", "ignore": "y"},
        "truth": {"each": "x", "first": "y"},
    },
}


def tables(items=16):
    given, said = [], []
    for n in range(items):
        for property_ in "pq":
            given += answers("m", f"i{n}", "aab"[n % 3 :] + "a", property_=property_)
            for p, k in (("m", 1), ("n", 2)):
                one = prediction(p, "m", f"i{n}", "ab"[n % k], compliant=n % 5 != 3)
                said.append({**one, "property": property_})
    return {"answers": given, "predictions": said}


@pytest.fixture
def desk_of(tmp_path):
    def make(**study):
        return Desk(open_study(tmp_path / "s", tables(), choices={"resamples": 200}, **study))

    return make


def results(desk):
    made = {
        name: variations.of_curves(part)(desk)
        for name, part in (
            ("specifications", "specifications"),
            ("specification_summary", "summary"),
            ("specification_importance", "importance"),
        )
    }
    return Results(tables={**made, "influence": variations.influence(desk)}, missing=desk.missing)


def test_every_declared_curve_is_computed_once_for_all_its_tables(desk_of, monkeypatch):
    desk = desk_of(
        specifications={"one": GRID, "two": {**GRID, "of": "advantage", "by": "predictor"}}
    )
    counted = []
    compute = desk.bench.specification_curve
    monkeypatch.setattr(
        desk.bench, "specification_curve", lambda name: counted.append(name) or compute(name)
    )
    found = results(desk)
    assert counted == ["one", "two"]
    assert found.tables["specifications"]["curve"].unique().tolist() == ["one", "two"]


def test_a_curve_that_fails_is_named_and_the_others_are_there(desk_of):
    bad = {"of": "self_advantage", "where": "predictor = 'm'", "choices": GRID["choices"]}
    desk = desk_of(specifications={"good": GRID, "bad": {**bad, "title": "A bad one"}})
    frame = variations.of_curves("summary")(desk)
    assert frame["curve"].unique().tolist() == ["good"]
    assert "nothing to pair" in desk.missing["A bad one"]


def test_a_study_without_a_grid_has_no_curve(desk_of):
    with pytest.raises(UnsupportedError, match="declares no specification curve"):
        variations.curves(desk_of())


def test_the_sentences_have_the_numbers_of_the_tables(desk_of):
    found = results(desk_of(specifications={"one": GRID}))
    said = variation_findings.specifications(found)
    assert said.startswith("4 combinations of choices have a median of ")
    assert "is tested with their median, p" in said
    assert "What moves the result most is" in said
    assert "without " in variation_findings.influence(found)


def test_nothing_is_said_where_nothing_was_computed():
    empty = Results(tables={}, missing={})
    assert variation_findings.specifications(empty) == ""
    assert variation_findings.influence(empty) == ""
