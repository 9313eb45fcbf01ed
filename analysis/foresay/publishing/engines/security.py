"""The policy of a page: what a browser may load, run and send, so that a report stays a report.

A page says it in its head. Nothing is fetched, no form is sent, and of scripts only those run
whose hash is named. In a page of foresay these are foresay's own, and any other is refused: text
that a model wrote is escaped, and would not run if it were not.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from html.parser import HTMLParser
from typing import Literal
from urllib.parse import unquote_to_bytes

from foresay.errors import ReportError
from foresay.publishing.engines import pandoc

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')
_HEAD = re.compile(r'<head\b[^>]*>\s*(?:<meta charset="?utf-8"?\s*/?>\s*)?', re.IGNORECASE)
_QUARTO = re.compile(r'<meta name="generator" content="quarto', re.IGNORECASE)
_LINKED = re.compile(r'<script\b([^>]*?)\ssrc="(data:[^"]*)"([^>]*)></script\s*>', re.IGNORECASE)
_RUN = frozenset({"", "text/javascript", "application/javascript", "module", "importmap"})
"""Types of a script that browsers run; others, such as JSON, are data and need no leave."""


def with_policy(html: str) -> str:
    """Put a content-security policy into the head of a finished page, in place of an earlier one.

    Call it last: the hashes are those of the text as it is.

    Parameters
    ----------
    html : str
        A whole page, by foresay or by Quarto.

    Returns
    -------
    str
        The page. Scripts of Quarto that stand in an address are put into the page, because an
        address cannot be hashed.

    Raises
    ------
    ReportError
        If it has no head, or a page of foresay holds a script that is not foresay's.
    """
    html = _POLICY.sub("", html, count=1)
    quarto = _QUARTO.search(html) is not None
    if quarto:
        html = _LINKED.sub(_put_in, html)
    head = _HEAD.search(html)
    if head is None:
        raise ReportError("the HTML report has no <head>, so its policy has no place")
    page = _Page()
    page.feed(html)
    page.close()
    if not quarto:
        _refuse_foreign(page.scripts)
    policy = "; ".join(_directives(page, quarto=quarto))
    # the encoding stands first: browsers look for it in the first 1024 bytes only
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    return html[: head.end()] + meta + html[head.end() :]


def _directives(page: _Page, *, quarto: bool) -> list[str]:
    # style attributes, the alignment of cells, have hashes like all else; Quarto's scripts make
    # styles while they run, which only 'unsafe-inline' lets them
    styles = "'unsafe-inline' data:" if quarto else _allowed(page.styles, page.style_attributes)
    return [
        "default-src 'none'",
        "img-src data:",
        "font-src data:",
        f"style-src {styles}",
        f"script-src {_allowed(page.scripts, page.handlers if quarto else [])}",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def _allowed(elements: list[str], attributes: list[str]) -> str:
    """Return hashes of elements, and of attributes, which count only under 'unsafe-hashes'."""
    hashes = list(dict.fromkeys(map(_hash, [*elements, *attributes])))
    marker = ["'unsafe-hashes'"] if attributes else []
    return " ".join([*marker, *hashes]) or "'none'"


def _hash(text: str) -> str:
    # as a browser reads it: every line break is a line feed
    read = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'sha256-{b64encode(hashlib.sha256(read.encode()).digest()).decode()}'"


def _refuse_foreign(found: list[str]) -> None:
    known = {pandoc.asset("report.js").read_text(encoding="utf-8").strip()}
    others = [script for script in found if script.strip() not in known]
    if not others:
        return
    from foresay.figures.page import scripts  # only pages with figures need them

    known.update(script.strip() for script in scripts())
    for script in others:
        if script.strip() not in known:
            raise ReportError(
                f"the HTML report holds a script that foresay did not write: "
                f"{' '.join(script.split())[:80]!r}; a page runs no others. Show the output of "
                "that cell as a picture (of Altair it is one after alt.renderers.enable('svg') in "
                "the first cell), a table or text"
            )


def _put_in(found: re.Match[str]) -> str:
    """Return a script that stood in a data address, with its text."""
    head, _, body = found[2].partition(",")
    content = b64decode(body) if head.endswith(";base64") else unquote_to_bytes(body)
    text = content.decode("utf-8", "replace").replace("</script", r"<\/script")
    return f"<script{found[1]}{found[3]}>{text}</script>"


class _Page(HTMLParser):
    """Collects what a policy has to name."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.style_attributes: list[str] = []
        self.handlers: list[str] = []
        self._inside: Literal["script", "style"] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if "style" in told:
            self.style_attributes.append(told["style"])
        self.handlers += [value for name, value in told.items() if name.startswith("on")]
        runs = told.get("type", "").strip().lower() in _RUN and "src" not in told
        if tag == "style" or (tag == "script" and runs):
            self._inside = "style" if tag == "style" else "script"
            self._text = []

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag != self._inside:
            return
        (self.styles if tag == "style" else self.scripts).append("".join(self._text))
        self._inside = None
