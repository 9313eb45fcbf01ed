from __future__ import annotations

import pytest

from foresay.errors import ReportError
from foresay.publishing.engines.page import refuse_requests


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.org/a.js"></script>',
        '<link rel="stylesheet" href="a.css">',
        '<img src="//x.org/a.png">',
        '<div style="background: url(http://x.org/a.png)"></div>',
        "<style>@import 'https://x.org/a.css';</style>",
        '<iframe src="page.html"></iframe>',
        '<svg><image href="a.png"/></svg>',
    ],
)
def test_a_page_that_would_fetch_something_is_refused(html):
    with pytest.raises(ReportError, match="outside the page"):
        refuse_requests(html)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://x.org">x</a>',
        '<img src="data:image/png;base64,AA">',
        "<script>var a = 'https://x.org/a.js'; // url(https://x.org)</script>",
        "<style>a { background: url(data:image/png;base64,AA) }</style>",
        '<svg><use href="#a"/></svg>',
    ],
)
def test_links_and_what_the_page_holds_are_fine(html):
    refuse_requests(html)
