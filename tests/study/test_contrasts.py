from __future__ import annotations

import pytest

from foresay.errors import StudyError
from foresay.study import parse_study

ARMS = {"of": "accuracy", "where": "role = 'self'", "minus": "role = 'cross'"}
STUDY = {"study": "s", "tables": {"trials": {"files": "x.csv"}}}


def contrast(**spec):
    return parse_study({**STUDY, "contrasts": {"c": {**ARMS, **spec}}}).contrasts["c"]


def test_what_is_not_said_is_a_tested_difference_on_shared_items():
    found = contrast()
    assert (found.scale, found.pairing, found.test) == ("difference", "intersection", "sign_flip")
    assert (found.hypothesis, found.margin, found.versus) == ("difference", None, None)
    assert found.conditions == (ARMS["where"], ARMS["minus"])


def test_versus_adds_two_conditions():
    found = contrast(versus={"where": "a = 1", "minus": "a = 2"})
    assert found.conditions[2:] == ("a = 1", "a = 2")


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"hypothesis": "equivalence"}, "contrasts.c has hypothesis equivalence without a margin"),
        ({"margin": 0.05}, "margin 0.05 without a hypothesis that uses it"),
        ({"hypothesis": "superiority", "margin": 0}, "contrasts.c.margin is 0"),
        ({"hypothesis": "equivalence", "margin": 0.9, "scale": "ratio"}, "a factor above 1"),
        ({"hypothesis": "equivalence", "margin": 0.1, "test": "sign_flip"}, "leave test out"),
        (
            {"test": "mcnemar", "versus": {"where": "a", "minus": "b"}},
            "compares two arms, and versus",
        ),
        ({"versus": {"where": "a"}}, "contrasts.c.versus.minus is missing"),
        ({"versus": {"where": "a", "minsu": "b"}}, "did you mean 'minus'"),
        ({"test": "mcnemer"}, "did you mean 'mcnemar'"),
        ({"pairing": "all"}, "is not one of intersection, complete"),
        ({"scael": "ratio"}, "did you mean 'scale'"),
    ],
)
def test_parts_that_contradict_each_other_are_refused(spec, message):
    with pytest.raises(StudyError, match=message):
        contrast(**spec)


def families(**named):
    return parse_study({**STUDY, "contrasts": {"c": ARMS, "d": ARMS}, "families": named}).families


def test_a_family_is_holm_at_5_percent_and_may_name_self_advantage():
    found = families(main={"contrasts": ["c", "self_advantage"]})["main"]
    assert (found.correction, found.level) == ("holm", 0.05)
    assert families(one={"contrasts": "c", "correction": "bh"})["one"].contrasts == ["c"]


@pytest.mark.parametrize(
    ("named", "message"),
    [
        (
            {"a": {"contrasts": ["self_advantag"]}},
            "'a' names the unknown contrast 'self_advantag'; did you mean 'self_advantage'",
        ),
        (
            {"a": {"contrasts": ["c"]}, "b": {"contrasts": ["d", "c"]}},
            "'b' names the contrast 'c' as 'a' does; a contrast belongs to one family",
        ),
        ({"a": {"contrasts": ["c", "c"]}}, "names the contrast 'c' twice"),
        ({"a": {"contrasts": []}}, "families.a.contrasts"),
        ({"a": {"contrasts": ["c"], "correction": "bonferroni"}}, "not one of holm, bh"),
        ({"a": {"contrasts": ["c"], "levle": 0.1}}, "did you mean 'level'"),
    ],
)
def test_families_name_declared_contrasts_once(named, message):
    with pytest.raises(StudyError, match=message):
        families(**named)
