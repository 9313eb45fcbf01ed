"""Rules that printed numbers have to keep, each a pure function with its tolerance argued.

A finding names the rule, the numbers and the arithmetic; it says what differs and never why.
"""

from __future__ import annotations

from foresay.claims.consistency.domain import in_domain
from foresay.claims.consistency.duplicates import duplicate_rows
from foresay.claims.consistency.equality import same_value
from foresay.claims.consistency.error_inversion import error_inversion, implied_proportions
from foresay.claims.consistency.error_width import error_width
from foresay.claims.consistency.finding import OUTCOMES, Finding, Outcome
from foresay.claims.consistency.inside_interval import inside_interval
from foresay.claims.consistency.midpoint import Method, near_the_middle
from foresay.claims.consistency.one_value import one_value
from foresay.claims.consistency.registry import known_labels, promised_arms
from foresay.claims.consistency.repeated_panels import Panel, repeated_panels
from foresay.claims.consistency.same_n import same_n
from foresay.claims.consistency.sums import complements, difference
from foresay.claims.consistency.whole_count import whole_count

__all__ = [
    "OUTCOMES",
    "Finding",
    "Method",
    "Outcome",
    "Panel",
    "complements",
    "difference",
    "duplicate_rows",
    "error_inversion",
    "error_width",
    "implied_proportions",
    "in_domain",
    "inside_interval",
    "known_labels",
    "near_the_middle",
    "one_value",
    "promised_arms",
    "repeated_panels",
    "same_n",
    "same_value",
    "whole_count",
]
