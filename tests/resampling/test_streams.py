from __future__ import annotations

import hashlib

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from foresay.resampling import stream

keys = st.lists(st.text(max_size=6), max_size=4)


def first(seed: int, *key: str) -> int:
    return int(stream(seed, *key).integers(2**63))


@given(st.integers(0, 2**70), keys, st.integers(0, 2**70), keys)
def test_two_keys_share_a_stream_only_when_equal(seed, key, other_seed, other_key):
    same = (seed, key) == (other_seed, other_key)
    assert (first(seed, *key) == first(other_seed, *other_key)) == same


def test_parts_do_not_run_together():
    alike = [("a", "bc"), ("ab", "c"), ("abc",), ("a,b", "c"), ("a", "b", "c"), ('a","bc',), ()]
    assert len({first(1, *key) for key in alike}) == len(alike)
    assert first(1, "1") != first(11) != first(1, "", "1")


def test_text_that_no_encoding_holds_is_a_key():
    assert first(1, "\ud800") != first(1, "\udfff")


def test_the_seed_is_the_hash_of_seed_and_key_for_good():
    digest = hashlib.sha256(b'[7,"accuracy","gpt-4\\u00e9"]').digest()
    expected = np.random.Generator(np.random.PCG64DXSM(int.from_bytes(digest, "big")))
    assert first(7, "accuracy", "gpt-4é") == int(expected.integers(2**63))
