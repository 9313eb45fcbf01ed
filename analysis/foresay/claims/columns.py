"""Which column of somebody's table is what: recognised by its name, or mapped by the user."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foresay.claims.column_sums import SUMMED, Sum, find_sums
from foresay.errors import ChoiceError
from foresay.study import nearest

ROLES: dict[str, str] = {
    "id": r"id|key|row_?id",
    "value": r"value|estimate|point_?estimate|mean|result|score",
    "as_printed": r"as_?printed|printed",
    "low": r"low|lower|lo|ci_?low(er)?|low(er)?_?(ci|bound|95)|conf_?low|q?0?2_?5",
    "high": r"high|upper|hi|ci_?(high|upper)|(high|upper)(er)?_?(ci|bound|95)|conf_?high|q?97_?5",
    "error": r"se|s_?e_?m?|std_?err(or)?|stderr|standard_?error|bootstrap_?se",
    "half_width": r"half_?width|ci|error|moe|margin_?of_?error|plus_?minus|ci_?95|95_?ci",
    "n": r"n|n_?trials|n_?items|num(ber)?_of_\w+|count|n_?samples|n_?total|sample_?size|size",
    "unit": r"unit|units",
    "estimand": r"estimand|metric|measure|statistic|quantity",
    "place": r"place|where|figure|panel|location",
    "source": r"source|paper|reference|document",
}
"""Name of each role and the column names that are taken for it, as one pattern."""

_WEAK = re.compile(r"count|size")
"""Names that are taken for n only where no other is."""

_CONDITIONS = re.compile(
    r"n_?train(ing)?|n_?shots?|shots?|temperature|k|rank|seed|training_?seed|complexity|epoch|step|"
    r"layer|year|version|sample"
)
_BESIDES = {
    "low": r"low|lower|lo|ci_?low(er)?|min",
    "high": r"high|upper|hi|ci_?(high|upper)|max",
    "error": r"se|std_?err(or)?|stderr|standard_?error",
    "half_width": r"half_?width|ci|moe|error",
    "n": r"n|count",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of estimates with the columns that say more about it.

    Parameters
    ----------
    column : str
        Its estimates.
    estimand : str
        What they estimate; "" where another column says it.
    besides : mapping
        Role (``low``, ``high``, ``error``, ``half_width``, ``n``) to column.
    """

    column: str
    estimand: str
    besides: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """What each column of a table is.

    Parameters
    ----------
    roles : mapping
        Role to column, for those of `ROLES` that the table has.
    measures : tuple of Measure
        One in a long table, which has a column of values; one a column in a wide table.
    labels : tuple of str
        Columns that say what an estimate is of.
    sums : tuple of Sum
        Columns of estimates that follow from each other.
    """

    roles: Mapping[str, str]
    measures: tuple[Measure, ...]
    labels: tuple[str, ...]
    sums: tuple[Sum, ...] = ()


def recognise(
    columns: Sequence[str],
    numeric: Sequence[str],
    mapping: Mapping[str, str] | None = None,
    *,
    hint: str = "",
) -> Layout:
    """Return what each column is.

    Parameters
    ----------
    columns : sequence of str
        Names of all columns.
    numeric : sequence of str
        Those whose cells are numbers.
    mapping : mapping, optional
        Column to role (a key of `ROLES`, or one of `SUMMED`), ``measure``, ``label`` or
        ``ignore``; it goes before what the names suggest.
    hint : str
        What else to say where there is no column of numbers.

    Raises
    ------
    ChoiceError
        A column or role of `mapping` is unknown, two columns have one role, or there is no column
        of numbers.

    Examples
    --------
    >>> numeric = ["accuracy", "accuracy_se", "n"]
    >>> wide = recognise(["model", *numeric], numeric)
    >>> wide.measures[0].column, dict(wide.measures[0].besides), wide.labels
    ('accuracy', {'n': 'n', 'error': 'accuracy_se'}, ('model',))
    """
    said = _checked(columns, dict(mapping or {}))
    roles = {role: column for column, role in said.items() if role in ROLES}
    # a column that is called what the role is goes before one that is a name for it
    for column in sorted(columns, key=_strength):
        role = _role(column)
        if column not in said and role and role not in roles:
            roles[role] = column
    taken = set(roles.values()) | {c for c, role in said.items() if role in ("label", "ignore")}
    wide = {"measure", *SUMMED} & set(said.values())
    if "value" in roles and not wide:
        besides = {r: roles[r] for r in _BESIDES if r in roles}
        measures = [Measure(roles["value"], "", besides)]
    else:
        measures = _wide(columns, [c for c in numeric if c not in taken], roles, said)
    used = taken | {c for m in measures for c in (m.column, *m.besides.values())}
    labels = [c for c in columns if c not in used or said.get(c) == "label"]
    if not measures:
        raise ChoiceError(
            f"no column of estimates among {', '.join(columns)}; name one 'value', or map it, "
            f"such as {{'my column': 'value'}}{hint}"
        )
    of_shares = [one.column for one in measures] if "value" not in roles or wide else []
    return Layout(roles, tuple(measures), tuple(labels), tuple(find_sums(of_shares, said)))


def _checked(columns: Sequence[str], mapping: dict[str, str]) -> dict[str, str]:
    known = [*ROLES, *SUMMED, "measure", "label", "ignore"]
    for column, role in mapping.items():
        if column not in columns:
            hint = nearest(column, list(columns))
            raise ChoiceError(f"mapping: the table has no column {column!r}; {hint}")
        if role not in known:
            raise ChoiceError(
                f"mapping: column {column!r} cannot be {role!r}; {nearest(role, known)}"
            )
    for role in (*ROLES, *SUMMED[:3]):
        both = [column for column, other in mapping.items() if other == role]
        if len(both) > 1:
            raise ChoiceError(f"mapping: {both[0]!r} and {both[1]!r} are both {role!r}; choose one")
    return mapping


def _strength(column: str) -> int:
    name = _plain(column)
    return 0 if name in ROLES else 2 if _WEAK.fullmatch(name) else 1


def _role(column: str) -> str:
    name = _plain(column)
    return next((role for role, names in ROLES.items() if re.fullmatch(names, name)), "")


def _wide(
    columns: Sequence[str],
    numeric: Sequence[str],
    roles: Mapping[str, str],
    said: Mapping[str, str],
) -> list[Measure]:
    """Return one measure a column of numbers that is neither a condition nor beside another."""
    owners: dict[str, dict[str, str]] = {c: {} for c in numeric}
    plain = {_plain(c): c for c in numeric}
    for column in numeric:
        for role, names in _BESIDES.items():
            found = re.fullmatch(rf"(?P<of>.+?)_(?:{names})", _plain(column))
            of = plain.get(found["of"]) if found else None
            if of is not None and column not in said:
                owners[of][role] = column
    beside = {column for parts in owners.values() for column in parts.values()}
    kept = [
        c
        for c in numeric
        if said.get(c) in ("measure", *SUMMED)
        or (c not in beside and not _CONDITIONS.fullmatch(_plain(c)) and _role(c) != "n")
    ]
    if len(kept) == 1:
        # with one column of estimates, what is named for none is about it
        owners[kept[0]] = {r: roles[r] for r in _BESIDES if r in roles} | owners[kept[0]]
    shared = {"n": roles["n"]} if "n" in roles else {}
    order = {column: at for at, column in enumerate(columns)}
    return [
        Measure(c, re.sub(r"\s*\(?%\)?\s*$", "", c), shared | owners[c])
        for c in sorted(kept, key=order.__getitem__)
    ]


def _plain(column: str) -> str:
    return re.sub(r"[\W_]+", "_", column.strip().lower()).strip("_")
