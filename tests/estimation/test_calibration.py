"""The table of calibration: hand-worked numbers, stated rules, designs, nulls, sameness."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from foresay.errors import ChoiceError, InvalidTablesError, UnsupportedError
from foresay.estimation import leveled
from foresay.measures.calibration import CALIBRATION
from foresay.workbench import Workbench
from studies import answers, open_study, prediction

SMOOTH = ("calibration_l2", "brier", "calibration_slope", "auroc", "log_score", "uncertainty")


def trial(item: int, confidence: float | None, match: float, **more: Any) -> dict[str, Any]:
    return {
        "predictor": "m",
        "target": "m",
        "task": "t",
        "item": str(item),
        "property": "p",
        "match": match,
        "confidence": confidence,
        **more,
    }


def drawn(n: int, seed: int = 0, *, per_item: int = 2, gap: float = 0.0) -> list[dict[str, Any]]:
    """Return trials of `n` items, calibrated but for a gap."""
    rng = np.random.default_rng(seed)
    rows = []
    for item in range(n):
        for number in range(per_item):
            f = float(rng.choice([0.3, 0.5, 0.6, 0.8, 0.9, 0.95]))
            match = int(rng.random() < f - gap)
            rows.append(
                trial(
                    item, f, match, property=f"p{number}", training_seed=number, task=f"t{item % 4}"
                )
            )
    return rows


@pytest.fixture
def worked(tmp_path: Path) -> Iterator[Workbench]:
    groups = [(0.2, 10, 3), (0.6, 20, 10), (0.9, 10, 9)]
    rows = [
        trial(100 * g + i, f, int(i < right))
        for g, (f, n, right) in enumerate(groups)
        for i in range(n)
    ]
    with open_study(tmp_path, {"trials": [*rows, trial(999, None, 1)]}) as bench:
        yield bench


def value_of(frame: pd.DataFrame, name: str, column: str = "value") -> Any:
    return frame.loc[frame["estimand"] == name, column].iloc[0]


def test_hand_worked_numbers(worked: Workbench) -> None:
    found = worked.calibration(by=())
    assert value_of(found, "ece") == pytest.approx(0.075)
    assert value_of(found, "brier") == pytest.approx(
        (3 * 0.64 + 7 * 0.04 + 10 * 0.16 + 10 * 0.36 + 9 * 0.01 + 0.81) / 40
    )
    assert value_of(found, "uncertainty") == pytest.approx(22 / 40 * 18 / 40)
    assert list(found["estimand"]) == list(CALIBRATION)


def test_missing_confidence_is_left_out_and_counted(worked: Workbench) -> None:
    found = worked.calibration("ece", by=()).iloc[0]
    assert (found["n_trials"], found["n_items"], found["n_excluded"]) == (40, 40, 1)
    assert found["note"] == "1 without a confidence left out"


def test_estimate_gives_the_same_without_the_null(worked: Workbench) -> None:
    found = worked.estimate(["accuracy", "ece", "brier"], by=["predictor"])
    assert list(found["estimand"]) == ["accuracy", "ece", "brier"]
    assert "null_mean" not in found.columns
    both = worked.calibration(["ece"], by=["predictor"])
    assert value_of(found, "ece") == value_of(both, "ece")
    assert value_of(found, "ece", "low") == value_of(both, "ece", "low")


def test_constant_predictor(worked: Workbench) -> None:
    found = worked.calibration(by=(), constant=True)
    constant = found[found["source"] == "constant"].set_index("estimand")["value"]
    assert constant["brier"] == pytest.approx(constant["uncertainty"])
    assert constant["ece"] == pytest.approx(0)
    assert (constant["miscalibration"], constant["auroc"]) == (0, 0.5)
    assert np.isnan(constant["calibration_slope"])


def test_percentages_are_refused_with_the_way_out(tmp_path: Path) -> None:
    with (
        open_study(tmp_path, {"trials": [trial(1, 85, 1), trial(2, 60, 0)]}) as bench,
        pytest.raises(InvalidTablesError, match=r"divide by 100 in study.yml"),
    ):
        bench.calibration(by=())


def test_percentages_are_divided_in_the_study_file(tmp_path: Path) -> None:
    table = {
        "files": "trials.csv",
        "columns": {"confidence": {"sql": "confidence / 100"}},
    }
    rows = [trial(i, c, i % 2) for i, c in enumerate([85, 60, 0, 100])]
    with open_study(tmp_path, {"trials": rows}, tables={"trials": table}) as bench:
        assert bench.reliability(by=())["confidence"].tolist()[:4] == [0, 0.6, 0.85, 1]


def test_finer_confidence_is_rounded_and_the_note_says_so(tmp_path: Path) -> None:
    rows = [trial(i, 0.50004 + 0.001 * (i % 3), i % 2) for i in range(40)]
    with open_study(tmp_path, {"trials": rows}) as bench:
        assert value_of(bench.calibration("ece", by=()), "ece", "note").endswith(
            "rounded to 1/1000"
        )
        levels = bench.reliability(by=()).query("part == 'fit'")["confidence"]
        assert levels.tolist() == [0.5, 0.501, 0.502]


def test_clipping_is_reported(tmp_path: Path) -> None:
    rows = [trial(i, f, x) for i, (f, x) in enumerate([(1, 1), (1, 0), (0.5, 1), (0, 0)] * 10)]
    with open_study(tmp_path, {"trials": rows}) as bench:
        found = bench.calibration(["log_score", "ece"], by=())
    assert value_of(found, "log_score", "note") == (
        "30 of 40 confidences of 0 or 1 clipped to 0.0005 and 0.9995"
    )
    assert value_of(found, "ece", "note") == ""


@pytest.mark.parametrize(
    ("policy", "trials", "right"),
    [("count_wrong", 40, 10), ("ignore", 40, 20), ("drop_either", 20, 10)],
)
def test_compliance_decides_what_is_right(
    tmp_path: Path, policy: str, trials: int, right: int
) -> None:
    rows = [
        prediction("m", "m", str(i), "a" if i % 2 else "b", confidence=0.5, compliant=i < 20)
        for i in range(40)
    ]
    given = [row for i in range(40) for row in answers("m", str(i), ["a"])]
    with open_study(tmp_path, {"predictions": rows, "answers": given}) as bench:
        curve = bench.reliability(by=(), compliance=policy).iloc[0]
        assert (curve["n_trials"], curve["value"] * trials) == (trials, right)


def test_bounds_have_no_calibration(worked: Workbench) -> None:
    found = worked.calibration(["ece"], by=(), compliance="bounds").iloc[0]
    assert np.isnan(found["value"])
    assert found["note"] == "compliance: bounds is defined for accuracy alone"


@pytest.mark.parametrize(
    ("matches", "reason"),
    [([1] * 6, "all predictions are right"), ([0] * 6, "all predictions are wrong")],
)
def test_undefined_measures_say_why(tmp_path: Path, matches: list[int], reason: str) -> None:
    rows = [trial(i, 0.5 + 0.1 * (i % 3), x) for i, x in enumerate(matches)]
    with open_study(tmp_path, {"trials": rows}) as bench:
        found = bench.calibration(["auroc", "calibration_slope"], by=())
    assert found["value"].isna().all()
    assert found["note"].str.contains(f"undefined: {reason}").all()


def test_unknown_names_are_answered_with_the_nearest(worked: Workbench) -> None:
    with pytest.raises(ChoiceError, match="calibration_l2"):
        worked.calibration("calibration_l3")
    with pytest.raises(ChoiceError, match="predictor"):
        worked.calibration("ece", by="predicter")
    with pytest.raises(ChoiceError, match="distribution"):
        worked.calibration("ece", of="distributions")  # type: ignore[arg-type]


def test_without_confidence_the_missing_column_is_named(tmp_path: Path) -> None:
    row = {k: v for k, v in trial(1, 0.5, 1).items() if k != "confidence"}
    with open_study(tmp_path, {"trials": [row]}) as bench:
        assert "confidence" in bench.supports("ece")
        with pytest.raises(UnsupportedError, match="needs a confidence"):
            bench.calibration("ece")
        both = bench.estimate(["accuracy", "ece"], by=())
        assert "needs a confidence" in value_of(both, "ece", "note")


DESIGNS: dict[str, dict[str, Any]] = {
    "one level": {},
    "by task": {"cluster": ["task"]},
    "two levels": {"cluster": ["task"], "within": ["item"]},
    "two ways": {"crossed": ["training_seed"]},
    "strata": {"strata": ["task"]},
}


@pytest.mark.parametrize("design", DESIGNS)
def test_every_design_has_intervals(tmp_path: Path, design: str) -> None:
    with open_study(tmp_path, {"trials": drawn(80)}) as bench:
        found = bench.calibration(SMOOTH, by=(), **DESIGNS[design])
    assert (found["low"] < found["value"]).all()
    assert (found["value"] < found["high"]).all()


@pytest.mark.parametrize("interval", ["auto", "percentile", "bca"])
def test_bootstrap_and_jackknife_agree(tmp_path: Path, interval: str) -> None:
    with open_study(tmp_path, {"trials": drawn(300)}) as bench:
        auto = bench.estimate("auroc", by=())
        other = bench.estimate("auroc", by=(), interval=interval, resamples=2_000)
    width = float(auto["high"].iloc[0] - auto["low"].iloc[0])
    assert float(other["low"].iloc[0]) == pytest.approx(float(auto["low"].iloc[0]), abs=width / 8)
    assert float(other["high"].iloc[0]) == pytest.approx(float(auto["high"].iloc[0]), abs=width / 8)


@pytest.mark.parametrize("design", DESIGNS)
def test_linearised_measures_give_nearly_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, design: str
) -> None:
    with open_study(tmp_path, {"trials": drawn(200)}) as bench:
        whole = bench.calibration(SMOOTH, by=(), **DESIGNS[design])
        monkeypatch.setattr(leveled, "LARGEST", 0)
        linear = bench.calibration(SMOOTH, by=(), **DESIGNS[design])
    assert linear["note"].str.contains("linearised").all()
    pd.testing.assert_series_equal(linear["value"], whole["value"])
    pd.testing.assert_series_equal(linear["null_p"], whole["null_p"])
    ratio = linear["standard_error"] / whole["standard_error"]
    assert ratio.between(0.9, 1.1).all()


def test_a_cluster_counts_as_one(tmp_path: Path) -> None:
    rows = drawn(100, per_item=1)
    copies = [{**row, "property": f"q{i}"} for row in rows for i in range(4)]
    with open_study(tmp_path / "a", {"trials": rows}) as bench:
        once = bench.estimate("brier", by=())
    with open_study(tmp_path / "b", {"trials": copies}) as bench:
        often = bench.estimate("brier", by=())
    assert often["value"].iloc[0] == pytest.approx(once["value"].iloc[0])
    assert often["standard_error"].iloc[0] == pytest.approx(once["standard_error"].iloc[0])


def test_neither_order_nor_threads_nor_other_groups_change_a_byte(tmp_path: Path) -> None:
    rows = [{**row, "predictor": p} for p in ("m", "x") for row in drawn(60, seed=ord(p))]
    with open_study(tmp_path / "a", {"trials": rows}, threads=1) as bench:
        first = bench.calibration(SMOOTH, by=["predictor"])
        curve = bench.reliability(by=["predictor"])
    with open_study(tmp_path / "b", {"trials": rows[::-1]}, threads=2) as bench:
        again = bench.calibration(SMOOTH, by=["predictor"])
        bent = bench.reliability(by=["predictor"])
    own = [c for c in first.columns if c != "fingerprint"]
    pd.testing.assert_frame_equal(first[own], again[own], check_exact=True)
    kept = [c for c in curve.columns if c != "fingerprint"]
    pd.testing.assert_frame_equal(curve[kept], bent[kept], check_exact=True)
    only = [row for row in rows if row["predictor"] == "x"]
    with open_study(tmp_path / "c", {"trials": only}) as bench:
        alone = bench.calibration(SMOOTH, by=["predictor"])
    of_x = first[first["predictor"] == "x"].reset_index(drop=True)
    pd.testing.assert_frame_equal(of_x[own], alone[own], check_exact=True)


def test_auroc_interval_is_delongs(tmp_path: Path) -> None:
    rows = drawn(300, per_item=1)
    with open_study(tmp_path, {"trials": rows}) as bench:
        found = bench.estimate("auroc", by=()).iloc[0]
    f = np.array([row["confidence"] for row in rows])
    x = np.array([row["match"] for row in rows])
    right, wrong = f[x == 1][:, None], f[x == 0][None]
    won = (right > wrong) + (right == wrong) / 2
    variance = won.mean(1).var(ddof=1) / len(right) + won.mean(0).var(ddof=1) / wrong.size
    assert found["value"] == pytest.approx(won.mean())
    assert found["standard_error"] == pytest.approx(np.sqrt(variance), rel=0.01)


def test_a_macro_weight_is_refused_in_words(tmp_path: Path) -> None:
    with open_study(tmp_path, {"trials": drawn(60)}) as bench:
        found = bench.calibration(["ece"], by=(), weighting="macro_task").iloc[0]
    assert found["weighting"] == "micro"
    assert "every trial counts the same" in found["note"]


def test_a_gap_is_found_and_none_is_not(tmp_path: Path) -> None:
    upper = [name for name, m in CALIBRATION.items() if m.tail == "upper"]
    with open_study(tmp_path / "a", {"trials": drawn(400, gap=0.25)}) as bench:
        wrong = bench.calibration(upper, by=())
    with open_study(tmp_path / "b", {"trials": drawn(400)}) as bench:
        calibrated = bench.calibration(upper, by=())
    assert (wrong["null_p"] < 0.01).all()
    assert (calibrated["null_p"] > 0.01).all()
    assert (wrong["value"] > wrong["null_high"]).all()
