"""A report cut into pages: hand-made HTML in the shapes of both engines."""

from __future__ import annotations

import re
from urllib.parse import unquote

import lxml.html
import pytest

from foresay.errors import ReportError
from foresay.publishing.site import cut

CHARTS = (
    '<style class="foresay-style">s{}</style><script class="foresay-script">draw("<p>")</script>'
)
CHART = '<div class="foresay-figure"><img alt="a"><script type="application/json">{}</script></div>'

OWN = f"""<!DOCTYPE html>
<html><head><title>A study</title></head><body>
<a href="#content">Skip</a>
<nav aria-label="Contents"><ul>
<li><a href="#sec-overview" id="toc-sec-overview">1 The answer</a>
<ul>
<li><a href="#sec-glance">1.1 Asked</a></li>
</ul></li>
<li><a href="#sec-a%C3%A9">2 Accuracy</a>
<ul>
<li><a href="#sec-arms">2.1 Arms</a></li>
</ul></li>
<li><a href="#sec-references">References</a></li>
</ul></nav>
<main id="content">
<section id="sec-overview" class="level2">
<h2><span class="header-section-number">1</span> The <em>answer</em></h2>
<p>See <a class="x" href='#sec-aé'>2</a>, <a href="#fig-a">Figure</a>, <a href="#tbl-none">0</a>
and <a href="#ref-x&amp;y">X &amp; Y</a>.<a href="#fn2" id="fnref2"><sup>2</sup></a></p>
<section id="sec-glance" class="level3"><h3>Asked</h3><p>static
<div class="foresay-figure"><img alt="b"></div></section>
</section>
<section id="sec-aé" class="level2">
<h2><span
class="header-section-number">2</span> Accuracy &amp; more</h2>
{CHARTS}{CHART}
<figure id="fig-a">{CHART}</figure>
<section id="sec-arms" class="level3"><h3>Arms</h3>
<a href="#sec-glance">back</a> <a href="#fig-a">here</a><a href="#fn1" id="fnref1">1</a></section>
</section>
<section id="sec-references" class="level2 unnumbered">
<h2>References</h2><div id="refs"><div id="ref-x&amp;y">X</div></div>
</section>
<section id="footnotes" class="footnotes"><ol>
<li id="fn1"><p>one <a href="#fnref1">up</a></p></li>
<li id="fn2"><p>two <a href="#sec-arms">arms</a></p></li>
</ol></section>
</main>
<script>page()</script></body></html>
"""

QUARTO = """<html><head><title>A study</title></head><body>
<div id="quarto-content"><nav id="TOC" role="doc-toc"><ul>
<li><a href="#sec-overview" class="nav-link active">Answer</a></li>
<li><a href="#sec-self" class="nav-link">Self</a><ul class="collapse"><li><a
href="#sec-in">In</a></li></ul></li>
</ul></nav>
<main class="content" id="quarto-document-content">
<header id="title-block-header"><h1 class="title">A study</h1></header>
<section id="sec-overview" class="level1" data-number="1">
<h1 data-number="1"><span class="header-section-number">1</span> Answer</h1>
<p>one <a href="#fn1" class="footnote-ref" id="fnref1">1</a> <a href="#ref-b">B</a></p></section>
<section id="sec-self" class="level1"><h1>Self</h1>
<section id="sec-in" class="level2"><h2>In</h2></section></section>
<div id="quarto-appendix" class="default">
<section id="quarto-bibliography"><h2>References</h2><div id="refs"><div id="ref-b">B</div></div>
</section><section id="footnotes" class="footnotes"><h2>Footnotes</h2><ol>
<li id="fn1"><p>note</p></li></ol></section></div>
</main></div></body></html>
"""


def links(page: str) -> list[str]:
    return [each.get("href") for each in lxml.html.fromstring(page).iter("a")]


def test_each_section_is_a_page_between_what_is_on_all():
    pages = cut(OWN)
    assert list(pages) == ["index.html", "a.html", "references.html"]
    start, end = OWN.index("<main"), OWN.index("</main>")
    for page in pages.values():
        assert page.startswith("<!DOCTYPE html>\n<html><head><title>")
        assert page.endswith(OWN[end:])
        assert OWN[start : start + 20] in page
    assert "<h2><span\nclass" in pages["a.html"]
    assert [page.count('class="level2') for page in pages.values()] == [1, 1, 1]
    assert "level3" not in pages["references.html"]


def test_every_page_has_its_own_title():
    titles = [re.search("<title>(.*)</title>", page)[1] for page in cut(OWN).values()]
    assert titles == ["A study", "Accuracy &amp; more · A study", "References · A study"]


def test_links_lead_to_the_file_in_which_their_target_is():
    pages = cut(OWN)
    first, second = links(pages["index.html"]), links(pages["a.html"])
    assert "a.html" in first  # a page's own section is the page
    assert "a.html#fig-a" in first
    assert "#tbl-none" in first  # leads nowhere, as before
    assert "references.html#ref-x&y" in first
    assert "a.html#sec-arms" in first  # in a footnote
    assert "index.html#sec-glance" in second
    assert "#fig-a" in second
    for page in pages.values():
        assert links(page)[0] == "#content"


@pytest.mark.parametrize("text", [OWN, QUARTO], ids=["own", "quarto"])
def test_no_link_leads_out_of_the_site(text):
    pages = cut(text)
    known = {name: set(lxml.html.fromstring(page).xpath("//@id")) for name, page in pages.items()}
    for name, page in pages.items():
        for address in links(page):
            file, _, target = address.partition("#")
            assert (file or name) in pages, address
            assert unquote(target) in {"", "tbl-none", *known[file or name]}, address


def test_the_contents_lead_through_the_site_and_mark_the_page():
    pages = cut(OWN)
    contents = {
        name: lxml.html.fromstring(page).xpath("//nav[@aria-label='Contents']")[0]
        for name, page in pages.items()
    }
    for name, nav in contents.items():
        (present,) = nav.xpath(".//a[@aria-current='page']")
        assert present.text_content().startswith({"i": "1", "a": "2", "r": "R"}[name[0]])
    inside = [[a.get("href") for a in nav.xpath(".//ul//ul//a")] for nav in contents.values()]
    assert inside == [["#sec-glance"], ["#sec-arms"], []]


def test_the_pages_lead_on():
    turns = [
        [
            (a.get("rel"), a.get("href"), a.text_content())
            for a in lxml.html.fromstring(page).xpath("//nav[@class='pages']/a")
        ]
        for page in cut(OWN).values()
    ]
    assert turns == [
        [("next", "a.html", "Next: Accuracy & more")],
        [
            ("prev", "index.html", "Previous: The answer"),
            ("next", "references.html", "Next: References"),
        ],
        [("prev", "a.html", "Previous: Accuracy & more")],
    ]


def test_the_script_of_charts_is_on_pages_with_charts_once():
    pages = cut(OWN)
    assert [page.count(CHARTS) for page in pages.values()] == [0, 1, 0]
    assert [page.count("foresay-script") for page in pages.values()] == [0, 1, 0]
    assert pages["a.html"].index(CHARTS) < pages["a.html"].index(CHART)
    moved = cut(OWN.replace(CHARTS, "").replace("<p>static", f"<p>static{CHARTS}"))
    assert [page.count(CHARTS) for page in moved.values()] == [0, 1, 0]


def test_footnotes_follow_what_refers_to_them_and_keep_their_numbers():
    notes = [re.findall(r'<li id="fn.*?">', page) for page in cut(OWN).values()]
    assert notes == [['<li id="fn2" value="2">'], ['<li id="fn1" value="1">'], []]
    assert "footnotes" not in cut(OWN)["references.html"]


def test_what_quarto_appends_is_on_the_last_page():
    first, second = cut(QUARTO).values()
    assert ("quarto-appendix" in first, "quarto-appendix" in second) == (False, True)
    assert ('id="fn1" value="1"' in first, "fn1" in second) == (True, False)
    assert "self.html#ref-b" in first
    assert 'id="sec-in"' not in first
    assert "title-block-header" in second
    assert 'href="#sec-self" class="nav-link" aria-current="page"' in second


def test_names_are_safe_and_never_taken_twice():
    sections = "".join(
        f'<section id="{each}" class="level1"><h1>T</h1></section>'
        for each in ("sec-x", "sec-index", "sec-Ä", "Ö", "sec-A.b", "sec-a:b")
    )
    assert list(cut(f"<main>{sections}</main>")) == [
        *("index.html", "index-2.html", "page.html", "page-2.html", "a-b.html", "a-b-2.html"),
    ]


def test_one_page_is_the_whole():
    (page,) = cut(
        '<main><section id="a" class="level1"><a href="#a">x</a></section></main>'
    ).values()
    assert page == '<main><section id="a" class="level1"><a href="#a">x</a></section></main>'


@pytest.mark.parametrize("text", ["<p>none</p>", "<main><p>no section</p></main>"])
def test_a_text_without_sections_is_refused(text):
    with pytest.raises(ReportError, match="no sections"):
        cut(text)
