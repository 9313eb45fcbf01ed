from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations

import ibis
import pytest

from foresay.errors import UnsupportedError
from foresay.study import Choices
from foresay.trials import UNIT
from foresay.trials.behaviours import identical, item_facts, repeats_in_trials, repeats_of, shares


def table(rows):
    columns = ("model", "task", "item", "property", "sample", "answer", "compliant", "temperature")
    schema = dict(
        zip(
            columns,
            ("string", "string", "string", "string", "int64", "string", "boolean", "float64"),
            strict=True,
        )
    )
    return ibis.memtable([dict(zip(columns, row, strict=True)) for row in rows], schema=schema)


def repeat(item, sample, answer, *, compliant=True, temperature=0.0):
    return ("m", "t", item, "p", sample, answer, compliant, temperature)


def truth_of(rows, **choices):
    chosen = Choices(**choices)
    found = shares(repeats_of(table(rows), chosen), chosen.truth).to_pyarrow().to_pylist()
    return {(row["item"], row["answer"]): Fraction(row["truth"], UNIT) for row in found}


FIVE = [repeat("i", n, answer) for n, answer in enumerate("aabbc")]


def test_each_is_the_share_of_repeats():
    assert truth_of(FIVE, truth="each") == {
        ("i", "a"): Fraction(2, 5),
        ("i", "b"): Fraction(2, 5),
        ("i", "c"): Fraction(1, 5),
    }


def test_modal_splits_ties():
    assert truth_of(FIVE, truth="modal") == {
        ("i", "a"): Fraction(1, 2),
        ("i", "b"): Fraction(1, 2),
        ("i", "c"): 0,
    }


def test_first_is_the_lowest_sample_number_whatever_the_order_of_rows():
    assert truth_of(FIVE[::-1], truth="first")[("i", "a")] == 1


def test_a_first_reply_that_is_not_compliant_is_not_replaced_by_the_next():
    rows = [repeat("i", 0, "a", compliant=False), repeat("i", 1, "b")]
    assert set(truth_of(rows, truth="first", compliance="paper").values()) == {0}
    assert truth_of(rows, truth="first", compliance="count_wrong")[("i", "a")] == 1


def test_the_lowest_temperature_forms_the_truth_unless_one_is_named():
    rows = [repeat("i", 0, "cold"), repeat("i", 1, "warm", temperature=0.7)]
    assert truth_of(rows) == {("i", "cold"): 1}
    assert truth_of(rows, temperature=0.7) == {("i", "warm"): 1}


def test_greedy_at_a_temperature_contradicts_itself():
    with pytest.raises(UnsupportedError, match="greedy is the reply at temperature 0"):
        truth_of(FIVE, truth="greedy", temperature=0.7)


def drawn(seed, n=60):
    rng = random.Random(seed)
    return {f"i{i}": rng.choices("abc", k=rng.randint(1, 7)) for i in range(n)}


def rows_of(items):
    return [repeat(i, n, a) for i, answers in items.items() for n, a in enumerate(answers)]


def test_ceiling_is_the_chance_that_two_different_repeats_agree():
    items = drawn(seed=1)
    repeats = repeats_of(table(rows_of(items)), Choices())
    facts = item_facts(repeats, shares(repeats, "each")).to_pyarrow().to_pylist()
    assert len(facts) == len(items)
    for fact in facts:
        pairs = list(combinations(items[fact["item"]], 2))
        if not pairs:
            assert fact["ceiling"] is None
        else:
            agreeing = sum(a == b for a, b in pairs)
            assert Fraction(fact["ceiling"], UNIT) == Fraction(agreeing, len(pairs))


@pytest.mark.parametrize("n", [2, 3, 5])
def test_identical_is_the_share_of_sets_of_n_that_agree(n):
    items = drawn(seed=2)
    repeats = repeats_of(table(rows_of(items)), Choices())
    found = identical(repeats, "answer", n).to_pyarrow().to_pylist()
    assert len(found) == len(items)
    for row in found:
        sets = list(combinations(items[row["item"]], n))
        if not sets:
            assert row["same"] is None
        else:
            agreeing = sum(len(set(each)) == 1 for each in sets)
            assert row["same"] == pytest.approx(UNIT * agreeing / len(sets), abs=2)


def test_missing_answers_are_no_answers_but_repeats():
    rows = [repeat("i", 0, "a"), repeat("i", 1, None), repeat("j", 0, None)]
    repeats = repeats_of(table(rows), Choices())
    facts = item_facts(repeats, shares(repeats, "each")).order_by("item").to_pyarrow().to_pylist()
    assert [(f["item"], f["repeats"], f["k"], f["has_truth"]) for f in facts] == [
        ("i", 2, 1, True),
        ("j", 1, 0, False),
    ]


def test_two_predictors_of_one_behaviour_are_not_two_repeats_of_it():
    seen = [("p", "i", "a"), ("q", "i", "a"), ("q", "i", "a"), ("p", "i", "b"), ("q", "j", "c")]
    rows = [
        {"predictor": who, "target": "m", "task": "t", "item": i, "property": "x", "behaviour": b}
        for who, i, b in seen
    ]
    repeats = repeats_in_trials(ibis.memtable(rows))
    found = shares(repeats, "each").to_pyarrow().to_pylist()
    assert {(row["item"], row["answer"], row["n"], row["k"]) for row in found} == {
        ("i", "a", 2, 3),
        ("i", "b", 1, 3),
        ("j", "c", 1, 1),
    }
