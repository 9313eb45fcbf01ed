"""Families of contrasts: adjusted p-values, for the families that the study file declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from foresay.comparisons.hypotheses import verdict
from foresay.counts import FloatArray
from foresay.errors import UnsupportedError
from foresay.study import SELF_ADVANTAGE, Contrast, Family, Study

METHODS = {"holm": "holm", "bh": "fdr_bh"}
"""What statsmodels calls the corrections."""


def family_of(study: Study, contrast: str) -> str:
    """Return the family that a contrast is declared in; "" for none."""
    for name, family in study.families.items():
        if contrast in family.contrasts:
            return name
    return ""


def adjusted(p_values: FloatArray, family: Family) -> FloatArray:
    """Return adjusted p-values, shape (tests,).

    Parameters
    ----------
    p_values : array of shape (tests,)
        One for each test of the family; ``nan`` where a test is undefined. It was declared, so it
        counts as a test that found nothing: a family does not shrink after looking.
    family : Family
        The correction.

    References
    ----------
    Holm 1979, doi:10.2307/4615733; Benjamini & Hochberg 1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> adjusted(np.array([0.01, 0.04]), Family(contrasts=["a"])).tolist()
    [0.02, 0.04]
    """
    from statsmodels.stats.multitest import multipletests

    p_values = np.asarray(p_values, dtype=np.float64)
    if not len(p_values):
        return p_values
    undefined = np.isnan(p_values)
    filled = np.where(undefined, 1.0, p_values)
    _, corrected, _, _ = multipletests(filled, method=METHODS[family.correction])
    return np.where(undefined, np.nan, corrected)


def adjust(contrasts: pd.DataFrame, families: Mapping[str, Family]) -> pd.DataFrame:
    """Fill `family`, `p_adjusted` and `verdict` of contrasts that are in a declared family.

    Parameters
    ----------
    contrasts : DataFrame
        Tables of contrasts, one under the other, each grouped as declared: every row of every
        contrast of a family is a test of that family.
    families : mapping of str to Family
        The declared families.

    Returns
    -------
    DataFrame
        A new table. Where a family's contrasts are not all there, its rows keep `p_adjusted`
        missing and verdict "", and `note` says which are missing.
    """
    result = contrasts.copy()
    for name, family in families.items():
        rows = result["estimand"].isin(family.contrasts).to_numpy()
        if not rows.any():
            continue
        result.loc[rows, "family"] = name
        missing = [one for one in family.contrasts if one not in set(result["estimand"])]
        if missing:
            reason = f"not adjusted: family {name} needs {', '.join(missing)} too"
            result.loc[rows, "note"] = [_joined(note, reason) for note in result["note"][rows]]
            result.loc[rows, "p_adjusted"] = np.nan
            result.loc[rows, "verdict"] = ""
            continue
        corrected = adjusted(result["p_value"].to_numpy(np.float64)[rows], family)
        result.loc[rows, "p_adjusted"] = corrected
        result.loc[rows, "verdict"] = [
            verdict(p, hypothesis, family.level)
            for p, hypothesis in zip(corrected, result["hypothesis"][rows], strict=True)
        ]
    return result


def _joined(note: str, reason: str) -> str:
    return f"{note}; {reason}" if note else reason


def in_family(study: Study, name: str, compute: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of a contrast, adjusted for the family that it is declared in.

    Parameters
    ----------
    study : Study
        Its `families` are used.
    name : str
        The contrast.
    compute : callable
        From a contrast's name to its table, grouped as declared.

    Returns
    -------
    DataFrame
        What `compute` returns for `name`, with `family`, `p_adjusted` and `verdict`; the other
        contrasts of the family are computed too. One that the tables do not support is untested:
        it counts with p = 1, as so many tests as the largest of the family's contrasts with the
        same grouping has, at least one; `note` names it.

    Raises
    ------
    UnsupportedError
        The tables do not support `name` itself.
    """
    family = family_of(study, name)
    if not family:
        return compute(name)
    names = study.families[family].contrasts
    tables = {name: compute(name)}
    lost: dict[str, str] = {}
    for one in names:
        if one in tables:
            continue
        try:
            tables[one] = compute(one)
        except UnsupportedError as error:
            lost[one] = str(error)
    shared = ["estimand", "p_value", "p_adjusted", "family", "hypothesis", "verdict", "note"]
    grouping = {one: tuple(_spec(study, one).by) for one in names}
    notes = []
    for one, reason in lost.items():
        alike = [len(t) for other, t in tables.items() if grouping[other] == grouping[one]]
        many = max([1, *alike])
        blank = {"estimand": one, "p_value": np.nan, "p_adjusted": np.nan, "family": family}
        blank |= {"hypothesis": _spec(study, one).hypothesis, "verdict": "", "note": ""}
        tables[one] = pd.DataFrame([blank] * many)
        counted = "1 test" if many == 1 else f"{many} tests"
        notes.append(f"{one} of family {family} is untested, counted as {counted} with p = 1")
        notes[-1] += f" ({reason})"
    whole = adjust(
        pd.concat([tables[one][shared] for one in names], ignore_index=True),
        {family: study.families[family]},
    )
    own = whole[whole["estimand"] == name]
    made = tables[name].assign(
        **{c: own[c].to_numpy() for c in ("p_adjusted", "family", "verdict")}
    )
    for reason in notes:
        made = made.assign(note=[_joined(note, reason) for note in made["note"]])
    return made


def _spec(study: Study, name: str) -> Contrast:
    return study.contrasts.get(name, SELF_ADVANTAGE)


def outside_family(contrasts: pd.DataFrame, family: str) -> pd.DataFrame:
    """Return contrasts that were grouped otherwise than declared: named, but never adjusted.

    A family with another grouping was not declared, and adjusting it would form it after looking.
    """
    reason = f"not adjusted: grouped otherwise than family {family} declares"
    return contrasts.assign(
        family=family,
        p_adjusted=np.nan,
        verdict="",
        note=[_joined(note, reason) for note in contrasts["note"]],
    )
