"""Sums of an opened study that are reduced once, for who computes many numbers from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from foresay.errors import ChoiceError
from foresay.study import Choices, Study
from foresay.workbench.arguments import both
from foresay.workbench.known import refuse_unknown
from foresay.workbench.planning_ahead import PlanningAhead

if TYPE_CHECKING:
    from foresay.comparisons.regressions import FittedModel
    from foresay.comparisons.shared import SharedContrast
    from foresay.comparisons.shared_trends import SharedTrend
    from foresay.estimation.shared import SharedEstimates


class Summing(PlanningAhead):
    """Sums of an opened study that are reduced once, for who computes many numbers from them."""

    def opened_as(self, study: Study) -> Self:
        """Return another opened study of the same folder, with the same limits; close it yourself.

        Parameters
        ----------
        study : Study
            What is to be read instead: other files of a table, or another way with duplicates.
        """
        return type(self)(study, self.path, self.root, memory=self._memory, threads=self._threads)

    def shared_sums(
        self, of: str, choices: Choices, where: str | None, by: Sequence[str], keys: Sequence[str]
    ) -> SharedContrast | SharedEstimates:
        """Return the sums of a contrast or an estimand over some trials, reduced once.

        Parameters
        ----------
        of : str
            Name of a contrast or of an estimand.
        choices : Choices
            Those that decide what a trial adds; the design, the interval and the level are chosen
            when rows are made of the sums.
        where : str or None
            SQL condition on trials, added to the study's own.
        by : sequence of str
            Grouping columns.
        keys : sequence of str
            Columns that clusters, cells or left-out parts will be made of.

        Raises
        ------
        ChoiceError, UnsupportedError
            `of` or a column is unknown, or there is no single value.
        """
        from foresay.comparisons.contrasts import known_contrasts
        from foresay.comparisons.shared import SharedContrast
        from foresay.estimation.shared import SharedEstimates
        from foresay.measures.registry import find_measure

        refuse_unknown([of], self.study)
        contrast = known_contrasts(self.study).get(of)
        context = self._context(where)
        if contrast is not None:
            uses = (*by, *contrast.conditions, contrast.of, *keys)
            return SharedContrast.read(
                self.population(where=where, choices=choices, uses=uses),
                of,
                contrast,
                by=by,
                choices=choices,
                keys=keys,
                context=context,
                engine=self.engine,
            )
        measure = find_measure(of, baseline=choices.baseline, ceiling=choices.ceiling)
        if measure.ends or choices.compliance == "bounds":
            why = "is a bracket" if measure.ends else "under compliance bounds has two bounds"
            end = "without one value" if measure.ends else "and no value"
            raise ChoiceError(f"{of} {why} {end}; choose another estimand or choice")
        population = self.population(where=where, choices=choices, uses=(*by, of, *keys))
        return SharedEstimates.read(
            population, measure, by=by, choices=choices, keys=keys, context=context
        )

    def shared_trend(
        self, name: str, choices: Choices, where: str | None, keys: Sequence[str]
    ) -> SharedTrend:
        """Return the sums of a trend over some trials, reduced once.

        Parameters
        ----------
        name : str
            Name under `trends`, or ``scaling`` or ``shots``.
        choices, where, keys
            As for `shared_sums`.
        """
        from foresay.comparisons.shared_trends import SharedTrend
        from foresay.study import Trend

        spec: Trend = self._declared(name, Trend)
        condition = both(spec.where, where)
        uses = (*spec.by, *spec.conditions, spec.of, *keys)
        return SharedTrend.read(
            self.population(where=condition, choices=choices, uses=uses),
            name,
            spec,
            by=spec.by,
            choices=choices,
            keys=keys,
            context=self._context(condition),
            engine=self.engine,
        )

    def fitted_models(self, name: str, choices: Choices, where: str | None) -> list[FittedModel]:
        """Return the fits of a two-way model, one for each group.

        Parameters
        ----------
        name : str
            Name under `regressions`, or ``two_way``.
        choices, where
            As for `shared_sums`.
        """
        from foresay.comparisons.regressions import fitted_models
        from foresay.study import Regression

        spec: Regression = self._declared(name, Regression)
        condition = both(spec.where, where)
        return list(
            fitted_models(
                self.population(
                    where=condition, choices=choices, uses=(*spec.by, *spec.covariates)
                ),
                by=spec.by,
                covariates=spec.covariates,
                predictor=spec.predictor,
                target=spec.target,
                choices=choices,
            )
        )
