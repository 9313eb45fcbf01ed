"""Names of source columns: told apart as the engine does, and clear of bookkeeping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from foresay.errors import SourceError
from foresay.tables.schemas import BOOKKEEPING


def refuse_twice(names: Sequence[str], where: str) -> None:
    """Refuse names that stand more than once, letter for letter.

    Raises
    ------
    SourceError
        With all of them.
    """
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise SourceError(
            f"{where}: {', '.join(map(repr, twice[:10]))} stand more than once; rename one of them"
        )


def apart(names: Sequence[str]) -> list[str]:
    """Return names that differ also without case, as the engine sees them.

    Of ``answer`` and ``Answer`` neither keeps its name, so that a study file cannot mean one and
    get the other: they are ``answer_1`` and ``Answer_2``.
    """
    counted = Counter(name.lower() for name in names)
    taken = set(counted)
    number: Counter[str] = Counter()
    result = []
    for name in names:
        free, same = name, name.lower()
        while counted[same] > 1 and free.lower() in taken:
            number[same] += 1
            free = f"{name}_{number[same]}"
        taken.add(free.lower())
        result.append(free)
    return result


def unreserved(names: Sequence[str]) -> list[str]:
    """Return the names told apart, a file's own ``_row`` and ``_file`` as ``x_row``, ``x_file``."""
    names = apart(names)
    taken = {name.lower() for name in names}
    result = []
    for name in names:
        free = name
        while free.lower() in BOOKKEEPING or (free != name and free.lower() in taken):
            free = f"x{free}"
        taken.add(free.lower())
        result.append(free)
    return result


def named(header: Sequence[str]) -> list[str]:
    """Return a header's names without outer spaces; empty ones are ``column0``, ``column1``, ..."""
    names = [name.strip() for name in header]
    taken = {name.lower() for name in names}
    for i, name in enumerate(names):
        if not name:
            free = f"column{i}"
            while free in taken:
                free += "_"
            taken.add(free)
            names[i] = free
    return names
