"""The tables of a specification curve: its rows, its summary, and what each choice does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from foresay.comparisons.hypotheses import NOT_SHOWN, SHOWN
from foresay.comparisons.importance import importance
from foresay.comparisons.joint_tests import JointTest, Scores, joint_test
from foresay.comparisons.specifications import Plan, Specification, by_reason
from foresay.estimation.table import CHOICES, TAIL, key_of, named_choices
from foresay.resampling import stream
from foresay.study import Choices

NUMBERS = (
    *("value", "low", "high", "level", "standard_error", "p_value", "verdict", "test"),
    *("reference", "interval", "n_trials", "n_items", "n_clusters", "n_excluded"),
)
OF_INTERVALS = frozenset({"cluster", "within", "crossed", "strata", "interval", "level"})
"""Choices that no value depends on."""

_FEW = 12  # clusters up to which their flips are so few that a p-value is coarse
_FLOATS = ("order", "value", "low", "high", "level", "standard_error", "p_value", "reference")
_COUNTS = ("n_trials", "n_items", "n_clusters", "n_excluded", "seed", "resamples")
_MISSING = {**dict.fromkeys(_FLOATS, math.nan), **dict.fromkeys(_COUNTS, 0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one specification gave in one group; `row` holds its numbers."""

    specification: Specification
    row: Mapping[str, Any]
    effect: Scores | None

    @property
    def value(self) -> float:
        """Its value, ``nan`` where it failed."""
        return float(self.row["value"])


def outcome(
    one: Specification,
    row: Mapping[str, Any] | None,
    reason: str,
    effect: Scores | None,
    reference: float,
) -> Outcome:
    """Return what a specification gave; without a row, why it gave nothing."""
    if row is None:
        lost = {"interval": "none", "verdict": "", "test": "none", "note": reason}
        nothing = {**_MISSING, **named_choices(one.choices), **lost, "level": one.choices.level}
        return Outcome(specification=one, row={**nothing, "reference": reference}, effect=None)
    tested = {"p_value": math.nan, "test": "none", "verdict": "", "reference": reference}
    if "verdict" not in row and not math.isnan(reference) and math.isfinite(float(row["low"])):
        outside = not row["low"] <= reference <= row["high"]
        tested |= {"test": "interval", "verdict": SHOWN["difference"] if outside else NOT_SHOWN}
    return Outcome(specification=one, row={**tested, **row}, effect=effect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """All outcomes of one group.

    Parameters
    ----------
    name : str
        What the curve is called.
    values : tuple of (str, object)
        What the group is.
    reference : float
        The value of no effect; ``nan`` where there is none.
    outcomes : tuple of Outcome
        In the order of the grid.
    untestable : str
        Why there can be no joint test; "" where there can.
    flipped : tuple of str
        Columns of the clusters that the joint test flips.
    """

    name: str
    values: tuple[tuple[str, object], ...]
    reference: float
    outcomes: tuple[Outcome, ...]
    untestable: str
    flipped: tuple[str, ...]

    @property
    def head(self) -> dict[str, object]:
        """What its rows start with."""
        return {"curve": self.name, **dict(self.values)}

    @property
    def known(self) -> list[Outcome]:
        """The outcomes with a value."""
        return [one for one in self.outcomes if math.isfinite(one.value)]

    def rows(self) -> list[dict[str, Any]]:
        """Return the row of each specification, in the order of the grid."""
        ordered = sorted(self.known, key=lambda one: (one.value, one.specification.number))
        place = {one.specification.number: n for n, one in enumerate(ordered, start=1)}
        return [
            {
                **one.row,
                **self.head,
                "specification": one.specification.number,
                "order": place.get(one.specification.number),
                "published": one.specification.published,
                **{f"choice_{k}": text for k, text in one.specification.branches.items()},
            }
            for one in self.outcomes
        ]

    def summary(self, base: Choices) -> list[dict[str, Any]]:
        """Return what its specifications have in common, with the joint test."""
        values = np.array([one.value for one in self.known])
        middle = float(np.median(values)) if len(values) else math.nan
        joint = self.joint(base)
        lost = len(self.outcomes) - len(values)
        rows: list[dict[str, Any]] = [
            {"quantity": "specifications", "value": float(len(self.outcomes))},
            {
                "quantity": "failed",
                "value": float(lost),
                "note": "; ".join(
                    by_reason(
                        (o.specification.branches, str(o.row["note"]))
                        for o in self.outcomes
                        if not math.isfinite(o.value)
                    )
                ),
            },
            {"quantity": "published", **self._published()},
            {"quantity": "median", "value": middle, "p_value": joint.p_median},
            {"quantity": "lowest", "value": float(values.min()) if len(values) else math.nan},
            {"quantity": "highest", "value": float(values.max()) if len(values) else math.nan},
        ]
        if not math.isnan(self.reference):
            side = np.sign(values - self.reference)
            same = side == np.sign(middle - self.reference)
            shown = np.array([one.row["verdict"] not in ("", NOT_SHOWN) for one in self.known])
            tests = [one.row["verdict"] != "" for one in self.known]
            significant = float(shown.mean()) if any(tests) else math.nan
            rows += [
                {"quantity": "same_sign", "value": float(same.mean()) if len(values) else math.nan},
                {
                    "quantity": "significant",
                    "value": significant,
                    "p_value": joint.p_share_significant,
                },
                {
                    "quantity": "average_z",
                    "value": joint.average_z,
                    "p_value": joint.p_average_z,
                },
            ]
        said = joint.reason or (
            f"p-values of the joint test: {joint.n_clusters} clusters "
            f"({', '.join(self.flipped)}) flipped {base.resamples:,} times in all specifications"
        )
        if not joint.reason and joint.n_clusters <= _FEW:
            said += f", so that none can be below {2.0 ** (1 - joint.n_clusters):.2g}"
        blank = {"value": math.nan, "p_value": math.nan, "note": "", "n": len(values)}
        told = [{**self.head, **blank, **row} for row in rows]
        for row in told:
            if row["quantity"] in ("median", "significant", "average_z"):
                row["note"] = said
        return told

    def _published(self) -> dict[str, Any]:
        own = next((one for one in self.outcomes if one.specification.published), None)
        if own is None:
            return {"note": "the study's own choices are none of the combinations"}
        return {"value": own.value, "p_value": float(own.row["p_value"])}

    def joint(self, base: Choices) -> JointTest:
        """Return the joint test of its specifications."""
        if self.untestable:
            return JointTest(reason=f"no joint test: {self.untestable}")
        usable = [
            one
            for one in self.known
            if one.effect is not None
            and len(one.effect.labels)
            and bool(np.isfinite(one.effect.scores).all())
        ]
        if not usable:
            return JointTest(reason="no joint test: no effect is a sum over clusters")
        effects: dict[int, Scores] = {id(one.effect): one.effect for one in usable if one.effect}
        place = {key: n for n, key in enumerate(effects)}
        return joint_test(
            list(effects.values()),
            np.array([place[id(one.effect)] for one in usable], np.int64),
            np.array([float(one.row["level"]) for one in usable]),
            flips=base.resamples,
            rng=stream(base.seed, "specifications", self.name, key_of(self.values)),
        )

    def importance(self, varied: Sequence[str]) -> list[dict[str, Any]]:
        """Return the share of each choice in the variance of the values."""
        known = self.known
        moving = [name for name in varied if name not in OF_INTERVALS]
        branches = {n: [one.specification.branches[n] for one in known] for n in moving}
        found = importance(np.array([one.value for one in known]), branches)
        still = "" if any(math.isfinite(f.share) for f in found) else "the values do not vary"
        shares = {one.choice: (one.share, one.alone, still) for one in found}
        nothing = (0.0, 0.0, "changes intervals and tests alone")
        return [
            {**self.head, "choice": name, "share": share, "alone": alone, "note": note}
            for name in varied
            for share, alone, note in [shares.get(name, nothing)]
        ]


def finished(
    curves: Sequence[Curve], plan: Plan, by: Sequence[str], base: Choices
) -> dict[str, pd.DataFrame]:
    """Return the tables of all curves of a grid."""
    varied = [f"choice_{name}" for name in plan.varied]
    columns = [
        *("curve", *by, "specification", "order", "published", *varied, "estimand"),
        *(*NUMBERS, *CHOICES, *TAIL),
    ]
    rows = [row for curve in curves for row in curve.rows()]
    names = {row["estimand"] for row in rows if row.get("estimand")}
    rows = [{**row, "estimand": row.get("estimand") or min(names, default="")} for row in rows]
    frame = pd.DataFrame([{c: row.get(c) for c in columns} for row in rows], columns=columns)
    frame = frame.astype(dict.fromkeys(_FLOATS, "float64") | dict.fromkeys(_COUNTS, "int64"))
    for column in ("where", "note", "fingerprint"):
        frame[column] = frame[column].fillna("")
    reasons = [
        {"curve": curves[0].name, **{f"choice_{k}": t for k, t in texts.items()}, "reason": why}
        for texts, why in plan.excluded
    ]
    return {
        "specifications": frame,
        "summary": pd.DataFrame(
            [row for curve in curves for row in curve.summary(base)],
            columns=["curve", *by, "quantity", "value", "p_value", "n", "note"],
        ),
        "importance": pd.DataFrame(
            [row for curve in curves for row in curve.importance(plan.varied)],
            columns=["curve", *by, "choice", "share", "alone", "note"],
        ),
        "excluded": pd.DataFrame(reasons, columns=["curve", *varied, "reason"]),
    }
