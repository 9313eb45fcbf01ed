"""The named analysis choices. They stand in the study file and travel with every number."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

IntervalName: TypeAlias = Literal[
    "auto",
    "percentile",
    "basic",
    "bca",
    "studentized",
    "cluster_t",
    "t_satterthwaite",
    "logit_t",
    "logit_satterthwaite",
    "korn_graubard",
    "wilson",
    "exact",
    "beta_binomial",
]


def one_or_many(value: object) -> object:
    """Return one name as a list of it, so that a study file need not say ``[item]``."""
    return [value] if isinstance(value, str) else value


def _number(value: object) -> object:
    """Return a whole number as a float; JSON and YAML tell 1 from 1.0, people do not."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**300:
        return float(value)
    return value


_NAME = {"type": "string", "minLength": 1}

Names: TypeAlias = Annotated[
    list[Annotated[str, Field(min_length=1)]],
    BeforeValidator(one_or_many),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME}]}),
]
"""One name, or a list of them."""

SomeNames: TypeAlias = Annotated[
    list[Annotated[str, Field(min_length=1)]],
    Field(min_length=1),
    BeforeValidator(one_or_many),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1}]}),
]
"""One name, or a list of at least one."""

# the bounds stand inside, where they reach the JSON Schema
NotNegative: TypeAlias = Annotated[float, Field(ge=0), BeforeValidator(_number)]
Positive: TypeAlias = Annotated[float, Field(gt=0), BeforeValidator(_number)]
Level: TypeAlias = Annotated[float, Field(gt=0, lt=1), BeforeValidator(_number)]
OptionCount: TypeAlias = Annotated[int, Field(ge=1, le=1_000_000)]


class Part(BaseModel):
    """A frozen part of a study file; unknown keys and numbers that are not finite are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=False
    )


class Choices(Part):
    """The named analysis choices; they travel with every number."""

    compliance: Literal["paper", "drop_either", "count_wrong", "ignore", "bounds"] = Field(
        "paper",
        description="What becomes of replies that are not in the asked form. paper: trials whose "
        "behaviour is non-compliant are excluded, non-compliant predictions are wrong. "
        "drop_either: trials where either is non-compliant are excluded. count_wrong: "
        "non-compliant predictions are wrong, behaviours are used as parsed. ignore: both are "
        "used as parsed. bounds: as count_wrong, from all missing wrong to all missing right.",
    )
    truth: Literal["each", "modal", "first", "greedy"] = Field(
        "each",
        description="What a prediction is held against. each: the share of the target's repeats "
        "that it equals. modal: the commonest repeat, ties split. first: the repeat with the "
        "lowest sample number. greedy: the same at temperature 0.",
    )
    temperature: NotNegative | None = Field(
        None,
        description="Temperature of the behaviours that form truth, baselines and ceilings; "
        "default: the lowest of the target's.",
    )
    baseline: Literal[
        "mode_loo", "mode_insample", "mode_train", "distribution", "uniform", "other_model"
    ] = Field(
        "mode_loo",
        description="What advantage and skill are over, always within a (target, task, property) "
        "cell. mode_loo, mode_insample, mode_train: always guessing the commonest answer, learnt "
        "without the item that it is scored on, in-sample, or on the train split. distribution: "
        "guessing as often as the cell answers. uniform: guessing every option equally often. "
        "other_model: the answers of baseline_predictor.",
    )
    baseline_predictor: str | None = Field(
        None,
        min_length=1,
        description="The predictor whose answers to the same items are the baseline other_model: "
        "any in the tables, such as a classifier that sees the prompt alone.",
    )
    options: dict[str, OptionCount] = Field(
        default_factory=dict,
        description="Number of options by property, for the baseline uniform; a column options of "
        "the items goes before it.",
    )
    ceiling: Literal["resample", "modal"] = Field(
        "resample",
        description="What normalized_accuracy and skill are held against. resample: what a "
        "predictor reaches that runs the target once more. modal: the best that gives one answer "
        "to an item, which is a bracket.",
    )
    weighting: Literal["micro", "macro", "macro_task", "macro_property"] = Field(
        "micro",
        description="micro: every trial counts the same. macro: every cell of task and property "
        "counts the same. macro_task, macro_property: every task, or every property, does.",
    )
    cluster: SomeNames = Field(
        default_factory=lambda: ["item"],
        description="Columns whose combinations are drawn as a whole: what the interval "
        "generalises to.",
    )
    within: Names = Field(
        default_factory=list,
        description="Columns that are drawn again within each drawn cluster, so that the interval "
        "generalises to both: cluster task, within item.",
    )
    crossed: Names = Field(
        default_factory=list,
        description="Columns that are drawn independently of the clusters, such as "
        "training_seed: the interval generalises to other prompts and other fine-tuning runs.",
    )
    strata: Names = Field(
        default_factory=list, description="Columns within which clusters are drawn."
    )
    interval: IntervalName = "auto"
    level: Level = 0.95
    resamples: int = Field(10_000, ge=100, le=10_000_000)
    seed: int = Field(1, ge=0, le=2**63 - 1)
    agreement: int | None = Field(
        None,
        ge=2,
        le=1_000_000,
        description="Number of repeats N of the agreement rate; default: fewest k.",
    )
    duplicates: Literal["error", "drop_exact"] = Field(
        "error", description="Rows with the same key: refuse, or keep one of exact copies."
    )

    @model_validator(mode="after")
    def _design_fits(self) -> Choices:
        if problem := self._misfit():
            raise ValueError(problem)
        return self

    def _misfit(self) -> str:
        """Say which two of its choices contradict each other; "" if none do."""
        if self.within and self.crossed:
            return (
                "has within and crossed; clusters can have a level within them or another kind "
                "beside them, not both: leave one out"
            )
        if self.crossed and self.strata:
            return (
                "has strata and crossed, and two crossed kinds of clusters are not drawn within "
                "strata; leave strata out"
            )
        if self.cells and set(self.cluster) <= set(self.cells):
            return (
                f"has weighting {self.weighting} and cluster {', '.join(self.cluster)}, so that a "
                "cell is a single cluster; summarise over it instead (foresay compare --kind "
                "summary), or draw prompts: cluster item"
            )
        for name in ("within", "crossed"):
            columns = getattr(self, name)
            example = {
                "within": "cluster task and within item",
                "crossed": "cluster item and crossed training_seed",
            }[name]
            if columns and set(columns) <= set(self.cluster):
                return (
                    f"has {name} {', '.join(columns)}, which cluster holds already; name other "
                    f"columns, such as {example}"
                )
        return ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The columns whose combinations count the same under its weighting; empty for micro."""
        return {
            "micro": (),
            "macro": ("task", "property"),
            "macro_task": ("task",),
            "macro_property": ("property",),
        }[self.weighting]
