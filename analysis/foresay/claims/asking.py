"""What claims ask of a study's data; claims that ask the same share one computation."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from foresay.claims.claim import Claim
from foresay.claims.pairs import Pairs
from foresay.claims.sameness import is_value, same
from foresay.claims.telling import differing
from foresay.errors import ChoiceError, ForesayError, UnsupportedError
from foresay.measures.registry import measures
from foresay.study import Contrast, Plateau, Trend, find_comparison, known_comparisons, nearest
from foresay.study.comparisons import Spec
from foresay.tables.engine import explained_engine

if TYPE_CHECKING:
    import pandas as pd

    from foresay.workbench import Workbench

Row = dict[str, Any]
_PARTS = ("quantity", "subject", "over", "against", "x_from", "x")


class Asking:
    """An opened study that is asked by many claims.

    Parameters
    ----------
    bench : Workbench
        The study.
    claims : sequence of Claim
        All that will ask: estimands with the same groups, condition and choices are computed in
        one call.
    choices : mapping
        Replace those of the study and of every claim.
    where : str, optional
        Added to the condition of every claim.
    """

    def __init__(
        self,
        bench: Workbench,
        claims: Sequence[Claim] = (),
        *,
        choices: Mapping[str, Any] | None = None,
        where: str | None = None,
    ) -> None:
        self.bench = bench
        self._choices = dict(choices or {})
        self._where = where
        self._known = known_comparisons(bench.study)
        self._kept: dict[Hashable, Any] = {}
        self._alike: dict[Hashable, list[str]] = {}
        self._rows: dict[int, tuple[pd.DataFrame, list[Row]]] = {}
        self._pairs = Pairs(bench)
        for claim in claims:
            if claim.arms and claim.of not in self._known and claim.status != "withdrawn":
                for variant in self._variants(claim):
                    for spec in self._specs(claim):
                        self._pairs.add(spec, self._by(claim), self._asked(claim, variant))
            if claim.kind not in ("count", "calibration") and not claim.arms:
                names = self._alike.setdefault(self._key(claim), [])
                if claim.of not in (*self._known, *names):
                    names.append(claim.of)

    def rows(self, claim: Claim, **choices: Any) -> list[Row]:
        """Return the rows that a claim is about: one, or with `each` one or more.

        Raises
        ------
        ForesayError
            What is asked for is unknown or cannot be computed; no row or too many fit.
        """
        by = self._by(claim)
        if claim.arms:
            return [row for spec in self._specs(claim) for row in self._pair(claim, spec, choices)]
        if claim.of in self._known:
            declared = self._known[claim.of]
            own = list(declared.spec.by)
            more = [c for c in by if c not in (*own, *_PARTS)]
            table = self._once(
                (self._key(claim), claim.of, tuple(more), _frozen(choices)),
                lambda: self._compare(claim, [*own, *more] if more else None, choices),
            )
        else:
            table = self._estimates(claim, by, choices)
        return self._fitting(claim, table)

    def calibration(self, claim: Claim) -> list[Row]:
        """Return the rows of a measure of calibration, each with its null."""
        by = self._by(claim)
        table = self._once(
            (self._key(claim), claim.of, "calibration"),
            lambda: self.bench.calibration([claim.of], by=by, **self._asked(claim)),
        )
        return self._fitting(claim, table)

    def plateau(self, claim: Claim, **choices: Any) -> list[Row]:
        """Return the rows of a trend between the levels of a plateau, with its margin."""
        spec = find_comparison(self.bench.study, claim.of, Trend).spec
        assert isinstance(spec, Trend)  # noqa: S101  # asked for by its kind
        declared = spec.plateau
        if claim.between is None and declared is None:
            raise ChoiceError(f"the trend {claim.of} declares no plateau; name its levels, between")
        margin = claim.margin or (declared.margin if declared else None)
        if margin is None:
            raise ChoiceError("no margin is stated; say which change does not matter")
        ends = claim.between or [declared.start, declared.end] if declared else claim.between
        assert ends is not None  # noqa: S101  # one of the two is there
        flat = Plateau(start=float(ends[0]), end=float(ends[1]), margin=margin)
        table = self._once(
            (self._key(claim), claim.of, tuple(ends), margin, _frozen(choices)),
            lambda: self.bench.trend(
                spec.model_copy(update={"plateau": flat}), **self._asked(claim, choices)
            ),
        )
        table = table[table["quantity"] == "plateau"].rename(columns={"series": "subject"})
        return self._fitting(claim, table)

    @explained_engine()
    def count(self, claim: Claim) -> int:
        """Return how many trials, items, values of a column of trials, or rows of a table.

        Items are those of the trials, also where a table of items lists more.
        """
        if claim.of in self.bench.raw_tables.tables and claim.of not in ("trials", "items"):
            if claim.where or claim.at:
                raise ChoiceError(
                    f"rows of the table {claim.of!r} are counted without a condition; count "
                    "trials, items or a column of trials to have one"
                )
            return int(self.bench.tables[claim.of].count().to_pyarrow().as_py())
        asked = self._asked(claim)
        trials = self._once((self._key(claim), "trials"), lambda: self.bench.trials(**asked))
        columns = {"items": ["task", "item"], "trials": []}.get(claim.of, [claim.of])
        for name in (*columns, *claim.at):
            if name not in trials.columns:
                known = ["trials", "items", *trials.columns, *self.bench.tables]
                raise ChoiceError(f"cannot count {name!r}; {nearest(name, known)}")
        for name, value in claim.at.items():
            trials = trials.filter(is_value(trials[name], value))
        found = trials.select(columns).drop_null().distinct() if columns else trials
        return int(found.count().to_pyarrow().as_py())

    def level(self, claim: Claim) -> float:
        """Return the confidence level of a claim's numbers."""
        return float(self._asked(claim).get("level", self.bench.choices.level))

    def two_one_sided(self, claim: Claim) -> float:
        """Return the level of the interval that two one-sided tests at a claim's level give."""
        return round(1 - 2 * (1 - self.level(claim)), 12)

    def alpha(self, claim: Claim, row: Row) -> float:
        """Return the error rate of a claim's test: that of its family, if it has one."""
        families = self.bench.study.families
        name = str(row.get("family") or "")
        return families[name].level if name in families else 1 - self.level(claim)

    def flips(self, claim: Claim) -> int:
        """Return how many sign flips a test draws."""
        return int(self._asked(claim).get("resamples", self.bench.choices.resamples))

    def _estimates(self, claim: Claim, by: Sequence[str], choices: Row) -> pd.DataFrame:
        known = estimands()
        if claim.of not in known:
            every = [*self._known, *known]
            hint = nearest(claim.of, every)
            near = f"; {hint}" if hint.startswith("did you") else ""
            raise ChoiceError(
                f"{claim.of!r} is no estimand and no comparison of the study{near}; "
                f"there are: {', '.join(every)}"
            )
        names = self._alike.get(self._key(claim), []) if not choices else []
        key = (self._key(claim), _frozen(choices))
        asked = self._asked(claim, choices)
        if claim.of in names and len(names) > 1:
            with suppress(ForesayError):  # one of them is at fault; each says for itself which
                found = self._once((key, "all"), lambda: self.bench.estimate(names, by=by, **asked))
                together: pd.DataFrame = self._once(
                    (key, "all", claim.of), lambda: found[found["estimand"] == claim.of]
                )
                return together
        alone: pd.DataFrame = self._once(
            (key, claim.of), lambda: self.bench.estimate(claim.of, by=by, **asked)
        )
        return alone

    def _compare(self, claim: Claim, by: list[str] | None, choices: Row) -> pd.DataFrame:
        return self.bench.compare(claim.of, by=by, **self._asked(claim, choices))

    def _specs(self, claim: Claim) -> list[Contrast]:
        known: Spec | None = self._known[claim.of].spec if claim.of in self._known else None
        if known is not None:
            raise ChoiceError(f"{claim.of!r} has arms of its own; name an estimand, or no arms")
        return [
            Contrast(
                of=claim.of,
                where=first,
                minus=second,
                scale="ratio" if claim.kind == "ratio" else "difference",
                title=f"{claim.of}: {first} minus {second}",
                test="sign_flip" if claim.kind == "significance" else "none",
            )
            for first, second in zip(claim.arms, claim.arms[1:], strict=False)
        ]

    def _variants(self, claim: Claim) -> list[Row]:
        """Return the choices under which the arms of a claim will be asked for."""
        if claim.margin is None or claim.kind not in ("equivalence", "absence"):
            return [{}]
        printed: list[Row] = [{}] if claim.reported and not claim.each else []
        return [{"level": self.two_one_sided(claim)}, *printed]

    def _pair(self, claim: Claim, spec: Contrast, choices: Row) -> list[Row]:
        by = self._by(claim)
        table = self._once(
            (self._key(claim), spec.model_dump_json(), _frozen(choices)),
            lambda: self._pairs.table(spec, by, self._asked(claim, choices)),
        )
        reference = 1.0 if spec.scale == "ratio" else 0.0
        table = table.assign(reference=reference, quantity=spec.scale)
        return [{**row, "arms": spec.title} for row in self._fitting(claim, table)]

    def _fitting(self, claim: Claim, table: pd.DataFrame) -> list[Row]:
        for name in (*claim.at, *claim.each):
            if name not in table.columns:
                known = [str(c) for c in table.columns]
                raise ChoiceError(f"the result has no column {name!r}; {nearest(name, known)}")
        cells = {name: table[name].tolist() for name in claim.at}
        fitting = [
            place
            for place in range(len(table))
            if all(same(cells[name][place], value) for name, value in claim.at.items())
        ]
        rows = self._rows_of(table)
        rows = [dict(rows[place]) for place in fitting]
        said = ", ".join(f"{name} = {value}" for name, value in claim.at.items()) or "no condition"
        if not rows:
            values = [str(v) for name in claim.at for v in table[name].unique()]
            hint = nearest(str(next(iter(claim.at.values()))), values) if claim.at else ""
            raise UnsupportedError(f"no row of {claim.of} has {said}; {hint}".rstrip("; "))
        if len(rows) > 1 and not claim.each:
            raise ChoiceError(
                f"{len(rows)} rows of {claim.of} have {said}; name one with at, or all with each"
                + differing(rows, claim.at)
            )
        return rows

    def _rows_of(self, table: pd.DataFrame) -> list[Row]:
        """Return a table as rows, made once for all claims that are about it."""
        if id(table) not in self._rows:
            found = table.to_dict("records")
            rows = [{str(k): v for k, v in row.items()} for row in found]
            self._rows[id(table)] = (table, rows)  # the table too, so that its id stays its own
        return self._rows[id(table)][1]

    def _by(self, claim: Claim) -> list[str]:
        return [*sorted(claim.at), *claim.each]

    def _asked(self, claim: Claim, choices: Mapping[str, Any] | None = None) -> Row:
        conditions = [part for part in (claim.where, self._where) if part]
        where = " AND ".join(f"({part})" for part in conditions) if conditions[1:] else None
        return {
            "where": where or next(iter(conditions), None),
            **claim.choices,
            **self._choices,
            **(choices or {}),
        }

    def _key(self, claim: Claim) -> Hashable:
        return (tuple(self._by(claim)), _frozen(self._asked(claim)))

    def _once(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        if key not in self._kept:
            try:
                self._kept[key] = compute()
            except ForesayError as error:
                self._kept[key] = error
        found = self._kept[key]
        if isinstance(found, ForesayError):
            raise found
        return found


def estimands() -> list[str]:
    """Return the names of all estimands."""
    from foresay.estimation.correlations import NAMES as CORRELATIONS
    from foresay.estimation.pairing import NAMES as CALIBRATION

    return [*measures(), *CALIBRATION, *CORRELATIONS]


def _frozen(values: Mapping[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, default=str)
