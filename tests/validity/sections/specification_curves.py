"""The joint test of a specification curve: its size without an effect, its power with one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from foresay.resampling import stream
from validity.fingerprints import INFERENCE
from validity.rejecting import ALPHA
from validity.size_tables import too_often
from validity.study import SEED, Case, Columns, Results, Section
from validity.tables import counted, share, table

TESTS = {
    "p_median": "median",
    "p_share_significant": "share significant",
    "p_average_z": "average z",
}
"""The statistics of the joint test, and what the page calls them."""

_NULL, _EFFECT = 4_000, 1_000
_ITEMS = (5, 10, 25, 50)
_EFFECTS = (0.15, 0.3, 0.6)
_POWERED = (10, 50)
_CLOSE = 1e-9

OPENING = """Studies of the simulator with four tasks, whose self and other predictor follow one
law: no specification has an effect. The curve has twelve specifications: two truths, three ways
with replies that are not in the asked form, all tasks or half of them; the items are flipped, 199
times. With an effect, self knows the answer more often by this share."""


def simulate(parameters: Mapping[str, Any], numbers: range) -> Columns:
    """Return which statistics reject, and whether a single specification is its own median."""
    from comparisons import worlds  # loads the simulator

    world = worlds.world(parameters["effect"], parameters["items"])
    columns: dict[str, list[bool]] = {}
    for number in numbers:
        key = [str(parameters["effect"]), str(parameters["items"]), str(number)]
        rng = stream(SEED, "joint test", *key)
        found = worlds.specified(world, rng)
        whole = worlds.joint([scored for scored, _ in found], rng)
        alone = worlds.joint([found[0][0]], rng)
        for name in TESTS:
            p = getattr(whole, name)
            columns.setdefault(f"{name}.defined", []).append(bool(np.isfinite(p)))
            columns.setdefault(f"{name}.rejected", []).append(bool(p <= ALPHA))
        same = abs(alone.median - found[0][1]) <= _CLOSE
        columns.setdefault("median.covered", []).append(bool(same))
    return {name: np.array(values) for name, values in columns.items()}


def summarise(parameters: Mapping[str, Any], columns: Columns) -> list[dict[str, Any]]:
    """Return one row a statistic, each with the curves of one branch whose median is right."""
    return [
        {
            "test": name,
            "defined": int(columns[f"{name}.defined"].sum()),
            "rejected": int(columns[f"{name}.rejected"].sum()),
            "same": int(columns["median.covered"].sum()),
        }
        for name in TESTS
    ]


def text(results: Results) -> str:
    """Return the section of the page."""
    found = results["specification_curves"]
    if not found:
        return ""
    lines = []
    for one in found:
        null = one["effect"] == 0
        cells = [str(4 * one["items"]), share(one["effect"], 2) if one["effect"] else "none"]
        for row in one.rows:
            said = share(row["rejected"] / row["defined"])
            cells.append(f"**{said}**" if null and too_often(row) else said)
        lines.append([*cells, f"{one.runs:,}"])
    nulls = [row for one in found if one["effect"] == 0 for row in one.rows]
    often = sum(map(too_often, nulls))
    runs = sum(one.runs for one in found)
    same = sum(one.rows[0]["same"] for one in found)
    said = (
        f"Without an effect, {often} of {counted(len(nulls), 'cell')} reject too often by more "
        f"than chance. A curve of one branch has the direct estimate for its median in {same:,} of "
        f"{runs:,} data sets. The share of significant specifications has few distinct values, so "
        "that its test rejects less often than it says."
    )
    head = ["items", "effect", *TESTS.values(), "data sets"]
    return "\n\n".join(
        [
            "## The joint test of a specification curve",
            OPENING,
            said,
            table(head, lines, text_columns=2),
        ]
    )


SECTION = Section(
    name="specification_curves",
    text=text,
    cases=(
        *(Case({"effect": 0.0, "items": items}, _NULL) for items in _ITEMS),
        *(
            Case({"effect": effect, "items": items}, _EFFECT)
            for items in _POWERED
            for effect in _EFFECTS
        ),
    ),
    simulate=simulate,
    summarise=summarise,
    code=(
        *INFERENCE,
        *(f"analysis/foresay/comparisons/{n}.py" for n in ("arms", "flip_scores", "joint_tests")),
        "analysis/foresay/simulation",
        "tests/comparisons/worlds.py",
        "tests/validity/sections/specification_curves.py",
    ),
)
