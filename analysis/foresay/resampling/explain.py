"""Which way of drawing is taken, why, and what each way would cost; nothing is drawn here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foresay.counts import Counts, CrossedCounts, IntArray, NestedCounts
from foresay.resampling.designs import AnyCounts
from foresay.resampling.draws import block_rows, draws_by_kind
from foresay.resampling.singles import chunk_cells, pays
from foresay.resampling.weights import HEAVY, Stratum, strata_of, ways

_WHY = {
    "fixed": "every stratum has a single cluster, so nothing varies",
    "multinomial": f"every pattern is shared by {HEAVY} clusters or more: one count each",
    "clusters": f"no pattern is shared by {HEAVY} clusters: each cluster by itself",
    "multinomial+clusters": f"patterns of {HEAVY} clusters or more as counts, the others' "
    "clusters one by one",
}
_AT_ONCE = "many kinds of outer clusters, few alike: all copies at once, each cluster by itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawPlan:
    """How replicates would be drawn.

    Parameters
    ----------
    path : str
        As `Draws.path` names it.
    why : str
        The reason, in words.
    sums : str
        ``one matrix of weights``, shared by all sums; or ``chunk by chunk``, where many clusters
        are drawn one by one.
    n_clusters, n_patterns, n_sums : int
        Clusters that are drawn (the inner ones of two levels), distinct patterns, sums of each.
    n_single : int
        Clusters that are drawn one by one.
    resamples : int
        Number of replicates.
    cost : mapping of str to int
        Of each path: the draws of single clusters that all replicates take; a count of a pattern
        is worth 32 of them. The path taken costs least.
    memory : int
        Bytes of what is held while drawing: a block of weights and all replicates of the sums.
    """

    path: str
    why: str
    sums: str
    n_clusters: int
    n_patterns: int
    n_sums: int
    n_single: int
    resamples: int
    cost: Mapping[str, int]
    memory: int


def explain_draws(counts: AnyCounts, resamples: int, *, studentized: bool = False) -> DrawPlan:
    """Say how replicates of some counts would be drawn, and what each way would cost.

    Parameters
    ----------
    counts : Counts, NestedCounts or CrossedCounts
        The sums per pattern.
    resamples : int
        Number of replicates B.
    studentized : bool
        Whether standard errors within replicates are wanted, which need all weights at once.

    Examples
    --------
    >>> from foresay.counts import collapse
    >>> plan = explain_draws(collapse({"match": np.arange(1000) % 2}), 10_000)
    >>> plan.path, plan.n_patterns, plan.cost["multinomial"] < plan.cost["clusters"]
    ('multinomial', 2, True)
    """
    stratum = np.zeros(counts.n_patterns, np.int64)
    if isinstance(counts, Counts):
        stratum = counts.stratum
    elif isinstance(counts, NestedCounts):
        stratum = counts.outer
    strata, _ = strata_of(stratum, counts.multiplicity)
    n_clusters, path = int(counts.multiplicity.sum()), ways(strata)
    why, prefix = _WHY[path], ""
    singles = [s.n_light for s in strata]
    if isinstance(counts, NestedCounts):
        prefix = "two-level: "
        if not draws_by_kind(counts):
            path, why, singles = "clusters", _AT_ONCE, [n_clusters]
    elif isinstance(counts, CrossedCounts):
        prefix = "two-way: "
    chunked = (
        isinstance(counts, Counts)
        and not studentized
        and pays(counts.numerators, strata, n_clusters)
    )
    if chunked:
        cells = chunk_cells(counts.n_patterns - sum(len(s.light) for s in strata), resamples)
    else:
        cells = min(block_rows(counts.n_patterns, *singles), resamples) * counts.n_patterns
    return DrawPlan(
        path=f"{prefix}{path}",
        why=why,
        sums="chunk by chunk" if chunked else "one matrix of weights",
        n_clusters=n_clusters,
        n_patterns=counts.n_patterns,
        n_sums=len(counts.names),
        n_single=sum(singles),
        resamples=resamples,
        cost=_costs(strata, counts.multiplicity, resamples),
        memory=8 * (cells + resamples * len(counts.names)),
    )


def _costs(strata: Sequence[Stratum], multiplicity: IntArray, resamples: int) -> dict[str, int]:
    """Return what each way would cost, in draws of single clusters."""
    heavy = sum(len(stratum.heavy) for stratum in strata)
    singles = sum(stratum.n_light for stratum in strata)
    return {
        "multinomial": resamples * HEAVY * len(multiplicity),
        "clusters": resamples * int(multiplicity.sum()),
        "multinomial+clusters": resamples * (HEAVY * heavy + singles),
    }
