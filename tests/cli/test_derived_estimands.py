"""Estimands over derived columns from the command line."""

from __future__ import annotations

import csv
import io

import pytest

from comparisons.test_gains import CHOICES, TABLES
from studies import write_study
from trials.test_derived import IDENTITY, SHIFT


def table_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_gain_is_estimated_by_its_own_columns(foresay, tmp_path):
    path = write_study(tmp_path, TABLES, choices=CHOICES)
    asked = ["estimate", str(path), "-e", "accuracy,compliance_gain", "--format", "csv"]
    rows = table_of(foresay(*asked).out)
    gains = [row for row in rows if row["estimand"].startswith("gain")]
    assert {row["before"] for row in gains} == {"m"}
    assert {row["estimand"] for row in gains} == {
        *("gain", "gain_compliance", "gain_accuracy", "gain_share")
    }


def test_a_condition_may_name_a_derived_column(foresay, tmp_path):
    path = write_study(tmp_path, IDENTITY)
    asked = ["estimate", str(path), "--where", "identity_match AND property = 'first'"]
    (row,) = table_of(foresay(*asked, "--format", "csv").out)
    assert (row["n_trials"], float(row["value"])) == ("2", 0.5)


@pytest.mark.parametrize(
    ("tables", "estimand", "missing"),
    [
        (IDENTITY, "shift_new", "column `stage` of the table models"),
        (SHIFT, "extraction", "predictions of the property `identity`"),
        (IDENTITY, "projection", "own behaviour of a predictor that is not the target"),
        (IDENTITY, "compliance_gain", "`base`"),
    ],
    ids=["shift", "identity", "own", "gain"],
)
def test_what_tables_lack_is_named_without_a_traceback(
    foresay, tmp_path, tables, estimand, missing
):
    path = write_study(tmp_path, tables, choices=CHOICES)
    result = foresay("estimate", path, "-e", estimand)
    assert result.code == 2
    assert missing in " ".join(result.err.split())
    assert "Traceback" not in result.err


def test_a_contrast_may_be_of_a_derived_estimand(foresay, tmp_path):
    rows = [
        {**row, "wording": wording, "prediction": "c" if wording == "b" else row["prediction"]}
        for row in IDENTITY["predictions"]
        for wording in ("a", "b")
        if row["property"] == "first" or wording == "a"
    ]
    rows += [{**r, "wording": "b"} for r in IDENTITY["predictions"] if r["property"] == "identity"]
    arms = {"of": "extraction", "where": "wording = 'a'", "minus": "wording = 'b'"}
    path = write_study(
        tmp_path,
        {**IDENTITY, "predictions": rows},
        choices={"resamples": 100},
        contrasts={"wording": arms},
    )
    (row,) = table_of(foresay("compare", path, "--name", "wording", "--format", "csv").out)
    # of the two reproduced answers wording a reads c right, and so does wording b
    assert float(row["value"]) == 0.0
