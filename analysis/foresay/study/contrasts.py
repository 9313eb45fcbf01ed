"""What a study file may say of comparisons: contrasts, and the families they are tested in."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from foresay.study.choices import Level, Names, Part, Positive, SomeNames
from foresay.study.naming import nearest


class Versus(Part):
    """The two arms of the comparison that a contrast is held against."""

    where: str = Field(description="SQL condition on trials: its first arm.")
    minus: str = Field(description="SQL condition on trials: the arm that is subtracted.")


class Contrast(Part):
    """A paired comparison of one estimand between two groups of trials on the same items."""

    of: str = Field(description="Estimand, such as accuracy.")
    where: str = Field(description="SQL condition on trials: the first arm.")
    minus: str = Field(description="SQL condition on trials: the arm that is subtracted.")
    by: Names = Field(default_factory=list, description="One difference for each of these.")
    title: str = ""
    arms: Names = Field(
        default_factory=list,
        description="What figures call the two arms, such as [self, cross].",
    )
    pairs: Names = Field(
        default_factory=list,
        description="With versus: what figures call the two comparisons, such as [you, by name].",
    )
    scale: Literal["difference", "ratio"] = Field(
        "difference", description="First arm minus the other, or divided by it."
    )
    versus: Versus | None = Field(
        None,
        description="Two further arms: the comparison becomes that of the first two minus (or "
        "divided by) that of these, such as self minus cross under one wording and another.",
    )
    pairing: Literal["intersection", "complete"] = Field(
        "intersection",
        description="Trials on items that an arm lacks: left out and counted, or refused.",
    )
    test: Literal["none", "sign_flip", "mcnemar"] = Field(
        "sign_flip",
        description="Test of no difference: flips of the signs of whole clusters; mid-p McNemar "
        "for one 0/1 trial an arm and cluster.",
    )
    hypothesis: Literal["difference", "equivalence", "superiority"] = Field(
        "difference",
        description="What is to be shown: a difference; that it lies within the margin; that it "
        "exceeds the margin.",
    )
    margin: Positive | None = Field(
        None,
        description="For equivalence and superiority: a difference in the estimand's own unit, or "
        "on the ratio scale a factor above 1.",
    )

    @property
    def conditions(self) -> tuple[str, ...]:
        """The SQL conditions of its two or four arms."""
        more = () if self.versus is None else (self.versus.where, self.versus.minus)
        return (self.where, self.minus, *more)

    @model_validator(mode="after")
    def _test_fits(self) -> Contrast:
        if problem := self._misfit():
            raise ValueError(problem)
        return self

    def _misfit(self) -> str:
        """Say which two of its parts contradict each other; "" if none do."""
        if self.hypothesis == "difference":
            if self.margin is not None:
                return (
                    f"has margin {self.margin:g} without a hypothesis that uses it; add "
                    "hypothesis: equivalence or hypothesis: superiority"
                )
        elif self.margin is None:
            return f"has hypothesis {self.hypothesis} without a margin; state one, such as 0.05"
        elif self.scale == "ratio" and self.margin <= 1:
            return (
                f"has margin {self.margin:g} on the ratio scale, where a factor above 1 is "
                "expected, such as 1.1"
            )
        elif self.test != "none" and "test" in self.model_fields_set:
            return (
                f"has test {self.test}, which is of no difference; hypothesis {self.hypothesis} "
                "brings its own: leave test out, or choose none"
            )
        if self.test == "mcnemar" and self.versus is not None:
            return (
                "has test mcnemar, which compares two arms, and versus, which makes four; choose "
                "sign_flip or none"
            )
        return self._misnamed()

    def _misnamed(self) -> str:
        """Say what is wrong with the names of arms and pairs; "" if nothing is."""
        for key, names in (("arms", self.arms), ("pairs", self.pairs)):
            if len(names) not in (0, 2):
                return f"has {len(names)} {key}, where two names are expected"
        if self.pairs and self.versus is None:
            return "has pairs, the names of two comparisons, without versus, which makes two"
        return ""


class Family(Part):
    """Contrasts that are tested together, named before anyone has looked."""

    contrasts: SomeNames = Field(description="Names under `contrasts`, every row of each.")
    correction: Literal["holm", "bh"] = Field(
        "holm",
        description="holm: no false finding among them, but for a chance of `level`. bh "
        "(Benjamini-Hochberg): false findings among the findings, `level` of them on average.",
    )
    level: Level = Field(0.05, description="Error rate of the family.")


SELF_ADVANTAGE_NAME = "self_advantage"
SELF_ADVANTAGE = Contrast(
    of="accuracy",
    where="role = 'self'",
    minus="role = 'cross'",
    by=["target"],
    title="Self minus cross",
)
"""The contrast of the field: how much better a model predicts itself than others predict it."""


def family_problems(families: dict[str, Family], declared: list[str]) -> list[str]:
    """Name the contrasts of families that are not there, or stand in two places.

    Parameters
    ----------
    families : dict of str to Family
        The declared families.
    declared : list of str
        Names of the declared contrasts; self_advantage is always there.
    """
    known = [SELF_ADVANTAGE_NAME, *declared]
    problems, owner = [], dict[str, str]()
    for family, spec in families.items():
        for name in spec.contrasts:
            if name not in known:
                problems.append(
                    f"families: {family!r} names the unknown contrast {name!r}; "
                    f"{nearest(name, known)}"
                )
            elif name in owner:
                twice = "twice" if owner[name] == family else f"as {owner[name]!r} does"
                problems.append(
                    f"families: {family!r} names the contrast {name!r} {twice}; a contrast "
                    "belongs to one family, once"
                )
            owner.setdefault(name, family)
    return problems
