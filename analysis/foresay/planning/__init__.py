"""Planning: how many prompts a difference needs, how many repeats a ceiling needs."""

from foresay.planning.detectable import minimum_detectable_effect
from foresay.planning.power import power
from foresay.planning.repeats import ceiling_precision
from foresay.planning.tilting import tilted

__all__ = ["ceiling_precision", "minimum_detectable_effect", "power", "tilted"]
