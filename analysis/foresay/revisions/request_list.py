"""The list of requests in `requests/README.md`; what people write around it stays."""

from __future__ import annotations

import re
from pathlib import Path

from foresay.errors import ForesayError, StudyError
from foresay.publishing.escaping import markdown_text
from foresay.publishing.writing import write_text
from foresay.study.requests import Request, read_request

BEGIN = "<!-- list of requests: written by foresay reanalyze -->"
END = "<!-- end of the list of requests -->"
_BETWEEN = re.compile(re.escape(BEGIN) + r".*?" + re.escape(END), re.DOTALL)
_TITLE = (
    "# Requests\n\nWhat was asked to be computed otherwise. `foresay reanalyze` answers them.\n"
)


def study_of(request: Path) -> Path:
    """Return the study file above a request file.

    Raises
    ------
    StudyError
        There is none in its folder or the one above.
    """
    for folder in request.resolve().parents[:2]:
        if (folder / "study.yml").is_file():
            return folder / "study.yml"
    raise StudyError(
        f"no study.yml stands above the request {request}; keep requests in the folder requests "
        "of their study, or say --study"
    )


def request_files(folder: Path) -> list[Path]:
    """Return the request files of a folder, R2.10 after R2.9."""
    return sorted((p for p in folder.glob("*.yml") if p.is_file()), key=_in_order)


def _in_order(path: Path) -> list[tuple[bool, int, str]]:
    parts = re.split(r"(\d+)", path.stem)
    return [(p.isdecimal(), int(p) if p.isdecimal() else 0, p) for p in parts]


def list_text(folder: Path) -> str:
    """Return the list as Markdown: a row for each request; one that cannot be read says so."""
    lines = ["| Request | Asked by | Question | Change | Status |", "|---|---|---|---|---|"]
    for path in request_files(folder):
        name = markdown_text(path.stem)
        try:
            request = read_request(path)
        except ForesayError:
            lines.append(f"| [{name}](<{path.name}>) | | cannot be read | | |")
            continue
        question = markdown_text(request.question.strip())
        lines.append(
            f"| [{name}](<{path.name}>) | {request.asked_by} | {question} | "
            f"{markdown_text(_change(request))} | {_status(request)} |"
        )
    return "\n".join([BEGIN, *lines, END])


def write_list(folder: Path) -> None:
    """Write the list into the README of a folder of requests, where it is not the same already."""
    path = folder / "README.md"
    there = path.read_text(encoding="utf-8") if path.is_file() else _TITLE
    made = list_text(folder)
    if _BETWEEN.search(there):
        text = _BETWEEN.sub(lambda _: made, there, count=1)
    else:
        text = f"{there.rstrip()}\n\n{made}\n"
    if not path.is_file() or text != there:
        write_text(path, text)


def _status(request: Request) -> str:
    """Return its status, and why it was declined."""
    why = f": {markdown_text(request.reason)}" if request.reason else ""
    return f"{request.status}{why}"


def _change(request: Request) -> str:
    """Say what a request changes, as its file does."""
    change = request.change
    told = [f"{name}: {_value(value)}" for name, value in change.choices.changes().items()]
    told += [f"where: {change.where}"] if change.where else []
    told += [f"without {', '.join(change.without_items)}"] if change.without_items else []
    told += [f"table {name}: {', '.join(files)}" for name, files in change.tables.items()]
    told += [f"contrast {name}" for name in change.contrasts]
    return "; ".join(told) or "none"


def _value(value: object) -> str:
    return "+".join(map(str, value)) if isinstance(value, list) else str(value)
