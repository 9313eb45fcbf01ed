"""What is kept between two processes comes back as it was."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from foresay.errors import ReportError
from foresay.publishing.results import Results
from foresay.publishing.stored import load, store

MIXED = [1, "1", 1.5, None, float("nan"), True]
TABLE = pd.DataFrame(
    {
        "text": ["<b>", "\u202e\ud7ff\U0001f600", None, "a", "b", ""],
        "mixed": pd.Series(MIXED, dtype=object),
        "whole": np.arange(6),
        "share": [0.1 + 0.2, 1e-300, np.nan, np.inf, -0.0, 1 / 3],
        "yes": [True, False] * 3,
        "perhaps": pd.Series([1, None, 3, 4, 5, 6], dtype="Int64"),
        "numpy": pd.Series([np.int64(3), np.float64(0.5), np.bool_(1), None, "x", 2], dtype=object),
    }
)


def test_every_value_comes_back_with_its_type(tmp_path):
    facts = {"n": 3, "share": 0.1, "names": {"task": ["a", "b"]}, "where": ""}
    results = Results(tables={"b": TABLE, "a": TABLE.head(0)}, missing={"x": "y"}, facts=facts)
    store(results, json.dumps({"problems": []}), tmp_path)
    found, validation, figures = load(tmp_path)
    assert list(found.tables) == ["b", "a"]
    for name, table in results.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], table, check_exact=True)
    for value, kept in zip(MIXED, found.tables["b"]["mixed"], strict=True):
        assert type(kept) is type(value)
        assert kept == value or (kept != kept and value != value)  # noqa: PLR0124  # nan
    assert (found.missing, found.facts, validation, figures) == (
        {"x": "y"},
        facts,
        {"problems": []},
        {},
    )


def test_a_folder_that_is_gone_is_named(tmp_path):
    with pytest.raises(ReportError, match="is gone; render with"):
        load(tmp_path / "nowhere")
