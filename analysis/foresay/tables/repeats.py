"""Rules about rows that belong together: repeats of a model, splits, and probabilities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from foresay.tables.cross_rules import Checked
from foresay.tables.examples import (
    MOST_EXAMPLES,
    counted,
    described,
    example_of,
    first_of_groups,
)
from foresay.tables.keys import among, key_hash, run_lengths, shared, sorted_hashes
from foresay.tables.problems import Problem
from foresay.tables.schemas import SPLITS

TOLERANCE = 0.01
"""How far a sum of probabilities may be from 1: they are often rounded to two digits."""

_QUESTION = ("predictor", "target", "task", "item", "property", "wording")
_LEARNT = ("predictor", "target", "task", "item", "property")


def uneven_repeats(tables: Mapping[str, Checked]) -> list[Problem]:
    """Return a warning for each table in which items of one cell have different numbers of repeats.

    A cell is the key without item and repeat: the same model, task, property and temperature.
    """
    problems = []
    for checked in tables.values():
        if not checked.has("sample", "item") or "sample" not in checked.key:
            continue
        ends = checked.table.aggregate(
            low=checked.table["sample"].min(), high=checked.table["sample"].max()
        ).to_pyarrow()
        if ends["low"] == ends["high"]:
            continue  # one repeat each; a second would be a key that is not unique
        unit = [name for name in checked.key if name != "sample"]
        lengths = set[int]()
        for hashes in sorted_hashes(checked.table, unit, checked.n_rows):
            lengths |= set(np.flatnonzero(np.bincount(run_lengths(hashes))).tolist())
        if len(lengths) > 1:
            problems += _uneven(checked, unit)
    return problems


def _uneven(checked: Checked, unit: list[str]) -> list[Problem]:
    cell = [name for name in unit if name != "item"]
    table = checked.table.mutate(_unit=key_hash(checked.table, unit))
    units = table.group_by([*cell, "_unit"]).aggregate(k=table.count())
    listed = units.group_by([*cell, "k"]).aggregate(items=units.count()).to_pyarrow().to_pylist()
    cells: dict[tuple[Any, ...], Counter[int]] = {}
    for row in listed:
        cells.setdefault(tuple(row[name] for name in cell), Counter())[row["k"]] += row["items"]
    uneven = {values: numbers for values, numbers in cells.items() if len(numbers) > 1}
    if not uneven:
        return []
    total = sum(uneven.values(), Counter[int]())
    usual = {
        values: max(n.items(), key=lambda of: (of[1], of[0]))[0] for values, n in uneven.items()
    }
    n_items = sum(n for v, numbers in uneven.items() for k, n in numbers.items() if k != usual[v])
    n_rows = sum(
        k * n for v, numbers in uneven.items() for k, n in numbers.items() if k != usual[v]
    )
    first = first_of_groups(checked.table, cell, n=len(cells))
    shown = [row for row in first if tuple(row[name] for name in cell) in uneven]
    return [
        checked.problem(
            cell,
            "as many repeats for each item",
            "warning",
            n_rows,
            [
                example_of(
                    row,
                    f"{described(row, cell)}: {_spread(uneven[tuple(row[name] for name in cell)])}",
                )
                for row in shown[:MOST_EXAMPLES]
            ],
            message=f"items of table {checked.spec.name} have different numbers of repeats within "
            f"{counted(len(uneven), 'cell')} of {', '.join(cell)}: {_spread(total)}; "
            f"{counted(n_items, 'item')} differ from most of their cell",
            way_out="nothing, if that was the design: every item counts once whatever its number; "
            "otherwise add the missing repeats or correct `sample`",
        )
    ]


def _spread(numbers: Counter[int]) -> str:
    parts = [f"k = {k} for {counted(n, 'item')}" for k, n in sorted(numbers.items())]
    return ", ".join([*parts[:MOST_EXAMPLES], *(["…"] if len(parts) > MOST_EXAMPLES else [])])


def contradictory_splits(tables: Mapping[str, Checked]) -> list[Problem]:
    """Return a warning for each table in which one item is both train and held-out."""
    return [
        problem
        for checked in tables.values()
        if checked.has("split", *_LEARNT)
        for problem in _split_twice(checked)
    ]


def _split_twice(checked: Checked) -> list[Problem]:
    table, unit = checked.table, list(_LEARNT)
    train, held_out = (table.filter(table["split"] == split) for split in SPLITS)
    both = shared(train, held_out, unit, checked.n_rows)
    if not len(both):
        return []
    rows = among(table.filter(table["split"].isin(SPLITS)), unit, both)
    return [
        checked.problem(
            [*unit, "split"],
            "one split for each item",
            "warning",
            rows.count().to_pyarrow().as_py(),
            [
                example_of(row, described(row, [*unit, "split"]))
                for row in first_of_groups(rows, [*unit, "split"])
            ],
            message=f"table {checked.spec.name} calls {counted(len(both), 'item')} of a predictor "
            "both train and held-out",
            way_out="correct `split`: an item that a predictor was trained on is train everywhere",
        )
    ]


def improper_sums(tables: Mapping[str, Checked]) -> list[Problem]:
    """Return the problems of probabilities that do not add up over the answers of a question.

    More than 1 is never possible. Less than 1 is a list of the likeliest answers if every row has
    a `rank`, and an error otherwise.
    """
    checked = tables.get("probabilities")
    if checked is None or not checked.has(*_QUESTION[:5], "probability"):
        return []
    question = [name for name in checked.key if name != "answer"]
    table = checked.table.mutate(_question=key_hash(checked.table, question))
    unranked = table["rank"].isnull().any() if checked.has("rank") else True
    sums = table.group_by("_question").aggregate(
        total=table["probability"].sum().round(9),
        n=table.count(),
        unranked=unranked,
        file=table["_file"].min(),
        row=table["_row"].min(),
    )
    over = sums["total"] > 1 + TOLERANCE
    under = sums["unranked"] & (sums["total"] < 1 - TOLERANCE)
    counts = sums.aggregate(
        over=sums.count(where=over),
        under=sums.count(where=under),
        over_rows=sums["n"].sum(where=over),
        under_rows=sums["n"].sum(where=under),
    )
    found = counts.to_pyarrow().to_pylist()[0]
    problems = []
    for name, broken, sentence, way_out in (
        ("over", over, "more than 1", "correct them; percentages and logits must be converted"),
        (
            "under",
            under,
            "less than 1",
            "add the missing answers (one may be 'other'), or a `rank` in each row of a short list",
        ),
    ):
        if found[name]:
            problems.append(
                checked.problem(
                    [*question, "probability"],
                    f"probabilities of a question are not {sentence}",
                    "error",
                    found[f"{name}_rows"],
                    _sums(checked, question, sums.filter(broken)),
                    message=f"the probabilities of {counted(found[name], 'question')} in table "
                    f"probabilities sum to {sentence} (by over {TOLERANCE:g})",
                    way_out=way_out,
                )
            )
    return problems


def _sums(checked: Checked, question: list[str], sums: Any) -> list[Any]:
    listed = sums.order_by(["file", "row", "_question"]).limit(MOST_EXAMPLES).to_pyarrow()
    hashes = np.array([h % (1 << 64) for h in listed["_question"].to_pylist()], np.uint64)
    rows = among(checked.table, question, hashes)
    totals = rows.group_by(question).aggregate(total=rows["probability"].sum().round(6))
    total_of = {
        tuple(row[name] for name in question): row["total"]
        for row in totals.to_pyarrow().to_pylist()
    }
    return [
        example_of(
            row,
            f"{described(row, question)}: sum {total_of[tuple(row[name] for name in question)]:g}",
        )
        for row in first_of_groups(rows, question)
    ]
