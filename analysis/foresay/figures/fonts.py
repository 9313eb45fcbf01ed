"""Which fonts a figure is drawn with: those of the library that draws, on every machine.

The library reads the fonts of the machine when it first draws and never again, they change what a
figure looks like, and each of its files takes a tenth of a second more where hundreds are
installed. So it is kept from them, by the file that names the folders of fonts. Figures with
letters that its own fonts lack are drawn by a second process, which has the fonts of the machine.
"""

from __future__ import annotations

import atexit
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape

import foresay
from foresay.errors import UnsupportedError

_VARIABLE = "FONTCONFIG_FILE"
_COVERED = re.compile(
    "[\n -~\u00a0-\u0322\u0384-\u03ce\u03d0-\u0513\u1e00-\u1e9b\u1ea0-\u1ef9\u2002-\u200a"
    "\u2012-\u2022\u2026\u202f\u2030\u2032\u2033\u2039\u203a\u20ac\u2060-\u2064\u2122\u2190-\u2195"
    "\u2202\u2206\u220f\u2211\u2212\u2215\u221a\u221e\u2248\u2260\u2264\u2265\u25a0\u25a1\u25cf]*"
)
_EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


def convert(function: str, content: str | dict[str, Any], **options: Any) -> bytes:
    """Call a function of vl-convert, with the fonts that the text needs.

    Parameters
    ----------
    function : str
        Name of the function, such as ``svg_to_png``.
    content : str or dict
        Its first argument: an SVG, or a specification.
    **options
        Its other arguments.
    """
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    if _COVERED.fullmatch(text):
        return _called(_own_fonts(), function, content, options)
    return with_all_fonts(function, content, **options)


def _called(library: Any, function: str, content: str | dict[str, Any], options: Any) -> bytes:
    made = getattr(library, function)(content, **options)
    return made.encode() if isinstance(made, str) else bytes(made)


@cache
def _own_fonts() -> Any:
    """Return the library, which has looked for fonts where there are none."""
    import vl_convert

    before = os.environ.get(_VARIABLE)
    with tempfile.TemporaryDirectory(prefix="foresay-fonts-") as folder:
        file = Path(folder) / "fonts.conf"
        said = f"<fontconfig><dir>{escape(folder)}</dir></fontconfig>"
        file.write_text(f'<?xml version="1.0"?>\n{said}\n', encoding="utf-8")
        os.environ[_VARIABLE] = str(file)
        try:
            vl_convert.svg_to_png(_EMPTY)
        finally:
            del os.environ[_VARIABLE]
            if before is not None:
                os.environ[_VARIABLE] = before
    return vl_convert


def with_all_fonts(function: str, content: str | dict[str, Any], **options: Any) -> bytes:
    """Call a function of vl-convert with all fonts of the machine, as pictures of others need.

    A process of its own does so; it ends with this one, because its input ends then.
    """
    process = _all_fonts()
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  # pipes
    try:
        process.stdin.write(json.dumps([function, content, options]).encode() + b"\n")
        process.stdin.flush()
        answer = process.stdout.readline()
    except OSError:
        answer = b""
    if not answer:
        _all_fonts.cache_clear()
        raise UnsupportedError("a figure could not be drawn with the fonts of this machine")
    return base64.b64decode(answer)


@cache
def _all_fonts() -> subprocess.Popen[bytes]:
    paths = [str(Path(foresay.__file__).resolve().parents[1]), os.environ.get("PYTHONPATH")]
    process = subprocess.Popen(  # this interpreter, our own module
        [sys.executable, "-P", "-m", "foresay.figures.fonts"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )
    atexit.register(process.communicate)
    return process


def answer(asked: IO[bytes], told: IO[bytes]) -> None:
    """Convert what each line asks for, with the fonts of the machine, until there are no more."""
    import vl_convert

    for line in asked:
        function, content, options = json.loads(line)
        told.write(base64.b64encode(_called(vl_convert, function, content, options)) + b"\n")
        told.flush()


if __name__ == "__main__":
    answer(sys.stdin.buffer, sys.stdout.buffer)
