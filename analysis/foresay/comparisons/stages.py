"""The stages of the field: which trials are on which rung of the ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from foresay.errors import UnsupportedError

STAGES: Mapping[str, str] = MappingProxyType(
    {
        "base": "stage = 'base'",
        "prompted": "stage = 'base'",
        "few-shot": "stage = 'base'",
        "format-trained": "stage = 'format-trained'",
        "scrambled": "stage = 'scrambled'",
        "self-trained": "stage = 'self-trained'",
    }
)
"""The rungs of the ladder of the field, from the bottom: what the model's `stage` is."""

_OWN = "coalesce(base, predictor) = coalesce({target_base}, target)"
_PROMPT, _SHOTS = "prompted", "n_shot"


def rungs_of(columns: Sequence[str]) -> dict[str, str]:
    """Return the rungs that some columns of trials can tell apart, by their SQL conditions.

    Parameters
    ----------
    columns : sequence of str
        Those of trials. `stage` is needed. A numeric `n_shot` tells few-shot prompts from others,
        a boolean `prompted` those that were told how to go about it. With `base`, predictions
        count that a model makes about itself or the model that it was trained from.

    Raises
    ------
    UnsupportedError
        There is no `stage`.
    """
    if "stage" not in columns:
        raise UnsupportedError(
            "the stage ladder needs the stages of the predictors; add a table models with a "
            "column stage, or name the rungs as conditions"
        )
    own = "role = 'self'"
    if "base" in columns:
        theirs = "target_base" if "target_base" in columns else "NULL"
        own = _OWN.format(target_base=theirs)
    shots = f"coalesce(TRY_CAST({_SHOTS} AS DOUBLE), 0)" if _SHOTS in columns else "0"
    told = f"coalesce(TRY_CAST({_PROMPT} AS BOOLEAN), false)" if _PROMPT in columns else "false"
    more = {
        "base": f"{shots} = 0 AND NOT {told}",
        "prompted": f"{shots} = 0 AND {told}",
        "few-shot": f"{shots} > 0",
    }
    return {
        name: f"{stage} AND {own} AND ({more.get(name, 'true')})" for name, stage in STAGES.items()
    }
