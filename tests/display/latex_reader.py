"""A strict reader of the LaTeX that tables are written in: anything else is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TEXT = {
    "textbackslash": "\\",
    "textasciicircum": "^",
    "textasciitilde": "~",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textquotedbl": '"',
    "textquotesingle": "'",
    "textasciigrave": "`",
    "textendash": "\N{EN DASH}",
    "textemdash": "\N{EM DASH}",
    "dag": "\N{DAGGER}",
    "ddag": "\N{DOUBLE DAGGER}",
    "S": "\N{SECTION SIGN}",
    "P": "\N{PILCROW SIGN}",
    **{sign: sign for sign in "{}$&#%_"},
}
_MATHS = {
    "-": "\N{MINUS SIGN}",
    r"\times": "\N{MULTIPLICATION SIGN}",
    r"\infty": "\N{INFINITY}",
    r"\leq": "\N{LESS-THAN OR EQUAL TO}",
    r"\geq": "\N{GREATER-THAN OR EQUAL TO}",
    "'": "\N{PRIME}",
}
_TOKEN = re.compile(
    r"\$(?P<maths>[^$]*)\$|\\(?P<name>[A-Za-z]+)(?P<end>\{\})?|\\(?P<sign>[{}$&#%_])|(?P<any>.)",
    re.DOTALL,
)
_COLUMN = re.compile(r"[lr]|(?:>\{\\raggedright\\arraybackslash\})?p\{[0-9.]+\\linewidth\}")


@dataclass(slots=True)
class Read:
    """What a table says: each row as its cells' texts, spans repeated as empty texts."""

    columns: int
    environments: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    caption: str = ""
    label: str = ""
    notes: list[str] = field(default_factory=list)


def read_latex(text: str) -> Read:
    """Read a table, or fail on the first thing that LaTeX could take for a command."""
    lines = [line for line in text.split("\n") if not line.startswith("% ")]
    read = Read(columns=_columns(text))
    open_: list[str] = []
    braces = 0
    for line in lines:
        if found := re.fullmatch(r"\\(begin|end)\{(\w+)\}(?:\{.*\})?", line):
            if found[1] == "begin":
                open_.append(found[2])
                read.environments.append(found[2])
            else:
                assert open_.pop() == found[2]
        elif line in {"{", "}", r"{\footnotesize\raggedright"}:
            braces += 1 if line[0] == "{" else -1
            assert braces >= 0
        elif found := re.fullmatch(r"\\caption\{(.*?)\}(\\label\{([\w:.-]+)\})?\\\\", line):
            read.caption, read.label = plain_latex(found[1]), found[3] or ""
        elif found := re.fullmatch(r"\\caption\{(.*)\}", line):
            read.caption = plain_latex(found[1])
        elif found := re.fullmatch(r"\\label\{([\w:.-]+)\}(\\\\)?", line):
            read.label = found[1]
        elif line.endswith(r" \\"):
            read.rows.append(_cells(line.removesuffix(r" \\"), read.columns))
        elif line.endswith(r"\par"):
            read.notes.append(plain_latex(line.removesuffix(r"\par")))
        else:
            assert not line or _rule(line), line
    assert not open_
    assert not braces
    return read


def _columns(text: str) -> int:
    (spec,) = re.findall(r"\\begin\{(?:tabular|longtable)\}\{(.*)\}\n", text)
    found = _COLUMN.findall(spec)
    assert "".join(found) == spec
    return len(found)


def _rule(line: str) -> bool:
    fixed = r"\\(toprule|midrule|bottomrule|endfirsthead|endhead|endfoot|centering|par\\smallskip)"
    size = r"\\footnotesize\\setlength\{\\tabcolsep\}\{3pt\}"
    rules = r"\\cmidrule\(lr\)\{\d+-\d+\}( \\cmidrule\(lr\)\{\d+-\d+\})*"
    return re.fullmatch(f"{fixed}|{size}|{rules}", line) is not None


def _cells(line: str, columns: int) -> list[str]:
    cells: list[str] = []
    for part in re.split(r"(?<!\\)&", line):
        cell = part.strip(" ")
        span = re.fullmatch(r"\\multicolumn\{(\d+)\}\{([lcr]|p\{0.9\\linewidth\})\}\{(.*)\}", cell)
        if not span:
            assert not re.match(r"[*\[]", cell), "an argument of the row before"
            cells.append(plain_latex(cell))
            continue
        inner = re.fullmatch(r"\\textit\{(.*)\}", span[3])
        cells += [plain_latex(inner[1] if inner else span[3]), *[""] * (int(span[1]) - 1)]
    assert len(cells) == columns, cells
    return cells


def plain_latex(text: str) -> str:
    """Return the text that LaTeX would print, or fail on an unknown command or a bare sign."""
    out, depth, last = [], 0, ""
    for found in _TOKEN.finditer(text):
        if found["maths"] is not None:
            out.append(_MATHS[found["maths"]])
        elif found["name"]:
            assert found["end"], f"\\{found['name']} eats the letters after it"
            out.append(_TEXT[found["name"]])
        elif found["sign"]:
            out.append(found["sign"])
        elif found["any"] == "{":
            depth += 1
        elif found["any"] == "}":
            depth -= 1
            assert depth >= 0
        else:
            letter = found["any"]
            assert letter not in "$&#%_^\"'`|<>\\\r\n\0", f"{letter!r} is not text to LaTeX"
            assert not (letter in "-," and last == letter), "a ligature"
            out.append("\N{NO-BREAK SPACE}" if letter == "~" else letter)
        last = found["any"] or ""
    assert depth == 0
    return "".join(out)
