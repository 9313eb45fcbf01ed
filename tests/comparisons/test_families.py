from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresay.comparisons.families import adjust, adjusted, family_of, in_family, outside_family
from foresay.errors import UnsupportedError
from foresay.study import Family, parse_study

REFERENCE = pd.read_csv(Path(__file__).parent / "reference" / "adjusted.csv")
HOLM = Family(contrasts=["a", "b"])
BH = Family(contrasts=["a", "b"], correction="bh")


def table(**p_values):
    rows = [
        {
            "estimand": name,
            "p_value": p,
            "p_adjusted": np.nan,
            "family": "",
            "hypothesis": "difference",
            "verdict": "?",
            "note": "",
        }
        for name, ps in p_values.items()
        for p in ps
    ]
    return pd.DataFrame(rows)


def test_against_r():
    p = REFERENCE["p"].to_numpy()
    assert adjusted(p, HOLM) == pytest.approx(REFERENCE["holm"].to_numpy())
    assert adjusted(p, BH) == pytest.approx(REFERENCE["bh"].to_numpy())


@settings(deadline=None, derandomize=True, max_examples=12)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_adjusting_keeps_the_order_and_never_lowers(p_values):
    p = np.array(p_values)
    for family in (HOLM, BH):
        made = adjusted(p, family)
        assert (made >= p - 1e-12).all()
        assert (np.diff(made[np.argsort(p, kind="stable")]) >= -1e-12).all()
    assert (adjusted(p, HOLM) >= adjusted(p, BH) - 1e-12).all()


def test_every_row_of_every_contrast_is_a_test_of_the_family():
    # Holm over three: .01 x 3, .02 x 2, .04
    made = adjust(table(a=[0.01, 0.04], b=[0.02], other=[0.001]), {"main": HOLM})
    assert made["p_adjusted"][:3].tolist() == pytest.approx([0.03, 0.04, 0.04])
    assert made["family"].tolist() == ["main"] * 3 + [""]
    assert made["verdict"].tolist() == ["different"] * 3 + ["?"]
    assert np.isnan(made["p_adjusted"][3])


def test_the_family_s_own_level_decides():
    strict = Family(contrasts=["a", "b"], level=0.03)
    made = adjust(table(a=[0.01], b=[0.04]), {"main": strict})
    assert made["verdict"].tolist() == ["different", "not shown"]


def test_an_undefined_test_still_counts():
    made = adjusted(np.array([0.02, np.nan, np.nan]), HOLM)
    assert made[0] == pytest.approx(0.06)
    assert np.isnan(made[1:]).all()


def test_half_a_family_is_not_adjusted():
    made = adjust(table(a=[0.01]), {"main": HOLM})
    assert np.isnan(made["p_adjusted"][0])
    assert made["verdict"][0] == ""
    assert made["note"][0] == "not adjusted: family main needs b too"


STUDY = {
    "study": "s",
    "tables": {"trials": {"files": "x.csv"}},
    "contrasts": {
        name: {"of": "accuracy", "where": "role = 'self'", "minus": "role = 'cross'"}
        for name in "abc"
    },
    "families": {"main": {"contrasts": ["a", "b"]}},
}


def test_one_contrast_is_adjusted_for_all_of_its_family():
    study = parse_study(STUDY)
    asked = []

    def compute(name):
        asked.append(name)
        return table(**{name: [{"a": 0.01, "b": 0.03, "c": 0.5}[name]]})

    assert in_family(study, "a", compute)["p_adjusted"].tolist() == pytest.approx([0.02])
    assert asked == ["a", "b"]
    assert np.isnan(in_family(study, "c", compute)["p_adjusted"][0])
    assert family_of(study, "b") == "main"
    assert family_of(study, "c") == ""


@pytest.mark.parametrize(("rows", "counted"), [(1, "1 test"), (3, "3 tests")])
def test_a_relative_without_items_is_untested_and_still_counts(rows, counted):
    study = parse_study(STUDY)

    def compute(name):
        if name == "b":
            raise UnsupportedError("contrast b: no item has trials in both arms")
        return table(a=[0.01, 0.5, 0.5][:rows])

    made = in_family(study, "a", compute)
    # Holm: p times the tests of a, and as many for b with p = 1
    assert made["p_adjusted"][0] == pytest.approx(0.01 * 2 * rows)
    assert made["family"][0] == "main"
    assert made["note"][0].startswith(
        f"b of family main is untested, counted as {counted} with p = 1 (contrast b: no item"
    )
    with pytest.raises(UnsupportedError, match="contrast b"):
        in_family(study, "b", compute)


def test_another_grouping_is_another_family():
    made = outside_family(table(a=[0.01]), "main")
    assert np.isnan(made["p_adjusted"][0])
    assert made["family"][0] == "main"
    assert "grouped otherwise" in made["note"][0]
