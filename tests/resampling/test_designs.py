from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from foresay.counts import collapse
from foresay.counts.crossed import collapse_crossed
from foresay.counts.nested import collapse_nested
from foresay.errors import ChoiceError
from foresay.resampling import OneLevel, TwoLevel, TwoWay
from foresay.resampling.designs import design_name

ONE = np.array([1, 1])
INDEX = np.array([0, 1])


@pytest.mark.parametrize(
    ("design", "sentence"),
    [
        (OneLevel(clusters=("item",)), "to other prompts of the same tasks"),
        (OneLevel(clusters=("task", "item")), "to other prompts of the same tasks"),
        (
            OneLevel(clusters=("task", "item"), strata=("task",)),
            "to other prompts of the same tasks",
        ),
        (OneLevel(clusters=("task",)), "to other tasks with their prompts"),
        (
            OneLevel(clusters=("task",), strata=("split",)),
            "to other tasks with their prompts, in the same shares of values of split",
        ),
        (
            OneLevel(clusters=("predictor", "target")),
            "to other combinations of predictors and targets",
        ),
        (OneLevel(clusters=("subject",)), "to other values of subject"),
        (TwoLevel(outer=("task",), inner=("task", "item")), "to other tasks and prompts"),
        (TwoLevel(outer=("task",), inner=("item",)), "to other tasks and prompts"),
        (
            TwoWay(items=("task", "item"), runs=("training_seed",)),
            "to other prompts and other fine-tuning runs",
        ),
        (TwoWay(items=("item",), runs=("predictor",)), "to other prompts and other predictors"),
    ],
)
def test_what_a_design_generalises_to(design, sentence):
    assert design.generalises_to() == sentence


def test_words_of_a_study_can_be_given():
    design = OneLevel(clusters=("subject",))
    assert design.generalises_to({"subject": "subjects"}) == "to other subjects"


def test_designs_are_data():
    assert OneLevel(clusters=("item",)) == OneLevel(clusters=("item",))
    with pytest.raises(FrozenInstanceError):
        OneLevel(clusters=("item",)).clusters = ("task",)


@pytest.mark.parametrize(
    "make",
    [
        lambda: OneLevel(clusters=()),
        lambda: TwoLevel(outer=(), inner=("item",)),
        lambda: TwoLevel(outer=("task",), inner=()),
        lambda: TwoWay(items=("item",), runs=()),
    ],
)
def test_a_level_without_columns_is_refused(make):
    with pytest.raises(ChoiceError, match="name at least one"):
        make()


def test_ways_that_are_nested_are_refused():
    with pytest.raises(ChoiceError, match="two ways must differ; task is part of task, item"):
        TwoWay(items=("task", "item"), runs=("task",))


def test_counts_know_their_design():
    sums = {"x": ONE}
    assert design_name(collapse(sums)) == OneLevel(clusters=("item",)).name
    nested = collapse_nested(sums, outer=INDEX)
    assert design_name(nested) == TwoLevel(outer=("task",), inner=("item",)).name
    crossed = collapse_crossed(sums, item=INDEX, run=INDEX)
    assert design_name(crossed) == TwoWay(items=("item",), runs=("run",)).name
