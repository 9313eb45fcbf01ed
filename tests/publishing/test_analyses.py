"""Which tables a report has, for studies of every shape, and what the shipped one must say."""

from __future__ import annotations

import pytest

import foresay
from foresay.publishing import answers as says
from foresay.publishing import comparison_findings, findings, printed_tables
from foresay.publishing.analyses import analyse
from foresay.publishing.results import FIGURES, TITLES
from studies import SHIPPED, answers, open_study, prediction

QUICK = {"resamples": 200}


def replies(items=10, k=2, target="m"):
    return [r for n in range(items) for r in answers(target, f"i{n}", "abba"[n % 3 : n % 3 + k])]


def said(predictor, items=10, target="m", **more):
    return [prediction(predictor, target, f"i{n}", "aab"[n % 3], **more) for n in range(items)]


def results_of(folder, tables, **study):
    with open_study(
        folder, tables, choices={**QUICK, **study.pop("choices", {})}, **study
    ) as bench:
        return analyse(bench)


def test_every_figure_shows_an_analysis():
    assert set(FIGURES.values()) <= set(TITLES)


def test_behaviour_alone_gives_agreement_and_ceilings_and_reasons_for_the_rest(tmp_path):
    results = results_of(tmp_path, {"answers": replies()})
    assert list(results.tables) == ["glance", "agreement", "ceilings"]
    assert set(results.missing.values()) == {
        "the study has no predictions",
        "no item has more than two usable repeats",
        "the study has no ledger of claims (claims.yml beside its file)",
        (
            "determinism gained needs to know what each model was trained from; add a table "
            "models with a column base"
        ),
    }
    assert results.facts["predictions"] == 10
    assert findings.design(results).startswith("1 model answered 10 prompts of 1 task (t)")
    assert "No predictions were made." in findings.design(results)
    assert says.overview(results)[0].startswith("Agreement of answers is ")


def test_scored_trials_alone_have_accuracy_without_bounds(tmp_path):
    rows = [
        {k: v for k, v in row.items() if k != "prediction"} | {"match": n % 2 == 0}
        for n, row in enumerate(said("m"))
    ]
    results = results_of(tmp_path, {"trials": rows})
    assert results.tables["accuracy"]["estimand"].tolist() == ["accuracy"]
    assert says.overview(results) == [
        "m predicts itself with an accuracy of .50 [.19, .81].",
        "How high accuracy could be is not known: the tables hold no repeated answers.",
    ]


def test_one_predictor_has_no_contrast_and_no_matrix(tmp_path):
    results = results_of(tmp_path, {"answers": replies(), "predictions": said("m")})
    assert {"accuracy", "agreement"} <= set(results.tables)
    assert results.missing["Self against cross"].startswith("no item has a self-prediction and")
    assert "Every predictor about every target" in results.missing
    assert results.facts["contrasts"] == {}


def test_crossed_predictors_give_a_matrix_and_an_advantage(tmp_path):
    tables = {
        "answers": [*replies(), *replies(target="n")],
        "predictions": [r for p in "mn" for t in "mn" for r in said(p, target=t)],
    }
    results = results_of(tmp_path, tables)
    assert len(results.tables["matrix"]) == 8
    assert results.tables["advantage"]["target"].tolist() == ["m", "n"]
    assert list(results.facts["contrasts"]) == ["self_advantage"]


def test_a_selection_of_nothing_is_said(tmp_path):
    tables = {"answers": replies(), "predictions": said("m")}
    results = results_of(tmp_path, tables, where="task = 'none'")
    assert results.tables == {}
    assert results.missing == {}
    expected = (
        "The tables hold no trial that satisfies task = 'none', so there is nothing to report."
    )
    assert findings.design(results) == expected


def test_a_declared_contrast_without_trials_is_named_and_the_others_stay(tmp_path):
    tables = {"answers": replies(), "predictions": [*said("m"), *said("n")]}
    empty = {"title": "Nobody", "of": "accuracy", "where": "role = 'x'", "minus": "role = 'self'"}
    results = results_of(tmp_path, tables, contrasts={"nobody": empty})
    assert results.tables["advantage"]["contrast"].unique().tolist() == ["Self minus cross"]
    assert "Nobody" in results.missing
    assert "nobody" not in results.facts["contrasts"]


def test_groupings_of_several_contrasts_stand_before_the_numbers(tmp_path):
    tables = {"answers": replies(), "predictions": [*said("m"), *said("n")]}
    spec = {"of": "accuracy", "where": "role = 'self'", "minus": "role = 'cross'"}
    by_property = {"title": "By property", "by": ["target", "property"], **spec}
    frame = results_of(tmp_path, tables, contrasts={"c": by_property}).tables["advantage"]
    columns = list(frame.columns)
    assert columns.index("property") < columns.index("value")


def test_policies_stand_side_by_side_where_replies_break_the_form(tmp_path):
    tables = {
        "answers": replies(),
        "predictions": [*said("m", compliant=True), *said("n", items=5, compliant=False)],
    }
    results = results_of(tmp_path, tables)
    assert results.tables["policies"]["arm"].unique().tolist() == ["n"]
    assert results.tables["policies"]["compliance"].nunique() == 5
    assert "when they count as wrong" in findings.policy_effect(results) or (
        "are counted as in the original paper" in findings.policy_effect(results)
    )
    assert findings.compliance(results).startswith("Between 0\N{NO-BREAK SPACE}% (n) and 100")


def test_bounds_as_the_studys_choice_leave_out_what_they_do_not_define(tmp_path):
    tables = {"answers": replies(), "predictions": [*said("m", compliant=False), *said("n")]}
    results = results_of(tmp_path, tables, choices={"compliance": "bounds"})
    assert "not defined under the compliance policy bounds" in results.missing["Self against cross"]
    assert results.tables["accuracy"]["low"].notna().any()
    assert says.overview(results)[0] == "No accuracy can be estimated."
    assert says.accuracy(results) == "No accuracy about m can be estimated."


def test_conditions_make_arms_and_describe_them(tmp_path):
    rows = [r for wording in ("you", "named_model") for r in said("m", wording=wording)]
    frame = results_of(tmp_path, {"answers": replies(), "predictions": rows}).tables["accuracy"]
    assert list(dict.fromkeys(frame["arm"])) == [
        "m \N{MIDDLE DOT} named model",
        "m \N{MIDDLE DOT} you",
    ]


def test_tables_come_as_they_are_computed(tmp_path):
    came = []
    steps = []
    with open_study(tmp_path, {"answers": replies()}, choices=QUICK) as bench:
        results = analyse(bench, steps.append, lambda name, frame: came.append((name, len(frame))))
    assert came == [(name, len(frame)) for name, frame in results.tables.items()]
    assert "computing the study at a glance" in steps


@pytest.fixture(scope="module")
def shipped():
    with foresay.read(SHIPPED) as bench:
        return analyse(bench)


def value(frame, estimand, arm, target="smollm2-135m-instruct"):
    rows = frame[
        (frame["estimand"] == estimand) & (frame["arm"] == arm) & (frame["target"] == target)
    ]
    return round(rows["value"].item(), 3)


def test_the_shipped_report_agrees_with_the_readme(shipped):
    accuracy, informative = shipped.tables["accuracy"], shipped.tables["accuracy_informative"]
    untrained = "smollm2-135m-instruct \N{MIDDLE DOT} second person, worked examples"
    for arm, all_cells, cells in (
        ("smollm2-self-n100", 0.583, 0.315),
        ("smollm2-self-n1000", 0.633, 0.392),
        ("gemma-cross-n1000", 0.616, 0.374),
        ("smollm2-shift-cross-n300", 0.631, 0.392),
        (untrained, 0.150, 0.119),
    ):
        assert value(accuracy, "accuracy", arm) == all_cells, arm
        assert value(informative, "accuracy", arm) == cells, arm
    assert value(accuracy, "baseline_mode", "smollm2-self-n1000") == 0.584
    assert value(informative, "baseline_mode", "smollm2-self-n1000") == 0.309
    rates = shipped.tables["compliance"]
    assert value(rates, "compliance", untrained) == 0.413
    lenient = shipped.tables["policies"]
    lenient = lenient[lenient["compliance"] == "ignore"]
    assert value(lenient, "accuracy", untrained) == 0.235
    advantage = shipped.tables["advantage"].set_index(["estimand", "n_train"])["value"]
    assert round(advantage["self_advantage_informative", 1000], 3) == 0.019


def test_the_shipped_report_has_its_sentences(shipped):
    guessing, against, ceiling = says.overview(shipped)
    assert guessing.startswith(
        "smollm2-self-n1000, trained on 1,000 questions about smollm2-135m-instruct, predicts it "
        "with an accuracy of .633 [.598, .666], higher than the .584 of always guessing the "
        "commonest answer; gemma-3-270m \N{MIDDLE DOT} second person, worked examples, untrained, "
        "predicts itself"
    )
    assert "Over 5 paired comparisons, self-prediction is more accurate in 2 of 5" in against
    assert "Self \N{MINUS SIGN} shifted SmolLM2: not distinguishable in all 2" in against
    assert (
        "largest difference is +.068 [.042, .093], Self \N{MINUS SIGN} Gemma, after 300" in against
    )
    assert "would reach .907 [.878, .930]; smollm2-self-n1000 gets to .698" in ceiling
    assert says.accuracy(shipped).count("smollm2-self-n1000 has the highest accuracy about smoll")
    assert says.headline_arms(shipped) == (
        "Of 15 arms 3 are shown: of each target the self-prediction and cross-prediction with the "
        "most training."
    )
    assert says.change(shipped).startswith("The accuracy of smollm2-135m-instruct, trained on")
    assert "for smollm2-135m-instruct" in says.robustness(shipped)
    assert "squared calibration error" in says.calibration(shipped)
    assert says.self_against_cross(shipped) == against
    assert "10 predictors made 12,600 predictions" in findings.design(shipped)


def test_the_point_without_training_is_the_base_asked_in_the_same_way(shipped):
    frame = shipped.tables["scaling"].set_index(["series", "n_train"])["value"].round(3)
    assert frame["self: smollm2-135m-instruct", 0] == 0.095
    assert frame["cross: gemma-3-270m", 0] == 0.001
    assert frame["cross: gemma-3-270m", 1000] == 0.616


def test_the_shipped_report_has_what_its_study_declares(shipped):
    assert {"advantage", "interactions", "trends", "over_tasks"} <= set(shipped.tables)
    reason = shipped.missing["Predictor, target and self in one model"]
    assert reason == "self cannot be told from the other terms"
    contrast = shipped.tables["advantage"].set_index("estimand")["value"]
    parts = shipped.tables["interactions"].set_index("quantity")["value"]
    assert parts["interaction"] == pytest.approx(contrast["advantage_with_training"])
    first, second = parts["difference"]
    assert parts["interaction"] == pytest.approx(first - second)


def test_sentences_about_comparisons_have_numbers_tests_and_verdicts(shipped):
    trends = comparison_findings.trends(shipped)
    assert "self changes by +.007 [\N{MINUS SIGN}.024, .039]: within .050 of 0" in trends
    assert "Gemma changes by +.058 [.026, .091]: not shown to be within .050 of 0" in trends
    over = comparison_findings.over_tasks(shipped)
    assert "Over 4 tasks the mean of self advantage (training examples 1,000) is" in over
    assert "leaving out any one task does not change that verdict" in over
    assert "their difference \N{MINUS SIGN}.036" in comparison_findings.interactions(shipped)
    assert comparison_findings.two_way(shipped) == ""


def test_the_table_of_differences_has_tests_and_families(shipped):
    table = printed_tables.differences_table(shipped)
    labels = [column.label for column in table.columns]
    assert labels[-4:] == ["p", "Adjusted p", "Verdict", "Items"]
    assert "not distinguishable from 0" in {cell for row in table.rows for cell in row}
    assert "Tests: flips of the signs of clusters." in table.notes
    assert "Adjusted p: within the family self_against_cross, after Holm." in table.notes


def test_tables_of_comparisons_print_the_rows_that_are_asked_for(shipped):
    table = printed_tables.comparisons_table(shipped, "over_tasks", ("mean", "without"))
    said = {row[1] for row in table.rows}
    assert said == {
        "mean",
        *(f"mean without {t}" for t in ("animals", "choices", "numbers", "words")),
    }
    assert {row[-1] for row in table.rows} == {"4 effects", "3 effects"}


def test_a_crossed_study_has_a_model_and_says_what_self_adds(tmp_path):
    models = "mno"
    tables = {
        "answers": [r for t in models for r in replies(40, target=t)],
        "predictions": [
            prediction(p, t, f"i{n}", "ab"[(n * 7 + 3 * models.index(p)) % 11 > 5 + 2 * (p == t)])
            for p in models
            for t in models
            for n in range(40)
        ],
    }
    results = results_of(tmp_path, tables)
    assert "self-prediction changes the probability of a match by" in comparison_findings.two_way(
        results
    )
    rows = printed_tables.comparisons_table(results, "two_way", ("marginal effect",)).rows
    assert rows[-1][0] == "self (probability)"
