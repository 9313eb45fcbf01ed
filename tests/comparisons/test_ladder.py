from __future__ import annotations

import math

import numpy as np
import pytest

from foresay.comparisons.ladder import ladder
from foresay.comparisons.stages import STAGES, rungs_of
from foresay.errors import ChoiceError, UnsupportedError
from foresay.workbench import Workbench
from studies import answers, open_study, prediction

CHOICES = {"truth": "first", "compliance": "count_wrong", "resamples": 200}
STAGE_OF = {"m": "base", "f": "format-trained", "s": "scrambled", "t": "self-trained"}
# a is right, b is wrong, - is not in the asked form
SAID = {
    "m": "aab-----bb",
    "f": "aabbaabbbb",
    "t": "aaaaaaaab-",
}


def study_of(tmp_path, said, *, tasks="tttttttttt", **choices):
    rows = []
    for name, given in said.items():
        base, _, shots = name.partition("+")
        for i, (s, task) in enumerate(zip(given, tasks, strict=True)):
            row = prediction(base, "m", f"i{i}", "zzz" if s == "-" else s, compliant=s != "-")
            rows.append({**row, "task": task, "n_shot": int(shots or 0)})
    tables = {
        "answers": [
            {**row, "task": task}
            for i, task in enumerate(tasks)
            for row in answers("m", f"i{i}", ["a"])
        ],
        "predictions": rows,
        "models": [
            {"model": m, "stage": s, "base": "m" if s != "base" else None}
            for m, s in STAGE_OF.items()
        ],
    }
    source = {
        "answers": {"files": "answers.csv"},
        "models": {"files": "models.csv"},
        "predictions": {"files": "predictions.csv", "conditions": ["n_shot"]},
    }
    return open_study(tmp_path, tables, tables=source, choices={**CHOICES, **choices})


def found(study, rungs=None, **more):
    return ladder(
        study.population(),
        rungs,
        choices=study.choices,
        context=study._context(None),
        engine=study.engine,
        **more,
    )


def at(table, rung, estimand="accuracy", matching="none", quantity="value"):
    rows = table[
        (table["rung"] == rung)
        & (table["estimand"] == estimand)
        & (table["matching"] == matching)
        & (table["quantity"] == quantity)
    ]
    assert len(rows) == 1
    return rows.iloc[0]


def test_accuracy_and_compliance_of_each_stage_are_those_of_estimate(tmp_path):
    study = study_of(tmp_path, SAID)
    table = found(study)
    for rung, predictor in (("base", "m"), ("format-trained", "f"), ("self-trained", "t")):
        for estimand in ("accuracy", "compliance"):
            alone = study.estimate(estimand, where=f"predictor = '{predictor}'").iloc[0]
            row = at(table, rung, estimand)
            for name in ("value", "low", "high", "n_trials"):
                assert row[name] == pytest.approx(alone[name], abs=1e-12), (rung, estimand, name)


def test_matched_items_are_those_on_which_every_stage_complies(tmp_path):
    table = found(study_of(tmp_path, SAID))
    # items 0, 1, 2 and 8; item 9 is missing from the trained one
    assert at(table, "base", matching="items")["n_trials"] == 4
    assert at(table, "base", matching="items")["value"] == pytest.approx(2 / 4)
    assert at(table, "format-trained", matching="items")["value"] == pytest.approx(2 / 4)
    assert at(table, "self-trained", matching="items")["value"] == pytest.approx(3 / 4)
    gain = at(table, "self-trained", matching="items", quantity="gain")
    assert gain["value"] == pytest.approx(1 / 4)
    assert "over base" in gain["note"]


def test_weights_give_every_stage_the_same_mix_of_cells(tmp_path):
    # the base complies on the easy task alone, but for one hard item
    said = {"m": "aaaa" + "b---", "t": "aaaa" + "aabb"}
    table = found(study_of(tmp_path, said, tasks="eeeehhhh"))
    base = at(table, "base", matching="weights")
    assert base["value"] == pytest.approx(0.5 * 1 + 0.5 * 0)
    assert at(table, "self-trained", matching="weights")["value"] == pytest.approx(0.75)
    assert base["n_trials"] == 5


def test_cells_in_which_a_stage_never_complies_are_left_out_for_all(tmp_path):
    said = {"m": "aabb" + "----", "t": "aaab" + "aabb"}
    table = found(study_of(tmp_path, said, tasks="eeeehhhh"))
    row = at(table, "self-trained", matching="weights")
    assert row["value"] == pytest.approx(0.75)
    assert "8 trials in cells where a stage never complies" in row["note"]


def test_without_differences_in_compliance_all_three_agree(tmp_path):
    table = found(study_of(tmp_path, {"m": "aabbaabbaa", "t": "aaaaaabbbb"}))
    for rung in ("base", "self-trained"):
        values = [at(table, rung, matching=m)["value"] for m in ("none", "items", "weights")]
        assert values == pytest.approx([values[0]] * 3)


def test_stages_without_trials_are_named_and_have_no_value(tmp_path):
    table = found(study_of(tmp_path, SAID))
    row = at(table, "scrambled")
    assert math.isnan(row["value"])
    assert row["note"] == "no trials of this stage"
    assert list(dict.fromkeys(table["rung"])) == list(STAGES)


def test_shots_make_a_rung_of_their_own(tmp_path):
    table = found(study_of(tmp_path, {"m": "abbbb", "m+8": "aabbb", "t": "aaaab"}, tasks="ttttt"))
    assert at(table, "base")["value"] == pytest.approx(0.2)
    assert at(table, "few-shot")["value"] == pytest.approx(0.4)
    assert at(table, "few-shot", quantity="gain")["value"] == pytest.approx(0.2)


def test_a_model_trained_on_another_is_on_no_rung(tmp_path):
    said = {"m": "ab", "t": "aa", "x": "bb"}
    rows = study_of(tmp_path, said, tasks="tt")
    models = tmp_path / "models.csv"
    models.write_text(models.read_text() + "x,cross-trained,o\n")
    table = found(type(rows).open(tmp_path))
    assert table.loc[table["matching"] == "none", "n_trials"].max() == 2


def test_rungs_can_be_named(tmp_path):
    rungs = {"before": "predictor = 'm'", "after": "predictor = 't'"}
    table = found(study_of(tmp_path, SAID), rungs)
    assert at(table, "after")["value"] == pytest.approx(0.8)
    assert set(table["rung"]) == {"before", "after"}


def test_without_stages_or_with_one_it_is_refused(tmp_path):
    with pytest.raises(UnsupportedError, match="column stage"):
        rungs_of(["predictor", "role"])
    with pytest.raises(UnsupportedError, match="there is self-trained"):
        found(study_of(tmp_path, {"t": "aab"}, tasks="ttt"))
    with pytest.raises(ChoiceError, match="both arms"):
        found(study_of(tmp_path / "b", SAID), {"one": "true", "two": "predictor = 'm'"})


@pytest.mark.simulation
def test_a_gain_that_is_compliance_alone_vanishes_when_matched(tmp_path):
    """Both stages know as much; the base complies less, and on the easy task more often."""
    rng = np.random.default_rng(2)
    n = 1_500
    tasks = np.repeat(["e", "h"], n // 2)
    chance = np.where(tasks == "e", 0.8, 0.3)
    complies = rng.random(n) < np.where(tasks == "e", 0.8, 0.3)
    right = rng.random((2, n)) < chance
    said = {
        "m": "".join(np.where(complies, np.where(right[0], "a", "b"), "-")),
        "t": "".join(np.where(right[1], "a", "b")),
    }
    table = found(study_of(tmp_path, said, tasks="".join(tasks)))
    gains = {
        m: at(table, "self-trained", matching=m, quantity="gain")
        for m in ("none", "items", "weights")
    }
    assert gains["none"]["low"] > 0.1
    for matched in ("items", "weights"):
        assert gains[matched]["low"] < 0 < gains[matched]["high"]
    # items keep the mix of those that comply, weights that of all
    assert at(table, "self-trained", matching="items")["value"] > 0.6
    assert at(table, "self-trained", matching="weights")["value"] == pytest.approx(0.55, abs=0.04)


@pytest.mark.simulation
def test_the_truth_of_a_simulated_world_is_recovered(tmp_path):
    """Where compliance is blind to items, matched accuracy is that of knowing alone."""
    import yaml

    from foresay.simulation import World, simulate, true_values

    world = World(items=250, n_train=(0, 1_000))
    made = simulate(world, 7)
    for name, table in made.tables.items():
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    (tmp_path / "study.yml").write_text(yaml.safe_dump(made.study), encoding="utf-8")
    true = true_values(world, 7)
    own = true[(true["estimand"] == "accuracy") & true["predictor"].str.startswith("target")]
    expected = {
        rung: own.loc[own["n_train"] == n, "value"].iloc[0] / world.compliance(n)
        for rung, n in (("base", 0), ("self-trained", 1_000))
    }
    table = Workbench.open(tmp_path).ladder()
    for rung, value in expected.items():
        for matched in ("items", "weights"):
            row = at(table, rung, matching=matched)
            # four intervals at once
            half = 1.4 * (row["high"] - row["low"]) / 2
            assert abs(row["value"] - value) < half, (rung, matched)
