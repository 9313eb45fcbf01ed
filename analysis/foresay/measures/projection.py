"""Projection: a cross-predictor's match with its own behaviour against its target's.

A model that takes itself for the default guess about any model predicts others as itself. Both
matches are on the same trials, so their difference is paired.
"""

from __future__ import annotations

from foresay.counts import FloatArray, Sums, ratio
from foresay.measures.kinds import Difference, Proportion
from foresay.measures.measure import Measure


def projection(sums: Sums) -> FloatArray:
    """Return match with the own minus with the target's behaviour where they differ, ``(...)``."""
    return ratio(sums["own_differ"] - sums["match_differ"], sums["differ_trials"])


def projection_all(sums: Sums) -> FloatArray:
    """Return the same on all items whose two behaviours are known, shape ``(...)``, in -1..1."""
    return ratio(sums["match_own"] - sums["match_known"], sums["own_trials"])


def accuracy_own(sums: Sums) -> FloatArray:
    """Return the mean match with the predictor's own behaviour, shape ``(...)``, in 0..1."""
    return ratio(sums["match_own"], sums["own_trials"])


def accuracy_target(sums: Sums) -> FloatArray:
    """Return the mean match with the target on the trials of `accuracy_own`, ``(...)``."""
    return ratio(sums["match_known"], sums["own_trials"])


def models_differ(sums: Sums) -> FloatArray:
    """Return the share of these trials on whose item the two models differ, ``(...)``."""
    return ratio(sums["differ_trials"], sums["own_trials"])


_SOURCE = "the default-guess objection to Binder et al. 2024, arXiv:2410.13787"
_OWN = (
    "The predictor's own behaviour is its own answers, or those of the model that it was trained "
    "from where it was not asked itself."
)

ACCURACY_OWN = Measure(
    name="accuracy_own",
    title="Match with the predictor's own behaviour",
    sums=("match_own", "own_trials"),
    estimator=accuracy_own,
    kind=Proportion("match_own", "own_trials"),
    definition="How often a prediction about the target equals what the predictor itself answers, "
    f"on the trials where both behaviours are known. {_OWN}",
    formula=r"\frac{1}{n}\sum_i X_i^{\mathrm{own}}",
)

ACCURACY_TARGET = Measure(
    name="accuracy_target",
    title="Match with the target's behaviour",
    sums=("match_known", "own_trials"),
    estimator=accuracy_target,
    kind=Proportion("match_known", "own_trials"),
    definition="Accuracy on the trials where the predictor's own behaviour is known too: the "
    "other scoring of the same predictions.",
    formula=r"\frac{1}{n}\sum_i X_i",
)

PROJECTION = Measure(
    name="projection",
    title="Projection",
    sums=("own_differ", "match_differ", "differ_trials"),
    estimator=projection,
    kind=Difference(denominator="differ_trials"),
    definition="A predictor's match with its own behaviour minus its match with the target's, on "
    "the items where the two models share none of their commonest answers (tied ones count as "
    f"commonest each): above 0 it predicts the target as itself. {_OWN}",
    formula=r"\frac{1}{n_{\neq}}\sum_{i: m_i \neq m'_i} (X_i^{\mathrm{own}} - X_i)",
    source=_SOURCE,
)

PROJECTION_ALL = Measure(
    name="projection_all",
    title="Projection on all items",
    sums=("match_own", "match_known", "own_trials"),
    estimator=projection_all,
    kind=Difference(denominator="own_trials"),
    definition="The same difference on all items where both behaviours are known; items on which "
    "the models agree pull it towards 0.",
    formula=r"\frac{1}{n}\sum_i (X_i^{\mathrm{own}} - X_i)",
    source=_SOURCE,
)

DIFFERING = Measure(
    name="differing_share",
    title="Items where the models differ",
    sums=("differ_trials", "own_trials"),
    estimator=models_differ,
    kind=Proportion("differ_trials", "own_trials", "differ_trials"),
    definition="The share of trials on whose item predictor and target share none of their "
    "commonest answers.",
    formula=r"\frac{n_{\neq}}{n}",
)

MEASURES = (ACCURACY_TARGET, ACCURACY_OWN, PROJECTION, PROJECTION_ALL, DIFFERING)
"""In the order in which tables list them."""
