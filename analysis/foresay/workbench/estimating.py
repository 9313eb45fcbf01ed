"""Estimates of an opened study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from foresay.errors import UnsupportedError
from foresay.study import override
from foresay.tables.engine import explained_engine
from foresay.workbench.arguments import listed
from foresay.workbench.calibrating import Calibrating
from foresay.workbench.known import refuse_unknown

if TYPE_CHECKING:
    import pandas as pd


class Estimating(Calibrating):
    """Estimates of an opened study."""

    @explained_engine()
    def estimate(
        self,
        estimand: str | Sequence[str],
        *,
        by: str | Sequence[str] = (),
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate one or more estimands for each group.

        Parameters
        ----------
        estimand : str or sequence of str
            Names such as ``"accuracy"``, see `foresay.measures.registry.measures`, or of
            contrasts, such as ``"self_advantage"``.
        by : str or sequence of str
            Grouping columns of trials, such as ``["predictor", "target"]``.
        where : str, optional
            SQL condition on columns of trials, such as ``"split = 'held-out'"``; it is added to
            the study's own.
        **choices
            Named choices that replace those of the study file.

        Returns
        -------
        DataFrame
            One row an estimand and group; `value`, `low` and `high` in natural units. Undefined
            is missing, with the reason in `note`.

        Raises
        ------
        InvalidTablesError, ChoiceError, ExpressionError, StudyError, UnsupportedError
            With what is wrong and the way out.
        """
        from foresay.comparisons.contrasts import known_contrasts
        from foresay.comparisons.gains import NAME as COMPLIANCE_GAIN
        from foresay.estimation.correlations import NAMES as CORRELATIONS
        from foresay.estimation.correlations import correlations
        from foresay.estimation.table import estimates, not_supported, stacked

        chosen = override(self.choices, choices)
        contrasts = known_contrasts(self.study)
        names = listed(estimand)
        refuse_unknown(names, self.study)
        parts = [
            self.contrast(name, by=by or None, where=where, **choices)
            for name in names
            if name in contrasts
        ]
        measured = [name for name in names if name not in contrasts]
        correlated = [name for name in measured if name in CORRELATIONS]
        if correlated:
            measured = [name for name in measured if name not in correlated]
            parts.append(
                correlations(
                    self.population(where=where, choices=chosen, uses=listed(by)),
                    correlated,
                    by=listed(by),
                    choices=chosen,
                    context=self._context(where),
                )
            )
        if COMPLIANCE_GAIN in measured:
            measured.remove(COMPLIANCE_GAIN)
            try:
                parts.append(self.compliance_gain(by=by or None, where=where, **choices))
            except UnsupportedError as error:
                if len(names) == 1:
                    raise
                context = self._context(where)
                parts.append(
                    not_supported(COMPLIANCE_GAIN, str(error), listed(by), chosen, context)
                )
        calibrated = self._calibrated(measured, by, where, choices)
        parts += calibrated.values()
        measured = [name for name in measured if name not in calibrated]
        of_behaviour = self._without_predictions(measured, chosen)
        if of_behaviour:
            measured = [name for name in measured if name not in of_behaviour]
            population, context = self._behaviours(where, chosen)
            of_items = estimates(
                population, of_behaviour, by=listed(by), choices=chosen, context=context
            )
            parts.insert(0, of_items)
        if measured:
            made = estimates(
                self.population(where=where, choices=chosen, uses=[*listed(by), *measured]),
                measured,
                by=listed(by),
                choices=chosen,
                context=self._context(where),
            )
            parts.insert(0, made)
        return stacked(parts)

    @explained_engine()
    def compliance_gain(
        self,
        *,
        by: str | Sequence[str] | None = None,
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate what each training gained, and how much of it is compliance.

        Parameters
        ----------
        by : str or sequence of str, optional
            Grouping columns; ``before`` is the model that was trained. By default predictor,
            before and target, and the conditions that vary among trained predictors.
        where, **choices
            As for `estimate`.

        Returns
        -------
        DataFrame
            One row a term and training; see `foresay.comparisons.gains.compliance_gain`.
        """
        from foresay.comparisons.gains import compliance_gain

        chosen = override(self.choices, choices)
        columns = None if by is None else listed(by)
        return compliance_gain(
            self.population(where=where, choices=chosen, uses=columns or ()),
            by=columns,
            choices=chosen,
            context=self._context(where),
        )

    @explained_engine()
    def ceiling_by_k(
        self,
        *,
        repeats: Sequence[int] | None = None,
        by: str | Sequence[str] = ("target",),
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Return ceilings, their ends and the plug-ins by the number of repeats of each item.

        Parameters
        ----------
        repeats : sequence of int, optional
            Numbers of repeats; by default 2, 3, ... up to what nine items in ten have.
        by, where, **choices
            As for `estimate`.

        Returns
        -------
        DataFrame
            As `estimate`, with `repeats`; see `foresay.estimation.by_repeats.ceiling_by_k`.
        """
        from foresay.estimation.by_repeats import ceiling_by_k

        chosen, columns = override(self.choices, choices), listed(by)
        return ceiling_by_k(
            self.population(where=where, choices=chosen, uses=columns),
            by=columns,
            repeats=repeats,
            choices=chosen,
            context=self._context(where),
        )

    @explained_engine()
    def agreement_by_n(
        self,
        *,
        repeats: Sequence[int] | None = None,
        by: str | Sequence[str] = ("target", "task"),
        where: str | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Return TARr@N and TARa@N for N = 2, 3, ..., each over the same items.

        Parameters
        ----------
        repeats : sequence of int, optional
            Numbers N; by default 2, 3, ... up to what nine items in ten have.
        by, where, **choices
            As for `estimate`.

        Returns
        -------
        DataFrame
            As `estimate`, with `repeats`; see `foresay.estimation.by_repeats.agreement_by_n`.
        """
        from foresay.estimation.by_repeats import agreement_by_n

        chosen, columns = override(self.choices, choices), listed(by)
        return agreement_by_n(
            self.population(where=where, choices=chosen, uses=columns),
            by=columns,
            repeats=repeats,
            choices=chosen,
            context=self._context(where),
        )
