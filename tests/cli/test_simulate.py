from __future__ import annotations

import json

import pandas as pd
import pytest

from foresay.cli import main


def run(*arguments):
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code


def test_a_simulated_study_is_a_study_with_its_truth_beside_it(tmp_path, capsys):
    folder = tmp_path / "trial"
    assert run("simulate", str(folder), "--set", "items=12", "--set", "n_train=0,50") == 0
    assert f"Simulated study in {folder}" in capsys.readouterr().out
    assert json.loads((folder / "world.json").read_text(encoding="utf-8"))["items"] == 12
    truth = pd.read_csv(folder / "truth.csv")
    assert set(truth["n_train"].dropna()) == {0, 50}
    assert run("validate", str(folder), "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["problems"] is not None


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("itmes=3", "did you mean 'items'"),
        ("items=none", "items"),
        ("knowledge=0.95", "self-predictor's knowledge"),
        ("items", "name=value"),
    ],
)
def test_an_impossible_world_is_refused_and_nothing_is_written(tmp_path, capsys, setting, said):
    folder = tmp_path / "trial"
    assert run("simulate", str(folder), "--set", setting) == 2
    assert said in capsys.readouterr().err
    assert not folder.exists()


def test_a_folder_that_is_there_is_not_written_over(tmp_path, capsys):
    kept = tmp_path / "kept.txt"
    kept.write_text("mine", encoding="utf-8")
    assert run("simulate", str(tmp_path), "--set", "items=3") == 2
    assert kept.read_text(encoding="utf-8") == "mine"
    assert capsys.readouterr().err
