from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from foresay.errors import UnsupportedError
from foresay.figures.by_repeats import plot_agreement_by_n, plot_ceiling_by_k

Make = Callable[..., dict[str, Any]]


def table(estimate: Make, names: list[str], tasks: tuple[str, ...] = ("animals",)) -> pd.DataFrame:
    return pd.DataFrame(
        [
            estimate(n, 0.9 - 0.01 * k, 0.8, 0.95, group={"target": "m", "task": t, "repeats": k})
            for n in names
            for t in tasks
            for k in (2, 3, 5)
        ]
    )


def drawn(figure: Any) -> list[dict[str, Any]]:
    return list(figure.spec()["data"]["values"])


def test_every_row_is_drawn_and_said(estimate: Make) -> None:
    frame = table(estimate, ["ceiling_resample", "plug_in_resample"])
    figure = plot_ceiling_by_k(frame)
    assert {(v["line"], v["repeats"], v["value"]) for v in drawn(figure)} == {
        (line, k, 0.9 - 0.01 * k)
        for line in ("Resample ceiling", "Plug-in, squared shares")
        for k in (2, 3, 5)
    }
    assert "Resample ceiling at 2: .880, 3: .870, 5: .850" in figure.alt
    assert "(target m and task animals)" in figure.caption.replace("\xa0", " ")


def test_estimands_that_are_no_line_are_left_out(estimate: Make) -> None:
    frame = table(estimate, ["ceiling_resample", "modes_agree"])
    assert {v["line"] for v in drawn(plot_ceiling_by_k(frame))} == {"Resample ceiling"}


def test_lines_of_one_number_stand_beside_each_other(estimate: Make) -> None:
    frame = table(estimate, ["agreement_raw", "agreement_answer"])
    places = {v["x"] for v in drawn(plot_agreement_by_n(frame)) if v["repeats"] == 2}
    assert len(places) == 2


def test_what_cannot_be_drawn_is_refused(estimate: Make) -> None:
    frame = table(estimate, ["ceiling_resample"])
    with pytest.raises(UnsupportedError, match="one makes no line"):
        plot_ceiling_by_k(frame[frame["repeats"] == 2])
    with pytest.raises(UnsupportedError, match="needs a column 'repeats'"):
        plot_ceiling_by_k(frame.drop(columns="repeats"))
    with pytest.raises(UnsupportedError, match="13 panels"):
        plot_agreement_by_n(table(estimate, ["agreement_raw"], tuple("abcdefghijklm")))


def test_both_are_drawn_as_svg(estimate: Make) -> None:
    frame = table(estimate, ["agreement_raw", "agreement_answer"], ("animals", "words"))
    assert "<svg" in plot_agreement_by_n(frame, width=321).svg()
