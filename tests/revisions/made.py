"""Versions made by hand: a manifest and a few files, in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from foresay.publishing.manifest import Manifest
from foresay.publishing.versions import publish
from studies import Row, csv_text

ROW = {
    "estimand": "accuracy",
    "target": "m",
    "n_train": 100.0,
    "value": 0.5,
    "low": 0.4,
    "high": 0.6,
    "standard_error": 0.05,
    "n_trials": 40,
    "compliance": "paper",
    "note": "",
    "fingerprint": "abc",
}
DIFFERENCE = {
    "estimand": "self_advantage",
    "target": "m",
    "value": 0.1,
    "low": -0.05,
    "high": 0.25,
    "standard_error": 0.075,
    "p_value": 0.2,
    "verdict": "unresolved",
}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
    '<rect width="{}" height="9"/></svg>'
)


def manifest(version: str | None = "1.0", **changes: Any) -> Manifest:
    content: dict[str, Any] = {
        "study": "tiny",
        "title": "Tiny",
        "version": version,
        "inputs": {"study.yml": "a" * 64, "data/answers.csv": "b" * 64},
        "choices": {"compliance": "paper"},
        "package": "0.1.0",
        "package_source": "c" * 64,
        "libraries": {"duckdb": "2.0.0"},
        "seed": 1,
        "engine": "embedded",
        "engine_version": "0.1.0",
        "formats": ["html"],
    }
    return Manifest(**(content | changes))


def page(*paragraphs: str) -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f'<html><head></head><body><p class="subtitle">Version</p><main>{body}</main></body></html>'
    )


def make(
    versions: Path,
    version: str | None = "1.0",
    *,
    tables: Mapping[str, Sequence[Row]] | None = None,
    files: Mapping[str, str] | None = None,
    **changes: Any,
) -> Path:
    """Publish a version of these tables and files."""
    content = {"index.html": page("Accuracy is .50."), "figures/a.svg": SVG.format(9)}
    content |= dict(files or {})
    for name, rows in ({"accuracy": [ROW]} if tables is None else tables).items():
        content[f"tables/{name}.csv"] = csv_text(rows)

    def build(folder: Path) -> None:
        for name, text in content.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")

    return publish(versions, manifest(version, **changes), build)
