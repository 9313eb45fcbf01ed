from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import ibis
import numpy as np
import pytest

from foresay.trials import ITEM, UNIT
from foresay.trials.baselines import mode_scores

SHARE_SCHEMA = {**dict.fromkeys(ITEM, "string"), "answer": "string", "truth": "int64"}


def scored(cells):
    """Score many cells in one query; a cell is {item: {answer: share of the item's truth}}."""
    rows = [
        {
            **dict.fromkeys(ITEM, "x"),
            "task": str(cell),
            "item": item,
            "answer": answer,
            "truth": int(share * UNIT),
        }
        for cell, truths in enumerate(cells)
        for item, answers in truths.items()
        for answer, share in answers.items()
    ]
    shares = ibis.memtable(rows, schema=SHARE_SCHEMA)
    found = mode_scores(shares.select(*ITEM).distinct(), shares, []).to_pyarrow().to_pylist()
    made = [{} for _ in cells]
    for row in found:
        made[int(row["task"])][row["item"]] = row
    return made


def mode_of(counts):
    most = max(counts.values())
    return [answer for answer, n in counts.items() if n == most]


def brute_force(truths):
    """Learn the mode without an item, and score it on that item."""
    result = {}
    for left_out, own in truths.items():
        counts = Counter()
        for item, answers in truths.items():
            if item != left_out:
                for answer, share in answers.items():
                    counts[answer] += share
        if not counts:
            result[left_out] = Fraction(0)
            continue
        modes = mode_of(counts)
        result[left_out] = sum((own.get(m, Fraction(0)) for m in modes), Fraction(0)) / len(modes)
    return result


def in_sample(truths):
    counts = Counter()
    for answers in truths.values():
        for answer, share in answers.items():
            counts[answer] += share
    modes = mode_of(counts)
    return {
        item: sum((own.get(m, Fraction(0)) for m in modes), Fraction(0)) / len(modes)
        for item, own in truths.items()
    }


def random_cells(n, seed):
    """Draw cells of one to eight items whose truths are shares of up to three repeats."""
    rng = random.Random(seed)
    cells = []
    for _ in range(n):
        cell = {}
        for i in range(rng.randint(1, 8)):
            repeats = rng.choices("abcd", k=rng.randint(1, 3))
            cell[f"i{i}"] = {a: Fraction(c, len(repeats)) for a, c in Counter(repeats).items()}
        cells.append(cell)
    return cells


def test_leave_one_out_equals_learning_the_mode_again_without_each_item():
    cells = random_cells(300, seed=1)
    for truths, found in zip(cells, scored(cells), strict=True):
        for item, expected in brute_force(truths).items():
            # the unit is divided by the number of ties, rounded down
            assert abs(Fraction(found[item]["baseline_loo"], UNIT) - expected) < Fraction(8, UNIT)


def test_in_sample_equals_the_mode_of_all_items():
    cells = random_cells(300, seed=2)
    for truths, found in zip(cells, scored(cells), strict=True):
        for item, expected in in_sample(truths).items():
            made = Fraction(found[item]["baseline_insample"], UNIT)
            assert abs(made - expected) < Fraction(8, UNIT)


def test_exactly_balanced_answers_give_leave_one_out_zero_and_are_flagged():
    (found,) = scored([{f"{a}{n}": {a: Fraction(1)} for a in "abc" for n in range(10)}])
    assert {row["baseline_loo"] for row in found.values()} == {0}
    assert {row["mode_ties"] for row in found.values()} == {3}


@pytest.mark.simulation
@pytest.mark.parametrize(
    ("n_answers", "in_sample_share", "loo_share"), [(10, 0.197, 0.098), (3, 0.422, 0.330)]
)
def test_the_reference_bias_of_the_in_sample_mode(n_answers, in_sample_share, loo_share):
    """30 items, equally likely answers: in-sample is too high, leave-one-out is not."""
    rng = np.random.default_rng(20261122)
    draws = rng.integers(0, n_answers, (2500, 30))
    cells = [{str(i): {str(a): Fraction(1)} for i, a in enumerate(run)} for run in draws]
    rows = [row for found in scored(cells) for row in found.values()]
    insample = np.mean([row["baseline_insample"] for row in rows]) / UNIT
    loo = np.mean([row["baseline_loo"] for row in rows]) / UNIT
    assert insample == pytest.approx(in_sample_share, abs=0.004)
    # standard error of the mean of 2,500 runs: about .002
    assert loo == pytest.approx(loo_share, abs=0.008)
