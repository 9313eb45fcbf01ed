"""Checks every claim of a ledger against a study's data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from foresay.claims.asking import Asking
from foresay.claims.claim import Claim
from foresay.claims.judged import Judged, not_assessed, together
from foresay.claims.kinds import JUDGES
from foresay.claims.ledger import Ledger
from foresay.claims.verdicts import WORST_FIRST, Verdict
from foresay.errors import ForesayError, InvalidTablesError
from foresay.study import override
from foresay.study.grids import WHERE, choice_of

if TYPE_CHECKING:
    import pandas as pd

    from foresay.workbench import Workbench

COLUMNS = (
    *("id", "kind", "sentence", "place", "reported", "value", "low", "high", "n", "verdict"),
    *("reason", "arithmetic", "choices", "fingerprint", "status", "owner"),
    *("n_specifications", "n_agree"),
)
"""Columns of `Checked.rows`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The claims of a ledger with their verdicts.

    Parameters
    ----------
    ledger : Ledger
        What was checked.
    judged : mapping
        Id -> what the data say.
    agreeing : mapping
        Id -> (specifications in which the claim has a verdict, those that support it); empty where
        they were not asked for.
    """

    ledger: Ledger
    judged: Mapping[str, Judged]
    agreeing: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def rows(self) -> pd.DataFrame:
        """One row a claim, in the order of the ledger.

        Returns
        -------
        DataFrame
            `id`, `kind`, `sentence`, `place`, `reported` (as printed), `value`, `low`, `high`
            (recomputed, natural units), `n`, `verdict`, `reason`, `arithmetic`, `choices`,
            `fingerprint`, `status`, `owner`, `n_specifications` and `n_agree` (missing where
            specifications were not asked for).
        """
        import pandas as pd

        rows = [self._row(name, claim) for name, claim in self.ledger.claims.items()]
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        numbers = ("value", "low", "high", "n", "n_specifications", "n_agree")
        texts = {c: object for c in COLUMNS if c not in numbers}
        return frame.astype({**dict.fromkeys(numbers, float), **texts})

    @property
    def made(self) -> list[str]:
        """Ids of the claims that are still made: all but those that were withdrawn."""
        return [n for n, claim in self.ledger.claims.items() if claim.status != "withdrawn"]

    def counts(self) -> dict[Verdict, int]:
        """Return how many claims that are still made have each verdict."""
        found = [self.judged[name].verdict for name in self.made]
        return {verdict: found.count(verdict) for verdict in reversed(WORST_FIRST)}

    @property
    def exit_code(self) -> int:
        """1 where a claim is contradicted, else 0."""
        return int(self.counts()["contradicted"] > 0)

    def _row(self, name: str, claim: Claim) -> dict[str, Any]:
        one = self.judged[name]
        n_specifications, n_agree = self.agreeing.get(name, (math.nan, math.nan))
        numbers = {part: getattr(one, part) for part in ("value", "low", "high", "n")}
        texts = {p: getattr(one, p) for p in ("reason", "arithmetic", "choices", "fingerprint")}
        return {
            "id": name,
            "kind": claim.kind,
            "sentence": claim.sentence,
            "place": str(claim.place),
            "reported": claim.reported,
            **numbers,
            "verdict": one.verdict,
            **texts,
            "status": claim.status,
            "owner": claim.owner,
            "n_specifications": n_specifications,
            "n_agree": n_agree,
        }


def check(
    bench: Workbench,
    ledger: Ledger,
    *,
    robustness: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Checked:
    """Recompute every claim of a ledger and give it a verdict.

    Parameters
    ----------
    bench : Workbench
        The opened study.
    ledger : Ledger
        Its claims.
    robustness : bool
        Whether claims are checked under every combination of the ledger's `specifications` too.
    progress : callable
        Told what is checked.

    Returns
    -------
    Checked
        A claim that cannot be checked is *not assessed*, with the reason, and stops no other.

    Raises
    ------
    InvalidTablesError
        The tables are not valid, so that nothing was computed.
    """
    if not bench.validate().ok:
        raise InvalidTablesError(bench.validate().summary())
    claims = ledger.claims
    ask = Asking(bench, list(claims.values()))
    judged = {}
    for place, (name, claim) in enumerate(claims.items(), start=1):
        progress(f"claim {place} of {len(claims)}: {name}")
        judged[name] = judge(claim, ask)
    agreeing = _agreeing(bench, ledger, judged, progress) if robustness else {}
    return Checked(ledger=ledger, judged=judged, agreeing=agreeing)


def judge(claim: Claim, ask: Asking) -> Judged:
    """Return the verdict on one claim; *not assessed* with the reason where it cannot be given."""
    if claim.status == "withdrawn":
        return not_assessed("the claim was withdrawn")
    try:
        return together(JUDGES[claim.kind](claim, ask))
    except InvalidTablesError:
        raise
    except ForesayError as error:
        return not_assessed(" ".join(str(error).splitlines()))


def _agreeing(
    bench: Workbench,
    ledger: Ledger,
    judged: Mapping[str, Judged],
    progress: Callable[[str], None],
) -> dict[str, tuple[int, int]]:
    """Count the specifications in which each claim can be judged, and those that support it.

    That with the choices of the study is `judged` already.
    """
    if not ledger.specifications:
        return {}
    counted = dict.fromkeys(ledger.claims, (0, 0))
    grid = ledger.grid()
    combinations = list(grid.combinations())
    for place, combined in enumerate(combinations, start=1):
        progress(f"specification {place} of {len(combinations)}")
        values = {name: choice_of(name, branch.value) for name, branch in combined.items()}
        where = values.pop(WHERE, None)
        ask = Asking(bench, list(ledger.claims.values()), choices=values, where=where)
        own = where is None and override(bench.choices, values) == bench.choices
        for name, claim in ledger.claims.items():
            verdict = (judged[name] if own else judge(claim, ask)).verdict
            known, agree = counted[name]
            if verdict != "not assessed":
                counted[name] = (known + 1, agree + (verdict == "supported"))
    return counted
