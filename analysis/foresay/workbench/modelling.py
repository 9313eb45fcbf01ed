"""Models of an opened study: regressions, summaries over tasks, trends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from foresay.errors import UnsupportedError
from foresay.study import Choices, override
from foresay.tables.engine import explained_engine
from foresay.workbench.arguments import both, listed
from foresay.workbench.estimating import Estimating

if TYPE_CHECKING:
    import pandas as pd

    from foresay.comparisons.summaries import Summary
    from foresay.study import Declared, Trend


class Modelling(Estimating):
    """Models of an opened study: regressions, summaries over tasks, trends."""

    @explained_engine()
    def regression(
        self,
        name: str = "two_way",
        *,
        by: str | Sequence[str] | None = None,
        covariates: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Fit the two-way model match ~ predictor + target + self, with cluster-robust errors.

        Parameters
        ----------
        name : str
            Name under `regressions`; ``two_way`` always is.
        by : str or sequence of str, optional
            One model for each group; replaces the model's own.
        covariates : str or sequence of str, optional
            Further columns of trials, such as a similarity of predictor and target; the same.
        where, **choices
            As for `estimate`.

        Returns
        -------
        DataFrame
            One row a term; see `foresay.comparisons.regressions.regression`.
        """
        from foresay.comparisons.regressions import regression
        from foresay.study import Regression

        spec = self._declared(name, Regression)
        chosen = override(self.choices, choices)
        columns = listed(spec.by if by is None else by)
        more = listed(spec.covariates if covariates is None else covariates)
        condition = both(spec.where, where)
        return regression(
            self.population(where=condition, choices=chosen, uses=(*columns, *more)),
            by=columns,
            covariates=more,
            predictor=spec.predictor,
            target=spec.target,
            choices=chosen,
            context=self._context(condition),
        )

    @explained_engine()
    def summary(
        self,
        of: str = "over_tasks",
        *,
        over: str | None = None,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> Summary:
        """Summarise an estimand over tasks (or another column) with random effects.

        Parameters
        ----------
        of : str
            Name under `summaries`, where ``over_tasks`` always is; or an estimand or contrast.
        over : str, optional
            The column whose values are the effects; by default the summary's own, or ``task``.
        by, where, **choices
            As for `estimate`; `by` replaces the summary's own.

        Returns
        -------
        Summary
            `effects`, `summary` and `leave_one_out`, each a table.
        """
        from foresay.comparisons.contrasts import known_contrasts
        from foresay.comparisons.summaries import clusters_across, limits_of, summarize
        from foresay.study import Summary as Spec
        from foresay.study import known_comparisons

        known = known_comparisons(self.study).get(of)
        spec = known.spec if known and isinstance(known.spec, Spec) else Spec(of=of, by=[])
        chosen = override(self.choices, choices)
        columns, of_each = listed(spec.by if by is None else by), over or spec.over
        condition = both(spec.where, where)
        found = self.estimate(spec.of, by=[*columns, of_each], where=condition, **choices)
        population = self.population(where=condition, choices=chosen, uses=(*columns, of_each))
        shared = clusters_across(population, of_each, chosen)
        return summarize(
            found,
            over=of_each,
            by=tuple(columns),
            shared_clusters=shared,
            limits=limits_of(spec.of, known_contrasts(self.study), chosen),
        )

    @explained_engine()
    def trend(
        self,
        spec: str | Trend = "scaling",
        *,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate how an estimand changes with training, for self, cross and their difference.

        Parameters
        ----------
        spec : str or Trend
            Name under `trends`, where ``scaling`` always is: accuracy over log2 of `n_train`; or
            what changes with what.
        by, where, **choices
            As for `estimate`; `by` replaces the trend's own.

        Returns
        -------
        DataFrame
            Points, slopes and the plateau; see `foresay.comparisons.trends.trend`.
        """
        from foresay.comparisons.trends import trend
        from foresay.study import Trend as Spec

        wanted = self._declared(spec, Spec) if isinstance(spec, str) else spec
        chosen = override(self.choices, choices)
        columns = listed(wanted.by if by is None else by)
        condition = both(wanted.where, where)
        return trend(
            self.population(
                where=condition, choices=chosen, uses=(*columns, *wanted.conditions, wanted.of)
            ),
            wanted,
            by=columns,
            choices=chosen,
            context=self._context(condition),
            engine=self.engine,
        )

    def compare(
        self,
        name: str,
        *,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Return any comparison by its name, in one form for all kinds.

        Parameters
        ----------
        name : str
            A contrast, regression, summary or trend of the study, or one that is always known:
            ``self_advantage``, ``two_way``, ``over_tasks``, ``scaling``, ``shots``.
        by, where, **choices
            As for `estimate`; `by` replaces the comparison's own.

        Returns
        -------
        DataFrame
            One row a number; see `foresay.comparisons.long_tables`.

        Raises
        ------
        UnsupportedError
            The tables lack what an undeclared comparison needs.
        """
        from foresay.comparisons import long_tables
        from foresay.study import find_comparison

        declared = find_comparison(self.study, name)
        spec = declared.spec
        columns = listed(spec.by if by is None else by)
        own = columns if by is None else []
        self._require(declared, own, override(self.choices, choices))
        match declared.kind:
            case "contrast":
                table = self.contrast(name, by=by, where=where, **choices)
                return long_tables.long_contrast(table, declared, columns)
            case "regression":
                self._require_cluster_design(override(self.choices, choices))
                table = self.regression(name, by=by, where=where, **choices)
                return long_tables.long_regression(table, declared, columns)
            case "summary":
                made = self.summary(name, by=by, where=where, **choices)
                return long_tables.long_summary(made, declared, columns, declared.columns[0])
            case "trend":
                table = self.trend(name, by=by, where=where, **choices)
                return long_tables.long_trend(table, declared, columns)

    def _require_cluster_design(self, choices: Choices) -> None:
        """Leave the two-way model out under a design or weights that it does not use."""
        from foresay.comparisons.regressions import not_used

        if reason := not_used(choices):
            raise UnsupportedError(reason)

    def _require(self, declared: Declared, by: Sequence[str], choices: Choices) -> None:
        """Leave out what nobody declared where the tables lack what it needs."""
        population = self.population(choices=choices)
        if not population.has_predictions:
            raise UnsupportedError("the study has no predictions")
        if declared.by_study:
            return
        lacking = [c for c in (*declared.columns, *by) if c not in population.columns]
        if lacking:
            raise UnsupportedError(f"the trials have no column {lacking[0]!r}")
