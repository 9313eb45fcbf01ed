"""Definitions of estimands as a list of terms, in Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foresay.display import escape_markdown, label_of


def definition_list(estimands: Sequence[Mapping[str, str]]) -> str:
    """Return each estimand with what it is in words, its formula, and where it comes from.

    Parameters
    ----------
    estimands : sequence of mapping
        ``estimand``, ``definition``, ``formula`` in TeX, and ``source``, each text.

    Examples
    --------
    >>> accuracy = {"estimand": "accuracy", "definition": "How often.", "formula": "x"}
    >>> print(definition_list([accuracy]))
    Accuracy
    <BLANKLINE>
    :   How often.
    <BLANKLINE>
        $x$
    <BLANKLINE>
    """
    return "\n".join(_definition(each) for each in estimands)


def _definition(each: Mapping[str, str]) -> str:
    parts = [escape_markdown(each["definition"])]
    if each.get("formula"):
        parts.append(f"${each['formula']}$")
    if each.get("source"):
        parts.append(f"Source: {escape_markdown(each['source'])}.")
    # the empty line before the colon makes paragraphs of the parts
    return f"{escape_markdown(label_of(each['estimand']))}\n\n:   " + "\n\n    ".join(parts) + "\n"
