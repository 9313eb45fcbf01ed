"""Every estimand by name, under the choices that change what a name means."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType

from foresay.errors import ChoiceError
from foresay.measures import detection, determinism, mechanism, projection, shift
from foresay.measures.accuracy import ACCURACY, COMPLIANCE, COMPLIANCE_BEHAVIOUR
from foresay.measures.agreement import AGREEMENT_ANSWER, AGREEMENT_RAW
from foresay.measures.baselines import (
    BASELINE_SUMS,
    Baseline,
    advantage_measure,
    baseline_measure,
)
from foresay.measures.ceilings import (
    CEILING_MODAL,
    CEILING_MODAL_LOWER,
    CEILING_MODAL_UPPER,
    CEILING_RESAMPLE,
    CEILINGS,
    NORMALIZED_ACCURACY,
    Ceiling,
    normalized_modal,
)
from foresay.measures.measure import Measure
from foresay.measures.skill import skill_measure


def measures(
    *, baseline: Baseline = "mode_loo", ceiling: Ceiling = "resample"
) -> Mapping[str, Measure]:
    """Return every measure by name, in the order in which tables list them.

    Parameters
    ----------
    baseline : str
        What ``advantage`` and ``skill`` are over, a name of `foresay.measures.baselines.GUESSES`;
        ``baseline_mode`` is learnt in its way where it is a mode, else leave-one-out. The other
        baselines are the same under every choice.
    ceiling : {"resample", "modal"}
        What ``normalized_accuracy`` and ``skill`` are held against.

    Returns
    -------
    mapping of str to Measure
        Read-only.

    Raises
    ------
    ChoiceError
        `baseline` or `ceiling` is unknown.

    Examples
    --------
    >>> measures(baseline="mode_insample")["advantage"].sums
    ('match', 'baseline_insample', 'trials')
    """
    if baseline not in BASELINE_SUMS:
        raise ChoiceError(
            f"baseline {baseline!r} is not known; choose one of {', '.join(BASELINE_SUMS)}"
        )
    if ceiling not in CEILINGS:
        raise ChoiceError(f"ceiling {ceiling!r} is not known; choose one of {', '.join(CEILINGS)}")
    mode: Baseline = baseline if baseline.startswith("mode") else "mode_loo"
    modal = ceiling == "modal"
    listed = (
        ACCURACY,
        COMPLIANCE,
        COMPLIANCE_BEHAVIOUR,
        baseline_measure(mode, name="baseline_mode"),
        baseline_measure("mode_insample"),
        baseline_measure("mode_train"),
        baseline_measure("distribution"),
        baseline_measure("uniform"),
        baseline_measure("other_model"),
        advantage_measure(baseline),
        CEILING_RESAMPLE,
        CEILING_MODAL,
        CEILING_MODAL_LOWER,
        CEILING_MODAL_UPPER,
        normalized_modal("normalized_accuracy") if modal else NORMALIZED_ACCURACY,
        normalized_modal(),
        skill_measure(baseline, ceiling),
        AGREEMENT_RAW,
        AGREEMENT_ANSWER,
        *projection.MEASURES,
        *mechanism.MEASURES,
        *shift.MEASURES,
        *determinism.MEASURES,
        *detection.MEASURES,
    )
    return MappingProxyType({measure.name: measure for measure in listed})


def find_measure(
    name: str, *, baseline: Baseline = "mode_loo", ceiling: Ceiling = "resample"
) -> Measure:
    """Return the measure called `name`.

    Parameters
    ----------
    name : str
        One of the names of `measures`.
    baseline, ceiling : str
        As for `measures`.

    Raises
    ------
    ChoiceError
        `name` or a choice is unknown; the message names the nearest estimand.

    Examples
    --------
    >>> find_measure("accuracy").title
    'Accuracy'
    """
    known = measures(baseline=baseline, ceiling=ceiling)
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise ChoiceError(f"estimand {name!r} is not known; {hint}there are: {', '.join(known)}")
