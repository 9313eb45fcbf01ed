"""The analyses of compliance gains, mechanism and behaviour change of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from foresay.comparisons.gains import POLICIES
from foresay.errors import UnsupportedError
from foresay.measures import mechanism, projection, shift

if TYPE_CHECKING:
    from foresay.publishing.analyses import Desk

_PREDICTED = tuple(m.name for m in shift.MEASURES if m.name not in shift.OF_BEHAVIOUR)
_OTHER = "own_model <> target"


def compliance_gain(desk: Desk) -> pd.DataFrame:
    """Return what each training gained, and how much of it is compliance."""
    desk.require_predictions()
    policy = desk.bench.choices.compliance
    if policy not in POLICIES:
        raise UnsupportedError(
            f"under the compliance policy {policy} a reply that is not in the asked form is not "
            "wrong"
        )
    frame = desk.bench.compliance_gain()
    rates = frame.loc[frame["estimand"].isin(["compliance_before", "compliance_after"]), "value"]
    if bool((rates == 1).all()):
        raise UnsupportedError("every prediction is in the asked form, before and after training")
    return frame


def reproduction(desk: Desk) -> pd.DataFrame:
    """Return accuracy by whether the whole answer is reproduced, for each arm."""
    desk.require_predictions()
    names = [m.name for m in mechanism.MEASURES]
    return desk.arms.labelled(desk.estimate(names, desk.arms.by))


def projections(desk: Desk) -> pd.DataFrame:
    """Return projection for each arm whose predictor behaves otherwise than its target."""
    desk.require_predictions()
    if reason := desk.bench.supports("projection"):
        raise UnsupportedError(f"projection {reason}")
    names = [m.name for m in projection.MEASURES]
    return desk.arms.labelled(desk.estimate(names, desk.arms.by, where=_OTHER))


def two_scorings(desk: Desk) -> pd.DataFrame:
    """Return the match with the target's and with the own behaviour by predictor and target."""
    desk.require_predictions()
    if reason := desk.bench.supports("projection"):
        raise UnsupportedError(f"projection {reason}")
    return desk.estimate(["accuracy_target", "accuracy_own"], ["predictor", "target", "role"])


def shifts(desk: Desk) -> pd.DataFrame:
    """Return whether predictions about changed targets follow the new or the old behaviour."""
    desk.require_predictions()
    frame = desk.estimate(_PREDICTED, desk.arms.by)
    known = frame.loc[frame["value"].notna(), "target"].unique()
    return desk.arms.labelled(frame[frame["target"].isin(known)])


def shifted_shares(desk: Desk) -> pd.DataFrame:
    """Return how many items a training shifted, and how many noise alone would."""
    if desk.bench.supports("shifted_share"):
        desk.require_predictions()
    frame = desk.estimate(shift.OF_BEHAVIOUR, ["target", "task"])
    known = frame.loc[frame["value"].notna(), "target"].unique()
    return frame[frame["target"].isin(known)].reset_index(drop=True)
