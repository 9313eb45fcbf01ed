"""The analyses of a report: an opened study -> named tables, each supported or left out by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from foresay.comparisons.contrasts import known_contrasts
from foresay.comparisons.specification_curves import SpecificationCurve
from foresay.display import label_of
from foresay.errors import UnsupportedError
from foresay.measures.baselines import baseline_of
from foresay.measures.gain import gain_measures
from foresay.measures.registry import measures
from foresay.publishing import calibrations, further_analyses, mechanisms, variations
from foresay.publishing.arms import Arms
from foresay.publishing.calibrations import defined
from foresay.publishing.claims import claims
from foresay.publishing.declared import NOT_UNDER_BOUNDS, interactions, of_kind
from foresay.publishing.headline import headline
from foresay.publishing.results import INFORMATIVE, TITLES, Results
from foresay.resampling.designs import named_design
from foresay.study import Choices
from foresay.workbench import Workbench

POLICIES = ("paper", "drop_either", "count_wrong", "ignore", "bounds")
BOUNDS = ("accuracy", "baseline_mode", "ceiling_resample")
MODAL = ("ceiling_modal", "normalized_accuracy_modal")
_OF_AN_ARM = (*BOUNDS, "advantage", "normalized_accuracy", "skill", *MODAL, "compliance")
_MOST_PANEL_ARMS = 6
_NO_PREDICTIONS = "the study has no predictions"


def analyse(
    bench: Workbench,
    progress: Callable[[str], None] = lambda _: None,
    done: Callable[[str, pd.DataFrame], None] = lambda _name, _table: None,
) -> Results:
    """Compute all analyses that the tables of a study support.

    Parameters
    ----------
    bench : Workbench
        The opened study; its tables must be valid.
    progress : callable
        Told what is being computed.
    done : callable
        Given each table as soon as it is computed.

    Raises
    ------
    InvalidTablesError
        Validation found errors.
    """
    desk = Desk(bench)
    tables: dict[str, pd.DataFrame] = {}
    if desk.arms.frame.empty:
        return Results(tables={}, missing={}, facts=_facts(desk, {}))
    for name, compute in _ANALYSES.items():
        progress(f"computing {TITLES[name][:1].lower()}{TITLES[name][1:]}")
        try:
            made = compute(desk)
        except UnsupportedError as error:
            desk.missing[TITLES[name]] = str(error)
            continue
        if made.empty:
            desk.missing[TITLES[name]] = "no trial is left to estimate from"
            continue
        tables[name] = made
        done(name, made)
    return Results(tables=tables, missing=desk.missing, facts=_facts(desk, tables))


class Desk:
    """What the analyses of one study share: the study, its arms, what was computed already.

    Parameters
    ----------
    bench : Workbench
        The opened study.
    """

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.arms = Arms(bench)
        self.missing: dict[str, str] = {}
        self.claims: dict[str, Any] = {}
        self.curves: dict[str, SpecificationCurve] = {}
        self._of_arms: pd.DataFrame | None = None

    def require_predictions(self) -> None:
        """Leave an analysis out of a study of behaviour alone."""
        if not self.arms.has_predictions:
            raise UnsupportedError(_NO_PREDICTIONS)

    @property
    def baseline(self) -> str:
        """The estimand that shows the chosen baseline."""
        return baseline_of(self.bench.choices.baseline)

    @property
    def of_arms(self) -> pd.DataFrame:
        """Every estimand of an arm, estimated once for all analyses that print one of them."""
        self.require_predictions()
        if self._of_arms is None:
            self._of_arms = self.estimate([*_OF_AN_ARM, self.baseline], self.arms.by)
        return self._of_arms

    def of_arms_only(self, *estimands: str) -> pd.DataFrame:
        """Return those rows of `of_arms` that are of one of the estimands."""
        frame = self.of_arms
        return frame[frame["estimand"].isin(estimands)].reset_index(drop=True)

    def estimate(self, names: Sequence[str], by: Sequence[str], **more: Any) -> pd.DataFrame:
        """Estimate those estimands that the tables support.

        Raises
        ------
        UnsupportedError
            None is supported; says what the first one lacks.
        """
        reasons = {name: self.bench.supports(name) for name in names}
        supported = [name for name in names if not reasons[name]]
        if not supported:
            raise UnsupportedError(f"{label_of(names[0]).lower()} {reasons[names[0]]}")
        return self.bench.estimate(supported, by=by, **more)


def _glance(desk: Desk) -> pd.DataFrame:
    return desk.bench.glance()


def _accuracy(desk: Desk) -> pd.DataFrame:
    return desk.arms.labelled(desk.of_arms_only(*_OF_AN_ARM[:-1], desk.baseline))


def _informative(desk: Desk) -> pd.DataFrame:
    whole = desk.of_arms_only("accuracy")
    named = [*BOUNDS, "ceiling_modal", desk.baseline, "advantage"]
    frame = desk.estimate(named, desk.arms.by, where=f"mode_share < {INFORMATIVE}")
    left = frame.loc[frame["estimand"] == "accuracy", "n_trials"].sum()
    if left == whole["n_trials"].sum():
        raise UnsupportedError("there is something to predict in every cell")
    if left == 0:
        raise UnsupportedError(
            "in every cell one answer is given so often that there is little to predict"
        )
    return desk.arms.labelled(frame)


def _by_property(desk: Desk) -> pd.DataFrame:
    """Return accuracy and bounds by property, for the arms with the most training."""
    desk.require_predictions()
    if "property" not in desk.bench.population().columns:
        raise UnsupportedError("the trials name no property")
    where = None
    if "n_train" in desk.arms.frame:
        most = desk.arms.frame["n_train"].max()
        if most > 0:
            where = f"n_train = {int(most)}"
    named = [*BOUNDS, "ceiling_modal", desk.baseline]
    frame = desk.estimate(named, [*desk.arms.by, "property"], where=where)
    if frame["property"].nunique(dropna=False) < 2:
        raise UnsupportedError("the study has one property")
    labelled = desk.arms.labelled(frame)
    n_arms = len(labelled[["arm", "target"]].drop_duplicates())
    if n_arms > _MOST_PANEL_ARMS:
        raise UnsupportedError(
            f"by property there would be {n_arms} arms; ask for a selection with "
            "`foresay estimate --by predictor,property`"
        )
    return labelled


def _scaling(desk: Desk) -> pd.DataFrame:
    """Return accuracy by number of training questions, for each base and role.

    The point without training is the base model asked under the same conditions.
    """
    desk.require_predictions()
    arms = desk.arms
    if "n_train" not in arms.frame or arms.frame["n_train"].nunique() < 2:
        raise UnsupportedError(
            "the models table names fewer than two numbers of training questions"
        )
    if not arms.bases:
        raise UnsupportedError("the models table does not name one base for each predictor")
    frame = desk.of_arms_only("accuracy")
    frame = frame.assign(base=frame["predictor"].map(arms.bases))
    trained = frame[frame["n_train"] > 0]
    conditions = ["target", *arms.conditions]
    keep = [trained.assign(series=_series(trained, trained["base"]))]
    before = frame[(frame["n_train"] == 0) | frame["n_train"].isna()]
    for (role, base), part in trained.groupby(["role", "base"], dropna=False):
        asked = part[conditions].drop_duplicates()
        start = before[before["predictor"] == base].merge(asked, on=conditions)
        start = start.assign(role=str(role))
        keep.append(start.assign(series=_series(start, start["predictor"])))
    together = pd.concat(keep, ignore_index=True)
    together["n_train"] = together["n_train"].fillna(0).astype(int)
    dropped = {"predictor", "role", "stage", "base", "series", "n_train", *arms.conditions}
    rest = [c for c in together.columns if c not in {*dropped, "estimand", "target"}]
    ordered = together.sort_values(["target", "series", "n_train"], kind="stable")
    return ordered[["estimand", "series", "target", "n_train", *rest]].reset_index(drop=True)


def _series(frame: pd.DataFrame, base: pd.Series[Any]) -> list[str]:
    return [f"{role}: {name}" for role, name in zip(frame["role"], base, strict=True)]


def _matrix(desk: Desk) -> pd.DataFrame:
    desk.require_predictions()
    pairs = desk.arms.frame[["predictor", "target"]].drop_duplicates()
    crossed = pairs.groupby("target").size()
    if pairs["target"].nunique() < 2 or (crossed > 1).sum() < 2:
        raise UnsupportedError("fewer than two targets have several predictors")
    by = ["predictor", "target", "role"]
    if set(by) == set(desk.arms.by):
        return desk.of_arms_only(*BOUNDS[:2])
    return desk.estimate(BOUNDS[:2], by)


def _advantage(desk: Desk) -> pd.DataFrame:
    """Return every contrast that has something to pair; those without are left out by name."""
    desk.require_predictions()
    if desk.bench.choices.compliance == "bounds":
        raise UnsupportedError(NOT_UNDER_BOUNDS)
    parts: list[pd.DataFrame] = []
    for name, spec in known_contrasts(desk.bench.study).items():
        title = spec.title or label_of(name)
        try:
            part = desk.bench.contrast(name)
        except UnsupportedError as error:
            if name in desk.bench.study.contrasts:
                desk.missing[title] = str(error)
            continue
        if part["value"].notna().any():
            part.insert(1, "contrast", title)
            ratio = spec.scale == "ratio"
            quantity = "interaction" if spec.versus is not None and not ratio else spec.scale
            part = part.assign(quantity=quantity, reference=1.0 if ratio else 0.0)
            parts.append(part)
        elif name in desk.bench.study.contrasts:
            reasons = dict.fromkeys(note for note in part["note"] if note)
            desk.missing[title] = "; ".join(reasons) or "no trial is left to estimate from"
    if not parts:
        raise UnsupportedError("no item has a self-prediction and a cross-prediction")
    together = pd.concat(parts, ignore_index=True)
    # each contrast has its own grouping; all of it stands before the numbers
    by = [c for part in parts for c in part.columns[: list(part.columns).index("value")]]
    first = list(dict.fromkeys(by))
    return together[[*first, *(c for c in together.columns if c not in first)]]


def _compliance(desk: Desk) -> pd.DataFrame:
    frame = desk.of_arms_only("compliance")
    if bool((frame["value"] == 1).all()):
        raise UnsupportedError("every prediction is in the asked form")
    return desk.arms.labelled(frame)


def _policies(desk: Desk) -> pd.DataFrame:
    rates = _compliance(desk)
    affected = rates.loc[rates["value"] < 1, ["arm", "target"]]
    made = [desk.arms.labelled(_under(desk, policy)) for policy in POLICIES]
    return pd.concat(made, ignore_index=True).merge(affected, on=["arm", "target"])


def _under(desk: Desk, policy: str) -> pd.DataFrame:
    if policy == desk.bench.choices.compliance:
        return desk.of_arms_only("accuracy")
    return desk.estimate(["accuracy"], desk.arms.by, compliance=policy)


def _agreement(desk: Desk) -> pd.DataFrame:
    wanted = ["agreement_raw", "agreement_answer", "ceiling_resample"]
    frame = desk.estimate(wanted, ["target", "task"])
    return frame[frame["value"].notna()].reset_index(drop=True)


def _ceilings(desk: Desk) -> pd.DataFrame:
    """Return every ceiling with the ends of its bracket, by target and property."""
    by = [c for c in ("target", "property") if c in desk.bench.population().columns]
    frame = desk.estimate(_CEILINGS, by)
    known = frame[frame["value"].notna() | frame["low"].notna()]
    if known.empty:
        raise UnsupportedError("no item has two usable repeats of its target")
    return known.reset_index(drop=True)


def _ceiling_by_k(desk: Desk) -> pd.DataFrame:
    frame = desk.bench.ceiling_by_k(by=["target"])
    if frame.loc[frame["estimand"] == "ceiling_resample", "repeats"].nunique() < 2:
        raise UnsupportedError("no item has more than two usable repeats")
    return frame


def _agreement_by_n(desk: Desk) -> pd.DataFrame:
    frame = desk.bench.agreement_by_n(by=["target", "task"])
    if frame.loc[frame["value"].notna(), "repeats"].nunique() < 2:
        raise UnsupportedError("no item has more than two usable repeats")
    return frame


_CEILINGS = ("ceiling_resample", "ceiling_modal_lower", "ceiling_modal_upper", "ceiling_modal")

_ANALYSES: dict[str, Callable[[Desk], pd.DataFrame]] = {
    "glance": _glance,
    "headline": headline,
    "accuracy": _accuracy,
    "accuracy_informative": _informative,
    "accuracy_by_property": _by_property,
    "scaling": _scaling,
    "trends": of_kind("trend"),
    "matrix": _matrix,
    "advantage": _advantage,
    "interactions": interactions,
    "over_tasks": of_kind("summary"),
    "two_way": of_kind("regression"),
    "compliance": _compliance,
    "policies": _policies,
    "compliance_gain": mechanisms.compliance_gain,
    "reproduction": mechanisms.reproduction,
    "projection": mechanisms.projections,
    "two_scorings": mechanisms.two_scorings,
    "shift": mechanisms.shifts,
    "shifted_share": mechanisms.shifted_shares,
    "specifications": variations.of_curves("specifications"),
    "specification_summary": variations.of_curves("summary"),
    "specification_importance": variations.of_curves("importance"),
    "influence": variations.influence,
    "agreement": _agreement,
    "ceilings": _ceilings,
    "ceiling_by_k": _ceiling_by_k,
    "agreement_by_n": _agreement_by_n,
    "determinism": further_analyses.determinism,
    "entropy_matched": further_analyses.entropy_matched,
    "templates": further_analyses.templates,
    "complexity": further_analyses.complexity,
    "ladder": further_analyses.ladder,
    "detection": further_analyses.detection,
    "correlation": further_analyses.correlation,
    "calibration": calibrations.calibration,
    "reliability": calibrations.curves,
    "calibration_by_rank": calibrations.by_rank,
    "distances": calibrations.distances,
    "claims": claims,
}


def _facts(desk: Desk, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    bench, arms = desk.bench, desk.arms
    used = {name for frame in tables.values() if "estimand" in frame for name in frame["estimand"]}
    return {
        **_counts(bench),
        "names": {**_names_of_arms(arms), **_names(bench)},
        "has_predictions": arms.has_predictions,
        "study": bench.name,
        "title": bench.title,
        "description": bench.study.description,
        "where": bench.study.where or "",
        "choices": bench.choices.model_dump(mode="json"),
        "meanings": {name: field.description or "" for name, field in Choices.model_fields.items()},
        "estimands": [
            defined(measure)
            for name, measure in measures(baseline=bench.choices.baseline).items()
            if name in used
        ]
        + calibrations.definitions(used)
        + [defined(m) for m in gain_measures() if "compliance_gain" in tables],
        "contrasts": {
            name: spec.model_dump(mode="json")
            for name, spec in known_contrasts(bench.study).items()
            if "advantage" in tables and name in set(tables["advantage"]["estimand"])
        },
        "families": {n: f.model_dump(mode="json") for n, f in bench.study.families.items()},
        "fingerprint": bench.fingerprint,
        "files": bench.digests,
        "informative": INFORMATIVE,
        "claims": desk.claims,
        "generalises_to": named_design(bench.choices).generalises_to(),
    }


def _counts(bench: Workbench) -> dict[str, int]:
    import ibis

    table = bench.population().trials
    prompt = table.task.length().cast("string") + ":" + table.task + table.item
    repeats = ibis.ifelse(table.included, table.k, None)
    wanted = {
        "predictions": table.count(),
        "included": table.included.cast("int64").sum(),
        "prompts": prompt.nunique(),
        "repeats_low": repeats.min(),
        "repeats_high": repeats.max(),
    }
    counted = table.aggregate(**wanted).to_pyarrow().to_pylist()[0]
    return {key: int(value or 0) for key, value in counted.items()}


def _names(bench: Workbench) -> dict[str, list[str]]:
    table = bench.population().trials
    columns = [c for c in ("task", "property") if c in table.columns]
    found = table.select(*columns).distinct().to_pyarrow()
    return {c: sorted({str(v) for v in found[c].to_pylist() if v is not None}) for c in columns}


def _names_of_arms(arms: Arms) -> dict[str, list[str]]:
    columns = [c for c in ("predictor", "target", "role") if c in arms.frame]
    return {c: sorted({str(v) for v in arms.frame[c].dropna()}) for c in columns}
