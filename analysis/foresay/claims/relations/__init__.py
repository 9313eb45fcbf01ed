"""Relations between printed numbers: a little language, and verdicts with their arithmetic."""

from __future__ import annotations

from foresay.claims.relations.assessing import Assessment, assess, assess_claims
from foresay.claims.relations.comparing import MARGIN, Compared
from foresay.claims.relations.language import OPERATORS, parse_relations
from foresay.claims.relations.words import order_words

__all__ = [
    "MARGIN",
    "OPERATORS",
    "Assessment",
    "Compared",
    "assess",
    "assess_claims",
    "order_words",
    "parse_relations",
]
