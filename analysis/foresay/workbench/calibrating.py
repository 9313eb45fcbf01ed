"""Calibration of an opened study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from foresay.errors import UnsupportedError
from foresay.study import override
from foresay.tables.engine import explained_engine
from foresay.workbench.arguments import listed
from foresay.workbench.contrasting import Contrasting

if TYPE_CHECKING:
    import pandas as pd

    from foresay.estimation.pairing import Asked, Of


class Calibrating(Contrasting):
    """Calibration of an opened study."""

    @explained_engine()
    def calibration(
        self,
        measures: str | Sequence[str] | None = None,
        *,
        by: str | Sequence[str] = ("predictor", "target"),
        where: str | None = None,
        of: Of | None = None,
        nulls: bool = True,
        constant: bool = False,
        **choices: Any,
    ) -> pd.DataFrame:
        """Estimate how well confidence is calibrated, each number with its interval and its null.

        Parameters
        ----------
        measures : str or sequence of str, optional
            Names such as ``"calibration_l2"``, see `foresay.estimation.pairing.NAMES`; by default
            all.
        by : str or sequence of str
            Grouping columns of trials; ``rank`` groups by the rank of the target's answers.
        where, **choices
            As for `estimate`.
        of : {"confidence", "distribution"}, optional
            Confidence in predictions, stated or that of the predicted answer; or the predictor's
            probabilities against the target's shares of its commonest answers. By default
            confidence, unless `by` names ``rank``.
        nulls : bool
            Whether each number is held against data that are as the confidences say.
        constant : bool
            Whether the predictor that always states the share right has rows too.

        Returns
        -------
        DataFrame
            See `foresay.estimation.calibration.calibration`.
        """
        from foresay.estimation.pairing import calibration_table

        names = None if measures is None else listed(measures)
        asked = self._asked(by, where, choices, of)
        return calibration_table(asked, names, nulls=nulls, constant=constant)

    @explained_engine()
    def reliability(
        self,
        *,
        by: str | Sequence[str] = ("predictor", "target"),
        where: str | None = None,
        of: Of | None = None,
        **choices: Any,
    ) -> pd.DataFrame:
        """Return the share right at each confidence, its isotonic fit and consistency band.

        Parameters
        ----------
        by, where, of, **choices
            As for `calibration`.

        Returns
        -------
        DataFrame
            See `foresay.estimation.reliability.reliability`.
        """
        from foresay.estimation.pairing import reliability_table

        return reliability_table(self._asked(by, where, choices, of))

    def _asked(
        self,
        by: str | Sequence[str],
        where: str | None,
        choices: Mapping[str, Any],
        of: Of | None = None,
    ) -> Asked:
        from foresay.estimation.pairing import Asked

        declared = self.study.tables.get("probabilities")
        return Asked(
            populate=self.population,
            tables=self.tables,
            conditions=tuple(declared.conditions) if declared else (),
            by=tuple(listed(by)),
            where=where,
            choices=override(self.choices, dict(choices)),
            context=self._context(where),
            of=of,
        )

    def _calibrated(
        self,
        names: Sequence[str],
        by: str | Sequence[str],
        where: str | None,
        choices: Mapping[str, Any],
    ) -> dict[str, pd.DataFrame]:
        """Return the tables of those estimands that are measures of calibration, by name."""
        from foresay.estimation.calibration import as_estimates
        from foresay.estimation.pairing import NAMES, calibration_table, unsupported

        wanted = [name for name in names if name in NAMES]
        if not wanted:
            return {}
        asked = self._asked(by, where, choices)
        try:
            table = as_estimates(calibration_table(asked, wanted, nulls=False))
        except UnsupportedError as error:
            if len(wanted) == len(names):
                raise
            table = unsupported(wanted, str(error), asked)
        return {name: table[table["estimand"] == name] for name in wanted}
