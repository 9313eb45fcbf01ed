from __future__ import annotations

import pytest

from foresay.errors import ChoiceError, StudyError
from foresay.study import Summary, find_comparison, known_comparisons, parse_study, read_study

ARMS = {"of": "accuracy", "where": "role = 'self'", "minus": "role = 'cross'"}
STUDY = {"study": "s", "tables": {"trials": {"files": "x.csv"}}}
FLAT = {"start": 100, "end": 300, "margin": 0.05}


def study(**sections):
    return parse_study({**STUDY, **sections})


def test_five_comparisons_are_always_known():
    known = known_comparisons(study())
    kinds = {name: one.kind for name, one in known.items()}
    assert kinds == {
        "self_advantage": "contrast",
        "two_way": "regression",
        "over_tasks": "summary",
        "scaling": "trend",
        "shots": "trend",
    }
    assert not any(one.by_study for one in known.values())


def test_a_declared_one_takes_the_place_of_the_one_that_is_always_known():
    found = known_comparisons(study(trends={"scaling": {"over": "n_shot"}}))["scaling"]
    assert found.by_study
    assert found.spec.over == "n_shot"
    assert found.title == "scaling"


def test_what_a_trend_does_not_say_is_accuracy_over_doublings_of_training_by_target():
    spec = study(trends={"t": {}}).trends["t"]
    assert (spec.of, spec.over, spec.scale, spec.by) == ("accuracy", "n_train", "log2", ["target"])
    assert list(spec.series) == spec.difference == ["self", "cross"]
    assert spec.plateau is None


def test_series_of_other_names_have_no_difference_that_nobody_asked_for():
    series = {"you": "wording = 'you'", "name": "wording = 'name'"}
    assert study(trends={"t": {"series": series}}).trends["t"].difference is None
    both = {"series": series, "difference": ["you", "name"]}
    assert study(trends={"t": both}).trends["t"].difference == ["you", "name"]


@pytest.mark.parametrize(
    ("section", "spec", "message"),
    [
        ("trends", {"scale": "log10"}, "trends.c.scale is 'log10', which is not one of log2"),
        ("trends", {"difference": ["slef", "cross"]}, "no series; did you mean 'self'"),
        ("trends", {"difference": ["self", "self"]}, "difference of 'self' and itself"),
        ("trends", {"difference": ["self"]}, "trends.c.difference"),
        ("trends", {"series": {"difference": "a"}}, "calls a series 'difference'"),
        ("trends", {"series": {}}, "trends.c.series"),
        ("trends", {"plateau": {**FLAT, "margin": 0}}, "trends.c.plateau.margin is 0"),
        ("trends", {"plateau": {**FLAT, "end": 100}}, "has start and end 100; name two levels"),
        ("trends", {"plateau": {**FLAT, "strat": 1}}, "did you mean 'start'"),
        ("trends", {"ovr": "n_shot"}, "did you mean 'over'"),
        ("regressions", {"covariate": "x"}, "did you mean 'covariates'"),
        ("regressions", {"target": "predictor"}, "'predictor' for predictor and target"),
        ("summaries", {"by": ["task"]}, "has 'task' in by, which is what it goes over"),
        ("summaries", {"ove": "task"}, "did you mean 'over'"),
        ("contrasts", {**ARMS, "arms": ["self"]}, "has 1 arms, where two names are expected"),
        ("contrasts", {**ARMS, "pairs": ["a", "b"]}, "without versus, which makes two"),
    ],
)
def test_what_cannot_be_is_refused_with_the_way_out(section, spec, message):
    with pytest.raises(StudyError, match=message):
        study(**{section: {"c": spec}})


def test_a_problem_is_named_with_its_line(tmp_path):
    path = tmp_path / "study.yml"
    path.write_text(
        "study: s\ntables:\n  trials: {files: x.csv}\ntrends:\n  t:\n    scale: log10\n",
        encoding="utf-8",
    )
    with pytest.raises(StudyError, match=r"study\.yml, line 6: trends\.t\.scale"):
        read_study(path)


@pytest.mark.parametrize(
    ("sections", "message"),
    [
        ({"contrasts": {"scaling": ARMS}}, "contrasts: 'scaling' is the name of a trend already"),
        ({"trends": {"a": {}}, "summaries": {"a": {}}}, "trends: 'a' is the name of a summary"),
    ],
)
def test_a_name_means_one_comparison(sections, message):
    with pytest.raises(StudyError, match=message):
        study(**sections)


def test_a_wrong_name_is_refused_with_the_nearest():
    with pytest.raises(ChoiceError, match=r"no comparison 'scalin' .* did you mean 'scaling'"):
        find_comparison(study(), "scalin")
    with pytest.raises(ChoiceError, match=r"no summary 'scaling'.*over_tasks"):
        find_comparison(study(), "scaling", Summary)
