"""Skill: how far accuracy gets from a baseline to a ceiling, on the trials that have both."""

from __future__ import annotations

import numpy as np

from foresay.counts import Estimator, FloatArray, Sums, ratio
from foresay.measures.baselines import GUESSES, Baseline
from foresay.measures.ceilings import MODAL_SUMS, Ceiling, bracket, modal_lower, modal_upper
from foresay.measures.kinds import Difference
from foresay.measures.measure import Measure

_WITHOUT_BOUNDS = Difference(low=-np.inf, high=np.inf)
_FORMULA = r"\frac{\bar X - \bar B}{C - \bar B}"


def _skill(suffix: str, ceiling: Estimator) -> Estimator:
    def estimator(sums: Sums) -> FloatArray:
        n = sums[f"trials_skill_{suffix}"]
        score = ratio(sums[f"match_skill_{suffix}"], n)
        guessed = ratio(sums[f"baseline_skill_{suffix}"], n)
        room = ceiling(sums) - guessed
        return np.where(room > 0, ratio(score - guessed, np.where(room > 0, room, 0.0)), np.nan)

    return estimator


def _measure(
    name: str, suffix: str, guessing: str, ceiling: Estimator, columns: tuple[str, ...]
) -> Measure:
    own = ("match_skill", "baseline_skill", "trials_skill")
    return Measure(
        name=name,
        title="Skill",
        sums=tuple(f"{each}_{suffix}" for each in (*own, *columns)),
        estimator=_skill(suffix, ceiling),
        kind=_WITHOUT_BOUNDS,
        definition="How much of the way from the baseline to the ceiling accuracy gets, over the "
        "trials that have both: 0 at the baseline, 1 at the ceiling. Undefined where the ceiling "
        f"is not above the baseline, which is {guessing}.",
        formula=_FORMULA,
        counted=f"trials_skill_{suffix}",
    )


def skill_measure(baseline: Baseline, ceiling: Ceiling) -> Measure:
    """Return the skill between a baseline and a ceiling, shape ``(...)``, at most 1 in theory.

    ``(accuracy - baseline) / (ceiling - baseline)``, the three sums over the same trials and
    resampled together. Against the modal ceiling it is a bracket, as the ceiling is.

    Parameters
    ----------
    baseline : str
        A name of `foresay.measures.baselines.GUESSES`.
    ceiling : {"resample", "modal"}
        The ceiling.
    """
    guess = GUESSES[baseline]
    tail, trials = f"_skill_{guess.suffix}", f"trials_skill_{guess.suffix}"
    if ceiling == "resample":

        def of_pairs(sums: Sums) -> FloatArray:
            return ratio(sums[f"ceiling{tail}"], sums[trials])

        return _measure("skill", guess.suffix, guess.says, of_pairs, ("ceiling_skill",))
    low = _measure(
        "skill_lower",
        guess.suffix,
        guess.says,
        modal_upper(tail, trials),
        tuple(f"{name}_skill" for name in MODAL_SUMS[1:]),
    )
    high = _measure(
        "skill_upper", guess.suffix, guess.says, modal_lower(tail, trials), ("modal_low_skill",)
    )
    return bracket(
        "skill",
        "Skill (modal)",
        (low, high),
        definition=low.definition,
        formula=_FORMULA,
    )
