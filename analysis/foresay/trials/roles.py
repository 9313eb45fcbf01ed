"""Who predicts whom: roles and models' columns, derived from the models table, never typed."""

from __future__ import annotations

from typing import Any

import ibis

MODEL_COLUMNS = ("family", "base", "stage", "trained_on", "n_train", "training_seed")


def with_models(trials: Any, models: Any | None) -> Any:
    """Add the predictor's columns of the models table, the target's as `target_*`, and `role`.

    A predictor is `self` when it is the target, or when it was trained on its own behaviour
    (stage self-trained, base the target). Everything else is `cross`: a cross-trained model stays
    cross even where it shares a base with its target. A `role` that a study brings is kept.
    """
    table = trials
    if models is not None:
        table = _add(table, models, "predictor", "")
        table = _add(table, models, "target", "target_")
    if "role" in table.columns:
        return table
    own = table.predictor == table.target
    if models is not None and {"stage", "base"} <= set(table.columns):
        trained_on_itself = (table.stage == "self-trained") & (table.base == table.target)
        own |= trained_on_itself.fill_null(ibis.literal(value=False))
    return table.mutate(role=ibis.ifelse(own, "self", "cross"))


def _add(table: Any, models: Any, who: str, prefix: str) -> Any:
    """Join the known columns of models on the column `who`; the models table is the authority."""
    there = [name for name in MODEL_COLUMNS if name in models.columns]
    renamed = models.select(
        **{f"_{who}_key": models.model}, **{f"{prefix}{name}": models[name] for name in there}
    )
    clash = [f"{prefix}{name}" for name in there if f"{prefix}{name}" in table.columns]
    base = table.drop(*clash) if clash else table
    joined = base.left_join(renamed, base[who] == renamed[f"_{who}_key"])
    return joined.drop(f"_{who}_key")
