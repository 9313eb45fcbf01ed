"""Estimation: a population, measures and groups -> one tidy table of estimates."""

from foresay.estimation.relations import Request, relation
from foresay.estimation.table import COLUMNS, estimates

__all__ = ["COLUMNS", "Request", "estimates", "relation"]
