"""What a logistic model cannot tell from the data: aliased terms, and cells without overlap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from foresay.counts import FloatArray

BoolArray = NDArray[np.bool_]


def aliased(design: FloatArray) -> list[int]:
    """Return the columns that the ones before them determine, so that the rest has full rank.

    Parameters
    ----------
    design : array of shape (rows, terms)
        Distinct rows of the design suffice. What is of interest comes last: it is aliased where
        nothing tells it from the rest.
    """
    lost: list[int] = []
    kept: list[int] = []
    for column in range(design.shape[1]):
        tried = design[:, [*kept, column]]
        full = np.linalg.matrix_rank(tried, tol=1e-9 * max(1.0, float(np.abs(tried).max())))
        (kept if full == len(kept) + 1 else lost).append(column)
    return lost


def separated(design: FloatArray, right: FloatArray, asked: FloatArray) -> BoolArray:
    """Return which rows a linear predictor foretells without error, shape (rows,).

    Such rows push a coefficient to infinity. They say nothing of the other coefficients, whose
    estimates are those of the rows that remain.

    Parameters
    ----------
    design : array of shape (rows, terms)
        Distinct rows of the design.
    right, asked : arrays of shape (rows,)
        Sums of matches, and numbers of trials.

    Notes
    -----
    A linear programme looks for b with ``x'b >= 0`` on rows with matches only, ``<= 0`` on rows
    with none, ``= 0`` on mixed ones, and as much of it as can be.

    References
    ----------
    Albert & Anderson 1984, doi:10.1093/biomet/71.1.1; Konis 2007 (the linear programme).
    """
    from scipy.optimize import linprog

    sign = np.where(right >= asked, 1.0, np.where(right <= 0, -1.0, 0.0))
    pure = sign != 0
    if not pure.any():
        return np.zeros(len(design), np.bool_)
    signed = design[pure] * sign[pure, None]
    # one slack in 0..1 for each pure row: the largest sum marks every row that can be foretold
    n, terms = signed.shape
    mixed = design[~pure]
    found = linprog(
        np.concatenate([np.zeros(terms), -np.ones(n)]),
        A_ub=np.hstack([-signed, np.eye(n)]),
        b_ub=np.zeros(n),
        A_eq=np.hstack([mixed, np.zeros((len(mixed), n))]) if len(mixed) else None,
        b_eq=np.zeros(len(mixed)) if len(mixed) else None,
        bounds=[(None, None)] * terms + [(0, 1)] * n,
        method="highs",
    )
    result = np.zeros(len(design), np.bool_)
    result[pure] = found.x[terms:] > 0.5
    return result
