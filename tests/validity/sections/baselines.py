"""Accuracy minus the mode baseline: the mode held fixed, or chosen again in each resample."""

from __future__ import annotations

from validity.guessing import ACCURACY, CODE, WAYS, simulate, summarise
from validity.study import Case, Results, Section
from validity.tables import share, table

RUNS = 1_000
CASES = (
    ((0.5, 0.5), 100),
    ((0.5, 0.5), 400),
    ((0.52, 0.48), 100),
    ((0.4, 0.38, 0.22), 100),
    ((1 / 3, 1 / 3, 1 / 3), 200),
    ((0.6, 0.3, 0.1), 100),
)
CLEAR = ((0.6, 0.3, 0.1), 100)
"""The case without a near tie, where every way is fair."""

OPENING = f"""Accuracy is {share(ACCURACY, 2)}, whatever the answer; the items of one cell have the
answers given. *Train* learns the mode on as many other items and is held against what that mode
scores in truth, the others against the true mode. *In-sample* and *leave-one-out* hold the scores
of the items fixed while items are drawn, and so does *train*; *chosen again* takes the commonest
answer of each resample (percentile interval), which foresay does not do. Mean error in points in
brackets.
Near ties the scores of a leave-one-out mode all change at once, which no interval over items can
know: its note says where modes are tied."""


def text(results: Results) -> str:
    """Return the section of the page."""
    cases = results["baselines"]
    if not cases:
        return ""
    rows = []
    for one in cases:
        law = " / ".join(share(p, 2) for p in one["law"])
        cells = []
        for way in WAYS:
            row = one.row(mode=way)
            cells.append(f"{share(row['covered'] / row['runs'])} ({100 * row['bias']:+.1f})")
        rows.append([law, str(one["items"]), *cells])
    head = ["answers", "items", "train", "in-sample", "leave-one-out", "chosen again"]
    return "\n\n".join(["## Accuracy over the mode baseline", OPENING, table(head, rows)])


SECTION = Section(
    name="baselines",
    text=text,
    cases=tuple(Case({"law": list(law), "items": items}, RUNS) for law, items in CASES),
    simulate=simulate,
    summarise=summarise,
    code=CODE,
)
