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
        ("---\ntitle: t\nfilters: [x]\n---\n", "front-matter"),
        ("---\ntitle: t\nproject:\n  type: manuscript\n---\n", "front-matter"),
        ("---\ntitle: t\ncode-fold: maybe\n---\n", "front-matter"),
        ("---\ntitle: t\nlang: 3\n---\n", "front-matter"),
        ("---\ntitle: t\ntoc-depth: 9\n---\n", "front-matter"),
        ("---\ntitle: t\nexecute:\n  echo: maybe\n---\n", "execute"),
        ("---\ntitle: t\nformat: revealjs\n---\n", "format"),
        ("---\ntitle: t\ndate: last-modified\n---\n", "date"),
        ("---\ntitle: [\n---\n", "yaml"),
        ("---\ntitle: t\n", "front-matter"),
        ("{{< embed a.ipynb#fig-x >}}\n", "shortcode"),
        ("{{< include none.qmd >}}\n", "include"),
        ("text {{< include a.qmd >}}\n", "include"),
        ("```{mermaid}\nx\n```\n", "cell-language"),
        ("```{r}\n1\n```\n", "cell-language"),
        ("```{python, echo=FALSE}\nx\n```\n", "cell-options"),
        ("```python\nnever closed\n", "fence"),
        ("```{=latex}\nx\n```\n", "raw-block"),
        ("`{r} 1`\n", "inline"),
        ("::: {#thm-line}\n## T\nx\n:::\n", "div"),
        ("::: {.theorem}\nx\n:::\n", "div"),
        ("[x]{.aside}\n", "div"),
        ("[x]{.column-margin}\n", "div"),
        ('[x]{.content-visible when-fromat="html"}\n', "condition"),
        ("[x]{.content-hidden}\n", "condition"),
        ("A note.[^1]\n", "footnote"),
        (CELL.format("#| label: fig-a b\n#| fig-cap: c\n#| fig-alt: d"), "label"),
        (CELL.format("#| fig-subcap: a"), "option-value"),
        (CELL.format("#| layout-ncol: two"), "option-value"),
        (CELL.format("#| eval: 'no'"), "option-value"),
        (CELL.format("#| fig-cap: [a"), "yaml"),
        (CELL.format("#| label: fig-a\n#| fig-cap: See @fig-b\n#| fig-alt: c"),
         "unresolved-reference"),
        ("![a](none.png){#fig-b}\n", "missing-file"),
    ],
)  # fmt: skip
def test_each_rule_finds_its_case(document, text, rule):
    assert rule in [name for name, _ in found(document, text)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("fine\n\na <b>\n", ("raw-html", 3)),
        ("fine\n\n::: {.callout-note}\n## T\n\n@fig-none\n:::\n", ("unresolved-reference", 6)),
        ("fine\n\n```{python}\n#| label: a\n#| fig-capp: b\nx\n```\n", ("unknown-option", 5)),
        ("```{python}\nx\n\ny = = 1\n```\n", ("syntax", 4)),
        ("$$\nx\n$$\n\n@eq-none\n", ("unresolved-reference", 5)),
        ("a\n<!-- two\nlines -->\n\\newpage\n", ("raw-latex", 4)),
        ("::: {.callout-note}\nx\n\n", ("div", 1)),
        ("a\n\nb[^9]\n", ("footnote", 3)),
        ("a\n\n`{python} 1 +`\n", ("inline", 3)),
    ],
)
def test_a_problem_is_named_by_file_and_line_also_in_an_include(document, text, place):
    rule, line = place
    (own,) = lint(document(text))
    assert (own.path.name, own.line, own.rule) == ("report.qmd", line + 3, rule)
    (inner,) = lint(document("# A\n\n{{< include _part.qmd >}}\n", _part=text))
    assert (inner.path.name, inner.line, inner.rule) == ("_part.qmd", line, rule)
    assert inner.text(inner.path.parent).startswith(f"_part.qmd:{line}: ")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (CELL.format("#| ecoh: false"), "'echo'"),
        (CELL.format("#| labell: a"), "'label'"),
        ("---\ntitle: t\nbibliografy: x\n---\n", "'bibliography'"),
        ("---\ntitle: t\nformat: htlm\n---\n", "'html'"),
        ("---\ntitle: t\nexecute:\n  warnin: true\n---\n", "'warning'"),
        ("::: {.callout-nte}\nx\n:::\n", "'callout-note'"),
        ("{{< inclde x >}}\n", "'include'"),
        ("# A {#sec-aa}\n\n@sec-a\n", "'sec-aa'"),
        ("a[^not]\n\n[^note]: x\n", "'note'"),
        ('::: {.content-visible when-formt="html"}\nx\n:::\n', "'when-format'"),
    ],
)
def test_the_nearest_name_is_proposed(document, text, hint):
    problems = lint(document(text), project={"number-sections": True})
    assert any(f"did you mean {hint}" in problem.message for problem in problems)


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
        "A note,[^a] and `[^b]` in code.\n\n[^a]: written\n",
        '[x]{.content-visible when-format="html"} and [y]{.smallcaps}\n',
        "An inline note^[here].\n\n- [ ] task\n\nTerm\n:   Meaning\n",
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
