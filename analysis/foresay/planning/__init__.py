"""Planning: how many prompts a difference needs, how many repeats a ceiling needs."""

from foresay.planning.power import minimum_detectable_effect, power, tilted
from foresay.planning.repeats import ceiling_precision

__all__ = ["ceiling_precision", "minimum_detectable_effect", "power", "tilted"]
