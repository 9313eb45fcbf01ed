"""Paired differences of an opened study."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from foresay.study import Contrast, override
from foresay.tables.engine import explained_engine
from foresay.workbench.arguments import listed
from foresay.workbench.opened import Opened

if TYPE_CHECKING:
    import pandas as pd


class Contrasting(Opened):
    """Paired differences of an opened study."""

    @explained_engine()
    def contrast(
        self,
        name: str | Contrast = "self_advantage",
        *,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate a paired difference that the study file declares; self_advantage always is.

        Parameters
        ----------
        name : str or Contrast
            Name under `contrasts`; ``self_advantage`` is self minus cross accuracy by target
            unless the study file says otherwise. Or what is compared, which no family has.
        by, where, **choices
            As for `estimate`; `by` replaces the contrast's own.

        Returns
        -------
        DataFrame
            As `estimate`, with the two terms `of_value` and `minus_value`.
        """
        from foresay.comparisons.contrasts import contrast, find_contrast
        from foresay.comparisons.families import family_of, in_family, outside_family

        chosen = override(self.choices, choices)

        def compute(one: str, columns: list[str] | None = None) -> pd.DataFrame:
            spec = name if isinstance(name, Contrast) else find_contrast(self.study, one)
            columns = listed(spec.by) if columns is None else columns
            return contrast(
                self.population(
                    where=where, choices=chosen, uses=(*columns, *spec.conditions, spec.of)
                ),
                one,
                spec,
                by=columns,
                choices=chosen,
                context=self._context(where),
                engine=self.engine,
            )

        if isinstance(name, Contrast):
            return compute(name.title, listed(name.by if by is None else by))
        if by is None:
            return in_family(self.study, name, compute)
        made = compute(name, listed(by))
        family = family_of(self.study, name)
        return outside_family(made, family) if family else made

    @explained_engine()
    def interaction(
        self,
        name: str,
        *,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate the four arms of a contrast with `versus`, their differences, and theirs.

        Parameters
        ----------
        name : str
            Name under `contrasts`.
        by, where, **choices
            As for `contrast`.

        Returns
        -------
        DataFrame
            Seven rows a group; see `foresay.comparisons.interactions.interaction`. The last of a
            group has `p_value` and `verdict` of the contrast; the others are not tested.
        """
        from foresay.comparisons.contrasts import find_contrast
        from foresay.comparisons.interactions import interaction

        spec = find_contrast(self.study, name)
        chosen = override(self.choices, choices)
        columns = listed(spec.by if by is None else by)
        made = interaction(
            self.population(
                where=where, choices=chosen, uses=(*columns, *spec.conditions, spec.of)
            ),
            name,
            spec,
            by=columns,
            choices=chosen,
            context=self._context(where),
            engine=self.engine,
        )
        tested = self.contrast(name, by=by, where=where, **choices)
        last = (made["quantity"] == "interaction").to_numpy()
        for offset, column in enumerate(("p_value", "verdict"), start=1):
            place = list(made.columns).index("standard_error") + offset
            made.insert(place, column, math.nan if column == "p_value" else "")
            made.loc[last, column] = tested[column].to_numpy()  # both in the order of the groups
        return made
