"""How much of a gain in accuracy is a gain in compliance.

Where a reply that is not in the asked form counts as wrong, accuracy is a product: the rate of
compliance ``c`` times the accuracy ``a`` among compliant replies. A gain from before (0) to after
(1) is therefore two parts, each taken at the mean of before and after of the other factor::

    c1 a1 - c0 a0 = (c1 - c0) (a0 + a1) / 2 + (a1 - a0) (c0 + c1) / 2

This is the symmetric decomposition of Kitagawa (1955), which is the Shapley value of two factors:
no order of the two is preferred, and nothing is left over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from foresay.counts import FloatArray, Sums, ratio
from foresay.measures.kinds import Difference
from foresay.measures.macro import cell_prefix
from foresay.measures.measure import Measure

ARMS = ("of", "minus")
"""Prefixes of the sums after and before."""

_SUMS = ("match", "compliant_trials", "trials")
_SOURCE = "Kitagawa 1955, doi:10.1080/01621459.1955.10501299"

Factors = tuple[FloatArray, FloatArray]


def factors(sums: Sums) -> Factors:
    """Return the rate of compliance and the accuracy among compliant replies, each ``(...)``."""
    return (
        ratio(sums["compliant_trials"], sums["trials"]),
        ratio(sums["match"], sums["compliant_trials"]),
    )


def gain(after: Sums, before: Sums) -> FloatArray:
    """Return accuracy after minus before, shape ``(...)``; defined where nobody complied too."""
    first = ratio(after["match"], after["trials"])
    return np.asarray(first - ratio(before["match"], before["trials"]))


def gain_compliance(after: Sums, before: Sums) -> FloatArray:
    """Return the part of the gain that is compliance, shape ``(...)``, in -1..1."""
    (c1, a1), (c0, a0) = factors(after), factors(before)
    return np.asarray((c1 - c0) * (a0 + a1) / 2)


def gain_accuracy(after: Sums, before: Sums) -> FloatArray:
    """Return the part of the gain that is accuracy among compliant replies, shape ``(...)``."""
    (c1, a1), (c0, a0) = factors(after), factors(before)
    return np.asarray((a1 - a0) * (c0 + c1) / 2)


Compared = Callable[[Sums, Sums], FloatArray]

_REACH = Difference(low=-1.0, high=1.0)
_SHARE = Difference(low=0.0, high=1.0)

_GAIN = (
    "Accuracy after a training minus accuracy before it, on the same items under the same "
    "conditions; replies that are not in the asked form are wrong."
)
_GAIN_COMPLIANCE = (
    "The part of the gain that is compliance: the difference in the rate of compliance times the "
    "mean, over before and after, of the accuracy among compliant replies."
)
_GAIN_ACCURACY = (
    "The rest of the gain: the difference in accuracy among compliant replies times the mean rate "
    "of compliance. The two parts sum to the gain, whatever their order."
)

_TERMS: tuple[tuple[str, str, Compared, Difference, str, str], ...] = (
    (
        "accuracy_before",
        "Accuracy before",
        lambda _, before: ratio(before["match"], before["trials"]),
        _SHARE,
        "Accuracy of the model that was trained, before the training, on the same items.",
        r"c_0 a_0",
    ),
    (
        "accuracy_after",
        "Accuracy after",
        lambda after, _: ratio(after["match"], after["trials"]),
        _SHARE,
        "Accuracy after the training.",
        r"c_1 a_1",
    ),
    (
        "compliance_before",
        "Compliance before",
        lambda _, before: factors(before)[0],
        _SHARE,
        "The rate of compliance before the training, on the same items.",
        r"c_0",
    ),
    (
        "compliance_after",
        "Compliance after",
        lambda after, _: factors(after)[0],
        _SHARE,
        "The rate of compliance after the training.",
        r"c_1",
    ),
    (
        "gain",
        "Gain",
        gain,
        _REACH,
        _GAIN,
        r"c_1 a_1 - c_0 a_0",
    ),
    (
        "gain_compliance",
        "Gain from compliance",
        gain_compliance,
        _REACH,
        _GAIN_COMPLIANCE,
        r"(c_1 - c_0)\,\tfrac{a_0 + a_1}{2}",
    ),
    (
        "gain_accuracy",
        "Gain among compliant replies",
        gain_accuracy,
        _REACH,
        _GAIN_ACCURACY,
        r"(a_1 - a_0)\,\tfrac{c_0 + c_1}{2}",
    ),
)


def gain_measures(cells: Sequence[str] = ()) -> tuple[Measure, ...]:
    """Return the terms of a gain and of its parts, as measures of the sums of two arms.

    Parameters
    ----------
    cells : sequence of str
        Names of the cells that are averaged; empty where all trials are added up.

    Returns
    -------
    tuple of Measure
        ``accuracy_before, accuracy_after, compliance_before, compliance_after, gain,
        gain_compliance, gain_accuracy, gain_share``. The last is the part from compliance as a
        share of the gain: unbounded, and undefined without a gain.
    """
    prefixes = [cell_prefix(j) for j in range(len(cells))]
    arms = [f"{arm}.{prefix}" for arm in ARMS for prefix in prefixes] or [*ARMS]
    sums = tuple(f"{arm}.{name}" for arm in arms for name in _SUMS)

    def averaged(term: Compared) -> Callable[[Sums], FloatArray]:
        def estimator(found: Sums) -> FloatArray:
            after, before = (found.arm(arm) for arm in ARMS)
            if not prefixes:
                return term(after, before)
            of_cells = [term(after.arm(p), before.arm(p)) for p in prefixes]
            return np.asarray(sum(of_cells) / len(of_cells))

        return estimator

    made = [
        Measure(
            name=name,
            title=title,
            sums=sums,
            estimator=averaged(term),
            kind=kind,
            definition=definition,
            formula=formula,
            source=_SOURCE if name == "gain_compliance" else "",
        )
        for name, title, term, kind, definition, formula in _TERMS
    ]
    whole, part = averaged(gain), averaged(gain_compliance)
    share = Measure(
        name="gain_share",
        title="Share of the gain that is compliance",
        sums=sums,
        estimator=lambda found: ratio(part(found), whole(found)),
        kind=Difference(low=float("-inf"), high=float("inf")),
        definition="The part of the gain from compliance, as a share of the gain. Above 1 where "
        "accuracy among compliant replies fell; meaningless where there is hardly a gain.",
        formula=r"\frac{(c_1 - c_0)(a_0 + a_1)}{2\,(c_1 a_1 - c_0 a_0)}",
    )
    return (*made, share)
