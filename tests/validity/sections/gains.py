"""Coverage of the gain of a training and of its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from foresay.counts import collapse
from foresay.measures.gain import gain_measures
from foresay.resampling import estimate_many, stream
from validity.fingerprints import INFERENCE
from validity.study import LEVEL, SEED, Case, Columns, Results, Section
from validity.tables import share, table

RUNS = 1_000
TERMS = ("gain", "gain_compliance", "gain_accuracy", "gain_share")
WORLDS = {
    "form and answer": ((0.5, 0.3), (0.95, 0.6)),
    "form alone": ((0.4, 0.5), (1.0, 0.5)),
    "hardly any form": ((0.1, 0.4), (1.0, 0.6)),
}
"""Rate of compliance and accuracy among compliant replies, before and after."""

TRIALS, SPREAD = 5, 0.15
OPENING = f"""Clusters of {TRIALS} trials before and {TRIALS} after a training. Compliance and
accuracy among compliant replies vary between clusters with a standard deviation of up to {SPREAD},
the same cluster alike before and after. Coverage of the default interval of the gain, of its part
from compliance, of its part from accuracy among compliant replies, and of the share that is
compliance; in brackets how many data sets in a thousand have none, because nobody complied."""


def truth(world: str) -> dict[str, float]:
    """Return the true gain and its parts."""
    (c0, a0), (c1, a1) = WORLDS[world]
    gain, part = c1 * a1 - c0 * a0, (c1 - c0) * (a0 + a1) / 2
    return {
        "gain": gain,
        "gain_compliance": part,
        "gain_accuracy": (a1 - a0) * (c0 + c1) / 2,
        "gain_share": part / gain,
    }


def _rates(rate: float, ranks: np.ndarray) -> np.ndarray:
    """Return a rate for each cluster, its mean kept, at the cluster's place between -1 and 1."""
    reach = min(SPREAD * np.sqrt(3), rate, 1 - rate)
    return np.asarray(rate + reach * ranks)


def simulate(parameters: Mapping[str, Any], numbers: range) -> Columns:
    """Return for each term and data set the bounds and whether they hold the truth."""
    world, clusters = parameters["world"], parameters["clusters"]
    true = truth(world)
    measures = gain_measures()
    columns: Columns = {f"{t}.covered": np.zeros(len(numbers), bool) for t in TERMS}
    columns |= {f"{t}.defined": np.zeros(len(numbers), bool) for t in TERMS}
    for place, number in enumerate(numbers):
        rng = stream(SEED, "gains", world, str(clusters), str(number))
        form, skill = rng.uniform(-1, 1, (2, clusters))
        sums = {}
        for arm, (c, a) in zip(("minus", "of"), WORLDS[world], strict=True):
            compliant = rng.binomial(TRIALS, _rates(c, form))
            sums[f"{arm}.compliant_trials"] = compliant
            sums[f"{arm}.match"] = rng.binomial(compliant, _rates(a, skill))
            sums[f"{arm}.trials"] = np.full(clusters, TRIALS)
        counts = collapse({name: np.asarray(v, np.int64) for name, v in sums.items()})
        made = estimate_many(counts, measures, level=LEVEL, rng=rng)
        for measure, found in zip(measures, made, strict=True):
            if measure.name in TERMS:
                held = found.low <= true[measure.name] <= found.high
                columns[f"{measure.name}.covered"][place] = held
                columns[f"{measure.name}.defined"][place] = np.isfinite(found.low)
    return columns


def summarise(parameters: Mapping[str, Any], columns: Columns) -> list[dict[str, Any]]:
    """Return one row a term: how many data sets, how many intervals, how many that cover."""
    del parameters
    return [
        {
            "term": term,
            "runs": len(columns[f"{term}.covered"]),
            "defined": int(columns[f"{term}.defined"].sum()),
            "covered": int(columns[f"{term}.covered"].sum()),
        }
        for term in TERMS
    ]


def coverage(row: Mapping[str, Any]) -> float:
    """Return the share of the intervals that hold the truth."""
    return float(row["covered"] / row["defined"])


def text(results: Results) -> str:
    """Return the section of the page."""
    cases = results["gains"]
    if not cases:
        return ""
    rows = []
    for one in cases:
        cells = []
        for term in TERMS:
            row = one.row(term=term)
            none = row["runs"] - row["defined"]
            lost = f" ({1000 * none / row['runs']:.0f})" if none else ""
            cells.append(f"{share(coverage(row))}{lost}")
        rows.append([one["world"], str(one["clusters"]), *cells])
    head = ["world", "clusters", "gain", "from compliance", "among compliant", "share"]
    return "\n\n".join(
        ["## Gain of a training and its parts", OPENING, table(head, rows, text_columns=1)]
    )


SECTION = Section(
    name="gains",
    text=text,
    cases=tuple(
        Case({"world": world, "clusters": clusters}, RUNS)
        for world in WORLDS
        for clusters in (20, 50, 200)
    ),
    simulate=simulate,
    summarise=summarise,
    code=(*INFERENCE, "tests/validity/sections/gains.py"),
)
