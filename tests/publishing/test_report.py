"""What the cells of a page get, and that nothing of it is markup."""

from __future__ import annotations

import json

import pytest

from foresay.errors import ReportError
from foresay.publishing.analyses import analyse
from foresay.publishing.illustrations import illustrate
from foresay.publishing.report import RESULTS, Prose, Report, open_report
from foresay.publishing.stored import store
from studies import answers, open_study, prediction

HOSTILE = "<b>|`x`\n{{< include y >}} $z$ #q"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    tables = {
        "answers": [r for n in range(8) for r in answers(HOSTILE, f"i{n}", "ab"[n % 2] + "a")],
        "predictions": [
            prediction(p, HOSTILE, f"i{n}", "a", compliant=n > 2)
            for p in (HOSTILE, "n")
            for n in range(8)
        ],
    }
    folder = tmp_path_factory.mktemp("study")
    with open_study(folder, tables, choices={"resamples": 200}, title=HOSTILE) as bench:
        return analyse(bench), bench.validate().to_json()


@pytest.fixture(scope="module")
def report(made):
    results, validation = made
    return Report(results, json.loads(validation), illustrate(results))


def test_text_is_escaped_and_numbers_are_printed(report):
    assert Prose("*a* <b>")._repr_markdown_() == r"\*a\* \<b\>"
    title = report.say("title")
    assert str(title) == HOSTILE
    assert "<b>" not in title._repr_markdown_().replace(r"\<b\>", "")
    assert str(report.value("predictions")) == "16"
    assert str(report.value("predictors")) == "2"
    assert str(report.value("properties")) == "1"


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda r: r.say("desing"), "no sentence 'desing'; did you mean 'design'"),
        (lambda r: r.value("prediction"), "no value 'prediction'; did you mean 'predictions'"),
        (lambda r: r.figure("complianc"), "no figure 'complianc'; did you mean 'compliance'"),
        (lambda r: r.table("accurcy"), "no table 'accurcy'; did you mean 'accuracy'"),
        (lambda r: r.caption("zzz"), "no figure 'zzz'; there are: accuracy-against-bounds"),
    ],
)
def test_unknown_names_are_errors_that_help(report, ask, message):
    with pytest.raises(ReportError, match=message):
        ask(report)


def test_what_is_left_out_says_why(report):
    assert "fewer than two numbers of training" in str(report.figure("scaling"))
    assert str(report.caption("scaling")) == ""
    assert report.alt("scaling") == ""
    assert str(report.table("scaling")).startswith("Accuracy by number of training questions is")
    assert "Every predictor about every target: fewer than two" in str(report.left_out())


def test_tables_have_labels_and_no_raw_names(report):
    tables = [
        report.table("glance"),
        report.table("accuracy", only=["accuracy", "advantage"], rows=["arm"], group="target"),
        report.differences(),
        report.choices(),
        report.contrasts(),
        report.files(),
    ]
    for table in tables:
        assert table.rows, table.name
        for column in table.columns:
            assert "_" not in column.label + column.spanner
            assert column.label == "p" or not column.label[:1].islower()
        assert len(table.columns) <= 9
    assert "<b>" not in report.table("glance").html()
    assert [c.label for c in report.table("glance").columns] == [
        "Predictor",
        "Role",
        "Predictions",
        "Compliance",
        "Prompts",
        "Repeats",
    ]


def test_targets_without_a_value_are_a_note(report):
    frame = report.results.tables["accuracy"]
    other = frame[frame["estimand"] == "ceiling_resample"].assign(
        target="silent", value=float("nan"), low=float("nan"), high=float("nan"), note="never asked"
    )
    import pandas as pd

    tables = {"accuracy": pd.concat([frame, other])}
    results = type(report.results)(tables=tables, missing={}, facts={})
    table = Report(results, {}, {}).table(
        "accuracy", only=["ceiling_resample"], rows=["arm"], group="target", columns=[]
    )
    assert set(table.groups) == {table.groups[0]}
    assert "silent: never asked" in table.notes


def test_problems_are_a_table_or_a_sentence(report):
    assert str(report.problems()) == "Validation found nothing to report."
    problem = {"severity": "note", "table": "t", "message": "m", "n_rows": 0, "column": "c"}
    table = Report(report.results, {"problems": [problem]}, {}).problems()
    assert table.rows == (("note", "t", "m", "\N{EM DASH}"),)


def test_a_page_opens_what_was_computed(made, tmp_path, monkeypatch):
    results, validation = made
    (tmp_path / "figures").mkdir()
    store(results, validation, tmp_path)
    monkeypatch.setenv(RESULTS, str(tmp_path))
    opened = open_report()
    assert opened.results.facts == results.facts
    assert opened.figures == {}
    monkeypatch.setenv(RESULTS, str(tmp_path / "gone"))
    with pytest.raises(ReportError, match="is gone"):
        open_report()


def test_a_page_on_its_own_computes(tmp_path, monkeypatch):
    monkeypatch.delenv(RESULTS, raising=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ReportError, match="no study is named"):
        open_report()
    with open_study(tmp_path, {"answers": answers("m", "i", "ab") + answers("m", "j", "aa")}):
        pass
    assert list(open_report().figures) == ["agreement"]
