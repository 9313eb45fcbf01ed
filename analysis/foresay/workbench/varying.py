"""What the numbers of an opened study depend on: its choices, and single parts of its data."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from foresay.errors import ChoiceError, UnsupportedError
from foresay.study import Choices, override
from foresay.tables.engine import explained_engine
from foresay.workbench.arguments import both, listed
from foresay.workbench.known import refuse_unknown
from foresay.workbench.summing import Summing

if TYPE_CHECKING:
    import pandas as pd

    from foresay.comparisons.specification_curves import Shared, SpecificationCurve
    from foresay.comparisons.specifications import Specification
    from foresay.measures.measure import Measure
    from foresay.study.grids import Grid


class Varying(Summing):
    """What the numbers of an opened study depend on: its choices, and single parts of its data."""

    @explained_engine()
    def specification_curve(
        self,
        of: str | Grid,
        *,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        progress: Callable[[str], None] = lambda _: None,
        **choices: Any,
    ) -> SpecificationCurve:
        """Compute one number under every combination of the choices of a grid.

        Parameters
        ----------
        of : str or Grid
            Name under `specifications`; or what is varied.
        by : str or sequence of str, optional
            One curve for each of these; replaces the grid's own.
        where : str, optional
            SQL condition on trials, added to the grid's own.
        progress : callable
            Told which specification is being computed.
        **choices
            Named choices that replace those of the study file where the grid does not vary them.

        Returns
        -------
        SpecificationCurve
            Tables of the specifications, their summary, and what each choice does.

        Raises
        ------
        ChoiceError
            The curve, the contrast or the estimand is unknown, or a choice changes nothing.
        UnsupportedError
            Every combination is left out or failed.
        """
        from foresay.comparisons.contrasts import known_contrasts
        from foresay.comparisons.shared import SharedContrast
        from foresay.comparisons.shared_estimates import FlippedEstimates
        from foresay.comparisons.specification_curves import specification_curve
        from foresay.comparisons.specifications import planned
        from foresay.study import find_grid

        name = of if isinstance(of, str) else "specifications"
        grid = find_grid(self.study, of) if isinstance(of, str) else of
        base = override(self.choices, choices)
        contrast = known_contrasts(self.study).get(grid.of)
        condition = both(grid.where, where)
        own = contrast.by if contrast is not None else []
        columns = listed(by if by is not None else own if grid.by is None else grid.by)
        reference = self._reference(grid.of, base)
        plan = planned(name, grid, contrast, base=base, lacking=self._lacking)

        def read(one: Specification, keys: Sequence[str]) -> Shared:
            where = both(condition, one.where)
            found = self.shared_sums(grid.of, one.choices, where, columns, keys)
            return found if isinstance(found, SharedContrast) else FlippedEstimates(found)

        with self._scratch() as release:
            return specification_curve(
                name,
                plan,
                by=columns,
                read=read,
                release=release,
                reference=reference,
                base=base,
                progress=progress,
            )

    @contextmanager
    def _scratch(self) -> Iterator[Callable[[], None]]:
        """Give a function that forgets what was computed inside, which the end does too.

        Without it hundreds of definitions of the trials would stay in memory.
        """
        self.population()  # what all of them rest on stays
        done, populations = self._kept, set(self._populations)

        def release() -> None:
            nonlocal done
            for name in [key for key in self._populations if key not in populations]:
                del self._populations[name]
            for number in range(done + 1, self._kept + 1):
                self.engine.backend.drop_table(f"_kept_{number}", force=True)
            done = self._kept

        try:
            yield release
        finally:
            release()

    @explained_engine()
    def influence(
        self,
        of: str = "self_advantage",
        *,
        over: str | Sequence[str] = ("task", "property", "model"),
        clusters: int = 10,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        progress: Callable[[str], None] = lambda _: None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate a contrast or an estimand without each task, property, model, or cluster.

        Parameters
        ----------
        of : str
            Name of a contrast or of an estimand.
        over : str or sequence of str
            Columns of trials whose values are left out one at a time; ``model`` leaves out a
            model both as predictor and as target.
        clusters : int
            How many of the most influential clusters are named.
        by, where, **choices
            As for `estimate`; `by` replaces the contrast's own.
        progress : callable
            Told what is left out.

        Returns
        -------
        DataFrame
            See `foresay.comparisons.influence.influence`.

        Raises
        ------
        ChoiceError
            `of` or a column is unknown, or the choices give no single value.
        UnsupportedError
            No trial is left.
        """
        from foresay.comparisons.contrasts import known_contrasts
        from foresay.comparisons.influence import influence
        from foresay.comparisons.left_out import MODEL, ROLES
        from foresay.estimation.relations import check_columns

        chosen = override(self.choices, choices)
        contrast = known_contrasts(self.study).get(of)
        own = contrast.by if contrast is not None else []
        columns, parts = listed(own if by is None else by), listed(over)
        named = [c for c in parts if c != MODEL]
        reference = self._reference(of, chosen)
        population = self.population(where=where, choices=chosen, uses=named)
        check_columns(named, population, "over")
        design = (*chosen.cluster, *chosen.within, *chosen.crossed, *chosen.strata, *chosen.cells)
        keys = ["task", "item", *(ROLES if MODEL in parts else ()), *named, *design]
        shared = self.shared_sums(of, chosen, where, columns, keys)
        found = influence(
            shared,
            over=parts,
            clusters=clusters,
            choices=chosen,
            reference=reference,
            context_of=lambda condition: self._context(both(where, condition)),
            progress=progress,
        )
        if found.empty:
            raise UnsupportedError(
                f"there is nothing to estimate {of} from: no trial satisfies {where!r}"
                if where
                else f"there is nothing to estimate {of} from"
            )
        return found

    def _reference(self, of: str, choices: Choices) -> float:
        """Return the value of no effect; missing where there is none."""
        from foresay.comparisons.contrasts import known_contrasts
        from foresay.estimation.correlations import NAMES as CORRELATIONS
        from foresay.estimation.pairing import NAMES as CALIBRATION
        from foresay.measures.kinds import Difference
        from foresay.measures.registry import find_measure

        refuse_unknown([of], self.study)
        contrast = known_contrasts(self.study).get(of)
        if contrast is not None:
            return 1.0 if contrast.scale == "ratio" else 0.0
        if of in (*CALIBRATION, *CORRELATIONS):
            raise ChoiceError(
                f"{of} is no function of sums over clusters; choose a contrast, or an estimand "
                "such as accuracy or advantage"
            )
        kind = find_measure(of, baseline=choices.baseline, ceiling=choices.ceiling).kind
        return 0.0 if isinstance(kind, Difference) else math.nan

    def _lacking(self, measure: Measure, choices: Choices) -> str:
        from foresay.estimation.relations import lacking

        return lacking(measure, self.population(), choices)
