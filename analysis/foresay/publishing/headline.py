"""The arms that the answer of a report is about: one of each kind for each target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from foresay.errors import UnsupportedError

if TYPE_CHECKING:
    from foresay.publishing.analyses import Desk

_SHOWN = ("accuracy", "advantage", "ceiling_resample", "ceiling_modal", "normalized_accuracy")


def headline(desk: Desk) -> pd.DataFrame:
    """Return accuracy and its bounds of one self- and one cross-prediction of each target.

    Each is the arm with the most training; among equals the most accurate one.

    Raises
    ------
    UnsupportedError
        No accuracy can be estimated.
    """
    frame = desk.of_arms_only(*_SHOWN, desk.baseline)
    known = frame[(frame["estimand"] == "accuracy") & frame["value"].notna()]
    if known.empty:
        raise UnsupportedError("no accuracy can be estimated")
    trained = known["n_train"].fillna(0) if "n_train" in known else 0
    ranked = known.assign(_trained=trained).sort_values(
        ["_trained", "value"], ascending=False, kind="stable"
    )
    chosen = ranked.groupby(["target", "role"], sort=True, dropna=False).head(1)
    kept = frame.merge(chosen[desk.arms.by], on=desk.arms.by)
    return desk.arms.labelled(kept.assign(kind=kept["role"])).rename(columns={"kind": "role"})
