"""Every comparison of a study by name: those that it declares, and those that are always known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from foresay.errors import ChoiceError
from foresay.study.contrasts import SELF_ADVANTAGE, SELF_ADVANTAGE_NAME, Contrast
from foresay.study.models import OVER_TASKS, OVER_TASKS_NAME, TWO_WAY, TWO_WAY_NAME
from foresay.study.models import Regression as RegressionSpec
from foresay.study.models import Summary as SummarySpec
from foresay.study.naming import nearest
from foresay.study.trends import SCALING, SCALING_NAME, SHOTS, SHOTS_NAME, Trend

if TYPE_CHECKING:
    from foresay.study.specification import Study

Kind: TypeAlias = Literal["contrast", "regression", "summary", "trend"]
Spec: TypeAlias = Contrast | RegressionSpec | SummarySpec | Trend

ALWAYS: Mapping[str, tuple[Kind, Spec]] = {
    SELF_ADVANTAGE_NAME: ("contrast", SELF_ADVANTAGE),
    TWO_WAY_NAME: ("regression", TWO_WAY),
    OVER_TASKS_NAME: ("summary", OVER_TASKS),
    SCALING_NAME: ("trend", SCALING),
    SHOTS_NAME: ("trend", SHOTS),
}
"""Comparisons that need no declaration; one that a study declares takes its place."""

SECTIONS: Mapping[Kind, str] = {
    "contrast": "contrasts",
    "regression": "regressions",
    "summary": "summaries",
    "trend": "trends",
}
"""The key of the study file that declares each kind, in the order of tables and reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A comparison that can be asked for by name.

    Parameters
    ----------
    name : str
        Its name.
    kind : {"contrast", "regression", "summary", "trend"}
        What it is.
    spec : Contrast, Regression, Summary or Trend
        What is asked.
    by_study : bool
        Whether the study file declares it; otherwise it is one of `ALWAYS`.
    """

    name: str
    kind: Kind
    spec: Spec
    by_study: bool

    @property
    def title(self) -> str:
        """Its title, or its name in plain words."""
        return self.spec.title or self.name

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of trials that it names, besides `by` and those in conditions."""
        match self.spec:
            case RegressionSpec():
                return (self.spec.predictor, self.spec.target, *self.spec.covariates)
            case SummarySpec() | Trend():
                return (self.spec.over,)
        return ()


def known_comparisons(study: Study) -> dict[str, Declared]:
    """Return every comparison of a study by name: contrasts, regressions, summaries, trends."""
    found = {}
    for kind in SECTIONS:
        named: dict[str, Spec] = {
            **{name: spec for name, (of, spec) in ALWAYS.items() if of == kind},
            **_declared(study, kind),
        }
        for name, spec in named.items():
            by_study = name in _declared(study, kind)
            found[name] = Declared(name=name, kind=kind, spec=spec, by_study=by_study)
    return found


def find_comparison(study: Study, name: str, of: type[Any] | None = None) -> Declared:
    """Return a comparison by its name.

    Parameters
    ----------
    study : Study
        Its comparisons are searched, and those that are always known.
    name : str
        The name.
    of : type, optional
        The only kind of spec that is asked for.

    Raises
    ------
    ChoiceError
        With the nearest known one.
    """
    known = {
        key: found
        for key, found in known_comparisons(study).items()
        if of is None or isinstance(found.spec, of)
    }
    if name not in known:
        kinds = {type(spec): kind for kind, spec in ALWAYS.values()}
        what = kinds.get(of, "comparison") if of is not None else "comparison"
        raise ChoiceError(
            f"no {what} {name!r} is declared in the study file; {nearest(name, list(known))}"
        )
    return known[name]


def _declared(study: Study, kind: Kind) -> Mapping[str, Spec]:
    named: Mapping[str, Spec] = getattr(study, SECTIONS[kind])
    return named


def name_problems(sections: Mapping[Kind, Mapping[str, Spec]]) -> Iterator[str]:
    """Name the comparisons that share a name with one of another kind.

    Parameters
    ----------
    sections : mapping
        Kind -> what the study file declares of it.
    """
    owner = {name: kind for name, (kind, _) in ALWAYS.items()}
    for kind, section in SECTIONS.items():
        for name in sections[kind]:
            if owner.setdefault(name, kind) != kind:
                yield (
                    f"{section}: {name!r} is the name of a {owner[name]} already; a comparison "
                    "is asked for by its name, so choose another"
                )
