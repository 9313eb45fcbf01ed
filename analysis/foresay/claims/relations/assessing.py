"""Verdicts on claims about printed numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from foresay.claims.printed import Rounding, Unit
from foresay.claims.relations.amounts import NO_ERROR, amount
from foresay.claims.relations.comparing import MARGIN, Compared, compare
from foresay.claims.relations.language import Operator, Relation, parse_relations
from foresay.claims.relations.pairing import Paired, pair
from foresay.claims.reported import Reported
from foresay.claims.verdicts import Verdict, worst
from foresay.errors import ChoiceError
from foresay.study import nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A claim with its verdict.

    Parameters
    ----------
    id : str
        Of the claim.
    relation : str
        As it was written.
    verdict : {"supported", "contradicted", "unresolved", "not assessed"}
        That of the worst part: a claim about several things holds where all of them do.
    parts : tuple of Compared
        Every comparison with its own verdict and arithmetic.
    reason : str
        How many parts have which verdict, and what was taken for granted.
    """

    id: str
    relation: str
    verdict: Verdict
    parts: tuple[Compared, ...]
    reason: str

    @property
    def rows(self) -> tuple[str, ...]:
        """Rows that it is about."""
        return tuple(dict.fromkeys(row for part in self.parts for row in part.rows))


def assess(
    relation: str,
    table: Sequence[Reported],
    *,
    name: str = "",
    margin: float | None = None,
    rounding: Rounding = "nearest",
) -> Assessment:
    """Return the verdict on a claim about numbers of a table.

    Parameters
    ----------
    relation : str
        See `parse_relations`.
    table : sequence of Reported
        Estimates, with the ids that the relation names.
    name : str
        Id of the claim.
    margin : float, optional
        Of *comparable*, in natural units; .05 where not declared, and the reason says so.
    rounding
        How the numbers were rounded.

    Raises
    ------
    ChoiceError
        The relation cannot be read, or the margin is not above 0. A name that no row has is no
        error: that part is *not assessed*.

    Examples
    --------
    >>> from foresay.claims.reading import read_rows, reported
    >>> rows = [{"id": "self", "value": "48.5 %"}, {"id": "cross", "value": "31.8 %"}]
    >>> assess("self - cross = 17%", reported(read_rows(rows))[0]).verdict
    'contradicted'
    >>> assess("self > cross", reported(read_rows(rows))[0]).verdict
    'supported'
    """
    if margin is not None and not margin > 0:
        raise ChoiceError(f"the margin is {margin}; it has to be above 0, such as 0.05")
    index = {one.id: one for one in table}
    parts: list[Compared] = []
    for written in parse_relations(relation):
        for paired in pair(written, list(index)):
            parts += _parts(paired, index, MARGIN if margin is None else margin, rounding)
    operators = {operator for one in parse_relations(relation) for operator in one.operators}
    reasons = [_counted(parts)]
    if "~" in operators and margin is None:
        reasons.append(f"the margin is not declared and was taken to be {MARGIN}")
    if any(NO_ERROR in part.basis for part in parts):
        so = "; their order is read off what is printed" if operators - {"~", "="} else ""
        reasons.append(f"for some numbers {NO_ERROR}{so}")
    return Assessment(
        id=name,
        relation=relation,
        verdict=worst(part.verdict for part in parts),
        parts=tuple(parts),
        reason="; ".join(reasons),
    )


def assess_claims(
    claims: Sequence[Mapping[str, str]], table: Sequence[Reported], **choices: Rounding
) -> list[Assessment]:
    """Return the verdicts on a table of claims.

    Parameters
    ----------
    claims : sequence of mapping
        With ``id``, ``terms`` (the relation) and, if there, ``margin``.
    table, **choices
        As in `assess`.

    Raises
    ------
    ChoiceError
        A claim has no relation, or one that cannot be read; names the claim.
    """
    if not claims:
        raise ChoiceError("the table of claims has no rows; give one with id and terms")
    found = []
    for number, claim in enumerate(claims, start=1):
        name = claim.get("id") or f"claim {number}"
        said = claim.get("margin", "").strip()
        try:
            margin = float(said) if said else None
            made = assess(claim.get("terms", ""), table, name=name, margin=margin, **choices)
        except (ChoiceError, ValueError) as error:
            said = name if claim.get("id") else f"in row {number}"
            raise ChoiceError(f"claim {said}: {error}") from None
        found.append(made)
    return found


def _parts(
    paired: Paired, index: Mapping[str, Reported], margin: float, rounding: Rounding
) -> Iterator[Compared]:
    relation = paired.relation
    if paired.missing:
        said = ", ".join(f"{name!r} ({nearest(name, list(index))})" for name in paired.missing)
        yield Compared(
            verdict="not assessed",
            arithmetic=f"{relation}: no row is called {said}",
            basis="",
            rows=tuple(n for n in _names(relation) if n in index),
        )
        return
    unit = _unit(relation, index)
    sides = [amount(side, index, unit=unit, rounding=rounding) for side in relation.sides]
    for left, operator, right in _comparisons(relation):
        yield compare(sides[left], operator, sides[right], margin=margin)


def _comparisons(relation: Relation) -> list[tuple[int, Operator, int]]:
    """Return neighbours, or every pair of a chain of ``~``, which is not transitive."""
    last = len(relation.sides)
    if set(relation.operators) == {"~"}:
        return [(one, "~", other) for one, other in combinations(range(last), 2)]
    return [(at, relation.operators[at], at + 1) for at in range(last - 1)]


def _unit(relation: Relation, index: Mapping[str, Reported]) -> Unit:
    """Return the unit that the rows print, which bare numbers of the relation are in."""
    units = [index[name].value.unit for name in _names(relation)]
    found: Unit = next((unit for unit in units if unit), "")
    numbers = [term.number for side in relation.sides for _, term in side.terms]
    bare = next((n for n in numbers if n is not None and not n.unit and n.exact != 0), None)
    if bare is not None and found and "" in units:
        raise ChoiceError(
            f"relation {str(relation)!r}: some rows print percent and some do not, so "
            f"{bare.text!r} may be either; write {bare.text}% or use rows with one unit"
        )
    return found


def _names(relation: Relation) -> list[str]:
    return [term.name for side in relation.sides for _, term in side.terms if term.name]


def _counted(parts: Sequence[Compared]) -> str:
    found = [part.verdict for part in parts]
    if len(found) == 1:
        return found[0]
    return ", ".join(
        f"{found.count(verdict)} of {len(found)} {verdict}" for verdict in dict.fromkeys(found)
    )
