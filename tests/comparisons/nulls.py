"""Data sets under a null for tests that need more than the counts of two or four arms.

Each function takes a number of clusters and a stream, and returns p-values by the test's name.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special, stats

from foresay.comparisons.arms import Comparison
from foresay.comparisons.curves import Curves
from foresay.comparisons.hypotheses import examine
from foresay.comparisons.random_effects import random_effects
from foresay.comparisons.two_way import fit, two_way
from foresay.counts import Group, collapse
from foresay.counts.crossed import collapse_crossed
from foresay.measures import find_measure
from foresay.study import Choices, Contrast, Plateau, Trend

ACCURACY = find_measure("accuracy")
RATE = 0.7
RUNS = 5
TRIALS_OF_TASK = 30
LEVELS = (100.0, 200.0, 400.0, 800.0)
MARGIN = 0.1


def arm(name, match, asked):
    """Sums of one arm."""
    return {f"{name}.match": match, f"{name}.match_squared": match, f"{name}.trials": asked}


def crossed_t(items: int, rng: np.random.Generator) -> dict[str, float]:
    """Two arms of equal rate on items crossed with five runs, each of which helps or harms both."""
    m = np.ones((items, RUNS), np.int64)
    item, run = (place.reshape(-1) for place in np.indices(m.shape))
    middle = stats.norm.ppf(0.8) * np.sqrt(1 + 1 + 0.3**2)
    ease, skill = rng.normal(size=(items, 1)), 0.3 * rng.normal(size=(2, RUNS))
    columns = {}
    for number, name in enumerate(("of", "minus")):
        match = rng.binomial(m, special.ndtr(middle + ease + skill[number])).reshape(-1)
        columns |= arm(name, match, m.reshape(-1))
    counts = collapse_crossed(columns, item=item, run=run)
    contrast = Contrast(of="accuracy", where="true", minus="true")
    compared = Comparison(name="c", measure=ACCURACY)
    found = examine(contrast, compared, counts, level=0.95, flips=499, rng=rng)
    return {"t, items by 5 runs": found.p_value}


def two_way_wald(items: int, rng: np.random.Generator) -> dict[str, float]:
    """Two predictors of two targets on the same items, of which one target is easier to predict."""
    ease = rng.normal(size=items)
    columns = {"item": [], "_predictor": [], "_target": [], "role": [], "_match": []}
    for predictor in "ab":
        for target in "ab":
            columns["item"].append(np.arange(items))
            columns["_predictor"].append(np.full(items, predictor))
            columns["_target"].append(np.full(items, target))
            columns["role"].append(np.full(items, "self" if predictor == target else "cross"))
            columns["_match"].append(rng.random(items) < special.expit(ease + (target == "a")))
    frame = pd.DataFrame({name: np.concatenate(parts) for name, parts in columns.items()})
    frame["_match"] = frame["_match"].astype(float)
    frame["_trials"] = 1.0
    made = fit(two_way(frame, ["item"], []))
    place = made.terms.index("self")
    z = made.estimate[place] / made.standard_error[place]
    return {"Wald, two-way model": 2 * float(special.stdtr(items - 1, -abs(z)))}


def task_summary(tasks: int, rng: np.random.Generator) -> dict[str, float]:
    """Differences of two arms in tasks whose true differences vary about 0 with spread .05."""
    effect = rng.normal(scale=0.05, size=tasks)
    shape = (tasks, TRIALS_OF_TASK)
    first = rng.random(shape) < RATE + effect[:, None] / 2
    second = rng.random(shape) < RATE - effect[:, None] / 2
    gain = first.astype(float) - second
    errors = gain.std(axis=1, ddof=1) / np.sqrt(TRIALS_OF_TASK)
    there = errors > 0
    return {"random effects": random_effects(gain.mean(axis=1)[there], errors[there], 0.95).p_value}


def curve(items: int, rng: np.random.Generator) -> dict[str, float]:
    """Self and cross at four levels on the same items: no slope, and a plateau at its margin."""
    ease = rng.random(items)
    columns, prefixes = {}, {}
    flat = {("self", x): RATE for x in LEVELS} | {("cross", x): 0.5 for x in LEVELS[:3]}
    for place, (cell, rate) in enumerate((flat | {("cross", LEVELS[3]): 0.5 + MARGIN}).items()):
        prefixes[cell] = f"arm{place}"
        # half of what makes an item easy is the same at all levels
        match = (np.where(rng.random(items) < 0.5, ease, rng.random(items)) < rate).astype(np.int64)
        columns |= arm(prefixes[cell], match, np.ones(items, np.int64))
    spec = Trend(
        series={"self": "true", "cross": "true"},
        difference=None,
        plateau=Plateau(start=LEVELS[0], end=LEVELS[3], margin=MARGIN),
    )
    group = Group(values=(), counts=collapse(columns))
    rows = Curves(spec, ACCURACY, group, prefixes, LEVELS, Choices(), "").rows()
    found = {(row["series"], row["quantity"]): row.get("p_value", np.nan) for row in rows}
    return {
        "slope of a trend": found["self", "slope"],
        "plateau at the margin": found["cross", "plateau"],
    }
