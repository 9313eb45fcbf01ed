"""Plans for the next study, from an opened one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from foresay.study import override
from foresay.tables.engine import explained_engine
from foresay.workbench.arguments import listed
from foresay.workbench.examining import Examining

if TYPE_CHECKING:
    import pandas as pd

    from foresay.planning.from_study import Planned


class PlanningAhead(Examining):
    """Plans for the next study, from an opened one."""

    @explained_engine()
    def power(
        self,
        contrast: str = "self_advantage",
        *,
        effects: Sequence[float] | None = None,
        clusters: Sequence[int] | None = None,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        reference: float | None = None,
        runs: int = 4_000,
        **choices: Any,
    ) -> pd.DataFrame:
        """Return how often a study like this one, of some size, would find an effect.

        Parameters
        ----------
        contrast : str
            Name of a contrast; or of an estimand, whose effect is its difference from `reference`.
        effects : sequence of float, optional
            True effects; by default around the one that the study's own size finds 4 times in 5.
        clusters : sequence of int, optional
            Clusters of the planned study; by default half, once, twice and four times the study's.
        by, where, **choices
            As for `contrast`; ``level`` and ``seed`` are choices too.
        reference : float, optional
            What an estimand is held against, such as the accuracy of guessing.
        runs : int
            Simulated studies of each case.

        Returns
        -------
        DataFrame
            One row a group, effect and number of clusters; see `foresay.planning.tables`.
        """
        from foresay.planning.tables import power_table

        planned, carried = self._planned(contrast, by, where, reference, choices)
        return power_table(planned, effects=effects, clusters=clusters, runs=runs, **carried)

    @explained_engine()
    def minimum_detectable_effect(
        self,
        contrast: str = "self_advantage",
        *,
        clusters: Sequence[int] | None = None,
        wanted: float = 0.8,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        reference: float | None = None,
        runs: int = 4_000,
        **choices: Any,
    ) -> pd.DataFrame:
        """Return the smallest positive effect that studies of some sizes find often enough.

        Parameters
        ----------
        contrast, clusters, by, where, reference, runs, **choices
            As for `power`. Without a `reference` an estimand has no effect, and its standard error
            is all that is planned.
        wanted : float
            How often it is to be found.

        Returns
        -------
        DataFrame
            One row a group and number of clusters; see `foresay.planning.tables`.
        """
        from foresay.planning.tables import detectable_table

        planned, carried = self._planned(contrast, by, where, reference, choices)
        return detectable_table(planned, clusters=clusters, wanted=wanted, runs=runs, **carried)

    @explained_engine()
    def ceiling_precision(
        self,
        *,
        repeats: Sequence[int] | None = None,
        items: Sequence[int] | None = None,
        by: str | Sequence[str] = ("target",),
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Return the standard error of the resample ceiling for numbers of repeats and items.

        Parameters
        ----------
        repeats : sequence of int, optional
            Repeats of each item; by default 2, 3, 5, 10 and 20.
        items : sequence of int, optional
            Items; by default half, once, twice and four times the study's.
        by, where, **choices
            As for `estimate`.

        Returns
        -------
        DataFrame
            One row a group, number of repeats and number of items; see `foresay.planning.tables`.
        """
        from foresay.planning.answers import answers_of
        from foresay.planning.tables import precision_table

        chosen = override(self.choices, choices)
        columns = listed(by)
        population = self.population(where=where, choices=chosen, uses=columns)
        return precision_table(
            answers_of(population, by=columns, choices=chosen),
            repeats=repeats,
            items=items,
            choices=chosen,
            context=self._context(where),
        )

    def _planned(
        self,
        name: str,
        by: str | Sequence[str] | None,
        where: str | None,
        reference: float | None,
        choices: Mapping[str, Any],
    ) -> tuple[list[Planned], dict[str, Any]]:
        """Return what is planned, group by group, and what its tables carry."""
        from foresay.planning.from_study import planned_effects

        chosen = override(self.choices, dict(choices))
        carried = {"choices": chosen, "context": self._context(where)}
        planned = planned_effects(
            self.study,
            name,
            lambda uses: self.population(where=where, choices=chosen, uses=uses),
            by=None if by is None else listed(by),
            reference=reference,
            engine=self.engine,
            **carried,
        )
        return planned, carried
