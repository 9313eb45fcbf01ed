from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product
from math import prod

import ibis
import pytest

from foresay.trials import ITEM, UNIT
from foresay.trials.guesses import (
    distribution_scores,
    other_scores,
    train_scores,
    training_items,
    uniform_scores,
)

SHARES = {
    **dict.fromkeys(ITEM, "string"),
    "answer": "string",
    "n": "int64",
    "k": "int64",
    "truth": "int64",
}


def shares_of(items, **named):
    """Answers of items of one cell; an item is {answer: share}."""
    rows = [
        {**cell(**named), "item": item, "answer": answer, "n": 1, "k": 1, "truth": int(s * UNIT)}
        for item, answers in items.items()
        for answer, s in answers.items()
    ]
    return ibis.memtable(rows, schema=SHARES)


def cell(*, target="m", task="t", property_="p"):
    return {"target": target, "task": task, "property": property_}


def items_of(names, **named):
    rows = [{**cell(**named), "item": name} for name in names]
    return ibis.memtable(rows, schema=dict.fromkeys(ITEM, "string"))


def scores(table, column):
    return {r["item"]: None if r[column] is None else r[column] / UNIT for r in rows_of(table)}


def rows_of(table):
    return table.to_pyarrow().to_pylist()


def one(answer):
    return {answer: Fraction(1)}


LEARNT = {"i1": one("a"), "i2": one("a"), "i3": one("b")}
ASKED = {"i4": one("a"), "i5": one("b"), "i6": {"a": Fraction(1, 4), "c": Fraction(3, 4)}}


def test_the_mode_of_the_training_items_is_scored_on_the_others():
    shares = shares_of({**LEARNT, **ASKED})
    found = train_scores(items_of([*LEARNT, *ASKED]), items_of(LEARNT), shares)
    assert scores(found, "baseline_train") == {"i4": 1, "i5": 0, "i6": 0.25}


def test_tied_modes_of_the_training_items_are_split_and_flagged():
    shares = shares_of({"i1": one("a"), "i3": one("b"), **ASKED})
    found = train_scores(items_of(ASKED), items_of(["i1", "i3"]), shares)
    assert scores(found, "baseline_train") == {"i4": 0.5, "i5": 0.5, "i6": 0.125}
    assert {r["train_ties"] for r in rows_of(found)} == {2}


def test_a_cell_without_training_items_is_not_scored():
    shares = shares_of({**LEARNT, **ASKED})
    other = items_of(LEARNT, property_="q")
    assert rows_of(train_scores(items_of(ASKED), other, shares)) == []


def test_training_items_are_named_by_the_items_or_by_the_predictions():
    facts = items_of(["i1", "i2", "i3"])
    listed = ibis.memtable([{"task": "t", "item": "i1", "item_split": "train"}])
    trials = ibis.memtable([{**cell(), "item": "i2", "split": "train"}])
    said = training_items(trials, facts, listed)
    assert sorted(r["item"] for r in rows_of(said)) == ["i1", "i2"]
    assert rows_of(training_items(items_of(["i1"]), facts, None)) == []


def test_the_distribution_is_worked_by_hand():
    shares = shares_of({**LEARNT, "i6": ASKED["i6"]})
    found = distribution_scores(items_of([*LEARNT, "i6"]), shares, [])
    # i1: one other item is a, one is b, one is a to a quarter
    assert scores(found, "baseline_distribution") == pytest.approx(
        {"i1": 1.25 / 3, "i2": 1.25 / 3, "i3": 0, "i6": 0.25 * 2 / 3}, abs=1e-9
    )


def test_a_cell_of_one_item_has_no_distribution():
    found = distribution_scores(items_of(["i1"]), shares_of({"i1": one("a")}), [])
    assert scores(found, "baseline_distribution") == {"i1": None}


@pytest.mark.parametrize("law", [(0.5, 0.5), (0.6, 0.3, 0.1)], ids=["even", "uneven"])
def test_the_distribution_is_unbiased_over_all_outcomes(law):
    """Every outcome of four items: the mean score is the chance that two draws agree."""
    outcomes = list(product(range(len(law)), repeat=4))
    rows, items = [], []
    for number, drawn in enumerate(outcomes):
        named = cell(task=str(number))
        items += [{**named, "item": str(i)} for i in range(4)]
        rows += [
            {**named, "item": str(i), "answer": str(y), "n": 1, "k": 1, "truth": UNIT}
            for i, y in enumerate(drawn)
        ]
    table = distribution_scores(
        ibis.memtable(items, schema=dict.fromkeys(ITEM, "string")),
        ibis.memtable(rows, schema=SHARES),
        [],
    )
    means = Counter()
    for row in rows_of(table):
        means[int(row["task"])] += row["baseline_distribution"] / UNIT / 4
    expected = sum(prod(law[y] for y in drawn) * means[n] for n, drawn in enumerate(outcomes))
    assert expected == pytest.approx(sum(p * p for p in law), abs=1e-9)


@pytest.fixture
def asked():
    rows = [
        {**cell(property_=name), "item": "i1", "options": given}
        for name, given in [("p", "4"), ("q", None), ("is_even", None), ("r", "A or B")]
    ]
    schema = {**dict.fromkeys(ITEM, "string"), "options": "string"}
    return ibis.memtable(rows, schema=schema)


def seen_of(*names):
    rows = [
        {**cell(property_=name), "item": "i1", "answer": a, "n": 1, "k": 2, "truth": UNIT // 2}
        for name in names
        for a in "xyz"
    ]
    return ibis.memtable(rows, schema=SHARES)


def test_options_are_those_of_the_item_then_of_the_property_then_those_seen(asked):
    found = {r["property"]: r for r in rows_of(uniform_scores(asked, seen_of("p", "r"), {"q": 5}))}
    shares = {name: row["baseline_uniform"] for name, row in found.items()}
    assert shares == {"p": UNIT // 4, "q": UNIT // 5, "is_even": UNIT // 2, "r": UNIT // 3}
    assert [name for name, row in found.items() if row["options_seen"]] == ["r"]


def test_where_nothing_tells_the_options_there_is_no_baseline(asked):
    found = {r["property"]: r for r in rows_of(uniform_scores(asked, None, {}))}
    assert found["q"]["baseline_uniform"] is None
    assert not found["q"]["options_seen"]


def test_another_predictor_scores_its_mean_match():
    rows = [
        {**cell(), "item": "i1", "predictor": "x", "included": True, "match": UNIT},
        {**cell(), "item": "i1", "predictor": "x", "included": True, "match": 0},
        {**cell(), "item": "i2", "predictor": "x", "included": False, "match": 0},
        {**cell(), "item": "i2", "predictor": "y", "included": True, "match": UNIT},
    ]
    schema = {**dict.fromkeys(ITEM, "string"), "predictor": "string", "included": "boolean"}
    table = ibis.memtable(rows, schema={**schema, "match": "int64"})
    assert scores(other_scores(table, "x"), "baseline_other") == {"i1": 0.5}
