"""The names of what an opened study can estimate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foresay.errors import ChoiceError
from foresay.study import nearest

if TYPE_CHECKING:
    from foresay.study import Study


def refuse_unknown(names: Sequence[str], study: Study) -> None:
    """Refuse names that are neither contrasts of a study nor estimands.

    Raises
    ------
    ChoiceError
        With every one of them, and the nearest contrast or estimand.
    """
    from foresay.comparisons.contrasts import known_contrasts
    from foresay.comparisons.gains import NAME as COMPLIANCE_GAIN
    from foresay.estimation.correlations import NAMES as CORRELATIONS
    from foresay.estimation.pairing import NAMES as CALIBRATION
    from foresay.measures.registry import measures

    known = [*known_contrasts(study), *measures(), COMPLIANCE_GAIN, *CALIBRATION, *CORRELATIONS]
    lines = [
        f"there is no contrast and no estimand {name!r}; {nearest(name, known)}"
        for name in names
        if name not in known
    ]
    if lines:
        raise ChoiceError("\n".join(lines))
