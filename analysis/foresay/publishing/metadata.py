"""A report's metadata: the project's, the document's and the caller's, in Quarto's order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import yaml

from foresay.errors import ReportError

QUARTO_NAMES = {"html": "html", "pdf": "typst", "docx": "docx"}
_DEFAULTS: Mapping[str, object] = {"lang": "en", "toc-depth": 3, "execute": {}}
_EARLIEST = 315532800  # 1 January 1980: a zip file can hold no earlier time


def read_mapping(path: Path) -> dict[str, object]:
    """Read a YAML file that holds a mapping; an absent file is an empty one.

    Raises
    ------
    ReportError
        If the file is not valid YAML, or holds something else than a mapping.
    """
    if not path.is_file():
        return {}
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise ReportError(f"{path.name}{line}: is not valid YAML; mend it and try again") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ReportError(f"{path.name}: must be 'key: value' lines, got {type(values).__name__}")
    return {str(key): value for key, value in values.items()}


def merged(
    project: Mapping[str, object],
    front: Mapping[str, object],
    given: Mapping[str, object],
    target: str,
) -> dict[str, object]:
    """Merge the metadata of one format.

    Parameters
    ----------
    project
        ``_quarto.yml``.
    front
        The document's front matter.
    given
        What the caller says; it wins.
    target
        ``html``, ``pdf`` or ``docx``; the options of that format win over those of all.

    Returns
    -------
    dict
        ``project < document < options of the format (project, document) < given``.
    """
    result: dict[str, object] = dict(_DEFAULTS)
    for layer in (project, front):
        result = _over(result, {key: value for key, value in layer.items() if key != "format"})
    for layer in (project, front):
        formats = layer.get("format")
        own = formats.get(QUARTO_NAMES[target]) if isinstance(formats, Mapping) else None
        result = _over(result, own if isinstance(own, Mapping) else {})
    return _over(result, given)


def _over(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    result = dict(below)
    for key, value in above.items():
        under = result.get(key)
        if isinstance(under, Mapping) and isinstance(value, Mapping):
            result[key] = _over(under, value)
        else:
            result[key] = value
    return result


def authors(metadata: Mapping[str, object]) -> list[dict[str, str]]:
    """Give the authors as name, affiliation and ORCID; each may be a text or a mapping."""
    told = metadata.get("author") or []
    result = []
    for each in told if isinstance(told, list) else [told]:
        if isinstance(each, Mapping):
            fields = {key: each.get(key) for key in ("name", "affiliation", "orcid")}
            result.append({key: str(value) for key, value in fields.items() if value})
        else:
            result.append({"name": str(each)})
    return result


def iso_date(metadata: Mapping[str, object]) -> dt.date | None:
    """Give the report's date, when it is written as year-month-day."""
    told = metadata.get("date")
    if isinstance(told, dt.datetime):
        return told.date()
    if isinstance(told, dt.date):
        return told
    try:
        return dt.date.fromisoformat(str(told))
    except ValueError:
        return None


def printed_date(metadata: Mapping[str, object]) -> str:
    """Write the date as ``22 November 2026``; another text stays as it is."""
    date = iso_date(metadata)
    return f"{date.day} {date:%B %Y}" if date else str(metadata.get("date") or "")


def epoch(metadata: Mapping[str, object]) -> int:
    """Seconds that every file of the report carries as its time: midnight UTC of its date."""
    date = iso_date(metadata)
    if date is None:
        return _EARLIEST
    moment = dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC)
    return max(int(moment.timestamp()), _EARLIEST)
