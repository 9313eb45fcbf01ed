from __future__ import annotations

from collections import Counter
from fractions import Fraction

import ibis
import pytest

from foresay.trials import ITEM, UNIT
from foresay.trials.behaviours import item_facts, shares
from foresay.trials.ceilings import MODAL_COLUMNS, agreement_of_modes, modal_facts
from foresay.trials.profiles import agree, half, left_out, same


def repeats_of(given):
    rows = [
        {
            **dict.fromkeys(ITEM, "x"),
            "item": item,
            "answer": answer,
            "compliant": True,
            "usable": True,
            "is_truth": True,
        }
        for item, answers in given.items()
        for answer in answers
    ]
    flags = dict.fromkeys(("compliant", "usable", "is_truth"), "boolean")
    schema = {**dict.fromkeys(ITEM, "string"), "answer": "string", **flags}
    return ibis.memtable(rows, schema=schema)


GIVEN = {"i1": "aaabc", "i2": "aabb", "i3": "abc", "i4": "a", "i5": "zz", "i6": "cbaaa"}


def profile_of(item):
    return tuple(sorted(Counter(GIVEN[item]).values(), reverse=True))


def by_item(table):
    return {row["item"]: row for row in table.to_pyarrow().to_pylist()}


@pytest.fixture(scope="module")
def answered():
    return shares(repeats_of(GIVEN), "each")


def test_the_columns_of_an_item_are_those_of_its_profile(answered):
    found = by_item(modal_facts(answered, "each"))
    assert set(found) == set(GIVEN)
    for item, row in found.items():
        profile, k = profile_of(item), len(GIVEN[item])
        if k < 2:
            assert {row[c] for c in MODAL_COLUMNS} == {None}
            continue
        assert row["modal_low"] == round(left_out(profile) * UNIT)
        assert row["modal_plug"] == UNIT * max(profile) // k
        for j in range(2, 11):
            assert row[f"modal_n{j}"] == (j <= k)
            assert row[f"modal_s{j}"] == (round(same(profile, j) * UNIT) if j <= k else 0)


def test_truth_that_is_a_mode_is_held_against_the_modes_of_other_repeats(answered):
    found = by_item(modal_facts(answered, "modal"))
    halves = by_item(agreement_of_modes(answered))
    for item in ("i1", "i2", "i3", "i5"):
        profile, k = profile_of(item), len(GIVEN[item])
        n = half(k)
        of_modes = round(agree(profile, n, n) * UNIT)
        assert halves[item]["ceiling"] == found[item]["modal_s2"] == of_modes
        assert found[item]["modal_low"] == round(agree(profile, n, k - n) * UNIT)
        assert found[item]["modal_plug"] == UNIT
        assert [found[item][f"modal_n{j}"] for j in range(2, 11)] == [1] + [0] * 8
    assert halves["i4"]["ceiling"] is None


def test_two_or_three_repeats_leave_one_run_on_each_side(answered):
    halves = by_item(agreement_of_modes(answered))
    one_run = by_item(item_facts(repeats_of(GIVEN), answered))
    for item in ("i3", "i5"):
        assert halves[item]["ceiling"] == one_run[item]["ceiling"]


def test_four_repeats_by_hand(answered):
    """aabb in two pairs: both pairs mixed (2 of 3 pairings: agree half the time), or aa and bb."""
    halves = by_item(agreement_of_modes(answered))
    assert Fraction(halves["i2"]["ceiling"], UNIT) == Fraction(2, 3) * Fraction(1, 2)
