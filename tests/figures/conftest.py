"""Rows of tidy estimates, made by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def estimate() -> Callable[..., dict[str, Any]]:
    def make(
        estimand: str,
        value: float = math.nan,
        low: float = math.nan,
        high: float = math.nan,
        *,
        group: dict[str, Any],
        note: str = "",
        n_items: int = 839,
    ) -> dict[str, Any]:
        return {
            "estimand": estimand,
            **group,
            "value": value,
            "low": low,
            "high": high,
            "level": 0.95,
            "standard_error": math.nan,
            "interval": "bca",
            "n_items": n_items,
            "n_clusters": 240,
            "design_effect": 1.2,
            "note": note,
        }

    return make
