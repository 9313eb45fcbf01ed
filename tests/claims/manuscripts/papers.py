"""One paper in four formats, with the ledger of its claims and what the data say of them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pypandoc

from foresay.claims.judged import Judged
from foresay.claims.ledger import Ledger

FORMATS = ("md", "qmd", "tex", "docx")

_DIFFERENCE = {"kind": "difference", "of": "accuracy", "arms": ["a", "b"]}
LEDGER = Ledger.model_validate(
    {
        "claims": {
            "self-accuracy": {
                "sentence": "The trained model predicts its own replies with accuracy",
                "kind": "value",
                "of": "accuracy",
                "value": "49.4 %",
                "interval": ["48.5 %", "50.3 %"],
                "n": "12,480",
            },
            "cross-accuracy": {
                "sentence": "Another model that was trained on these replies reaches",
                "kind": "value",
                "of": "accuracy",
                "value": "31.8 %",
            },
            "advantage": {
                "sentence": "Self-prediction is higher than cross-prediction by",
                **_DIFFERENCE,
                "value": "17.6 points",
            },
            "two-tasks": {
                "sentence": "On the two hard tasks neither predictor is shown to be ahead",
                "kind": "ordering",
                "of": "accuracy",
                "arms": ["c", "d"],
            },
            "same-stages": {
                "sentence": "The last two stages are comparable",
                "kind": "equivalence",
                "of": "accuracy",
                "arms": ["e", "f"],
                "margin": 0.05,
            },
            "test": {
                "sentence": "The permutation test of the advantage rejects",
                "kind": "significance",
                "of": "advantage",
                "value": "< .001",
            },
        }
    }
)
JUDGED = {
    "self-accuracy": Judged(verdict="supported", value=0.49387, low=0.4851, high=0.5026, n=12480),
    "cross-accuracy": Judged(verdict="supported", value=0.3181, low=0.31, high=0.326, n=12480),
    "advantage": Judged(verdict="supported", value=0.17577, low=0.165, high=0.186, n=12480),
    "two-tasks": Judged(verdict="unresolved"),
    "same-stages": Judged(verdict="supported"),
    "test": Judged(verdict="supported", value=0.0004),
}

TITLE = "Predictions of 3 models"
ABSTRACT = (
    "In 2024 we asked models what they would say. A trained model predicts its own replies with "
    "an accuracy of <<self-accuracy|49.4 %>> (n = 12,480)."
)
PARAGRAPHS = (
    """Following Binder et al. (2024), we trained models with code version 2.1.3, see Table 1 and
    doi:10.1234/abc.567.""",
    """The accuracy was <<self-accuracy|49.4 % [48.5, 50.3]>> with n = 12,480 items, and another
    model reached <<cross-accuracy|31.8 %>>. Self-prediction is higher by
    <<advantage|17.6 points>>, <<test|p < .001>>.""",
    """<<two-tasks|On the two hard tasks it is not significantly different>>.
    <<same-stages|The last two stages are comparable>>.""",
)
NOTE = "The other model was trained on the same replies."
CAPTION = "Accuracy of predictions."
HEAD = ("Predictor", "Accuracy (%)", "n")
ROWS = (
    ("self", "<<self-accuracy|49.4>>", "12,480"),
    ("cross", "<<cross-accuracy|31.8>>", "12,480"),
)
_MARK = re.compile(r"<<([^|>]*)\|([^>]*)>>")
_COMMENT = (
    '[claim: {0}]{{.comment-start id="{2}" author="a" date="2024-01-01T00:00:00Z"}}'
    '{1}[]{{.comment-end id="{2}"}}'
)


def paper(folder: Path, form: str, *changes: tuple[str, str]) -> Path:
    """Write the paper in a format, with texts replaced, each of which has to be there once."""
    texts = [
        TITLE,
        ABSTRACT,
        *(" ".join(p.split()) for p in PARAGRAPHS),
        NOTE,
        CAPTION,
        *("&".join(row) for row in ROWS),
    ]
    whole = "\n".join(texts)
    for old, new in changes:
        assert whole.count(old) == 1, (old, whole.count(old))
        whole = whole.replace(old, new)
    title, abstract, one, two, three, note, caption, *rows = whole.split("\n")
    cells = [tuple(row.split("&")) for row in rows]
    write = _tex if form == "tex" else _markdown
    text = write(form, title, abstract, (one, two, three), note, caption, cells)
    path = folder / f"paper.{form}"
    if form == "docx":
        command = [pypandoc.get_pandoc_path(), "--from=markdown", "--output", str(path)]
        subprocess.run(command, input=text.encode(), check=True)
    else:
        path.write_text(text, encoding="utf-8")
    return path


def _markdown(form, title, abstract, paragraphs, note, caption, rows) -> str:
    marked = _marker(form)
    first, *rest = paragraphs
    table = "\n".join(f"| {' | '.join(row)} |" for row in (HEAD, ("---",) * len(HEAD), *rows))
    body = [f"# Results\n\n{first}[^1]", *rest, f"{table}\n\n: {caption}", f"[^1]: {note}"]
    head = f"---\ntitle: {title}\nabstract: |\n  {abstract}\n---\n"
    if form == "md":
        head = f"---\ntitle: {title}\n---\n\n# Abstract\n\n{abstract}\n"
    if form == "qmd":
        body.append("```{python}\nn = 999\n```")
    body.append("# References\n\nBinder et al. 2024. Journal 7(3), 11--29.")
    return marked("\n".join([head, "\n\n".join(body), ""]))


def _marker(form: str):
    if form == "md":
        return lambda text: _MARK.sub(r"[\2]{claim=\1}", text)
    if form == "qmd":
        return lambda text: _MARK.sub(r"\2<!-- claim: \1 -->", text)
    seen = iter(range(100))
    return lambda text: _MARK.sub(lambda m: _COMMENT.format(m[1], m[2], next(seen)), text)


def _tex(form, title, abstract, paragraphs, note, caption, rows) -> str:
    first, *rest = paragraphs
    lines = [
        r"\documentclass{article}",
        r"\newcommand{\claim}[2]{\textbf{#2}}",
        rf"\title{{{title}}}",
        r"\begin{document}",
        r"\maketitle",
        rf"\begin{{abstract}}{abstract}\end{{abstract}}",
        r"\section{Results}",
        rf"{first}\footnote{{{note}}}",
        "",
        "\n\n".join(rest),
        "",
        rf"\begin{{table}}\caption{{{caption}}}",
        r"\begin{tabular}{lrr}",
        " & ".join(HEAD) + r" \\ \hline",
        *(" & ".join(row) + r" \\" for row in rows),
        r"\end{tabular}\end{table}",
        r"\begin{thebibliography}{9}\bibitem{b} Binder et al. 2024.\end{thebibliography}",
        r"\end{document}",
        "",
    ]
    text = "\n".join(lines).replace(" %", r"\,\%").replace("(%)", r"(\%)")
    text = text.replace("n = 12,480", r"$n = 12{,}480$").replace("p < .001", "$p < .001$")
    return _MARK.sub(r"\\claim{\1}{\2}", text)
