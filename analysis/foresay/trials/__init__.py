"""Trials: predictions joined to behaviours, as relational expressions; nothing is computed yet."""

from foresay.trials.behaviours import ITEM, UNIT
from foresay.trials.population import Population, populate, restrict, select, with_mode_share

__all__ = ["ITEM", "UNIT", "Population", "populate", "restrict", "select", "with_mode_share"]
