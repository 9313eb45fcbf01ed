"""Claims: printed numbers read, held against each other, and given verdicts.

Data flows: spans -> printed -> numbers -> statements -> reported estimates -> consistency rules and
relations -> audit. With a study's data: claim -> ledger -> asking -> kinds -> recompute.
"""

from __future__ import annotations

from foresay.claims.audit import Audit, audit
from foresay.claims.claim import Claim
from foresay.claims.columns import Layout, recognise
from foresay.claims.consistency import Finding
from foresay.claims.ledger import Ledger, ledger_schema, read_ledger
from foresay.claims.numbers import find_numbers, parse_number
from foresay.claims.premises import Premises
from foresay.claims.printed import ROUNDINGS, Printed, Rounding
from foresay.claims.reading import read_rows, reported
from foresay.claims.recompute import Checked, check
from foresay.claims.relations import Assessment, assess, assess_claims, order_words, parse_relations
from foresay.claims.reported import Reported
from foresay.claims.spans import Span
from foresay.claims.statements import Statement, find_statements
from foresay.claims.verdicts import Verdict, worst

__all__ = [
    "ROUNDINGS",
    "Assessment",
    "Audit",
    "Checked",
    "Claim",
    "Finding",
    "Layout",
    "Ledger",
    "Premises",
    "Printed",
    "Reported",
    "Rounding",
    "Span",
    "Statement",
    "Verdict",
    "assess",
    "assess_claims",
    "audit",
    "check",
    "find_numbers",
    "find_statements",
    "ledger_schema",
    "order_words",
    "parse_number",
    "parse_relations",
    "read_ledger",
    "read_rows",
    "recognise",
    "reported",
    "worst",
]
