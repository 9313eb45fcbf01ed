from __future__ import annotations

import pytest

from foresay.publishing.lint import lint
from foresay.publishing.qmd import parse
from publishing.conftest import FIXTURE

CELL = "```{{python}}\n{}\nx\n```\n"


def found(document, text: str, *, house_rules: bool = False, **project: object):
    problems = lint(document(text), project=project, house_rules=house_rules)
    return [(each.rule, each.line) for each in problems]


def test_fixture_with_every_construct_passes():
    problems = lint(
        parse(FIXTURE / "reports" / "index.qmd"),
        project={"number-sections": True},
        variables={"study": {"name": "s"}},
    )
    assert problems == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("<div>raw</div>\n", "raw-html"),
        ("a \\textbf{b} c\n", "raw-latex"),
        ("`<br>`{=html}\n", "raw-block"),
        ("{{< video x >}}\n", "shortcode"),
        ("{{< meta nothing >}}\n", "shortcode"),
        ("{{< var nothing >}}\n", "shortcode"),
        ("::: {.column-margin}\nx\n:::\n", "div"),
        ("::: {.callout-not}\nx\n:::\n", "div"),
        (":::\n", "div"),
        ("::: {.callout-note}\nx\n", "div"),
        ("::: {.panel-tabset}\nx\n:::\n", "tabset"),
        ('::: {.content-visible when-format="pdf"}\nx\n:::\n', "condition"),
        ("::: {.content-visible}\nx\n:::\n", "condition"),
        ("`{python} 1 +`\n", "inline"),
        ("`{python} f(\nx)`\n", "inline"),
        ("See @fig-none.\n", "unresolved-reference"),
        ("See @thm-a.\n", "reference"),
        ("As @nobody2020 says.\n", "citation"),
        ("### deep\n", "heading"),
        ("![](a.png)\n", "fig-alt"),
        ("![a](https://x.org/a.png)\n", "remote-picture"),
        ("```{ojs}\nx\n```\n", "cell-language"),
        (CELL.format("#| fig-capp: a"), "unknown-option"),
        (CELL.format("#| echo: maybe"), "option-value"),
        (CELL.format("#| label: fig-a\n#| fig-alt: b"), "caption"),
        (CELL.format("#| label: fig-a\n#| fig-cap: b"), "fig-alt"),
        (CELL.format("#| label: a\n#| tbl-cap: b"), "label"),
        (CELL.format("#| label: thm-a"), "label"),
        ("```{python}\nx = = 1\n```\n", "syntax"),
        ("---\ntitle: t\ndate: today\n---\n", "date"),
        ("---\ntitle: t\nparams:\n  a: 1\n---\n", "front-matter"),
        ("---\ntitle: t\ntoc: maybe\n---\n", "front-matter"),
        ("---\ntitle: t\nformat: pdf\n---\n", "format"),
        ("---\ntitle: t\nformat:\n  html:\n    theme: x\n---\n", "format"),
        ("---\ntitle: t\nauthor:\n  - nam: x\n---\n", "author"),
        ("---\ntitle: t\nexecute:\n  ech: x\n---\n", "execute"),
        ("---\ntitle: t\nbibliography: none.bib\n---\n", "missing-file"),
        ("---\ntoc: true\n---\n", "front-matter"),
    ],
)
def test_each_rule_finds_its_case(document, text, rule):
    assert rule in [name for name, _ in found(document, text)]


@pytest.mark.parametrize(
    "text",
    [
        "a < b and `<br>` and $a<b>c$ and \\<b> and <https://x.org>\n",
        "an address a@b.org, an escaped \\@name\n",
        "```html\n<div>\n```\n",
        "$$\n\\alpha\n$$\n",
        "| a | b |\n|---|---|\n| c | d |\n",
        "::: {#refs}\n:::\n",
        "# Title\n\n::: {.callout-tip}\n#### Deep title\nx\n:::\n",
    ],
)
def test_what_is_inside_the_subset_passes(document, text):
    assert found(document, text) == []


def test_a_misspelt_option_names_the_nearest_known_one(document):
    (problem,) = lint(document(CELL.format("#| fig-capp: a")))
    assert "did you mean 'fig-cap'?" in problem.message
    assert problem.line == 5


def test_duplicate_labels_name_the_first_place(document):
    cell = CELL.format("#| label: tbl-a\n#| tbl-cap: c")
    (problem,) = lint(document(cell + cell))
    assert problem.rule == "duplicate-label"
    assert "report.qmd:5" in problem.message
    assert problem.line == 10


def test_sections_must_be_numbered_to_be_referred_to(document):
    text = "# A {#sec-a}\n\nSee @sec-a.\n"
    assert found(document, text) == [("reference", 6)]
    assert found(document, text, **{"number-sections": True}) == []


def test_problems_in_an_include_name_its_file(document):
    made = document("{{< include _part.qmd >}}\n", _part="fine\n<b>\n")
    (problem,) = lint(made)
    assert (problem.path.name, problem.line) == ("_part.qmd", 2)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The accuracy was 0.63 in 12 tasks.\n", 2),
        ("It rose by 5%.\n", 1),
        (
            "`0.63`, $n = 3$, [link](http://x.org/2020), R1, @fig-1, [^1], {#id-2}\n\n[^1]: x",
            0,
        ),
        ("1. first\n2. second\n\n# Title {#sec-2}\n", 0),
        ('`{python} value("a1")`\n\n```\n12\n```\n', 0),
    ],
)
def test_literal_numbers_are_refused_in_our_own_reports_only(document, text, count):
    rules = [rule for rule, _ in found(document, text, house_rules=True)]
    assert rules.count("literal-number") == count
    assert "literal-number" not in [rule for rule, _ in found(document, text)]
