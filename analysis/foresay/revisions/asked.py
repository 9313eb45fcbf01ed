"""What a request asks for, held against the study: its numbers, claims, items and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from foresay.errors import ChoiceError
from foresay.estimation.correlations import NAMES as CORRELATIONS
from foresay.estimation.pairing import NAMES as CALIBRATION
from foresay.measures.registry import measures
from foresay.study import Choices, Study, known_comparisons, nearest
from foresay.study.requests import Change
from foresay.study.specification import TableSource
from foresay.tables.engine import literal
from foresay.tables.sources import list_files
from foresay.workbench import Workbench


def other_tables(
    study: Study, files: Mapping[str, Sequence[str]], root: Path
) -> dict[str, TableSource]:
    """Return the tables of a study, some with other files.

    Raises
    ------
    ChoiceError
        The study has no such table.
    SourceError
        A file is not there.
    """
    tables: dict[str, TableSource] = {str(name): one for name, one in study.tables.items()}
    for name, names in files.items():
        if name not in tables:
            raise ChoiceError(
                f"tables: the study has no table {name!r}; {nearest(name, list(tables))}"
            )
        tables[name] = tables[name].model_copy(update={"files": list(names)})
        list_files(name, tables[name], root)  # refuses what is not there
    return tables


@contextmanager
def opened_under(
    bench: Workbench, choices: Choices, files: Mapping[str, Sequence[str]]
) -> Iterator[Workbench]:
    """Give the study under other choices, opened anew where other rows or files make its tables."""
    tables = other_tables(bench.study, files, bench.root)
    if not files and choices.duplicates == bench.choices.duplicates:
        yield bench
        return
    study = bench.study.model_copy(update={"tables": tables, "choices": choices})
    with bench.opened_as(study) as other:
        yield other


def extended(study: Study, change: Change) -> Study:
    """Return a study with the contrasts that a change adds.

    Raises
    ------
    ChoiceError
        The study has a comparison of such a name.
    """
    there = known_comparisons(study)
    _refuse(
        f"contrasts: {name!r} is in the study already; give the added one a name of its own"
        for name in change.contrasts
        if name in there
    )
    return study.model_copy(update={"contrasts": {**study.contrasts, **change.contrasts}})


def numbers_of_concern(
    study: Study, change: Change, asked: Sequence[str], claims: Sequence[str]
) -> list[str]:
    """Return the names of the numbers that are computed; what is asked is known as one or a claim.

    A name that a number and a claim share means both. The study has the added contrasts.

    Raises
    ------
    ChoiceError
        With every name that is not known, and the nearest one that is.
    """
    known = [*known_comparisons(study), *measures(), *CALIBRATION, *CORRELATIONS]
    _refuse(
        f"concerns: there is no number and no claim {name!r}; {nearest(name, [*known, *claims])}"
        for name in asked
        if name not in known and name not in claims
    )
    names = [name for name in asked if name in known]
    names = names or [n for n in study.contrasts if n not in change.contrasts]
    names += [name for name in change.contrasts if name not in names]
    return names or ["accuracy"]


def refuse_idle_groups(study: Study, names: Sequence[str]) -> None:
    """Refuse grouping columns where nothing that is asked for could have them.

    Raises
    ------
    ChoiceError
        All of it is trends, summaries and models, whose groups the study file declares.
    """
    known = known_comparisons(study)
    kinds = {name: known[name].kind if name in known else "estimand" for name in names}
    if not {"estimand", "contrast"} & set(kinds.values()):
        told = ", ".join(f"{name} is a {kind}" for name, kind in kinds.items())
        raise ChoiceError(
            f"by: {told}, with the groups that the study file gives it; leave by out, or ask for "
            "a contrast or an estimand"
        )


def _refuse(problems: Iterable[str]) -> None:
    if lines := list(problems):
        raise ChoiceError("\n".join(lines))


def leaving_out(bench: Workbench, items: Sequence[str]) -> str | None:
    """Return the condition that leaves items out, each of which is there."""
    if not items:
        return None
    found = bench.population().trials.select("item").distinct().to_pyarrow()["item"].to_pylist()
    there = sorted(str(value) for value in found if value is not None)
    _refuse(
        f"without_items: there is no item {item!r}; {nearest(item, there)}"
        for item in items
        if item not in there
    )
    return f"item NOT IN ({', '.join(literal(item) for item in items)})"
