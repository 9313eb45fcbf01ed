"""Trials: predictions joined to behaviours, as relational expressions; nothing is computed yet."""

from foresay.trials.behaviours import ITEM, UNIT
from foresay.trials.population import Population, populate, select

__all__ = ["ITEM", "UNIT", "Population", "populate", "select"]
