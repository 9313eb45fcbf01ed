"""The policy of a page, held by a browser: what came in afterwards does not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from browser.visits import Open

pytestmark = pytest.mark.browser
Reports = dict[str, dict[str, Path]]
INTRUDERS = {
    "script": "<script>window.hit = 1</script>",
    "handler": '<img alt="" src="data:,x" onerror="window.hit = 1">',
    "address": '<a id="go" href="javascript:window.hit = 1">x</a>',
    "frame": "<iframe srcdoc='<script>parent.hit = 1</script>'></iframe>",
    "data": '<script src="data:text/javascript,window.hit = 1"></script>',
}


@pytest.mark.parametrize("intruder", INTRUDERS.values(), ids=INTRUDERS)
def test_an_intruder_does_not_run(reports: Reports, visit: Open, tmp_path: Path, intruder: str):
    text = reports["constructs"]["index.html"].read_text(encoding="utf-8")
    path = tmp_path / "page.html"
    path.write_text(text.replace("</main>", f"{intruder}</main>"), encoding="utf-8")
    opened = visit(path)
    if "javascript:" in intruder:
        opened.page.locator("#go").click()
    opened.page.wait_for_timeout(100)
    assert opened.page.evaluate("() => window.hit") is None
    assert any("Content Security Policy" in each for each in opened.errors)


@pytest.mark.parametrize(
    "script",
    [
        "fetch('https://example.org/')",
        "new Image().src = 'https://example.org/a.png'",
        "navigator.sendBeacon('https://example.org/', 'x')",
        "document.body.style.background = 'url(https://example.org/a.png)'",
    ],
)
def test_not_even_a_script_that_runs_gets_anything_out(reports: Reports, visit: Open, script: str):
    opened = visit(reports["constructs"]["index.html"])
    opened.page.evaluate(f"() => {{ try {{ {script} }} catch (_) {{ }} }}")
    opened.page.wait_for_timeout(100)
    assert opened.requests == []


def test_every_document_has_a_policy(reports: Reports):
    bare = {
        name
        for document in ("suite", "constructs", "others")
        for name, path in reports[document].items()
        if "Content-Security-Policy" not in path.read_text(encoding="utf-8")
    }
    assert bare == set()
