"""Gains, mechanism and behaviour change in a report: tables, sentences, and what is left out."""

from __future__ import annotations

import pytest

from estimation.test_derived_estimands import noisy
from foresay.publishing import mechanism_findings
from foresay.publishing.analyses import analyse
from foresay.publishing.illustrations import illustrate
from foresay.publishing.results import TITLES
from studies import open_study

OURS = ("compliance_gain", "reproduction", "projection", "two_scorings", "shift", "shifted_share")


def trained():
    """The noisy study with a trained predictor that always complies."""
    tables = noisy(items=60)
    more = [
        {**row, "predictor": "x-n", "compliant": True}
        for row in tables["predictions"]
        if row["predictor"] == "x"
    ]
    model = {"model": "x-n", "base": "x", "stage": "cross-trained"}
    return {
        **tables,
        "models": [*tables["models"], model],
        "predictions": [*tables["predictions"], *more],
    }


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    with open_study(
        tmp_path_factory.mktemp("report"),
        trained(),
        choices={"truth": "modal", "compliance": "count_wrong", "resamples": 200},
    ) as bench:
        return analyse(bench)


def test_a_study_with_all_of_it_has_every_table_and_figure(results):
    assert [name for name in OURS if name in results.tables] == list(OURS)
    drawn = illustrate(results)
    wanted = {
        *("compliance-gain", "reproduction", "projection", "two-scorings"),
        *("behaviour-change", "shifted-share"),
    }
    assert wanted <= set(drawn)


def test_only_arms_that_behave_otherwise_than_their_target_are_projected(results):
    table = results.tables["projection"]
    assert set(table["target"]) == {"m", "s"}
    assert "s" not in set(table.loc[table["target"] == "s", "arm"])


def test_only_changed_targets_have_a_shift(results):
    assert set(results.tables["shift"]["target"]) == {"s"}
    assert set(results.tables["shifted_share"]["target"]) == {"s"}


def test_definitions_of_all_their_estimands_are_in_the_methods(results):
    defined = {row["estimand"] for row in results.facts["estimands"]}
    for name in OURS:
        assert set(results.tables[name]["estimand"]) <= defined, name


def test_sentences_have_the_numbers_of_the_tables(results):
    said = mechanism_findings.compliance_gain(results)
    assert said.startswith("x-n gains ")
    assert " over x; " in said
    assert mechanism_findings.shift(results).startswith("On items whose behaviour was shifted")
    assert mechanism_findings.shifted_share(results).startswith("s behaves otherwise than its base")
    assert "reproduces" in mechanism_findings.reproduction(results)
    assert mechanism_findings.projection(results).startswith("Of 3 arms whose predictor")


def test_without_them_nothing_is_said_and_each_is_left_out_with_its_reason(tmp_path):
    tables = trained()
    plain = {
        "answers": [r for r in tables["answers"] if r["model"] == "m" and r["property"] == "first"],
        "predictions": [
            r for r in tables["predictions"] if r["predictor"] == "x" and r["property"] == "first"
        ],
    }
    with open_study(tmp_path, plain, choices={"resamples": 200}) as bench:
        results = analyse(bench)
    assert not set(OURS) & set(results.tables)
    for name in OURS:
        assert results.missing[TITLES[name]]
        assert getattr(mechanism_findings, name, lambda _: "")(results) == ""
    assert "identity" in results.missing[TITLES["reproduction"]]
    assert "`base`" in results.missing[TITLES["compliance_gain"]]


def test_a_forgiving_policy_leaves_the_gain_out(tmp_path):
    with open_study(tmp_path, trained(), choices={"resamples": 200, "compliance": "ignore"}) as b:
        results = analyse(b)
    assert "policy ignore" in results.missing[TITLES["compliance_gain"]]
