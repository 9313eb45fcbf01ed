"""Every table that a command writes is also one to print."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from display.latex_reader import read_latex
from foresay.display import printed_table
from foresay.workbench import Workbench
from studies import SHIPPED

Ask = Callable[[Workbench], pd.DataFrame]
TABLES: dict[str, tuple[Ask, str]] = {
    "estimates": (
        lambda b: b.estimate(["accuracy", "baseline_mode"], by="predictor"),
        "Accuracy and Mode baseline, by predictor.",
    ),
    "contrast": (
        lambda b: b.contrast("self_advantage"),
        "Self advantage, by target and training examples.",
    ),
    "comparisons": (lambda b: b.compare("scaling"), ""),
    "calibration": (
        lambda b: b.calibration("calibration_l2", by="predictor"),
        "Calibration error (squared, debiased), by predictor and source.",
    ),
    "reliability": (lambda b: b.reliability(by=""), "Reliability."),
    "ladder": (lambda b: b.ladder(), "Compliance and Accuracy, by"),
    "plan": (lambda b: b.minimum_detectable_effect(clusters=[240]), "Self advantage."),
    "ceiling": (lambda b: b.ceiling_precision(), "Resample ceiling."),
}


@pytest.fixture(scope="module")
def bench():
    with Workbench.open(SHIPPED) as opened:
        yield opened


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_printed_with_caption_label_n_level_and_choices(bench, name):
    ask, caption = TABLES[name]
    frame = ask(bench)
    table = printed_table(frame)
    assert table.caption.startswith(caption)
    assert table.label.startswith("tbl-")
    assert any(line.startswith("n: ") for line in table.about)
    assert any("seed" in line or "compliance" in line for line in table.about)
    if "level" in frame and "estimand" in frame and "wanted" not in frame:
        assert any(line.startswith("Intervals at 95") for line in table.about)
    read = read_latex(table.latex())
    assert read.caption == table.caption
    assert read.notes == [*table.notes, *table.about]
    cells = [list(row) for row in table.rows]
    assert [row for row in read.rows if row in cells][-1] == cells[-1]
    assert "<caption>" in table.page()
    assert f"{{#{table.label}}}" in table.markdown()
    pd.testing.assert_frame_equal(table.data, frame.reset_index(drop=True))


def test_the_name_is_the_callers(bench):
    table = printed_table(bench.estimate("accuracy", by="predictor"), "table 1")
    assert (table.name, table.label) == ("table 1", "tbl-table 1")
    assert r"\label{tbl-table-1}" in table.latex()
