"""Coverage of intervals on the page: cases, tables and sentences of a section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from foresay.resampling.intervals import BOOTSTRAP_INTERVALS
from validity.covering import CODE, intervals_for, simulate, summarise
from validity.study import LEVEL, RESAMPLES, Case, Result, Results, Section
from validity.tables import MISSING, counted, share, table

RATES = (0.5, 0.9, 0.98)
CLUSTERS = (20, 50, 200)
SHORT = {
    "studentized": "student.",
    "logit_satterthwaite": "logit_satt.",
    "t_satterthwaite": "t_satt.",
    "korn_graubard": "korn_g.",
}


def cases_of(
    design: str,
    runs: int,
    *,
    drawn: int,
    sizes: Sequence[tuple[int, int]] = tuple((n, 0) for n in CLUSTERS),
    rates: Sequence[float] = RATES,
) -> tuple[Case, ...]:
    """Return the cases of a design: sizes are clusters (runs of two ways) and what is within.

    Of the `runs` data sets the first `drawn` get the intervals that need replicates.
    """
    return tuple(
        Case(
            {
                "design": design,
                "clusters": clusters,
                "inner": inner,
                "rate": rate,
                "drawn": min(drawn, runs),
                "resamples": RESAMPLES,
            },
            runs,
        )
        for clusters, inner in sizes
        for rate in rates
    )


def coverage(row: Mapping[str, Any]) -> float:
    """Return the coverage of a row; an undefined interval covers nothing."""
    return row["covered"] / row["runs"]


def error(value: float, runs: int) -> float:
    """Return the binomial standard error of a share."""
    return float(np.sqrt(value * (1 - value) / runs))


def below(row: Mapping[str, Any], nominal: float = LEVEL) -> bool:
    """Return whether coverage is below nominal by more than chance: three standard errors."""
    return coverage(row) < nominal - 3 * error(nominal, row["runs"])


def size_of(result: Result) -> str:
    """Return the size of a case in words."""
    design, n, inner = result["design"], result["clusters"], result["inner"]
    if design.startswith("two-level"):
        return f"{n} tasks of {inner}"
    if design.startswith("two-way"):
        return f"{n} runs, {inner}"
    return str(n)


def columns_of(design: str) -> tuple[list[str], list[str]]:
    """Return the intervals of the two tables of a proportion, or of the one of another estimand.

    ``auto`` stands for the closed form that it takes, which has no column of its own.
    """
    names = intervals_for(design)
    chosen = {"logit_satterthwaite" if "logit_t" in names else "t_satterthwaite"}
    rest = [name for name in names if name not in chosen and name != "auto"]
    drawn = [name for name in rest if name in BOOTSTRAP_INTERVALS]
    closed = [name for name in rest if name not in BOOTSTRAP_INTERVALS]
    if len(rest) <= 7:
        return ["auto", *drawn, *closed], []
    return ["auto", *closed], ["auto", *drawn]


def tables(results: Sequence[Result]) -> str:
    """Return the tables of a design: coverage, with the mean width beside it."""
    head, rest = columns_of(results[0]["design"])
    size = {"two-level": "tasks of items", "two-way": "runs, items"}.get(
        results[0]["design"].removesuffix(" difference"), "clusters"
    )
    parts = []
    for names in (head, rest):
        if names:
            rows = [
                [size_of(one), share(one["rate"], 2), *(_cell(one, name) for name in names)]
                for one in results
            ]
            parts.append(table([size, "rate", *(SHORT.get(n, n) for n in names)], rows, 1))
    return "\n\n".join(parts)


def _cell(result: Result, name: str) -> str:
    row = result.row(interval=name)
    said = share(coverage(row))
    wide = row["width"]
    width = MISSING if wide is None else share(wide, 2) if wide < 100 else f"{wide:.0e}"
    return f"**{said}** ({width})" if below(row) else f"{said} ({width})"


def sentences(results: Sequence[Result]) -> str:
    """Return in words what the tables of a design show."""
    names = [n for n in intervals_for(results[0]["design"]) if n != "auto"]
    cells = [(one, name) for one in results for name in names]
    low = sum(below(one.row(interval=name)) for one, name in cells)
    auto = [one.row(interval="auto") for one in results]
    worst = min(results, key=lambda one: coverage(one.row(interval="auto")))
    undefined = sum(row["undefined"] for row in auto)
    return (
        f"{low} of {counted(len(cells), 'cell')} (intervals by sizes and rates, `auto` apart) "
        f"cover too rarely by more than chance; of the {counted(len(auto), 'cell')} of `auto`, "
        f"{sum(map(below, auto))}. `auto` covers least at {size_of(worst)} and a rate of "
        f"{share(worst['rate'], 2)}: {share(coverage(worst.row(interval='auto')))}. It was "
        f"undefined in {counted(undefined, 'data set')} of {sum(r['runs'] for r in auto):,}."
    )


def covering_section(
    name: str, title: str, law: str, designs: Sequence[tuple[str, Sequence[Case]]]
) -> Section:
    """Return the section of one kind of estimand.

    Parameters
    ----------
    name, title : str
        Of the file of results, and of the section of the page.
    law : str
        What was simulated, in words.
    designs : sequence of (str, sequence of Case)
        Heading (or "") and cases of each table.
    """

    def text(heads: Sequence[str], results: Results) -> str:
        parts = [f"## {title}", law]
        for head in heads:
            wanted = {case.key for h, cases in designs if h == head for case in cases}
            found = [one for one in results[name] if Case(one.parameters, one.runs).key in wanted]
            if found:
                parts += [f"### {head}"] if head else []
                parts += [sentences(found), tables(found)]
        return "\n\n".join(parts)

    return Section(
        name=name,
        text=partial(text, [head for head, _ in designs]),
        cases=tuple(case for _, cases in designs for case in cases),
        simulate=simulate,
        summarise=summarise,
        code=CODE,
    )
