from __future__ import annotations

import base64
import hashlib
import re

import pytest

from foresay.errors import ReportError
from foresay.figures import page as page_of_figures
from foresay.publishing.engines import pandoc
from foresay.publishing.engines.security import with_policy

OWN = '<meta name="generator" content="foresay">'
QUARTO = '<meta name="generator" content="quarto-1.8.25">'
STARTER = "window.foresayFigures&&window.foresayFigures.showAll()"


@pytest.fixture(autouse=True)
def bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The script of figures takes seconds to make; here it is a short one."""
    monkeypatch.setattr(page_of_figures, "scripts", lambda: ("vega()", STARTER))


def page(body: str = "", head: str = OWN) -> str:
    return f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n{head}</head>\n{body}</html>'


def policy(html: str) -> dict[str, str]:
    (content,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    pairs = (each.partition(" ") for each in content.split("; "))
    return {name: value for name, _, value in pairs}


def named(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_nothing_is_allowed_that_a_page_does_not_hold():
    assert policy(with_policy(page())) == {
        "default-src": "'none'",
        "img-src": "data:",
        "font-src": "data:",
        "style-src": "'none'",
        "script-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_the_policy_stands_before_all_that_it_governs_and_after_the_encoding():
    text = with_policy(page(head=f"<style>a {{}}</style>{OWN}"))
    encoding, rule, style = (text.index(each) for each in ("charset", "http-equiv", "<style"))
    assert encoding < rule < style
    assert encoding < 1024


def test_scripts_of_foresay_are_named_by_their_hashes():
    own = pandoc.asset("report.js").read_text(encoding="utf-8")
    body = f"<script>{own}</script><script>vega()</script><script>{STARTER}</script>"
    said = policy(with_policy(page(body)))["script-src"]
    assert said.split() == [named(own), named("vega()"), named(STARTER)]


def test_a_hash_is_that_of_the_text_as_browsers_read_it():
    said = policy(with_policy(page("<style>a\r\nb\rc</style>")))["style-src"]
    assert said == named("a\nb\nc")


def test_data_need_no_leave_and_styles_of_elements_have_hashes():
    text = '<script type="application/json">{"a": 1}</script><td style="text-align: left">x &amp;'
    said = policy(with_policy(page(text + '<td style="a: &quot;b&quot;">')))
    assert said["script-src"] == "'none'"
    assert said["style-src"].split() == [
        "'unsafe-hashes'",
        named("text-align: left"),
        named('a: "b"'),
    ]


@pytest.mark.parametrize("script", ["alert(1)", "vega(); alert(1)", "import('x')"])
def test_a_foreign_script_is_refused(script):
    with pytest.raises(ReportError, match="script that foresay did not write"):
        with_policy(page(f"<script>{script}</script>"))


def test_handlers_in_a_page_of_foresay_get_no_leave():
    said = policy(with_policy(page('<p onclick="alert(1)">')))
    assert said["script-src"] == "'none'"


def test_a_policy_is_made_anew_where_the_page_has_changed():
    once = with_policy(page("<style>a {}</style>"))
    assert with_policy(once) == once
    changed = with_policy(once.replace("a {}", "b {}"))
    assert policy(changed)["style-src"] == named("b {}")


def test_scripts_of_quarto_all_run_also_those_in_addresses_and_handlers():
    encoded = base64.b64encode(b"two('</script>')").decode()
    body = (
        "<script>one()</script>"
        f'<script defer src="data:text/javascript;base64,{encoded}"></script>'
        '<script src="data:application/javascript,three%28%29"></script>'
        '<a onclick="four()">x</a><link rel="stylesheet" href="data:text/css,a{}">'
    )
    text = with_policy(page(body, QUARTO))
    assert "src=" not in text.partition("</head>")[2]
    said = policy(text)
    wanted = ["one()", r"two('<\/script>')", "three()", "four()"]
    assert said["script-src"].split() == ["'unsafe-hashes'", *map(named, wanted)]
    assert said["style-src"] == "'unsafe-inline' data:"


def test_a_text_without_a_head_is_refused():
    with pytest.raises(ReportError, match="no <head>"):
        with_policy("<p>no page</p>")
