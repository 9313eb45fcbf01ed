"""What a study file may say of models: the two-way model, and summaries over tasks."""

from __future__ import annotations

from pydantic import Field, model_validator

from foresay.study.choices import Names, Part
from foresay.study.contrasts import SELF_ADVANTAGE_NAME


class Regression(Part):
    """The two-way model: match ~ predictor + target + self, with cluster-robust errors."""

    predictor: str = Field(
        "predictor",
        description="Column whose values have an effect each; base takes the stages of a model "
        "for one.",
    )
    target: str = Field(
        "target", description="The same for the predicted models, such as target_base."
    )
    covariates: Names = Field(
        default_factory=list,
        description="Columns of numbers that are held fixed, such as a similarity of two models.",
    )
    by: Names = Field(default_factory=list, description="One model for each of these.")
    where: str | None = Field(None, description="SQL condition on trials.")
    title: str = ""

    @model_validator(mode="after")
    def _columns_differ(self) -> Regression:
        if self.predictor == self.target:
            raise ValueError(
                f"has {self.predictor!r} for predictor and target, which nothing tells apart"
            )
        return self


class Summary(Part):
    """A random-effects mean of an estimand or contrast over tasks, or another column."""

    of: str = Field(SELF_ADVANTAGE_NAME, description="Estimand or contrast.")
    over: str = Field("task", description="Column whose values are the effects.")
    by: Names = Field(
        default_factory=lambda: ["target"], description="One summary for each of these."
    )
    where: str | None = Field(None, description="SQL condition on trials.")
    title: str = ""

    @model_validator(mode="after")
    def _over_is_not_by(self) -> Summary:
        if self.over in self.by:
            raise ValueError(f"has {self.over!r} in by, which is what it goes over")
        return self


TWO_WAY_NAME = "two_way"
TWO_WAY = Regression(title="Predictor, target and self")
"""The model of the field: what self-prediction adds beyond the two models' own levels."""

OVER_TASKS_NAME = "over_tasks"
OVER_TASKS = Summary(title="Self advantage over tasks")
"""The summary of the field: whether the advantage of self depends on which tasks were chosen."""
