"""One stream of random numbers for each estimate, from the study's seed and what is estimated."""

from __future__ import annotations

import hashlib
import json

import numpy as np


def stream(seed: int, *key: str) -> np.random.Generator:
    """Return the stream that belongs to `seed` and `key`, whatever was drawn before it.

    Parameters
    ----------
    seed : int
        The seed of the study.
    *key : str
        What is estimated, such as the estimand and the group. ``("a", "bc")`` and ``("ab", "c")``
        are different keys.

    Returns
    -------
    numpy.random.Generator
        PCG64DXSM, seeded with the SHA-256 of seed and key.

    Examples
    --------
    >>> float(stream(1, "accuracy").random()) == float(stream(1, "accuracy").random())
    True
    >>> float(stream(1, "accuracy").random()) == float(stream(1, "compliance").random())
    False
    """
    # JSON quotes every part and escapes what is not ASCII, so no two keys share an encoding
    named = json.dumps([int(seed), *key], ensure_ascii=True, separators=(",", ":"))
    digest = hashlib.sha256(named.encode("ascii")).digest()
    return np.random.Generator(np.random.PCG64DXSM(int.from_bytes(digest, "big")))
