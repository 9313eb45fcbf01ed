from __future__ import annotations

import numpy as np
import pytest

from foresay.counts import Sums
from foresay.errors import ChoiceError
from foresay.measures import (
    Difference,
    Proportion,
    Ratio,
    find_measure,
    measures,
)
from foresay.measures.baselines import GUESSES, baseline_of
from foresay.measures.ceilings import CEILINGS, MODAL_SUMS
from foresay.trials.ceilings import MODAL_COLUMNS

EVERY = [*measures().values(), *measures(baseline="mode_insample").values()]


@pytest.mark.parametrize("measure", EVERY, ids=lambda m: m.name)
def test_a_proportion_is_what_its_kind_says(measure):
    if isinstance(measure.kind, Proportion):
        rng = np.random.default_rng(1)
        sums = Sums(
            measure.sums, rng.uniform(1, 9, (5, len(measure.sums))), np.ones(len(measure.sums))
        )
        expected = sums[measure.kind.numerator] / sums[measure.kind.denominator]
        assert measure.estimator(sums) == pytest.approx(expected)


@pytest.mark.parametrize("measure", EVERY, ids=lambda m: m.name)
def test_every_sum_that_the_kind_names_is_asked_for(measure):
    kind = measure.kind
    if isinstance(kind, Proportion):
        named = {kind.numerator, kind.denominator, kind.squared} - {None}
        assert named <= set(measure.sums)


@pytest.mark.parametrize("measure", EVERY, ids=lambda m: m.name)
def test_every_measure_explains_itself(measure):
    assert measure.title
    assert measure.formula
    assert measure.definition.endswith(".")


def test_kinds():
    kinds = {name: type(m.kind) for name, m in measures().items()}
    assert {"advantage", "skill", "ceiling_modal_upper"} <= {
        n for n, k in kinds.items() if k is Difference
    }
    assert "normalized_accuracy" in {n for n, k in kinds.items() if k is Ratio}


def test_ends_of_a_bracket_carry_the_arm():
    low, high = find_measure("ceiling_modal").arm("x").ends
    assert low.kind == Proportion("x.modal_low", "x.pairs")
    assert "x.modal_s2" in high.sums


@pytest.mark.parametrize("baseline", GUESSES)
@pytest.mark.parametrize("ceiling", CEILINGS)
def test_choices_change_what_names_mean_and_not_the_names(baseline, ceiling):
    found = measures(baseline=baseline, ceiling=ceiling)
    assert list(found) == list(measures())
    assert bool(found["skill"].ends) == (ceiling == "modal")
    guess = GUESSES[baseline]
    assert found["advantage"].sums == (guess.match, guess.score, guess.trials)
    assert found[baseline_of(baseline)].sums[0] == guess.score


def test_the_sums_of_the_modal_ceiling_are_columns_of_items():
    assert MODAL_SUMS == MODAL_COLUMNS


def test_an_unknown_ceiling_is_refused():
    with pytest.raises(ChoiceError, match="'best' is not known; choose one of resample, modal"):
        measures(ceiling="best")


def test_populations():
    found = {name for name, m in measures().items() if m.population == "behaviours"}
    assert {"compliance_behaviour", "agreement_raw", "agreement_answer"} <= found


def test_an_arm_reads_the_sums_of_the_arm():
    measure = find_measure("accuracy").arm("self")
    names = ("self.match", "self.match_squared", "self.trials", "cross.match", "cross.trials")
    sums = Sums(names, np.array([3.0, 3, 4, 1, 4]), np.ones(5))
    assert measure.estimator(sums) == 0.75
    assert measure.sums == names[:3]
    assert measure.kind == Proportion("self.match", "self.trials", "self.match_squared")
    assert find_measure("advantage").arm("self").kind == Difference()
    assert find_measure("normalized_accuracy").arm("self").kind == Ratio()
    assert find_measure("ceiling_resample").arm("x").kind == Proportion("x.ceiling", "x.pairs")


def test_an_unknown_estimand_is_refused_with_the_nearest():
    with pytest.raises(ChoiceError, match=r"'acuracy' is not known; did you mean 'accuracy'\?"):
        find_measure("acuracy")
    with pytest.raises(ChoiceError, match="'zzz' is not known; there are: accuracy, compliance"):
        find_measure("zzz")


def test_an_unknown_baseline_is_refused():
    with pytest.raises(ChoiceError, match="'mode' is not known; choose one of mode_loo, mode_in"):
        measures(baseline="mode")


def test_the_registry_is_read_only():
    with pytest.raises(TypeError):
        measures()["accuracy"] = None
