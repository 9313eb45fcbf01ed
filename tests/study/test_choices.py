from __future__ import annotations

import pytest

from foresay.errors import StudyError
from foresay.study import Choices, override


def test_a_change_replaces_one_choice_and_leaves_the_rest():
    changed = override(Choices(resamples=500), {"compliance": "count_wrong"})
    assert (changed.compliance, changed.resamples) == ("count_wrong", 500)


def test_whole_numbers_are_taken_where_numbers_are_meant():
    assert override(Choices(), {"temperature": 1}).temperature == 1.0


def test_one_name_is_a_list_of_one():
    assert override(Choices(), {"cluster": "task"}).cluster == ["task"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"complience": "paper"}, "did you mean 'compliance'?"),
        ({"compliance": "papers"}, "did you mean 'paper'?"),
        ({"level": 95}, "less than 1"),
        ({"level": float("nan")}, "finite"),
        ({"temperature": float("inf")}, "finite"),
        ({"temperature": -0.1}, "greater than or equal to 0"),
        ({"temperature": 10**400}, "number"),
        ({"seed": 2**63}, "less than or equal"),
        ({"seed": True}, "whole number"),
        ({"seed": "1"}, "whole number"),
        ({"resamples": 1.5}, "whole number"),
        ({"resamples": 99}, "100"),
        ({"cluster": []}, "at least one"),
        ({"cluster": [1]}, "text"),
        ({"cluster": ""}, "at least one character"),
        ({"agreement": 1}, "2"),
        ({1: 2}, "strings"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_in_words(change, words):
    with pytest.raises(StudyError, match=r"(?s).*") as refused:
        override(Choices(), change)
    assert words in str(refused.value)


def test_choices_are_called_as_they_were_given():
    with pytest.raises(StudyError) as refused:
        override(Choices(), {"level": "abc", "levell": 1, "compliance": "papr"})
    lines = str(refused.value).splitlines()
    assert "choice level is 'abc', where a number is expected" in lines
    assert "unknown choice 'levell'; did you mean 'level'?" in lines
    assert any(line.startswith("choice compliance is 'papr'") for line in lines)


def test_choices_are_frozen():
    with pytest.raises(ValueError, match="frozen"):
        Choices().seed = 2
