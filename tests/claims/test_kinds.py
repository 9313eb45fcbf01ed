from __future__ import annotations

import math
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from claims.known import NEAR, OTHER, SELF, TWIN, judge, known_study, ledger
from foresay.claims import Checked, Claim, check
from foresay.claims.kinds import JUDGES
from foresay.claims.kinds.orders import significance
from foresay.workbench import Workbench

M, N = {"predictor": "m"}, {"predictor": "n"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    with known_study(tmp_path_factory.mktemp("known")) as opened:
        yield opened


CASES = [
    # kind, of, claim, verdict
    ("value", "accuracy", {"at": M, "value": ".9"}, "supported"),
    ("value", "accuracy", {"at": M, "value": "90 %", "n": 40}, "supported"),
    ("value", "accuracy", {"at": M, "value": ".91"}, "contradicted"),
    ("value", "accuracy", {"at": M, "value": ".9", "n": 41}, "contradicted"),
    ("value", "accuracy", {"at": M, "value": "< .91"}, "supported"),
    ("value", "accuracy", {"at": M, "value": "> .9"}, "contradicted"),
    ("value", "accuracy", {"at": M, "value": "≈ .9"}, "supported"),
    ("value", "accuracy", {"at": M, "value": "≈ .85"}, "unresolved"),
    ("value", "accuracy", {"at": M, "value": "≈ .4"}, "contradicted"),
    ("value", "accuracy", {"at": M, "value": "≈ .85", "margin": 0.4}, "supported"),
    ("value", "accuracy", {"at": M, "value": "≈ .85", "margin": 0.05}, "unresolved"),
    ("value", "accuracy", {"at": M, "value": "≈ .2", "margin": 0.1}, "contradicted"),
    ("value", "acuracy", {"at": M, "value": ".9"}, "not assessed"),
    ("value", "accuracy", {"at": {"predictor": "k"}, "value": ".9"}, "not assessed"),
    ("value", "total_variation", {"at": M, "value": ".9"}, "not assessed"),
    ("interval", "accuracy", {"at": M, "interval": [".763", ".967"]}, "supported"),
    ("interval", "accuracy", {"at": M, "interval": [".763", ".99"]}, "contradicted"),
    ("interval", "acuracy", {"at": M, "interval": [".8", ".9"]}, "not assessed"),
    ("difference", "accuracy", {"arms": [SELF, OTHER], "value": ".65"}, "supported"),
    ("difference", "clear", {"value": "65 points", "direction": ">"}, "supported"),
    ("difference", "clear", {"value": ".65", "direction": "<"}, "contradicted"),
    ("difference", "clear", {"value": ".6"}, "supported"),  # .65 is a tie
    ("difference", "clear", {"value": ".6", "rounding": "half_even"}, "supported"),
    ("difference", "clear", {"value": ".6", "rounding": "half_up"}, "contradicted"),
    ("difference", "clear", {"value": ".7", "rounding": "half_up"}, "supported"),
    ("difference", "none", {"value": "0", "direction": ">"}, "unresolved"),
    ("difference", "times", {"value": "3.6"}, "not assessed"),
    ("ratio", "accuracy", {"arms": [SELF, OTHER], "value": "3.6"}, "supported"),
    ("ratio", "times", {"value": "3.6", "direction": ">"}, "supported"),
    ("ratio", "times", {"value": "3.5"}, "contradicted"),
    ("ratio", "times", {"value": "3.6", "direction": "<"}, "contradicted"),
    ("ratio", "clear", {"value": ".65"}, "not assessed"),
    ("ordering", "accuracy", {"arms": [SELF, OTHER]}, "supported"),
    ("ordering", "accuracy", {"arms": [OTHER, SELF]}, "contradicted"),
    ("ordering", "accuracy", {"arms": [OTHER, SELF], "direction": "<"}, "supported"),
    ("ordering", "accuracy", {"arms": [SELF, TWIN]}, "unresolved"),
    ("ordering", "accuracy", {"arms": [SELF, NEAR, OTHER]}, "unresolved"),
    ("ordering", "accuracy", {"arms": [SELF, OTHER], "margin": 0.4}, "supported"),
    ("ordering", "accuracy", {"arms": [SELF, OTHER], "margin": 0.9}, "contradicted"),
    ("ordering", "accuracy", {"arms": [SELF, TWIN], "direction": ">=", "margin": 0.2}, "supported"),
    ("ordering", "accuracy", {"each": "predictor", "than": ".1"}, "supported"),
    ("ordering", "accuracy", {"each": "predictor", "than": ".5"}, "contradicted"),
    ("ordering", "accuracy", {"each": "predictor", "than": ".2"}, "unresolved"),
    ("ordering", "accuracy", {"at": M}, "not assessed"),
    ("ordering", "accuracy", {"arms": [SELF, "predictor = 'k'"]}, "not assessed"),
    ("significance", "clear", {}, "supported"),
    ("significance", "clear", {"value": "< .01", "direction": ">"}, "supported"),
    ("significance", "clear", {"value": ".5"}, "contradicted"),
    ("significance", "clear", {"direction": "<"}, "contradicted"),
    ("significance", "none", {}, "contradicted"),
    ("significance", "untested", {}, "not assessed"),
    ("significance", "clear", {"family": "pair"}, "not assessed"),
    ("significance", "accuracy", {"arms": [SELF, OTHER]}, "supported"),
    ("equivalence", "none", {"margin": 0.2}, "supported"),
    ("equivalence", "none", {"margin": 0.05}, "unresolved"),
    ("equivalence", "clear", {"margin": 0.2}, "contradicted"),
    ("equivalence", "none", {}, "not assessed"),
    ("equivalence", "accuracy", {"arms": [SELF, TWIN], "margin": 0.2}, "supported"),
    ("plateau", "by_shots", {"between": [1, 2], "margin": 0.2}, "supported"),
    ("plateau", "by_shots", {"between": [1, 2], "margin": 0.05}, "unresolved"),
    ("plateau", "by_shots", {"between": [1, 4], "margin": 0.2}, "contradicted"),
    ("plateau", "by_shots", {"between": [1, 2]}, "not assessed"),
    ("plateau", "by_shots", {"between": [1, 8], "margin": 0.2}, "not assessed"),
    ("plateau", "by_shots", {"margin": 0.2}, "not assessed"),
    ("calibration", "miscalibration", {"at": N}, "contradicted"),
    ("calibration", "calibration_l2", {"at": N, "calibrated": False}, "supported"),
    ("calibration", "calibration_l2", {"at": M}, "unresolved"),
    ("calibration", "calibration_l2", {"at": M, "calibrated": False}, "unresolved"),
    ("calibration", "calibration_l2", {"at": M, "margin": 0.1}, "supported"),
    ("calibration", "calibration_l2", {"at": N, "margin": 0.1}, "contradicted"),
    ("calibration", "calibration_l3", {"at": N}, "not assessed"),
    ("count", "trials", {"value": 160}, "supported"),
    ("count", "items", {"value": "40", "where": "predictor = 'm'"}, "supported"),
    ("count", "predictor", {"value": "5"}, "contradicted"),
    ("count", "answers", {"value": "40"}, "supported"),
    ("count", "trials", {"value": "40", "at": {"n_shot": 2}}, "supported"),
    ("count", "trials", {"value": "≈ 200"}, "supported"),
    ("count", "trials", {"value": "≈ 190"}, "contradicted"),
    ("count", "trials", {"value": "≈ 190", "margin": 30}, "supported"),
    ("count", "trials", {"value": "≈ 190", "margin": 29}, "contradicted"),
    ("value", "accuracy", {"at": M, "value": "≈ 100 %"}, "unresolved"),
    ("value", "accuracy", {"at": M, "value": "≈ 1"}, "supported"),
    ("count", "tasks", {"value": "1"}, "not assessed"),
    ("absence", "trials", {"where": "n_shot = 7"}, "supported"),
    ("absence", "trials", {"where": "n_shot = 1"}, "contradicted"),
    ("absence", "clear", {}, "contradicted"),
    ("absence", "none", {}, "unresolved"),
    ("absence", "none", {"margin": 0.2}, "supported"),
    ("absence", "nothing", {}, "not assessed"),
]


@pytest.fixture(scope="module")
def checked(bench: Workbench) -> Checked:
    """All of the cases in one ledger, so that what they share is shared."""
    said = {"sentence": "It is so."}
    claims = {
        f"c{place}": {**said, "kind": kind, "of": of, **claim}
        for place, (kind, of, claim, _) in enumerate(CASES)
    }
    return check(bench, ledger(**claims))


@pytest.mark.parametrize(
    ("place", "verdict"),
    [(place, case[3]) for place, case in enumerate(CASES)],
    ids=[f"{place}-{case[0]}-{case[3]}" for place, case in enumerate(CASES)],
)
def test_a_claim_of_each_kind_gets_the_verdict_that_is_known(checked, place, verdict):
    found = checked.judged[f"c{place}"]
    assert found.verdict == verdict, found
    assert found.arithmetic or found.reason
    if verdict in ("unresolved", "not assessed"):
        assert found.reason


def test_only_a_significance_carries_the_p_value_that_it_rests_on(checked):
    for place, (kind, of, _, verdict) in enumerate(CASES):
        p = checked.judged[f"c{place}"].p
        tested = kind == "significance" and verdict != "not assessed"
        assert math.isnan(p) is not tested
        if tested:
            assert p < 0.01 if of in ("clear", "accuracy") else p > 0.05


def test_every_kind_is_tried_with_each_verdict_that_it_can_have():
    # a printed number fits or does not; so does a test, unless its p is drawn and near the level
    exact = {"interval", "ratio", "count", "significance"}
    tried = {kind: {case[3] for case in CASES if case[0] == kind} for kind in JUDGES}
    for kind, verdicts in tried.items():
        assert {"supported", "contradicted", "not assessed"} <= verdicts, kind
        assert "unresolved" in verdicts or kind in exact, kind


@pytest.mark.parametrize(
    ("kind", "of", "claim", "said"),
    [
        ("value", "acuracy", {"value": "1"}, "did you mean 'accuracy'"),
        ("value", "accuracy", {"at": {"predictor": "twim"}, "value": "1"}, "did you mean 'twin'"),
        ("value", "clear", {"at": {"targt": "m"}, "value": "1"}, "targt"),
        ("value", "accuracy", {"at": {"kk": "m"}, "value": "1"}, "'kk'"),
        ("value", "accuracy", {"where": "nothing = 1", "value": "1"}, "nothing"),
        ("value", "total_variation", {"value": "1"}, "probabilities"),
        ("ordering", "accuracy", {}, "than"),
        ("significance", "clear", {"family": "pairs"}, "did you mean 'pair'"),
        ("ordering", "clear", {"arms": [SELF, OTHER]}, "arms of its own"),
        ("equivalence", "none", {}, "margin"),
        ("plateau", "by_shots", {"margin": 0.1}, "between"),
        ("plateau", "by_shot", {"margin": 0.1}, "did you mean 'by_shots'"),
        ("count", "answers", {"value": "1", "where": "TRUE"}, "without a condition"),
        ("count", "predictors", {"value": "1"}, "did you mean 'predictor'"),
        ("ordering", "accuracy", {"at": M, "than": 60}, "did you mean 60 %?"),
    ],
)
def test_what_cannot_be_assessed_says_what_is_missing(bench, kind, of, claim, said):
    assert said in judge(bench, kind, of, **claim).reason


def test_an_unknown_estimand_is_told_all_that_there_are(bench):
    from foresay.estimation.correlations import NAMES as CORRELATIONS
    from foresay.estimation.pairing import NAMES as CALIBRATION
    from foresay.measures import measures
    from foresay.study import known_comparisons

    said = judge(bench, "value", "calibration_l3", value="1").reason
    assert "did you mean 'calibration_l2'" in said
    listed = said.partition("there are: ")[2].split(", ")
    known = [*known_comparisons(bench.study), *measures(), *CALIBRATION, *CORRELATIONS]
    assert listed == known
    assert len(set(known)) == len(known) > 60


@pytest.mark.parametrize(
    ("value", "hint"),
    [("90", "did you mean 90 %?"), ("90.0", "did you mean 90.0 %?"), (".9 %", "did you mean .9?")],
)
def test_a_number_in_the_other_unit_is_asked_about(bench, value, hint):
    found = judge(bench, "value", "accuracy", at=M, value=value)
    assert found.verdict == "contradicted"
    assert found.arithmetic.endswith(hint)
    assert "mean" not in judge(bench, "value", "accuracy", at=M, value="91 %").arithmetic
    assert "mean" not in judge(bench, "count", "predictor", value="400").arithmetic


@pytest.mark.parametrize(
    ("kind", "of", "value", "said"),
    [
        ("count", "trials", "≈ 200", "printed ≈ 200, which stands for 150 to 250; recomputed 160"),
        ("count", "trials", "≈ 100", "printed ≈ 100, which stands for 95 to 105; recomputed 160"),
        ("count", "trials", "0", "trials: printed 0; recomputed 160; differs"),
        ("count", "task", "0", "task: printed 0; recomputed 1; differs"),
        ("value", "accuracy", "≈ 90 %", "printed ≈ 90 %, which stands for 85 % to 95 %; recomp"),
        ("value", "accuracy", "≈ .90", "printed ≈ .90, which stands for .895 to .905; recomp"),
        ("value", "accuracy", "< .01", "printed < .01; recomputed .9; differs"),
        ("value", "accuracy", "> .95", "printed > .95; recomputed .9; differs"),
    ],
)
def test_the_arithmetic_says_what_a_printed_number_stands_for(bench, kind, of, value, said):
    at = {"at": M} if kind == "value" else {}
    found = judge(bench, kind, of, value=value, **at).arithmetic
    assert said in found
    assert "did you mean" not in found


def test_a_p_value_above_the_level_is_said_to_be_so(bench):
    printed = judge(bench, "significance", "accuracy", arms=[SELF, NEAR], value=".5")
    assert "p = .500, not corrected, which is above the level .05" in printed.arithmetic


@pytest.mark.parametrize(
    ("claim", "n"),
    [({}, 40), ({"where": "item < 'i3'"}, 23), ({"at": N}, 40), ({"where": "item = 'x'"}, 0)],
)
def test_items_are_counted_with_and_without_a_condition(bench, claim, n):
    assert judge(bench, "count", "items", value=str(n), **claim).verdict == "supported"
    assert judge(bench, "count", "items", value=str(n + 1), **claim).verdict == "contradicted"


def test_items_of_a_study_with_a_table_of_items_are_those_of_its_trials(tmp_path):
    from studies import answers, open_study, prediction

    names = [f"i{i}" for i in range(5)]
    rows = {
        "answers": [row for name in names for row in answers("m", name, ["a"])],
        "predictions": [prediction("m", "m", name, "a") for name in names],
        "items": [{"task": "t", "item": name} for name in (*names, "spare")],
    }
    tables = {name: {"files": f"{name}.csv"} for name in rows}
    with open_study(tmp_path, rows, tables=tables, choices={"truth": "first"}) as opened:
        asked = {"all": {}, "some": {"where": "item <> 'i0'"}}
        found = {
            name: judge(opened, "count", "items", value="5", **more) for name, more in asked.items()
        }
    assert [found[name].value for name in asked] == [5, 4]


def test_what_is_held_against_may_be_a_bare_number(bench):
    assert judge(bench, "ordering", "accuracy", at=M, than=0.6).verdict == "supported"


def test_a_value_that_several_rows_could_have_is_not_assessed(bench):
    found = judge(bench, "value", "by_shots", value=".9")
    assert found.verdict == "not assessed"
    assert "rows" in found.reason


def test_significance_is_that_after_the_correction_of_the_family(bench):
    alone = judge(bench, "significance", "accuracy", arms=[SELF, NEAR], value="= .5")
    assert alone.verdict == "contradicted"  # two discordant items of one kind: p = 2 / 4
    assert "p = .500" in alone.arithmetic
    family = judge(bench, "significance", "slight", family="pair")
    assert "p > .999, corrected in the family pair" in family.arithmetic  # Holm: 2 x .5


def test_the_value_is_of_the_deciding_part_and_numbers_are_natural(bench):
    found = judge(bench, "ordering", "accuracy", arms=[SELF, NEAR, OTHER])
    assert math.isclose(found.value, 0.05)
    assert found.n == 40
    assert "truth=first" in found.choices


def test_choices_and_conditions_of_a_claim_are_its_own(bench):
    found = judge(
        bench, "value", "accuracy", where="predictor = 'm'", choices={"level": 0.5}, value=".9"
    )
    assert found.verdict == "supported"
    assert "level=0.5" in found.choices
    assert "where=predictor = 'm'" in found.choices


@pytest.mark.parametrize(
    ("p", "verdict"),
    [(0.052, "unresolved"), (0.048, "unresolved"), (0.02, "supported"), (0.09, "contradicted")],
)
def test_a_drawn_p_value_too_near_the_level_is_unresolved_and_an_exact_one_is_not(p, verdict):
    claim = Claim(sentence="It differs.", kind="significance", of="clear")
    row = {"value": 0.1, "low": 0.0, "high": 0.2, "test": "sign_flip", "p_value": p}
    asked = SimpleNamespace(
        rows=lambda _: [row], alpha=lambda *_: 0.05, flips=lambda _: 999, bench=None
    )
    (found,) = significance(claim, asked)
    assert found.verdict == verdict
    row["p_value"] = p + 1e-5  # no multiple of 1 / 1000, so it was not drawn
    assert significance(claim, asked)[0].verdict != "unresolved"
