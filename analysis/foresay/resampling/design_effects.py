"""Design effect: how much more an estimate varies because trials come in clusters."""

from __future__ import annotations

from foresay.counts import Counts
from foresay.measures.kinds import Kind, Proportion
from foresay.resampling.clustered_proportions import clustered_proportion


def design_effect(counts: Counts, kind: Kind) -> float:
    """Return the variance over clusters divided by the variance over single trials.

    Parameters
    ----------
    counts : Counts
        The sums per pattern.
    kind : Proportion, Ratio or Difference
        A proportion must name its sum of squares (`squared`), the numerator itself for values that
        are only 0 or 1.

    Returns
    -------
    float
        1 where every cluster is one trial; above 1 where the trials of a cluster resemble each
        other, below where they differ systematically. ``nan`` for ratios and differences, without
        a sum of squares, with fewer than two trials or clusters, or where no trial differs.

    Notes
    -----
    The variance over trials is ``(sum x^2 - n p^2) / (n (n - 1))``.

    References
    ----------
    Kish 1965, Survey Sampling.
    """
    if not isinstance(kind, Proportion) or kind.squared is None:
        return float("nan")
    proportion = clustered_proportion(counts, kind)
    n = proportion.trials
    if n < 2 or proportion.degrees < 1:
        return float("nan")
    squares = float(counts.totals[kind.squared])
    within = (squares - n * proportion.value**2) / (n * (n - 1))
    # what is left of equal values after rounding is no variation
    return proportion.variance / within if within * n > 1e-12 else float("nan")
