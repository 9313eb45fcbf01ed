"""A world: everything that decides what a simulated study looks like, and what is true in it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

TARGET = "target"
OTHER = "other"


class World(BaseModel):
    """The parameters of a simulated study.

    One model, `target`, is predicted by itself, by itself after training, and by another model,
    `other`, before and after training on the target's behaviour. Every prompt is asked under
    several properties. Under each, the target answers from a distribution of its own, drawn from
    a Dirichlet distribution around the habits of its task. A predictor *knows* the commonest
    answer to a prompt with a probability that grows with training; else it answers what it would
    answer itself (*projection*) or what is commonest in the task (*habit*).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tasks: int = Field(4, ge=1, le=1_000, description="Kinds of prompts.")
    items: int = Field(60, ge=1, le=1_000_000, description="Prompts of each task.")
    properties: int = Field(2, ge=1, le=50, description="Properties asked of each prompt.")
    answers: int = Field(5, ge=2, le=50, description="Answers that a property can have.")
    repeats: int = Field(5, ge=1, le=25, description="Replies of the target to each prompt.")
    habit: float = Field(
        2.0, gt=0, description="How unequal a task's answers are: smaller is more unequal."
    )
    concentration: float = Field(
        0.6,
        gt=0,
        description="How random the target is on one prompt: smaller is closer to one answer.",
    )
    n_train: tuple[int, ...] = Field((0, 100, 1_000), min_length=1)
    knowledge: float = Field(
        0.6, ge=0, le=1, description="Cross-predictor's knowledge after endless training."
    )
    self_advantage: float = Field(
        0.1, ge=-1, le=1, description="Further knowledge of the self-predictor, same training."
    )
    half_life: float = Field(
        150.0, gt=0, description="Training questions after which half of it is learnt."
    )
    projection: float = Field(
        0.3, ge=0, le=1, description="Share of what is not known that is answered for oneself."
    )
    similarity: float = Field(
        0.5, ge=0, le=1, description="Share of prompts on which the other model behaves the same."
    )
    dependence: float = Field(
        0.3,
        ge=0,
        le=1,
        description="Share of prompts whose properties are known all together or not at all.",
    )
    compliance_before: float = Field(0.6, ge=0, le=1, description="Without training.")
    compliance_after: float = Field(1.0, ge=0, le=1, description="With any training.")
    behaviour_compliance: float = Field(1.0, ge=0, le=1, description="Of the target's replies.")
    confidence_shift: float = Field(
        0.1, ge=-1, le=1, description="Stated confidence minus the chance of being right."
    )

    @model_validator(mode="after")
    def _possible(self) -> World:
        if not 0 <= self.knowledge + self.self_advantage <= 1:
            raise ValueError(
                f"knowledge + self_advantage is {self.knowledge + self.self_advantage:g}; it is "
                "the self-predictor's knowledge, so it must lie between 0 and 1"
            )
        if len(set(self.n_train)) < len(self.n_train) or min(self.n_train) < 0:
            raise ValueError("n_train: name different numbers of questions, each 0 or more")
        return self

    def known(self, *, own: bool, n_train: int) -> float:
        """Return the share of prompts that a predictor knows, in 0..1."""
        most = self.knowledge + (self.self_advantage if own else 0.0)
        return float(most * (1 - 0.5 ** (n_train / self.half_life)))

    def compliance(self, n_train: int) -> float:
        """Return the share of a predictor's replies that are in the asked form."""
        return self.compliance_after if n_train else self.compliance_before

    def predictors(self) -> list[tuple[str, str, bool, int]]:
        """Return (name, base, whether it is the target's own, n_train) of each predictor."""
        return [
            (f"{base}-{kind}-n{n}" if n else base, base, own, n)
            for own, base, kind in ((True, TARGET, "self"), (False, OTHER, "cross"))
            for n in sorted(self.n_train)
        ]
