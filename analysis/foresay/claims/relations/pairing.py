"""Which rows a relation with stars is about: those whose names agree in what the stars match."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foresay.claims.relations.language import Expression, Relation, Term
from foresay.errors import ChoiceError

MOST_STARS = 3


@dataclass(frozen=True, slots=True)
class Paired:
    """A relation without stars, and the names in it that no row has."""

    relation: Relation
    missing: tuple[str, ...] = ()


def pair(relation: Relation, ids: Sequence[str]) -> list[Paired]:
    """Return the relation once for everything that its stars match, in the order of the rows.

    Parameters
    ----------
    relation : Relation
        With or without stars.
    ids : sequence of str
        Names of all rows.

    Raises
    ------
    ChoiceError
        Two names have different numbers of stars, or more than `MOST_STARS`.

    Notes
    -----
    What the stars match has to be the same in every name with stars: in ``fig4-* = rt-*-accuracy``,
    *fig4-a-before* goes with *rt-a-before-accuracy*. What is matched in one name only is returned
    too, with the name that is missing.

    Examples
    --------
    >>> from foresay.claims.relations.language import parse_relations
    >>> (relation,) = parse_relations("new-* > old-*")
    >>> [(str(one.relation), one.missing) for one in pair(relation, ["new-a", "new-b", "old-a"])]
    [('new-a > old-a', ()), ('new-b > old-b', ('old-b',))]
    """
    names = list(dict.fromkeys(t.name for side in relation.sides for _, t in side.terms if t.name))
    starred = [name for name in names if "*" in name]
    if not starred:
        return [_filled(relation, {}, set(ids))]
    stars = {name.count("*") for name in starred}
    if max(stars) > MOST_STARS:
        raise ChoiceError(
            f"relation {str(relation)!r}: a name has at most {MOST_STARS} stars; write several "
            "relations with ';' between them"
        )
    if len(stars) > 1:
        raise ChoiceError(
            f"relation {str(relation)!r}: names with different numbers of stars cannot be paired; "
            "write as many in each"
        )
    matched = list(dict.fromkeys(key for name in starred for key in _matches(name, ids)))
    found = [
        _filled(relation, {name: _put(name, key) for name in starred}, set(ids)) for key in matched
    ]
    return found or [Paired(relation, tuple(starred))]


def _matches(name: str, ids: Iterable[str]) -> list[tuple[str, ...]]:
    # at most one way to match: the first star is the longest, and stars hold no empty text
    pattern = re.compile("(.+)".join(re.escape(part) for part in name.split("*")))
    return [match.groups() for one in ids if (match := pattern.fullmatch(one))]


def _put(name: str, key: tuple[str, ...]) -> str:
    first, *rest = name.split("*")
    return first + "".join(matched + part for matched, part in zip(key, rest, strict=True))


def _filled(relation: Relation, names: dict[str, str], ids: set[str]) -> Paired:
    sides = tuple(
        Expression(
            tuple(
                (sign, Term(name=names.get(term.name, term.name), number=term.number))
                for sign, term in side.terms
            )
        )
        for side in relation.sides
    )
    used = dict.fromkeys(t.name for side in sides for _, t in side.terms if t.name)
    missing = tuple(name for name in used if name not in ids)
    return Paired(Relation(sides, relation.operators), missing)
