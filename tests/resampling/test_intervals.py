from __future__ import annotations

import pytest

from foresay.errors import ChoiceError
from foresay.measures import Difference, Proportion, Ratio
from foresay.resampling import INTERVALS, choose_interval

PROPORTION = Proportion("s", "n")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (PROPORTION, "logit_satterthwaite"),
        (Ratio(), "t_satterthwaite"),
        (Difference(), "t_satterthwaite"),
    ],
)
def test_auto_is_chosen_by_kind(kind, name):
    assert choose_interval("auto", kind) == (name, "")


def test_every_name_is_itself_for_a_proportion():
    names = [name for name in INTERVALS if name != "auto"]
    assert [choose_interval(name, PROPORTION) for name in names] == [(n, "") for n in names]


@pytest.mark.parametrize("kind", [Ratio(), Difference()])
def test_a_proportions_interval_is_replaced_elsewhere_and_says_so(kind):
    note = "wilson is for one proportion: t_satterthwaite instead"
    assert choose_interval("wilson", kind) == ("t_satterthwaite", note)
    assert choose_interval("cluster_t", kind) == ("cluster_t", "")


def test_an_unknown_name_is_refused_with_the_names_there_are():
    with pytest.raises(ChoiceError, match=r"interval 'bcaa' is not known.*percentile, basic, bca"):
        choose_interval("bcaa", Ratio())
