"""Columns that follow from each other: a difference with its two terms, parts of one whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from foresay.errors import ChoiceError

SUMMED = ("difference", "minuend", "subtrahend", "complement")
"""Roles of such columns: the first is the second less the third; the last has two or more."""

_DIFFERENCE = frozenset({"advantage", "difference", "diff", "delta", "δ", "gap", "gain", "change"})
_TERMS = (
    ("self", "cross"),
    ("own", "other"),
    ("after", "before"),
    ("post", "pre"),
    ("trained", "untrained"),
    ("with", "without"),
    ("treatment", "control"),
    ("new", "old"),
)
_PARTS = (
    ("right", "wrong"),
    ("true", "false"),
    ("yes", "no"),
    ("success", "failure"),
    ("pass", "fail"),
    ("passed", "failed"),
    ("answered", "refused"),
)
_NOT = ("non_", "non", "not_", "un", "in")
_MINUS = re.compile(r"\s*[-\u2212\u2013]\s*")


@dataclass(frozen=True, slots=True)
class Sum:
    """Columns that follow from each other.

    Parameters
    ----------
    kind : {"difference", "complement"}
        What they are.
    columns : tuple of str
        Difference, minuend and subtrahend; or the parts of a whole.
    said : bool
        Whether the user says so; else their names suggest it.
    """

    kind: Literal["difference", "complement"]
    columns: tuple[str, ...]
    said: bool


def find_sums(columns: Sequence[str], said: Mapping[str, str]) -> Iterator[Sum]:
    """Yield what columns of estimates are a difference with its terms, or parts of a whole.

    Parameters
    ----------
    columns : sequence of str
        Columns of estimates.
    said : mapping
        Column to role, of the user; where a kind is said, names suggest none of it.

    Raises
    ------
    ChoiceError
        A difference lacks a term, or a whole has one part.

    Examples
    --------
    >>> [one.columns for one in find_sums(["self", "cross", "advantage"], {})]
    [('advantage', 'self', 'cross')]
    >>> [one.columns for one in find_sums(["compliant", "non-compliant"], {})]
    [('compliant', 'non-compliant')]
    """
    given = {role: column for column, role in said.items()}
    terms = [role for role in SUMMED[:3] if role in given]
    if terms and len(terms) < 3:
        lacking = next(role for role in SUMMED[:3] if role not in given)
        raise ChoiceError(
            f"mapping: a {terms[0]} ({given[terms[0]]!r}) needs a column that is the {lacking} "
            "too; a difference is its minuend less its subtrahend"
        )
    parts = tuple(column for column, role in said.items() if role == "complement")
    if len(parts) == 1:
        raise ChoiceError(
            f"mapping: {parts[0]!r} is the only complement; map every part of the whole to it"
        )
    free = [column for column in columns if column not in said]
    if terms:
        yield Sum("difference", tuple(given[role] for role in SUMMED[:3]), said=True)
    else:
        yield from _differences(free)
    if parts:
        yield Sum("complement", parts, said=True)
    else:
        yield from _complements(free)


def _differences(columns: Sequence[str]) -> Iterator[Sum]:
    for column in columns:
        for at in _MINUS.finditer(column):
            first, second = column[: at.start()].strip(), column[at.end() :].strip()
            if first in columns and second in columns:
                yield Sum("difference", (column, first, second), said=False)
    words = {column: _words(column) for column in columns}
    pairs = list(_pairs(words, _TERMS))
    named = [column for column in columns if _DIFFERENCE & set(words[column])]
    for difference in named:
        rest = [word for word in words[difference] if word not in _DIFFERENCE]
        fitting = [
            (one, other)
            for one, other, kept, both in pairs
            if kept == [word for word in rest if word not in both]
        ]
        if len(named) == len(pairs) == 1:
            fitting = [pairs[0][:2]]
        if len(fitting) == 1:
            yield Sum("difference", (difference, *fitting[0]), said=False)


def _complements(columns: Sequence[str]) -> Iterator[Sum]:
    words = {column: _words(column) for column in columns}
    plain = {"_".join(said): column for column, said in words.items()}
    for name, column in plain.items():
        for before in _NOT:
            if before + name in plain:
                yield Sum("complement", (column, plain[before + name]), said=False)
    for one, other, _, _ in _pairs(words, _PARTS):
        yield Sum("complement", (one, other), said=False)


def _pairs(
    words: Mapping[str, list[str]], known: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str, list[str], tuple[str, str]]]:
    """Yield columns whose names differ in a pair of words, what they share, and that pair."""
    columns = {tuple(said): column for column, said in words.items()}
    for column, said in words.items():
        for first, second in known:
            other = columns.get(tuple(second if word == first else word for word in said))
            if first in said and other is not None and not _DIFFERENCE & set(said):
                yield column, other, [word for word in said if word != first], (first, second)


def _words(column: str) -> list[str]:
    return re.sub(r"[\W_]+", " ", column.lower()).split()
