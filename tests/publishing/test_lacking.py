"""Why something is left out: what the tables lack, with no name doubled and no order to a user."""

from __future__ import annotations

import pytest

from foresay.publishing.lacking import in_readers_words
from foresay.publishing.report import Report
from foresay.publishing.results import Results


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("ceiling_by_k needs repeats; add a table answers, or repeats", "it needs repeats"),
        ("determinism gained: no model has 3 repeats", "no model has 3 repeats"),
        ("error (squared, debiased) needs a confidence; add one", "it needs a confidence"),
        ("templates: there is no column 'a'; add it, or name two", "there is no column 'a'"),
        ("self cannot be told from the other terms", "self cannot be told from the other terms"),
        ("the two-way model needs x, and there is none", "it needs x, and there is none"),
        (
            "figure 'a' needs rows of estimand 'normalized_accuracy'; the table has b; estimate it",
            "no normalised accuracy could be estimated",
        ),
        ("fewer than 2 effects: undefined", "fewer than 2 effects"),
        ("needs a sign; map it in the trials", "it needs a sign"),
        ("figure 'a-b' would show 2,000 rows; narrow the estimates", "it would show 2,000 rows"),
    ],
)
def test_a_reader_is_told_what_the_tables_lack(reason, said):
    assert in_readers_words(reason) == said


def test_the_list_of_what_is_left_out_is_in_these_words():
    missing = {"Determinism gained": "determinism gained needs repeats; add a table answers"}
    report = Report(Results(tables={}, missing=missing, facts={}), {}, {})
    assert str(report.left_out()) == "- Determinism gained: it needs repeats."
