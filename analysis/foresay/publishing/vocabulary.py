"""The subset of Quarto that both engines render alike: the names that a report may use."""

from __future__ import annotations

FRONT_MATTER = frozenset(
    {
        "title", "subtitle", "author", "date", "date-format", "abstract", "keywords",
        "bibliography", "csl", "citeproc", "link-citations", "toc", "toc-depth",
        "number-sections", "lang", "format", "execute", "jupyter", "code-fold", "code-summary",
    }
)  # fmt: skip
FORMATS = frozenset({"html", "typst", "docx"})
FORMAT_OPTIONS = frozenset(
    {
        "toc", "toc-depth", "number-sections", "code-fold", "code-summary", "embed-resources",
        "html-math-method", "papersize", "citeproc", "reference-doc",
    }
)  # fmt: skip
EXECUTE = frozenset({"echo", "eval", "include", "output", "warning", "error"})
CELL_OPTIONS = EXECUTE | {
    "label", "fig-cap", "fig-alt", "fig-subcap", "layout-ncol", "tbl-cap", "code-fold",
    "code-summary", "tags",
}  # fmt: skip
AUTHOR = frozenset({"name", "affiliation", "orcid"})
CALLOUTS = frozenset(
    {"callout-note", "callout-tip", "callout-warning", "callout-caution", "callout-important"}
)
CONDITIONS = frozenset({"when-format", "unless-format", "when-meta", "unless-meta"})
DIV_CLASSES = CALLOUTS | {"content-visible", "content-hidden", "panel-tabset"}
REFERENCES = frozenset({"fig", "tbl", "sec", "eq"})
OTHER_REFERENCES = frozenset({"lst", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "alg"})
SHORTCODES = frozenset({"include", "meta", "var"})
ALLOWED_VALUES: dict[str, tuple[object, ...]] = {
    "echo": (True, False, "fenced"),
    "eval": (True, False),
    "include": (True, False),
    "output": (True, False, "asis"),
    "warning": (True, False),
    "error": (True, False),
    "code-fold": (True, False, "show"),
}
