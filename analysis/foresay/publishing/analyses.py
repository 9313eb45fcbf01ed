"""The analyses of a report: an opened study -> named tables, each supported or left out by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from foresay.comparisons.contrasts import known_contrasts
from foresay.display import label_of
from foresay.errors import UnsupportedError
from foresay.workbench import Workbench

INFORMATIVE = 0.6
"""Below this share of the commonest answer a cell is called informative: there is something to
predict. A convention, stated wherever it is used."""

POLICIES = ("paper", "drop_either", "count_wrong", "ignore", "bounds")
BOUNDS = ("accuracy", "baseline_mode", "ceiling_resample")
_MOST_PANEL_ARMS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything that a report prints, computed.

    Parameters
    ----------
    tables : dict of str to DataFrame
        By name of the analysis.
    missing : dict of str to str
        Analyses that the study's tables do not support, and why.
    facts : dict of str to object
        Single facts: counts, names, choices.
    """

    tables: dict[str, pd.DataFrame]
    missing: dict[str, str]
    facts: dict[str, Any] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Tell whether an analysis gave rows."""
        return name in self.tables and not self.tables[name].empty


def analyse(bench: Workbench, progress: Callable[[str], None] = lambda _: None) -> Results:
    """Compute all analyses that the tables of a study support.

    Parameters
    ----------
    bench : Workbench
        The opened study; its tables must be valid.
    progress : callable
        Told what is being computed.

    Raises
    ------
    InvalidTablesError
        Validation found errors.
    """
    tables: dict[str, pd.DataFrame] = {}
    missing: dict[str, str] = {}
    arms = Arms(bench)
    for name, compute in _ANALYSES.items():
        progress(f"computing {label_of(name)}")
        try:
            made = compute(bench, arms)
        except UnsupportedError as error:
            missing[name] = str(error)
            continue
        if made.empty:
            missing[name] = "no rows"
        else:
            tables[name] = made
    return Results(tables=tables, missing=missing, facts=_facts(bench, arms))


class Arms:
    """The arms of a study: predictor and target, and the conditions that vary within them."""

    def __init__(self, bench: Workbench) -> None:
        population = bench.population()
        table = population.trials
        self.has_predictions = population.has_predictions
        declared = [c for t in bench.study.tables.values() for c in t.conditions]
        columns = [c for c in ("wording", "temperature", *declared) if c in table.columns]
        known = ["role", "stage", "n_train"]
        described = [c for c in known if c in table.columns]
        keys = ["predictor", "target", *described, *columns]
        counted = table.group_by(keys).aggregate(n=lambda t: t.count())
        frame = counted.to_pyarrow().to_pandas()
        within = frame.groupby(["predictor", "target"], dropna=False)
        self.conditions = [c for c in columns if bool((within[c].nunique(dropna=False) > 1).any())]
        self.by = ["predictor", "target", *described, *self.conditions]
        self.frame = frame[self.by].drop_duplicates().reset_index(drop=True)

    def labelled(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Put one column `arm` in place of predictor and conditions, and sort the arms."""
        together = frame.copy()
        several = self.frame.groupby(["predictor", "target"], dropna=False).size()
        together["arm"] = [
            self._name(row, int(several.get((row["predictor"], row["target"]), 1)))
            for row in together.to_dict("records")
        ]
        order = [c for c in ("target", "role", "stage", "n_train", "arm") if c in together]
        # base models, then cross, then self; by number of training questions
        together = together.sort_values(
            order, kind="stable", na_position="first", key=_sort_key
        ).reset_index(drop=True)
        dropped = ["predictor", *(c for c in ("role", "stage", "n_train", *self.conditions))]
        start = ["estimand", "arm", "target"]
        rest = [c for c in together.columns if c not in {*start, *dropped}]
        return together[[*start, *rest]]

    def _name(self, row: dict[Any, Any], several: int) -> str:
        name = str(row["predictor"])
        if several < 2:
            return name
        values = [str(row[c]).replace("_", " ") for c in self.conditions if not pd.isna(row[c])]
        return f"{name} \N{MIDDLE DOT} {', '.join(values)}" if values else name


def _sort_key(column: pd.Series[Any]) -> pd.Series[Any]:
    orders = {
        "role": {"cross": 0, "self": 1},
        "stage": {"base": 0, "format-trained": 1, "scrambled": 2},
    }
    if column.name in orders:
        return column.map(orders[str(column.name)]).fillna(9)
    return column


def _each(bench: Workbench, names: Sequence[str], by: Sequence[str], **more: Any) -> pd.DataFrame:
    """Estimate those estimands that the tables support.

    Raises
    ------
    UnsupportedError
        None is supported; says what the first one lacks.
    """
    reasons = {name: bench.supports(name) for name in names}
    supported = [name for name in names if not reasons[name]]
    if not supported:
        raise UnsupportedError(f"{names[0]} {reasons[names[0]]}")
    return bench.estimate(supported, by=by, **more)


def _by_arm(bench: Workbench, arms: Arms, estimands: Sequence[str], **more: Any) -> pd.DataFrame:
    _require_predictions(arms)
    return arms.labelled(_each(bench, estimands, arms.by, **more))


def _require_predictions(arms: Arms) -> None:
    if not arms.has_predictions:
        raise UnsupportedError("the study has no predictions")


def _accuracy(bench: Workbench, arms: Arms, **more: Any) -> pd.DataFrame:
    return _by_arm(bench, arms, [*BOUNDS, "advantage", "normalized_accuracy"], **more)


def _informative(bench: Workbench, arms: Arms) -> pd.DataFrame:
    return _accuracy(bench, arms, where=f"mode_share < {INFORMATIVE}")


def _by_property(bench: Workbench, arms: Arms) -> pd.DataFrame:
    """Return accuracy and bounds by property, for the arms with the most training."""
    _require_predictions(arms)
    where = None
    if "n_train" in arms.frame:
        most = arms.frame["n_train"].max()
        if most > 0:
            where = f"n_train = {int(most)}"
    frame = arms.labelled(_each(bench, BOUNDS, [*arms.by, "property"], where=where))
    if frame["arm"].nunique() > _MOST_PANEL_ARMS:
        raise UnsupportedError(
            f"by property there would be {frame['arm'].nunique()} arms; ask for a selection with "
            "`foresay estimate --by predictor,property`"
        )
    return frame


def _scaling(bench: Workbench, arms: Arms) -> pd.DataFrame:
    """Return accuracy by number of training questions, for each base and role.

    The point without training is the base model asked under the same conditions.
    """
    _require_predictions(arms)
    if "n_train" not in arms.frame or arms.frame["n_train"].nunique() < 2:
        raise UnsupportedError(
            "the models table names fewer than two numbers of training questions"
        )
    columns = bench.population().columns
    if "base" not in columns:
        raise UnsupportedError("the models table has no column base")
    frame = bench.estimate("accuracy", by=[*arms.by, "base"])
    trained = frame[frame["n_train"] > 0]
    conditions = ["target", *arms.conditions]
    keep = [trained.assign(series=_series(trained, trained["base"]))]
    before = frame[(frame["n_train"] == 0) | frame["n_train"].isna()]
    for (role, base), part in trained.groupby(["role", "base"], dropna=False):
        asked = part[conditions].drop_duplicates()
        start = before[before["predictor"] == base].merge(asked, on=conditions)
        start["role"] = role
        keep.append(start.assign(series=_series(start, start["predictor"])))
    together = pd.concat(keep, ignore_index=True)
    together["n_train"] = together["n_train"].fillna(0).astype(int)
    dropped = {"predictor", "role", "stage", "base", "series", "n_train", *arms.conditions}
    rest = [c for c in together.columns if c not in {*dropped, "estimand", "target"}]
    ordered = together.sort_values(["target", "series", "n_train"], kind="stable")
    return ordered[["estimand", "series", "target", "n_train", *rest]].reset_index(drop=True)


def _series(frame: pd.DataFrame, base: pd.Series[Any]) -> list[str]:
    return [f"{role}: {name}" for role, name in zip(frame["role"], base, strict=True)]


def _matrix(bench: Workbench, arms: Arms) -> pd.DataFrame:
    _require_predictions(arms)
    pairs = arms.frame[["predictor", "target"]].drop_duplicates()
    crossed = pairs.groupby("target").size()
    if pairs["target"].nunique() < 2 or (crossed > 1).sum() < 2:
        raise UnsupportedError("fewer than two targets have several predictors")
    return _each(bench, BOUNDS[:2], ["predictor", "target", "role"])


def _advantage(bench: Workbench, arms: Arms) -> pd.DataFrame:
    _require_predictions(arms)
    parts = []
    for name, spec in known_contrasts(bench.study).items():
        try:
            part = bench.contrast(name)
        except UnsupportedError:
            if name in bench.study.contrasts:
                raise
            continue
        part.insert(1, "contrast", spec.title or label_of(name))
        parts.append(part)
    if not parts:
        raise UnsupportedError("no item has a self-prediction and a cross-prediction")
    return pd.concat(parts, ignore_index=True)


def _compliance(bench: Workbench, arms: Arms) -> pd.DataFrame:
    frame = _by_arm(bench, arms, ["compliance"])
    if bool((frame["value"] == 1).all()):
        raise UnsupportedError("every prediction is in the asked form")
    return frame


def _policies(bench: Workbench, arms: Arms) -> pd.DataFrame:
    rates = _compliance(bench, arms)
    affected = rates.loc[rates["value"] < 1, ["arm", "target"]]
    made = [_by_arm(bench, arms, ["accuracy"], compliance=policy) for policy in POLICIES]
    return pd.concat(made, ignore_index=True).merge(affected, on=["arm", "target"])


def _agreement(bench: Workbench, arms: Arms) -> pd.DataFrame:  # noqa: ARG001  # one signature
    wanted = ["agreement_raw", "agreement_answer", "ceiling_resample"]
    frame = _each(bench, wanted, ["target", "task"])
    return frame[frame["value"].notna()].reset_index(drop=True)


def _glance(bench: Workbench, arms: Arms) -> pd.DataFrame:  # noqa: ARG001  # one signature
    return bench.glance()


_ANALYSES: dict[str, Callable[[Workbench, Arms], pd.DataFrame]] = {
    "glance": _glance,
    "accuracy": _accuracy,
    "accuracy_informative": _informative,
    "accuracy_by_property": _by_property,
    "scaling": _scaling,
    "matrix": _matrix,
    "advantage": _advantage,
    "compliance": _compliance,
    "policies": _policies,
    "agreement": _agreement,
}


def _facts(bench: Workbench, arms: Arms) -> dict[str, Any]:
    import ibis

    table = bench.population().trials
    prompt = table.task.length().cast("string") + ":" + table.task + table.item
    wanted: dict[str, Any] = {
        "predictions": table.count(),
        "included": table.included.cast("int64").sum(),
        "prompts": prompt.nunique(),
        "repeats_low": ibis.ifelse(table.included, table.k, None).min(),
        "repeats_high": ibis.ifelse(table.included, table.k, None).max(),
    }
    counted = table.aggregate(**wanted).to_pyarrow().to_pylist()[0]
    names = {
        column: sorted(
            str(v)
            for v in table.select(column).distinct().to_pyarrow()[column].to_pylist()
            if v is not None
        )
        for column in ("predictor", "target", "task", "property", "role")
        if column in table.columns
    }
    return {
        **{key: int(value or 0) for key, value in counted.items()},
        "names": names,
        "has_predictions": arms.has_predictions,
        "study": bench.name,
        "title": bench.title,
        "description": bench.study.description,
        "where": bench.study.where or "",
        "choices": bench.choices.model_dump(mode="json"),
        "contrasts": {
            name: spec.model_dump(mode="json")
            for name, spec in known_contrasts(bench.study).items()
        },
        "fingerprint": bench.fingerprint,
        "files": bench.digests,
        "informative": INFORMATIVE,
    }
