"""What guessing without the predictor scores, and the advantage over it.

The mode belongs to a (target, task, property) cell and is fixed before anything is resampled: the
reduction scores every trial against it, and only those scores are summed here. Choosing the mode
again in each resample covers too rarely where two answers are nearly as common.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from foresay.counts import Estimator, FloatArray, Sums, ratio
from foresay.measures.kinds import Difference, Proportion
from foresay.measures.measure import Measure

Baseline: TypeAlias = Literal[
    "mode_loo", "mode_insample", "mode_train", "distribution", "uniform", "other_model"
]

_CELL = "the (target, task, property) cell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """One way to guess, which the choice `baseline` names.

    Parameters
    ----------
    suffix : str
        Ending of its sums: ``baseline_loo``.
    name : str
        The estimand that it is under every choice.
    title : str
        What a figure calls it.
    says : str
        What it is, for a definition.
    everywhere : bool
        Whether it is defined for every included trial; else its trials are counted apart.
    formula : str
        The formula of one item's score in TeX.
    source : str
        Where it comes from.
    """

    suffix: str
    name: str
    title: str
    says: str
    everywhere: bool = False
    formula: str = r"\frac{1}{n}\sum_i B_i"
    source: str = ""

    @property
    def score(self) -> str:
        """The sum of its scores."""
        return f"baseline_{self.suffix}"

    @property
    def trials(self) -> str:
        """The number of trials that it scores."""
        return "trials" if self.everywhere else f"trials_{self.suffix}"

    @property
    def match(self) -> str:
        """The matches of those trials."""
        return "match" if self.everywhere else f"match_{self.suffix}"


GUESSES: Mapping[Baseline, Guess] = MappingProxyType(
    {
        "mode_loo": Guess(
            suffix="loo",
            name="baseline_mode",
            title="Mode baseline",
            says=f"always guessing the commonest answer of {_CELL}; the mode is learnt without "
            "the item that it is scored on",
            everywhere=True,
        ),
        "mode_insample": Guess(
            suffix="insample",
            name="baseline_mode_insample",
            title="Mode baseline (in-sample)",
            says=f"always guessing the commonest answer of {_CELL}; the mode is learnt in-sample, "
            "so it is too high in small cells",
            everywhere=True,
        ),
        "mode_train": Guess(
            suffix="train",
            name="baseline_mode_train",
            title="Mode baseline (train split)",
            says=f"always guessing the commonest answer of {_CELL}; the mode is learnt on the "
            "items of the train split, and scored on the others",
        ),
        "distribution": Guess(
            suffix="distribution",
            name="baseline_distribution",
            title="Distribution baseline",
            says=f"guessing as often as {_CELL} answers: the chance that another of its items "
            "has the same answer",
            formula=r"\frac{1}{n}\sum_i \frac{1}{N_c - 1}\sum_{j \ne i} \sum_y t_{iy} t_{jy}",
            source="the unbiased form of Simpson's index: Simpson 1949, doi:10.1038/163688a0",
        ),
        "uniform": Guess(
            suffix="uniform",
            name="baseline_uniform",
            title="Uniform baseline",
            says="guessing every option of an item equally often",
            formula=r"\frac{1}{n}\sum_i \frac{1}{m_i}",
        ),
        "other_model": Guess(
            suffix="other",
            name="baseline_other",
            title="Other predictor",
            says="taking the answers of the predictor named by baseline_predictor to the same "
            "items",
        ),
    }
)
"""Every way to guess by the name that the choice `baseline` gives it."""

BASELINE_SUMS: Mapping[Baseline, str] = MappingProxyType(
    {name: guess.score for name, guess in GUESSES.items()}
)
"""The sum of per-trial scores behind each choice of baseline."""


def baseline_of(choice: str) -> str:
    """Return the estimand that shows the baseline of a choice.

    Examples
    --------
    >>> baseline_of("mode_insample"), baseline_of("uniform")
    ('baseline_mode', 'baseline_uniform')
    """
    return "baseline_mode" if choice.startswith("mode") else GUESSES[choice].name  # type: ignore[index]  # checked where it is read


def _score(guess: Guess) -> Estimator:
    def estimator(sums: Sums) -> FloatArray:
        return ratio(sums[guess.score], sums[guess.trials])

    return estimator


def baseline_measure(baseline: Baseline, *, name: str = "") -> Measure:
    """Return what a way to guess scores, shape ``(...)``, in 0..1.

    The leave-one-out mode is unbiased for a mode learnt on one item fewer; exactly balanced
    answers give 0. In-sample it is the largest of noisy shares: .197 for ten equally likely
    answers and 30 items.

    Parameters
    ----------
    baseline : str
        A name of `GUESSES`.
    name : str
        Name of the estimand, where it is not its own.
    """
    guess = GUESSES[baseline]
    return Measure(
        name=name or guess.name,
        title=guess.title,
        sums=(guess.score, guess.trials),
        estimator=_score(guess),
        kind=Proportion(guess.score, guess.trials),
        definition=f"What {guess.says.replace('; the', ' scores; the')}."
        if ";" in guess.says
        else f"What {guess.says} scores.",
        formula=guess.formula,
        source=guess.source,
    )


def advantage_measure(baseline: Baseline) -> Measure:
    """Return accuracy minus a baseline on the same trials, shape ``(...)``, in -1..1."""
    guess = GUESSES[baseline]

    def advantage(sums: Sums) -> FloatArray:
        return ratio(sums[guess.match] - sums[guess.score], sums[guess.trials])

    return Measure(
        name="advantage",
        title=f"Advantage over the {_lower(guess.title)}",
        sums=(guess.match, guess.score, guess.trials),
        estimator=advantage,
        kind=Difference(),
        definition="Accuracy minus the baseline on the same trials, whose guesses are held fixed "
        f"while clusters are drawn; the baseline is {guess.says}.",
        formula=r"\frac{1}{n}\sum_i (X_i - B_i)",
        counted=guess.trials,
    )


def _lower(title: str) -> str:
    return f"{title[:1].lower()}{title[1:]}"
