"""Manuscripts read by Pandoc, as a program, within bounds; no other file is opened."""

from __future__ import annotations

import io
import json
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foresay.errors import ReportError, SourceError

READERS: Mapping[str, tuple[str, ...]] = {
    ".md": ("--from=markdown",),
    ".qmd": ("--from=markdown",),
    ".tex": ("--from=latex",),
    ".docx": ("--from=docx", "--track-changes=all"),
}
"""Pandoc's options for each ending; changes are tracked so that comments are kept."""

MOST_TEXT = 4_000_000
"""Bytes of a manuscript in text, and of the text within a Word document."""
MOST_DOCX = 50_000_000
MOST_TREE = 100_000_000
SECONDS = 30
_MEMORY = "1g"

_DEFINED = re.compile(
    r"(\\(?:(?:re)?newcommand|providecommand|(?:New|Renew|Provide)DocumentCommand)\*?\s*\{?\s*|\\def\s*)"
    r"\\claim(?![A-Za-z@])"
)
LINKED = "foresay-claim:"
"""A link to this and an id is a mark; a link stays within its sentence wherever it stands."""
_CLAIM = rf"\newcommand{{\claim}}[2]{{\href{{{LINKED}#1}}{{#2}}}}"
_INCLUDE = re.compile(
    r"\{\{<\s*include\s[^>\n]{0,200}>\}\}|(?<!%)\\(?:input|include|subfile)\s*\{[^}\n]{0,200}\}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A manuscript as Pandoc reads it.

    Parameters
    ----------
    tree : mapping
        Pandoc's JSON: ``meta`` and ``blocks``.
    text : str
        The file's own text, for line numbers; "" for a Word document.
    notes : tuple of str
        What was not read.
    """

    tree: Mapping[str, Any]
    text: str
    notes: tuple[str, ...]


def convert(path: Path) -> Source:
    """Read a manuscript.

    Parameters
    ----------
    path : Path
        A file that ends in .md, .qmd, .tex or .docx.

    Raises
    ------
    SourceError
        It is no such file, too large, broken, or takes Pandoc too long or too much memory.
    ReportError
        Pandoc is not installed.

    Notes
    -----
    Pandoc runs sandboxed: files that the manuscript includes are not read, and named in `notes`.
    No code of the manuscript is run.
    """
    suffix = path.suffix.lower()
    if suffix not in READERS:
        raise SourceError(
            f"'{path}' is no manuscript that can be read: its name has to end in "
            f"{', '.join(READERS)}"
        )
    if path.is_symlink() or not path.is_file():
        what = "a link" if path.is_symlink() else "no file" if path.exists() else "not there"
        raise SourceError(f"the manuscript '{path}' is {what}; name the file itself")
    most = MOST_DOCX if suffix == ".docx" else MOST_TEXT
    try:
        with path.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise SourceError(f"the manuscript '{path}' cannot be read: {error.strerror}") from error
    if len(content) > most:
        raise SourceError(
            f"the manuscript '{path}' has more than {most // 1_000_000} MB; "
            "leave out what is no text, or check its parts one by one"
        )
    text = ""
    if suffix == ".docx":
        _check_docx(path, content)
    else:
        text = _decoded(path, content)
        content = (_with_claims(text) if suffix == ".tex" else text).encode()
    included = [_one_line(found[0]) for found in _INCLUDE.finditer(text)]
    notes = tuple(f"not read, as it is another file: {name}" for name in dict.fromkeys(included))
    return Source(tree=_tree(path, content, READERS[suffix]), text=text, notes=notes)


def _decoded(path: Path, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"the manuscript '{path}' is not UTF-8 (line {line}); save it as UTF-8"
        ) from None
    if "\0" in text:
        raise SourceError(f"the manuscript '{path}' is not text: it has a byte of value 0")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _with_claims(text: str) -> str:
    r"""Let ``\claim{id}{number}`` keep its id, whatever the manuscript makes of it in print."""
    return _CLAIM + _DEFINED.sub(r"\1\\claimasprinted", text)


def _check_docx(path: Path, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            size = sum(one.file_size for one in packed.infolist() if _is_text(one.filename))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        names, size = [], 0
    if "word/document.xml" not in names and "[Content_Types].xml" not in names:
        raise SourceError(f"'{path}' is not a Word document, or it is broken; save it again")
    if size > 10 * MOST_TEXT:
        raise SourceError(
            f"the text of '{path}' unpacks to {size // 1_000_000} MB, which is too large"
        )


def _is_text(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _tree(path: Path, content: bytes, options: tuple[str, ...]) -> Mapping[str, Any]:
    try:
        import pypandoc
    except ImportError:
        raise ReportError(
            "pandoc is missing: install the Python package 'pypandoc_binary' beside foresay"
        ) from None
    bounds = ("+RTS", f"-M{_MEMORY}", "-RTS", "--sandbox")
    command = [str(pypandoc.get_pandoc_path()), *bounds, *options, "--to=json", "--output=-"]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as out:
        try:
            run = subprocess.run(  # noqa: S603 (no shell, and the program is the one we looked up)
                command,
                input=content,
                stdout=out,
                stderr=subprocess.PIPE,
                cwd=folder,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise SourceError(
                f"pandoc did not finish reading '{path}' in {SECONDS} seconds; "
                "look for macros that use themselves and for brackets that are never closed"
            ) from None
        size = out.tell()
        out.seek(0)
        if run.returncode:
            said = _one_line(run.stderr.decode("utf-8", "replace")) or "it stopped"
            raise SourceError(f"pandoc cannot read '{path}': {said}")
        if size > MOST_TREE:
            raise SourceError(
                f"'{path}' comes to {size // 1_000_000} MB of text, which is too large"
            )
        try:
            tree = json.loads(out.read())
        except RecursionError:
            raise SourceError(f"'{path}' is nested too deeply to be read") from None
        except ValueError as error:
            raise SourceError(f"pandoc cannot read '{path}': {error}") from None
    if not isinstance(tree, dict):
        raise SourceError(f"pandoc cannot read '{path}'")
    return tree


def _one_line(text: str) -> str:
    lines = " ".join(text.split())
    return lines if len(lines) <= 200 else f"{lines[:200]}…"
