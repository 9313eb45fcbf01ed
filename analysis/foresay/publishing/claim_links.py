"""Numbers of claims in a finished HTML page lead to where the page tells of the claim."""

from __future__ import annotations

import re

_SPAN = re.compile(
    r'(?P<open><span class="claim"[^>]*\bdata-claim="(?P<id>[A-Za-z0-9._-]+)"[^>]*>)'
    r"(?P<text>[^<]*)</span>"
)


def linked(html: str) -> str:
    """Return a page whose claims are links, where the page has an anchor for the claim.

    Examples
    --------
    >>> print(linked('<span class="claim" data-claim="a">.5</span><i id="claim-a">a</i>'))
    <span class="claim" data-claim="a"><a href="#claim-a">.5</a></span><i id="claim-a">a</i>
    """
    anchors = set(re.findall(r'\bid="claim-([A-Za-z0-9._-]+)"', html))

    def link(found: re.Match[str]) -> str:
        if found["id"] not in anchors:
            return found[0]
        target = f'<a href="#claim-{found["id"]}">{found["text"]}</a>'
        return f"{found['open']}{target}</span>"

    return _SPAN.sub(link, html)
