"""Write docs/benchmarks.md from benchmarks/results/*.json, the only source of its numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from measuring.results import RESULTS, Target, show

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
ORDER = (
    *("beside", "sweep", "reduction", "measures", "calibration", "specifications", "claims"),
    "audit",
    "report",
)

OPENING = """# Speed and memory

This page is written by `python benchmarks/page.py` from `benchmarks/results/`; change it there.
`make benchmarks` measures everything anew (a quarter of an hour; each script takes
`--quick`).

Every table holds peers that ran in the same process or minute, so read the ratios, not the
seconds: other programs shared the processors. Times are the least of several runs. MB are
millions of bytes.
"""


def text() -> str:
    """Return the page."""
    parts = [OPENING]
    for name in ORDER:
        path = RESULTS / f"{name}.json"
        if path.exists():
            parts.append(_section(json.loads(path.read_text(encoding="utf-8"))))
    return "\n".join(parts)


def write() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text(), encoding="utf-8")


def _section(found: dict[str, Any]) -> str:
    lines = [f"## {found['title']}", "", found["method"], ""]
    if found["targets"]:
        lines += ["| promise | measured | bound | |", "|:--|--:|--:|:--|"]
        for each in found["targets"]:
            target = Target(**each)
            sign = "≥" if target.at_least else "≤"
            verdict = "holds" if target.holds else "**missed**"
            cells = (target.promise, _number(target.measured), f"{sign} {target.bound:,g}", verdict)
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    for table in found["tables"]:
        lines += [_table(table), "", f": {table['caption']}", ""]
    return "\n".join([*lines, _environment(found["environment"]), ""])


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _table(table: dict[str, Any]) -> str:
    columns = table["columns"]
    lines = [
        f"| {' | '.join(head for head, _ in columns)} |",
        f"|{'|'.join(':--' if form == 'text' else '--:' for _, form in columns)}|",
    ]
    for row in table["rows"]:
        cells = [show(value, form) for value, (_, form) in zip(row, columns, strict=True)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _environment(about: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in about["libraries"].items())
    return (
        f"Measured with Python {about['python']} on {about['processors']} processors; {versions}."
    )


if __name__ == "__main__":
    write()
    print(f"wrote docs/{PAGE.name}")
