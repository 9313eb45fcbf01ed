"""The notice of a study, such as that its data are simulated, on every page of every format.

It stands above each HTML page. The embedded renderer prints it at the head of every page of PDF
and Word; Quarto's templates have no place for it but the subtitle.
"""

from __future__ import annotations

import re

from foresay.publishing.engines import quarto
from foresay.study import Study

_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_STYLE = "margin:0;padding:.4em 1em;text-align:center;background:#fff3cd;color:#4d3800"


def notice_of(study: Study) -> str:
    """Return the notice in one line; "" where there is none."""
    words = " ".join((study.report.notice or "").split())
    return "".join(letter for letter in words if letter.isprintable())


def with_notice(study: Study, subtitle: str, engine: str) -> dict[str, object]:
    """Return a report's subtitle and notice as metadata, for the engine that was asked for."""
    from foresay.display import escape_markdown

    told: dict[str, object] = {"subtitle": subtitle} if subtitle else {}
    notice = escape_markdown(notice_of(study))
    if not notice:
        return told
    if engine != "embedded" and quarto.find() is not None:
        return {"subtitle": f"{subtitle} · **{notice}**".removeprefix(" · ")}
    return {**told, "notice": notice}


def with_banner(html: str, study: Study) -> str:
    """Put the notice above a finished HTML page."""
    from foresay.display import escape_html

    notice = escape_html(notice_of(study))
    if not notice:
        return html
    banner = f'\n<aside aria-label="Notice" style="{_STYLE}"><strong>{notice}</strong></aside>'
    return _BODY.sub(lambda body: body[0] + banner, html, count=1)
