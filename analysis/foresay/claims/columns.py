"""Which column of somebody's table is what: recognised by its name, or mapped by the user."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from foresay.claims.column_sums import SUMMED, Sum, find_sums
from foresay.errors import ChoiceError
from foresay.study import nearest

_LOW = r"(95_?)?ci_?(95)?_?(l|lo|low|lower|lb|ll)"
_HIGH = r"(95_?)?ci_?(95)?_?(h|hi|high|u|upper|ub|ul)"
_CI = r"(95_?)?ci(_?95)?"
ROLES: dict[str, str] = {
    "id": r"id|key|row_?id",
    "value": r"value|estimate|point_?estimate|mean|result|score",
    "as_printed": r"as_?printed|printed",
    "low": rf"low|lower|lo|lcl|{_LOW}|l(ow(er)?)?_?(ci|bound|95)|conf_?low|q?0?2_?5",
    "high": rf"high|upper|hi|ucl|{_HIGH}|(h|high|u|upper)(er)?_?(ci|bound|95)|conf_?high|q?97_?5",
    "error": r"se|s_?e_?m?|std_?err(or)?|stderr|standard_?error|bootstrap_?se",
    "half_width": rf"half_?width|error|moe|margin_?of_?error|plus_?minus|{_CI}",
    "k": r"(n|num(ber)?(_of)?)_?(correct|right|successes)",
    "n": r"n|n_?trials|n_?items|num(ber)?_of_\w+|count|n_?samples|n_?total|sample_?size|size",
    "unit": r"unit|units",
    "estimand": r"estimand|metric|measure|statistic|quantity",
    "place": r"place|where|figure|panel|location",
    "source": r"source|paper|reference|document",
}
"""Name of each role and the column names that are taken for it, as one pattern."""

_WEAK = re.compile(r"count|size")
"""Names that are taken for n only where no other is."""

_NUMBER_OF = re.compile(r"#\s?(items|trials|questions|examples|samples|n)", re.IGNORECASE)
"""Other names of n, such as ``# items``."""

_CONDITIONS = re.compile(
    r"n_?train(ing)?|n_?shots?|shots?|temperature|k|rank|seed|training_?seed|complexity|epoch|step|"
    r"layer|year|version|sample"
)
_BESIDES = {
    "low": rf"low|lower|lo|{_LOW}|min",
    "high": rf"high|upper|hi|{_HIGH}|max",
    "error": r"se|std_?err(or)?|stderr|standard_?error",
    "half_width": rf"half_?width|{_CI}|moe|error",
    "n": r"n|count",
}
_ASIDE = re.compile(
    r"\s*(?:[(\[](?P<brackets>[^()\[\]]*)[)\]]|(?P<behind>(?:±|\+/?-|\\pm).*)|(?P<sign>%))\s*$"
)
_ASIDES = {
    "unit": r"%|percent|in %",
    "interval": r"(95\s?%\s?)?(ci|interval|confidence interval)(\s?95\s?%?)?",
    "error": r"s\.?\s?e\.?\s?m?\.?|std\.?\s?err(or)?\.?|standard errors?|stderr",
    "spread": r"s\.?\s?d\.?|std\.?(\s?dev\.?)?|standard deviation",
}
"""What a head says in brackets or behind ± about the numbers in the cells below it."""


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
    within : {"", "error", "spread"}
        What the head says of the second number in a cell, as in ``Accuracy (SE)``: a standard
        error, or a standard deviation.
    """

    column: str
    estimand: str
    besides: Mapping[str, str]
    within: str = ""


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
    unused : tuple of str
        Columns that no rule looks at.
    mapped : tuple of str
        Columns whose role the user says.
    """

    roles: Mapping[str, str]
    measures: tuple[Measure, ...]
    labels: tuple[str, ...]
    sums: tuple[Sum, ...] = ()
    unused: tuple[str, ...] = ()
    mapped: tuple[str, ...] = ()


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
    about = {c for m in measures for c in (m.column, *m.besides.values())}
    used = taken | {c for m in measures for c in (m.column, *m.besides.values())}
    labels = [c for c in columns if c not in used or said.get(c) == "label"]
    if not measures:
        raise ChoiceError(
            f"no column of estimates among {', '.join(columns)}; name one 'value', or map it, "
            f"such as {{'my column': 'value'}}{hint}"
        )
    of_shares = [one.column for one in measures] if "value" not in roles or wide else []
    about |= {*labels, *(roles[r] for r in ("id", "unit", "place", "source", "k") if r in roles)}
    if "value" in roles and not wide:
        about |= {roles[r] for r in ("estimand", "as_printed") if r in roles}
    return Layout(
        roles,
        tuple(measures),
        tuple(labels),
        tuple(find_sums(of_shares, said)),
        tuple(c for c in columns if c not in about),
        tuple(said),
    )


def names_an_interval(column: str) -> bool:
    """Whether the head of a column says that its cells are intervals, so that two numbers are ends.

    Examples
    --------
    >>> names_an_interval("95% CI"), names_an_interval("ci95"), names_an_interval("margin of error")
    (True, True, False)
    """
    return re.search(r"(?:^|_)ci(?![a-z])|interval", _plain(column)) is not None


def asides(column: str) -> tuple[str, str]:
    """Return what a head names without what it says of its cells, and whether they hold an error.

    Examples
    --------
    >>> asides("Accuracy (SE)"), asides("Acc. [95% CI]"), asides("Accuracy (%)")
    (('Accuracy', 'error'), ('Acc.', ''), ('Accuracy', ''))
    """
    within = ""
    while found := _ASIDE.search(column):
        said = found["brackets"] or found["behind"] or found["sign"] or ""
        parts = [part.strip(" ±+/-\\") for part in re.split(r"[,;]|±|\+/?-", said.lower())]
        kinds = [
            next((kind for kind, names in _ASIDES.items() if re.fullmatch(names, part)), "")
            for part in parts
            if part
        ]
        if not kinds or "" in kinds or not column[: found.start()].strip():
            break
        within = next((kind for kind in kinds if kind in ("error", "spread")), within)
        column = column[: found.start()].rstrip()
    return column, within


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
    name = "n" if _NUMBER_OF.fullmatch(column.strip()) else _plain(column)
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
    made = []
    for column in sorted(kept, key=order.__getitem__):
        estimand, within = asides(column)
        made.append(Measure(column, estimand, shared | owners[column], within))
    return made


def _plain(column: str) -> str:
    return re.sub(r"[\W_]+", "_", column.strip().lower()).strip("_")
