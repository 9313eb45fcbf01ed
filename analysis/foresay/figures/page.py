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
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from foresay.display import escape_html, script_json
from foresay.errors import OutputError
from foresay.figures.export import vegalite_version, write_whole

_SNIPPET = """
const blocked = {
  load: () => Promise.reject(new Error("figures load nothing")),
  sanitize: () => Promise.reject(new Error("figures link to nothing")),
};
function show(figure) {
  if (figure.dataset.state) return;
  figure.dataset.state = "working";
  const spec = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const live = document.createElement("div");
  live.className = "foresay-live";
  const options = {actions: false, renderer: "svg", mode: "vega-lite", loader: blocked};
  figure.querySelector(".foresay-static").after(live);
  vegaEmbed(live, spec, options).then(() => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "foresay-toggle";
    const label = () => {
      const on = figure.dataset.state === "live";
      button.textContent = on ? "Show the static figure" : "Show the interactive figure";
      button.setAttribute("aria-pressed", String(on));
    };
    button.addEventListener("click", () => {
      figure.dataset.state = figure.dataset.state === "live" ? "static" : "live";
      label();
    });
    figure.dataset.state = "live";
    label();
    live.after(button);
  }).catch(() => { live.remove(); figure.dataset.state = "static"; });
}
function showAll() { document.querySelectorAll(".foresay-figure").forEach(show); }
window.foresayFigures = {showAll};
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", showAll);
else showAll();
"""

_STYLE = """<style>
.foresay-figure { margin: 0; overflow-x: auto; }
.foresay-static { max-width: 100%; height: auto; }
.foresay-live svg { max-width: 100%; height: auto; }
.foresay-figure:not([data-state="live"]) .foresay-live { display: none; }
.foresay-figure[data-state="live"] .foresay-static { display: none; }
.foresay-toggle { font-size: 75%; cursor: pointer; }
@media print {
  .foresay-live, .foresay-toggle { display: none !important; }
  .foresay-figure .foresay-static { display: inline !important; }
}
</style>"""


@cache
def bundle() -> str:
    """Return the script of interactive figures; made once per vl-convert version, then kept.

    It is kept in the user's cache folder (``FORESAY_CACHE``, ``XDG_CACHE_HOME`` or ``~/.cache``),
    because bundling takes seconds; a folder that cannot be written to costs only time.
    """
    import vl_convert

    key = f"{version('vl-convert-python')} {vegalite_version()} {_SNIPPET}"
    name = f"figures-{hashlib.sha256(key.encode()).hexdigest()[:16]}.js"
    path = _cache_folder() / name
    with contextlib.suppress(OSError, UnicodeDecodeError):
        digest, _, script = path.read_text(encoding="utf-8").partition("\n")
        if digest == _digest(script):
            return script
    made = str(vl_convert.javascript_bundle(_SNIPPET, vl_version=vegalite_version()))
    # what a <script> element may hold ends at the first "</script"
    script = made.replace("</script", "<\\/script").replace("<!--", "<\\!--")
    with contextlib.suppress(OutputError):
        write_whole(path, f"{_digest(script)}\n{script}".encode())
    return script


def _digest(script: str) -> str:
    return f"// sha256 {hashlib.sha256(script.encode()).hexdigest()}"


def _cache_folder() -> Path:
    own = os.environ.get("FORESAY_CACHE")
    if own:
        return Path(own)
    shared = os.environ.get("XDG_CACHE_HOME")
    return (Path(shared) if shared else Path.home() / ".cache") / "foresay"


class Page:
    """What one HTML page has been given already: the script goes with its first figure.

    A kernel that executes one document is one page, and `PAGE` is its.
    """

    def __init__(self) -> None:
        self.has_script = False

    def start(self) -> None:
        """Begin a new page: the next figure brings the script again."""
        self.has_script = False

    def figure(self, svg: str, alt: str, spec: dict[str, Any], *, interactive: bool) -> str:
        """Return the HTML of a figure, with the script if this page has none yet."""
        address = base64.b64encode(svg.encode()).decode()
        image = (
            f'<img class="foresay-static" alt="{escape_html(alt)}" '
            f'src="data:image/svg+xml;base64,{address}">'
        )
        if not interactive:
            return f'<div class="foresay-figure">{image}</div>'
        start = ""
        if not self.has_script:
            self.has_script = True
            start = f"{_STYLE}<script>{bundle()}</script>"
        return (
            f'{start}<div class="foresay-figure">{image}'
            f'<script type="application/json">{script_json(spec)}</script></div>'
            "<script>window.foresayFigures&&window.foresayFigures.showAll()</script>"
        )


PAGE = Page()


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
