"""The finishing of an HTML report: one file that asks for nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

from foresay.errors import ReportError
from foresay.publishing.assembly import Assembled
from foresay.publishing.engines import pandoc
from foresay.publishing.engines.security import with_policy
from foresay.publishing.outputs import data_uri

_PIECE = re.compile(r'(?:<p>)?<foresay-piece id="([^"]*)"></foresay-piece>(?:</p>)?')
_MEDIA = re.compile(r'src="(media/[^"]+)"')
_FETCHING = {
    ("img", "src"), ("img", "srcset"), ("script", "src"), ("link", "href"), ("iframe", "src"),
    ("source", "src"), ("source", "srcset"), ("video", "src"), ("video", "poster"),
    ("audio", "src"), ("object", "data"), ("embed", "src"), ("image", "href"),
    ("image", "xlink:href"), ("use", "href"), ("use", "xlink:href"),
}  # fmt: skip


def write_html(
    assembled: Assembled,
    *,
    folder: Path,
    metadata: Mapping[str, object],
    source_folder: Path,
) -> bytes:
    """Write the report as one self-contained page.

    Raises
    ------
    ReportError
        If Pandoc fails, or the page would ask for something from elsewhere or run a script that
        is not foresay's.
    """
    options = [
        "--mathml",
        "--section-divs",
        "--syntax-highlighting=default",
        "--template",
        str(pandoc.asset("report.html")),
    ]
    output = pandoc.write(
        assembled,
        target="html",
        folder=folder,
        metadata=metadata,
        source_folder=source_folder,
        options=options,
    )
    text = output.read_text(encoding="utf-8")
    text = _MEDIA.sub(lambda found: f'src="{_embedded(assembled, found[1])}"', text)
    text = _PIECE.sub(lambda found: assembled.pieces[found[1]], text)
    refuse_requests(text)
    return with_policy(text).encode()


def _embedded(assembled: Assembled, name: str) -> str:
    return data_uri(assembled.media[name], name.rpartition(".")[2])


class _Requests(HTMLParser):
    """Collects the addresses that a browser would fetch by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_style = tag == "style"
        for name, value in attrs:
            address = (value or "").strip()
            fetched = (tag, name) in _FETCHING and not address.startswith(("data:", "#"))
            if fetched and address:
                self.found.append(f"<{tag} {name}={address[:80]!r}>")
            if name == "style":
                self.styles(address)

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self.styles(data)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 (the parser names it)
        self.in_style = False

    def styles(self, text: str) -> None:
        for address in re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]?([^'\";]+)", text):
            target = "".join(address)
            if not target.startswith(("data:", "#")):
                self.found.append(f"style {target[:80]!r}")


def refuse_requests(text: str) -> None:
    """Make sure that a page can be read offline.

    Raises
    ------
    ReportError
        If the page names a script, style, picture or frame that is not in the page.
    """
    parser = _Requests()
    parser.feed(text)
    parser.close()
    if parser.found:
        raise ReportError(
            "the HTML report would fetch something from outside the page: "
            f"{', '.join(sorted(set(parser.found))[:5])}; a report must be whole in itself"
        )
