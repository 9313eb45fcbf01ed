from __future__ import annotations

from collections import Counter
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foresay.tables import keys


def table(*values: str | None) -> Any:
    return ibis.memtable(pa.table({"a": pa.array(values, pa.string()), "b": range(len(values))}))


@given(st.lists(st.sampled_from("abcde"), max_size=20))
def test_run_lengths_and_repeats_are_those_of_counting(letters: list[str]) -> None:
    hashes = np.array(sorted(map(ord, letters)), np.uint64)
    counts = Counter(map(ord, letters))
    assert keys.run_lengths(hashes).tolist() == [counts[code] for code in sorted(counts)]
    assert keys.repeated(hashes).tolist() == sorted(c for c, n in counts.items() if n > 1)


def test_hashes_tell_missing_from_empty() -> None:
    (hashes,) = keys.sorted_hashes(table("x", "x", None, None, "", "None"), ["a"], 6)
    assert sorted(keys.run_lengths(hashes).tolist()) == [1, 1, 2, 2]


def test_rows_are_found_again_by_their_hash() -> None:
    rows = table("x", "y", "x", None, None)
    (hashes,) = keys.sorted_hashes(rows, ["a"], 5)
    found = keys.among(rows, ["a"], keys.repeated(hashes)).to_pyarrow()
    assert sorted(found["b"].to_pylist()) == [0, 2, 3, 4]


@pytest.mark.parametrize("part_rows", [2, 1 << 25])
def test_absent_keys_are_found_in_any_number_of_parts(
    part_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "PART_ROWS", part_rows)
    left, right = table("a", "b", "c", "c", "d"), table("b", "d", "e")
    missing = keys.absent(left, ["a"], right, ["a"], 5)
    found = keys.among(left, ["a"], missing).to_pyarrow()
    assert sorted(found["a"].to_pylist()) == ["a", "c", "c"]
    assert len(keys.absent(left, ["a"], left, ["a"], 5)) == 0


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 4))
def test_parts_hold_every_row_once(parts: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "PART_ROWS", -(-8 // parts))
        found = list(keys.sorted_hashes(table(*"abcdefgh"), ["a"], 8))
    assert len(np.unique(np.concatenate(found))) == 8
