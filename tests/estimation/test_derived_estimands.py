"""Estimands over derived columns: hand-worked tables, identities, and the truth of simulations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foresay.errors import UnsupportedError
from foresay.measures import mechanism, projection, shift
from foresay.simulation import World, simulate
from foresay.simulation.generation import behave
from foresay.workbench import Workbench
from studies import SHIPPED, answers, open_study, prediction
from trials.test_derived import CHOICES, IDENTITY, OWN, SHIFT

PROJECTION = [m.name for m in projection.MEASURES]
MECHANISM = [m.name for m in mechanism.MEASURES]
SHIFTS = [m.name for m in shift.MEASURES]


def values(folder, tables, names, by=(), **more):
    choices = {**CHOICES, **more.pop("choices", {})}
    with open_study(folder, tables, choices=choices) as bench:
        frame = bench.estimate(names, by=list(by), **more)
    return frame.set_index("estimand")["value"].to_dict()


def test_projection_is_the_own_match_minus_the_target_s(tmp_path):
    found = values(tmp_path, OWN, PROJECTION)
    assert found == pytest.approx(
        {
            "accuracy_target": 1 / 4,
            "accuracy_own": 2.5 / 4,
            "projection": 1 / 2,
            "projection_all": 1.5 / 4,
            "differing_share": 1 / 2,
        }
    )


def test_items_where_the_models_agree_add_nothing_to_projection(tmp_path):
    found = values(tmp_path, OWN, ["projection_all"], where="models_differ")
    assert found["projection_all"] == pytest.approx(1 / 2)


def test_accuracy_comes_apart_by_whether_the_whole_answer_is_reproduced(tmp_path):
    found = values(tmp_path, IDENTITY, MECHANISM)
    assert found == pytest.approx(
        {
            "reproduction": 1 / 2,
            "extraction": 1 / 2,
            "match_unreproduced": 1.0,
            "right_reproduced": 1 / 4,
            "right_unreproduced": 1 / 2,
            "wrong_reproduced": 1 / 4,
            "wrong_unreproduced": 0.0,
            "identity_gap": 1 / 4,
            "copy_oracle": 1.0,
            "copy_gap": -1 / 3,
        }
    )


def test_the_number_of_trials_is_that_of_the_denominator(tmp_path):
    with open_study(tmp_path, IDENTITY, choices=CHOICES) as bench:
        frame = bench.estimate(MECHANISM, by=[]).set_index("estimand")
    n = frame["n_trials"].to_dict()
    assert (n["reproduction"], n["extraction"], n["copy_gap"], n["identity_gap"]) == (4, 2, 3, 4)


def test_new_old_and_neither_are_shares_of_the_shifted_items(tmp_path):
    found = values(tmp_path, SHIFT, SHIFTS)
    assert found == pytest.approx(
        {
            "shift_new": 1 / 3,
            "shift_old": 1 / 3,
            "shift_neither": 1 / 3,
            "accuracy_unshifted": 1.5 / 2,
            "shifted_share": 3 / 5,
            # one base of two different repeats among five items
            "shift_noise": 1 / 5,
            "shifted_beyond_noise": 1 / 2,
        }
    )


def test_each_item_counts_once_in_the_share_shifted(tmp_path):
    rows = [{**row, "wording": w} for row in SHIFT["predictions"] for w in ("you", "by name")]
    rows += [{**rows[0], "predictor": "m", "prediction": "a"}]
    found = values(tmp_path, {**SHIFT, "predictions": rows}, ["shifted_share"])
    assert found["shifted_share"] == pytest.approx(3 / 5)


def test_single_replies_are_held_against_single_replies(tmp_path):
    found = values(tmp_path, SHIFT, ["shift_noise"], choices={"truth": "first"})
    assert found["shift_noise"] == pytest.approx(1 / 5)


def test_without_repeats_the_noise_is_unknown_and_the_note_says_so(tmp_path):
    once = [row for row in SHIFT["answers"] if row["sample"] == 0]
    with open_study(tmp_path, {**SHIFT, "answers": once}, choices=CHOICES) as bench:
        frame = bench.estimate(["shifted_share", "shift_noise"], by=[]).set_index("estimand")
    assert frame.loc["shifted_share", "value"] == pytest.approx(3 / 5)
    assert np.isnan(frame.loc["shift_noise", "value"])
    assert "no such item has two usable repeats" in frame.loc["shift_noise", "note"]


def test_the_share_shifted_needs_no_prediction(tmp_path):
    rows = [prediction("m", "m", "i0", "a")]
    found = values(tmp_path, {**SHIFT, "predictions": rows}, ["shifted_share"], by=["target"])
    assert found["shifted_share"] == pytest.approx(3 / 5)


def noisy(seed=3, items=400):
    """A study with every derived estimand: repeats, identities, a shifted and a cross model."""
    rng = np.random.default_rng(seed)
    given, said = [], []
    models = [
        {"model": "m", "base": None, "stage": "base"},
        {"model": "x", "base": None, "stage": "base"},
        {"model": "s", "base": "m", "stage": "behaviour-shifted"},
    ]
    words = [f"{a}{b}" for a in "abc" for b in "xy"]
    for n in range(items):
        item, task = f"i{n}", f"t{n % 3}"
        for model in ("m", "x", "s"):
            mode = rng.choice(words)
            replies = [mode if rng.random() < 0.7 else rng.choice(words) for _ in range(3)]
            for kind, cut in (("identity", 2), ("first", 1)):
                cut_to = [reply[:cut] for reply in replies]
                given += answers(model, item, cut_to, task=task, property_=kind)
        for predictor, target in (("x", "m"), ("s", "s"), ("m", "s")):
            for kind, cut in (("identity", 2), ("first", 1)):
                row = prediction(predictor, target, item, str(rng.choice(words))[:cut])
                row |= {"task": task, "property": kind, "compliant": bool(rng.random() < 0.8)}
                said.append(row)
    return {"models": models, "answers": given, "predictions": said}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    with open_study(
        tmp_path_factory.mktemp("noisy"), noisy(), choices={**CHOICES, "resamples": 400}
    ) as bench:
        yield bench


@pytest.mark.parametrize("truth", ["modal", "each", "first"])
@pytest.mark.parametrize("weighting", ["micro", "macro_task"])
def test_the_parts_sum_to_their_wholes_under_every_choice(study, truth, weighting):
    names = [*MECHANISM, *SHIFTS[:3]]
    frame = study.estimate(names, by=["predictor", "target"], truth=truth, weighting=weighting)
    table = frame.pivot_table(index=["predictor", "target"], columns="estimand", values="value")
    shares = table[[m.name for m in mechanism.PARTS]].sum(axis=1)
    assert shares.to_numpy() == pytest.approx(np.ones(len(shares)))
    shifted = table.xs("s", level="target")[SHIFTS[:3]].sum(axis=1)
    assert shifted.to_numpy() == pytest.approx(np.ones(len(shifted)))
    whole = table["right_reproduced"] + table["right_unreproduced"]
    direct = study.estimate(
        "accuracy",
        by=["predictor", "target"],
        where="property != 'identity'",
        truth=truth,
        weighting=weighting,
    )
    assert whole.to_numpy() == pytest.approx(direct["value"].to_numpy())


def test_the_derived_estimands_have_every_design(study):
    names = ["projection", "extraction", "shift_new", "shifted_share"]
    for choices in (
        {"cluster": ["task"], "within": ["item"]},
        {"strata": ["task"]},
        {"cluster": ["item"], "crossed": ["property"]},
        {"interval": "bca"},
    ):
        frame = study.estimate(names, by=["predictor", "target"], **choices)
        known = frame[frame["low"].notna() & (frame["value"].abs() < 1)]
        # properties other than the identity are one kind here: nothing to draw from
        lacking = {"extraction"} if "crossed" in choices else set()
        assert set(known["estimand"]) == set(names) - lacking
        assert known["low"].le(known["value"]).all()
        assert known["high"].ge(known["value"]).all()


def test_the_decomposition_is_plain_counting(study):
    """The same numbers from the trials in pandas."""
    frame = study.population(uses=["identity_match", "models_differ", "shift_answer"]).trials
    trials = frame.to_pandas()
    first = trials[trials["included"] & (trials["property"] == "first")]
    first = first.assign(match=first["match"] / first["match"].max())
    for (predictor, target), part in first.groupby(["predictor", "target"]):
        right = part["identity_match"].astype(bool)
        where = f"predictor = '{predictor}' AND target = '{target}'"
        found = study.estimate(["reproduction", "extraction"], by=[], where=where)["value"]
        assert found[0] == pytest.approx(right.mean())
        assert found[1] == pytest.approx(part.loc[right, "match"].mean())


def test_the_shipped_study_has_what_its_tables_support():
    with Workbench.open(SHIPPED) as bench:
        assert bench.supports("projection") == ""
        assert bench.supports("copy_oracle") == ""
        with pytest.raises(UnsupportedError, match="predictions about a model of stage"):
            bench.estimate("shift_new")
        shifted = bench.estimate(["shifted_share", "shift_noise"], by="target")
        assert set(shifted["target"]) == {"smollm2-shift"}
        assert shifted["value"].between(0.01, 0.99).all()
        assert shifted["value"].is_monotonic_decreasing
        # a model that was trained from the target has no behaviour of its own here
        own = bench.estimate("projection", by="predictor", where="role = 'self'")
        assert own["value"].isna().all()
        assert own["note"].str.contains("differ on no item").all()


@pytest.mark.simulation
def test_projection_of_a_large_simulated_study_is_its_truth(tmp_path):
    world = World(
        tasks=3, items=2500, n_train=(0, 300), projection=0.6, similarity=0.3, concentration=0.1
    )
    seed = 5
    made = simulate(world, seed)
    behaviours = behave(world, np.random.Generator(np.random.PCG64DXSM([seed, 1])))
    mine = made.tables["answers"]
    one = mine[mine["sample"] == 0].assign(
        model="other", answer=[f"answer{i + 1}" for i in behaviours.other_mode.reshape(-1)]
    )
    made.tables["answers"] = pd.concat([mine, one], ignore_index=True)
    with Workbench.open(made.write(tmp_path)) as bench:
        found = bench.estimate("projection_all", by=["predictor"]).set_index("predictor")
    chance = behaviours.probability
    differ = behaviours.own_mode != behaviours.other_mode

    def right(said):
        return float(np.take_along_axis(chance, said[..., None], axis=2).mean())

    for name, _, own, n in world.predictors():
        if own:
            continue
        known, projects = world.known(own=False, n_train=n), world.projection
        target = known * right(behaviours.own_mode) + (1 - known) * (
            projects * right(behaviours.other_mode) + (1 - projects) * right(behaviours.task_mode)
        )
        self_like = behaviours.task_mode == behaviours.other_mode
        itself = known * (1 - differ.mean()) + (1 - known) * (
            projects + (1 - projects) * self_like.mean()
        )
        truth = world.compliance(n) * (itself - target)
        row = found.loc[name]
        assert abs(row["value"] - truth) < 4 * row["standard_error"], name
        assert row["standard_error"] < 0.02


@pytest.mark.simulation
def test_reproduction_and_extraction_of_a_large_study_are_their_truth(tmp_path):
    rng = np.random.default_rng(11)
    items, reproduces, reads, guesses = 6000, 0.35, 0.8, 0.3
    words = np.array([f"{a}{b}" for a in "abcde" for b in "uvwxyz"])
    truth = rng.choice(words, items)
    hit = rng.random(items) < reproduces
    other = np.array([rng.choice(words[words != word]) for word in truth])
    right = rng.random(items) < np.where(hit, reads, guesses)
    rows, given = [], []
    for n in range(items):
        wrong = "z"
        rows += [
            {
                **prediction("m", "m", f"i{n}", str(said)),
                "property": kind,
            }
            for kind, said in (
                ("identity", truth[n] if hit[n] else other[n]),
                ("first", truth[n][0] if right[n] else wrong),
            )
        ]
        given += answers("m", f"i{n}", [str(truth[n])], property_="identity")
        given += answers("m", f"i{n}", [str(truth[n][0])], property_="first")
    with open_study(tmp_path, {"answers": given, "predictions": rows}, choices=CHOICES) as bench:
        found = bench.estimate(
            ["reproduction", "extraction", "match_unreproduced", "copy_oracle"], by=[]
        )
    # a wrong word starts with the right letter as often as one of 29 others does
    copied = reproduces + (1 - reproduces) * 5 / 29
    for value, error, expected in zip(
        found["value"],
        found["standard_error"],
        (reproduces, reads, guesses, copied),
        strict=True,
    ):
        assert abs(value - expected) < 4 * error


def unchanged(items, repeats, rng):
    """A behaviour-shifted model that behaves as its base does, and predictions about it."""
    rate = rng.dirichlet(np.full(4, 0.5), items)
    given = []
    for model in ("m", "s"):
        for n in range(items):
            drawn = rng.choice(list("abcd"), repeats, p=rate[n])
            given += answers(model, f"i{n}", [str(d) for d in drawn])
    models = [
        {"model": "m", "base": None, "stage": "base"},
        {"model": "s", "base": "m", "stage": "behaviour-shifted"},
    ]
    said = [prediction("s", "s", f"i{n}", "a") for n in range(items)]
    return {"models": models, "answers": given, "predictions": said}


@pytest.mark.simulation
@pytest.mark.parametrize("truth", ["first", "modal"])
def test_where_nothing_was_shifted_noise_explains_what_seems_to_be(tmp_path, truth):
    tables = unchanged(3000, 6, np.random.default_rng(2))
    with open_study(tmp_path, tables, choices={**CHOICES, "truth": truth}) as bench:
        found = bench.estimate(SHIFTS[4:], by=[]).set_index("estimand")
    shifted, noise, beyond = (found.loc[name] for name in SHIFTS[4:])
    error = np.hypot(shifted["standard_error"], noise["standard_error"])
    if truth == "first":
        # single repeats against single repeats: the same law, so no bias
        assert abs(shifted["value"] - noise["value"]) < 4 * error
        assert beyond["low"] < 0 < beyond["high"]
    else:
        # smaller sets are noisier: rather too much noise, never too little
        assert shifted["value"] < noise["value"] + 4 * error
        assert beyond["value"] < 4 * beyond["standard_error"]
    assert shifted["value"] > 0.1
