"""Manuscripts in Markdown, Quarto, LaTeX and Word, held against the ledger of their study.

Data flows: a file -> Pandoc's tree (converting) -> passages (reading, inlines, cells) -> numbers
with their sentences (mentions, passed_over, lines) -> links to claims (links, choosing,
vocabulary) -> findings (values, meaning, widths, beside, drift, claim_words) -> a check (checking,
result, showing).
"""

from __future__ import annotations

from foresay.claims.manuscripts.checking import check_manuscript
from foresay.claims.manuscripts.claim_words import claim_words, too_much_said
from foresay.claims.manuscripts.finding import RULES, Finding
from foresay.claims.manuscripts.reading import read_manuscript
from foresay.claims.manuscripts.result import ManuscriptCheck

__all__ = [
    "RULES",
    "Finding",
    "ManuscriptCheck",
    "check_manuscript",
    "claim_words",
    "read_manuscript",
    "too_much_said",
]
