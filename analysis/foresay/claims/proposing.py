"""Proposes an entry of the ledger from a number of the study."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from foresay.claims.asking import Asking, estimands
from foresay.claims.claim import Claim
from foresay.claims.ledger import ID, Ledger, parse_ledger
from foresay.errors import ChoiceError, UnsupportedError
from foresay.study import known_comparisons

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from foresay.workbench import Workbench

DECIMALS = 3
"""Decimals of proposed numbers."""

_NUMERIC = re.compile(r"[-+.0-9eE]+")


class _Quoting(yaml.SafeDumper):
    """Puts text that looks like a number in quotes, so that it stays text."""


def _quoted(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "'" if _NUMERIC.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Quoting.add_representer(str, _quoted)


def propose(
    bench: Workbench, of: str, *, name: str = "", sentence: str = "", **asked: Any
) -> dict[str, Claim]:
    """Return a claim that says what a study's number is.

    Parameters
    ----------
    bench : Workbench
        The study.
    of : str
        An estimand, or a comparison by name; or what is counted, such as ``trials``.
    name : str
        Id of the claim; by default from what it is of.
    sentence : str
        How the paper says it; by default a plain one, to be replaced.
    **asked
        `at`, `where`, `arms` and `choices` of the claim.

    Returns
    -------
    dict
        The claim by its id, with value, interval and n to three decimals; a count is exact.

    Raises
    ------
    ForesayError
        The number is unknown, or not defined.
    """
    kind = "difference" if asked.get("arms") or of in known_comparisons(bench.study) else "value"
    if kind == "value" and of not in estimands() and _is_counted(bench, of):
        kind = "count"
    given = {key: value for key, value in asked.items() if value}
    draft: dict[str, Any] = {"sentence": "-", "kind": kind, "of": of, "value": "0", **given}
    if name and not ID.fullmatch(name):
        raise ChoiceError(
            f"{name!r} is no id; ids are letters, digits, dots, underscores and hyphens, starting "
            "with one of the first two"
        )
    try:
        asking = Claim.model_validate(draft)
    except ValidationError as error:
        said = "; ".join(_said(one) for one in error.errors())
        raise ChoiceError(f"no claim can be made of this: {said}") from error
    if kind == "count":
        found = str(Asking(bench).count(asking))
        what = "rows of " if of in bench.raw_tables.tables else "values of "
        what = f"{'' if of in ('trials', 'items') else what}{of}"
        said = sentence or f"The number of {what}{_of(given)} is {found}."
        told = {**draft, "sentence": said, "value": found}
        return {name or _name(of, given): Claim.model_validate(told)}
    (row,) = Asking(bench).rows(asking)
    value, low, high = (float(row[part]) for part in ("value", "low", "high"))
    if math.isnan(value):
        raise UnsupportedError(f"{of} has no value here: {row.get('note') or 'it is undefined'}")
    quantity = str(row.get("quantity", ""))
    kind = "ratio" if quantity == "ratio" else kind if quantity in ("", "difference") else "value"
    told = {
        "sentence": sentence or f"{of}{_of(given)} is {_text(value)}.",
        "kind": kind,
        "of": of,
        **given,
        "value": _text(value),
    }
    if not (math.isnan(low) or math.isnan(high)):
        told["interval"] = [_text(low), _text(high)]
    n = float(row.get("n_items", math.nan))
    if not math.isnan(n):
        told["n"] = str(int(n))
    return {name or _name(of, given): Claim.model_validate(told)}


def _is_counted(bench: Workbench, of: str) -> bool:
    """Whether a name is of something to count: trials, items, a table, a column of trials."""
    if of in ("trials", "items") or of in bench.raw_tables.tables:
        return True
    return of in bench.trials().columns


def _of(given: Mapping[str, Any]) -> str:
    """Return the group of a claim, for its sentence; "" for none."""
    group = ", ".join(f"{column} {cell}" for column, cell in given.get("at", {}).items())
    return f" ({group})" if group else ""


def _said(error: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"])
    what = str(error.get("ctx", {}).get("error", error["msg"]))
    return f"{where} {what}" if where else f"it {what}"


def as_yaml(claims: dict[str, Claim]) -> str:
    """Return claims as they stand in a ledger, below its first line."""
    content = {name: claim.model_dump(exclude_unset=True) for name, claim in claims.items()}
    text = yaml.dump(content, Dumper=_Quoting, sort_keys=False, allow_unicode=True, width=100)
    return "".join(f"  {line}\n" for line in text.splitlines())


def appended(text: str, claims: dict[str, Claim], path: Path) -> str:
    """Return the text of a ledger with claims at its end, all else as it was.

    Parameters
    ----------
    text : str
        Of the ledger; "" for a new one.
    claims : dict
        What is added.
    path : Path
        Of the ledger, for messages.

    Raises
    ------
    ChoiceError
        An id is taken, or claims are not the last part of the file.
    StudyError
        The ledger is broken as it is.
    """
    before = parse_ledger(text, path) if text.strip() else Ledger(claims={})
    if taken := [name for name in claims if name in before.claims]:
        raise ChoiceError(f"{path} has a claim {taken[0]!r} already; choose another id, with --id")
    start = text if text.strip() else "claims:\n"
    made = f"{start}{'' if start.endswith(chr(10)) else chr(10)}{as_yaml(claims)}"
    wanted = before.model_copy(update={"claims": {**before.claims, **claims}})
    try:
        fits = parse_ledger(made, path) == wanted
    except Exception:  # noqa: BLE001  # whatever is wrong with it, it is not written
        fits = False
    if not fits:
        raise ChoiceError(
            f"the claims are not the last part of {path}, indented by two spaces; put the entry "
            "into that file by hand"
        )
    return made


def _text(value: float) -> str:
    sign, digits = ("-" if value < 0 else ""), f"{abs(value):.{DECIMALS}f}"
    return sign + digits.removeprefix("0")


def _name(of: str, asked: dict[str, Any]) -> str:
    words = [of, *(str(cell) for cell in asked.get("at", {}).values())]
    return re.sub(r"[^A-Za-z0-9._]+", "-", "-".join(words)).strip("-._") or "claim"
