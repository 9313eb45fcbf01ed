"""What a request asks for, held against the study: its numbers, claims, items and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from foresay.errors import ChoiceError
from foresay.estimation.correlations import NAMES as CORRELATIONS
from foresay.estimation.pairing import NAMES as CALIBRATION
from foresay.measures.registry import measures
from foresay.study import Choices, known_comparisons, nearest
from foresay.study.requests import Change
from foresay.tables.engine import literal
from foresay.tables.sources import list_files
from foresay.workbench import Workbench


@contextmanager
def opened_under(
    bench: Workbench, choices: Choices, files: Mapping[str, Sequence[str]]
) -> Iterator[Workbench]:
    """Give the study under other choices, opened anew where other rows or files make its tables."""
    tables = dict(bench.study.tables)
    for name, names in files.items():
        if name not in tables:
            raise ChoiceError(
                f"tables: the study has no table {name!r}; {nearest(name, list(tables))}"
            )
        tables[name] = tables[name].model_copy(update={"files": list(names)})
        list_files(name, tables[name], bench.root)  # refuses what is not there
    if not files and choices.duplicates == bench.choices.duplicates:
        yield bench
        return
    study = bench.study.model_copy(update={"tables": tables, "choices": choices})
    with bench.opened_as(study) as other:
        yield other


def refuse_same_names(bench: Workbench, change: Change) -> None:
    """Refuse an added contrast with the name of a comparison that is there."""
    for name in change.contrasts:
        if name in known_comparisons(bench.study):
            raise ChoiceError(
                f"contrasts: {name!r} is in the study already; give the added one a name of its own"
            )


def numbers_of_concern(
    bench: Workbench, change: Change, asked: Sequence[str], claims: Sequence[str]
) -> list[str]:
    """Return the names of the numbers that are computed; what is asked is known as one or a claim.

    A name that a number and a claim share means both.
    """
    known = [*known_comparisons(bench.study), *measures(), *CALIBRATION, *CORRELATIONS]
    for name in asked:
        if name not in known and name not in claims:
            hint = nearest(name, [*known, *claims])
            raise ChoiceError(f"concerns: there is no number and no claim {name!r}; {hint}")
    names = [name for name in asked if name in known]
    names = names or [n for n in bench.study.contrasts if n not in change.contrasts]
    names += [name for name in change.contrasts if name not in names]
    return names or ["accuracy"]


def leaving_out(bench: Workbench, items: Sequence[str]) -> str | None:
    """Return the condition that leaves items out, each of which is there."""
    if not items:
        return None
    found = bench.population().trials.select("item").distinct().to_pyarrow()["item"].to_pylist()
    there = sorted(str(value) for value in found if value is not None)
    for item in items:
        if item not in there:
            raise ChoiceError(f"without_items: there is no item {item!r}; {nearest(item, there)}")
    return f"item NOT IN ({', '.join(literal(item) for item in items)})"
