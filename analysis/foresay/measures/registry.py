"""Every estimand by name, under the choices that change what a name means."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType

from foresay.errors import ChoiceError
from foresay.measures.accuracy import ACCURACY, COMPLIANCE, COMPLIANCE_BEHAVIOUR
from foresay.measures.agreement import AGREEMENT_ANSWER, AGREEMENT_RAW
from foresay.measures.baselines import (
    BASELINE_SUMS,
    Baseline,
    advantage_measure,
    baseline_measure,
)
from foresay.measures.ceilings import CEILING_RESAMPLE, NORMALIZED_ACCURACY
from foresay.measures.measure import Measure


def measures(*, baseline: Baseline = "mode_loo") -> Mapping[str, Measure]:
    """Return every measure by name, in the order in which tables list them.

    Parameters
    ----------
    baseline : {"mode_loo", "mode_insample"}
        How the mode of ``baseline_mode`` and ``advantage`` is learnt;
        ``baseline_mode_insample`` is always in-sample.

    Returns
    -------
    mapping of str to Measure
        Read-only.

    Raises
    ------
    ChoiceError
        `baseline` is unknown.

    Examples
    --------
    >>> measures(baseline="mode_insample")["advantage"].sums
    ('match', 'baseline_insample', 'trials')
    """
    if baseline not in BASELINE_SUMS:
        raise ChoiceError(
            f"baseline {baseline!r} is not known; choose one of {', '.join(BASELINE_SUMS)}"
        )
    listed = (
        ACCURACY,
        COMPLIANCE,
        COMPLIANCE_BEHAVIOUR,
        baseline_measure(baseline),
        baseline_measure("mode_insample", name="baseline_mode_insample"),
        advantage_measure(baseline),
        CEILING_RESAMPLE,
        NORMALIZED_ACCURACY,
        AGREEMENT_RAW,
        AGREEMENT_ANSWER,
    )
    return MappingProxyType({measure.name: measure for measure in listed})


def find_measure(name: str, *, baseline: Baseline = "mode_loo") -> Measure:
    """Return the measure called `name`.

    Parameters
    ----------
    name : str
        One of the names of `measures`.
    baseline : {"mode_loo", "mode_insample"}
        As for `measures`.

    Raises
    ------
    ChoiceError
        `name` or `baseline` is unknown; the message names the nearest estimand.

    Examples
    --------
    >>> find_measure("accuracy").title
    'Accuracy'
    """
    known = measures(baseline=baseline)
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise ChoiceError(f"estimand {name!r} is not known; {hint}there are: {', '.join(known)}")
