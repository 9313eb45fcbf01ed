"""An estimand in a specification curve: its rows, and what clusters contribute where 0 is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from foresay.comparisons.flip_scores import parts
from foresay.comparisons.joint_tests import Scores, scores_of
from foresay.counts import Counts, FloatArray
from foresay.estimation.shared import SharedEstimates, Values
from foresay.measures.macro import over_cells
from foresay.study import Choices

_ARM = "of"


@dataclass(frozen=True, slots=True)
class FlippedEstimates:
    """Estimates whose clusters can be flipped, as those of a contrast.

    Parameters
    ----------
    estimates : SharedEstimates
        An estimand with a value of no effect, 0, such as an advantage over a baseline.
    """

    estimates: SharedEstimates

    def rows(self, choices: Choices) -> Iterator[tuple[Values, dict[str, Any]]]:
        """Yield each group and its row."""
        return self.estimates.rows(choices)

    def scores(self, columns: Sequence[str], choices: Choices) -> Iterator[Scores]:
        """Yield what each cluster contributes to the estimate, over its denominator."""
        request, _, layout = self.estimates.under(choices)
        for values, units in self.estimates.units.by_group(request.by):
            found = units.clusters(columns, layout.cells)
            measure = over_cells(self.estimates.measure, [str(cell) for cell in found.cells])

            def contributed(counts: Counts, measure: Any = measure) -> FloatArray:
                # the sums of a single arm carry its name
                named = replace(counts, names=tuple(f"{_ARM}.{name}" for name in counts.names))
                weights = counts.multiplicity.astype("float64")
                return parts(named, _ARM, measure, weights)[0]

            yield scores_of(values, found, measure.sums, contributed)
