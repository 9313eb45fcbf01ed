"""How each kind of number is paired with itself under a change, or why it cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foresay.errors import ForesayError
from foresay.estimation.correlations import NAMES as CORRELATIONS
from foresay.estimation.pairing import NAMES as CALIBRATION
from foresay.revisions.keys import text_key
from foresay.revisions.paired import PairedDifference, Side, paired_differences
from foresay.revisions.paired_models import paired_models
from foresay.revisions.paired_summaries import paired_summaries
from foresay.study import Choices, Regression, Summary, known_comparisons
from foresay.workbench import Workbench
from foresay.workbench.arguments import both

if TYPE_CHECKING:
    import pandas as pd

Pairs = Mapping[tuple[str, ...], PairedDifference]
"""Differences by group and part, as text."""

_NO_SUMS = (
    "not paired: it is no function of sums over clusters, so that no cluster can be drawn once for "
    "both sides"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Both sides of a change.

    Parameters
    ----------
    earlier, later : Workbench
        The study before and after.
    base, choices : Choices
        Those before and after.
    where : str or None
        The condition that the change adds.
    """

    earlier: Workbench
    later: Workbench
    base: Choices
    choices: Choices
    where: str | None

    def pairs(
        self, name: str, by: Sequence[str], frames: tuple[pd.DataFrame, pd.DataFrame]
    ) -> tuple[Pairs, str]:
        """Return the paired differences of a number, and why others of its rows have none.

        Parameters
        ----------
        name : str
            A comparison or an estimand.
        by : sequence of str
            Grouping columns of an estimand or a contrast.
        frames : tuple of DataFrame
            Its tables before and after.
        """
        known = known_comparisons(self.earlier.study).get(name)
        try:
            match known.kind if known else "estimand":
                case "trend":
                    return self._trend(name), ""
                case "summary":
                    return self._summary(name, frames)
                case "regression":
                    return self._regression(name), ""
            return self._sums(name, by, None), _why(name)
        except ForesayError as error:
            return {}, _why(name) or f"not paired: {error}"

    def _keys(self) -> list[str]:
        """Return the columns that clusters and cells of either side are made of."""
        keys = ["task", "item"]
        for c in (self.base, self.choices):
            keys += [*c.cluster, *c.within, *c.crossed, *c.strata, *c.cells]
        return list(dict.fromkeys(keys))

    def _found(self, found: Iterable[PairedDifference]) -> Pairs:
        return {(*text_key([v for _, v in one.values]), *one.part): one for one in found}

    def _sums(self, name: str, by: Sequence[str], where: str | None) -> Pairs:
        keys, after = self._keys(), both(where, self.where)
        before = self.earlier.shared_sums(name, self.base, where, by, keys)
        later = self.later.shared_sums(name, self.choices, after, by, keys)
        return self._paired(Side(sums=before, choices=self.base), later)

    def _paired(self, before: Side, later: object) -> Pairs:
        after = Side(sums=later, choices=self.choices)  # type: ignore[arg-type]  # as before
        return self._found(paired_differences(before, after))

    def _trend(self, name: str) -> Pairs:
        keys = self._keys()
        before = self.earlier.shared_trend(name, self.base, None, keys)
        later = self.later.shared_trend(name, self.choices, self.where, keys)
        return self._paired(Side(sums=before, choices=self.base), later)

    def _summary(self, name: str, frames: tuple[pd.DataFrame, pd.DataFrame]) -> tuple[Pairs, str]:
        spec = known_comparisons(self.earlier.study)[name].spec
        assert isinstance(spec, Summary)  # noqa: S101  # its kind says so
        means = paired_summaries(*frames, spec.by, self.choices.level)
        effects, why = {}, _why(spec.of)
        try:
            found = self._sums(spec.of, [*spec.by, spec.over], spec.where)
        except ForesayError as error:
            found, why = {}, why or f"not paired: {error}"
        for key, one in found.items():
            part = text_key(["effect", key[-1], spec.over, "", "", ""])
            effects[(*key[:-1], *part)] = one
        return {**effects, **means}, why

    def _regression(self, name: str) -> Pairs:
        spec = known_comparisons(self.earlier.study)[name].spec
        assert isinstance(spec, Regression)  # noqa: S101  # its kind says so
        # the clusters of the changed analysis are those of both
        same = {"cluster": self.choices.cluster}
        before = self.earlier.fitted_models(name, self.base.model_copy(update=same), None)
        after = self.later.fitted_models(name, self.choices, self.where)
        return paired_models(before, after, self.choices.cluster, self.choices.level)


def _why(name: str) -> str:
    """Return why a number of this name is never paired; "" where it can be."""
    return _NO_SUMS if name in (*CALIBRATION, *CORRELATIONS) else ""
