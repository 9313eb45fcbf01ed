"""An audit as one page without scripts, links elsewhere or outside parts; all text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from foresay.claims.audit import SUMMARY, Audit
from foresay.claims.audit_words import (
    ABOUT,
    HEADS,
    columns_taken,
    headline,
    how_read,
    left_out,
    not_read,
    verdicts,
)
from foresay.claims.consistency import Finding
from foresay.claims.relations import Assessment
from foresay.claims.reported import Reported
from foresay.claims.wording import as_printed
from foresay.display import MISSING, count, escape_html, plural

_MOST_PASSED = 200
"""Checks of a rule that passed and are spelt out; the rest are counted."""

STYLE = """
:root { color-scheme: light dark; --page: #fff; --ink: #1a1a1a; --line: #8886; --link: #0b4f8a;
  --differs: #9a3412; --open: #6b5200; --passed: #1b5e35; }
@media (prefers-color-scheme: dark) { :root { --page: #15181c; --ink: #e8e8e8; --link: #9ec5f5;
  --differs: #ffb38a; --open: #f0d080; --passed: #8fd6a8; } }
body { background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
  max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
a { color: var(--link); }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.2rem; } h3 { font-size: 1rem; }
h1, h2, h3, p, li, dd { overflow-wrap: anywhere; }
article { border-left: .25rem solid var(--line); padding: .1rem 0 .1rem 1rem; margin: 1rem 0; }
article.differs, article.contradicted { border-color: var(--differs); }
article.unresolved { border-color: var(--open); } article.supported { border-color: var(--passed); }
article h3, article p { margin: .2rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92rem; }
caption { text-align: left; padding: .2rem 0; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0;
  border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--line); }
tbody th { font-weight: normal; min-width: 9rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { overflow-wrap: anywhere; unicode-bidi: isolate; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .3rem 0; }
dt { font-weight: 600; } dd { margin: 0; }
summary { cursor: pointer; }
thead .number { white-space: normal; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html_page(found: Audit, title: str, *, note: str = "") -> str:
    """Return an audit as a page: what was checked, what differs, passed and was not possible.

    Parameters
    ----------
    found : Audit
        What the rules say.
    title : str
        Its heading, plain text.
    note : str
        A sentence on where the numbers are from, plain text.
    """
    owners = {row: one for one in found.reported for row in (one.rows or (one.id,))}
    body = [
        f"<h1>{escape_html(title)}</h1>",
        f"<p>{escape_html(note)}</p>" if note else "",
        f"<p><strong>{escape_html(headline(found))}.</strong></p>",
        f"<p>Columns: {escape_html(how_read(found))}.</p>",
        *(f"<p>{escape_html(said)}</p>" for said in not_read(found)),
        f"<p>{escape_html(ABOUT)}</p>",
        "<h2>What was checked</h2>",
        _rules(found),
        "<h2>What differs</h2>",
        *_differing(found, owners),
        *_claims(found.assessments),
        "<h2>What passed</h2>",
        *_passed(found),
        "<h2>What could not be checked</h2>",
        _not_possible(found),
        "<h2>How the table was read</h2>",
        _columns(found),
    ]
    return page_of(title, "\n".join(part for part in body if part))


def page_of(title: str, body: str) -> str:
    """Return a whole page that lets a browser fetch and run nothing."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape_html(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def table_of(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of finished HTML cells; the first column names the row, numbers follow.

    A head that begins with ``#`` is that of a column of numbers.
    """
    kinds = [head.startswith("#") for head in heads]
    marks = [' class="number"' if number else "" for number in kinds]
    top = "".join(
        f'<th scope="col"{mark}>{escape_html(head.removeprefix("#"))}</th>'
        for head, mark in zip(heads, marks, strict=True)
    )
    lines = [
        f'<tr><th scope="row">{first}</th>'
        + "".join(f"<td{mark}>{cell}</td>" for cell, mark in zip(rest, marks[1:], strict=True))
        + "</tr>"
        for first, *rest in rows
    ]
    # what scrolls can be reached with the keyboard, and has a name
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape_html(caption)}">\n'
        f"<table><caption>{escape_html(caption)}</caption>\n<thead><tr>{top}</tr></thead>\n"
        "<tbody>\n" + "\n".join(lines) + "\n</tbody></table>\n</div>"
    )


def _rules(found: Audit) -> str:
    rows = []
    for record in found.summary().to_dict("records"):
        name = escape_html(record["rule"])
        if record["differs"]:
            name = f'<a href="#{_anchor(str(record["rule"]))}">{name}</a>'
        rows.append([name, *(count(int(record[c])) for c in SUMMARY[1:])])
    heads = [HEADS[0], *(f"#{head}" for head in HEADS[1:])]
    return table_of("Checks of each rule", heads, rows)


def _anchor(rule: str) -> str:
    return "rule-" + re.sub(r"[^a-z0-9]+", "-", rule.lower()).strip("-")


def _differing(found: Audit, owners: dict[str, Reported]) -> Iterable[str]:
    if not found.differing:
        yield "<p>No two numbers that were checked differ.</p>"
    rules: dict[str, list[Finding]] = {}
    for one in found.differing:
        rules.setdefault(one.rule, []).append(one)
    for rule, members in rules.items():
        yield f'<section id="{_anchor(rule)}">\n<h3>{escape_html(rule.capitalize())}</h3>'
        for one in members:
            printed = dict.fromkeys(owners[row].id for row in one.rows if row in owners)
            facts = [_described(owners[row]) for row in printed]
            yield "\n".join(
                [
                    '<article class="differs">',
                    f"<p>{_codes(one.rows)}</p>",
                    *(f"<p>{fact}</p>" for fact in facts if fact),
                    f"<p>{escape_html(one.arithmetic)}</p>",
                    *([f"<p>{escape_html(one.reason)}</p>"] if one.reason else []),
                    "</article>",
                ]
            )
        yield "</section>"


def _described(one: Reported) -> str:
    """Say what an estimate is of, and what is printed for it."""
    of = [one.estimand, *(f"{name} {cell}" for name, cell in one.labels if cell), one.place]
    said = [as_printed(one.value)]
    if one.low is not None and one.high is not None:
        said.append(f"[{as_printed(one.low)}, {as_printed(one.high)}]")
    if one.n is not None:
        said.append(f"n = {count(one.n)}")
    about = ", ".join(part for part in of if part)
    return escape_html(f"{about}: {' '.join(said)}" if about else " ".join(said))


def _codes(rows: Sequence[str]) -> str:
    return ", ".join(f"<code>{escape_html(row)}</code>" for row in rows) or MISSING


def _claims(assessments: Sequence[Assessment]) -> Iterable[str]:
    if not assessments:
        return
    yield "<h2>Claims</h2>"
    said = plural(len(assessments), "claim")
    yield f"<p>{escape_html(said)}: {escape_html(verdicts(assessments))}.</p>"
    for one in assessments:
        parts = "".join(
            f"<li>{escape_html(part.verdict)}: {escape_html(part.arithmetic)}"
            + (f" ({escape_html(part.basis)})" if part.basis else "")
            + "</li>"
            for part in one.parts
        )
        yield (
            f'<article class="{one.verdict.split()[0]}">\n'
            f"<h3>{escape_html(one.id)}: {escape_html(one.verdict)}</h3>\n"
            f"<p><code>{escape_html(one.relation)}</code></p>\n"
            f"<p>{escape_html(one.reason)}</p>\n<ul>{parts}</ul>\n</article>"
        )


def _passed(found: Audit) -> Iterable[str]:
    by_rule: dict[str, list[Finding]] = {}
    for one in found.findings:
        if one.verdict == "passed":
            by_rule.setdefault(one.rule, []).append(one)
    if not by_rule:
        yield "<p>No check passed.</p>"
    for rule, members in by_rule.items():
        shown = [[_codes(f.rows), escape_html(f.arithmetic)] for f in members[:_MOST_PASSED]]
        more = len(members) - len(shown)
        yield (
            f"<details><summary>{escape_html(rule)}: {count(len(members))}</summary>\n"
            f"{table_of(f'Passed: {rule}', ['Rows', 'Arithmetic'], shown)}\n"
            + (f"<p>and {count(more)} more, which the JSON of the audit holds</p>" * bool(more))
            + "</details>"
        )


def _not_possible(found: Audit) -> str:
    rows = [
        [escape_html(rule), escape_html(reason) or MISSING, count(times)]
        for rule, reason, times in left_out(found)
    ]
    if not rows:
        return "<p>Every check was possible.</p>"
    return table_of("Checks that were not possible", ["Rule", "Reason", "#Times"], rows)


def _columns(found: Audit) -> str:
    rows = [[escape_html(what), _codes([columns])] for what, columns in columns_taken(found)]
    return table_of("What the columns were taken for", ["What", "Columns"], rows)
