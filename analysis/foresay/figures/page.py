"""A figure inside an HTML page: a static image, and an interactive one where scripts run.

The static image is an SVG in a data address, so that the identifiers of two figures never clash
and a page without scripts, or on paper, is complete. The interactive version comes from one
script that holds Vega, Vega-Lite and Vega-Embed; no request leaves the page.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

from foresay.display import escape_html, script_json
from foresay.display.writing import write_whole
from foresay.errors import OutputError
from foresay.figures.export import vegalite_version
from foresay.folders import cache_folder

_START = "window.foresayFigures&&window.foresayFigures.showAll()"
_SIDES = re.compile(r'<svg\b[^>]*?\bwidth="([0-9.]+)"[^>]*?\bheight="([0-9.]+)"', re.DOTALL)
NARROW = "(max-width: 40rem)"
"""Screens that get the drawing for one column."""


def _beside(name: str) -> str:
    return (resources.files("foresay.figures") / name).read_text(encoding="utf-8")


@cache
def bundle() -> str:
    """Return the script of interactive figures; made once for what draws it, then kept.

    It is kept in the user's cache folder (``FORESAY_CACHE``, ``XDG_CACHE_HOME`` or ``~/.cache``),
    because bundling takes seconds; a folder that cannot be written to costs only time.
    """
    snippet = _beside("page.js")
    # Altair's version says which Vega-Lite it writes; to ask Altair takes a third of a second
    key = f"{version('vl-convert-python')} {version('altair')} {snippet}"
    name = f"figures-{hashlib.sha256(key.encode()).hexdigest()[:16]}.js"
    path = cache_folder() / name
    with contextlib.suppress(OSError, UnicodeDecodeError):
        digest, _, script = path.read_text(encoding="utf-8").partition("\n")
        if digest == _digest(script):
            return script
    import vl_convert

    made = str(vl_convert.javascript_bundle(snippet, vl_version=vegalite_version()))
    # what a <script> element may hold ends at the first "</script"
    script = made.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    with contextlib.suppress(OutputError):
        write_whole(path, f"{_digest(script)}\n{script}".encode())
    return script


def _digest(script: str) -> str:
    return f"// sha256 {hashlib.sha256(script.encode()).hexdigest()}"


class Page:
    """What one HTML page has been given already: the script goes with its first figure.

    A kernel that executes one document is one page, and `PAGE` is its.
    """

    def __init__(self) -> None:
        self.has_script = False

    def start(self) -> None:
        """Begin a new page: the next figure brings the script again."""
        self.has_script = False

    def figure(
        self,
        svg: str,
        alt: str,
        spec: dict[str, Any],
        *,
        interactive: bool,
        narrow: tuple[str, dict[str, Any]] | None = None,
    ) -> str:
        """Return the HTML of a figure, with the script if this page has none yet.

        Parameters
        ----------
        svg, spec
            Its drawing, and the specification that the interactive one is drawn from.
        alt : str
            What it shows, in words.
        interactive : bool
            Whether it comes alive where scripts run.
        narrow : tuple of str and dict, optional
            Drawing and specification for screens that match `NARROW`.
        """
        image = _image(svg, alt, narrow[0] if narrow else None)
        if not interactive:
            return f'<div class="foresay-figure">{image}</div>'
        data = [f'<script type="application/json">{script_json(spec)}</script>']
        if narrow:
            kind = 'type="application/json" class="foresay-narrow"'
            data.append(f"<script {kind}>{script_json(narrow[1])}</script>")
        start = ""
        if not self.has_script:
            self.has_script = True
            style = f'<style class="foresay-style">\n{_beside("page.css")}</style>'
            start = f'{style}<script class="foresay-script">{bundle()}</script>'
        return (
            f'{start}<div class="foresay-figure">{image}{"".join(data)}</div>'
            f"<script>{_START}</script>"
        )


PAGE = Page()


def scripts() -> tuple[str, str]:
    """Return the scripts that figures bring to a page: the bundle, and the line after each."""
    return bundle(), _START


def _image(svg: str, alt: str, narrow: str | None) -> str:
    """Return the static picture, with its size, so that nothing moves when it is there."""
    image = (
        f'<img class="foresay-static" alt="{escape_html(alt)}"{_size(svg)} src="{_address(svg)}">'
    )
    if narrow is None:
        return image
    source = f'<source media="{NARROW}"{_size(narrow)} srcset="{_address(narrow)}">'
    return f"<picture>{source}{image}</picture>"


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _size(svg: str) -> str:
    """Return width and height of a drawing as attributes, in whole pixels; none if it has none."""
    found = _SIDES.match(svg)
    return f' width="{float(found[1]):.0f}" height="{float(found[2]):.0f}"' if found else ""


def target_format() -> str:
    """Return the format that Quarto is rendering to (``html``, ``docx``, ``typst``); "" if unknown.

    Quarto says so in a JSON file named by ``QUARTO_EXECUTE_INFO``.
    """
    path = os.environ.get("QUARTO_EXECUTE_INFO")
    if not path:
        return ""
    try:
        told = json.loads(Path(path).read_text(encoding="utf-8"))["format"]
        name = told["identifier"].get("base-format") or told["pandoc"]["to"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
    return str(name).split("+")[0]
