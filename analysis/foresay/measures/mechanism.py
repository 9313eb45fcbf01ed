"""Reproduction and extraction: saying the whole answer, and reading a property off it.

Accuracy of a property is taken apart by whether the same predictor, asked for the whole answer to
the same prompt, gave it::

    accuracy = P(reproduce) P(right | reproduced) + P(not reproduced) P(right | not reproduced)

This is an identity for every set of trials, hence for every replicate. Trials that ask for the
identity itself are not counted: the property is something else.
"""

from __future__ import annotations

from foresay.counts import Estimator, FloatArray, Sums, ratio
from foresay.measures.kinds import Difference, Proportion
from foresay.measures.measure import Measure


def _share(numerator: str, denominator: str) -> Estimator:
    def share(sums: Sums) -> FloatArray:
        return ratio(sums[numerator], sums[denominator])

    return share


def identity_gap(sums: Sums) -> FloatArray:
    """Return accuracy minus the share of reproduced answers, shape ``(...)``, in -1..1."""
    right = sums["right_reproduced"] + sums["right_unreproduced"]
    return ratio(right - sums["reproduced"], sums["identity_trials"])


def copy_gap(sums: Sums) -> FloatArray:
    """Return accuracy minus what the copied property scores, same trials, ``(...)``."""
    return ratio(sums["match_copy"] - sums["copied"], sums["copy_trials"])


def _part(numerator: str, denominator: str, **words: str) -> Measure:
    return Measure(
        sums=(numerator, denominator),
        estimator=_share(numerator, denominator),
        kind=Proportion(numerator, denominator),
        **words,  # type: ignore[arg-type]  # name, title, definition, formula
    )


_N = "identity_trials"

REPRODUCTION = _part(
    "reproduced",
    _N,
    name="reproduction",
    title="Reproduces the whole answer",
    definition="The share of trials about a property whose predictor, asked for the whole answer "
    "to the same prompt under the same conditions, gives a commonest one of the target.",
    formula=r"P(R)",
)
EXTRACTION = _part(
    "right_reproduced",
    "reproduced",
    name="extraction",
    title="Right where it reproduces",
    definition="Accuracy about a property on the prompts whose whole answer the predictor "
    "reproduces: how well it reads the property off.",
    formula=r"P(X \mid R)",
)
MATCH_UNREPRODUCED = _part(
    "right_unreproduced",
    "unreproduced",
    name="match_unreproduced",
    title="Right where it does not",
    definition="Accuracy about a property on the prompts whose whole answer the predictor does "
    "not reproduce.",
    formula=r"P(X \mid \bar R)",
)
RIGHT_REPRODUCED = _part(
    "right_reproduced",
    _N,
    name="right_reproduced",
    title="Reproduced and right",
    definition="The part of accuracy that comes with a reproduced answer.",
    formula=r"P(R)\,P(X \mid R)",
)
RIGHT_UNREPRODUCED = _part(
    "right_unreproduced",
    _N,
    name="right_unreproduced",
    title="Right without reproducing",
    definition="The part of accuracy that comes without a reproduced answer; the two parts sum to "
    "accuracy.",
    formula=r"P(\bar R)\,P(X \mid \bar R)",
)
WRONG_REPRODUCED = _part(
    "wrong_reproduced",
    _N,
    name="wrong_reproduced",
    title="Reproduced but wrong",
    definition="The share of trials whose answer is reproduced and whose property is wrong all "
    "the same: what is lost in reading it off.",
    formula=r"P(R)\,(1 - P(X \mid R))",
)
WRONG_UNREPRODUCED = _part(
    "wrong_unreproduced",
    _N,
    name="wrong_unreproduced",
    title="Neither",
    definition="The share of trials with neither the answer nor its property right; the four "
    "shares sum to 1.",
    formula=r"P(\bar R)\,(1 - P(X \mid \bar R))",
)
IDENTITY_GAP = Measure(
    name="identity_gap",
    title="Accuracy minus reproduction",
    sums=("right_reproduced", "right_unreproduced", "reproduced", _N),
    estimator=identity_gap,
    kind=Difference(denominator=_N),
    definition="Accuracy about a property minus the share of reproduced answers: a predictor that "
    "reads every property off what it can reproduce, and never guesses right, is at 0.",
    formula=r"P(X) - P(R)",
)
COPY_ORACLE = _part(
    "copied",
    "copy_trials",
    name="copy_oracle",
    title="Property of the predicted answer",
    definition="What applying the property to the predictor's own identity prediction would "
    "score, on the trials where that is known. Which property goes with an identity is read from "
    "the replies of all models to prompts of the task.",
    formula=r"\frac{1}{n}\sum_i X_i\big(f(\hat y_i)\big)",
)
COPY_GAP = Measure(
    name="copy_gap",
    title="Accuracy minus the property of the predicted answer",
    sums=("match_copy", "copied", "copy_trials"),
    estimator=copy_gap,
    kind=Difference(denominator="copy_trials"),
    definition="Accuracy minus what applying the property to the predictor's own identity "
    "prediction would score, on the same trials: below 0 it could do better by running the query "
    "and reading the property off.",
    formula=r"\frac{1}{n}\sum_i \big(X_i - X_i(f(\hat y_i))\big)",
)

PARTS = (RIGHT_REPRODUCED, RIGHT_UNREPRODUCED, WRONG_REPRODUCED, WRONG_UNREPRODUCED)
"""The four shares that sum to 1."""

MEASURES = (
    REPRODUCTION,
    EXTRACTION,
    MATCH_UNREPRODUCED,
    *PARTS,
    IDENTITY_GAP,
    COPY_ORACLE,
    COPY_GAP,
)
"""In the order in which tables list them."""
