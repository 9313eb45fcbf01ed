from __future__ import annotations

import re

import pytest

from foresay.errors import ReportError
from publishing.outlines import plain

FIGURE = "::: {#fig-a}\n`x`\n\nThe *caption*\n:::\n"
TABLE = "| a | b |\n|--:|---|\n| c | d |\n\n: The caption {#tbl-a}\n"


def squash(text: str) -> str:
    return re.sub(r">\s+", ">", re.sub(r"\s+<", "<", plain(text)))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            FIGURE,
            (
                '<figure class="float float-figure" id="fig-a"><p><code>x</code></p>'
                '<figcaption id="fig-a-caption">Figure 1: The<em>caption</em></figcaption></figure>'
            ),
        ),
        (
            "# One {#sec-a}\n\n## Two\n\n# No {.unnumbered}\n\n# Three\n",
            (
                '<h2 id="sec-a"><span class="header-section-number">1</span>One</h2>'
                '<h3 id="two"><span class="header-section-number">1.1</span>Two</h3>'
                '<h2 class="unnumbered" id="no">No</h2>'
                '<h2 id="three"><span class="header-section-number">2</span>Three</h2>'
            ),
        ),
        (
            "::: {.callout-tip}\n## Title\n\nBody\n:::\n",
            (
                '<div class="callout callout-tip" role="note"><p class="callout-title">Title</p>'
                '<div class="callout-body"><p>Body</p></div></div>'
            ),
        ),
        (
            '::: {.callout-note collapse="true"}\nBody\n:::\n',
            (
                '<details class="callout callout-note"><summary class="callout-title">Note'
                "</summary>"
                '<div class="callout-body"><p>Body</p></div></details>'
            ),
        ),
        (
            "::: {.panel-tabset}\n\n## A\n\none\n\n## B\n\ntwo\n\n:::\n",
            (
                '<div class="tabset"><section class="tab"><p class="tab-title">A</p><p>one</p>'
                '</section><section class="tab"><p class="tab-title">B</p><p>two</p></section>'
                "</div>"
            ),
        ),
        ('a [b]{.content-hidden when-format="html"} c\n', "<p>a c</p>"),
        ('x -- y "q"\n', "<p>x \u2013 y \u201cq\u201d</p>"),
        ("<b>not raw</b>\n", "<p>&lt;b&gt;not raw&lt;/b&gt;</p>"),
    ],
)
def test_construct_becomes_the_expected_tree(fragment, text, tree):
    assert squash(fragment(text)).replace("\u00a0", " ") == tree


@pytest.mark.parametrize("target", ["html", "pdf", "docx"])
def test_references_read_alike_in_each_target(fragment, target):
    text = (
        f"{FIGURE}\n{TABLE}\n# S {{#sec-s}}\n\n$$ x $$ {{#eq-e}}\n\n"
        "See @fig-a, @tbl-a, @sec-s, @eq-e, [-@fig-a], [Fig. @fig-a], [@fig-a; @tbl-a].\n"
    )
    made = fragment(text, target)
    shown = made.replace("\u00a0", " ").replace("~", " ")
    for words in ("Figure 1", "Table 1", "Section 1", "Equation 1", "Fig. 1"):
        assert words in plain(shown), words
    assert "@fig" not in shown


@pytest.mark.parametrize(
    ("condition", "seen"),
    [
        ('when-format="html"', ["html"]),
        ('unless-format="html"', ["pdf", "docx"]),
        ('when-format="typst"', ["pdf"]),
        ('when-meta="draft"', ["html", "pdf", "docx"]),
        ('unless-meta="draft"', []),
        ('when-meta="absent.deeper"', []),
    ],
)
def test_conditional_content(fragment, condition, seen):
    text = f"::: {{.content-visible {condition}}}\nNEEDLE\n:::\n\nend\n"
    shown = [
        target
        for target in ("html", "pdf", "docx")
        if "NEEDLE" in fragment(text, target, draft=True)
    ]
    assert shown == seen


def test_sub_figures_are_lettered(fragment):
    text = (
        "::: {#fig-a layout-ncol=2}\n::: {#fig-a-1}\n`x`\n\nLeft\n:::\n\n"
        "::: {#fig-a-2}\n`y`\n\nRight\n:::\n\nBoth\n:::\n\nSee @fig-a-2.\n"
    )
    made = squash(fragment(text)).replace("\u00a0", " ")
    assert '<div class="subfigures" style="--columns: 2">' in made
    assert "<figcaption>(a) Left</figcaption>" in made
    assert 'href="#fig-a-2" class="cross-reference">Figure 1 (b)</a>' in made
    assert "Figure 1: Both" in made


@pytest.mark.parametrize("target", ["html", "pdf", "docx"])
def test_what_is_no_figure_stands_before_sub_figures(fragment, target):
    code = "```{.python .cell-code}\nmade = 1\n```\n\n"
    one = "::: {{#fig-a-{0}}}\n`x`\n\nCaption {0}\n:::\n\n"
    parts = "".join(code + one.format(n) for n in (1, 2))
    made = fragment(f"::: {{#fig-a layout-ncol=2}}\n{parts}Both\n:::\n", target)
    text = plain(made).replace("\\", "")
    assert text.rindex("made") < text.index("(a)") < text.index("(b)")


def test_equation_is_numbered_inside_its_paragraph(fragment):
    made = squash(fragment("before\n$$ x = 1 $$ {#eq-a}\nafter\n"))
    assert "<p>before</p>" in made
    assert '<div class="equation" id="eq-a"><math' in made
    assert '<span class="equation-number">(1)</span></div>' in made
    assert "<p>after</p>" in made


def test_a_reference_that_is_hidden_in_a_format_fails_there(fragment):
    text = f'::: {{.content-visible when-format="html"}}\n{FIGURE}:::\n\nSee @fig-a.\n'
    assert "Figure" in fragment(text)
    with pytest.raises(ReportError, match="@fig-a leads nowhere in this format"):
        fragment(text, "pdf")


def test_a_float_without_content_is_an_error_unless_it_is_left_out(fragment):
    empty = '::: {{#fig-a empty="a.qmd:1: no figure"}}\n:::\n'
    text = f'::: {{{{.content-visible when-format="{{}}"}}}}\n{empty}:::\n'
    assert fragment(text.format("docx")).strip() == ""
    with pytest.raises(ReportError, match=r"^a\.qmd:1: no figure$"):
        fragment(text.format("html"))


def test_conditions_may_be_nested(fragment):
    text = (
        ':::: {.content-visible when-meta="a"}\nouter\n\n'
        '::: {.content-visible when-meta="b"}\ninner\n:::\n\n'
        '::: {.content-hidden when-meta="b"}\nother\n:::\n::::\n'
    )
    assert squash(fragment(text, a=True, b=False)) == "<p>outer</p><p>other</p>"
    assert squash(fragment(text, a=True, b=True)) == "<p>outer</p><p>inner</p>"
    assert squash(fragment(text, a=False, b=True)) == ""


def test_callouts_in_word_say_their_kind(fragment):
    kinds = ("note", "tip", "warning")
    text = "".join(f"::: {{.callout-{kind}}}\n## About it\n\nBody\n:::\n\n" for kind in kinds)
    shown = fragment(f"{text}::: {{.callout-tip}}\nBody\n:::\n", "docx")
    titles = [line for line in shown.splitlines() if "Body" not in line and line.strip()]
    assert titles == ["Note: About it", "Tip: About it", "Warning: About it", "Tip"]


def test_figures_in_tab_sets_and_callouts_are_numbered(fragment):
    tabs = f"::: {{.panel-tabset}}\n\n## A\n\n{FIGURE}\n:::\n"
    callout = f"::: {{.callout-note}}\n{FIGURE.replace('fig-a', 'fig-b')}\n:::\n"
    made = squash(fragment(f"{tabs}\n{callout}\nSee @fig-a and @fig-b.\n")).replace("\u00a0", " ")
    assert ">Figure 1</a> and" in made.replace("</a>and", "</a> and")
    assert ">Figure 2</a>" in made
    assert made.index("Figure 1: The") < made.index("Figure 2: The")


@pytest.mark.parametrize("text", [r"a\.\.\.b", r"x \-5 y", r"n\-?", r"\-\-\- z", r"3\.\.\.\.4"])
def test_what_typst_would_read_as_its_own_signs_is_printed_as_it_is(fragment, text, tmp_path):
    import io

    import pypdf
    import typst

    (tmp_path / "a.typ").write_text(fragment(f"A {text} B\n", "pdf"), encoding="utf-8")
    reader = pypdf.PdfReader(io.BytesIO(typst.compile(str(tmp_path / "a.typ"))))
    assert plain(reader.pages[0].extract_text()) == f"A {text.replace(chr(92), '')} B"
