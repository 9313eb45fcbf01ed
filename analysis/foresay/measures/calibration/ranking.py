"""AUROC: whether right predictions carry more confidence than wrong ones."""

from __future__ import annotations

import numpy as np

from foresay.counts import FloatArray, ratio
from foresay.measures.calibration.levels import Levels


def auroc(levels: Levels) -> FloatArray:
    """Return the area under the curve, shape ``(...)``, in 0..1; .5 is no better than chance.

    The chance that a right prediction has more confidence than a wrong one, ties counting half.
    ``nan`` where all are right or all are wrong.
    """
    right, wrong = levels.y, levels.n - levels.y
    below = np.cumsum(wrong, axis=-1) - wrong
    won = (right * (below + wrong / 2)).sum(axis=-1)
    return ratio(won, right.sum(axis=-1) * wrong.sum(axis=-1))
