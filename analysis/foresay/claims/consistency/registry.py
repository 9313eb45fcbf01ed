"""Labels that no model of the registry has, and arms that were promised and are not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from foresay.claims.consistency.finding import Finding, outcome
from foresay.study import nearest

LABELS = "labels in the model registry"
ARMS = "promised arms are there"


def known_labels(used: Mapping[str, Sequence[str]], models: Iterable[str] | None) -> list[Finding]:
    """Return one finding for each label of a model.

    Parameters
    ----------
    used : mapping
        Label to the rows that have it.
    models : iterable of str or None
        Names of the registry; None where there is none.

    Notes
    -----
    Names are compared as text, letter for letter: ``gpt-4`` and ``gpt-4o`` are two models.

    Examples
    --------
    >>> known_labels({"gpt-4": ["r1"]}, ["gpt-4o", "llama-70b"])[0].arithmetic
    "label 'gpt-4' of 1 row; did you mean 'gpt-4o'?"
    """
    if models is None:
        reason = "no list of models was given"
        return [Finding(rule=LABELS, verdict="not possible", reason=reason)]
    known = list(dict.fromkeys(models))
    found = []
    for label, rows in used.items():
        holds = label in known
        times = f"{len(rows)} {'row' if len(rows) == 1 else 'rows'}"
        found.append(
            Finding(
                rule=LABELS,
                verdict=outcome(holds=holds),
                rows=tuple(rows),
                arithmetic=f"label {label!r} of {times}"
                + ("" if holds else f"; {nearest(label, known)}"),
            )
        )
    return found


def promised_arms(
    rows: Sequence[Mapping[str, str]],
    ids: Sequence[str],
    promised: Sequence[Mapping[str, str]] | None,
) -> list[Finding]:
    """Return one finding for each promised arm.

    Parameters
    ----------
    rows : sequence of mapping
        Labels of each row.
    ids : sequence of str
        Their names.
    promised : sequence of mapping or None
        Labels of each arm; a row belongs to it that has all of them. None where nothing was
        promised.

    Notes
    -----
    One row is enough.

    Examples
    --------
    >>> arms = [{"predictor": "a", "target": "b"}]
    >>> promised_arms([{"predictor": "a", "target": "a"}], ["r1"], arms)[0].arithmetic
    'no row has predictor = a, target = b'
    """
    if promised is None:
        reason = "no list of promised arms was given"
        return [Finding(rule=ARMS, verdict="not possible", reason=reason)]
    found = []
    for arm in promised:
        have = tuple(
            name
            for row, name in zip(rows, ids, strict=True)
            if all(row.get(column) == str(cell) for column, cell in arm.items())
        )
        said = ", ".join(f"{column} = {cell}" for column, cell in arm.items())
        words = f"{len(have)} rows have {said}" if have else f"no row has {said}"
        found.append(
            Finding(rule=ARMS, verdict=outcome(holds=bool(have)), rows=have, arithmetic=words)
        )
    return found
