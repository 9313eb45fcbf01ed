"""A page that was opened, and what the browser said meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, Route

WIDE, NARROW = 1200, 400
SIZES = [(width, scheme) for width in (WIDE, NARROW) for scheme in ("light", "dark")]
Scheme = Literal["light", "dark"]
Open = Callable[..., "Visit"]

_START_CHARTS = """async () => {
  const charts = [...document.querySelectorAll(
    ".foresay-figure:has(script[type='application/json'])")].filter((each) => each.offsetParent);
  for (const chart of charts) {
    chart.scrollIntoView({behavior: "instant"});
    for (let turn = 0; turn < 500 && !chart.dataset.state && !chart.dataset.failed; turn += 1)
      await new Promise((go) => setTimeout(go, 10));
  }
  scrollTo({top: 0, behavior: "instant"});
  return charts.filter((each) => each.dataset.state !== "live").length;
}"""


@dataclass(slots=True)
class Visit:
    """An open page."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def start_charts(self) -> int:
        """Scroll through the page as a reader does; return how many charts stay static."""
        return int(self.page.evaluate(_START_CHARTS))


def opener(browser: Browser) -> Iterator[Open]:
    """Give a function that opens pages; close them afterwards."""
    windows: list[BrowserContext] = []

    def open_page(
        path: Path, width: int = WIDE, scheme: Scheme = "light", *, scripts: bool = True
    ) -> Visit:
        window = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        windows.append(window)
        visit = Visit(window.new_page())

        def guard(route: Route) -> None:
            address = route.request.url
            if address.startswith(path.parent.as_uri()) and route.request.is_navigation_request():
                route.continue_()
            else:
                visit.requests.append(address)
                route.abort()

        visit.page.route("**/*", guard)
        visit.page.on(
            "console",
            lambda said: visit.errors.append(said.text) if said.type == "error" else None,
        )
        visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
        visit.page.goto(path.as_uri())
        return visit

    yield open_page
    for window in windows:
        window.close()
