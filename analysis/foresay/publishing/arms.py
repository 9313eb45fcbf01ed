"""The arms of a study: predictor and target, and the conditions that vary within them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from foresay.workbench import Workbench


_DESCRIBED = ("role", "stage", "n_train")
_ORDER = ("target", "role", "stage", "n_train", "arm")
_RANKS = {
    "role": {"cross": 0, "self": 1},
    "stage": {"base": 0, "format-trained": 1, "scrambled": 2},
}


class Arms:
    """The arms of a study, found in one pass over its trials.

    Parameters
    ----------
    bench : Workbench
        The opened study.

    Attributes
    ----------
    by : list of str
        Columns that tell arms apart, and those that describe them.
    conditions : list of str
        Columns, such as the wording, that vary within a predictor and target.
    frame : DataFrame
        One row an arm: the columns of `by`.
    bases : dict of str to str
        Predictor -> the model that it was trained from, where the models table says it.
    """

    def __init__(self, bench: Workbench) -> None:
        population = bench.population()
        table = population.trials
        self.has_predictions = population.has_predictions
        declared = [c for t in bench.study.tables.values() for c in t.conditions]
        named = dict.fromkeys(("wording", "temperature", *declared))
        columns = [c for c in named if c in table.columns]
        described = [c for c in _DESCRIBED if c in table.columns]
        base = ["base"] if "base" in population.columns else []
        keys = list(dict.fromkeys(["predictor", "target", *described, *columns, *base]))
        frame = table.select(*keys).distinct().to_pyarrow().to_pandas()
        within = frame.groupby(["predictor", "target"], dropna=False)
        self.conditions = [c for c in columns if bool((within[c].nunique(dropna=False) > 1).any())]
        self.by = list(dict.fromkeys(["predictor", "target", *described, *self.conditions]))
        self.frame = sorted_arms(frame[self.by].drop_duplicates())
        known = frame[["predictor", *base]].drop_duplicates()
        clear = bool(base) and not known["predictor"].duplicated().any()
        self.bases = dict(zip(known["predictor"], known["base"], strict=True)) if clear else {}

    def labelled(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Put one column `arm` in place of predictor and conditions, and sort the arms."""
        counted = self.frame.groupby(["predictor", "target"], dropna=False).size()
        several = {pair for pair, n in counted.items() if n > 1}
        names = [
            self._name(row, alone=(row["predictor"], row["target"]) not in several)
            for row in frame.to_dict("records")
        ]
        together = sorted_arms(frame.assign(arm=names))
        dropped = ["predictor", *_DESCRIBED, *self.conditions]
        start = ["estimand", "arm", "target"]
        rest = [c for c in together.columns if c not in {*start, *dropped}]
        return together[[*start, *rest]]

    def _name(self, row: dict[Any, Any], *, alone: bool) -> str:
        name = str(row["predictor"])
        if alone:
            return name
        values = [_plain(row[c]) for c in self.conditions if not pd.isna(row[c])]
        return f"{name} \N{MIDDLE DOT} {', '.join(values)}" if values else name


def sorted_arms(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort arms: by target; base models, then cross, then self; by training; by name."""
    order = [c for c in _ORDER if c in frame]
    order += [c for c in ("predictor",) if c in frame]
    return frame.sort_values(order, kind="stable", na_position="first", key=_sort_key).reset_index(
        drop=True
    )


def _sort_key(column: pd.Series[Any]) -> pd.Series[Any]:
    ranks = _RANKS.get(str(column.name))
    return column if ranks is None else column.map(ranks).fillna(9)


def _plain(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).replace("_", " ")  # type: ignore[call-overload]
