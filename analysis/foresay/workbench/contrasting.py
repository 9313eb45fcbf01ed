"""Paired differences of an opened study."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from foresay.errors import ForesayError, InvalidTablesError
from foresay.study import Choices, Contrast, override
from foresay.tables.engine import explained_engine
from foresay.workbench.arguments import listed
from foresay.workbench.opened import Opened

if TYPE_CHECKING:
    import pandas as pd

    from foresay.comparisons.contrasts import ReducedContrast
    from foresay.comparisons.shared_arms import SharedArms


class Contrasting(Opened):
    """Paired differences of an opened study."""

    @cached_property
    def _reduced_contrasts(
        self,
    ) -> dict[tuple[object, ...], ReducedContrast]:
        return {}

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
        from foresay.comparisons.contrasts import find_contrast
        from foresay.comparisons.families import family_of, in_family, outside_family

        chosen = override(self.choices, choices)

        def compute(one: str, columns: list[str] | None = None) -> pd.DataFrame:
            spec = name if isinstance(name, Contrast) else find_contrast(self.study, one)
            columns = listed(spec.by) if columns is None else columns
            reduced = self._reduced_contrast(one, spec, columns, where, chosen)
            return reduced.table(chosen, self._context(where))

        if isinstance(name, Contrast):
            return compute(name.title, listed(name.by if by is None else by))
        if by is None:
            return in_family(self.study, name, compute)
        made = compute(name, listed(by))
        family = family_of(self.study, name)
        return outside_family(made, family) if family else made

    def _reduced_contrast(
        self, name: str, spec: Contrast, by: list[str], where: str | None, choices: Choices
    ) -> ReducedContrast:
        """Reduce the arms of a contrast, in a small study once for all that ask for the same.

        A family computes its other contrasts for every one of them, and claims ask again.
        """
        from foresay.comparisons.contrasts import reduced_contrast

        rest = choices.model_dump_json(exclude={"level", "interval"})
        key = (name, spec.model_dump_json(), tuple(by), where or "", rest)
        if key in self._reduced_contrasts:
            return self._reduced_contrasts[key]
        made = reduced_contrast(
            self.population(where=where, choices=choices, uses=(*by, *spec.conditions, spec.of)),
            name,
            spec,
            by=by,
            choices=choices,
            context=self._context(where),
            engine=self.engine,
        )
        if self._is_small:
            self._reduced_contrasts[key] = made
        return made

    def contrasts(
        self,
        asked: Sequence[tuple[Contrast, Mapping[str, Any]]],
        *,
        by: str | Sequence[str] = (),
        where: str | None = None,
    ) -> list[pd.DataFrame | ForesayError]:
        """Estimate many paired differences; those that sum the same trials are reduced once.

        Parameters
        ----------
        asked : sequence of (Contrast, mapping)
            What is compared, and the named choices that replace those of the study.
        by, where
            As for `contrast`; `by` replaces each contrast's own.

        Returns
        -------
        list
            What `contrast` returns for each, in their order; or what it raises.
        """
        from foresay.comparisons.shared_arms import FREE
        from foresay.trials.derived import named_in

        alike: dict[str, list[int]] = {}
        for place, (spec, choices) in enumerate(asked):
            own = {name: value for name, value in choices.items() if name not in FREE}
            named = [spec.of, named_in(spec.conditions), own]
            alike.setdefault(json.dumps(named, sort_keys=True, default=str), []).append(place)
        found: dict[int, pd.DataFrame | ForesayError] = {}
        for places in alike.values():
            together = [asked[place] for place in places]
            arms = self._arms(together, listed(by), where)
            for place, (spec, choices) in zip(places, together, strict=True):
                found[place] = self._one_of(arms, spec, listed(by), where, choices)
        return [found[place] for place in range(len(asked))]

    def _arms(
        self,
        asked: Sequence[tuple[Contrast, Mapping[str, Any]]],
        by: Sequence[str],
        where: str | None,
    ) -> SharedArms | None:
        """Reduce the arms of contrasts together; nothing if that cannot or need not be."""
        if len(asked) < 2 or not self._is_small:
            return None
        try:
            return self._reduced(asked, by, where)
        except InvalidTablesError:
            raise
        except ForesayError:
            return None  # each says for itself what is wrong

    @explained_engine()
    def _reduced(
        self,
        asked: Sequence[tuple[Contrast, Mapping[str, Any]]],
        by: Sequence[str],
        where: str | None,
    ) -> SharedArms:
        from foresay.comparisons.shared_arms import FREE, SharedArms

        first, choices = asked[0]
        own = {name: value for name, value in choices.items() if name not in FREE}
        chosen: Choices = override(self.choices, own)
        conditions = [one for spec, _ in asked for one in spec.conditions]
        return SharedArms.read(
            self.population(where=where, choices=chosen, uses=(*by, *conditions, first.of)),
            first.of,
            conditions,
            by=by,
            choices=chosen,
            context=self._context(where),
            engine=self.engine,
        )

    def _one_of(
        self,
        arms: SharedArms | None,
        spec: Contrast,
        by: Sequence[str],
        where: str | None,
        choices: Mapping[str, Any],
    ) -> pd.DataFrame | ForesayError:
        """Return one contrast from arms that were reduced together, else by itself."""
        with suppress(ForesayError):
            if arms is not None:
                return arms.table(spec.title, spec, override(self.choices, dict(choices)))
        try:
            return self.contrast(spec, by=by, where=where, **choices)
        except ForesayError as error:
            return error

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
