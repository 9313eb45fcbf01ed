from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from foresay.counts import collapse
from foresay.errors import ChoiceError, UnsupportedError
from foresay.planning import minimum_detectable_effect, power, tilted
from foresay.planning.findings import excludes_zero
from foresay.planning.scales import Scale


def paired(n11, n10, n01, n00):
    """Four patterns of a paired difference of single trials."""
    of = np.repeat([1, 1, 0, 0], [n11, n10, n01, n00])
    minus = np.repeat([1, 0, 1, 0], [n11, n10, n01, n00])
    return collapse({"of": of, "minus": minus, "n": np.ones_like(of)})


def difference(sums):
    return (sums["of"] - sums["minus"]) / sums["n"]


COUNTS = paired(60, 30, 20, 50)


@pytest.mark.parametrize("effect", [-0.1, 0.0, 0.0625, 0.2])
def test_tilting_reaches_the_effect_and_keeps_a_distribution(effect):
    probability = tilted(COUNTS, difference, effect)
    assert probability.sum() == pytest.approx(1)
    assert (probability > 0).all()
    assert float(difference(COUNTS.weighted(probability))) == pytest.approx(effect, abs=1e-8)


def test_tilting_to_what_is_observed_changes_nothing():
    probability = tilted(COUNTS, difference, 10 / 160)
    np.testing.assert_allclose(probability, COUNTS.multiplicity / 160, atol=1e-7)


def test_an_effect_beyond_the_patterns_is_refused():
    with pytest.raises(UnsupportedError, match=r"beyond what any mixture"):
        tilted(COUNTS, difference, 1.5)


@pytest.mark.simulation
def test_power_without_an_effect_is_the_size_of_the_test():
    row = power(COUNTS, difference, effects=[0.0], clusters=[150], runs=20_000).iloc[0]
    assert row["power"] == pytest.approx(0.05, abs=0.007)


@pytest.mark.simulation
@pytest.mark.parametrize(("effect", "n"), [(0.05, 200), (0.1, 150), (0.1, 300)])
def test_power_is_near_the_normal_theory_of_a_paired_difference(effect, n):
    probability = tilted(COUNTS, difference, effect)
    d = (COUNTS.numerators[:, 0] - COUNTS.numerators[:, 1]).astype(float)
    sd = np.sqrt(np.average(d**2, weights=probability) - effect**2)
    theory = stats.norm.sf(1.96 - effect * np.sqrt(n) / sd)
    row = power(COUNTS, difference, effects=[effect], clusters=[n], runs=10_000).iloc[0]
    assert row["power"] == pytest.approx(theory, abs=0.025)
    assert row["low"] < row["power"] < row["high"]


@pytest.mark.simulation
def test_power_is_that_of_a_brute_force_simulation():
    rng = np.random.default_rng(3)
    probability = tilted(COUNTS, difference, 0.08)
    d = (COUNTS.numerators[:, 0] - COUNTS.numerators[:, 1]).astype(float)
    drawn = rng.choice(d, p=probability, size=(6_000, 120))
    # a mean of n differences, Student's t with O'Neill's degrees
    rest = drawn - drawn.mean(axis=1, keepdims=True)
    n = drawn.shape[1]
    kurtosis = n * (rest**4).sum(axis=1) / (rest**2).sum(axis=1) ** 2
    degrees = np.clip(2 * n / (kurtosis - (n - 3) / (n - 1)), 1, n - 1)
    t = drawn.mean(axis=1) / (drawn.std(axis=1, ddof=1) / np.sqrt(n))
    brute = np.mean(np.abs(t) > stats.t.ppf(0.975, degrees))
    row = power(COUNTS, difference, effects=[0.08], clusters=[120], runs=6_000).iloc[0]
    assert row["power"] == pytest.approx(brute, abs=4 * np.sqrt(0.5 / 6_000))


@pytest.mark.simulation
@pytest.mark.parametrize("scale", [Scale(), Scale("logit", 0.5)], ids=["plain", "logit"])
def test_the_minimum_detectable_effect_has_the_power_asked_for(scale):
    counts, estimator = (COUNTS, difference) if scale.kind == "difference" else (SHARES, above_half)
    table = minimum_detectable_effect(counts, estimator, clusters=[100, 400], scale=scale)
    effects = table["effect"].tolist()
    assert effects[0] > effects[1] > 0
    again = power(
        counts, estimator, effects=[effects[1]], clusters=[400], scale=scale, runs=20_000, seed=9
    )
    assert again["power"][0] == pytest.approx(0.8, abs=0.02)


@pytest.mark.simulation
def test_more_clusters_and_larger_effects_are_found_more_often():
    table = power(
        COUNTS, difference, effects=[0.0, 0.05, 0.1, 0.15], clusters=[50, 100, 200, 400], runs=4_000
    )
    grid = table.pivot_table(index="effect", columns="clusters", values="power")
    assert (np.diff(grid.to_numpy(), axis=0) > 0).all()
    assert (np.diff(grid.loc[0.05:].to_numpy(), axis=1) > 0).all()


SHARES = collapse({"of": np.repeat([4, 3, 2, 1, 0], [20, 30, 25, 15, 10]), "n": np.full(100, 4)})


def above_half(sums):
    return sums["of"] / sums["n"] - 0.5


@pytest.mark.parametrize("kind", ["difference", "proportion"])
def test_a_study_finds_an_effect_where_its_own_interval_excludes_none(kind):
    from foresay.measures.kinds import Difference, Proportion
    from foresay.resampling import estimate

    rng = np.random.default_rng(8)
    verdicts = []
    for _ in range(40):
        if kind == "difference":
            counts = paired(*rng.multinomial(40, [0.35, 0.3, 0.15, 0.2]))
            made = estimate(
                counts, difference, kind=Difference(), interval="auto", level=0.95, rng=rng
            )
            tested, none = difference, 0.0
        else:
            counts = collapse({"of": rng.binomial(5, 0.6, 40), "n": np.full(40, 5)})
            made = estimate(
                counts,
                lambda sums: sums["of"] / sums["n"],
                kind=Proportion("of", "n"),
                interval="auto",
                level=0.95,
                rng=rng,
            )
            tested, none = Scale("logit", 0.5).of(above_half), 0.5
        weights = counts.multiplicity.astype(float)[None, :]
        found = bool(excludes_zero(counts, tested, weights, 0.95)[0])
        verdicts.append(found)
        assert found == (not made.low <= none <= made.high)
    assert 5 < sum(verdicts) < 35


@pytest.mark.parametrize(
    ("scale", "effect", "tested"),
    [
        (Scale(), -0.1, -0.1),
        (Scale("ratio"), 1.25, np.log(1.25)),
        (Scale("logit", 0.5), 0.25, np.log(3)),
        (Scale("logit", 0.9), -0.4, -np.log(9)),
    ],
)
def test_an_effect_goes_to_its_scale_and_back(scale, effect, tested):
    assert float(scale.tested(effect)) == pytest.approx(tested)
    assert scale.stated(tested) == pytest.approx(effect)
    assert float(scale.tested(scale.none)) == pytest.approx(0, abs=1e-12)


def test_strata_do_not_change_a_plan():
    stratified = collapse(
        {"of": COUNTS.numerators[:, 0], "minus": COUNTS.numerators[:, 1], "n": np.ones(4, int)},
        multiplicity=COUNTS.multiplicity,
        stratum=np.array([0, 0, 1, 2]),
    )
    asked = {"effects": [0.1], "clusters": [100], "runs": 500}
    left, right = (power(c, difference, **asked) for c in (COUNTS, stratified))
    assert left.equals(right)


def test_an_impossible_effect_does_not_stop_the_others():
    table = power(COUNTS, difference, effects=[1.5, 0.1], clusters=[50], runs=500)
    assert np.isnan(table["power"][0])
    assert table["note"][0].startswith("undefined: an effect of 1.5 is beyond what any mixture")
    assert table["power"][1] > 0
    assert table["note"][1] == ""


def test_a_power_that_no_mixture_reaches_is_missing_with_a_reason():
    few = collapse(
        {"of": np.repeat([1, 0], [3, 97]), "minus": np.ones(100, int), "n": np.full(100, 1)}
    )
    table = minimum_detectable_effect(few, difference, clusters=[50], runs=500)
    assert np.isnan(table["effect"][0])
    assert "no mixture of this study's clusters" in table["note"][0]
    assert table["standard_error"][0] > 0


def test_precision_alone_needs_no_effect():
    table = minimum_detectable_effect(COUNTS, difference, clusters=[160, 640], precision=True)
    assert table["effect"].isna().all()
    d = (COUNTS.numerators[:, 0] - COUNTS.numerators[:, 1]).astype(float)
    sd = np.sqrt(np.cov(d, fweights=COUNTS.multiplicity))
    np.testing.assert_allclose(table["standard_error"], sd / np.sqrt([160, 640]), rtol=1e-9)


@pytest.mark.parametrize("multiplier", [1, 7])
def test_the_standard_error_is_that_of_the_jackknife(multiplier):
    from foresay.resampling.jackknife import jackknife

    table = minimum_detectable_effect(
        SHARES, above_half, clusters=[100 * multiplier], precision=True
    )
    error = jackknife(SHARES, above_half).standard_error
    assert table["standard_error"][0] == pytest.approx(error / np.sqrt(multiplier))


def test_the_same_seed_gives_the_same_table_and_another_seed_another():
    asked = {"effects": [0.1], "clusters": [50], "runs": 500}
    tables = [power(COUNTS, difference, seed=seed, **asked) for seed in (1, 1, 2)]
    assert tables[0].equals(tables[1])
    assert not tables[0].equals(tables[2])


def test_a_case_does_not_depend_on_what_else_is_planned():
    alone = power(COUNTS, difference, effects=[0.1], clusters=[50], runs=500)
    many = power(COUNTS, difference, effects=[0.2, 0.1], clusters=[80, 50], runs=500)
    own = many[(many["effect"] == 0.1) & (many["clusters"] == 50)].reset_index(drop=True)
    assert alone.equals(own)


def test_many_patterns_are_drawn_in_pieces_with_the_same_result(monkeypatch):
    whole = power(COUNTS, difference, effects=[0.1], clusters=[50], runs=500)
    monkeypatch.setattr("foresay.planning.findings._CELLS", 150)
    assert power(COUNTS, difference, effects=[0.1], clusters=[50], runs=500).equals(whole)


@pytest.mark.parametrize(
    ("counts", "asked", "said"),
    [
        (paired(3, 2, 1, 1), {}, "7 clusters are too few to plan from; at least 10"),
        (paired(20, 0, 0, 20), {}, "no cluster differs from another"),
        (COUNTS, {"clusters": [1]}, "a study of 1 cluster has no interval"),
        (COUNTS, {"runs": 99}, "99 simulated studies say too little"),
        (COUNTS, {"effects": [np.inf]}, "an effect is a number"),
    ],
)
def test_what_cannot_be_planned_is_said(counts, asked, said):
    wanted = {"effects": [0.1], "clusters": [50], **asked}
    with pytest.raises((UnsupportedError, ChoiceError), match=said):
        power(counts, difference, **wanted)


@pytest.mark.parametrize("wanted", [0.05, 1.0, 0.0, float("nan")])
def test_a_power_that_cannot_be_asked_for_is_refused(wanted):
    with pytest.raises(ChoiceError, match="cannot be asked for"):
        minimum_detectable_effect(COUNTS, difference, clusters=[50], wanted=wanted)
