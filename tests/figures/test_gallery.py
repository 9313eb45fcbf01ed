from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from foresay.display import label_of
from foresay.figures import GALLERY

Make = Callable[..., dict[str, Any]]


FROM_ESTIMATES = [name for name, entry in GALLERY.items() if not entry.kind]


@pytest.mark.parametrize("name", FROM_ESTIMATES)
def test_every_figure_is_drawn_from_what_it_says_it_needs(name: str, estimate: Make) -> None:
    entry = GALLERY[name]
    groups = [{column: f"{column}-{i}" for column in entry.by} for i in (1, 2)]
    if "n_train" in entry.by:
        groups = [{"n_train": n, "role": r} for n in (0, 100) for r in ("self", "cross")]
    frame = pd.DataFrame(
        estimate(needed, 0.5, 0.4, 0.6, group=group) | {"compliance": policy}
        for needed in (*entry.needs, *entry.wants)
        for group in groups
        for policy in (("paper", "count_wrong") if entry.policies else ("paper",))
    )
    figure = entry.plot(frame)
    assert (figure.name, figure.question) == (name, entry.question)
    assert entry.question.endswith("?")
    assert "<svg" in figure.svg()
    # against Vega-Lite's schema
    figure.chart.to_dict()


@pytest.mark.parametrize("name", FROM_ESTIMATES)
def test_a_figure_does_not_depend_on_the_ones_before_it(name: str, estimate: Make) -> None:
    # Altair counts the names it gives away
    entry = GALLERY[name]
    groups = [dict.fromkeys(entry.by, i) for i in (1, 2)]
    frame = pd.DataFrame(
        estimate(entry.needs[0], 0.5, 0.4, 0.6, group=g) | {"compliance": "paper"} for g in groups
    )
    first = entry.plot(frame).vega_lite()
    GALLERY["compliance"].plot(
        pd.DataFrame([estimate("compliance", 0.5, 0.4, 0.6, group={"predictor": "a"})])
    )
    assert entry.plot(frame).vega_lite() == first


def test_every_estimand_has_a_printed_name() -> None:
    for entry in GALLERY.values():
        for needed in (*entry.needs, *entry.wants):
            assert "_" not in label_of(needed)
