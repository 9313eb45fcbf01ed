"""The little language of relations between printed numbers.

``fig5-self > fig5-cross``, ``a - b = c``, ``a + b = 100``, ``a ~ b ~ c`` (comparable, each with
each), ``fig4-* = rt-*-accuracy`` (for whatever the stars match), several with ``;``. Names are ids
of a table. They may hold ``-``, ``+`` and ``=``, so operators have spaces around them. Numbers in a
relation are exact; one that was rounded when it was printed is a row of the table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from foresay.claims.numbers import parse_number
from foresay.claims.printed import Printed
from foresay.errors import ChoiceError

Operator = Literal[">", "<", ">=", "<=", "=", "~"]

OPERATORS: tuple[Operator, ...] = (">", "<", ">=", "<=", "=", "~")
_SPELLINGS = {"≥": ">=", "≤": "<=", "==": "=", "≈": "~", "\u2212": "-", "\u2013": "-"}
_SIGNS = {"+": 1, "-": -1}
_NUMBER = re.compile(r"[+\-\u2212]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?%?")
_GLUED = re.compile(r"[<>~≥≤≈]")
LONGEST = 10_000
"""Characters of a relation."""


@dataclass(frozen=True, slots=True)
class Term:
    """A name of a row, with ``*`` for anything, or a number."""

    name: str = ""
    number: Printed | None = None

    def __str__(self) -> str:
        return self.number.text if self.number is not None else self.name


@dataclass(frozen=True, slots=True)
class Expression:
    """Terms with their signs: 1 or -1."""

    terms: tuple[tuple[int, Term], ...]

    def __str__(self) -> str:
        text = " ".join(f"{'+' if sign > 0 else '-'} {term}" for sign, term in self.terms)
        return text.removeprefix("+ ")


@dataclass(frozen=True, slots=True)
class Relation:
    """Expressions with the operators between them: ``a ~ b ~ c`` has three and two."""

    sides: tuple[Expression, ...]
    operators: tuple[Operator, ...]

    def __str__(self) -> str:
        parts = [str(self.sides[0])]
        for operator, side in zip(self.operators, self.sides[1:], strict=True):
            parts += [operator, str(side)]
        return " ".join(parts)


def parse_relations(text: str) -> tuple[Relation, ...]:
    """Return the relations of a claim.

    Parameters
    ----------
    text : str
        Relations with ``;`` between them.

    Raises
    ------
    ChoiceError
        With what was found and what is expected.

    Examples
    --------
    >>> [str(one) for one in parse_relations("a - b = 17; c > d > e")]
    ['a - b = 17', 'c > d > e']
    """
    if len(text) > LONGEST:
        raise ChoiceError(f"a relation has at most {LONGEST:,} characters; this has {len(text):,}")
    parts = [part.split() for part in text.split(";")]
    found = tuple(_relation(words) for words in parts if words)
    if not found:
        raise ChoiceError("the relation is empty; write one such as 'a > b'")
    return found


def _relation(words: list[str]) -> Relation:
    said = " ".join(words)
    sides: list[list[str]] = [[]]
    operators: list[Operator] = []
    for raw in words:
        word = _SPELLINGS.get(raw, raw)
        if word in OPERATORS:
            operators.append(word)
            sides.append([])
        else:
            sides[-1].append(word)
    if not operators:
        known = " ".join(OPERATORS)
        glued = next((word for word in words if _GLUED.search(word) or "=" in word), None)
        more = f"; put spaces around the operator in {glued!r}" if glued else ""
        raise ChoiceError(f"relation {said!r} has none of {known}{more}")
    return Relation(tuple(_expression(side, said) for side in sides), tuple(operators))


def _expression(words: list[str], said: str) -> Expression:
    terms: list[tuple[int, Term]] = []
    sign: int | None = 1
    for word in words:
        if sign is None:
            if word not in _SIGNS:
                before = terms[-1][1]
                raise ChoiceError(
                    f"relation {said!r}: {str(before)!r} is followed by {word!r}; an operator or "
                    "sign with spaces around it is expected"
                )
            sign = _SIGNS[word]
        elif word in _SIGNS:
            raise ChoiceError(f"relation {said!r}: a name or number is expected, not {word!r}")
        else:
            terms.append((sign, _term(word, said)))
            sign = None
    if sign is not None:
        raise ChoiceError(f"relation {said!r}: a name or number is missing")
    return Expression(tuple(terms))


def _term(word: str, said: str) -> Term:
    if _NUMBER.fullmatch(word):
        try:
            return Term(number=parse_number(word))
        except ChoiceError:
            raise ChoiceError(
                f"relation {said!r}: {word!r} is no number that can be read"
            ) from None
    if _GLUED.search(word):
        raise ChoiceError(f"relation {said!r}: put spaces around the operator in {word!r}")
    return Term(name=word)
